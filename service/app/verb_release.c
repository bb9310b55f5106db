#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockdown.h"
#include "usage.h"
#include "verb_arguments.h"
#include "verb_request.h"
#include "verbs_windows.h"
#include "../windows/hash_key.h"
#include "../windows/own_service.h"
#include "../windows/parameters.h"
#include "../windows/release_file.h"
#include "../windows/report.h"
#include "../windows/state_directory.h"

enum { PATIENCE = 60000 /* ms for an answer */ };
_Static_assert(PATIENCE <= RELEASE_FILE_STALE * 1000, "what is waited for is refused");

/* What came of a request, done by this process. */
struct result {
    bool answered;
    struct release_answer answer;
};

static const char verb[] = "release";

static DWORD leave(const wchar_t *directory, const void *context, const char **failed_call)
{
    return release_file_ask(directory, context, failed_call);
}

/* The service does it. */
static int ask_service(const wchar_t *directory, const struct release_request *request)
{
    const struct verb_request asked = {
        .verb = verb,
        .meanwhile = "another release",
        .look_for = "Look for events 530 to 534.",
        .begun = "What it had put down to be released (see relaylock incidents), it releases "
                 "when it runs again; anything else is not done: type it again.",
        .file = &release_file,
        .number = request->number,
        .patience = PATIENCE,
        .leave = leave,
        .context = request,
    };
    return verb_request_ask(&asked, directory);
}

static void hear_answer(void *context, const struct release_answer *answer)
{
    struct result *result = context;
    result->answer = *answer;
    result->answered = true;
}

/* Steps until it is answered, or time is over. */
static void run(struct lockdown *lockdown, const struct release_request *request,
                struct result *result)
{
    DWORD begun = GetTickCount(), passed = 0, wait;
    while (lockdown_step(lockdown, &wait))
        continue;
    lockdown_release(lockdown, request);
    while (!result->answered && passed < PATIENCE) {
        if (!lockdown_step(lockdown, &wait))
            Sleep(wait < PATIENCE - passed ? wait : PATIENCE - passed);
        passed = GetTickCount() - begun;
    }
}

/* The service does not run: this process does it, on the journal. */
static int do_it(const struct release_request *request)
{
    static struct result result;
    static struct settings settings;
    size_t problems;
    const struct lockdown_listener listener = {.context = &result, .answered = hear_answer};
    struct lockdown *lockdown;
    HANDLE never = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!never)
        return verb_request_failed(verb, "CreateEvent", GetLastError());
    if (parameters_read(&settings, NULL, &problems, NULL, NULL))
        settings_defaults(&settings);
    DWORD error = lockdown_create(&settings, never, &listener, &lockdown);
    if (error) {
        CloseHandle(never);
        return verb_request_failed(verb, "Reading the journal", error);
    }
    lockdown_set_mode(lockdown, RESPONSE_RELEASE);
    run(lockdown, request, &result);
    lockdown_end(lockdown);
    lockdown_free(lockdown);
    CloseHandle(never);
    report_close();
    if (result.answered)
        return verb_request_tell(&result.answer);
    fprintf(stderr,
            "relaylock release: it could not be done within %d s; the service goes on with "
            "it once it runs\n",
            PATIENCE / 1000);
    return EXIT_FAILED;
}

int verb_release(int count, char **arguments)
{
    struct release_request request = {0};
    wchar_t directory[STATE_DIRECTORY_MAX] = L"";
    struct hash_key random;
    const char *call = "Drawing a number";
    if (!verb_arguments_release(&request, count, arguments))
        return usage_wrong(arguments[0], "ACCOUNT or --all, perhaps --force");
    DWORD error = hash_key_make(&random);
    if (!error)
        error = state_directory_find(directory, &call);
    if (!error)
        error = state_directory_check(directory, &call);
    if (error == ERROR_PATH_NOT_FOUND) {
        fprintf(stderr, "relaylock release: nothing is locked: there is no journal\n");
        return EXIT_FAILED;
    }
    if (error)
        return verb_request_refused(verb, directory, call, error);
    request.number = random.low | 1;
    return own_service_is_running() ? ask_service(directory, &request) : do_it(&request);
}
