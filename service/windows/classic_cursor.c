#include "classic_cursor_parts.h"

#include <string.h>

#include "last_error.h"

enum {
    ATTEMPTS = 4,
    LENGTH_SIZE = 4 /* bytes; a record starts with its length */
};

static DWORD resize(struct classic_cursor *cursor, DWORD size)
{
    uint8_t *larger = classic_log_calls.HeapAlloc(GetProcessHeap(), 0, size);
    if (larger == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (cursor->buffer != NULL)
        classic_log_calls.HeapFree(GetProcessHeap(), 0, cursor->buffer);
    cursor->buffer = larger;
    cursor->size = size;
    return ERROR_SUCCESS;
}

DWORD classic_cursor_reopen(struct classic_cursor *cursor)
{
    HANDLE log = classic_log_calls.OpenEventLogW(NULL, cursor->channel);
    if (log == NULL) {
        cursor->failed_call = "OpenEventLogW";
        return last_error();
    }
    if (cursor->log != NULL)
        classic_log_calls.CloseEventLog(cursor->log);
    cursor->log = log;
    cursor->used = 0;
    cursor->at = 0;
    /* Where it is refused the timer must do: the caller looks every second in any case. */
    if (cursor->wake != NULL)
        classic_log_calls.NotifyChangeEventLog(log, cursor->wake);
    return ERROR_SUCCESS;
}

DWORD classic_cursor_open(struct classic_cursor *cursor, const wchar_t *channel, HANDLE wake,
                          HANDLE stop)
{
    text_copy(cursor->channel, CLASSIC_CHANNEL_MAX + 1, text_of(channel));
    cursor->wake = wake;
    cursor->stop = stop;
    cursor->failed_call = "HeapAlloc";
    DWORD error = resize(cursor, CLASSIC_BUFFER_MIN);
    return error == ERROR_SUCCESS ? classic_cursor_reopen(cursor) : error;
}

void classic_cursor_close(struct classic_cursor *cursor)
{
    if (cursor->log != NULL)
        classic_log_calls.CloseEventLog(cursor->log);
    if (cursor->buffer != NULL)
        classic_log_calls.HeapFree(GetProcessHeap(), 0, cursor->buffer);
}

void classic_cursor_go_behind(struct classic_cursor *cursor, uint32_t number)
{
    cursor->last = number;
    cursor->last_time = 0;
    cursor->positioned = true;
    cursor->seek = true;
}

/* Room for a record of which ReadEventLog says that it needs so much. */
static DWORD grow(struct classic_cursor *cursor, DWORD needed)
{
    if (cursor->size == CLASSIC_BUFFER_MAX || needed > CLASSIC_BUFFER_MAX)
        return ERROR_INSUFFICIENT_BUFFER;
    if (needed <= cursor->size) /* it contradicts itself */
        needed = CLASSIC_BUFFER_MAX;
    return resize(cursor, needed);
}

DWORD classic_cursor_read(struct classic_cursor *cursor, DWORD flags, DWORD number)
{
    cursor->failed_call = "ReadEventLogW";
    for (;;) {
        DWORD used = 0;
        DWORD needed = 0;
        if (classic_log_calls.ReadEventLogW(cursor->log, flags, number, cursor->buffer,
                                            cursor->size, &used, &needed)) {
            if (used > cursor->size)
                return ERROR_INVALID_DATA;
            cursor->used = used;
            cursor->at = 0;
            return used > 0 ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
        }
        DWORD error = last_error();
        if (error == ERROR_INSUFFICIENT_BUFFER)
            error = grow(cursor, needed);
        else
            return error;
        if (error != ERROR_SUCCESS)
            return error;
    }
}

/* By its own length when that can be one, else over all that was read with it, since nothing says
 * where the next one starts. */
void classic_cursor_skip_damaged(struct classic_cursor *cursor)
{
    DWORD left = cursor->used - cursor->at;
    DWORD length = 0;
    if (left >= LENGTH_SIZE)
        memcpy(&length, cursor->buffer + cursor->at, LENGTH_SIZE);
    bool plausible = length >= EVENT_RECORD_MIN_SIZE && length % 4 == 0 && length <= left;
    cursor->at += plausible ? length : left;
}

bool classic_cursor_decode(const struct classic_cursor *cursor, struct event_record *record)
{
    return event_record_decode(cursor->buffer + cursor->at, cursor->used - cursor->at, record) ==
           EVENT_RECORD_OK;
}

/* The count is asked for first: what comes in or goes meanwhile only makes the newest newer, which
 * never looks like a log that was cleared. */
DWORD classic_cursor_edges(struct classic_cursor *cursor, uint32_t *oldest, uint32_t *newest,
                           bool *any)
{
    DWORD count = 0;
    DWORD first = 0;
    if (!classic_log_calls.GetNumberOfEventLogRecords(cursor->log, &count)) {
        cursor->failed_call = "GetNumberOfEventLogRecords";
        return last_error();
    }
    if (count > 0 && !classic_log_calls.GetOldestEventLogRecord(cursor->log, &first)) {
        cursor->failed_call = "GetOldestEventLogRecord";
        return last_error();
    }
    *any = count > 0;
    *oldest = first;
    *newest = first + count - 1;
    return ERROR_SUCCESS;
}

/* From the oldest record on, with a handle that has read nothing yet. */
static DWORD start_over(struct classic_cursor *cursor, bool cleared)
{
    if (cleared) {
        cursor->change.cleared = true;
        cursor->positioned = false;
    }
    cursor->seek = false;
    cursor->pass = cursor->positioned;
    return classic_cursor_reopen(cursor);
}

/* Whether the record read last is where it was. An error is of the log service: whoever cannot ask
 * it knows nothing of the log. */
static DWORD look_for_last(struct classic_cursor *cursor, bool *there)
{
    struct event_record record;
    *there = false;
    if (cursor->last_time == 0)
        return ERROR_SUCCESS;
    DWORD error = classic_cursor_reopen(cursor);
    if (error == ERROR_SUCCESS)
        error =
            classic_cursor_read(cursor, EVENTLOG_FORWARDS_READ | EVENTLOG_SEEK_READ, cursor->last);
    if (error == ERROR_HANDLE_EOF || error == ERROR_INVALID_PARAMETER ||
        error == ERROR_EVENTLOG_FILE_CHANGED)
        return ERROR_SUCCESS;
    *there = error == ERROR_SUCCESS && classic_cursor_decode(cursor, &record) &&
             record.number == cursor->last &&
             event_place_same_time(record.generated, cursor->last_time);
    return error;
}

/* The log says that it changed: it was cleared, unless it still has what was read last. Where its
 * numbers go on, those between are gone. */
static DWORD after_change(struct classic_cursor *cursor)
{
    uint32_t oldest;
    uint32_t newest;
    bool any;
    bool there = true;
    DWORD error = cursor->positioned ? look_for_last(cursor, &there) : ERROR_SUCCESS;
    if (error == ERROR_SUCCESS)
        error = start_over(cursor, !there);
    if (error == ERROR_SUCCESS)
        error = classic_cursor_edges(cursor, &oldest, &newest, &any);
    if (error != ERROR_SUCCESS)
        return error;
    if (!there && any && classic_distance(cursor->last, oldest) > 1) {
        cursor->change.first = (uint32_t)(cursor->last + 1);
        cursor->change.last = (uint32_t)(oldest - 1);
    }
    return ERROR_SUCCESS;
}

DWORD classic_cursor_read_newest(struct classic_cursor *cursor, uint32_t *newest, bool *any)
{
    DWORD error = classic_cursor_reopen(cursor);
    if (error == ERROR_SUCCESS)
        error = classic_cursor_read(cursor, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0);
    if (error != ERROR_SUCCESS && error != ERROR_HANDLE_EOF)
        return error;
    struct event_record record;
    *any = error == ERROR_SUCCESS;
    if (*any && classic_cursor_decode(cursor, &record))
        *newest = record.number;
    return classic_cursor_reopen(cursor);
}

/* That there is nothing behind the last record was found out the long way, and need not be again
 * until there is. */
static void settle(struct classic_cursor *cursor)
{
    cursor->settled = true;
    cursor->settled_behind = cursor->last;
}

/* No record was found at the place. ERROR_SUCCESS: read again, from where the cursor now is. */
static DWORD after_nothing(struct classic_cursor *cursor, int attempt)
{
    if (!cursor->positioned)
        return ERROR_NO_MORE_ITEMS;
    uint32_t oldest;
    uint32_t newest;
    bool any;
    DWORD error = classic_cursor_edges(cursor, &oldest, &newest, &any);
    if (error != ERROR_SUCCESS)
        return error;
    bool settled = cursor->settled && cursor->settled_behind == cursor->last;
    if (!settled && (!any || classic_distance(newest, cursor->last) > 0)) {
        /* It was cleared, unless the count is wrong: to take a whole log for new because of that
         * would count everything twice. */
        newest = cursor->last;
        error = classic_cursor_read_newest(cursor, &newest, &any);
        if (error != ERROR_SUCCESS)
            return error;
        if (!any || classic_distance(newest, cursor->last) > 0)
            return start_over(cursor, true);
        settle(cursor);
        if (cursor->seek)
            return start_over(cursor, false);
        cursor->seek = true;
        return ERROR_SUCCESS;
    }
    /* Seeking fails where the record is gone, and in large logs at any time (Knowledge Base article
     * 177199). Either way the records behind it are found by going through them all. */
    if (cursor->seek)
        return start_over(cursor, false);
    if (cursor->last == newest || settled)
        return ERROR_NO_MORE_ITEMS;
    if (attempt == 0) /* a record came in this moment */
        return ERROR_SUCCESS;
    /* The handle is stuck: another one must go there. Once, as what follows may be unreadable. */
    settle(cursor);
    cursor->seek = true;
    return classic_cursor_reopen(cursor);
}

DWORD classic_cursor_fill(struct classic_cursor *cursor)
{
    if (cursor->at < cursor->used)
        return ERROR_SUCCESS;
    for (int i = 0; i < ATTEMPTS; i++) {
        DWORD error = classic_cursor_read(
            cursor,
            EVENTLOG_FORWARDS_READ | (cursor->seek ? EVENTLOG_SEEK_READ : EVENTLOG_SEQUENTIAL_READ),
            cursor->seek ? cursor->last : 0);
        if (error == ERROR_SUCCESS) {
            cursor->pass |= cursor->seek;
            cursor->seek = false;
            return ERROR_SUCCESS;
        }
        if (error == ERROR_EVENTLOG_FILE_CHANGED)
            error = after_change(cursor);
        else if (error == ERROR_HANDLE_EOF || (error == ERROR_INVALID_PARAMETER && cursor->seek))
            error = after_nothing(cursor, i);
        if (error != ERROR_SUCCESS)
            return error;
    }
    return ERROR_NO_MORE_ITEMS;
}

/* Notes what a number says that does not follow the last one. False when the caller must look at an
 * earlier note first. */
static bool note_jump(struct classic_cursor *cursor, uint32_t number)
{
    if (cursor->change.cleared || cursor->change.last != 0)
        return false;
    if (classic_distance(cursor->last, number) > 0) {
        cursor->change.first = (uint32_t)(cursor->last + 1);
        cursor->change.last = (uint32_t)(number - 1);
    } else {
        cursor->change.cleared = true;
    }
    return true;
}

enum classic_record classic_cursor_take(struct classic_cursor *cursor, struct event_record *record)
{
    struct event_record found;
    while (cursor->at < cursor->used) {
        if (!classic_cursor_decode(cursor, &found)) {
            classic_cursor_skip_damaged(cursor);
            if (cursor->pass) /* which one it was is not known */
                continue;
            cursor->last += cursor->positioned;
            cursor->last_time = 0;
            return CLASSIC_RECORD_DAMAGED;
        }
        if (cursor->pass && classic_distance(cursor->last, found.number) <= 0) {
            cursor->at += found.size;
            continue;
        }
        if (cursor->positioned && classic_distance(cursor->last, found.number) != 1 &&
            !note_jump(cursor, found.number))
            return CLASSIC_RECORD_NONE;
        cursor->pass = false;
        cursor->positioned = true;
        cursor->last = found.number;
        cursor->last_time = found.generated;
        cursor->at += found.size;
        *record = found;
        return CLASSIC_RECORD;
    }
    return CLASSIC_RECORD_NONE;
}
