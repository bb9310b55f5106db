#include "present_settings.h"

#include <stdio.h>

#include "../windows/parameters.h"
#include "shown.h"

static void tell_problem(void *context, const struct parameters_problem *problem)
{
    (void)context;
    fputs("In ", stderr);
    shown_put(problem->key, stderr);
    fputs(", the value \"", stderr);
    shown_put(problem->value, stderr);
    fputs("\" is \"", stderr);
    shown_put(problem->found, stderr);
    fprintf(stderr, "\". Allowed is %s.\n", problem->allowed);
}

bool present_settings_read(const char *name, struct settings *settings,
                           struct setting_origins *origins, size_t *problems)
{
    DWORD error = parameters_read(settings, origins, problems, tell_problem, NULL);

    if (error != ERROR_SUCCESS) {
        fprintf(stderr, "%s: the registry key cannot be read: error %lu\n", name, error);
    }
    return error == ERROR_SUCCESS;
}
