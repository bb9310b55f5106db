/* watcher.c: see watcher.h. */
#include <stdlib.h>
#include <string.h>
#include "settings_source.h"
#include "watcher_reports.h"
#include "watcher_state.h"
#include "../core/event_time.h"
#include "../windows/hash_key.h"
#include "../windows/report.h"

enum {
    HOUR = 3600000,        /* ms */
    STORE_PATIENCE = 2000, /* ms at the start to wait for what the journal holds */
    LEFT_PATIENCE = 300    /* ms to wait at the end for the resolver, and for the queue watch */
};

struct watcher_calls watcher_calls = {.GetTickCount = GetTickCount};

int64_t watcher_wall(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

uint64_t watcher_uptime(struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    watcher->uptime += now - watcher->uptime_at;
    watcher->uptime_at = now;
    return watcher->uptime;
}

static void look_out(struct watcher *watcher)
{
    lookout_advance(&watcher->lookout, watcher_calls.GetTickCount(), watcher_wall());
    lookout_look(&watcher->lookout, &watcher->reader, watcher->settings, &watcher->detector);
}

static void all_is_read(struct watcher *watcher)
{
    const struct event_place *seen = &watcher->reader.seen;
    struct position_record position = {.record = seen->record, .time = seen->time};
    memcpy(position.channel, watcher->settings->channel, sizeof position.channel);
    if (log_reader_is_reading(&watcher->reader)) { /* else there may be more */
        live_time_all_read(&watcher->live, watcher->read_at);
        detector_all_read(&watcher->detector, watcher->reader.last_record, &position,
                          watcher->read_at);
    }
    look_out(watcher);
}

/* Goes on where an earlier process stopped, once, as soon as it is known what that one put down. */
static void recall(struct watcher *watcher, const struct store_news *news)
{
    if (news->open && !watcher->recalled) {
        log_reader_recall(&watcher->reader, &news->position);
        watcher->recalled = true;
    }
    lookout_recall(&watcher->lookout, news, watcher_calls.GetTickCount(), watcher_wall());
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
    if (!news.open || watcher_count_again(watcher, watcher->settings))
        recall(watcher, &news);
    return true;
}

/* Once an hour. */
static void look_back(struct watcher *watcher)
{
    const struct event_source_counters log = log_reader_count(&watcher->reader);
    trouble_tell(&watcher->trouble, watcher->settings, &log, watcher->detector.guard,
                 &watcher->live);
    watcher_uptime(watcher);
    detector_settle(&watcher->detector);
    queue_watch_tell_hanging(watcher->detector.queue);
    report_flush();
}

DWORD watcher_until(DWORD now, DWORD due)
{
    return (LONG)(due - now) > 0 ? due - now : 0;
}

static void do_what_is_due(struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    if (watcher_until(now, watcher->hour_at) == 0) {
        look_back(watcher);
        watcher->hour_at = now + HOUR;
    }
    if (policy_news_look(&watcher->policy, now))
        watcher_reload(watcher, true);
    watcher_recount_if_due(watcher, now);
}

static DWORD sooner(DWORD a, DWORD b)
{
    return a < b ? a : b;
}

static DWORD time_to_wait(const struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount();
    DWORD wait = sooner(log_reader_wait(&watcher->reader), watcher_until(now, watcher->hour_at));
    wait = sooner(wait, lookout_wait(&watcher->lookout));
    wait = sooner(wait, policy_news_wait(&watcher->policy, now));
    return watcher->recount ? sooner(wait, watcher_until(now, watcher->recount_at)) : wait;
}

static void watch(struct watcher *watcher)
{
    const struct control *control = watcher->control;
    for (;;) {
        do_what_is_due(watcher);
        bool all_read = watcher_read(watcher);
        DWORD told = detector_tell(&watcher->detector);
        if (all_read)
            all_is_read(watcher);
        DWORD wait = sooner(told, time_to_wait(watcher));
        HANDLE handles[7] = {control->stop,
                             control->request,
                             watcher->late,
                             watcher->done,
                             outlook_signal(&watcher->lookout.outlook),
                             policy_news_signal(&watcher->policy)};
        DWORD count = 6;
        if (watcher->reader.source)
            handles[count++] = watcher->reader.source->wake;
        switch (WaitForMultipleObjects(count, handles, FALSE, all_read ? wait : 0)) {
        case WAIT_OBJECT_0:
            return;
        case WAIT_OBJECT_0 + 1:
            watcher_hear_requests(watcher);
            break;
        case WAIT_OBJECT_0 + 2:
            watcher_want_recount(watcher);
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
    while (WaitForMultipleObjects(2, handles, FALSE, watcher_until(now, due)) ==
               WAIT_OBJECT_0 + 1 &&
           !hear_responder(watcher))
        now = watcher_calls.GetTickCount();
}

static DWORD prepare(struct watcher *watcher)
{
    struct detector *detector = &watcher->detector;
    DWORD error = hash_key_make(&detector->key);
    if (!error)
        error = outlook_init(&watcher->lookout.outlook);
    if (!error)
        error = policy_news_init(&watcher->policy, watcher_calls.GetTickCount());
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
    watcher->mode = watcher_mode_begin(detector, settings);
    if (!watcher_count_again(watcher, settings)) {
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
    error = queue_watch_start(settings, &detector->queue);
    if (error)
        return error;
    error = responder_start(settings, watcher->control->stop, watcher->done, &detector->responder);
    if (error)
        return error;
    wait_for_store(watcher);
    watcher_recount_at_once(watcher);
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
    if (detector->queue)
        ended = queue_watch_stop(detector->queue, LEFT_PATIENCE) && ended;
    if (detector->resolver)
        ended = resolver_stop(detector->resolver, LEFT_PATIENCE) && ended;
    return ended;
}

DWORD watcher_run(struct control *control)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    if (!watcher)
        return ERROR_NOT_ENOUGH_MEMORY;
    report_hurry(false);
    watcher->control = control;
    watcher->reader.stop = control->stop;
    struct lockdown_figures figures = {0};
    DWORD error = prepare(watcher);
    if (!error) {
        watch(watcher);
        report_hurry(true);
        lookout_advance(&watcher->lookout, watcher_calls.GetTickCount(), watcher_wall());
        lookout_keep(&watcher->lookout, watcher->detector.responder);
        responder_count(watcher->detector.responder, &figures);
    }
    log_reader_close(&watcher->reader);
    bool ended = end_threads(watcher);
    const struct event_source_counters log = log_reader_count(&watcher->reader);
    if (!error)
        report_stopped(log.matched - log.foreign, figures.locked);
    outlook_end(&watcher->lookout.outlook);
    policy_news_end(&watcher->policy);
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
