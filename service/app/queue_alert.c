#include "queue_alert.h"

#include <stdlib.h>
#include <time.h>
#include "queue_bursts.h"
#include "queue_places.h"
#include "queue_watch.h"

/* Owned by whoever started it and by the thread; the last one frees it. */
struct queue_alert {
    LONG owners;
    LONG told; /* or to be told no more */
    HANDLE thread;
    struct queue_surge surge;
    struct settings settings;
    struct queue_report report;
};

static void release(struct queue_alert *alert)
{
    if (InterlockedDecrement(&alert->owners) == 0)
        free(alert);
}

/* Whether it is for the caller to tell: for one only. */
static bool claim(struct queue_alert *alert)
{
    return InterlockedExchange(&alert->told, TRUE) == FALSE;
}

static DWORD WINAPI find_out(LPVOID context)
{
    static const struct queue_bursts_sources own = {0};
    struct queue_alert *alert = context;
    struct queue_report *report = &alert->report;
    queue_places_find(report, &alert->settings);
    report->now = (int64_t)time(NULL);
    queue_bursts_find(report, &alert->settings, &own);
    queue_report_make(report);
    if (claim(alert))
        queue_watch_tell_surge(&alert->surge, report, NULL);
    release(alert);
    return 0;
}

struct queue_alert *queue_alert_start(const struct queue_surge *surge,
                                      const struct settings *settings)
{
    struct queue_alert *alert = calloc(1, sizeof *alert);
    if (!alert)
        goto cleanup;
    alert->owners = 2;
    alert->surge = *surge;
    settings_copy(&alert->settings, settings);
    alert->thread = queue_watch_calls.CreateThread(NULL, 0, find_out, alert, 0, NULL);
    if (alert->thread)
        return alert;
    free(alert);
cleanup:
    queue_watch_tell_surge(surge, NULL, "there is no memory for it");
    return NULL;
}

HANDLE queue_alert_done(const struct queue_alert *alert)
{
    return alert->thread;
}

void queue_alert_end(struct queue_alert *alert, const char *unknown)
{
    if (!alert)
        return;
    if (claim(alert) && unknown)
        queue_watch_tell_surge(&alert->surge, NULL, unknown);
    queue_watch_calls.CloseHandle(alert->thread);
    release(alert);
}
