#include <process.h>
#include <stdlib.h>
#include <string.h>
#include "responder.h"
#include "response_reports.h"

struct responder_calls responder_calls = {
    .account_lock = account_lock,
    .account_is_disabled = account_is_disabled,
    .smtp_restart = smtp_restart,
    .GetTickCount = GetTickCount,
};

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING };

struct job {
    enum job_state state;
    struct order order;
    DWORD due;      /* GetTickCount */
    DWORD first_at; /* GetTickCount of the first try */
    uint32_t tries;
};

/* What of the settings the responder acts by. */
struct policy {
    enum lock_action action;
    bool restart_smtp;
    DWORD stop_timeout; /* ms */
    DWORD cooldown;     /* ms */
    wchar_t service[SETTING_TEXT_MAX];
};

/* The restart that the accounts locked so far still need. */
struct restart_need {
    bool needed;
    bool announced;    /* that it has to wait for the cooldown */
    bool before;       /* there was a restart, at last_at */
    DWORD last_at;     /* GetTickCount */
    DWORD retry_at;    /* GetTickCount; not before, after a failure */
    uint32_t failures; /* in a row */
    uint32_t accounts; /* locked since the last restart */
};

struct responder {
    HANDLE thread;
    HANDLE stop; /* owned by the caller, as is done */
    HANDLE done;
    HANDLE wake;           /* auto-reset: an order came, or the policy changed */
    CRITICAL_SECTION lock; /* guards everything below */
    struct policy policy;
    bool observing;
    struct job jobs[RESPONDER_JOBS];
    struct order_report reports[RESPONDER_JOBS * 2]; /* a ring; the oldest is overwritten */
    size_t report_first, report_count;
    struct restart_need restart; /* written by its thread alone */
    uint32_t locked;
    bool restarting; /* SMTP is being restarted: not to be left */
};

static bool is_due(DWORD now, DWORD due)
{
    return (LONG)(now - due) >= 0;
}

static DWORD pause_after(uint32_t tries)
{
    DWORD pause = tries > 6 ? RESPONDER_PAUSE_MAX : (DWORD)1000 << (tries - 1);
    return pause < RESPONDER_PAUSE_MAX ? pause : RESPONDER_PAUSE_MAX;
}

static void hand_back(struct responder *responder, const struct order *order,
                      enum order_result result)
{
    const size_t ring = sizeof responder->reports / sizeof *responder->reports;
    if (responder->report_count == ring) {
        responder->report_first = (responder->report_first + 1) % ring;
        responder->report_count--;
    }
    size_t at = (responder->report_first + responder->report_count++) % ring;
    responder->reports[at] = (struct order_report){.order = *order, .result = result};
    SetEvent(responder->done);
}

/* The job to do now; null when there is none, and then *wait says for how long (ms). */
static struct job *next_job(struct responder *responder, DWORD now, DWORD *wait)
{
    struct job *best = NULL;
    *wait = INFINITE;
    for (size_t i = 0; i < RESPONDER_JOBS; i++) {
        struct job *job = &responder->jobs[i];
        if (job->state != JOB_WAITING || (responder->observing && job->order.kind != ORDER_CHECK))
            continue;
        if (is_due(now, job->due)) {
            if (!best || (LONG)(job->due - best->due) < 0)
                best = job;
        } else if (job->due - now < *wait) {
            *wait = job->due - now;
        }
    }
    return best;
}

/* Whether SMTP is to be restarted now; otherwise *wait is lowered to when it will be. */
static bool restart_due(struct responder *responder, DWORD now, DWORD *wait)
{
    struct restart_need *restart = &responder->restart;
    if (!restart->needed)
        return false;
    DWORD due = now;
    if (restart->failures)
        due = restart->retry_at;
    else if (restart->before && now - restart->last_at < responder->policy.cooldown)
        due = restart->last_at + responder->policy.cooldown;
    if (is_due(now, due))
        return true;
    if (!restart->announced && !restart->failures) {
        restart->announced = true;
        report_restart_later(responder->policy.service, due - now);
    }
    if (due - now < *wait)
        *wait = due - now;
    return false;
}

