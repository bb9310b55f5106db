#include "demo_alerts.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

enum { BUFFER = 65536, STRINGS = 16, ROOM = 8192 };

static const wchar_t source_key[] =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\RelayLock";

/* The message file of the source, as Event Viewer loads it. */
static HMODULE load_messages(void)
{
    HKEY key;
    wchar_t named[MAX_PATH] = L"", path[MAX_PATH];
    DWORD size = sizeof named - sizeof *named;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, source_key, 0, KEY_QUERY_VALUE, &key))
        return NULL;
    LSTATUS error = RegQueryValueExW(key, L"EventMessageFile", NULL, NULL, (LPBYTE)named, &size);
    RegCloseKey(key);
    if (error || !ExpandEnvironmentStringsW(named, path, MAX_PATH))
        return NULL;
    return LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
}

static bool render(HMODULE messages, DWORD id, const wchar_t **strings, wchar_t *text)
{
    return FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, messages, id,
                          0, text, ROOM, (va_list *)strings) != 0;
}

static bool print_event(HMODULE messages, const EVENTLOGRECORD *record)
{
    static wchar_t text[ROOM], category[ROOM];
    static const wchar_t *const none = L"";
    const wchar_t *strings[STRINGS];
    const wchar_t *at = (const wchar_t *)((const BYTE *)record + record->StringOffset);
    for (WORD i = 0; i < STRINGS; i++) {
        strings[i] = i < record->NumStrings ? at : none;
        if (i < record->NumStrings)
            at += wcslen(at) + 1;
    }
    bool good = render(messages, record->EventID, strings, text) &&
                render(messages, record->EventCategory, NULL, category);
    if (!good) {
        printf("event %lu has no text\n", record->EventID & 0xffff);
        return false;
    }
    category[wcscspn(category, L"\r\n")] = 0;
    const char *type = record->EventType == EVENTLOG_ERROR_TYPE     ? "Error"
                       : record->EventType == EVENTLOG_WARNING_TYPE ? "Warning"
                                                                    : "Information";
    time_t when = (time_t)record->TimeGenerated;
    char date[32];
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", localtime(&when));
    printf("  %-12s %s  RelayLock  %ls  Event %lu\n", type, date, category,
           record->EventID & 0xffff);
    for (wchar_t *rest = text; *rest;) {
        size_t length = wcscspn(rest, L"\r\n");
        if (length)
            printf("      %.*ls\n", (int)length, rest);
        rest += length;
        rest += wcsspn(rest, L"\r\n");
    }
    printf("\n");
    return true;
}

/* Goes through the log once, oldest first; messages null: only notes which of the wanted are there.
 */
static bool walk(HMODULE messages, const WORD *wanted, size_t count, bool *found)
{
    bool good = true;
    DWORD read, needed;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    BYTE *buffer = malloc(BUFFER);
    while (log && buffer &&
           ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0, buffer, BUFFER,
                         &read, &needed)) {
        const EVENTLOGRECORD *record;
        for (DWORD at = 0; at < read; at += record->Length) {
            record = (const EVENTLOGRECORD *)(buffer + at);
            const wchar_t *source = (const wchar_t *)(record + 1);
            if (wcscmp(source, L"RelayLock") != 0)
                continue;
            for (size_t i = 0; i < count; i++)
                found[i] = found[i] || (record->EventID & 0xffff) == wanted[i];
            if (messages)
                good = print_event(messages, record) && good;
        }
    }
    free(buffer);
    if (log)
        CloseEventLog(log);
    return good;
}

bool demo_alerts_print(const WORD *wanted, size_t count, DWORD ms)
{
    bool all = false;
    for (DWORD start = GetTickCount(); !all && GetTickCount() - start < ms; Sleep(50)) {
        bool found[16] = {false};
        walk(NULL, wanted, count, found);
        all = true;
        for (size_t i = 0; i < count; i++)
            all = all && found[i];
    }
    HMODULE messages = load_messages();
    if (!messages) {
        printf("The event source RelayLock has no message file: error %lu\n", GetLastError());
        return false;
    }
    bool found[16] = {false};
    bool good = walk(messages, wanted, count, found);
    FreeLibrary(messages);
    return all && good;
}
