#include <process.h>
#include <stdlib.h>
#include "release_asked.h"
#include "responder_inbox.h"
#include "../windows/release_file.h"
#include "../windows/report.h"

struct responder {
    HANDLE thread;
    HANDLE stop; /* owned by the caller, as is done */
    HANDLE done;
    HANDLE wake;               /* auto-reset: something came in */
    struct lockdown *lockdown; /* its thread's alone, as the next three */
    bool forgot;               /* old requests were deleted */
    struct held_sign_ins kept; /* sign-ins that could not be put down yet */
    bool is_kept;
    CRITICAL_SECTION lock; /* guards everything below; nothing that may block is called under it */
    struct responder_inbox inbox;
    struct responder_outbox outbox;
    struct settings settings;
    bool configured; /* settings are to be taken */
    bool observing, observe_changed;
    struct lockdown_figures figures;
    bool restarting; /* SMTP is being restarted: not to be left */
    bool read_asked; /* it waits for responder_all_read */
};

/* ---- what the lock-down tells, on the thread ------------------------------------------------- */

static void post_news(struct responder *responder, const struct account_news *news)
{
    EnterCriticalSection(&responder->lock);
    outbox_post(&responder->outbox, news);
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->done);
}

static void hear_incident(void *context, const struct incident *incident, int64_t now)
{
    struct account_news news;
    account_news_of(&news, incident, now);
    post_news(context, &news);
}

static void hear_unheld(void *context, const uint8_t *sid, uint32_t size)
{
    struct account_news news;
    account_news_unheld(&news, sid, size);
    post_news(context, &news);
}

static void hear_store(void *context, bool open, const struct position_record *position)
{
    struct responder *responder = context;
    struct store_news news = {.open = open};
    if (open)
        news.outlook = lockdown_book(responder->lockdown)->outlook;
    if (position)
        news.position = *position;
    EnterCriticalSection(&responder->lock);
    responder->outbox.store = news;
    responder->outbox.store_told = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->done);
    if (open && !responder->forgot) /* nobody waits for what was asked of an earlier process */
        release_file_forget(lockdown_directory(responder->lockdown));
    responder->forgot = responder->forgot || open;
}

static void hear_reading(void *context)
{
    struct responder *responder = context;
    EnterCriticalSection(&responder->lock);
    responder->read_asked = true;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->done);
}

static void hear_restarting(void *context, bool restarting)
{
    struct responder *responder = context;
    EnterCriticalSection(&responder->lock);
    responder->restarting = restarting;
    LeaveCriticalSection(&responder->lock);
}