/* Decides by the outcome of a try what becomes of the job. Under the lock. */
static void settle_lock(struct responder *responder, struct job *job, DWORD now,
                        enum lock_action action, const struct account_outcome *outcome)
{
    const struct order *order = &job->order;
    switch (outcome->result) {
    case ACCOUNT_LOCKED:
        if (order->kind == ORDER_MARK || action == LOCK_FLAG)
            break;
        responder->locked++;
        if (responder->policy.restart_smtp) {
            responder->restart.needed = true;
            responder->restart.accounts++;
        }
        hand_back(responder, order, ORDER_DONE);
        break;
    case ACCOUNT_ALREADY:
        if (order->kind == ORDER_LOCK)
            hand_back(responder, order, ORDER_ALREADY);
        break;
    case ACCOUNT_LAST_ADMIN:
        hand_back(responder, order, ORDER_REFUSED);
        job->order.kind = ORDER_MARK;
        job->due = now;
        job->state = JOB_WAITING;
        return;
    case ACCOUNT_FAILED:
        if (order->kind == ORDER_LOCK && now - job->first_at < RESPONDER_GIVE_UP) {
            job->due = now + pause_after(job->tries);
            job->state = JOB_WAITING;
            return;
        }
        if (order->kind == ORDER_LOCK)
            hand_back(responder, order, ORDER_GIVEN_UP);
        break;
    }
    job->state = JOB_FREE;
}

static void run_lock(struct responder *responder, struct job *job, enum lock_action action)
{
    struct account_outcome outcome;
    enum lock_action what = job->order.kind == ORDER_MARK ? LOCK_FLAG : action;
    responder_calls.account_lock(job->order.sid, job->order.sid_size, what, &outcome);
    DWORD now = responder_calls.GetTickCount();
    if (job->tries++ == 0)
        job->first_at = now;
    bool last = now - job->first_at >= RESPONDER_GIVE_UP;
    report_lock(&job->order, what, &outcome, now - job->order.read_at, job->tries, last);
    EnterCriticalSection(&responder->lock);
    settle_lock(responder, job, now, what, &outcome);
    LeaveCriticalSection(&responder->lock);
}

static void run_check(struct responder *responder, struct job *job)
{
    bool disabled = true;
    const char *failed_call;
    /* Nobody can tell: as good as disabled. It is asked again at the account's next sign-in. */
    responder_calls.account_is_disabled(job->order.sid, job->order.sid_size, &disabled,
                                        &failed_call);
    EnterCriticalSection(&responder->lock);
    hand_back(responder, &job->order, disabled ? ORDER_DISABLED : ORDER_ENABLED);
    job->state = JOB_FREE;
    LeaveCriticalSection(&responder->lock);
}

static void run_restart(struct responder *responder, const struct policy *policy)
{
    struct restart_steps steps = {.service = policy->service, .stop_timeout = policy->stop_timeout};
    const struct smtp_options options = {.service = policy->service,
                                         .stop_timeout = policy->stop_timeout,
                                         .abandon = responder->stop,
                                         .step = report_restart_step,
                                         .context = &steps};
    struct smtp_outcome outcome;
    struct restart_need *restart = &responder->restart;
    EnterCriticalSection(&responder->lock);
    responder->restarting = true;
    LeaveCriticalSection(&responder->lock);
    responder_calls.smtp_restart(&options, &outcome);
    report_restart(policy->service, &outcome, restart->accounts, restart->failures == 0);

    DWORD now = responder_calls.GetTickCount();
    EnterCriticalSection(&responder->lock);
    responder->restarting = false;
    if (outcome.result == SMTP_FAILED) {
        restart->failures++;
        restart->retry_at = now + pause_after(restart->failures);
    } else {
        restart->accounts = 0;
        restart->needed = false;
        restart->announced = false;
        restart->failures = 0;
        restart->before = true;
        restart->last_at = now;
    }
    LeaveCriticalSection(&responder->lock);
}

