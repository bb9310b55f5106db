#include "queue_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include "queue_watch_state.h"

struct queue_watch_calls queue_watch_calls = {
    .GetTickCount = GetTickCount,
    .CreateEventW = CreateEventW,
    .CreateThread = CreateThread,
    .CloseHandle = CloseHandle,
    .WaitForMultipleObjects = WaitForMultipleObjects,
};

/* ---- under the lock -------------------------------------------------------------------------- */

int64_t queue_watch_clock(struct queue_watch *watch)
{
    DWORD ticks = queue_watch_calls.GetTickCount();
    watch->clock += (DWORD)(ticks - watch->ticks);
    watch->ticks = ticks;
    return watch->clock;
}

static bool is_hanging(struct queue_watch *watch, int64_t now)
{
    return watch->busy && now - watch->alive_at > QUEUE_WATCH_STALE;
}

static void make_view(struct queue_watch *watch, struct queue_view *view)
{
    int64_t now = queue_watch_clock(watch);
    const uint32_t required = watch->growth.require;
    bool enough = !watch->partial || watch->files >= required;
    *view = (struct queue_view){.known = watch->known && enough && !is_hanging(watch, now),
                                .files = watch->files,
                                .required = required,
                                .window = UINT32_MAX};
    if (required == 0 || (view->known && watch->partial))
        view->window = 0;
    else if (view->known)
        view->window = queue_growth_window(&watch->growth, now / 1000);
}

/* Also before there is a thread. */
static void want(struct queue_watch *watch, const struct settings *settings)
{
    settings_copy(&watch->wanted, settings);
    queue_growth_ask(&watch->growth, settings->queue_alert, settings->require_queue);
    watch->configured = true;
    if (settings->queue_alert == 0 && settings->require_queue == 0)
        watch->known = false; /* nobody counts */
}

/* Asks for a count that begins now. False: there is no need, or no sense in it. */
static bool ask(struct queue_watch *watch, int64_t *now)
{
    *now = queue_watch_clock(watch);
    bool fresh = watch->begun && !watch->busy && *now - watch->begun_at <= QUEUE_WATCH_FRESH;
    if (fresh || is_hanging(watch, *now))
        return false;
    watch->asked++;
    return true;
}

/* ---- for the watcher ------------------------------------------------------------------------- */

void queue_watch_release(struct queue_watch *watch)
{
    if (InterlockedDecrement(&watch->owners) != 0)
        return;
    DeleteCriticalSection(&watch->lock);
    queue_watch_calls.CloseHandle(watch->answered);
    queue_watch_calls.CloseHandle(watch->wake);
    free(watch);
}

DWORD queue_watch_start(const struct settings *settings, struct queue_watch **watch)
{
    DWORD error;
    struct queue_watch *made = calloc(1, sizeof *made);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    made->owners = 2;
    made->ticks = queue_watch_calls.GetTickCount();
    want(made, settings);
    /* The high bit lets Windows 2000 make what it needs now, not on the first collision. */
    if (!InitializeCriticalSectionAndSpinCount(&made->lock, 0x80000000)) {
        error = GetLastError();
        goto free_memory;
    }
    made->wake = queue_watch_calls.CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->wake) {
        error = GetLastError();
        goto delete_lock;
    }
    made->answered = queue_watch_calls.CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->answered) {
        error = GetLastError();
        goto close_wake;
    }
    made->thread = queue_watch_calls.CreateThread(NULL, 0, queue_watch_run, made, 0, NULL);
    if (!made->thread) {
        error = GetLastError();
        goto close_answered;
    }
    *watch = made;
    return ERROR_SUCCESS;

close_answered:
    queue_watch_calls.CloseHandle(made->answered);
close_wake:
    queue_watch_calls.CloseHandle(made->wake);
delete_lock:
    DeleteCriticalSection(&made->lock);
free_memory:
    free(made);
    return error;
}

void queue_watch_configure(struct queue_watch *watch, const struct settings *settings)
{
    EnterCriticalSection(&watch->lock);
    want(watch, settings);
    LeaveCriticalSection(&watch->lock);
    SetEvent(watch->wake);
}

void queue_watch_view(struct queue_watch *watch, struct queue_view *view)
{
    EnterCriticalSection(&watch->lock);
    make_view(watch, view);
    LeaveCriticalSection(&watch->lock);
}

static bool is_served(struct queue_watch *watch, int64_t *now)
{
    EnterCriticalSection(&watch->lock);
    bool served = watch->served == watch->asked;
    *now = queue_watch_clock(watch);
    LeaveCriticalSection(&watch->lock);
    return served;
}

void queue_watch_look(struct queue_watch *watch, HANDLE stop, struct queue_view *view)
{
    const HANDLE handles[] = {watch->answered, stop};
    int64_t begun, now;
    EnterCriticalSection(&watch->lock);
    bool asked = ask(watch, &begun);
    LeaveCriticalSection(&watch->lock);
    if (asked)
        SetEvent(watch->wake);
    /* It may find the signal of an earlier one: then it goes on. */
    while (asked && !is_served(watch, &now) && now - begun < QUEUE_WATCH_PATIENCE)
        if (queue_watch_calls.WaitForMultipleObjects(
                2, handles, FALSE, (DWORD)(begun + QUEUE_WATCH_PATIENCE - now)) != WAIT_OBJECT_0)
            break;
    queue_watch_view(watch, view);
}

void queue_watch_tell_hanging(struct queue_watch *watch)
{
    EnterCriticalSection(&watch->lock);
    int64_t now = queue_watch_clock(watch), silent = now - watch->alive_at;
    bool tell = is_hanging(watch, now) && !watch->hanging_told;
    uint32_t required = watch->growth.require;
    watch->hanging_told = watch->hanging_told || tell;
    LeaveCriticalSection(&watch->lock);
    char why[64];
    snprintf(why, sizeof why, "no answer from Windows for %lu s", (unsigned long)(silent / 1000));
    if (tell)
        queue_watch_tell_unreadable(why, required);
}

bool queue_watch_stop(struct queue_watch *watch, DWORD wait_ms)
{
    HANDLE thread = watch->thread;
    EnterCriticalSection(&watch->lock);
    watch->stopping = true;
    LeaveCriticalSection(&watch->lock);
    SetEvent(watch->wake);
    bool ended = WaitForSingleObject(thread, wait_ms) == WAIT_OBJECT_0;
    queue_watch_calls.CloseHandle(thread);
    queue_watch_release(watch);
    return ended;
}
