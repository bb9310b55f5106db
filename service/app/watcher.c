#include <stdlib.h>
#include <string.h>
#include "detector.h"
#include "log_reader.h"
#include "lookout.h"
#include "settings_source.h"
#include "watcher.h"
#include "watcher_reports.h"
#include "../core/event_time.h"
#include "../windows/hash_key.h"
#include "../windows/report.h"

enum {
    HOUR = 3600000,        /* ms */
    RECOUNT_PAUSE = 60000, /* ms at least between two recounts for names found late */
    TURN = 100,            /* ms after which the handles are looked at in the midst of reading */
    STORE_PATIENCE = 2000, /* ms at the start to wait for what the journal holds */
    LEFT_PATIENCE = 300    /* ms to wait for the resolver at the end */
};

struct watcher {
    struct control *control;
    struct settings *settings;
    struct log_reader reader;
    struct relay_event events[EVENT_SOURCE_BATCH]; /* the batch in hand */
    size_t event_count, event_at;
    struct detector detector;
    struct lookout lookout;
    HANDLE late;   /* auto-reset: the resolver found a name too late */
    HANDLE done;   /* auto-reset: the responder has something to tell */
    bool started;  /* the start was told */
    bool recalled; /* reading began where an earlier process stopped, if there was one */
    DWORD read_at; /* GetTickCount when reading began last */
    bool observing;
    bool recount;     /* wanted as soon as recount_at */
    DWORD recount_at; /* GetTickCount, as all below */
    DWORD recounted_at;
    DWORD hour_at;                      /* of the next hourly look */
    uint64_t hour_malformed, hour_lost; /* counters at the last one */
    uint64_t lost_before;               /* by guards since replaced, not yet told */
    uint64_t uptime;                    /* ms until uptime_at: GetTickCount wraps */
    DWORD uptime_at;
};

struct watcher_calls watcher_calls = {.GetTickCount = GetTickCount};

