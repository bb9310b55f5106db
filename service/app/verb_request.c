#include "verb_request.h"

#include <stdio.h>
#include "../windows/own_service.h"
#include "../windows/state_directory.h"
#include "service.h"
#include "usage.h"

int verb_request_failed(const char *verb, const char *call, DWORD error)
{
    fprintf(stderr, "relaylock %s: %s failed with error %lu%s\n", verb, call, error,
            error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt" : "");
    return EXIT_FAILED;
}

int verb_request_refused(const char *verb, const wchar_t *directory, const char *call, DWORD error)
{
    const wchar_t *const paths[] = {directory, NULL};
    char text[STATE_DIRECTORY_CHECK_MAX];
    verb_request_failed(verb, state_directory_name_check(call, error, paths, text), error);
    if (state_directory_is_refusal(error))
        fprintf(stderr, "What is to be done, says: relaylock doctor\n");
    return EXIT_FAILED;
}

int verb_request_tell(const struct release_answer *answer)
{
    fputs(answer->text, answer->done ? stdout : stderr);
    return answer->done ? EXIT_DONE : EXIT_FAILED;
}

/* The service was asked, and no answer came. */
static int tell_no_answer(const struct verb_request *request, const wchar_t *directory, DWORD error)
{
    fprintf(stderr, "relaylock %s: ", request->verb);
    if (error != ERROR_SERVICE_NOT_ACTIVE)
        fprintf(stderr,
                "the service was asked, and has not answered within %lu s (error %lu); it is at "
                "something that takes longer, or its answer was lost. %s What it has not begun "
                "within %lu s it does not do: type it again.\n",
                request->patience / 1000, error, request->look_for, request->file->stale);
    else if (request_file_take_back(request->file, directory))
        fprintf(stderr, "the service stopped before it took the request. Nothing was done, and "
                        "nothing of it will be: type it again.\n");
    else
        fprintf(stderr, "the service stopped before it answered. %s %s\n", request->look_for,
                request->begun);
    return EXIT_FAILED;
}

int verb_request_ask(const struct verb_request *request, const wchar_t *directory)
{
    static struct release_answer answer;
    const char *call;
    struct request_watch watch;
    DWORD error = request_file_watch(directory, &watch, &call);
    if (error)
        return verb_request_failed(request->verb, call, error);
    error = request->leave(directory, request->context, &call);
    if (error == ERROR_ALREADY_EXISTS) {
        request_file_unwatch(&watch);
        own_service_control(SERVICE_CONTROL_REQUEST_LEFT, &call); /* it may be one to be deleted */
        fprintf(stderr, "relaylock %s: %s is under way; try again\n", request->verb,
                request->meanwhile);
        return EXIT_FAILED;
    }
    if (!error)
        error = own_service_control(SERVICE_CONTROL_REQUEST_LEFT, &call);
    if (error) {
        request_file_unwatch(&watch);
        request_file_take_back(request->file, directory);
        return verb_request_failed(request->verb, call, error);
    }
    error = request_file_wait(request->file, directory, &watch, request->number, request->patience,
                              &answer, &call);
    return error ? tell_no_answer(request, directory, error) : verb_request_tell(&answer);
}
