#include "quarantine_aside.h"

#include <stdlib.h>
#include <string.h>
#include "../windows/time_limit.h"

/* What a thread works with; nobody else looks at it until it has ended. */
struct work {
    void (*run)(struct work *work);
    struct quarantine_queues queues;
    struct quarantine_order order; /* its selection is that of all of them */
    struct burst_list clients;     /* of the selection */
    char id[MANIFEST_ID_SIZE];
    struct quarantine_result result;
    volatile LONG ended; /* the last that the thread writes */
};

/* One that was given up; null: none. */
static struct work *left;
static struct quarantine_result left_at; /* what it waits for */

static bool has_ended(struct work *work)
{
    return InterlockedCompareExchange(&work->ended, 0, 0) != 0;
}

bool quarantine_aside_is_stuck(struct quarantine_result *result)
{
    *result = (struct quarantine_result){0};
    if (left && !has_ended(left)) {
        *result = left_at;
        result->error = ERROR_BUSY;
        return true;
    }
    free(left);
    left = NULL;
    cancellation_clear();
    return false;
}

/* A copy of what it is to work with (id, selection: null where there is none); null: *result says
 * why there is no such copy. */
static struct work *prepare(void (*run)(struct work *work), const struct quarantine_queues *queues,
                            const char *id, const struct queue_selection *selection,
                            struct quarantine_result *result)
{
    if (quarantine_aside_is_stuck(result))
        return NULL;
    struct work *work = calloc(1, sizeof *work);
    if (!work) {
        result->call = "calloc";
        result->error = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    work->run = run;
    work->queues = *queues;
    if (id)
        memcpy(work->id, id, strnlen(id, MANIFEST_ID_SIZE - 1));
    if (selection)
        work->order.selection = *selection;
    if (selection && selection->clients) {
        work->clients = *selection->clients;
        work->order.selection.clients = &work->clients;
    }
    return work;
}

static DWORD WINAPI run_it(void *context)
{
    struct work *work = context;
    work->run(work);
    InterlockedExchange(&work->ended, 1);
    return 0;
}

static void give_up(struct work *work)
{
    left = work;
    left_at = (struct quarantine_result){.stuck = true, .error = ERROR_TIMEOUT};
    cancellation_request(&left_at.call, left_at.object);
}

/* Does what was prepared, which is taken over. */
static void do_it(struct work *work, struct quarantine_result *result)
{
    if (!work)
        return;
    DWORD error = time_limit_run(run_it, work, QUARANTINE_ASIDE_LIMIT);
    if (error == ERROR_TIMEOUT && !has_ended(work)) {
        give_up(work);
        *result = left_at;
        return;
    }
    if (!error || error == ERROR_TIMEOUT) {
        *result = work->result;
    } else {
        result->call = "CreateThread";
        result->error = error;
    }
    free(work);
}

static void finish(struct work *work)
{
    quarantine_finish(&work->queues, &work->result);
}

void quarantine_aside_finish(const struct quarantine_queues *queues,
                             struct quarantine_result *result)
{
    do_it(prepare(finish, queues, NULL, NULL, result), result);
}

static void take(struct work *work)
{
    quarantine_take(&work->queues, &work->order, &work->result);
}

void quarantine_aside_take(const struct quarantine_queues *queues,
                           const struct quarantine_order *order, struct quarantine_result *result)
{
    struct work *work = prepare(take, queues, NULL, &order->selection, result);
    if (work) {
        work->order.why = order->why;
        work->order.limit = order->limit;
        memcpy(work->order.what, order->what, sizeof order->what);
    }
    do_it(work, result);
}

static void give_back(struct work *work)
{
    quarantine_give_back(&work->queues, work->id, &work->order.selection, &work->result);
}

void quarantine_aside_give_back(const struct quarantine_queues *queues, const char *id,
                                const struct queue_selection *selection,
                                struct quarantine_result *result)
{
    do_it(prepare(give_back, queues, id, selection, result), result);
}

static void count(struct work *work)
{
    quarantine_count(&work->queues, &work->order.selection, true, &work->result);
}

void quarantine_aside_count(const struct quarantine_queues *queues,
                            const struct queue_selection *selection,
                            struct quarantine_result *result)
{
    do_it(prepare(count, queues, NULL, selection, result), result);
}

static void look_for(struct work *work)
{
    work->result.batches = quarantine_has(&work->queues, work->id);
}

bool quarantine_aside_has(const struct quarantine_queues *queues, const char *id)
{
    struct quarantine_result result;
    do_it(prepare(look_for, queues, id, NULL, &result), &result);
    return result.batches > 0 || result.call;
}
