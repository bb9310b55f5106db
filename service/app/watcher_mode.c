#include "watcher_mode.h"
#include "../windows/report.h"

enum watcher_mode watcher_mode_begin(struct detector *detector, const struct settings *settings)
{
    detector->observing = settings->observe;
    return settings->observe ? WATCHER_OBSERVES : WATCHER_LOCKS;
}

enum watcher_mode watcher_mode_change(enum watcher_mode mode, const struct control *control,
                                      const struct settings *settings, struct detector *detector)
{
    enum watcher_mode wanted = settings->observe ? WATCHER_OBSERVES : WATCHER_LOCKS;
    if (control->observe)
        wanted = WATCHER_PAUSED;
    if (wanted == mode)
        return mode;
    detector_observe(detector, wanted != WATCHER_LOCKS);
    responder_observe(detector->responder, wanted != WATCHER_LOCKS);
    watcher_mode_tell(wanted);
    return wanted;
}

const char *watcher_mode_name(enum watcher_mode mode)
{
    static const char *const names[] = {
        [WATCHER_LOCKS] = "locks accounts",
        [WATCHER_PAUSED] = "paused: observes only",
        [WATCHER_OBSERVES] = "observes only, by the setting Observe",
    };
    return names[mode];
}

void watcher_mode_tell(enum watcher_mode mode)
{
    static const DWORD ids[] = {
        [WATCHER_LOCKS] = MSG_CONTINUED,
        [WATCHER_PAUSED] = MSG_PAUSED,
        [WATCHER_OBSERVES] = MSG_OBSERVES,
    };
    report_event(ids[mode], 0);
}
