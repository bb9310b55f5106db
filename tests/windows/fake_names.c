/* fake_names.c: which names lead to which files, now and on the disk; see fake_disk.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"

enum { NAMES_MAX = 256, PENDING_MAX = 256 };

struct name {
    wchar_t path[FAKE_PATH_MAX];
    struct fake_file *file;
};

struct names {
    struct name all[NAMES_MAX];
    size_t count;
};

/* from goes, to comes; either may be "". */
struct renaming {
    wchar_t from[FAKE_PATH_MAX], to[FAKE_PATH_MAX];
    struct fake_file *file;
};

static struct names now, on_disk;
static struct renaming pending[PENDING_MAX];
static size_t pending_count;

static struct name *find_name(struct names *names, const wchar_t *path)
{
    for (size_t i = 0; i < names->count; i++)
        if (_wcsicmp(names->all[i].path, path) == 0)
            return &names->all[i];
    return NULL;
}

static void drop_name(struct names *names, const wchar_t *path)
{
    struct name *name = find_name(names, path);
    if (name)
        *name = names->all[--names->count];
}

static void rename_in(struct names *names, const struct renaming *renaming)
{
    drop_name(names, renaming->from);
    drop_name(names, renaming->to);
    if (renaming->to[0] == 0)
        return;
    assert_true(names->count < NAMES_MAX);
    struct name *name = &names->all[names->count++];
    wcscpy(name->path, renaming->to);
    name->file = renaming->file;
}

static void settle(size_t count)
{
    for (size_t i = 0; i < count; i++)
        rename_in(&on_disk, &pending[i]);
    pending_count -= count;
    memmove(pending, pending + count, pending_count * sizeof *pending);
}

void fake_names_settle(void)
{
    settle(pending_count);
}

static void change_name(const wchar_t *from, const wchar_t *to, struct fake_file *file)
{
    assert_true(pending_count < PENDING_MAX && wcslen(to) < FAKE_PATH_MAX);
    struct renaming *renaming = &pending[pending_count++];
    wcscpy(renaming->from, from);
    wcscpy(renaming->to, to);
    renaming->file = file;
    rename_in(&now, renaming);
}

const wchar_t *fake_names_of(const struct fake_file *file)
{
    for (size_t i = 0; i < now.count; i++)
        if (now.all[i].file == file)
            return now.all[i].path;
    return NULL;
}

struct fake_file *fake_names_find(const wchar_t *path)
{
    struct name *name = find_name(&now, path);
    return name ? name->file : NULL;
}

bool fake_names_have_folder_of(const wchar_t *path)
{
    wchar_t folder[FAKE_PATH_MAX];
    const wchar_t *end = wcsrchr(path, L'\\');
    assert_true(end && end - path < FAKE_PATH_MAX);
    wmemcpy(folder, path, (size_t)(end - path));
    folder[end - path] = 0;
    const struct fake_file *found = fake_names_find(folder);
    return found && found->folder;
}

static bool is_below(const wchar_t *path, const wchar_t *folder)
{
    size_t count = wcslen(folder);
    return _wcsnicmp(path, folder, count) == 0 && path[count] == L'\\';
}

bool fake_names_none_below(const wchar_t *folder)
{
    for (size_t i = 0; i < now.count; i++)
        if (is_below(now.all[i].path, folder))
            return false;
    return true;
}

const struct fake_file *fake_names_in(const wchar_t *folder, size_t index,
                                      wchar_t name[FAKE_PATH_MAX])
{
    for (size_t i = 0; i < now.count; i++) {
        const wchar_t *path = now.all[i].path;
        if (is_below(path, folder) && !wcschr(path + wcslen(folder) + 1, L'\\') && index-- == 0) {
            wcscpy(name, path + wcslen(folder) + 1);
            return now.all[i].file;
        }
    }
    return NULL;
}

DWORD fake_names_count(const struct fake_file *file)
{
    DWORD links = 0;
    for (size_t i = 0; i < now.count; i++)
        links += now.all[i].file == file;
    return links;
}

void fake_names_add(const wchar_t *path, struct fake_file *file)
{
    change_name(L"", path, file);
}

void fake_names_drop(const wchar_t *path)
{
    change_name(path, L"", fake_names_find(path));
}

void fake_names_drop_file(struct fake_file *file)
{
    for (size_t i = now.count; i-- > 0;)
        if (now.all[i].file == file) {
            wchar_t path[FAKE_PATH_MAX];
            wcscpy(path, now.all[i].path);
            fake_names_drop(path);
        }
}

void fake_names_drop_below(const wchar_t *folder)
{
    for (size_t i = now.count; i-- > 0;)
        if (is_below(now.all[i].path, folder)) {
            wchar_t path[FAKE_PATH_MAX];
            wcscpy(path, now.all[i].path);
            fake_names_drop(path);
        }
}

void fake_names_rename(const wchar_t *from, const wchar_t *to)
{
    change_name(from, to, fake_names_find(from));
}

void fake_names_flush(const struct fake_file *file)
{
    size_t last = 0;
    for (size_t i = 0; i < pending_count; i++)
        if (pending[i].file == file)
            last = i + 1;
    settle(last);
}

bool fake_names_know(const struct fake_file *file)
{
    for (size_t i = 0; i < now.count; i++)
        if (now.all[i].file == file)
            return true;
    for (size_t i = 0; i < on_disk.count; i++)
        if (on_disk.all[i].file == file)
            return true;
    for (size_t i = 0; i < pending_count; i++)
        if (pending[i].file == file)
            return true;
    return false;
}

size_t fake_files_pending_names(void)
{
    return pending_count;
}

void fake_names_power_cut(size_t happened)
{
    settle(happened < pending_count ? happened : pending_count);
    pending_count = 0;
    now = on_disk;
}

void fake_names_reset(void)
{
    now.count = on_disk.count = pending_count = 0;
}
