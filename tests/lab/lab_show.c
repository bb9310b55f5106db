/* lab_show.c: what the lab's tool shows. */
#include "lab.h"

#include <lm.h>
#include <stdio.h>
#include <string.h>

#include "lab_faults.h"
#include "lab_log.h"
#include "lab_users.h"

enum { SHOWN_DEFAULT = 20, SHOWN_MAX = 1000, STRINGS_MAX = 100, RECORD_MAX = 0x80000 };

static void print(const wchar_t *text)
{
    char utf8[4096];
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
    if (size > 0)
        fputs(utf8, stdout);
}

int lab_show_status(void)
{
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return lab_fail("lab_lock", error);
    printf("event log service: %s\n", lab_store->service_process != 0 ? "running" : "stopped");
    for (unsigned slot = 0; slot < LAB_LOGS; slot++) {
        const struct lab_log *log = &lab_store->logs[slot];
        const struct lab_log_state *state = lab_log_state(slot);
        if (log->name[0] != 0)
            printf("log %ls: records %llu to %llu, %u bytes%s\n", log->name,
                   (unsigned long long)state->oldest, (unsigned long long)state->next - 1,
                   log->size, log->keep ? ", kept when full" : "");
    }
    for (unsigned i = 0; lab_fault_name(i) != NULL; i++)
        if (lab_store->faults[i] != 0)
            printf("fault %ls=%ld\n", lab_fault_name(i), lab_store->faults[i]);
    lab_unlock();
    return 0;
}

static const char *state_of(const struct lab_principal *user)
{
    if (user->kind != LAB_USER)
        return "unknown";
    return (user->flags & UF_ACCOUNTDISABLE) != 0 ? "disabled" : "enabled";
}

int lab_show_user(int count, wchar_t **words)
{
    enum lab_domain domain =
        count > 1 && wcscmp(words[1], L"--domain") == 0 ? LAB_DOMAIN : LAB_COMPUTER;
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return lab_fail("lab_lock", error);
    unsigned slot = lab_principal_by_name(domain, words[0], LAB_USERS);
    if (slot == LAB_PRINCIPALS) {
        lab_unlock();
        return lab_fail("user show", NERR_UserNotFound);
    }
    struct lab_principal user = *lab_principal(slot);
    printf("account   ");
    print(lab_domain_of(&user));
    printf("\\");
    print(user.name);
    printf("\nstate     %s\nflags     0x%x\nrid       %u\n", state_of(&user), user.flags, user.rid);
    printf("comment   ");
    print(user.comment);
    printf("\npassword  %u characters, set %llu s ago\n", user.password_count,
           user.password_set == 0
               ? 0ull
               : (unsigned long long)((lab_now() - user.password_set) / 10000000u));
    printf("writes    %u\n", user.writes);
    if (domain == LAB_DOMAIN && lab_fault(LAB_FAULT_DC_LAG))
        printf("on LABDC2 %s, flags 0x%x, writes %u\n", state_of(lab_principal_behind(slot)),
               lab_principal_behind(slot)->flags, lab_principal_behind(slot)->writes);
    for (unsigned i = 0; i < LAB_PRINCIPALS; i++)
        if (lab_principal(i)->kind > LAB_USER && lab_is_member(&user, lab_principal(i))) {
            printf("member    ");
            print(lab_domain_of(lab_principal(i)));
            printf("\\");
            print(lab_principal(i)->name);
            printf("%s\n", lab_principal(i)->domain == LAB_COMPUTER ? "" : " (on LABDC)");
        }
    lab_unlock();
    return 0;
}

/* The module that a source's registry entry names; null without. */
static HMODULE messages_of(const wchar_t *log, const wchar_t *source, const wchar_t *value)
{
    wchar_t path[512], file[MAX_PATH], expanded[MAX_PATH];
    DWORD size = sizeof file, type;
    HKEY key;
    _snwprintf(path, sizeof path / sizeof *path,
               L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\%ls\\%ls", log, source);
    path[sizeof path / sizeof *path - 1] = 0;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return NULL;
    LSTATUS error = RegQueryValueExW(key, value, NULL, &type, (BYTE *)file, &size);
    RegCloseKey(key);
    if (error != ERROR_SUCCESS || (type != REG_SZ && type != REG_EXPAND_SZ))
        return NULL;
    file[size / sizeof *file < MAX_PATH ? size / sizeof *file : MAX_PATH - 1] = 0;
    ExpandEnvironmentStringsW(file, expanded, MAX_PATH);
    wcstok(expanded, L";"); /* several may be named; one is enough here */
    return LoadLibraryExW(expanded, NULL, LOAD_LIBRARY_AS_DATAFILE);
}

static const wchar_t *type_name(WORD type)
{
    switch (type) {
    case EVENTLOG_ERROR_TYPE:
        return L"Error";
    case EVENTLOG_WARNING_TYPE:
        return L"Warning";
    case EVENTLOG_AUDIT_SUCCESS:
        return L"Success Audit";
    case EVENTLOG_AUDIT_FAILURE:
        return L"Failure Audit";
    default:
        return L"Information";
    }
}

/* A message of a module, in text; false when it has none of that number. */
static bool format(HMODULE module, DWORD id, wchar_t **strings, wchar_t *text, DWORD size)
{
    DWORD count = 0;
    if (module != NULL)
        count = FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY |
                                   (strings == NULL ? FORMAT_MESSAGE_IGNORE_INSERTS : 0u),
                               module, id, 0, text, size, (va_list *)(void *)strings);
    while (count > 0 && text[count - 1] <= L' ')
        text[--count] = 0;
    return count > 0;
}