static int64_t now_seconds(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

/* Accounts lost since the last hourly look. */
static uint64_t lost_so_far(const struct watcher *watcher)
{
    struct guard_counters guard = {0};
    if (watcher->detector.guard)
        guard_count(watcher->detector.guard, &guard);
    return watcher->lost_before + guard.lost - watcher->hour_lost;
}

/* Reads the log again from one longest window back and counts from zero, by the settings, which
 * become the ones in force. The log is the database: no counter is carried over. False, with all as
 * it was, when there is no memory. */
static bool count_again(struct watcher *watcher, struct settings *settings)
{
    uint64_t lost = lost_so_far(watcher);
    if (!detector_count_afresh(&watcher->detector, settings))
        return false;
    watcher->lost_before = lost;
    watcher->event_count = 0; /* the batch goes with its source */
    log_reader_begin(&watcher->reader, settings,
                     now_seconds() - settings_longest_window(settings) + 1);
    if (settings != watcher->settings) {
        free(watcher->settings);
        watcher->settings = settings;
    }
    watcher->hour_lost = 0;
    watcher->recount = false;
    watcher->recounted_at = watcher_calls.GetTickCount();
    return true;
}

/* Reads until everything is read (true) or it is time to look at the handles again (false): names
 * that a domain controller is slow to know must not hold up what is asked of us. */
static bool read_log(struct watcher *watcher)
{
    DWORD begun = watcher->read_at = watcher_calls.GetTickCount();
    if (log_reader_open(&watcher->reader) && !watcher->started) {
        report_started(watcher->settings, &watcher->reader);
        watcher->started = true;
    }
    for (;;) {
        while (watcher->event_at < watcher->event_count) {
            detector_take(&watcher->detector, &watcher->events[watcher->event_at++]);
            if (watcher_calls.GetTickCount() - begun >= TURN)
                return false;
        }
        watcher->event_at = 0;
        if (log_reader_next(&watcher->reader, watcher->events, &watcher->event_count) ==
            ERROR_NO_MORE_ITEMS)
            return true;
        if (watcher_calls.GetTickCount() - begun >= TURN)
            return false;
    }
}

static uint64_t uptime(struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    watcher->uptime += now - watcher->uptime_at;
    watcher->uptime_at = now;
    return watcher->uptime;
}

static void look_out(struct watcher *watcher)
{
    lookout_advance(&watcher->lookout, watcher_calls.GetTickCount(), now_seconds());
    lookout_look(&watcher->lookout, &watcher->reader, watcher->settings, &watcher->detector);
}

static void all_is_read(struct watcher *watcher)
{
    const struct event_place *seen = &watcher->reader.seen;
    struct position_record position = {.record = seen->record, .time = seen->time};
    memcpy(position.channel, watcher->settings->channel, sizeof position.channel);
    if (log_reader_is_reading(&watcher->reader)) /* else there may be more */
        detector_all_read(&watcher->detector, watcher->reader.last_record, &position,
                          watcher->read_at);
    look_out(watcher);
}

/* Goes on where an earlier process stopped, once, as soon as it is known what that one put down. */
static void recall(struct watcher *watcher, const struct store_news *news)
{
    if (news->open && !watcher->recalled) {
        log_reader_recall(&watcher->reader, &news->position);
        watcher->recalled = true;
    }
    lookout_recall(&watcher->lookout, news, watcher_calls.GetTickCount(), now_seconds());
}

/* What the responder has to tell. Once the journal can be kept, the log is read again: whom the
 * journal holds is not decided on twice, and who was only flagged meanwhile is locked. Whether it
 * told of the journal. */
static bool hear_responder(struct watcher *watcher)
{
    struct detector *detector = &watcher->detector;
    struct store_news news;
    bool told = responder_take_store(detector->responder, &news);
    detector_hear(detector);
    if (!told)
        return false;
    detector_store(detector, !news.open);
    if (!news.open || count_again(watcher, watcher->settings))
        recall(watcher, &news);
    return true;
}

static void tell_status(struct watcher *watcher)
{
    struct watcher_status status = {.log = log_reader_count(&watcher->reader),
                                    .observing = watcher->observing,
                                    .uptime = uptime(watcher) / 1000};
    guard_count(watcher->detector.guard, &status.guard);
    responder_count(watcher->detector.responder, &status.response);
    report_status(&watcher->reader, &status);
}

/* Says the state back even when it is the old one: somebody asked and waits for it. */
static void observe(struct watcher *watcher)
{
    bool observing = watcher->control->observe != 0;
    if (observing != watcher->observing) {
        watcher->observing = observing;
        detector_observe(&watcher->detector, observing);
        responder_observe(watcher->detector.responder, observing);
        report_event(observing ? MSG_PAUSED : MSG_CONTINUED, 0);
    }
    watcher->control->observing(watcher->control->context, observing);
}

static void reload(struct watcher *watcher)
{
    struct settings *fresh = settings_source_reload();
    if (!fresh)
        return;
    if (!count_again(watcher, fresh)) {
        settings_source_tell_error(ERROR_NOT_ENOUGH_MEMORY);
        free(fresh);
        return;
    }
    responder_configure(watcher->detector.responder, fresh);
    settings_source_tell_reloaded(fresh);
}

static void hear_requests(struct watcher *watcher)
{
    if (control_take(&watcher->control->asked))
        observe(watcher);
    if (control_take(&watcher->control->reload))
        reload(watcher);
    if (control_take(&watcher->control->status))
        tell_status(watcher);
    if (control_take(&watcher->control->release_latest))
        responder_release_latest(watcher->detector.responder);
    if (control_take(&watcher->control->release_asked))
        responder_release_asked(watcher->detector.responder);
}

/* Once an hour: what went wrong in small, as a number. */
static void look_back(struct watcher *watcher)
{
    struct guard_counters guard;
    struct event_source_counters log = log_reader_count(&watcher->reader);
    uint64_t lost = lost_so_far(watcher);
    guard_count(watcher->detector.guard, &guard);
    if (log.malformed > watcher->hour_malformed)
        report_malformed(watcher->settings, log.malformed - watcher->hour_malformed,
                         log.malformed_record);
    if (lost)
        report_lost(watcher->settings, lost);
    watcher->hour_malformed = log.malformed;
    watcher->hour_lost = guard.lost;
    watcher->lost_before = 0;
    uptime(watcher);
    detector_settle(&watcher->detector);
    report_flush();
}

/* Names that were found too late to be counted by their SID: counted again, once a minute at the
 * most, so that a hanging domain controller cannot keep us reading in circles. */
static void want_recount(struct watcher *watcher)
{
    if (!watcher->recount)
        watcher->recount_at = watcher->recounted_at + RECOUNT_PAUSE;
    watcher->recount = true;
}

static DWORD until(DWORD now, DWORD due)
{
    return (LONG)(due - now) > 0 ? due - now : 0;
}

static void do_what_is_due(struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    if (until(now, watcher->hour_at) == 0) {
        look_back(watcher);
        watcher->hour_at = now + HOUR;
    }
    if (watcher->recount && until(now, watcher->recount_at) == 0 &&
        !count_again(watcher, watcher->settings))
        watcher->recount_at = now + RECOUNT_PAUSE; /* no memory: later, perhaps */
}

static DWORD sooner(DWORD a, DWORD b)
{
    return a < b ? a : b;
}

static DWORD time_to_wait(const struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    DWORD wait = sooner(log_reader_wait(&watcher->reader), until(now, watcher->hour_at));
    wait = sooner(wait, lookout_wait(&watcher->lookout));
    return watcher->recount ? sooner(wait, until(now, watcher->recount_at)) : wait;
}

static void watch(struct watcher *watcher)
{
    const struct control *control = watcher->control;
    for (;;) {
        do_what_is_due(watcher);
        bool all_read = read_log(watcher);
        DWORD told = detector_tell(&watcher->detector);
        if (all_read)
            all_is_read(watcher);
        DWORD wait = sooner(told, time_to_wait(watcher));
        HANDLE handles[6] = {control->stop, control->request, watcher->late, watcher->done,
                             outlook_signal(&watcher->lookout.outlook)};
        DWORD count = 5;
        if (watcher->reader.source)
            handles[count++] = watcher->reader.source->wake;
        switch (WaitForMultipleObjects(count, handles, FALSE, all_read ? wait : 0)) {
        case WAIT_OBJECT_0:
            return;
        case WAIT_OBJECT_0 + 1:
            hear_requests(watcher);
            break;
        case WAIT_OBJECT_0 + 2:
            want_recount(watcher);
            break;
        case WAIT_OBJECT_0 + 3:
            hear_responder(watcher);
            break;
        case WAIT_FAILED: /* the log's signal is bad, for the others are ours */
            if (WaitForSingleObject(control->stop, 1000) == WAIT_OBJECT_0)
                return;
            watcher->event_count = watcher->event_at = 0;
            log_reader_close(&watcher->reader);
            break;
        default:
            break;
        }
    }
}

/* A disk that hangs holds up nothing but locks. What is told before is of single accounts. */
static void wait_for_store(struct watcher *watcher)
{
    const HANDLE handles[] = {watcher->control->stop, watcher->done};
    DWORD now = watcher_calls.GetTickCount(), due = now + STORE_PATIENCE;
    while (WaitForMultipleObjects(2, handles, FALSE, until(now, due)) == WAIT_OBJECT_0 + 1 &&
           !hear_responder(watcher))
        now = watcher_calls.GetTickCount();
}

static DWORD prepare(struct watcher *watcher)
{
    struct detector *detector = &watcher->detector;
    DWORD error = hash_key_make(&detector->key);
    if (!error)
        error = outlook_init(&watcher->lookout.outlook);
    if (error)
        return error;
    watcher->late = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!watcher->late)
        return GetLastError();
    watcher->done = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!watcher->done)
        return GetLastError();
    struct settings *settings = settings_source_load();
    if (!settings)
        return ERROR_NOT_ENOUGH_MEMORY;
    detector->store_closed = true; /* until it is known */
    if (!count_again(watcher, settings)) {
        free(settings);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    watcher->uptime_at = watcher_calls.GetTickCount();
    watcher->hour_at = watcher->uptime_at + HOUR;
    detector->stop = watcher->control->stop;
    detector->gaps = &watcher->reader.gaps;
    error = resolver_start(&detector->key, watcher->late, &detector->resolver);
    if (error)
        return error;
    error = responder_start(settings, watcher->control->stop, watcher->done, &detector->responder);
    if (error)
        return error;
    wait_for_store(watcher);
    watcher->recounted_at -= RECOUNT_PAUSE; /* the first one need not wait */
    return ERROR_SUCCESS;
}

