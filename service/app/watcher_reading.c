/* watcher_reading.c: see watcher_state.h. The log is read, and read again. */
#include <stdlib.h>
#include "watcher_reports.h"
#include "watcher_state.h"

enum {
    RECOUNT_PAUSE = 60000, /* ms at least between two recounts for names found late */
    TURN = 100             /* ms after which the handles are looked at in the midst of reading */
};

bool watcher_count_again(struct watcher *watcher, struct settings *settings)
{
    uint64_t lost = trouble_lost(&watcher->trouble, watcher->detector.guard);
    if (!detector_count_afresh(&watcher->detector, settings))
        return false;
    trouble_go_on(&watcher->trouble, lost);
    watcher->event_count = 0; /* the batch goes with its source */
    live_time_begin(&watcher->live);
    log_reader_begin(&watcher->reader, settings,
                     watcher_wall() - settings_longest_window(settings) + 1);
    if (settings != watcher->settings) {
        free(watcher->settings);
        watcher->settings = settings;
    }
    watcher->recount = false;
    watcher->recounted_at = watcher_calls.GetTickCount();
    return true;
}

/* False: all was read, or the log is away. */
static bool read_batch(struct watcher *watcher)
{
    DWORD error = log_reader_next(&watcher->reader, watcher->events, &watcher->event_count);
    watcher->event_at = 0;
    if (watcher->event_count)
        live_time_place(&watcher->live, watcher->events, watcher->event_count,
                        watcher_calls.GetTickCount(), watcher_wall(),
                        watcher->settings->computers.count > 0);
    return error != ERROR_NO_MORE_ITEMS;
}

bool watcher_read(struct watcher *watcher)
{
    DWORD begun = watcher->read_at = watcher_calls.GetTickCount();
    if (log_reader_open(&watcher->reader) && !watcher->started) {
        report_started(watcher->settings, &watcher->reader, watcher->mode);
        watcher->started = true;
    }
    detector_look_at_queue(&watcher->detector);
    for (;;) {
        while (watcher->event_at < watcher->event_count) {
            detector_take(&watcher->detector, &watcher->events[watcher->event_at++]);
            if (watcher_calls.GetTickCount() - begun >= TURN)
                return false;
        }
        if (!read_batch(watcher))
            return true;
        if (watcher_calls.GetTickCount() - begun >= TURN)
            return false;
    }
}

void watcher_want_recount(struct watcher *watcher)
{
    DWORD now = watcher_calls.GetTickCount(), passed = now - watcher->recounted_at;
    if (!watcher->recount) /* the last one may be weeks ago: no sum of its tick says when it was */
        watcher->recount_at = now + (passed < RECOUNT_PAUSE ? RECOUNT_PAUSE - passed : 0);
    watcher->recount = true;
}

void watcher_recount_if_due(struct watcher *watcher, DWORD now)
{
    if (watcher->recount && watcher_until(now, watcher->recount_at) == 0 &&
        !watcher_count_again(watcher, watcher->settings))
        watcher->recount_at = now + RECOUNT_PAUSE; /* no memory: later, perhaps */
}

void watcher_recount_at_once(struct watcher *watcher)
{
    watcher->recounted_at -= RECOUNT_PAUSE;
}
