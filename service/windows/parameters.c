/* parameters.c: see parameters.h. */
#include "parameters.h"
#include "parameter_value.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parameters_calls parameters_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegEnumValueW = RegEnumValueW,
    .RegEnumKeyExW = RegEnumKeyExW,
    .RegCloseKey = RegCloseKey,
};

static const char allowed_name[] = "one of the settings in docs/configuration.md";
static const char allowed_key[] = "the key Accounts alone";
static const char allowed_in_account[] = "the value Limits alone";
static const char allowed_limits[] = "a list of limits such as 50/10m or clients:8/10m";
static const char allowed_account[] =
    "an account's name (user or DOMAIN/user) and limits such as 50/10m; 256 accounts "
    "at most";

_Static_assert(GUARD_OVERRIDES_MAX == 256 && PARAMETERS_VALUE_MAX == 65536, "words that say so");

static bool is_number(enum setting_type type)
{
    return type == SETTING_NUMBER || type == SETTING_SWITCH;
}

static bool is_list(enum setting_type type)
{
    return type == SETTING_LIMITS || type == SETTING_NAMES || type == SETTING_SERVICES;
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
                reading->present[i] = true;
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

static bool is_setting(struct text name)
{
    return setting_find(name) != SIZE_MAX;
}

static bool is_limits(struct text name)
{
    return text_equal_fold(name, TEXT_OF(u"Limits"));
}

/* Refuses the values of a key that have no meaning. */
static DWORD refuse_unknown_values(struct parameter_reading *reading, HKEY key,
                                   bool (*is_known)(struct text name), const char *allowed)
{
    for (DWORD i = 0; i < PARAMETERS_NAMES_MAX; i++) {
        DWORD count = PARAMETER_VALUE_NAME_MAX, type = REG_NONE;
        LSTATUS status = parameters_calls.RegEnumValueW(key, i, reading->value_name, &count, NULL,
                                                        &type, NULL, NULL);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status != ERROR_SUCCESS && status != ERROR_MORE_DATA)
            return (DWORD)status;
        if (status == ERROR_MORE_DATA ||
            count >= PARAMETER_VALUE_NAME_MAX) /* longer than the registry has */
            count = PARAMETER_VALUE_NAME_MAX - 1;
        struct text name = {reading->value_name, count};
        if (!is_known(name)) {
            char found[64];
            parameter_type_name(found, sizeof(found), type);
            parameter_refuse(reading, name, found, allowed);
        }
    }
    return ERROR_SUCCESS;
}

static void set_key_text(struct parameter_reading *reading, const char *parent, struct text name)
{
    size_t count = parameter_append(reading->key_text, 0, PARAMETER_KEY_TEXT_MAX, parent);

    for (size_t i = 0; i < name.count && count < PARAMETER_KEY_TEXT_MAX; i++)
        reading->key_text[count++] = name.at[i];
    reading->key_text_count = count;
}

/* The Limits of one account, from its open key. */
static DWORD read_account(struct parameter_reading *reading, HKEY key, struct text name)
{
    const struct text value = TEXT_OF(u"Limits");
    struct text text;
    DWORD error;

    switch (parameter_read(reading, key, L"Limits", &error)) {
    case PARAMETER_READ:
        if ((reading->type != REG_SZ && reading->type != REG_MULTI_SZ) ||
            !parameter_text(reading, &text))
            parameter_refuse_kind(reading, value, allowed_limits);
        else if (!settings_set_account(&reading->settings, name, text))
            parameter_refuse_text(reading, value, text, allowed_account);
        break;
    case PARAMETER_ABSENT:
        parameter_refuse(reading, value, "absent", allowed_limits);
        break;
    case PARAMETER_TOO_LARGE:
        parameter_refuse(reading, value, "a value of over 65536 bytes", allowed_limits);
        break;
    case PARAMETER_ERROR:
        return error;
    }
    return refuse_unknown_values(reading, key, is_limits, allowed_in_account);
}

