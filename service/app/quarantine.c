/* quarantine.c: see quarantine.h. What is there: found, finished, given back, deleted, told. */
#include "quarantine_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "quarantine_aside.h"

struct quarantine_calls quarantine_calls = {
    .GetTickCount = GetTickCount,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
    .queue_directories_find = queue_directories_find,
};

static void add_queue(struct quarantine_queues *queues, const wchar_t *path)
{
    if (queues->count < QUEUE_DIRECTORIES_MAX && text_of(path).count < MANIFEST_PATH_MAX)
        text_copy(queues->paths[queues->count++], MANIFEST_PATH_MAX, text_of(path));
}

void quarantine_find_queues(const struct setting_list *named, struct quarantine_queues *queues)
{
    queues->count = 0;
    for (uint32_t i = 0; i < named->count; i++)
        add_queue(queues, named->names[i]);
    struct queue_directories *found = queues->count > 0 ? NULL : malloc(sizeof *found);
    if (!found)
        return;
    quarantine_calls.queue_directories_find(found);
    for (unsigned i = 0; i < found->count; i++)
        add_queue(queues, found->paths[i]);
    free(found);
}

void run_note(struct run *run, const char *call, DWORD error, const wchar_t *object)
{
    struct quarantine_result *result = run->result;
    if (result->call)
        return;
    result->call = call;
    result->error = error;
    text_copy(result->object, CANCELLATION_OBJECT_MAX, text_of(object));
}

void run_note_batch(struct run *run, DWORD error)
{
    if (error)
        run_note(run, run->batch->failed_call, error,
                 run->batch->folder[0] ? run->batch->folder : run->batch->queue);
}

const char *quarantine_failed_call(const struct quarantine_result *result,
                                   char text[STATE_DIRECTORY_CHECK_MAX])
{
    wchar_t root[QUARANTINE_FOLDER_MAX], manifest[QUARANTINE_FILE_MAX];
    const wchar_t *const paths[] = {root, result->object, manifest, NULL};
    struct text object = text_of(result->object);
    if (result->stuck) {
        if (result->error == ERROR_TIMEOUT)
            snprintf(text, STATE_DIRECTORY_CHECK_MAX, "waiting %d s for %s",
                     QUARANTINE_ASIDE_LIMIT / 1000, result->call);
        else
            snprintf(text, STATE_DIRECTORY_CHECK_MAX, "waiting for an earlier run's %s",
                     result->call);
        return text;
    }
    text_copy(root, QUARANTINE_FOLDER_MAX, text_slice(object, 0, text_find_last(object, L'\\')));
    quarantine_folder_path(manifest, result->object, QUARANTINE_BATCH_MANIFEST);
    return state_directory_name_check(result->call, result->error, paths, text);
}

bool run_begin(struct run *run, struct quarantine_result *result)
{
    *result = (struct quarantine_result){0};
    *run = (struct run){.result = result, .begun = quarantine_calls.GetTickCount()};
    run->batch = malloc(sizeof *run->batch);
    if (!run->batch)
        run_note(run, "malloc", ERROR_NOT_ENOUGH_MEMORY, L"");
    return run->batch != NULL;
}

void run_end(struct run *run)
{
    free(run->batch);
}

bool run_is_over(void *context)
{
    struct run *run = context;
    bool over = quarantine_calls.GetTickCount() - run->begun >= QUARANTINE_BUDGET;
    run->result->time_over = run->result->time_over || over;
    return over;
}

/* ---- the batches of a queue folder ---------------------------------------------------------- */

struct ids {
    size_t count;
    char all[QUARANTINE_BATCHES_MAX][MANIFEST_ID_SIZE];
};

static bool take_id(void *context, const char *id)
{
    struct ids *ids = context;
    memcpy(ids->all[ids->count++], id, MANIFEST_ID_SIZE);
    return ids->count < QUARANTINE_BATCHES_MAX;
}

static int by_time(const void *a, const void *b)
{
    return memcmp(a, b, MANIFEST_ID_SIZE);
}

/* Does something with each batch of a queue folder, or with that of run->id. */
static void each_of(struct run *run, const wchar_t *queue, struct ids *ids,
                    void (*one)(struct run *run, const wchar_t *queue, const char *id))
{
    wchar_t root[QUARANTINE_FOLDER_MAX];
    const char *call = "FindFirstFileW";
    if (run->id && run->id[0] != '\0') {
        one(run, queue, run->id);
        return;
    }
    ids->count = 0;
    if (!quarantine_folder_root(queue, root)) {
        run_note(run, "reading the queue folder's path", ERROR_BAD_PATHNAME, queue);
        return;
    }
    DWORD error = cancellation_point(call, root);
    if (!error)
        error = quarantine_folder_each(root, take_id, ids, &call);
    if (error)
        run_note(run, call, error, root);
    qsort(ids->all, ids->count, sizeof *ids->all, by_time);
    for (size_t i = 0; i < ids->count; i++)
        one(run, queue, ids->all[i]);
}

