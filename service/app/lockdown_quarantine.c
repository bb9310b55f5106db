/* lockdown_quarantine.c: see lockdown.h. Messages are moved out of the queue or back while SMTP
 * does not run: when somebody asks, and within the restart that follows a lock. */
#include <stdlib.h>
#include <string.h>
#include "account_clients.h"
#include "answer.h"
#include "lockdown_state.h"

bool lockdown_quarantine(struct lockdown *lockdown, struct quarantine_job *job)
{
    if (lockdown->quarantine)
        return false;
    lockdown->quarantine = job;
    job->answer = (struct release_answer){.number = job->request.number};
    if (!lockdown->store.open)
        lockdown_answer_closed(lockdown);
    return true;
}

bool lockdown_is_quarantining(const struct lockdown *lockdown)
{
    return lockdown->quarantine != NULL;
}

static void answer(struct lockdown *lockdown)
{
    struct quarantine_job *job = lockdown->quarantine;
    lockdown->quarantine = NULL;
    if (lockdown->listener.quarantined)
        lockdown->listener.quarantined(lockdown->listener.context, &job->answer);
    free(job);
}

void lockdown_refuse_quarantine(struct lockdown *lockdown, struct text why)
{
    if (!lockdown->quarantine || lockdown->quarantine_runs)
        return;
    answer_add(&lockdown->quarantine->answer, "Nothing was moved: ");
    answer_add_shown(&lockdown->quarantine->answer, why);
    answer_add(&lockdown->quarantine->answer, "\n");
    answer(lockdown);
}

void lockdown_finish_quarantine(struct lockdown *lockdown)
{
    struct quarantine_result finished = {0};
    struct quarantine_queues *queues = malloc(sizeof *queues);
    if (!queues)
        return;
    quarantine_find_queues(&lockdown->policy.queue_directory, queues);
    if (queues->count > 0)
        lockdown_calls.quarantine_finish(queues, &finished);
    report_quarantine_finished(&finished);
    free(queues);
}

bool lockdown_finish_earlier(struct lockdown *lockdown)
{
    if (!lockdown->store.open)
        return false;
    bool begun = lockdown_finish_restart(lockdown);
    lockdown_finish_quarantine(lockdown);
    return begun;
}

/* ---- what a person asked for ---------------------------------------------------------------- */

static void do_job(void *context)
{
    struct quarantine_job *job = context;
    const struct quarantine_request *request = &job->request;
    if (request->task == QUARANTINE_GIVE_BACK) {
        lockdown_calls.quarantine_give_back(&job->queues, request->id, &request->selection,
                                            &job->result);
        return;
    }
    job->order = (struct quarantine_order){
        .why = request->why, .limit = request->limit, .selection = request->selection};
    memcpy(job->order.what, request->what, sizeof job->order.what);
    lockdown_calls.quarantine_take(&job->queues, &job->order, &job->result);
}

static uint64_t count_left(const struct quarantine_queues *queues,
                           const struct queue_selection *selection,
                           const struct quarantine_result *result)
{
    struct quarantine_result left;
    if (!quarantine_is_cut_short(result))
        return 0;
    if (result->stuck)
        return QUARANTINE_LEFT_UNKNOWN;
    lockdown_calls.quarantine_count(queues, selection, &left);
    report_quarantine_finished(&left);
    return left.call || left.time_over ? QUARANTINE_LEFT_UNKNOWN : left.count.moved;
}

static void refuse_restart(struct lockdown *lockdown, const struct smtp_outcome *outcome)
{
    struct release_answer *text = &lockdown->quarantine->answer;
    answer_add(text, "Nothing was moved: the service ");
    answer_add_shown(text, text_of(lockdown->policy.smtp_service));
    if (outcome->result == SMTP_OPERATOR)
        answer_add(text, " is being started, stopped or paused by somebody. Try again.\n");
    else if (outcome->result == SMTP_RESTARTED || outcome->result == SMTP_DEPENDENT_LEFT)
        answer_add(text, " was stopped, but started by somebody at once. Try again.\n");
    else
        answer_add(text, " could not be stopped: %s failed with error %lu\n",
                   outcome->call ? outcome->call : "the restart", outcome->error);
    answer(lockdown);
}

static void tell_done(struct lockdown *lockdown, const struct smtp_outcome *outcome)
{
    struct quarantine_job *job = lockdown->quarantine;
    uint64_t left = 0;
    if (job->request.task == QUARANTINE_TAKE) {
        left = count_left(&job->queues, &job->request.selection, &job->result);
        report_quarantine_taken(&job->order, &job->result, left);
    } else {
        report_quarantine_given_back(&job->result);
    }
    quarantine_job_answer(job, left);
    if (outcome->result == SMTP_RESTARTED || outcome->result == SMTP_DEPENDENT_LEFT)
        answer_add(&job->answer, "SMTP was down for %lu.%02lu s.\n", outcome->down / 1000,
                   outcome->down % 1000 / 10);
    else
        answer_add(&job->answer, "SMTP did not run, and was not started.\n");
    answer(lockdown);
}

/* There is no use in stopping SMTP for it; what it waits for was told by an event. */
static void refuse_stuck(struct lockdown *lockdown)
{
    struct quarantine_job *job = lockdown->quarantine;
    char text[STATE_DIRECTORY_CHECK_MAX];
    answer_add(&job->answer,
               "Nothing was moved, and SMTP not stopped: a disk or another program does not let go "
               "of ");
    answer_add_shown(&job->answer, text_of(job->finished.object));
    answer_add(&job->answer, " (%s). Once it has, type the command again.\n",
               quarantine_failed_call(&job->finished, text));
    answer(lockdown);
}

