#include "acceptance_log.h"
#include "acceptance_check.h"
#include "acceptance_registry.h"

#include <stdlib.h>
#include <wchar.h>

#define CHANNEL      L"Application"
#define CHANNEL_KEY  L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"
#define ALERT_SOURCE L"RelayLock"

enum { BUFFER_SIZE = 0x40000 /* bytes; a record has at most 0x10000 */ };

static struct {
    wchar_t provider[64];
    DWORD next; /* record number to go on with */
    DWORD own_first, own_last;
    struct alert alerts[ALERTS_MAX];
    size_t alert_count;
    BYTE *buffer;
} journal;

/* An EVENTLOGRECORD as the log gives it is believed: what is checked here is RelayLock. */
static void keep_alert(const EVENTLOGRECORD *record)
{
    if (journal.alert_count == ALERTS_MAX)
        check_fail(L"RelayLock has reported more than %d events in one check", ALERTS_MAX);
    struct alert *alert = &journal.alerts[journal.alert_count++];
    alert->record = record->RecordNumber;
    alert->id = record->EventID & 0xffff;
    alert->type = record->EventType;
    alert->count = record->NumStrings;
    const wchar_t *string = (const wchar_t *)((const BYTE *)record + record->StringOffset);
    for (DWORD i = 0; i < ALERT_STRINGS_MAX; i++) {
        alert->strings[i] = L"";
        if (i >= alert->count)
            continue;
        alert->strings[i] = _wcsdup(string);
        check_that(alert->strings[i] != NULL, L"out of memory");
        string += wcslen(string) + 1;
    }
}

static void take(const EVENTLOGRECORD *record)
{
    const wchar_t *source = (const wchar_t *)(record + 1);
    if (_wcsicmp(source, ALERT_SOURCE) == 0) {
        keep_alert(record);
    } else if (_wcsicmp(source, journal.provider) == 0) {
        if (journal.own_first == 0)
            journal.own_first = record->RecordNumber;
        journal.own_last = record->RecordNumber;
    }
}

/* Where to go on: behind what was read, or with the oldest record when the log was cleared. False
 * when everything was read. */
static bool find_next(HANDLE log)
{
    DWORD oldest, count;
    if (!GetNumberOfEventLogRecords(log, &count) || !GetOldestEventLogRecord(log, &oldest))
        return false;
    if (count == 0)
        return false;
    if (journal.next - oldest > count) /* before the oldest or beyond the end, in 32 bits */
        journal.next = oldest;
    return journal.next != oldest + count;
}

/* Reads on to the end of the log. A log that cannot be read at the moment (its service may be
 * down by a check's own doing) is looked at again the next time. */
static void scan(void)
{
    HANDLE log = OpenEventLogW(NULL, CHANNEL);
    if (!log)
        return;
    DWORD how = EVENTLOG_SEEK_READ;
    while (find_next(log)) {
        DWORD got, needed;
        if (!ReadEventLogW(log, how | EVENTLOG_FORWARDS_READ, journal.next, journal.buffer,
                           BUFFER_SIZE, &got, &needed)) {
            /* Windows 2000 and 2003 refuse to seek in a large log (KB 177199). */
            if (GetLastError() != ERROR_INVALID_PARAMETER || how == EVENTLOG_SEQUENTIAL_READ)
                break;
            how = EVENTLOG_SEQUENTIAL_READ;
            continue;
        }
        for (DWORD at = 0; at < got;) {
            const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(journal.buffer + at);
            at += record->Length;
            if ((LONG)(record->RecordNumber - journal.next) < 0)
                continue;
            take(record);
            journal.next = record->RecordNumber + 1;
        }
    }
    CloseEventLog(log);
}

void log_begin(void)
{
    _snwprintf(journal.provider, ARRAYSIZE(journal.provider) - 1, L"RelayLockAcceptance-%lx-%lx",
               GetCurrentProcessId(), GetTickCount());
    journal.buffer = malloc(BUFFER_SIZE);
    check_that(journal.buffer != NULL, L"out of memory");
    HANDLE log = OpenEventLogW(NULL, CHANNEL);
    check_windows(log != NULL, L"OpenEventLog");
    DWORD oldest = 0, count = 0;
    check_windows(GetNumberOfEventLogRecords(log, &count), L"GetNumberOfEventLogRecords");
    check_windows(count == 0 || GetOldestEventLogRecord(log, &oldest), L"GetOldestEventLogRecord");
    CloseEventLog(log);
    journal.next = oldest + count;
}

