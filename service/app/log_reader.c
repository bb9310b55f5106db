#include <stdio.h>
#include <string.h>
#include "log_reader.h"
#include "../windows/classic_log.h"
#include "../windows/modern_log.h"
#include "../windows/report.h"

struct log_reader_calls log_reader_calls = {
    .modern_log_open = modern_log_open,
    .classic_log_open = classic_log_open,
    .GetTickCount = GetTickCount,
};

enum { FIRST_PAUSE = 500 }; /* ms */

void log_reader_close(struct log_reader *reader)
{
    reader->retry_at = log_reader_calls.GetTickCount();
    if (!reader->source)
        return;
    reader->past = log_reader_count(reader);
    reader->again = (struct event_source_counters){0};
    reader->source->methods->close(reader->source);
    reader->source = NULL;
}

static bool reads_the_same(const struct settings *a, const struct settings *b)
{
    return a->event_id == b->event_id &&
           text_equal_fold(text_of(a->channel), text_of(b->channel)) &&
           text_equal_fold(text_of(a->provider), text_of(b->provider));
}

/* Where Windows does not tell its name, all count: real ones must not be lost. */
static void find_origins(struct log_reader *reader)
{
    struct text own[OWN_NAMES_MAX];
    own_names_find(&reader->own);
    for (size_t i = 0; i < reader->own.count; i++)
        own[i] = text_of(reader->own.at[i]);
    settings_for_origins(reader->settings, own, reader->own.count, &reader->origins);
}

void log_reader_begin(struct log_reader *reader, const struct settings *settings, int64_t since)
{
    log_reader_close(reader);
    if (reader->settings && reads_the_same(settings, reader->settings)) {
        if (reader->last_record > reader->read_before)
            reader->read_before = reader->last_record;
    } else { /* perhaps another log */
        reader->read_before = 0;
        reader->away = false;
        reader->seen = (struct event_place){0};
        reader->gaps = (struct gap_list){0};
        reader->known = 0;
        reader->recalled = false;
    }
    reader->settings = settings;
    find_origins(reader);
    reader->since = since;
    reader->last_record = 0;
    reader->pause = FIRST_PAUSE;
}

void log_reader_recall(struct log_reader *reader, const struct position_record *position)
{
    if (position->record == 0 ||
        !text_equal_fold(text_of(position->channel), text_of(reader->settings->channel)))
        return;
    /* since is one window before now: the difference is for how long the service was away. */
    int64_t window = (int64_t)settings_longest_window(reader->settings);
    int64_t now = reader->since + window - 1;
    int64_t from =
        position->time > now - LOG_READER_BACK_MAX ? position->time : now - LOG_READER_BACK_MAX;
    reader->recalled = from < now;
    reader->recalled_since = from - window + 1;
    reader->recalled_at = log_reader_calls.GetTickCount();
    reader->seen = (struct event_place){position->record, position->time};
    reader->known = position->record;
}

static int64_t start_of(const struct log_reader *reader)
{
    return reader->recalled && reader->recalled_since < reader->since ? reader->recalled_since
                                                                      : reader->since;
}

DWORD log_reader_choose(enum reader_choice choice, const struct event_source_options *options,
                        struct event_source **source, char why[LOG_READER_WHY_SIZE], DWORD *refused,
                        const char **failed_call)
{
    *refused = ERROR_SUCCESS;
    snprintf(why, LOG_READER_WHY_SIZE, "as the setting Reader says");
    if (choice == READER_MODERN)
        return log_reader_calls.modern_log_open(options, source, failed_call);
    if (choice == READER_CLASSIC)
        return log_reader_calls.classic_log_open(options, source, failed_call);
    DWORD modern_error = log_reader_calls.modern_log_open(options, source, failed_call);
    const char *modern_call = *failed_call;
    if (!modern_error) {
        snprintf(why, LOG_READER_WHY_SIZE, "chosen because this Windows has it");
        return ERROR_SUCCESS;
    }
    if (modern_error == ERROR_CANCELLED)
        return modern_error;
    bool lacking = modern_error == ERROR_MOD_NOT_FOUND || modern_error == ERROR_PROC_NOT_FOUND;
    if (lacking)
        snprintf(why, LOG_READER_WHY_SIZE, "chosen because this Windows has no wevtapi.dll");
    else
        snprintf(why, LOG_READER_WHY_SIZE,
                 "chosen because in the modern one %s failed with error %lu", modern_call,
                 modern_error);
    DWORD error = log_reader_calls.classic_log_open(options, source, failed_call);
    if (lacking || error == ERROR_CANCELLED)
        return error;
    if (error) {
        *failed_call = modern_call;
        return modern_error;
    }
    *refused = modern_error;
    return ERROR_SUCCESS;
}

