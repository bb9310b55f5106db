#include <stdio.h>
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
    printf("RelayLock is installed. To start it: sc start RelayLock\n");
    return EXIT_DONE;
}

int verb_uninstall(int count, char **arguments)
{
    struct installation_failure failure = {0};
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    DWORD error = installation_uninstall(&failure);
    if (error)
        return failed(arguments[0], &failure, error);
    printf("RelayLock is removed. Accounts that it locked stay locked.\n");
    return EXIT_DONE;
}