static void show_description(HMODULE module, const EVENTLOGRECORD *record, wchar_t **strings)
{
    static wchar_t text[16384];
    if (format(module, record->EventID, strings, text, sizeof text / sizeof *text)) {
        print(text);
        return;
    }
    printf("The description for Event ID %lu cannot be found. The following information is part of "
           "the event:",
           record->EventID & 0xffff);
    for (WORD i = 0; i < record->NumStrings && i < STRINGS_MAX; i++) {
        printf(" ");
        print(strings[i]);
    }
}

static void show_record(const wchar_t *log, const EVENTLOGRECORD *record)
{
    static wchar_t empty[] = L"";
    wchar_t *strings[STRINGS_MAX], category[256];
    const wchar_t *source = (const wchar_t *)(const void *)(record + 1);
    wchar_t *at = (wchar_t *)(void *)((uint8_t *)(uintptr_t)record + record->StringOffset);
    for (WORD i = 0; i < STRINGS_MAX; i++) {
        strings[i] = i < record->NumStrings ? at : empty;
        at += i < record->NumStrings ? wcslen(at) + 1 : 0;
    }
    HMODULE messages = messages_of(log, source, L"EventMessageFile");
    HMODULE categories = messages_of(log, source, L"CategoryMessageFile");
    uint64_t time = (uint64_t)record->TimeGenerated * 10000000u + 116444736000000000u;
    FILETIME file = {(DWORD)time, (DWORD)(time >> 32)};
    SYSTEMTIME parts = {0};
    FileTimeToSystemTime(&file, &parts);
    if (!format(categories, record->EventCategory, NULL, category, 256))
        _snwprintf(category, 256, record->EventCategory == 0 ? L"None" : L"(%u)",
                   record->EventCategory);
    print(type_name(record->EventType));
    printf("  %04u-%02u-%02u  %02u:%02u:%02u  ", parts.wYear, parts.wMonth, parts.wDay, parts.wHour,
           parts.wMinute, parts.wSecond);
    print(source);
    printf("  ");
    print(category);
    printf("  %lu  %s  ", record->EventID & 0xffff, record->UserSidLength == 0 ? "N/A" : "(SID)");
    print(source + wcslen(source) + 1);
    printf("\n    ");
    show_description(messages, record, strings);
    printf("\n");
    if (messages != NULL)
        FreeLibrary(messages);
    if (categories != NULL)
        FreeLibrary(categories);
}

/* The number of the record to start with, so that at most shown of the source follow. */
static uint64_t first_shown(unsigned slot, const wchar_t *source, unsigned shown)
{
    uint64_t first = lab_log_state(slot)->next;
    const struct lab_record *record = lab_log_find(slot, first - 1);
    for (; record != NULL && shown > 0; record = lab_log_previous(slot, record)) {
        const EVENTLOGRECORD *classic = lab_record_classic(record);
        if (source != NULL && _wcsicmp((const wchar_t *)(const void *)(classic + 1), source) != 0)
            continue;
        first = record->number;
        shown--;
    }
    return first;
}

int lab_show_log(int count, wchar_t **words)
{
    static union {
        EVENTLOGRECORD record;
        uint8_t bytes[RECORD_MAX];
    } copy;
    unsigned shown = count > 0 ? (unsigned)wcstoul(words[0], NULL, 0) : SHOWN_DEFAULT;
    const wchar_t *source = count > 1 ? words[1] : NULL;
    unsigned slot = lab_log_slot(L"Application");
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return lab_fail("lab_lock", error);
    uint64_t number = first_shown(slot, source, shown > SHOWN_MAX ? SHOWN_MAX : shown);
    for (;;) {
        const struct lab_record *record = lab_log_find(slot, number++);
        if (record == NULL)
            break;
        memcpy(copy.bytes, lab_record_classic(record), lab_record_classic(record)->Length);
        /* Modules may take a while to load: nobody is to wait for that. */
        lab_unlock();
        if (source == NULL ||
            _wcsicmp((const wchar_t *)(const void *)(&copy.record + 1), source) == 0)
            show_record(lab_store->logs[slot].name, &copy.record);
        error = lab_lock();
        if (error != ERROR_SUCCESS)
            return lab_fail("lab_lock", error);
    }
    lab_unlock();
    return 0;
}
