#include "classic_log.h"

#include <string.h>

#include "classic_cursor.h"
#include "classic_facts.h"
#include "last_error.h"

enum { POLL = 1000 }; /* ms */

struct classic_log_calls classic_log_calls = {
    .OpenEventLogW = OpenEventLogW,
    .CloseEventLog = CloseEventLog,
    .ReadEventLogW = ReadEventLogW,
    .NotifyChangeEventLog = NotifyChangeEventLog,
    .GetOldestEventLogRecord = GetOldestEventLogRecord,
    .GetNumberOfEventLogRecords = GetNumberOfEventLogRecords,
    .GetEventLogInformation = GetEventLogInformation,
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegCloseKey = RegCloseKey,
    .ExpandEnvironmentStringsW = ExpandEnvironmentStringsW,
    .GetFileAttributesExW = GetFileAttributesExW,
    .CreateEventW = CreateEventW,
    .CloseHandle = CloseHandle,
    .HeapAlloc = HeapAlloc,
    .HeapFree = HeapFree,
};

struct classic_log {
    struct event_source source; /* first: the source is the log */
    struct classic_cursor cursor;
    struct event_record_filter filter;
    const struct origin_rule *origins;
    char16_t provider[CLASSIC_CHANNEL_MAX + 1];
};

/* What one record brings: at most one sign-in more. */
static void take(struct classic_log *log, enum classic_record kind,
                 const struct event_record *record, struct relay_event *events, size_t *count)
{
    struct event_source_counters *counters = &log->source.counters;
    if (kind == CLASSIC_RECORD && !event_record_matches(record, &log->filter))
        return;
    counters->matched++;
    if (kind == CLASSIC_RECORD &&
        !event_source_is_own(counters, log->origins, record->number, record->computer))
        return;
    if (kind == CLASSIC_RECORD && event_record_to_relay_event(record, &events[*count])) {
        ++*count;
        return;
    }
    counters->malformed++;
    counters->malformed_record = log->cursor.last;
}

static void note_place(struct classic_log *log)
{
    const struct classic_cursor *cursor = &log->cursor;
    log->source.last_record = cursor->positioned ? cursor->last : 0;
    log->source.seen =
        (struct event_place){log->source.last_record, cursor->positioned ? cursor->last_time : 0};
}

static DWORD classic_next(struct event_source *source, struct relay_event *events, size_t *count,
                          struct event_source_change *change)
{
    struct classic_log *log = (struct classic_log *)source;
    struct classic_cursor *cursor = &log->cursor;
    size_t taken = 0;
    DWORD error = classic_cursor_fill(cursor);
    while (error == ERROR_SUCCESS && taken < EVENT_SOURCE_BATCH) {
        struct event_record record;
        enum classic_record kind = classic_cursor_take(cursor, &record);
        if (kind == CLASSIC_RECORD_NONE)
            break;
        take(log, kind, &record, events, &taken);
    }
    if (error == ERROR_SUCCESS || error == ERROR_NO_MORE_ITEMS)
        *count = taken;
    note_place(log);
    *change = cursor->change;
    cursor->change = (struct event_source_change){0};
    return error;
}

static DWORD classic_look(struct event_source *source, struct log_facts *facts,
                          const char **failed_call)
{
    const struct classic_log *log = (const struct classic_log *)source;
    return classic_facts_read(log->cursor.channel, facts, failed_call);
}

static DWORD classic_newest(struct event_source *source, const wchar_t *provider, uint16_t event_id,
                            struct event_place *any, struct event_place *matching,
                            const char **failed_call)
{
    const struct classic_log *log = (const struct classic_log *)source;
    const struct event_record_filter filter = {.provider = text_of(provider), .event_id = event_id};
    struct classic_cursor cursor = {0}; /* of its own: a handle goes on where it has read */
    DWORD error = classic_cursor_open(&cursor, log->cursor.channel, NULL, log->cursor.stop);
    if (error == ERROR_SUCCESS)
        error = classic_cursor_newest(&cursor, &filter, any, matching);
    if (error != ERROR_SUCCESS)
        *failed_call = cursor.failed_call;
    classic_cursor_close(&cursor);
    return error;
}

