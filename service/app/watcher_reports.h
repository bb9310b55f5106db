/* watcher_reports.h: what the watcher says in the event log (docs/events.md, 100 to 399). */
#ifndef RELAYLOCK_APP_WATCHER_REPORTS_H
#define RELAYLOCK_APP_WATCHER_REPORTS_H

#include "live_time.h"
#include "lockdown.h"
#include "log_reader.h"
#include "watcher_mode.h"
#include "../core/guard.h"

/* At the start and the end. */
void report_started(const struct settings *settings, const struct log_reader *reader,
                    enum watcher_mode mode);
void report_stopped(uint64_t read, uint32_t locked);

struct watcher_status {
    struct event_source_counters log;
    struct guard_counters guard;
    struct lockdown_figures response;
    enum watcher_mode mode;
    uint64_t uptime; /* seconds */
};
void report_status(const struct log_reader *reader, const struct watcher_status *status);

/* Of the last hour: events that were malformed, the latest being a record; accounts that were
 * forgotten while they still counted; sign-ins whose time could not be, the latest as in live. */
void report_malformed(const struct settings *settings, uint64_t count, uint64_t record);
void report_lost(const struct settings *settings, uint64_t count);
void report_moved(const struct settings *settings, uint64_t count, const struct live_time *live);

#endif
