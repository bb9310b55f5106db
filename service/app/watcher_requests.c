/* watcher_requests.c: see watcher_state.h. What is asked of the watcher from outside. */
#include <stdlib.h>
#include "settings_source.h"
#include "watcher_reports.h"
#include "watcher_state.h"

static void tell_status(struct watcher *watcher)
{
    struct watcher_status status = {.log = log_reader_count(&watcher->reader),
                                    .mode = watcher->mode,
                                    .uptime = watcher_uptime(watcher) / 1000};
    guard_count(watcher->detector.guard, &status.guard);
    status.guard.budget_left = detector_locks_left(&watcher->detector);
    responder_count(watcher->detector.responder, &status.response);
    report_status(&watcher->reader, &status);
}

/* Says the state back even when it is the old one: somebody asked and waits for it. */
static void observe(struct watcher *watcher)
{
    watcher->mode =
        watcher_mode_change(watcher->mode, watcher->control, watcher->settings, &watcher->detector);
    watcher->control->observing(watcher->control->context, watcher->control->observe != 0);
}

void watcher_reload(struct watcher *watcher, bool by_policy)
{
    struct setting_origins origins;
    struct settings *fresh = settings_source_reload(&origins);
    if (!fresh)
        return;
    if (by_policy && settings_all_same(fresh, watcher->settings)) {
        free(fresh);
        return;
    }
    if (!watcher_count_again(watcher, fresh)) {
        settings_source_tell_error(ERROR_NOT_ENOUGH_MEMORY);
        free(fresh);
        return;
    }
    responder_configure(watcher->detector.responder, fresh);
    queue_watch_configure(watcher->detector.queue, fresh);
    outlook_look_soon(&watcher->lookout.outlook);
    if (by_policy)
        settings_source_tell_policy(fresh, &origins);
    else
        settings_source_tell_reloaded(fresh);
    watcher->mode = watcher_mode_change(watcher->mode, watcher->control, fresh, &watcher->detector);
}

void watcher_hear_requests(struct watcher *watcher)
{
    if (control_take(&watcher->control->asked))
        observe(watcher);
    if (control_take(&watcher->control->reload))
        watcher_reload(watcher, false);
    if (control_take(&watcher->control->status))
        tell_status(watcher);
    if (control_take(&watcher->control->release_latest))
        responder_release_latest(watcher->detector.responder);
    if (control_take(&watcher->control->request_left))
        responder_request_left(watcher->detector.responder);
}
