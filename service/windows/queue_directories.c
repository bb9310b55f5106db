#include "queue_directories.h"

#include "../core/text.h"
#include "metabase_file.h"

#define EXCHANGE_KEY L"SOFTWARE\\Microsoft\\Exchange\\Setup"

enum { VIRTUAL_SERVERS = 16 };

struct queue_directories_calls queue_directories_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegCloseKey = RegCloseKey,
    .CreateFileW = CreateFileW,
    .ReadFile = ReadFile,
    .CloseHandle = CloseHandle,
    .GetFileAttributesW = GetFileAttributesW,
    .ExpandEnvironmentStringsW = ExpandEnvironmentStringsW,
    .GetComputerNameExW = GetComputerNameExW,
};

/* ---- what is taken -------------------------------------------------------------------------- */

static struct text without_separator(struct text path)
{
    while (path.count > 3 && path.at[path.count - 1] == L'\\')
        path.count--;
    return path;
}

static void add_folder(struct queue_directories *found, struct text path)
{
    path = without_separator(path);
    if (found->count == QUEUE_DIRECTORIES_MAX || path.count == 0 ||
        path.count >= QUEUE_DIRECTORY_PATH_MAX)
        return;
    for (unsigned i = 0; i < found->count; i++) {
        if (text_equal_fold(text_of(found->paths[i]), path))
            return;
    }
    wchar_t *to = found->paths[found->count];
    text_copy(to, QUEUE_DIRECTORY_PATH_MAX, path);
    DWORD attributes = queue_directories_calls.GetFileAttributesW(to);
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        found->count++;
}

static void add_name(struct queue_directories *found, struct text name)
{
    if (name.count == 0 || name.count >= QUEUE_DIRECTORY_NAME_MAX ||
        found->name_count == QUEUE_DIRECTORY_NAMES_MAX)
        return;
    for (unsigned i = 0; i < found->name_count; i++) {
        if (text_equal_fold(text_of(found->names[i]), name))
            return;
    }
    text_copy(found->names[found->name_count++], QUEUE_DIRECTORY_NAME_MAX, name);
}

/* root\Mailroot\vsi N\Queue for every N that there may be. */
static void add_virtual_servers(struct queue_directories *found, struct text root)
{
    wchar_t path[QUEUE_DIRECTORY_PATH_MAX];
    root = without_separator(root);
    for (unsigned n = 1; n <= VIRTUAL_SERVERS; n++) {
        const wchar_t digits[] = {(wchar_t)(L'0' + n / 10), (wchar_t)(L'0' + n % 10)};
        const struct text parts[] = {root,
                                     TEXT_OF(u"\\Mailroot\\vsi "),
                                     {digits + (n < 10), n < 10 ? 1 : 2},
                                     TEXT_OF(u"\\Queue")};
        size_t used = 0;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            if (used + parts[i].count + 1 >= QUEUE_DIRECTORY_PATH_MAX)
                return;
            used += text_copy(path + used, QUEUE_DIRECTORY_PATH_MAX - used, parts[i]);
        }
        add_folder(found, (struct text){path, used});
    }
}

/* ---- where it is looked for ----------------------------------------------------------------- */

static bool expand(const wchar_t *from, wchar_t to[QUEUE_DIRECTORY_PATH_MAX])
{
    DWORD units =
        queue_directories_calls.ExpandEnvironmentStringsW(from, to, QUEUE_DIRECTORY_PATH_MAX);
    return units > 0 && units <= QUEUE_DIRECTORY_PATH_MAX;
}

static void take_setting(void *context, enum metabase_setting setting, const char *value)
{
    wchar_t wide[METABASE_VALUE_MAX];
    size_t count;
    if (!text_from_utf8(wide, METABASE_VALUE_MAX, value, &count))
        return;
    if (setting == METABASE_QUEUE_DIRECTORY)
        add_folder(context, (struct text){wide, count});
    else if (setting != METABASE_LOGON_DOMAIN)
        add_name(context, (struct text){wide, count});
}

static void ask_exchange(struct queue_directories *found)
{
    wchar_t path[QUEUE_DIRECTORY_PATH_MAX];
    DWORD type, size = sizeof path;
    HKEY key;
    if (queue_directories_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, EXCHANGE_KEY, 0, KEY_QUERY_VALUE,
                                              &key) != ERROR_SUCCESS)
        return;
    if (queue_directories_calls.RegQueryValueExW(key, L"Services", NULL, &type, (BYTE *)path,
                                                 &size) == ERROR_SUCCESS &&
        type == REG_SZ) {
        struct text root = {path, size / sizeof(wchar_t)};
        while (root.count > 0 && path[root.count - 1] == 0)
            root.count--;
        if (text_find(root, 0) == SIZE_MAX)
            add_virtual_servers(found, root);
    }
    queue_directories_calls.RegCloseKey(key);
}

static void ask_windows(struct queue_directories *found)
{
    static const COMPUTER_NAME_FORMAT formats[] = {ComputerNameDnsFullyQualified,
                                                   ComputerNameDnsDomain};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        wchar_t name[QUEUE_DIRECTORY_NAME_MAX];
        DWORD units = QUEUE_DIRECTORY_NAME_MAX;
        if (queue_directories_calls.GetComputerNameExW(formats[i], name, &units))
            add_name(found, (struct text){name, units});
    }
}

void queue_directories_find(struct queue_directories *found)
{
    wchar_t path[QUEUE_DIRECTORY_PATH_MAX];
    found->count = found->name_count = 0;
    metabase_file_read(take_setting, found);
    ask_exchange(found);
    if (expand(L"%ProgramFiles%\\Exchsrvr", path))
        add_virtual_servers(found, text_of(path));
    if (expand(L"%SystemDrive%\\Inetpub\\Mailroot\\Queue", path))
        add_folder(found, text_of(path));
    ask_windows(found);
}
