/* watcher_state.h: what a watcher consists of; for the watcher*.c files only. */
#ifndef RELAYLOCK_APP_WATCHER_STATE_H
#define RELAYLOCK_APP_WATCHER_STATE_H

#include "detector.h"
#include "live_time.h"
#include "log_reader.h"
#include "lookout.h"
#include "policy_news.h"
#include "trouble.h"
#include "watcher.h"
#include "watcher_mode.h"

struct watcher {
    struct control *control;
    struct settings *settings;
    struct log_reader reader;
    struct relay_event events[EVENT_SOURCE_BATCH]; /* the batch in hand */
    size_t event_count, event_at;
    struct live_time live;
    struct detector detector;
    struct lookout lookout;
    struct policy_news policy;
    HANDLE late;   /* auto-reset: the resolver found a name too late */
    HANDLE done;   /* auto-reset: the responder has something to tell */
    bool started;  /* the start was told */
    bool recalled; /* reading began where an earlier process stopped, if there was one */
    DWORD read_at; /* GetTickCount when reading began last */
    enum watcher_mode mode;
    bool recount;     /* wanted as soon as recount_at */
    DWORD recount_at; /* GetTickCount, as all below */
    DWORD recounted_at;
    DWORD hour_at; /* of the next hourly look */
    struct trouble trouble;
    uint64_t uptime; /* ms until uptime_at: GetTickCount wraps */
    DWORD uptime_at;
};

/* watcher.c */

int64_t watcher_wall(void);                       /* seconds since 1970-01-01 UTC */
DWORD watcher_until(DWORD now, DWORD due);        /* ms of GetTickCount; 0: it is past */
uint64_t watcher_uptime(struct watcher *watcher); /* ms since the start */

/* watcher_reading.c */

/* Reads the log again from one longest window back and counts from zero, by the settings, which
 * become the ones in force. The log is the database: no counter is carried over. False, with all as
 * it was, when there is no memory. */
bool watcher_count_again(struct watcher *watcher, struct settings *settings);

/* Reads until everything is read (true) or it is time to look at the handles again (false): names
 * that a domain controller is slow to know must not hold up what is asked of us. */
bool watcher_read(struct watcher *watcher);

/* Names were found too late to be counted by their SID: it is counted again, once a minute at the
 * most, so that a hanging domain controller cannot keep us reading in circles. */
void watcher_want_recount(struct watcher *watcher);
void watcher_recount_if_due(struct watcher *watcher, DWORD now);

/* The first one need not wait. */
void watcher_recount_at_once(struct watcher *watcher);

/* watcher_requests.c */

/* Does what was asked of us from outside (control.h). */
void watcher_hear_requests(struct watcher *watcher);

/* Takes the settings anew. A policy that changed may be somebody else's. */
void watcher_reload(struct watcher *watcher, bool by_policy);

#endif
