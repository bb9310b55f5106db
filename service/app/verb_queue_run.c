/* verb_queue_run.c: see verb_queue_run.h. Through the service when it runs: it owns the journal, in
 * which what is stopped is put down before it is stopped; else by this process, on the same
 * journal, so that the next one, or the service, finishes what it cannot.
 */
#include <stdio.h>
#include <stdlib.h>
#include "../windows/hash_key.h"
#include "../windows/own_service.h"
#include "../windows/quarantine_file.h"
#include "../windows/report.h"
#include "../windows/state_directory.h"
#include "lockdown.h"
#include "service.h"
#include "usage.h"
#include "verb_queue_run.h"

enum { PATIENCE = 600000 /* ms for an answer: SMTP may take long to stop */ };
_Static_assert(PATIENCE <= QUARANTINE_FILE_STALE * 1000, "what is waited for is refused");

static int failed(const char *call, DWORD error)
{
    fprintf(stderr, "relaylock queue: %s failed with error %lu%s\n", call, error,
            error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt" : "");
    return EXIT_FAILED;
}

/* The folder of the journal cannot be looked at, or be believed. */
static int refused(const wchar_t *directory, const char *call, DWORD error)
{
    const wchar_t *const paths[] = {directory, NULL};
    char text[STATE_DIRECTORY_CHECK_MAX];
    int status = failed(state_directory_name_check(call, error, paths, text), error);
    if (state_directory_is_refusal(error))
        fprintf(stderr, "What is to be done, says: relaylock doctor\n");
    return status;
}

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
    if (error == ERROR_ALREADY_EXISTS) {
        own_service_control(SERVICE_CONTROL_REQUEST_LEFT, &call); /* it may be one to be deleted */
        fprintf(stderr, "relaylock queue: another quarantine is under way; try again\n");
        return EXIT_FAILED;
    }
    if (!error)
        error = own_service_control(SERVICE_CONTROL_REQUEST_LEFT, &call);
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
            "%lu); it is at something that takes longer, or its answer was lost. Look for events "
            "610 to 616, and type: relaylock queue list. What it has not begun it does not do: "
            "type it again.\n",
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

/* The service's engine in this process, ready for a job. */
struct engine {
    struct heard heard;
    struct lockdown_listener listener;
    struct lockdown *lockdown;
    HANDLE never;
};

static DWORD engine_begin(struct engine *engine, const struct settings *settings, const char **call)
{
    DWORD wait;
    engine->listener = (struct lockdown_listener){.context = &engine->heard, .quarantined = hear};
    *call = "CreateEvent";
    engine->never = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!engine->never)
        return GetLastError();
    *call = "Reading the journal";
    DWORD error = lockdown_create(settings, engine->never, &engine->listener, &engine->lockdown);
    if (error) {
        CloseHandle(engine->never);
        return error;
    }
    lockdown_set_mode(engine->lockdown, RESPONSE_RELEASE);
    while (lockdown_step(engine->lockdown, &wait))
        continue;
    return ERROR_SUCCESS;
}

static void engine_end(struct engine *engine)
{
    lockdown_end(engine->lockdown);
    lockdown_free(engine->lockdown);
    CloseHandle(engine->never);
    report_close();
}

/* Takes the job over. */
static int do_it(const struct settings *settings, struct quarantine_job *job)
{
    static struct engine engine;
    const char *call;
    DWORD wait;
    DWORD error = engine_begin(&engine, settings, &call);
    if (error) {
        free(job);
        return failed(call, error);
    }
    lockdown_quarantine(engine.lockdown, job);
    while (!engine.heard.answered && lockdown_step(engine.lockdown, &wait))
        continue;
    engine_end(&engine);
    return tell(&engine.heard.answer);
}

void verb_queue_finish(const struct settings *settings)
{
    static struct engine engine;
    const char *call;
    if (own_service_is_running() || engine_begin(&engine, settings, &call))
        return;
    if (lockdown_finish_earlier(engine.lockdown))
        printf("What an earlier command had begun with SMTP and not ended was finished.\n");
    engine_end(&engine);
}

int verb_queue_run(const struct settings *settings, struct quarantine_job *job)
{
    wchar_t directory[STATE_DIRECTORY_MAX] = L"";
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
        refused(directory, call, error);
    else
        status = ask_service(directory, job);
    free(job);
    return status;
}
