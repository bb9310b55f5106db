/* order_queue.h: the orders that wait for the responder, and the reports that wait for the
 * detector.
 *
 * Fixed memory, no lock of its own: its owner guards it. Locks come first, then checks, then marks,
 * so that nothing small holds up what counts.
 */
#ifndef RELAYLOCK_APP_ORDER_QUEUE_H
#define RELAYLOCK_APP_ORDER_QUEUE_H

#include <stdbool.h>
#include "order.h"

enum {
    ORDER_QUEUE_JOBS = 64,             /* orders held at most */
    ORDER_QUEUE_OTHERS = 32,           /* of these, other than locks */
    ORDER_QUEUE_REPORTS = 128,         /* the oldest gives way */
    ORDER_QUEUE_PAUSE_MAX = 60000,     /* ms between two tries; they grow from 1 s */
    ORDER_QUEUE_GIVE_UP = 24 * 3600000 /* ms after the first try */
};

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING };

struct job {
    enum job_state state;
    struct order order;
    DWORD due;      /* GetTickCount, as below */
    DWORD first_at; /* of the first try */
    uint32_t tries;
};

/* Zeroed is empty. */
struct order_queue {
    struct job jobs[ORDER_QUEUE_JOBS];
    struct order_report reports[ORDER_QUEUE_REPORTS]; /* a ring */
    size_t report_first, report_count;
};

/* False when there is no room. */
bool order_queue_post(struct order_queue *queue, const struct order *order, DWORD now);

/* The job to do now, of those whose kind is at most last; null when there is none, and then *wait
 * is lowered to when there will be (ms). */
struct job *order_queue_next(struct order_queue *queue, enum order_kind last, DWORD now,
                             DWORD *wait);

/* The job failed: it waits for its next try. False when it has tried for long enough. */
bool order_queue_retry(struct job *job, DWORD now);
bool order_queue_is_last_try(const struct job *job, DWORD now);

/* Gives up all that wait but checks: locks are reported as ORDER_GIVEN_UP. */
void order_queue_abandon(struct order_queue *queue);

void order_queue_report(struct order_queue *queue, const struct order *order,
                        enum order_result result);
bool order_queue_take(struct order_queue *queue, struct order_report *report);

/* Locks not yet done. */
uint32_t order_queue_locks(const struct order_queue *queue);

/* 1, 2, 4 ... seconds up to ORDER_QUEUE_PAUSE_MAX, after so many tries (from 1); ms. */
DWORD order_queue_pause(uint32_t tries);

#endif