/* Calls `each` with every subkey's name, in key_name, until it fails. */
static DWORD each_subkey(struct parameter_reading *reading, HKEY key,
                         DWORD (*each)(struct parameter_reading *reading, HKEY key,
                                       struct text name))
{
    for (DWORD i = 0; i < PARAMETERS_NAMES_MAX; i++) {
        DWORD count = PARAMETER_KEY_NAME_MAX;
        LSTATUS status = parameters_calls.RegEnumKeyExW(key, i, reading->key_name, &count, NULL,
                                                        NULL, NULL, NULL);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status != ERROR_SUCCESS)
            return (DWORD)status;
        if (count >= PARAMETER_KEY_NAME_MAX)
            return ERROR_INVALID_DATA;
        DWORD error = each(reading, key, (struct text){reading->key_name, count});
        if (error != ERROR_SUCCESS)
            return error;
    }
    return ERROR_SUCCESS;
}

/* A key that went away since it was listed is as good as one that never was. */
static bool is_gone(LSTATUS status)
{
    return status == ERROR_FILE_NOT_FOUND || status == ERROR_KEY_DELETED;
}

static DWORD open_account(struct parameter_reading *reading, HKEY accounts, struct text name)
{
    HKEY key;

    LSTATUS status =
        parameters_calls.RegOpenKeyExW(accounts, reading->key_name, 0, KEY_QUERY_VALUE, &key);
    if (status != ERROR_SUCCESS)
        return is_gone(status) ? ERROR_SUCCESS : (DWORD)status;
    set_key_text(reading, "Parameters\\Accounts\\", name);
    DWORD error = read_account(reading, key, name);
    parameters_calls.RegCloseKey(key);
    return is_gone((LSTATUS)error) ? ERROR_SUCCESS : error;
}

static DWORD read_accounts(struct parameter_reading *reading, HKEY parameters)
{
    HKEY key;

    LSTATUS status = parameters_calls.RegOpenKeyExW(parameters, L"Accounts", 0,
                                                    KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, &key);
    if (status != ERROR_SUCCESS)
        return is_gone(status) ? ERROR_SUCCESS : (DWORD)status;
    DWORD error = each_subkey(reading, key, open_account);
    parameters_calls.RegCloseKey(key);
    return is_gone((LSTATUS)error) ? ERROR_SUCCESS : error;
}

static DWORD refuse_unknown_key(struct parameter_reading *reading, HKEY key, struct text name)
{
    (void)key;
    if (!text_equal_fold(name, TEXT_OF(u"Accounts")))
        parameter_refuse(reading, name, "a key", allowed_key);
    return ERROR_SUCCESS;
}

static DWORD read_all(struct parameter_reading *reading)
{
    HKEY key;

    LSTATUS status =
        parameters_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, PARAMETERS_KEY, 0, KEY_READ, &key);
    if (status != ERROR_SUCCESS)
        return is_gone(status) ? ERROR_SUCCESS : (DWORD)status;
    set_key_text(reading, "Parameters", TEXT_OF(u""));
    DWORD error = read_settings(reading, key);
    if (error == ERROR_SUCCESS)
        error = refuse_unknown_values(reading, key, is_setting, allowed_name);
    if (error == ERROR_SUCCESS)
        error = each_subkey(reading, key, refuse_unknown_key);
    if (error == ERROR_SUCCESS)
        error = read_accounts(reading, key);
    parameters_calls.RegCloseKey(key);
    return error;
}

DWORD parameters_read(struct settings *settings, bool *present, size_t *problems,
                      void (*refuse_one)(void *context, const struct parameters_problem *problem),
                      void *context)
{
    struct parameter_reading *reading = calloc(1, sizeof(*reading));
    bool *fresh = calloc(setting_count, sizeof(*fresh));
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (!reading || !fresh)
        goto cleanup;
    settings_defaults(&reading->settings);
    reading->present = fresh;
    reading->refuse = refuse_one;
    reading->context = context;
    error = read_all(reading);
    if (error != ERROR_SUCCESS)
        goto cleanup;
    settings_copy(settings, &reading->settings);
    if (present)
        memcpy(present, fresh, setting_count * sizeof(*fresh));
    *problems = reading->problems;
cleanup:
    free(fresh);
    free(reading);
    return error;
}