/* The one that is to be given back. What a killed process left of it counts, so this is asked
 * before that is finished. */
static bool is_batch_missing(const struct quarantine_job *job)
{
    const struct quarantine_request *request = &job->request;
    return request->task == QUARANTINE_GIVE_BACK && request->id[0] != '\0' &&
           !lockdown_calls.quarantine_has(&job->queues, request->id);
}

void lockdown_step_quarantine(struct lockdown *lockdown)
{
    struct smtp_outcome outcome;
    /* The verb that finds what an earlier one began; the service has done that before. What follows
     * may take its time, and SMTP may be down. */
    lockdown_finish_restart(lockdown);
    struct quarantine_job *job = lockdown->quarantine;
    if (!job) /* it could not be put down, and the job was refused for that */
        return;
    quarantine_find_queues(&lockdown->policy.queue_directory, &job->queues);
    if (job->queues.count == 0) {
        lockdown_refuse_quarantine(
            lockdown, TEXT_OF(u"no queue folder was found; name it in the setting QueueDirectory"));
        return;
    }
    bool missing = is_batch_missing(job);
    lockdown_calls.quarantine_finish(&job->queues, &job->finished);
    report_quarantine_finished(&job->finished);
    if (job->finished.stuck) {
        refuse_stuck(lockdown);
        return;
    }
    if (missing) {
        lockdown_refuse_quarantine(
            lockdown, TEXT_OF(u"there is no batch of that number; see: relaylock queue list"));
        return;
    }
    lockdown->quarantine_runs = true;
    bool done = lockdown_restart_for(lockdown, do_job, job, &outcome);
    lockdown->quarantine_runs = false;
    if (done)
        tell_done(lockdown, &outcome);
    else
        refuse_restart(lockdown, &outcome);
}

/* ---- after a lock --------------------------------------------------------------------------- */

struct lock_quarantine {
    struct lockdown *lockdown;
    struct quarantine_queues queues;
    struct quarantine_order order;
    struct quarantine_result result;
    struct burst_list clients;
    DWORD begun; /* tick */
    bool done;
};

/* Sessions are open until the restart: all accounts share the time for reading the log. */
static DWORD patience_left(const struct lock_quarantine *quarantine)
{
    DWORD passed = lockdown_calls.GetTickCount() - quarantine->begun;
    return passed < ACCOUNT_CLIENTS_PATIENCE ? ACCOUNT_CLIENTS_PATIENCE - passed : 0;
}

/* One more account whose clients' messages are meant. */
static void add_account(struct lock_quarantine *quarantine, const struct incident *incident)
{
    const struct verdict *verdict = &incident->verdict;
    struct lockdown *lockdown = quarantine->lockdown;
    char16_t *what = quarantine->order.what;
    struct text name = text_of(verdict->name[0] ? verdict->name : verdict->account);
    size_t used = text_of(what).count;
    uint32_t burst =
        burst_list_add(&quarantine->clients, name, verdict->first_time, verdict->last_time);
    if (burst == BURST_NONE)
        return;
    burst_list_add_client(&quarantine->clients, burst, text_of(incident->leak_client));
    lockdown_calls.account_clients_read(&lockdown->policy, verdict, &quarantine->clients, burst,
                                        patience_left(quarantine));
    if (used > 0 && used + 3 < MANIFEST_WHAT_MAX)
        used += text_copy(what + used, MANIFEST_WHAT_MAX - used, TEXT_OF(u", "));
    if (used + 2 < MANIFEST_WHAT_MAX)
        text_copy(what + used, MANIFEST_WHAT_MAX - used, name);
}

static bool is_any_locked(const struct incident_book *book)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (book->incidents[i].state == INCIDENT_LOCKED)
            return true;
    return false;
}

/* Whether an earlier one keeps any other from being done, which is told. */
static bool is_stuck(void)
{
    struct quarantine_result earlier;
    bool stuck = lockdown_calls.quarantine_is_stuck(&earlier);
    report_quarantine_finished(&earlier);
    return stuck;
}

struct lock_quarantine *lockdown_prepare_quarantine(struct lockdown *lockdown)
{
    const struct incident_book *book = &lockdown->store.book;
    struct lock_quarantine *quarantine;
    if (!lockdown->policy.quarantine_on_lock || !is_any_locked(book) || is_stuck())
        return NULL;
    quarantine = calloc(1, sizeof *quarantine);
    if (!quarantine)
        return NULL;
    quarantine->lockdown = lockdown;
    quarantine->begun = lockdown_calls.GetTickCount();
    quarantine->order = (struct quarantine_order){
        .why = MANIFEST_BY_LOCK,
        .limit = lockdown->policy.quarantine_limit,
        .selection = {.kind = SELECT_CLIENTS, .clients = &quarantine->clients}};
    for (uint32_t i = 0; i < book->count; i++) {
        if (book->incidents[i].state == INCIDENT_LOCKED)
            add_account(quarantine, &book->incidents[i]);
    }
    quarantine_find_queues(&lockdown->policy.queue_directory, &quarantine->queues);
    return quarantine;
}

void lockdown_run_quarantine(struct lock_quarantine *quarantine)
{
    if (quarantine->clients.client_count == 0)
        return;
    quarantine->done = true;
    lockdown_calls.quarantine_take(&quarantine->queues, &quarantine->order, &quarantine->result);
}

void lockdown_end_quarantine(struct lock_quarantine *quarantine)
{
    if (quarantine && quarantine->done)
        report_quarantine_taken(
            &quarantine->order, &quarantine->result,
            count_left(&quarantine->queues, &quarantine->order.selection, &quarantine->result));
    free(quarantine);
}
