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
#include "usage.h"
#include "verb_queue_run.h"
#include "verb_request.h"

enum { PATIENCE = 600000 /* ms for an answer: SMTP may take long to stop */ };
_Static_assert(PATIENCE <= QUARANTINE_FILE_STALE * 1000, "what is waited for is refused");

static const char verb[] = "queue";

static DWORD leave(const wchar_t *directory, const void *context, const char **failed_call)
{
    return quarantine_file_ask(directory, context, failed_call);
}

static int ask_service(const wchar_t *directory, const struct quarantine_request *request)
{
    const struct verb_request asked = {
        .verb = verb,
        .meanwhile = "another quarantine",
        .look_for = "Look for events 610 to 616, and type: relaylock queue list.",
        .begun = "What it had begun to move, it finishes when it runs again; the rest is not done: "
                 "type it again.",
        .file = &quarantine_file,
        .number = request->number,
        .patience = PATIENCE,
        .leave = leave,
        .context = request,
    };
    return verb_request_ask(&asked, directory);
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
        return verb_request_failed(verb, call, error);
    }
    lockdown_quarantine(engine.lockdown, job);
    while (!engine.heard.answered && lockdown_step(engine.lockdown, &wait))
        continue;
    engine_end(&engine);
    return verb_request_tell(&engine.heard.answer);
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
        verb_request_refused(verb, directory, call, error);
    else
        status = ask_service(directory, &job->request);
    free(job);
    return status;
}
