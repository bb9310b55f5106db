#include "quarantine_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "answer.h"
#include "quarantine_aside.h"
#include "shown.h"

struct quarantine_job *quarantine_job_create(void)
{
    struct quarantine_job *job = calloc(1, sizeof *job);
    if (job)
        job->request.selection.clients = &job->clients;
    return job;
}

bool quarantine_is_cut_short(const struct quarantine_result *result)
{
    return result->stuck || result->time_over || result->limit_reached;
}

static void add_skipped(struct release_answer *answer, const struct quarantine_count *count)
{
    const struct {
        uint32_t number;
        const char *what;
    } skipped[] = {{count->gone, "gone meanwhile"},
                   {count->in_use, "kept by another program"},
                   {count->clashes, "there is one of that name already"},
                   {count->refused, "links, files with several names, or read-only"},
                   {count->failed, "failed"}};
    for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++) {
        if (skipped[i].number > 0)
            answer_add(answer, "Not moved, %s: %" PRIu32 "\n", skipped[i].what, skipped[i].number);
    }
    if (!count->call)
        return;
    answer_add(answer, "The first of these: ");
    answer_add_shown(answer, text_of(count->name));
    answer_add(answer, ": %s failed with error %lu\n", count->call, count->error);
}

static void add_failure(struct release_answer *answer, const struct quarantine_result *result)
{
    char text[STATE_DIRECTORY_CHECK_MAX];
    if (!result->call)
        return;
    answer_add_shown(answer, text_of(result->object));
    answer_add(answer, ": %s failed with error %lu\n", quarantine_failed_call(result, text),
               result->error);
}

/* That it is not known what it did. */
static void add_stuck(struct release_answer *answer)
{
    answer_add(answer,
               "It did not end within %d s, and SMTP comes first: a disk or another program does "
               "not let go of what is named below. Each message lies in the queue or in the "
               "quarantine: relaylock queue list\nOnce that has let go, type the command again.\n",
               QUARANTINE_ASIDE_LIMIT / 1000);
}

static void add_left(struct release_answer *answer, uint64_t left)
{
    if (left == QUARANTINE_LEFT_UNKNOWN)
        answer_add(answer, "some messages are left. To go on, type the command again.\n");
    else
        answer_add(answer, "%" PRIu64 " messages are left. To go on, type the command again.\n",
                   left);
}

static void add_taken(struct release_answer *answer, const struct quarantine_result *result,
                      uint64_t left)
{
    const struct quarantine_count *count = &result->count;
    if (count->moved > 0)
        answer_add(answer,
                   "Quarantine %s: %" PRIu32 " messages (%" PRIu64
                   " KB) were moved out of the queue.\n"
                   "To put them back: relaylock queue restore %s\n"
                   "To delete them for good: relaylock queue purge %s --yes\n",
                   result->id, count->moved, count->bytes / 1024, result->id, result->id);
    if (count->moved > 0 && result->more_ids)
        answer_add(answer, "Some of them lie in later batches, to be put back or deleted by "
                           "themselves: relaylock queue list\n");
    if (count->moved == 0)
        answer_add(answer, "No message was moved.\n");
    if (result->time_over)
        answer_add(answer, "It was ended after %d s, since SMTP comes first; ",
                   QUARANTINE_BUDGET / 1000);
    else if (result->limit_reached)
        answer_add(answer, "QuarantineLimit was reached; ");
    if (quarantine_is_cut_short(result))
        add_left(answer, left);
}

static void add_given_back(struct release_answer *answer, const struct quarantine_result *result)
{
    answer_add(answer, "%" PRIu32 " messages (%" PRIu64 " KB) were put back into the queue.\n",
               result->count.moved, result->count.bytes / 1024);
    if (result->time_over)
        answer_add(answer,
                   "It was ended after %d s, since SMTP comes first. To go on, type the command "
                   "again.\n",
                   QUARANTINE_BUDGET / 1000);
}

void quarantine_job_answer(struct quarantine_job *job, uint64_t left)
{
    struct release_answer *answer = &job->answer;
    const struct quarantine_result *result = &job->result;
    const struct quarantine_count *count = &result->count;
    if (job->finished.finished > 0)
        answer_add(answer,
                   "An earlier run had ended in the middle; its %" PRIu32
                   " batches were finished. No message is lost.\n",
                   job->finished.finished);
    add_failure(answer, &job->finished);
    if (result->stuck)
        add_stuck(answer);
    else if (job->request.task == QUARANTINE_TAKE)
        add_taken(answer, result, left);
    else
        add_given_back(answer, result);
    add_skipped(answer, count);
    add_failure(answer, result);
    answer->done = !result->call && !quarantine_is_cut_short(result) &&
                   count->in_use + count->clashes + count->refused + count->failed == 0;
}

bool quarantine_complain(const struct quarantine_result *result)
{
    char buffer[SHOWN_MAX], text[STATE_DIRECTORY_CHECK_MAX];
    if (!result->call)
        return false;
    fprintf(stderr, "relaylock queue: %s: %s failed with error %lu%s\n",
            shown(text_of(result->object), buffer), quarantine_failed_call(result, text),
            result->error,
            result->error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt"
                                                 : "");
    return true;
}