static void each(struct run *run, const struct quarantine_queues *queues,
                 void (*one)(struct run *run, const wchar_t *queue, const char *id))
{
    struct ids *ids = malloc(sizeof *ids);
    if (!ids) {
        run_note(run, "malloc", ERROR_NOT_ENOUGH_MEMORY, L"");
        return;
    }
    for (uint32_t i = 0; i < queues->count; i++)
        each_of(run, queues->paths[i], ids, one);
    free(ids);
}

/* Opens a batch; what was left of it is finished then. Whether there is something of it still. */
static bool open_batch(struct run *run, const wchar_t *queue, const char *id, bool unless_used)
{
    bool finished;
    DWORD error = quarantine_batch_open(run->batch, queue, id, &finished);
    run->result->finished += finished;
    if (error && error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND &&
        !(unless_used && error == ERROR_SHARING_VIOLATION))
        run_note_batch(run, error);
    return !error;
}

void run_close_batch(struct run *run)
{
    run_note_batch(run, quarantine_batch_close(run->batch));
}

/* One that somebody else works on is not left. */
static void finish_one(struct run *run, const wchar_t *queue, const char *id)
{
    if (run_is_over(run))
        return;
    open_batch(run, queue, id, true);
    run_close_batch(run);
}

void quarantine_finish(const struct quarantine_queues *queues, struct quarantine_result *result)
{
    struct run run;
    if (run_begin(&run, result))
        each(&run, queues, finish_one);
    run_end(&run);
}

/* ---- giving back and deleting --------------------------------------------------------------- */

static void give_back_one(struct run *run, const wchar_t *queue, const char *id)
{
    bool stopped = false;
    if (run_is_over(run))
        return;
    if (open_batch(run, queue, id, false)) {
        uint32_t before = run->result->count.moved;
        DWORD error = quarantine_batch_give_back(run->batch, run->selection, run_is_over, run,
                                                 &stopped, &run->result->count);
        run_note_batch(run, error);
        run->result->batches += run->result->count.moved > before;
    }
    run_close_batch(run);
}

void quarantine_give_back(const struct quarantine_queues *queues, const char *id,
                          const struct queue_selection *selection, struct quarantine_result *result)
{
    struct run run;
    if (run_begin(&run, result)) {
        run.id = id;
        run.selection = selection;
        each(&run, queues, give_back_one);
    }
    run_end(&run);
}

static void purge_one(struct run *run, const wchar_t *queue, const char *id)
{
    if (open_batch(run, queue, id, false)) {
        run->result->batches++;
        run_note_batch(run, quarantine_batch_purge(run->batch, &run->result->count));
    }
    run_close_batch(run);
}

void quarantine_purge(const struct quarantine_queues *queues, const char *id,
                      struct quarantine_result *result)
{
    struct run run;
    if (run_begin(&run, result)) {
        run.id = id;
        each(&run, queues, purge_one);
    }
    run_end(&run);
}

/* A folder without a manifest is one, too, damaged: messages may lie there. */
static void look_for_one(struct run *run, const wchar_t *queue, const char *id)
{
    DWORD error = quarantine_batch_read(run->batch, queue, id);
    run->result->batches += error != ERROR_PATH_NOT_FOUND && !run->batch->of_other;
    run_close_batch(run);
}

bool quarantine_has(const struct quarantine_queues *queues, const char *id)
{
    struct quarantine_result result;
    struct run run;
    if (run_begin(&run, &result)) {
        run.id = id;
        each(&run, queues, look_for_one);
    }
    run_end(&run);
    return result.batches > 0 || result.call;
}

/* ---- listing -------------------------------------------------------------------------------- */

static void list_one(struct run *run, const wchar_t *queue, const char *id)
{
    DWORD error = quarantine_batch_read(run->batch, queue, id);
    if (!run->batch->of_other)
        run->tell(run->context, run->batch, id, error);
    run_close_batch(run);
}

void quarantine_list(const struct quarantine_queues *queues,
                     void (*tell)(void *context, const struct quarantine_batch *batch,
                                  const char *id, DWORD error),
                     void *context, struct quarantine_result *result)
{
    struct run run;
    if (run_begin(&run, result)) {
        run.tell = tell;
        run.context = context;
        each(&run, queues, list_one);
    }
    run_end(&run);
}
