/* responder_thread.c: see responder_state.h. */
#include "quarantine_asked.h"
#include "release_asked.h"
#include "responder_state.h"

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
    /* What was asked of an earlier process is refused now, not when somebody else asks. */
    responder->inbox.request_left = responder->inbox.request_left || open;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->done);
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
    if (answer->number != 0)
        release_asked_answer(lockdown_directory(((struct responder *)context)->lockdown), answer);
}

static void hear_quarantined(void *context, const struct release_answer *answer)
{
    quarantine_asked_answer(lockdown_directory(((struct responder *)context)->lockdown), answer);
}

/* ---- what it does --------------------------------------------------------------------------- */

static void take_settings(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    /* Short: a copy of numbers and names. */
    if (responder->configured)
        lockdown_configure(responder->lockdown, &responder->settings);
    responder->configured = false;
    LeaveCriticalSection(&responder->lock);
}

static void take_mode(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    bool changed = responder->observe_changed, observing = responder->observing;
    responder->observe_changed = false;
    LeaveCriticalSection(&responder->lock);
    if (changed)
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

static void count(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    lockdown_count(responder->lockdown, &responder->figures);
    LeaveCriticalSection(&responder->lock);
}

/* In the midst of a restart. What was locked since is to be seen in the status. */
static void hear_orders(void *context)
{
    take_mode(context);
    take_orders(context);
    count(context);
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

/* One at a time; those that come while one is under way, or before the folder was found, wait. */
static void take_requests(struct responder *responder)
{
    struct lockdown *lockdown = responder->lockdown;
    struct responder_inbox *inbox = &responder->inbox;
    const wchar_t *directory = lockdown_directory(lockdown);
    struct release_request request = {.target = RELEASE_LATEST};
    if (!lockdown_is_releasing(lockdown) && take_flag(responder, &inbox->release_latest))
        lockdown_release(lockdown, &request);
    if (directory[0] == 0 || lockdown_is_releasing(lockdown) ||
        lockdown_is_quarantining(lockdown) || !take_flag(responder, &inbox->request_left))
        return;
    if (release_asked_take(directory, &request))
        lockdown_release(lockdown, &request);
    struct quarantine_job *job = quarantine_asked_take(directory);
    if (job)
        lockdown_quarantine(lockdown, job);
}

struct lockdown_listener responder_listener(struct responder *responder)
{
    return (struct lockdown_listener){.context = responder,
                                      .incident = hear_incident,
                                      .unheld = hear_unheld,
                                      .store = hear_store,
                                      .reading = hear_reading,
                                      .restarting = hear_restarting,
                                      .orders = hear_orders,
                                      .wake = responder->wake,
                                      .answered = hear_answer,
                                      .quarantined = hear_quarantined};
}

unsigned __stdcall responder_run(void *argument)
{
    struct responder *responder = argument;
    const HANDLE handles[] = {responder->stop, responder->wake};
    DWORD wait = 0, woken;
    /* WAIT_FAILED: it was left behind, and stop is gone. */
    while ((woken = WaitForMultipleObjects(2, handles, FALSE, wait)) != WAIT_OBJECT_0 &&
           woken != WAIT_FAILED) {
        take_settings(responder);
        take_mode(responder);
        take_orders(responder);
        take_sign_ins(responder);
        take_requests(responder);
        take_places(responder);
        if (lockdown_step(responder->lockdown, &wait))
            wait = 0;
        count(responder);
    }
    /* What was decided is put down; it is done by the next process. */
    take_settings(responder);
    take_mode(responder);
    take_orders(responder);
    take_sign_ins(responder);
    take_places(responder);
    lockdown_end(responder->lockdown);
    return 0;
}
