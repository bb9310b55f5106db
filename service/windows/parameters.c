/* parameters.c: see parameters.h. */
#include "parameters.h"
#include "parameter_accounts.h"
#include "parameter_key.h"
#include <stdio.h>
#include <stdlib.h>

struct parameters_calls parameters_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegEnumValueW = RegEnumValueW,
    .RegEnumKeyExW = RegEnumKeyExW,
    .RegCloseKey = RegCloseKey,
};

static const char allowed_name[] = "one of the settings in docs/configuration.md";
static const char allowed_key[] = "the key Accounts alone";

_Static_assert(PARAMETERS_VALUE_MAX == 65536, "words that say so");

static bool is_number(enum setting_type type)
{
    return type == SETTING_NUMBER || type == SETTING_SWITCH;
}

static bool is_list(enum setting_type type)
{
    return type == SETTING_LIMITS || type == SETTING_NAMES || type == SETTING_SERVICES ||
           type == SETTING_FOLDERS;
}

/* Takes the value that was read for setting_table[index]. False when it was refused. */
static bool take_setting(struct parameter_reading *reading, size_t index, struct text name)
{
    const struct setting_info *info = &setting_table[index];
    struct text text;
    char digits[16];

    if (is_number(info->type)) {
        if (reading->type != REG_DWORD || reading->size != sizeof(DWORD)) {
            parameter_refuse_kind(reading, name, info->allowed);
            return false;
        }
        snprintf(digits, sizeof(digits), "%lu", (unsigned long)reading->data.number);
        text = (struct text){reading->data.units, 0};
        text.count = parameter_append(reading->data.units, 0, ARRAYSIZE(digits), digits);
    } else if ((reading->type != REG_SZ &&
                !(is_list(info->type) && reading->type == REG_MULTI_SZ)) ||
               !parameter_text(reading, &text)) {
        parameter_refuse_kind(reading, name, info->allowed);
        return false;
    }
    if (settings_set(&reading->settings, index, text))
        return true;
    parameter_refuse_text(reading, name, text, info->allowed);
    return false;
}

/* Each setting of the table, by name: nothing then depends on the order of an enumeration that
 * somebody may be changing. */
static DWORD read_settings(struct parameter_reading *reading, HKEY key)
{
    for (size_t i = 0; i < setting_count; i++) {
        wchar_t name[SETTING_TEXT_MAX];
        size_t count = parameter_append(name, 0, SETTING_TEXT_MAX - 1, setting_table[i].name);
        struct text name_text = {name, count};
        DWORD error;
        name[count] = 0;
        switch (parameter_read(reading, key, name, &error)) {
        case PARAMETER_READ:
            if (take_setting(reading, i, name_text))
                reading->origins.settings[i] = reading->origin;
            break;
        case PARAMETER_ABSENT:
            break;
        case PARAMETER_TOO_LARGE:
            parameter_refuse(reading, name_text, "a value of over 65536 bytes",
                             setting_table[i].allowed);
            break;
        case PARAMETER_ERROR:
            return error;
        }
    }
    return ERROR_SUCCESS;
}

static DWORD refuse_unknown_value(struct parameter_reading *reading, HKEY key, struct text name)
{
    (void)key;
    if (setting_find(name) == SIZE_MAX)
        parameter_key_refuse_value(reading, name, allowed_name);
    return ERROR_SUCCESS;
}

static DWORD refuse_unknown_key(struct parameter_reading *reading, HKEY key, struct text name)
{
    (void)key;
    if (!text_equal_fold(name, TEXT_OF(u"Accounts")))
        parameter_key_refuse_subkey(reading, name, allowed_key);
    return ERROR_SUCCESS;
}

/* All but the accounts, which the two keys have in different ways. */
static DWORD read_key(struct parameter_reading *reading, HKEY key)
{
    DWORD error = read_settings(reading, key);
    if (error == ERROR_SUCCESS)
        error = parameter_key_each_value(reading, key, refuse_unknown_value);
    if (error == ERROR_SUCCESS)
        error = parameter_key_each_subkey(reading, key, refuse_unknown_key);
    return error;
}

static DWORD read_parameters(struct parameter_reading *reading, HKEY key)
{
    reading->origin = SETTING_BY_REGISTRY;
    parameter_key_name(reading, "Parameters", TEXT_OF(u""));
    DWORD error = read_key(reading, key);
    return error == ERROR_SUCCESS ? parameter_accounts_read(reading, key) : error;
}

static DWORD read_policy(struct parameter_reading *reading, HKEY key)
{
    reading->origin = SETTING_BY_POLICY;
    parameter_key_name(reading, "SOFTWARE\\Policies\\RelayLock", TEXT_OF(u""));
    DWORD error = read_key(reading, key);
    return error == ERROR_SUCCESS ? parameter_accounts_read_policy(reading, key) : error;
}

DWORD parameters_read(struct settings *settings, struct setting_origins *origins, size_t *problems,
                      void (*refuse_one)(void *context, const struct parameters_problem *problem),
                      void *context)
{
    struct parameter_reading *reading = calloc(1, sizeof(*reading));

    if (!reading)
        return ERROR_NOT_ENOUGH_MEMORY;
    settings_defaults(&reading->settings);
    reading->refuse = refuse_one;
    reading->context = context;
    DWORD error =
        parameter_key_open(reading, HKEY_LOCAL_MACHINE, PARAMETERS_KEY, KEY_READ, read_parameters);
    if (error == ERROR_SUCCESS)
        error = parameter_key_open(reading, HKEY_LOCAL_MACHINE, PARAMETERS_POLICY_KEY, KEY_READ,
                                   read_policy);
    if (error == ERROR_SUCCESS) {
        settings_copy(settings, &reading->settings);
        if (origins)
            *origins = reading->origins;
        *problems = reading->problems;
    }
    free(reading);
    return error;
}