/* Ends the threads; false when one hangs in Windows and was left behind. */
static bool end_threads(struct watcher *watcher)
{
    const struct control *control = watcher->control;
    struct detector *detector = &watcher->detector;
    bool ended = true;
    if (detector->responder)
        ended = responder_stop(detector->responder, control->stopping, control->context);
    if (detector->resolver)
        ended = resolver_stop(detector->resolver, LEFT_PATIENCE) && ended;
    return ended;
}

DWORD watcher_run(struct control *control)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    if (!watcher)
        return ERROR_NOT_ENOUGH_MEMORY;
    watcher->control = control;
    watcher->reader.stop = control->stop;
    struct lockdown_figures figures = {0};
    DWORD error = prepare(watcher);
    if (!error) {
        watch(watcher);
        lookout_advance(&watcher->lookout, watcher_calls.GetTickCount(), now_seconds());
        lookout_keep(&watcher->lookout, watcher->detector.responder);
        responder_count(watcher->detector.responder, &figures);
    }
    log_reader_close(&watcher->reader);
    bool ended = end_threads(watcher);
    if (!error)
        report_stopped(log_reader_count(&watcher->reader).matched, figures.locked);
    outlook_end(&watcher->lookout.outlook);
    detector_end(&watcher->detector);
    free(watcher->settings);
    if (ended) { /* else the thread left behind may still signal them */
        if (watcher->late)
            CloseHandle(watcher->late);
        if (watcher->done)
            CloseHandle(watcher->done);
    }
    free(watcher);
    return error;
}