const wchar_t *log_provider(void)
{
    return journal.provider;
}

static HANDLE open_reporter(const wchar_t *provider)
{
    HANDLE reporter = RegisterEventSourceW(NULL, provider);
    check_windows(reporter != NULL, L"RegisterEventSource");
    return reporter;
}

static void report_through(HANDLE reporter, DWORD identifier, DWORD count, const wchar_t **strings)
{
    /* Category 7 stands for nothing: RelayLock must not look at it. */
    check_windows(ReportEventW(reporter, EVENTLOG_INFORMATION_TYPE, 7, identifier, NULL,
                               (WORD)count, 0, strings, NULL),
                  L"ReportEvent");
}

void log_report(const wchar_t *provider, DWORD identifier, DWORD count, const wchar_t **strings)
{
    HANDLE reporter = open_reporter(provider);
    report_through(reporter, identifier, count, strings);
    DeregisterEventSource(reporter);
}

static void report_sign_ins(const wchar_t *account, const wchar_t *client, DWORD count)
{
    /* Both forms of the identifier are one event: with the severity that a message file gives it,
     * and without. */
    static const DWORD identifiers[] = {SIGN_IN_EVENT, SIGN_IN_EVENT | 0x40000000u};
    static unsigned which;
    const wchar_t *strings[] = {client, L"LOGIN", account};
    HANDLE reporter = open_reporter(journal.provider);
    for (DWORD i = 0; i < count; i++)
        report_through(reporter, identifiers[which++ % 2], ARRAYSIZE(strings), strings);
    DeregisterEventSource(reporter);
}

void log_sign_in_from(const wchar_t *account, const wchar_t *client)
{
    report_sign_ins(account, client, 1);
}

void log_sign_ins(const wchar_t *account, DWORD count)
{
    report_sign_ins(account, L"relay.example.test", count);
}

static const wchar_t *without_domain(const wchar_t *account)
{
    const wchar_t *slash = wcschr(account, L'\\');
    return slash ? slash + 1 : account;
}

static bool is_about(const struct alert *alert, enum alert_id id, const wchar_t *account)
{
    return alert->id == (WORD)id &&
           (!account || _wcsicmp(without_domain(alert->strings[0]), without_domain(account)) == 0);
}

size_t log_alerts(enum alert_id id, const wchar_t *account)
{
    scan();
    size_t found = 0;
    for (size_t i = 0; i < journal.alert_count; i++)
        found += is_about(&journal.alerts[i], id, account);
    return found;
}

struct wanted {
    enum alert_id id;
    const wchar_t *account;
    size_t count;
};

static bool has_come(const void *subject)
{
    const struct wanted *wanted = subject;
    return log_alerts(wanted->id, wanted->account) >= wanted->count;
}

void log_expect_alerts(enum alert_id id, const wchar_t *account, size_t count, DWORD ms)
{
    struct wanted wanted = {id, account, count};
    if (!check_wait(has_come, &wanted, ms))
        check_fail(L"RelayLock has not reported event %d%ls%ls within %lu ms", id,
                   account ? L" for " : L"", account ? account : L"", ms);
}

const struct alert *log_expect(enum alert_id id, const wchar_t *account, DWORD ms)
{
    log_expect_alerts(id, account, 1, ms);
    for (size_t i = 0; i < journal.alert_count; i++)
        if (is_about(&journal.alerts[i], id, account))
            return &journal.alerts[i];
    check_fail(L"event %d was there and is not", id);
}

const struct alert *log_latest(enum alert_id id)
{
    for (size_t i = journal.alert_count; i-- > 0;)
        if (is_about(&journal.alerts[i], id, NULL))
            return &journal.alerts[i];
    return NULL;
}

void log_own_records(DWORD *first, DWORD *last)
{
    scan();
    *first = journal.own_first;
    *last = journal.own_last;
}

void log_clear(void)
{
    HANDLE log = OpenEventLogW(NULL, CHANNEL);
    check_windows(log != NULL, L"OpenEventLog");
    BOOL cleared = ClearEventLogW(log, NULL);
    DWORD error = GetLastError();
    CloseEventLog(log);
    check_that(cleared, L"ClearEventLog failed with error %lu", error);
}

DWORD log_room(void)
{
    DWORD size = 0, used = sizeof size;
    if (registry_get(CHANNEL_KEY, L"MaxSize", REG_DWORD, &size, &used) != ERROR_SUCCESS)
        return 0;
    return size;
}
