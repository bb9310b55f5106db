#include "present_settings.h"

#include <stdio.h>

#include "../windows/parameters.h"
#include "replay_text.h"

static void tell_problem(void *context, const struct parameters_problem *problem)
{
    (void)context;
    fputs("In ", stderr);
    replay_show_text(problem->key, stderr);
    fputs(", the value \"", stderr);
    replay_show_text(problem->value, stderr);
    fputs("\" is \"", stderr);
    replay_show_text(problem->found, stderr);
    fprintf(stderr, "\". Allowed is %s.\n", problem->allowed);
}

bool present_settings_read(const char *name, struct settings *settings, bool *present,
                           size_t *problems)
{
    DWORD error = parameters_read(settings, present, problems, tell_problem, NULL);

    if (error != ERROR_SUCCESS) {
        fprintf(stderr, "%s: the registry key cannot be read: error %lu\n", name, error);
    }
    return error == ERROR_SUCCESS;
}
