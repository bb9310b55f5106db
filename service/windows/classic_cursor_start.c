/* classic_cursor_start.c: see classic_cursor.h. Where reading starts, and what is missing there. */
#include "classic_cursor_parts.h"

enum { START_ATTEMPTS = 4 };

/* Whether reading may start behind this record. */
static bool is_before(const struct event_record *record, int64_t since,
                      const struct event_record_filter *filter)
{
    int64_t generated = record->generated;
    return generated + CLASSIC_DISORDER_MAX < since ||
           (generated < since && event_record_matches(record, filter));
}

static bool find_in_buffer(struct classic_cursor *cursor, int64_t since,
                           const struct event_record_filter *filter)
{
    struct event_record record;
    while (cursor->at < cursor->used) {
        if (!classic_cursor_decode(cursor, &record)) {
            classic_cursor_skip_damaged(cursor);
            continue;
        }
        if (is_before(&record, since, filter)) {
            classic_cursor_go_behind(cursor, record.number);
            cursor->last_time = record.generated;
            return true;
        }
        cursor->at += record.size;
    }
    return false;
}

/* Takes what the buffer has, newest first; whether both are found. */
static bool find_newest(struct classic_cursor *cursor, const struct event_record_filter *filter,
                        struct event_place *any, struct event_place *matching)
{
    struct event_record record;
    while (cursor->at < cursor->used && matching->record == 0) {
        if (!classic_cursor_decode(cursor, &record)) {
            classic_cursor_skip_damaged(cursor);
            continue;
        }
        struct event_place place = {record.number, record.generated};
        if (any->record == 0)
            *any = place;
        if (event_record_matches(&record, filter))
            *matching = place;
        cursor->at += record.size;
    }
    return matching->record != 0;
}

/* The next block of a search. The log may be large: between two blocks it can be given up. */
static DWORD search_back(struct classic_cursor *cursor)
{
    cursor->failed_call = "ReadEventLogW";
    if (event_source_is_stopped(cursor->stop))
        return ERROR_CANCELLED;
    return classic_cursor_read(cursor, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0);
}

DWORD classic_cursor_newest(struct classic_cursor *cursor, const struct event_record_filter *filter,
                            struct event_place *any, struct event_place *matching)
{
    struct event_place newest = {0}, found = {0};
    DWORD error;
    do {
        error = search_back(cursor);
    } while (error == ERROR_SUCCESS && !find_newest(cursor, filter, &newest, &found));
    if (error != ERROR_SUCCESS && error != ERROR_HANDLE_EOF)
        return error;
    *any = newest;
    *matching = found;
    return ERROR_SUCCESS;
}

/* Without a record from before since, the log's beginning is not reached back to. */
static DWORD find_shortage(struct classic_cursor *cursor)
{
    uint32_t oldest, newest;
    bool any;
    DWORD error = classic_cursor_edges(cursor, &oldest, &newest, &any);
    if (error == ERROR_SUCCESS && any && oldest > 1)
        cursor->short_of = oldest - 1;
    return error;
}

DWORD classic_cursor_find_start(struct classic_cursor *cursor, int64_t since,
                                const struct event_record_filter *filter)
{
    DWORD error = ERROR_EVENTLOG_FILE_CHANGED;
    for (int i = 0; i < START_ATTEMPTS && error == ERROR_EVENTLOG_FILE_CHANGED; i++) {
        do {
            error = search_back(cursor);
        } while (error == ERROR_SUCCESS && !find_in_buffer(cursor, since, filter));
        if (error != ERROR_SUCCESS && error != ERROR_HANDLE_EOF &&
            error != ERROR_EVENTLOG_FILE_CHANGED)
            return error;
        /* A handle that has been read from goes on from there: the way forwards needs its own. */
        DWORD reopened = classic_cursor_reopen(cursor);
        if (reopened != ERROR_SUCCESS)
            return reopened;
    }
    if (error == ERROR_EVENTLOG_FILE_CHANGED)
        return error;
    return cursor->positioned ? ERROR_SUCCESS : find_shortage(cursor);
}

/* Whether the record of that number is another one than it was. Where it cannot be sought (in large
 * logs at any time, Knowledge Base article 177199) nobody can tell. */
static bool was_replaced(struct classic_cursor *cursor, const struct event_place *seen)
{
    struct event_record record;
    if (seen->time == 0 ||
        classic_cursor_read(cursor, EVENTLOG_FORWARDS_READ | EVENTLOG_SEEK_READ,
                            (DWORD)seen->record) != ERROR_SUCCESS ||
        !classic_cursor_decode(cursor, &record) || record.number != (uint32_t)seen->record)
        return false;
    return !event_place_same_time(record.generated, seen->time);
}

DWORD classic_cursor_compare(struct classic_cursor *cursor, const struct event_place *seen)
{
    uint32_t last = (uint32_t)seen->record; /* a longer one is another reader's */
    uint32_t oldest, newest;
    bool any;
    DWORD error = classic_cursor_edges(cursor, &oldest, &newest, &any);
    if (error != ERROR_SUCCESS)
        return error;
    struct event_source_change change = {0};
    if (!any || classic_distance(newest, last) > 0) {
        newest = last; /* the count may be wrong: the record itself is not */
        error = classic_cursor_read_newest(cursor, &newest, &any);
        if (error != ERROR_SUCCESS)
            return error;
        change.cleared = !any || classic_distance(newest, last) > 0;
    } else if (classic_distance(last, oldest) > 1) {
        change.first = (uint32_t)(last + 1);
        change.last = (uint32_t)(oldest - 1);
    } else {
        change.cleared = was_replaced(cursor, seen);
        error = classic_cursor_reopen(cursor);
        if (error != ERROR_SUCCESS)
            return error;
    }
    cursor->change = change;
    return ERROR_SUCCESS;
}
