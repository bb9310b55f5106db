/* responder.c: see responder.h. What the watcher calls. */
#include <process.h>
#include <stdlib.h>
#include "responder_state.h"
#include "../windows/report.h"

DWORD responder_start(const struct settings *settings, HANDLE stop, HANDLE done,
                      struct responder **responder)
{
    struct responder *made = calloc(1, sizeof *made);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    made->stop = stop;
    made->done = done;
    made->observing = made->observe_changed = settings->observe;
    DWORD error;
    made->wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->wake) {
        error = GetLastError();
        goto cleanup_memory;
    }
    const struct lockdown_listener listener = responder_listener(made);
    error = lockdown_create(settings, stop, &listener, &made->lockdown);
    if (error)
        goto cleanup_wake;
    InitializeCriticalSection(&made->lock);
    made->thread = (HANDLE)_beginthreadex(NULL, 0, responder_run, made, 0, NULL);
    if (!made->thread) {
        error = ERROR_NO_SYSTEM_RESOURCES;
        goto cleanup_lock;
    }
    *responder = made;
    return ERROR_SUCCESS;

cleanup_lock:
    DeleteCriticalSection(&made->lock);
    lockdown_free(made->lockdown);
cleanup_wake:
    CloseHandle(made->wake);
cleanup_memory:
    free(made);
    return error;
}

void responder_configure(struct responder *responder, const struct settings *settings)
{
    EnterCriticalSection(&responder->lock);
    settings_copy(&responder->settings, settings);
    responder->configured = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

void responder_observe(struct responder *responder, bool observing)
{
    EnterCriticalSection(&responder->lock);
    responder->observing = observing;
    responder->observe_changed = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

bool responder_post(struct responder *responder, const struct order *order)
{
    EnterCriticalSection(&responder->lock);
    bool posted = inbox_post(&responder->inbox, order);
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
    return posted;
}

bool responder_tell(struct responder *responder, const struct held_sign_ins *sign_ins)
{
    EnterCriticalSection(&responder->lock);
    bool told = inbox_tell(&responder->inbox, sign_ins);
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
    return told;
}

static void set_flag(struct responder *responder, bool *flag)
{
    EnterCriticalSection(&responder->lock);
    *flag = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

void responder_release_latest(struct responder *responder)
{
    set_flag(responder, &responder->inbox.release_latest);
}

void responder_request_left(struct responder *responder)
{
    set_flag(responder, &responder->inbox.request_left);
}

void responder_position(struct responder *responder, const struct position_record *position)
{
    EnterCriticalSection(&responder->lock);
    responder->inbox.places.position = *position;
    responder->inbox.places.position_moved = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

void responder_all_read(struct responder *responder, DWORD tick)
{
    EnterCriticalSection(&responder->lock);
    bool asked = responder->read_asked;
    responder->read_asked = false;
    responder->inbox.places.all_read = true;
    responder->inbox.places.all_read_at = tick;
    LeaveCriticalSection(&responder->lock);
    if (asked)
        SetEvent(responder->wake);
}

void responder_outlook(struct responder *responder, const struct outlook_record *outlook)
{
    EnterCriticalSection(&responder->lock);
    responder->inbox.places.outlook = *outlook;
    responder->inbox.places.outlook_moved = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

bool responder_take_store(struct responder *responder, struct store_news *news)
{
    EnterCriticalSection(&responder->lock);
    bool told = outbox_take_store(&responder->outbox, news);
    LeaveCriticalSection(&responder->lock);
    return told;
}

bool responder_take(struct responder *responder, struct account_news *news)
{
    EnterCriticalSection(&responder->lock);
    bool any = outbox_take(&responder->outbox, news);
    LeaveCriticalSection(&responder->lock);
    return any;
}

void responder_count(struct responder *responder, struct lockdown_figures *figures)
{
    EnterCriticalSection(&responder->lock);
    *figures = responder->figures;
    LeaveCriticalSection(&responder->lock);
}

static void report_unfinished(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    uint32_t left = inbox_locks(&responder->inbox);
    LeaveCriticalSection(&responder->lock);
    if (left == 0)
        return;
    struct report report;
    report_begin(&report, MSG_STOPPED_UNFINISHED);
    report_add_number(&report, left);
    report_send(&report);
}

bool responder_stop(struct responder *responder, void (*waiting)(void *context), void *context)
{
    enum { STEP = 500 };
    DWORD patience = RESPONDER_STOP_PATIENCE;
    bool ended;
    while (!(ended = (WaitForSingleObject(responder->thread, STEP) == WAIT_OBJECT_0))) {
        EnterCriticalSection(&responder->lock);
        bool restarting = responder->restarting;
        LeaveCriticalSection(&responder->lock);
        waiting(context);
        if (restarting)
            continue;
        if (patience <= STEP)
            break;
        patience -= STEP;
    }
    report_unfinished(responder);
    CloseHandle(responder->thread);
    if (!ended)
        return false;
    DeleteCriticalSection(&responder->lock);
    CloseHandle(responder->wake);
    lockdown_free(responder->lockdown);
    free(responder);
    return true;
}