/* Opens the log where reading stopped. */
static DWORD open_source(struct log_reader *reader, const char **failed_call)
{
    const struct settings *settings = reader->settings;
    const struct event_source_options options = {
        .channel = settings->channel,
        .provider = settings->provider,
        .event_id = (uint16_t)settings->event_id,
        .since = start_of(reader),
        .after_record = reader->last_record,
        .resume = reader->last_record != 0,
        .seen = reader->seen,
        .origins = &reader->origins,
        .stop = reader->stop,
    };
    DWORD refused;
    return log_reader_choose(settings->reader, &options, &reader->source, reader->why, &refused,
                             failed_call);
}

static void lose(struct log_reader *reader, const char *call, DWORD error)
{
    reader->retry_at = log_reader_calls.GetTickCount() + reader->pause;
    reader->pause =
        reader->pause < LOG_READER_PAUSE_MAX / 2 ? reader->pause * 2 : LOG_READER_PAUSE_MAX;
    if (reader->away || error == ERROR_CANCELLED)
        return;
    reader->away = true;
    struct report report;
    report_begin(&report, MSG_LOG_LOST);
    report_add(&report, text_of(reader->settings->channel));
    report_add_format(&report, "%s", call);
    report_add_error(&report, error);
    report_add_number(&report, reader->last_record);
    report_send(&report);
}

bool log_reader_open(struct log_reader *reader)
{
    if (reader->source)
        return true;
    if ((LONG)(log_reader_calls.GetTickCount() - reader->retry_at) < 0)
        return false;
    const char *failed_call = "";
    DWORD error = open_source(reader, &failed_call);
    if (error) {
        lose(reader, failed_call, error);
        return false;
    }
    if (reader->source->short_of != 0)
        gap_list_add(&reader->gaps, &(struct gap){1, reader->source->short_of, false});
    return true;
}

/* The log is back only once it could be read: one that opens and then fails is still away. */
static void come_back(struct log_reader *reader)
{
    reader->pause = FIRST_PAUSE;
    if (!reader->away)
        return;
    reader->away = false;
    struct report report;
    report_begin(&report, MSG_LOG_BACK);
    report_add(&report, text_of(reader->settings->channel));
    report_add_format(&report, "%s", reader->source->kind);
    report_add_format(&report, "%s", reader->why);
    report_send(&report);
}

/* Keeps what is read a second time out of the counters. */
static void note_again(struct log_reader *reader, const struct event_source_change *change)
{
    if (change->cleared)
        reader->read_before = reader->known = 0;
    if (reader->read_before && reader->last_record <= reader->read_before)
        reader->again = reader->source->counters;
    else if (reader->known && reader->last_record <= reader->known)
        reader->known_count = log_reader_count(reader);
}

/* How many of the events come before the change: their numbers go up from the record read before
 * them, and stay below those that are lost. */
static size_t before_change(const struct event_source_change *change, uint64_t previous,
                            const struct relay_event *events, size_t count)
{
    size_t i = 0;
    while (i < count && previous != 0 && events[i].record > previous &&
           (change->last == 0 || events[i].record < change->first))
        previous = events[i++].record;
    return i;
}

static void pass(struct gap_list *gaps, const struct relay_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        gap_list_pass(gaps, events[i].record, events[i].time);
}

/* Takes the change into the list of gaps, at its place among the events. previous: the record read
 * before them. */
static void note_gap(struct log_reader *reader, const struct event_source_change *change,
                     uint64_t previous, const struct relay_event *events, size_t count)
{
    struct gap gap = {change->first, change->last, change->cleared};
    size_t before = count;
    if (change->cleared || change->last != 0) {
        before = before_change(change, previous, events, count);
        if (change->last == 0)
            gap.first = gap.last = reader->seen.record + 1;
    }
    pass(&reader->gaps, events, before);
    if (change->cleared || change->last != 0)
        gap_list_add(&reader->gaps, &gap);
    pass(&reader->gaps, events + before, count - before);
}

