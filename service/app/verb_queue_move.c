/* verb_queue_move.c: `queue quarantine` and `queue restore`: whose messages are meant. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/identity.h"
#include "account_clients.h"
#include "present_settings.h"
#include "quarantine_aside.h"
#include "queue_bursts.h"
#include "shown.h"
#include "usage.h"
#include "verb_queue_run.h"
#include "verbs_windows.h"

/* The command line. */
struct asked {
    const char *account, *client, *sender; /* null: not given */
    bool all, dry_run;
    const char *batch;
    int ways; /* how many of account, client, sender, all */
    struct queue_bursts_sources sources;
};

static bool take_value(struct asked *asked, const char *option, const char *value)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"--account", &asked->account}, {"--client", &asked->client}, {"--sender", &asked->sender}};
    if (strcmp(option, "--log") == 0)
        return queue_bursts_name_log(&asked->sources, value);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strcmp(option, options[i].name) != 0 || *options[i].value)
            continue;
        *options[i].value = value;
        asked->ways++;
        return true;
    }
    return false;
}

static bool parse(struct asked *asked, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--all") == 0 && !asked->all) {
            asked->all = true;
            asked->ways++;
        } else if (strcmp(arguments[i], "--dry-run") == 0) {
            asked->dry_run = true;
        } else if (arguments[i][0] == '-') {
            if (i + 1 == count || !take_value(asked, arguments[i], arguments[i + 1]))
                return false;
            i++;
        } else if (!asked->batch && manifest_is_id(arguments[i])) {
            asked->batch = arguments[i];
        } else {
            return false;
        }
    }
    return true;
}

/* ---- whose messages ------------------------------------------------------------------------- */

static bool is_account(const struct burst *burst, struct text asked)
{
    struct text domain, user, name = text_of(burst->account);
    account_name_split(name, &domain, &user);
    return text_equal_fold(name, asked) || text_equal_fold(user, asked);
}

/* Adds a burst of those that are known, with all its clients: from the own log besides, of which
 * only crossings may be known, unless another is to say. */
static void add_burst(const struct settings *settings, bool own_log, const struct burst_list *known,
                      uint32_t index, struct burst_list *list)
{
    const struct burst *burst = &known->bursts[index];
    struct verdict verdict = {.first_time = burst->first_time};
    struct response_policy policy;
    uint32_t added =
        burst_list_add(list, text_of(burst->account), burst->first_time, burst->last_time);
    for (uint32_t i = 0; i < known->client_count; i++) {
        if (known->clients[i].burst == index)
            burst_list_add_client(list, added, text_of(known->clients[i].name));
    }
    if (!own_log)
        return;
    memcpy(verdict.name, burst->account, sizeof verdict.name);
    memcpy(verdict.account, burst->account, sizeof verdict.account);
    response_policy_make(&policy, settings);
    account_clients_read(&policy, &verdict, list, added, ACCOUNT_CLIENTS_PATIENCE);
}

/* The clients of an account that signed in too often, as the journal and the logs have it. */
static bool find_clients(const struct settings *settings, struct text account,
                         const struct queue_bursts_sources *sources, struct burst_list *list)
{
    struct queue_report *known = calloc(1, sizeof *known);
    if (!known) {
        fprintf(stderr, "relaylock queue: no memory\n");
        return false;
    }
    queue_bursts_find(known, settings, sources);
    for (uint32_t i = 0; i < known->bursts.count && list->count < SELECTION_BURSTS_MAX; i++) {
        if (is_account(&known->bursts.bursts[i], account))
            add_burst(settings, sources->log_count == 0, &known->bursts, i, list);
    }
    free(known);
    if (list->client_count > 0)
        return true;
    fprintf(stderr, "relaylock queue: no sign-ins of that account beyond a limit are known, and so "
                    "none of its clients; name a client (--client NAME), or a log that has its "
                    "sign-ins (--log FILE)\n");
    return false;
}