/* Nobody waits for the answer to a service control; the events tell it. */
static void hear_answer(void *context, const struct release_answer *answer)
{
    const wchar_t *directory = lockdown_directory(((struct responder *)context)->lockdown);
    const char *ignored; /* the verb that waits for it in vain says so */
    if (answer->number != 0)
        release_file_answer(directory, answer, &ignored);
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void take_policy(struct responder *responder)
{
    struct settings *settings = NULL;
    EnterCriticalSection(&responder->lock);
    bool observe_changed = responder->observe_changed, observing = responder->observing;
    if (responder->configured)
        settings = &responder->settings;
    responder->configured = responder->observe_changed = false;
    /* Short: a copy of numbers and names. */
    if (settings)
        lockdown_configure(responder->lockdown, settings);
    LeaveCriticalSection(&responder->lock);
    if (observe_changed)
        lockdown_set_mode(responder->lockdown, observing ? RESPONSE_OBSERVE : RESPONSE_FULL);
}

/* None before the change of mode that it came after. */
static void take_orders(struct responder *responder)
{
    struct order order;
    for (;;) {
        EnterCriticalSection(&responder->lock);
        bool any = !responder->observe_changed && inbox_take_order(&responder->inbox, &order);
        LeaveCriticalSection(&responder->lock);
        if (!any)
            return;
        lockdown_order(responder->lockdown, &order);
    }
}

/* Those that cannot be put down wait, and the others in the inbox, where they are added up. */
static void take_sign_ins(struct responder *responder)
{
    for (;;) {
        EnterCriticalSection(&responder->lock);
        if (!responder->is_kept)
            responder->is_kept = inbox_take_sign_ins(&responder->inbox, &responder->kept);
        LeaveCriticalSection(&responder->lock);
        if (!responder->is_kept || !lockdown_sign_ins(responder->lockdown, &responder->kept))
            return;
        responder->is_kept = false;
    }
}

static void take_places(struct responder *responder)
{
    struct inbox_places places;
    EnterCriticalSection(&responder->lock);
    inbox_take_places(&responder->inbox, responder->is_kept, &places);
    LeaveCriticalSection(&responder->lock);
    if (places.position_moved)
        lockdown_position(responder->lockdown, &places.position);
    if (places.all_read)
        lockdown_all_read(responder->lockdown, places.all_read_at);
    if (places.outlook_moved)
        lockdown_outlook(responder->lockdown, &places.outlook);
}

static bool take_flag(struct responder *responder, bool *flag)
{
    EnterCriticalSection(&responder->lock);
    bool set = *flag;
    *flag = false;
    LeaveCriticalSection(&responder->lock);
    return set;
}

/* One at a time; those that come while one is under way wait. */
static void take_releases(struct responder *responder)
{
    struct lockdown *lockdown = responder->lockdown;
    struct responder_inbox *inbox = &responder->inbox;
    struct release_request request = {.target = RELEASE_LATEST};
    if (!lockdown_is_releasing(lockdown) && take_flag(responder, &inbox->release_latest))
        lockdown_release(lockdown, &request);
    if (!lockdown_is_releasing(lockdown) && take_flag(responder, &inbox->release_asked) &&
        release_asked_take(lockdown_directory(lockdown), &request))
        lockdown_release(lockdown, &request);
}

static void count(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    lockdown_count(responder->lockdown, &responder->figures);
    LeaveCriticalSection(&responder->lock);
}

static unsigned __stdcall responder_thread(void *argument)
{
    struct responder *responder = argument;
    const HANDLE handles[] = {responder->stop, responder->wake};
    DWORD wait = 0, woken;
    /* WAIT_FAILED: it was left behind, and stop is gone. */
    while ((woken = WaitForMultipleObjects(2, handles, FALSE, wait)) != WAIT_OBJECT_0 &&
           woken != WAIT_FAILED) {
        take_policy(responder);
        take_orders(responder);
        take_sign_ins(responder);
        take_releases(responder);
        take_places(responder);
        if (lockdown_step(responder->lockdown, &wait))
            wait = 0;
        count(responder);
    }
    /* What was decided is put down; it is done by the next process. */
    take_policy(responder);
    take_orders(responder);
    take_sign_ins(responder);
    take_places(responder);
    lockdown_end(responder->lockdown);
    return 0;
}

/* ---- for the watcher ------------------------------------------------------------------------- */

DWORD responder_start(const struct settings *settings, HANDLE stop, HANDLE done,
                      struct responder **responder)
{
    struct responder *made = calloc(1, sizeof *made);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct lockdown_listener listener = {.context = made,
                                               .incident = hear_incident,
                                               .unheld = hear_unheld,
                                               .store = hear_store,
                                               .reading = hear_reading,
                                               .restarting = hear_restarting,
                                               .answered = hear_answer};
    made->stop = stop;
    made->done = done;
    DWORD error = lockdown_create(settings, stop, &listener, &made->lockdown);
    if (error)
        goto cleanup_memory;
    made->wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->wake) {
        error = GetLastError();
        goto cleanup_lockdown;
    }
    InitializeCriticalSection(&made->lock);
    made->thread = (HANDLE)_beginthreadex(NULL, 0, responder_thread, made, 0, NULL);
    if (!made->thread) {
        error = ERROR_NO_SYSTEM_RESOURCES;
        goto cleanup_lock;
    }
    *responder = made;
    return ERROR_SUCCESS;

cleanup_lock:
    DeleteCriticalSection(&made->lock);
    CloseHandle(made->wake);
cleanup_lockdown:
    lockdown_free(made->lockdown);
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

void responder_release_asked(struct responder *responder)
{
    set_flag(responder, &responder->inbox.release_asked);
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
    while (!(ended = WaitForSingleObject(responder->thread, STEP) == WAIT_OBJECT_0)) {
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
