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

static void tell_defaulted(void *context, const struct parameters_problem *problem)
{
    (void)context;
    struct report report;
    size_t index = setting_find(problem->value);
    begin_problem(&report, MSG_SETTING_DEFAULTED, problem);
    report_add_format(&report, "%s", index == SIZE_MAX ? "none" : setting_table[index].initial);
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
    DWORD error = parameters_read(settings, NULL, &problems, tell_defaulted, NULL);
    if (error) {
        settings_defaults(settings);
        tell_unreadable(error, TEXT_OF(u"The defaults are used."));
    }
    return settings;
}

struct settings *settings_source_reload(void)
{
    size_t problems = 0;
    struct settings *settings = malloc(sizeof *settings);
    if (!settings) {
        settings_source_tell_error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    DWORD error = parameters_read(settings, NULL, &problems, tell_refused, NULL);
    if (error)
        settings_source_tell_error(error);
    if (!error && !problems)
        return settings;
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

void settings_source_tell_error(DWORD error)
{
    tell_unreadable(error, TEXT_OF(u"The earlier settings stay in force."));
}