static bool set_selection(const struct asked *asked, const struct settings *settings,
                          struct quarantine_request *request)
{
    const char *what = asked->account  ? asked->account
                       : asked->client ? asked->client
                                       : asked->sender;
    struct queue_selection *selection = &request->selection;
    request->why = asked->account  ? MANIFEST_BY_ACCOUNT
                   : asked->client ? MANIFEST_BY_CLIENT
                   : asked->sender ? MANIFEST_BY_SENDER
                                   : MANIFEST_BY_ALL;
    if (what && !text_from_utf8(request->what, MANIFEST_WHAT_MAX, what, NULL)) {
        fprintf(stderr, "relaylock queue: that name is too long, or not UTF-8\n");
        return false;
    }
    selection->kind = asked->account || asked->client ? SELECT_CLIENTS
                      : asked->sender                 ? SELECT_SENDER
                                                      : SELECT_ALL;
    if (asked->account)
        return find_clients(settings, text_of(request->what), &asked->sources, selection->clients);
    if (asked->client)
        burst_list_add_client(
            selection->clients,
            burst_list_add(selection->clients, TEXT_OF(u""), -SELECTION_EVER, SELECTION_EVER),
            text_of(request->what));
    if (asked->sender && !queue_selection_set_sender(selection, asked->sender)) {
        fprintf(stderr, "relaylock queue: that address is too long\n");
        return false;
    }
    return true;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

/* Counts what is meant, while SMTP runs. Whether there is something to be moved; *status if not. */
static bool look(const struct settings *settings, const struct asked *asked,
                 struct quarantine_job *job, int *status)
{
    const struct quarantine_count *count = &job->result.count;
    char buffer[SHOWN_MAX];
    *status = EXIT_FAILED;
    quarantine_find_queues(&settings->queue_directory, &job->queues);
    if (job->queues.count == 0) {
        fprintf(stderr, "relaylock queue: no queue folder was found; name it in the setting "
                        "QueueDirectory\n");
        return false;
    }
    if (!quarantine_aside_is_stuck(&job->result)) /* what verb_queue_finish did */
        quarantine_count(&job->queues, &job->request.selection, false, &job->result);
    if (quarantine_complain(&job->result))
        return false;
    printf("Messages in the queue that are meant: %" PRIu32 " (%" PRIu64 " KB)\n", count->moved,
           count->bytes / 1024);
    *status = EXIT_DONE;
    if (asked->dry_run) {
        for (uint32_t i = 0; i < job->queues.count; i++)
            printf("  %s\n", shown(text_of(job->queues.paths[i]), buffer));
        printf("Nothing was changed.\n");
    } else if (count->moved == 0) {
        printf("Nothing was moved; SMTP was not stopped.\n");
    }
    return count->moved > 0 && !asked->dry_run;
}

/* The settings, and the request with what is meant; either may be null for lack of memory. Says why
 * when it returns false. */
static bool prepare(const struct asked *asked, struct settings *settings,
                    struct quarantine_job *job)
{
    size_t problems;
    if (!job || !settings) {
        fprintf(stderr, "relaylock queue: no memory\n");
        return false;
    }
    if (!present_settings_read("relaylock queue", settings, NULL, &problems) ||
        !set_selection(asked, settings, &job->request))
        return false;
    job->request.limit = settings->quarantine_limit;
    return true;
}

int verb_queue_quarantine(int count, char **arguments)
{
    struct asked asked = {0};
    int status = EXIT_FAILED;
    if (!parse(&asked, count, arguments) || asked.ways != 1 || asked.batch ||
        (asked.sources.log_count > 0 && !asked.account))
        return usage_wrong("queue quarantine", VERB_QUEUE_MEANT " [--dry-run]");
    struct quarantine_job *job = quarantine_job_create();
    struct settings *settings = malloc(sizeof *settings);
    const bool ready = prepare(&asked, settings, job);
    if (ready && !asked.dry_run)
        verb_queue_finish(settings);
    if (ready && look(settings, &asked, job, &status)) {
        (void)fflush(stdout);
        status = verb_queue_run(settings, job);
        job = NULL;
    }
    free(settings);
    free(job);
    return status;
}

int verb_queue_restore(int count, char **arguments)
{
    struct asked asked = {0};
    int status = EXIT_FAILED;
    if (!parse(&asked, count, arguments) || asked.ways > 1 || asked.account || asked.dry_run ||
        asked.sources.log_count > 0 || (asked.ways == 0 && !asked.batch))
        return usage_wrong("queue restore", "[BATCH] [--all | --client C | --sender S]");
    struct quarantine_job *job = quarantine_job_create();
    struct settings *settings = malloc(sizeof *settings);
    if (prepare(&asked, settings, job)) {
        job->request.task = QUARANTINE_GIVE_BACK;
        if (asked.batch)
            memcpy(job->request.id, asked.batch, MANIFEST_ID_SIZE);
        status = verb_queue_run(settings, job);
        job = NULL;
    }
    free(settings);
    free(job);
    return status;
}
