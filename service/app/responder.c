#include <process.h>
#include <stdlib.h>
#include <string.h>
#include "responder.h"
#include "response_reports.h"

struct responder_calls responder_calls = {
    .account_lock = account_lock,
    .account_look = account_look,
    .smtp_restart = smtp_restart,
    .GetTickCount = GetTickCount,
};

/* What of the settings the responder acts by. */
struct policy {
    bool restart_smtp;
    DWORD stop_timeout; /* ms */
    DWORD cooldown;     /* ms */
    wchar_t service[SETTING_TEXT_MAX];
};

/* The restart that the accounts locked so far still need. Its thread's alone, but for needed. */
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
    CRITICAL_SECTION lock; /* guards everything below; nothing that may block is called under it */
    struct policy policy;
    bool observing;
    struct order_queue queue;
    struct restart_need restart;
    uint32_t locked;
    bool restarting; /* SMTP is being restarted: not to be left */
};

/* What is to be done next. */
struct task {
    struct job *job;
    bool restart;
    DWORD announce; /* ms that a restart has to wait, to be told; 0: nothing to tell */
    DWORD wait;     /* ms until there is something to do, when there is nothing now */
    struct policy policy;
};

/* Whether SMTP is to be restarted now; otherwise task->wait is lowered to when it will be. */
static bool restart_due(struct responder *responder, DWORD now, struct task *task)
{
    struct restart_need *restart = &responder->restart;
    if (!restart->needed || responder->observing)
        return false;
    DWORD left = 0;
    if (restart->failures)
        left = (LONG)(restart->retry_at - now) > 0 ? restart->retry_at - now : 0;
    else if (restart->before && now - restart->last_at < responder->policy.cooldown)
        left = restart->last_at + responder->policy.cooldown - now;
    if (left == 0)
        return true;
    if (!restart->announced && !restart->failures) {
        restart->announced = true;
        task->announce = left;
    }
    task->wait = left < task->wait ? left : task->wait;
    return false;
}

static struct task next_task(struct responder *responder)
{
    struct task task = {.wait = INFINITE};
    EnterCriticalSection(&responder->lock);
    DWORD now = responder_calls.GetTickCount();
    task.policy = responder->policy;
    task.job = order_queue_next(&responder->queue, ORDER_LOCK, now, &task.wait);
    task.restart = !task.job && restart_due(responder, now, &task);
    if (!task.job && !task.restart)
        task.job = order_queue_next(&responder->queue, ORDER_MARK, now, &task.wait);
    if (task.job)
        task.job->state = JOB_RUNNING;
    LeaveCriticalSection(&responder->lock);
    return task;
}

static void hand_back(struct responder *responder, const struct order *order,
                      enum order_result result)
{
    order_queue_report(&responder->queue, order, result);
    SetEvent(responder->done);
}

static void count_locked(struct responder *responder, const struct order *order)
{
    responder->locked++;
    if (responder->policy.restart_smtp) {
        responder->restart.needed = true;
        responder->restart.accounts++;
    }
    hand_back(responder, order, ORDER_DONE);
}

/* Decides by the outcome of a try what becomes of the job. Under the lock. */
static void settle_lock(struct responder *responder, struct job *job, DWORD now,
                        const struct account_outcome *outcome)
{
    const struct order *order = &job->order;
    job->state = JOB_FREE;
    if (order->kind == ORDER_MARK)
        return;
    switch (outcome->result) {
    case ACCOUNT_LOCKED:
        count_locked(responder, order);
        break;
    case ACCOUNT_ALREADY:
        hand_back(responder, order, ORDER_ALREADY);
        break;
    case ACCOUNT_LAST_ADMIN:
        hand_back(responder, order, ORDER_REFUSED);
        *job = (struct job){.state = JOB_WAITING, .order = *order, .due = now};
        job->order.kind = ORDER_MARK;
        break;
    case ACCOUNT_FAILED:
        if (responder->observing || !order_queue_retry(job, now))
            hand_back(responder, order, ORDER_GIVEN_UP);
        break;
    }
}

