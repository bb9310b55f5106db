#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockdown_world_queue.h"
#include "lockdown_world.h"
#include <cmocka.h>

static void find_queue(struct queue_directories *found)
{
    found->count = 1;
    wcscpy(found->paths[0], L"C:\\Mailroot\\Queue");
}

static bool fake_is_stuck(struct quarantine_result *result)
{
    *result = (struct quarantine_result){0};
    return false;
}

static void fake_finish(const struct quarantine_queues *queues, struct quarantine_result *result)
{
    assert_int_equal(queues->count, 1);
    *result = (struct quarantine_result){0};
    world.finishes++;
}

static void note_smtp(void)
{
    world.taken_while_smtp_ran = world.taken_while_smtp_ran || !world.smtp_down;
}

static void fake_take(const struct quarantine_queues *queues, const struct quarantine_order *order,
                      struct quarantine_result *result)
{
    unsigned moved = world.queued < world.take_most ? world.queued : world.take_most;
    assert_int_equal(queues->count, 1);
    world_point();
    note_smtp();
    world.order = *order;
    world.locked_when_taken = world_is_disabled(1);
    if (order->selection.kind == SELECT_CLIENTS)
        snprintf(world.clients, sizeof world.clients, "%ls %u",
                 order->selection.clients->clients[0].name, order->selection.clients->client_count);
    *result = (struct quarantine_result){.id = WORLD_BATCH,
                                         .more_ids = world.take_more_ids,
                                         .count.moved = moved,
                                         .time_over = moved < world.queued};
    world.kept += moved;
    world.queued -= moved;
    world_point();
}

static void fake_give_back(const struct quarantine_queues *queues, const char *id,
                           const struct queue_selection *selection,
                           struct quarantine_result *result)
{
    assert_int_equal(queues->count, 1);
    assert_int_equal(selection->kind, SELECT_ALL);
    assert_string_equal(id, world.asked_id ? world.asked_id : "");
    world_point();
    note_smtp();
    *result = (struct quarantine_result){.count.moved = world.kept};
    world.queued += world.kept;
    world.kept = 0;
    world_point();
}

static void fake_count(const struct quarantine_queues *queues,
                       const struct queue_selection *selection, struct quarantine_result *result)
{
    (void)queues;
    (void)selection;
    *result = (struct quarantine_result){.count.moved = world.queued};
}

static bool fake_has(const struct quarantine_queues *queues, const char *id)
{
    assert_int_equal(queues->count, 1);
    return world.kept > 0 && strcmp(id, WORLD_BATCH) == 0;
}

static void fake_clients(const struct response_policy *policy, const struct verdict *verdict,
                         struct burst_list *list, uint32_t burst, DWORD patience)
{
    (void)policy;
    (void)verdict;
    world.patience = patience;
    world.tick += world.log_takes < patience ? world.log_takes : patience;
    burst_list_add_client(list, burst, TEXT_OF(u"User"));
}

bool world_quarantine(enum quarantine_task task)
{
    struct quarantine_job *job = quarantine_job_create();
    assert_non_null(job);
    job->request.number = 7;
    job->request.task = task;
    job->request.why = MANIFEST_BY_ALL;
    job->request.limit = 1000;
    if (task == QUARANTINE_GIVE_BACK && world.asked_id)
        strcpy(job->request.id, world.asked_id);
    bool taken = lockdown_quarantine(world.lockdown, job);
    if (!taken)
        free(job);
    return taken;
}

void world_expect_queue(unsigned queued, unsigned kept)
{
    assert_int_equal(world.queued, queued);
    assert_int_equal(world.kept, kept);
    assert_false(world.smtp_down);
    assert_false(world.taken_while_smtp_ran);
}

void world_queue_reset(void)
{
    world.queued = WORLD_QUEUED;
    world.take_most = 1000;
    lockdown_calls.quarantine_is_stuck = fake_is_stuck;
    lockdown_calls.quarantine_finish = fake_finish;
    lockdown_calls.quarantine_take = fake_take;
    lockdown_calls.quarantine_give_back = fake_give_back;
    lockdown_calls.quarantine_count = fake_count;
    lockdown_calls.quarantine_has = fake_has;
    lockdown_calls.account_clients_read = fake_clients;
    quarantine_calls.queue_directories_find = find_queue;
}