static void classic_close(struct event_source *source)
{
    struct classic_log *log = (struct classic_log *)source;
    classic_cursor_close(&log->cursor);
    if (source->wake != NULL)
        classic_log_calls.CloseHandle(source->wake);
    classic_log_calls.HeapFree(GetProcessHeap(), 0, log);
}

/* Whether the name is one that a classic log can have. */
static bool is_log_name(const wchar_t *name)
{
    size_t count = wcsnlen(name, CLASSIC_CHANNEL_MAX + 1);
    return count > 0 && count <= CLASSIC_CHANNEL_MAX && wcspbrk(name, L"/\\") == NULL;
}

/* Whether there is a log of that name: OpenEventLog does not fail for an unknown one, it opens
 * Application instead (learn.microsoft.com nf-winbase-openeventlogw). A key that may not be read is
 * there. */
static DWORD check_log(const wchar_t *channel)
{
    if (text_equal_fold(text_of(channel), TEXT_OF(u"Application")))
        return ERROR_SUCCESS;
    HKEY key;
    DWORD error = classic_facts_open_key(channel, &key);
    if (error == ERROR_SUCCESS)
        classic_log_calls.RegCloseKey(key);
    return error == ERROR_ACCESS_DENIED ? ERROR_SUCCESS : error;
}

/* The place that the options ask for. */
static DWORD take_place(struct classic_cursor *cursor, const struct event_source_options *options,
                        const struct event_record_filter *filter)
{
    if (!options->resume)
        return classic_cursor_find_start(cursor, options->since, filter);
    if (cursor->change.cleared)
        return ERROR_SUCCESS;
    /* What is missing is told when the next record is read. */
    cursor->change = (struct event_source_change){0};
    /* Behind record 0, which is none, means all of the log. A longer number is another reader's:
     * the classic API knows its low 32 bits. */
    if (options->after_record != 0)
        classic_cursor_go_behind(cursor, (uint32_t)options->after_record);
    return ERROR_SUCCESS;
}

static DWORD open_parts(struct classic_log *log, const struct event_source_options *options,
                        const char **failed_call)
{
    struct classic_cursor *cursor = &log->cursor;
    size_t provider = wcsnlen(options->provider, CLASSIC_CHANNEL_MAX + 1);
    *failed_call = "OpenEventLogW";
    if (!is_log_name(options->channel) || provider == 0 || provider > CLASSIC_CHANNEL_MAX)
        return ERROR_INVALID_PARAMETER;
    memcpy(log->provider, options->provider, provider * sizeof *log->provider);
    log->filter = (struct event_record_filter){.provider = {log->provider, provider},
                                               .event_id = options->event_id};
    log->origins = options->origins;

    *failed_call = "RegOpenKeyExW";
    DWORD error = check_log(options->channel);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "CreateEventW";
    log->source.wake = classic_log_calls.CreateEventW(NULL, FALSE, TRUE, NULL);
    if (log->source.wake == NULL)
        return last_error();
    error = classic_cursor_open(cursor, options->channel, log->source.wake, options->stop);
    if (error == ERROR_SUCCESS && options->seen.record != 0)
        error = classic_cursor_compare(cursor, &options->seen);
    if (error == ERROR_SUCCESS)
        error = take_place(cursor, options, &log->filter);
    *failed_call = cursor->failed_call;
    return error;
}

DWORD classic_log_open(const struct event_source_options *options, struct event_source **source,
                       const char **failed_call)
{
    static const struct event_source_methods methods = {classic_next, classic_look, classic_newest,
                                                        classic_close};
    struct classic_log *log =
        classic_log_calls.HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *log);
    if (log == NULL) {
        *failed_call = "HeapAlloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    DWORD error = open_parts(log, options, failed_call);
    if (error != ERROR_SUCCESS) {
        classic_close(&log->source);
        return error;
    }
    log->source.kind = "classic";
    log->source.poll = POLL;
    log->source.short_of = log->cursor.short_of;
    note_place(log);
    log->source.methods = &methods;
    *source = &log->source;
    *failed_call = NULL;
    return ERROR_SUCCESS;
}