static void run_lock(struct responder *responder, struct job *job)
{
    struct account_outcome outcome;
    enum lock_action action = job->order.kind == ORDER_MARK ? LOCK_FLAG : job->order.action;
    responder_calls.account_lock(job->order.sid, job->order.sid_size, action, NULL, &outcome);
    DWORD now = responder_calls.GetTickCount();
    /* A try before this one may have disabled it and then failed to read that back. */
    if (outcome.result == ACCOUNT_ALREADY && job->tries > 0 && action == LOCK_DISABLE)
        outcome.result = ACCOUNT_LOCKED;
    if (job->tries++ == 0)
        job->first_at = now;
    report_lock(&job->order, action, &outcome, now - job->order.read_at, job->tries,
                order_queue_is_last_try(job, now));
    EnterCriticalSection(&responder->lock);
    settle_lock(responder, job, now, &outcome);
    LeaveCriticalSection(&responder->lock);
}

static void run_check(struct responder *responder, struct job *job)
{
    /* Nobody can tell: as good as disabled. It is asked again at the account's next sign-in. */
    struct account_view view = {.disabled = true};
    const char *failed_call;
    responder_calls.account_look(job->order.sid, job->order.sid_size, ACCOUNT_WRITABLE, &view,
                                 &failed_call);
    EnterCriticalSection(&responder->lock);
    hand_back(responder, &job->order, view.disabled ? ORDER_DISABLED : ORDER_ENABLED);
    job->state = JOB_FREE;
    LeaveCriticalSection(&responder->lock);
}

/* Whether sessions of locked accounts may still be open, so that it must be tried again. */
static bool is_undone(const struct responder *responder, enum smtp_result result)
{
    if (result == SMTP_STOP_TIMEOUT) /* not abandoned: the order was lost on its way */
        return WaitForSingleObject(responder->stop, 0) != WAIT_OBJECT_0;
    return result == SMTP_FAILED || result == SMTP_OPERATOR;
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
    bool undone = is_undone(responder, outcome.result);
    report_restart(policy->service, &outcome, restart->accounts, undone, restart->failures == 0);

    DWORD now = responder_calls.GetTickCount();
    EnterCriticalSection(&responder->lock);
    responder->restarting = false;
    if (undone) {
        restart->failures++;
        restart->retry_at = now + order_queue_pause(restart->failures);
    } else {
        *restart = (struct restart_need){.before = restart->before, .last_at = restart->last_at};
    }
    if (outcome.result == SMTP_RESTARTED || outcome.result == SMTP_DEPENDENT_LEFT) {
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
        struct task task = next_task(responder);
        if (task.announce)
            report_restart_later(task.policy.service, task.announce);
        if (task.job && task.job->order.kind == ORDER_CHECK)
            run_check(responder, task.job);
        else if (task.job)
            run_lock(responder, task.job);
        else if (task.restart)
            run_restart(responder, &task.policy);
        DWORD wait = task.job || task.restart ? 0 : task.wait;
        if (WaitForMultipleObjects(2, handles, FALSE, wait) == WAIT_OBJECT_0)
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
    policy->restart_smtp = settings->restart_smtp;
    policy->stop_timeout = settings->stop_timeout * 1000;
    policy->cooldown = settings->restart_cooldown * 1000;
    memcpy(policy->service, settings->smtp_service, sizeof policy->service);
    if (!policy->restart_smtp)
        responder->restart.needed = false;
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
}

void responder_observe(struct responder *responder, bool observing)
{
    EnterCriticalSection(&responder->lock);
    responder->observing = observing;
    if (observing)
        order_queue_abandon(&responder->queue);
    LeaveCriticalSection(&responder->lock);
    SetEvent(responder->wake);
    SetEvent(responder->done);
}

bool responder_post(struct responder *responder, const struct order *order)
{
    bool posted = true;
    EnterCriticalSection(&responder->lock);
    if (!responder->observing || order->kind == ORDER_CHECK)
        posted = order_queue_post(&responder->queue, order, responder_calls.GetTickCount());
    else if (order->kind == ORDER_LOCK) /* decided just before the pause */
        hand_back(responder, order, ORDER_GIVEN_UP);
    LeaveCriticalSection(&responder->lock);
    if (posted)
        SetEvent(responder->wake);
    return posted;
}

bool responder_take(struct responder *responder, struct order_report *report)
{
    EnterCriticalSection(&responder->lock);
    bool any = order_queue_take(&responder->queue, report);
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
    EnterCriticalSection(&responder->lock);
    uint32_t left = order_queue_locks(&responder->queue);
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
