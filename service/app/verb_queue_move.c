/* verb_queue_move.c: `queue quarantine` and `queue restore`. Through the service when it runs: it
 * owns the journal, in which what is stopped is put down before it is stopped; else by this
 * process, on the same journal, so that the next one, or the service, finishes what it cannot.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/identity.h"
#include "../windows/hash_key.h"
#include "../windows/own_service.h"
#include "../windows/quarantine_file.h"
#include "../windows/report.h"
#include "account_clients.h"
#include "lockdown.h"
#include "present_settings.h"
#include "queue_bursts.h"
#include "service.h"
#include "shown.h"
#include "usage.h"
#include "verbs_windows.h"

enum { PATIENCE = 600000 /* ms for an answer: SMTP may take long to stop */ };

/* The command line. */
struct asked {
    const char *account, *client, *sender; /* null: not given */
    bool all, dry_run;
    const char *batch;
    int ways; /* how many of account, client, sender, all */
};

static int failed(const char *call, DWORD error)
{
    fprintf(stderr, "relaylock queue: %s failed with error %lu%s\n", call, error,
            error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt" : "");
    return EXIT_FAILED;
}

static bool take_value(struct asked *asked, const char *option, const char *value)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"--account", &asked->account}, {"--client", &asked->client}, {"--sender", &asked->sender}};
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

/* Adds a burst of those that are known, with all its clients. */
static void add_burst(const struct settings *settings, const struct burst_list *known,
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
    memcpy(verdict.name, burst->account, sizeof verdict.name);
    memcpy(verdict.account, burst->account, sizeof verdict.account);
    response_policy_make(&policy, settings);
    account_clients_read(&policy, &verdict, list, added, ACCOUNT_CLIENTS_PATIENCE);
}

/* The clients of an account that signed in too often, as the journal and the logs have it. */
static bool find_clients(const struct settings *settings, struct text account,
                         struct burst_list *list)
{
    const struct queue_bursts_sources own = {0};
    struct queue_report *known = calloc(1, sizeof *known);
    if (!known) {
        fprintf(stderr, "relaylock queue: no memory\n");
        return false;
    }
    queue_bursts_find(known, settings, &own);
    for (uint32_t i = 0; i < known->bursts.count && list->count < SELECTION_BURSTS_MAX; i++) {
        if (is_account(&known->bursts.bursts[i], account))
            add_burst(settings, &known->bursts, i, list);
    }
    free(known);
    if (list->client_count > 0)
        return true;
    fprintf(stderr, "relaylock queue: no sign-ins of that account beyond a limit are known, and so "
                    "none of its clients; name a client: --client NAME\n");
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
        return find_clients(settings, text_of(request->what), selection->clients);
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

/* ---- by the service, or by this process ----------------------------------------------------- */

static int tell(const struct release_answer *answer)
{
    fputs(answer->text, answer->done ? stdout : stderr);
    return answer->done ? EXIT_DONE : EXIT_FAILED;
}

static int ask_service(const wchar_t *directory, struct quarantine_job *job)
{
    const char *call;
    HANDLE change = NULL;
    DWORD error = request_file_watch(directory, &change, &call);
    if (error)
        return failed(call, error);
    error = quarantine_file_ask(directory, &job->request, &call);
    if (!error)
        error = own_service_control(SERVICE_CONTROL_REQUEST_LEFT, &call);
    if (error == ERROR_ALREADY_EXISTS) {
        fprintf(stderr, "relaylock queue: another quarantine is under way; try again\n");
        return EXIT_FAILED;
    }
    if (error) {
        request_file_forget(&quarantine_file, directory);
        return failed(call, error);
    }
    error = request_file_wait(&quarantine_file, directory, change, job->request.number, PATIENCE,
                              &job->answer, &call);
    if (!error)
        return tell(&job->answer);
    fprintf(stderr,
            "relaylock queue: the service was asked, and has not answered within %d min (error "
            "%lu); it is at something that takes longer. Look for events 610 to 616, and type: "
            "relaylock queue list\n",
            PATIENCE / 60000, error);
    return EXIT_FAILED;
}

struct heard {
    bool answered;
    struct release_answer answer;
};

static void hear(void *context, const struct release_answer *answer)
{
    struct heard *heard = context;
    heard->answer = *answer;
    heard->answered = true;
}

/* Takes the job over. */
static int do_it(const struct settings *settings, struct quarantine_job *job)
{
    static struct heard heard;
    const struct lockdown_listener listener = {.context = &heard, .quarantined = hear};
    struct lockdown *lockdown = NULL;
    DWORD wait;
    HANDLE never = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD error = never ? lockdown_create(settings, never, &listener, &lockdown) : GetLastError();
    if (error) {
        free(job);
        return failed(never ? "Reading the journal" : "CreateEvent", error);
    }
    lockdown_set_mode(lockdown, RESPONSE_RELEASE);
    while (lockdown_step(lockdown, &wait))
        continue;
    lockdown_quarantine(lockdown, job);
    while (!heard.answered && lockdown_step(lockdown, &wait))
        continue;
    lockdown_end(lockdown);
    lockdown_free(lockdown);
    CloseHandle(never);
    report_close();
    return tell(&heard.answer);
}

/* Frees the job. */
static int run(const struct settings *settings, struct quarantine_job *job)
{
    wchar_t directory[STATE_DIRECTORY_MAX];
    struct hash_key random;
    const char *call = "Drawing a number";
    int status = EXIT_FAILED;
    DWORD error = hash_key_make(&random);
    job->request.number = random.low | 1;
    if (!error && !own_service_is_running())
        return do_it(settings, job);
    if (!error)
        error = state_directory_find(directory, &call);
    if (!error)
        error = state_directory_check(directory, &call);
    if (error)
        failed(call, error);
    else
        status = ask_service(directory, job);
    free(job);
    return status;
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
    quarantine_count(&job->queues, &job->request.selection, &job->result);
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
    if (!parse(&asked, count, arguments) || asked.ways != 1 || asked.batch)
        return usage_wrong("queue quarantine", VERB_QUEUE_MEANT " [--dry-run]");
    struct quarantine_job *job = quarantine_job_create();
    struct settings *settings = malloc(sizeof *settings);
    if (prepare(&asked, settings, job) && look(settings, &asked, job, &status)) {
        (void)fflush(stdout);
        status = run(settings, job);
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
        (asked.ways == 0 && !asked.batch))
        return usage_wrong("queue restore", "[BATCH] [--all | --client C | --sender S]");
    struct quarantine_job *job = quarantine_job_create();
    struct settings *settings = malloc(sizeof *settings);
    if (prepare(&asked, settings, job)) {
        job->request.task = QUARANTINE_GIVE_BACK;
        if (asked.batch)
            memcpy(job->request.id, asked.batch, MANIFEST_ID_SIZE);
        status = run(settings, job);
        job = NULL;
    }
    free(settings);
    free(job);
    return status;
}
