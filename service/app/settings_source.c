#include <stdio.h>
#include <stdlib.h>
#include "settings_source.h"
#include "../windows/parameters.h"

static void add_setting(struct report *report, const struct settings *settings,
                        const char16_t *name)
{
    char value[SETTING_VALUE_TEXT_SIZE];
    settings_show(settings, setting_find(text_of(name)), value);
    report_add_format(report, "%s", value);
}

void settings_source_add(struct report *report, const struct settings *settings)
{
    add_setting(report, settings, u"Limits");
    add_setting(report, settings, u"Action");
    add_setting(report, settings, u"MaxLocksPerHour");
}

static void begin_problem(struct report *report, DWORD id, const struct parameters_problem *problem)
{
    report_begin(report, id);
    report_add(report, problem->key);
    report_add(report, problem->value);
    report_add(report, problem->found);
    report_add_format(report, "%s", problem->allowed);
}

static void tell_passed_over(void *context, const struct parameters_problem *problem)
{
    (void)context;
    struct report report;
    char instead[SETTING_VALUE_TEXT_SIZE];
    size_t index = setting_find(problem->value);
    bool by_policy = problem->origin == SETTING_BY_POLICY;
    begin_problem(&report, by_policy ? MSG_POLICY_PASSED_OVER : MSG_SETTING_DEFAULTED, problem);
    if (index == SIZE_MAX) {
        report_add(&report, TEXT_OF(u"none"));
    } else {
        settings_show(problem->settings, index, instead);
        report_add_format(&report, "%s", instead);
    }
    report_send(&report);
}

static void tell_refused(void *context, const struct parameters_problem *problem)
{
    (void)context;
    struct report report;
    begin_problem(&report, MSG_SETTING_REFUSED, problem);
    report_send(&report);
}

static void tell_unreadable(DWORD error, struct text consequence)
{
    struct report report;
    report_begin(&report, MSG_SETTINGS_UNREADABLE);
    report_add_error(&report, error);
    report_add(&report, consequence);
    report_send(&report);
}

struct settings *settings_source_load(void)
{
    size_t problems;
    struct settings *settings = malloc(sizeof *settings);
    if (!settings)
        return NULL;
    DWORD error = parameters_read(settings, NULL, &problems, tell_passed_over, NULL);
    if (error) {
        settings_defaults(settings);
        tell_unreadable(error, TEXT_OF(u"The defaults are used."));
    }
    return settings;
}

struct settings *settings_source_reload(struct setting_origins *origins)
{
    struct setting_origins fresh;
    size_t problems = 0;
    struct settings *settings = malloc(sizeof *settings);
    if (!settings) {
        settings_source_tell_error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    DWORD error = parameters_read(settings, &fresh, &problems, tell_refused, NULL);
    if (error)
        settings_source_tell_error(error);
    if (!error && !problems) {
        *origins = fresh;
        return settings;
    }
    free(settings);
    return NULL;
}

void settings_source_tell_reloaded(const struct settings *settings)
{
    struct report report;
    report_begin(&report, MSG_SETTINGS_READ);
    settings_source_add(&report, settings);
    report_send(&report);
}

/* The names of what the policy sets, in words. */
static void list_policy(char *words, size_t size, const struct settings *settings,
                        const struct setting_origins *origins)
{
    size_t used = 0, accounts = 0;
    words[0] = 0;
    for (size_t i = 0; i < setting_count && used < size; i++) {
        if (origins->settings[i] == SETTING_BY_POLICY)
            used += (size_t)snprintf(words + used, size - used, "%s%s", used ? ", " : "",
                                     setting_table[i].name);
    }
    for (size_t i = 0; i < settings->override_count; i++)
        accounts += origins->accounts[i] == SETTING_BY_POLICY;
    if (accounts && used < size)
        used += (size_t)snprintf(words + used, size - used, "%sthe limits of %u account(s)",
                                 used ? ", " : "", (unsigned)accounts);
    if (!used)
        snprintf(words, size, "nothing");
}

void settings_source_tell_policy(const struct settings *settings,
                                 const struct setting_origins *origins)
{
    char words[SETTING_VALUE_TEXT_SIZE];
    struct report report;
    list_policy(words, sizeof words, settings, origins);
    report_begin(&report, MSG_POLICY_READ);
    settings_source_add(&report, settings);
    report_add_format(&report, "%s", words);
    report_send(&report);
}

void settings_source_tell_error(DWORD error)
{
    tell_unreadable(error, TEXT_OF(u"The earlier settings stay in force."));
}
