#include <stdio.h>
#include "shown.h"
#include "state_removal.h"
#include "usage.h"
#include "verbs_windows.h"
#include "../core/text.h"
#include "../windows/installation.h"

static int failed(const char *verb, const struct installation_failure *failure, DWORD error)
{
    char object[512];
    text_to_utf8(object, sizeof object, text_of(failure->object ? failure->object : L"(nothing)"));
    fprintf(stderr, "relaylock %s: %s for \"%s\" failed with error %lu%s\n", verb, failure->call,
            object, error,
            error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt" : "");
    return EXIT_FAILED;
}

static const char *shown_directory(const wchar_t *directory, char buffer[SHOWN_MAX])
{
    return directory[0] ? shown(text_of(directory), buffer) : "the folder of its journal";
}

/* The folder of the journal, as the service will want it. */
static int install_state(void)
{
    wchar_t directory[STATE_DIRECTORY_MAX] = L"";
    char buffer[SHOWN_MAX];
    const char *call;
    DWORD error = state_directory_find(directory, &call);
    if (!error)
        error = state_directory_create(directory, &call);
    if (!error)
        error = state_directory_check(directory, &call);
    if (!error)
        return EXIT_DONE;
    fprintf(stderr,
            "relaylock install: RelayLock is installed, but it will lock nobody (event 120): %s: "
            "%s failed with error %lu\n",
            shown_directory(directory, buffer), call, error);
    return EXIT_FAILED;
}

int verb_install(int count, char **arguments)
{
    wchar_t path[MAX_PATH];
    struct installation_failure failure = {0};
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    if (length == 0 || length >= MAX_PATH) {
        fprintf(stderr, "relaylock install: the path of the program is too long for a service\n");
        return EXIT_FAILED;
    }
    DWORD error = installation_install(path, &failure);
    if (error)
        return failed(arguments[0], &failure, error);
    if (install_state() != EXIT_DONE)
        return EXIT_FAILED;
    printf("RelayLock is installed. To start it: sc start RelayLock\n");
    return EXIT_DONE;
}

/* ---- uninstall ------------------------------------------------------------------------------ */

static void tell_locked(void *context, const struct incident *incident)
{
    char account[SHOWN_MAX], user[SHOWN_MAX], server[SHOWN_MAX];
    const struct incident_change *change = &incident->change;
    (void)context;
    printf("%s stays locked", shown(text_of(incident->verdict.account), account));
    if (change->user[0])
        printf(" (\"%s\" on %s)", shown(text_of(change->user), user),
               change->server[0] ? shown(text_of(change->server), server) : "this computer");
    printf("\n");
}

static int uninstall_state(void)
{
    struct state_removal removal = {.stays_locked = tell_locked};
    char buffer[SHOWN_MAX];
    DWORD error = state_removal_run(&removal);
    const char *directory = shown_directory(removal.directory, buffer);
    if (removal.locked > 0)
        printf("What was done to these accounts stands in the journal, so %s stays. Enable them "
               "with net user, then delete it.\n",
               directory);
    if (!error)
        return EXIT_DONE;
    fprintf(stderr,
            "relaylock uninstall: %s could not be removed: %s failed with error %lu. Delete it by "
            "hand\n",
            directory, removal.call, error);
    return EXIT_FAILED;
}

int verb_uninstall(int count, char **arguments)
{
    struct installation_failure failure = {0};
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    DWORD error = installation_uninstall(&failure);
    if (error)
        return failed(arguments[0], &failure, error);
    printf("RelayLock is removed.\n");
    return uninstall_state();
}
