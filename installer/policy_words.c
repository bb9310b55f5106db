#include "policy_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_text(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A template that lacks the end of a text must not be made. */
static void write_text(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    if (count < 0 || (size_t)count >= size) {
        fprintf(stderr, "make_policy: a text of %d characters has no room: %s\n", count, to);
        exit(EXIT_FAILURE);
    }
}

static const char *unit_in_words(const struct setting_info *info)
{
    static const char *const units[][2] = {{"s", "seconds"}, {"min", "minutes"}, {"h", "hours"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(info->unit, units[i][0]) == 0)
            return units[i][1];
    }
    return info->unit;
}

bool policy_is_list(const struct setting_info *info)
{
    return info->type == SETTING_LIMITS || info->type == SETTING_NAMES ||
           info->type == SETTING_SERVICES || info->type == SETTING_FOLDERS;
}

unsigned policy_most_items(const struct setting_info *info)
{
    switch (info->type) {
    case SETTING_LIMITS:
        return LIMIT_SET_MAX;
    case SETTING_NAMES:
        return GUARD_EXEMPT_MAX;
    default:
        return SETTING_SERVICES_MAX;
    }
}

unsigned policy_most_characters(const struct setting_info *info)
{
    switch (info->type) {
    case SETTING_LIMITS:
        return LIMIT_SET_MAX * LIMIT_TEXT_SIZE;
    case SETTING_NAMES:
        return SETTINGS_TEXT_MAX;
    default:
        return SETTING_SERVICES_MAX * SETTING_TEXT_MAX;
    }
}

static const char *states(const struct setting_info *info)
{
    return info->type == SETTING_SWITCH
               ? "Enabled: 1. Disabled: 0. Either counts, whatever is set on the computer.\n"
                 "Not configured: what is set on the computer counts; without that, the default."
               : "Enabled: this counts, whatever is set on the computer.\n"
                 "Disabled or not configured: what is set on the computer counts; without that, "
                 "the default.";
}

void policy_explain(char text[POLICY_EXPLAIN_SIZE], const struct setting_info *info,
                    const char *as_list)
{
    write_text(text, POLICY_EXPLAIN_SIZE, "%s\n\nAllowed: %s%s%s.\nDefault: %s%s%s.\n\n%s",
               info->meaning, info->allowed, policy_is_list(info) ? "; " : "",
               policy_is_list(info) ? as_list : "", info->initial[0] ? info->initial : "none",
               info->unit[0] ? " " : "", unit_in_words(info), states(info));
}

void policy_explain_accounts(char text[POLICY_EXPLAIN_SIZE])
{
    const struct setting_info *limits = &setting_table[setting_find(TEXT_OF(u"Limits"))];
    write_text(text, POLICY_EXPLAIN_SIZE,
               "Limits for single accounts, which replace the general ones for them.\n\n"
               "Name: the account, DOMAIN\\user, or user for that user in any domain; * and ? as "
               "wildcards. Value: its limits, with commas between them.\n"
               "Allowed: %u accounts at most; %s.\nDefault: none.\n\n"
               "Enabled: these count, whatever limits the same accounts are given on the computer; "
               "those of other accounts stay.\n"
               "Disabled or not configured: what is set on the computer counts.",
               (unsigned)GUARD_OVERRIDES_MAX, limits->allowed);
}

void policy_label(char text[POLICY_LABEL_SIZE], const struct setting_info *info)
{
    if (info->unit[0])
        write_text(text, POLICY_LABEL_SIZE, "%s (%s):", info->name, unit_in_words(info));
    else
        write_text(text, POLICY_LABEL_SIZE, "%s:", info->name);
}

size_t policy_default_word(const struct setting_info *info)
{
    size_t i = 0;
    while (strcmp(info->words[i], info->initial) != 0)
        i++;
    return i;
}
