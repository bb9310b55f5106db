#include "verb_arguments.h"

#include <string.h>

bool verb_arguments_release(struct release_request *request, int count, char **arguments)
{
    struct release_request read = {.number = request->number, .target = RELEASE_ACCOUNT};
    bool named = false;
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "--force") == 0) {
            read.force = true;
            continue;
        }
        bool all = strcmp(argument, "--all") == 0;
        if (named || (!all && (argument[0] == '-' || argument[0] == '\0')))
            return false;
        if (all)
            read.target = RELEASE_ALL;
        else if (!text_from_utf8(read.account, RELEASE_ACCOUNT_MAX, argument, NULL))
            return false;
        named = true;
    }
    if (named)
        *request = read;
    return named;
}

bool verb_arguments_doctor(struct doctor_arguments *read, int count, char **arguments)
{
    struct doctor_arguments found = {0};
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0 && !found.json) {
            found.json = true;
        } else if (strcmp(arguments[i], "--account") == 0 && i + 1 < count && !found.asked) {
            found.asked = true;
            if (!text_from_utf8(found.account, RELAY_ACCOUNT_MAX + 1, arguments[++i], NULL))
                return false;
        } else {
            return false;
        }
    }
    *read = found;
    return true;
}

bool verb_arguments_are_settings(int count, char **arguments)
{
    for (int i = 1; i < count; i += 2)
        if (strcmp(arguments[i], "--set") != 0 || i + 1 == count || !strchr(arguments[i + 1], '='))
            return false;
    return true;
}

bool verb_arguments_setting(const char *argument, char16_t *units, size_t capacity,
                            const char16_t **name, const char16_t **value)
{
    size_t count;
    if (!strchr(argument, '=') || !text_from_utf8(units, capacity, argument, &count))
        return false;
    size_t equals = text_find((struct text){units, count}, u'=');
    units[equals] = 0;
    *name = units;
    *value = units + equals + 1;
    return true;
}