static unsigned __stdcall responder_thread(void *argument)
{
    struct responder *responder = argument;
    const HANDLE handles[] = {responder->stop, responder->wake};
    for (;;) {
        DWORD wait;
        EnterCriticalSection(&responder->lock);
        DWORD now = responder_calls.GetTickCount();
        struct job *job = next_job(responder, now, &wait);
        struct policy policy = responder->policy;
        bool restart = !job && restart_due(responder, now, &wait);
        if (job)
            job->state = JOB_RUNNING;
        LeaveCriticalSection(&responder->lock);
        if (job && job->order.kind == ORDER_CHECK)
            run_check(responder, job);
        else if (job)
            run_lock(responder, job, policy.action);
        else if (restart)
            run_restart(responder, &policy);
        if (WaitForMultipleObjects(2, handles, FALSE, job || restart ? 0 : wait) == WAIT_OBJECT_0)
            return 0;
    }
}

DWORD responder_start(const struct settings *settings, HANDLE stop, HANDLE done,
                      struct responder **responder)
{
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    struct responder *made = calloc(1, sizeof *made);
    if (!made)
        return error;
    made->stop = stop;
    made->done = done;
    made->wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->wake) {
        error = GetLastError();
        goto cleanup_memory;
    }
    InitializeCriticalSection(&made->lock);
    responder_configure(made, settings);
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
cleanup_memory:
    free(made);
    return error;
}

void responder_configure(struct responder *responder, const struct settings *settings)
{
    EnterCriticalSection(&responder->lock);
    struct policy *policy = &responder->policy;
    policy->action = settings->action;
    policy->restart_smtp = settings->restart_smtp;
    policy->stop_timeout = settings->stop_timeout * 1000;
    policy->cooldown = settings->restart_cooldown * 1000;
    memcpy(policy->service, settings->smtp_service, sizeof policy->service);
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

void responder_observe(struct responder *responder, bool observing)
{
    EnterCriticalSection(&responder->lock);
    responder->observing = observing;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

bool responder_post(struct responder *responder, const struct order *order)
{
    bool posted = false;
    EnterCriticalSection(&responder->lock);
    for (size_t i = 0; i < RESPONDER_JOBS && !posted; i++) {
        struct job *job = &responder->jobs[i];
        if (job->state != JOB_FREE)
            continue;
        *job = (struct job){.state = JOB_WAITING, .order = *order};
        job->due = responder_calls.GetTickCount();
        posted = true;
    }
    LeaveCriticalSection(&responder->lock);
    if (posted)
        SetEvent(responder->wake);
    return posted;
}

bool responder_take(struct responder *responder, struct order_report *report)
{
    const size_t ring = sizeof responder->reports / sizeof *responder->reports;
    EnterCriticalSection(&responder->lock);
    bool any = responder->report_count > 0;
    if (any) {
        *report = responder->reports[responder->report_first];
        responder->report_first = (responder->report_first + 1) % ring;
        responder->report_count--;
    }
    LeaveCriticalSection(&responder->lock);
    return any;
}

uint32_t responder_locked(struct responder *responder)
{
    EnterCriticalSection(&responder->lock);
    uint32_t locked = responder->locked;
    LeaveCriticalSection(&responder->lock);
    return locked;
}

static void report_unfinished(struct responder *responder)
{
    uint32_t left = 0;
    EnterCriticalSection(&responder->lock);
    for (size_t i = 0; i < RESPONDER_JOBS; i++)
        left += responder->jobs[i].state != JOB_FREE && responder->jobs[i].order.kind == ORDER_LOCK;
    bool restart = responder->restart.needed;
    LeaveCriticalSection(&responder->lock);
    if (left || restart)
        report_left_undone(left, restart);
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
    free(responder);
    return true;
}
