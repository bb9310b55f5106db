#include <stdio.h>
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

void log_reader_begin(struct log_reader *reader, const struct settings *settings, int64_t since)
{
    log_reader_close(reader);
    if (reader->settings && reads_the_same(settings, reader->settings)) {
        if (reader->last_record > reader->read_before)
            reader->read_before = reader->last_record;
    } else { /* perhaps another log */
        reader->read_before = 0;
        reader->away = false;
    }
    reader->settings = settings;
    reader->since = since;
    reader->last_record = 0;
    reader->pause = FIRST_PAUSE;
    reader->retry_at = log_reader_calls.GetTickCount();
}

/* Opens the reader that the settings ask for and notes why it was that one. */
static DWORD open_source(struct log_reader *reader, const char **failed_call)
{
    const struct settings *settings = reader->settings;
    const struct event_source_options options = {
        .channel = settings->channel,
        .provider = settings->provider,
        .event_id = (uint16_t)settings->event_id,
        .since = reader->since,
        .after_record = reader->last_record,
        .resume = reader->last_record != 0,
        .stop = reader->stop,
    };
    DWORD error;
    snprintf(reader->why, sizeof reader->why, "as the setting Reader says");
    if (settings->reader == READER_MODERN)
        return log_reader_calls.modern_log_open(&options, &reader->source, failed_call);
    if (settings->reader == READER_CLASSIC)
        return log_reader_calls.classic_log_open(&options, &reader->source, failed_call);
    error = log_reader_calls.modern_log_open(&options, &reader->source, failed_call);
    if (!error) {
        snprintf(reader->why, sizeof reader->why, "chosen because this Windows has it");
        return ERROR_SUCCESS;
    }
    if (error == ERROR_MOD_NOT_FOUND || error == ERROR_PROC_NOT_FOUND)
        snprintf(reader->why, sizeof reader->why, "chosen because this Windows has no wevtapi.dll");
    else
        snprintf(reader->why, sizeof reader->why,
                 "chosen because in the modern one %s failed with error %lu", *failed_call, error);
    return log_reader_calls.classic_log_open(&options, &reader->source, failed_call);
}

static void lose(struct log_reader *reader, const char *call, DWORD error)
{
    reader->retry_at = log_reader_calls.GetTickCount() + reader->pause;
    reader->pause =
        reader->pause < LOG_READER_PAUSE_MAX / 2 ? reader->pause * 2 : LOG_READER_PAUSE_MAX;
    if (reader->away)
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
        reader->read_before = 0;
    if (reader->read_before && reader->last_record <= reader->read_before)
        reader->again = reader->source->counters;
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
    DWORD error = reader->source->methods->next(reader->source, events, count, &change);
    reader->last_record = reader->source->last_record;
    note_again(reader, &change);
    tell_change(reader, &change);
    if (error == ERROR_SUCCESS || error == ERROR_NO_MORE_ITEMS) {
        come_back(reader);
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

struct event_source_counters log_reader_count(const struct log_reader *reader)
{
    struct event_source_counters all = reader->past;
    if (reader->source) {
        const struct event_source_counters *now = &reader->source->counters;
        all.matched += now->matched - reader->again.matched;
        all.malformed += now->malformed - reader->again.malformed;
        if (now->malformed)
            all.malformed_record = now->malformed_record;
    }
    return all;
}
