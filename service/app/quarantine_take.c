/* quarantine_take.c: see quarantine.h. What is meant is counted, and taken out. */
#include "quarantine_run.h"

#include <string.h>
#include "../core/event_time.h"
#include "../core/queue_tally.h"
#include "../windows/message_files.h"
#include "cancellation.h"

static struct message_head no_head;

static const struct message_head *head_of(const struct message_file *file)
{
    return file->head ? file->head : &no_head;
}

static int64_t time_of(const struct message_file *file)
{
    const struct queue_message message = {
        .head = head_of(file), .size = file->size, .written = file->written};
    return queue_message_time(&message);
}

/* Counts what cannot be read: nobody knows whether it is meant. */
static void count_unread(struct quarantine_count *count, const struct message_file *file)
{
    switch (file->state) {
    case MESSAGE_FILE_GONE:
        count->gone++;
        break;
    case MESSAGE_FILE_IN_USE:
        count->in_use++;
        break;
    case MESSAGE_FILE_LINK:
        quarantine_count_failure(count, file->name, "checking for a reparse point",
                                 ERROR_CANT_ACCESS_FILE);
        break;
    case MESSAGE_FILE_FAILED:
        quarantine_count_failure(count, file->name, file->failed_call, file->error);
        break;
    case MESSAGE_FILE_READ:
        break;
    }
}

static bool may_read(void *run, const wchar_t *path)
{
    (void)run;
    return cancellation_point("CreateFileW", path) == ERROR_SUCCESS;
}

static void walk(struct run *run, const wchar_t *queue,
                 bool (*tell)(void *run, const struct message_file *file))
{
    const char *call = "FindFirstFileW";
    DWORD error = cancellation_point(call, queue);
    if (!error)
        error = message_files_walk(queue, true, may_read, tell, run, &call);
    if (error)
        run_note(run, call, error, queue);
}

static bool is_meant(struct run *run, const struct message_file *file)
{
    if (file->state != MESSAGE_FILE_READ) {
        count_unread(&run->result->count, file);
        return false;
    }
    return queue_selection_takes(run->selection, head_of(file), time_of(file));
}

static int64_t wall(void)
{
    FILETIME now;
    quarantine_calls.GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

/* Makes the batch of this queue folder. Its id is the time, the same for all folders; where it is
 * taken already, by a batch of the same second or of a folder beside this one, a later one. */
static bool make_batch(struct run *run)
{
    enum { TRIES = 60 };
    struct quarantine_result *result = run->result;
    struct manifest_batch what = {.why = run->order->why};
    DWORD error = ERROR_ALREADY_EXISTS;
    text_copy(what.what, MANIFEST_WHAT_MAX, text_of(run->order->what));
    text_copy(what.queue, MANIFEST_PATH_MAX, text_of(run->queue));
    for (int i = 0; error == ERROR_ALREADY_EXISTS && i < TRIES; i++) {
        what.time = run->now + i;
        manifest_id_of(what.time, what.id);
        error = quarantine_batch_create(run->batch, &what);
        if (error && error != ERROR_ALREADY_EXISTS)
            run_note_batch(run, error);
        if (error)
            quarantine_batch_close(run->batch);
    }
    if (error == ERROR_ALREADY_EXISTS)
        run_note(run, "CreateDirectoryW", error, run->queue);
    run->open = !error;
    if (error)
        return false;
    if (result->batches++ == 0) {
        run->now = what.time;
        memcpy(result->id, what.id, MANIFEST_ID_SIZE);
    }
    result->more_ids = result->more_ids || what.time != run->now;
    return true;
}

static bool take_message(void *context, const struct message_file *file)
{
    struct run *run = context;
    struct quarantine_result *result = run->result;
    struct manifest_file described = {0};
    if (run_is_over(run))
        return false;
    if (!is_meant(run, file))
        return true;
    result->limit_reached = run->in_all == run->order->limit;
    if (result->limit_reached || (!run->open && !make_batch(run)))
        return false;
    text_copy(described.name, MANIFEST_NAME_MAX, text_of(file->name));
    described.size = file->size;
    described.written = file->written;
    described.came = time_of(file);
    manifest_file_describe(&described, head_of(file));
    DWORD error = quarantine_batch_add(run->batch, &described, &result->count);
    if (error == ERROR_INVALID_NAME) {
        quarantine_count_failure(&result->count, file->name, run->batch->failed_call, error);
        return true;
    }
    run_note_batch(run, error);
    run->in_all++;
    return !error;
}

static void take_from(struct run *run, const wchar_t *queue)
{
    run->queue = queue;
    run->open = false;
    walk(run, queue, take_message);
    if (!run->open)
        return;
    run_note_batch(run, quarantine_batch_move(run->batch, &run->result->count));
    run_close_batch(run);
}

void quarantine_take(const struct quarantine_queues *queues, const struct quarantine_order *order,
                     struct quarantine_result *result)
{
    struct run run;
    if (run_begin(&run, result)) {
        run.order = order;
        run.selection = &order->selection;
        run.now = wall();
        for (uint32_t i = 0; i < queues->count; i++)
            take_from(&run, queues->paths[i]);
    }
    run_end(&run);
}

static bool count_message(void *context, const struct message_file *file)
{
    struct run *run = context;
    if (is_meant(run, file)) {
        run->result->count.moved++;
        run->result->count.bytes += file->size;
    }
    return !run->bounded || !run_is_over(run);
}

void quarantine_count(const struct quarantine_queues *queues,
                      const struct queue_selection *selection, bool bounded,
                      struct quarantine_result *result)
{
    *result = (struct quarantine_result){0};
    struct run run = {.result = result,
                      .begun = quarantine_calls.GetTickCount(),
                      .selection = selection,
                      .bounded = bounded};
    for (uint32_t i = 0; i < queues->count; i++)
        walk(&run, queues->paths[i], count_message);
}
