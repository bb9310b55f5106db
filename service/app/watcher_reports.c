#include "settings_source.h"
#include "watcher_reports.h"
#include "../core/event_time.h"
#include "../windows/report.h"

void report_started(const struct settings *settings, const struct log_reader *reader,
                    enum watcher_mode mode)
{
    struct report report;
    report_begin(&report, MSG_STARTED);
    report_add_format(&report, "%s", RELAYLOCK_VERSION);
    report_add(&report, text_of(settings->channel));
    report_add_number(&report, settings->event_id);
    report_add(&report, text_of(settings->provider));
    report_add_format(&report, "%s", reader->source->kind);
    report_add_format(&report, "%s", reader->why);
    settings_source_add(&report, settings);
    report_add_format(&report, "%s", watcher_mode_name(mode));
    report_send(&report);
    if (mode == WATCHER_OBSERVES)
        watcher_mode_tell(mode);
}

void report_stopped(uint64_t read, uint32_t locked)
{
    struct report report;
    report_begin(&report, MSG_STOPPED);
    report_add_number(&report, read);
    report_add_number(&report, locked);
    report_send(&report);
    report_flush();
}

void report_status(const struct log_reader *reader, const struct watcher_status *status)
{
    uint64_t up = status->uptime;
    struct report report;
    report_begin(&report, MSG_STATUS);
    if (reader->source)
        report_add_format(&report, "%s (%s)", reader->source->kind, reader->why);
    else
        report_add(&report, TEXT_OF(u"none: the log cannot be read at the moment"));
    report_add_number(&report, reader->last_record);
    report_add_number(&report, status->log.matched - status->log.foreign);
    report_add_number(&report, status->log.malformed);
    report_add_number(&report, status->guard.accounts);
    report_add_number(&report, status->response.locked);
    report_add_number(&report, status->guard.budget_left);
    report_add_format(&report, "%s", watcher_mode_name(status->mode));
    report_add_format(&report, "%llu d %llu h %llu min %llu s", up / 86400, up / 3600 % 24,
                      up / 60 % 60, up % 60);
    report_send(&report);
}

void report_malformed(const struct settings *settings, uint64_t count, uint64_t record)
{
    struct report report;
    report_begin(&report, MSG_MALFORMED);
    report_add_number(&report, count);
    report_add_number(&report, record);
    report_add(&report, text_of(settings->channel));
    report_send(&report);
}

void report_lost(const struct settings *settings, uint64_t count)
{
    struct report report;
    report_begin(&report, MSG_ACCOUNTS_LOST);
    report_add_number(&report, settings->max_accounts);
    report_add_number(&report, count);
    report_send(&report);
}

void report_moved(const struct settings *settings, uint64_t count, const struct live_time *live)
{
    struct report report;
    char time[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(live->record_time, time);
    report_begin(&report, MSG_TIME_IMPOSSIBLE);
    report_add_number(&report, count);
    report_add_number(&report, live->record);
    report_add(&report, text_of(settings->channel));
    report_add_format(&report, "%s", time);
    report_send(&report);
}
