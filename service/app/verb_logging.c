#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "logging_reports.h"
#include "present_settings.h"
#include "shown.h"
#include "usage.h"
#include "verbs_windows.h"
#include "../windows/report.h"

#define NAME "relaylock logging"

static int failed(const struct logging_failure *failure, DWORD error)
{
    char object[SHOWN_MAX];
    fprintf(stderr, NAME ": %s on %s failed with error %lu%s\n", failure->call,
            shown(text_of(failure->object), object), error,
            error == ERROR_ACCESS_DENIED ? " (access denied): use an administrator's prompt" : "");
    return EXIT_FAILED;
}

/* ---- raise, restore -------------------------------------------------------------------------- */

static void print_step(void *context, const struct logging_step *step)
{
    static const char *const words[] = {
        [LOGGING_RAISED] = "raised",
        [LOGGING_CHANGED] = "changed by somebody, and left so",
        [LOGGING_PUT_BACK] = "put back",
        [LOGGING_KEPT] = "changed by somebody since it was raised, and left so",
    };
    char provider[SHOWN_MAX], name[SHOWN_MAX];
    char from[DIAGNOSTIC_LEVEL_TEXT_SIZE], to[DIAGNOSTIC_LEVEL_TEXT_SIZE];
    size_t *steps = context;
    ++*steps;
    diagnostic_level_to_text(step->from, from);
    diagnostic_level_to_text(step->to, to);
    printf("%s of %s: %s: ", shown(text_of(step->name), name),
           shown(text_of(step->provider), provider), words[step->outcome]);
    if (step->from != step->to)
        printf("from %s to ", from);
    printf("%s\n", to);
    logging_tell(step);
}

static int restore(void)
{
    struct logging_failure failure;
    size_t steps = 0;
    const struct logging_listener listener = {print_step, &steps};
    DWORD error = logging_restore(&listener, &failure);
    if (error)
        logging_tell_not_put_back(&failure, error);
    report_close();
    if (error)
        return failed(&failure, error);
    printf("Exchange's diagnostic logging is left alone from now on. To have it raised again: "
           "relaylock logging raise\n");
    return EXIT_DONE;
}

static int raise_levels(const struct settings *settings)
{
    struct logging_failure failure;
    size_t steps = 0;
    const struct logging_listener listener = {print_step, &steps};
    DWORD error = logging_raise(settings->provider, true, &listener, &failure);
    report_close();
    if (error)
        return failed(&failure, error);
    if (steps == 0)
        printf("There is nothing to raise.\n");
    return EXIT_DONE;
}

/* ---- show ------------------------------------------------------------------------------------ */

/* What was seen of the provider's levels. */
struct seen {
    const wchar_t *provider;
    struct diagnostic_levels levels;
};

static void print_value(void *context, const struct logging_value *value)
{
    static const char *const words[] = {
        [RAISED_NEVER] = "not looked at yet",
        [RAISED_FOUND] = "found so",
        [RAISED_BEGUN] = "being raised by RelayLock; it was",
        [RAISED_DONE] = "raised by RelayLock; it was",
        [RAISED_CHANGED] = "changed by somebody, and left so; it was",
    };
    char provider[SHOWN_MAX], name[SHOWN_MAX];
    char level[DIAGNOSTIC_LEVEL_TEXT_SIZE], before[DIAGNOSTIC_LEVEL_TEXT_SIZE];
    const struct raised_level *remembered = &value->remembered;
    struct seen *seen = context;
    if (value->found && text_equal_fold(text_of(value->provider), text_of(seen->provider)))
        diagnostic_levels_add(&seen->levels, text_of(value->name), value->level);
    diagnostic_level_to_text(value->level, level);
    diagnostic_level_to_text(remembered->before, before);
    printf("%s  %-20s %-12s ", shown(text_of(value->provider), provider),
           shown(text_of(value->name), name), value->found ? level : "(gone)");
    printf("%s", words[remembered->state]);
    if (remembered->state != RAISED_NEVER && remembered->state != RAISED_FOUND)
        printf(" %s", before);
    printf("\n");
}

static void print_mode(const struct settings *settings, bool left_alone)
{
    if (left_alone)
        printf("All is left alone since it was put back (relaylock logging restore).\n");
    else if (!settings->raise_logging)
        printf("RaiseLogging is 0: the service raises nothing.\n");
    else
        printf("RaiseLogging is 1: the service raises what is lower than 5 (Maximum), but for what "
               "somebody changed since.\n");
}

static int show(const struct settings *settings)
{
    char provider[SHOWN_MAX];
    struct seen seen = {.provider = settings->provider};
    struct logging_failure failure;
    bool left_alone;
    DWORD error = logging_list(settings->provider, print_value, &seen, &left_alone, &failure);
    if (error)
        return failed(&failure, error);
    shown(text_of(settings->provider), provider);
    if (seen.levels.count == 0)
        printf("%s has no diagnostic levels on this host: is Exchange installed?\n", provider);
    print_mode(settings, left_alone);
    if (!diagnostic_levels_too_low(&seen.levels))
        return seen.levels.count > 0 ? EXIT_DONE : EXIT_FAILED;
    printf("It is too low for RelayLock to see sign-ins. To raise it: relaylock logging raise\n");
    return EXIT_FAILED;
}

int verb_logging(int count, char **arguments)
{
    const char *order = count > 1 ? arguments[1] : "show";
    size_t problems;
    if (count <= 2 && strcmp(order, "restore") == 0)
        return restore();
    if (count > 2 || (strcmp(order, "show") != 0 && strcmp(order, "raise") != 0))
        return usage_wrong(arguments[0], "show, raise or restore, or nothing");
    struct settings *settings = malloc(sizeof *settings);
    if (!settings) {
        fprintf(stderr, NAME ": no memory\n");
        return EXIT_FAILED;
    }
    int status = EXIT_FAILED;
    if (present_settings_read(NAME, settings, NULL, &problems))
        status = strcmp(order, "show") == 0 ? show(settings) : raise_levels(settings);
    free(settings);
    return status;
}