/* Up to where all was looked at; what is lost will not be missed a second time. */
static void note_seen(struct log_reader *reader, const struct event_source_change *change)
{
    const struct event_place *seen = &reader->source->seen;
    if (change->cleared || seen->record > reader->seen.record)
        reader->seen = *seen;
    if (change->last > reader->seen.record)
        reader->seen = (struct event_place){change->last, 0};
}

static void tell_change(const struct log_reader *reader, const struct event_source_change *change)
{
    struct report report;
    if (change->cleared) {
        report_begin(&report, MSG_LOG_CLEARED);
        report_add(&report, text_of(reader->settings->channel));
        report_send(&report);
    }
    if (change->last) {
        report_begin(&report, MSG_RECORDS_MISSED);
        report_add(&report, text_of(reader->settings->channel));
        report_add_number(&report, change->first);
        report_add_number(&report, change->last);
        report_send(&report);
    }
}

DWORD log_reader_next(struct log_reader *reader, struct relay_event *events, size_t *count)
{
    struct event_source_change change;
    *count = 0;
    if (!log_reader_open(reader))
        return ERROR_NO_MORE_ITEMS;
    uint64_t previous = reader->last_record;
    DWORD error = reader->source->methods->next(reader->source, events, count, &change);
    reader->last_record = reader->source->last_record;
    note_again(reader, &change);
    note_gap(reader, &change, previous, events, *count);
    note_seen(reader, &change);
    tell_change(reader, &change);
    if (error == ERROR_SUCCESS || error == ERROR_NO_MORE_ITEMS) {
        come_back(reader);
        if (error == ERROR_NO_MORE_ITEMS)
            reader->recalled =
                reader->recalled &&
                log_reader_calls.GetTickCount() - reader->recalled_at < LOG_READER_RECALL_KEPT;
        return error;
    }
    log_reader_close(reader);
    lose(reader, "reading", error);
    return ERROR_NO_MORE_ITEMS;
}

DWORD log_reader_wait(const struct log_reader *reader)
{
    if (reader->source)
        return reader->source->poll;
    LONG left = (LONG)(reader->retry_at - log_reader_calls.GetTickCount());
    return left > 0 ? (DWORD)left : 0;
}

/* Those of a source behind the first `before` of it. */
static void add_foreign(struct event_source_counters *all, const struct event_source_counters *now,
                        uint64_t before)
{
    uint64_t i = before;
    if (now->foreign - before > EVENT_SOURCE_FOREIGN)
        i = now->foreign - EVENT_SOURCE_FOREIGN;
    for (all->foreign += i - before; i < now->foreign; i++)
        all->foreign_records[all->foreign++ % EVENT_SOURCE_FOREIGN] =
            now->foreign_records[i % EVENT_SOURCE_FOREIGN];
    if (now->foreign > before)
        memcpy(all->foreign_computer, now->foreign_computer, sizeof all->foreign_computer);
}

struct event_source_counters log_reader_count(const struct log_reader *reader)
{
    struct event_source_counters all = reader->past;
    if (reader->source) {
        const struct event_source_counters *now = &reader->source->counters;
        all.matched += now->matched - reader->again.matched;
        all.malformed += now->malformed - reader->again.malformed;
        if (now->malformed)
            all.malformed_record = now->malformed_record;
        add_foreign(&all, now, reader->again.foreign);
    }
    return all;
}

struct event_source_counters log_reader_count_fresh(const struct log_reader *reader)
{
    struct event_source_counters all = log_reader_count(reader);
    all.matched -= reader->known_count.matched;
    all.malformed -= reader->known_count.malformed;
    all.foreign -= reader->known_count.foreign;
    return all;
}

bool log_reader_is_reading(const struct log_reader *reader)
{
    return reader->source && !reader->away;
}

DWORD log_reader_look(struct log_reader *reader, struct log_facts *facts, const char **failed_call)
{
    if (!reader->source) {
        *failed_call = "opening the log";
        return ERROR_NOT_READY;
    }
    return reader->source->methods->look(reader->source, facts, failed_call);
}
