#include "order_queue.h"

static bool is_due(DWORD now, DWORD due)
{
    return (LONG)(now - due) >= 0;
}

DWORD order_queue_pause(uint32_t tries)
{
    DWORD pause = tries > 6 ? ORDER_QUEUE_PAUSE_MAX : (DWORD)1000 << (tries - 1);
    return pause < ORDER_QUEUE_PAUSE_MAX ? pause : ORDER_QUEUE_PAUSE_MAX;
}

bool order_queue_post(struct order_queue *queue, const struct order *order, DWORD now)
{
    struct job *room = NULL;
    size_t others = 0;
    for (size_t i = 0; i < ORDER_QUEUE_JOBS; i++) {
        struct job *job = &queue->jobs[i];
        if (job->state == JOB_FREE)
            room = room ? room : job;
        else
            others += job->order.kind != ORDER_LOCK;
    }
    if (!room || (order->kind != ORDER_LOCK && others >= ORDER_QUEUE_OTHERS))
        return false;
    *room = (struct job){.state = JOB_WAITING, .order = *order, .due = now};
    return true;
}

struct job *order_queue_next(struct order_queue *queue, enum order_kind last, DWORD now,
                             DWORD *wait)
{
    struct job *best = NULL;
    for (size_t i = 0; i < ORDER_QUEUE_JOBS; i++) {
        struct job *job = &queue->jobs[i];
        if (job->state != JOB_WAITING || job->order.kind > last)
            continue;
        if (!is_due(now, job->due)) {
            DWORD left = job->due - now;
            *wait = left < *wait ? left : *wait;
        } else if (!best || job->order.kind < best->order.kind ||
                   (job->order.kind == best->order.kind && (LONG)(job->due - best->due) < 0)) {
            best = job;
        }
    }
    return best;
}

bool order_queue_is_last_try(const struct job *job, DWORD now)
{
    return job->tries > 0 && now - job->first_at >= ORDER_QUEUE_GIVE_UP;
}

bool order_queue_retry(struct job *job, DWORD now)
{
    if (order_queue_is_last_try(job, now))
        return false;
    job->due = now + order_queue_pause(job->tries);
    job->state = JOB_WAITING;
    return true;
}

void order_queue_abandon(struct order_queue *queue)
{
    for (size_t i = 0; i < ORDER_QUEUE_JOBS; i++) {
        struct job *job = &queue->jobs[i];
        if (job->state != JOB_WAITING || job->order.kind == ORDER_CHECK)
            continue;
        if (job->order.kind == ORDER_LOCK)
            order_queue_report(queue, &job->order, ORDER_GIVEN_UP);
        job->state = JOB_FREE;
    }
}

void order_queue_report(struct order_queue *queue, const struct order *order,
                        enum order_result result)
{
    if (queue->report_count == ORDER_QUEUE_REPORTS) {
        queue->report_first = (queue->report_first + 1) % ORDER_QUEUE_REPORTS;
        queue->report_count--;
    }
    size_t at = (queue->report_first + queue->report_count++) % ORDER_QUEUE_REPORTS;
    queue->reports[at] = (struct order_report){.order = *order, .result = result};
}

bool order_queue_take(struct order_queue *queue, struct order_report *report)
{
    if (queue->report_count == 0)
        return false;
    *report = queue->reports[queue->report_first];
    queue->report_first = (queue->report_first + 1) % ORDER_QUEUE_REPORTS;
    queue->report_count--;
    return true;
}

uint32_t order_queue_locks(const struct order_queue *queue)
{
    uint32_t locks = 0;
    for (size_t i = 0; i < ORDER_QUEUE_JOBS; i++)
        locks += queue->jobs[i].state != JOB_FREE && queue->jobs[i].order.kind == ORDER_LOCK;
    return locks;
}
