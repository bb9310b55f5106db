/* parameters.c: see parameters.h. */
#include "parameters.h"
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

enum {
    VALUE_NAME_MAX = 16384, /* units; the registry's own limits, terminators included */
    KEY_NAME_MAX = 256,
    KEY_TEXT_MAX = KEY_NAME_MAX + 32,
    FOUND_MAX = 512
};

static const char allowed_name[] = "one of the settings in docs/configuration.md";
static const char allowed_key[] = "the key Accounts alone";
static const char allowed_in_account[] = "the value Limits alone";
static const char allowed_limits[] = "a list of limits such as 50/10m or clients:8/10m";
static const char allowed_account[] =
    "an account's name (user, user@domain or DOMAIN/user) and limits such as 50/10m; 256 accounts "
    "at most";

_Static_assert(GUARD_OVERRIDES_MAX == 256 && PARAMETERS_VALUE_MAX == 65536, "words that say so");

/* All memory of one reading. */
struct reading {
    struct settings settings;
    bool *present;
    size_t problems;
    void (*refuse)(void *context, const struct parameters_problem *problem);
    void *context;
    union {
        BYTE bytes[PARAMETERS_VALUE_MAX];
        DWORD number;
        char16_t units[PARAMETERS_VALUE_MAX / sizeof(char16_t)];
    } data;
    DWORD type, size;
    char16_t found[FOUND_MAX];
    char16_t value_name[VALUE_NAME_MAX];
    char16_t key_name[KEY_NAME_MAX];
    char16_t key_text[KEY_TEXT_MAX]; /* the key that is read, for a problem */
    size_t key_text_count;
};

enum value { VALUE_READ, VALUE_ABSENT, VALUE_TOO_LARGE, VALUE_ERROR };

static size_t append_ascii(char16_t *to, size_t at, size_t capacity, const char *ascii)
{
    for (; *ascii != '\0' && at < capacity; ascii++)
        to[at++] = (unsigned char)*ascii;
    return at;
}

static void refuse(struct reading *reading, struct text value, struct text found,
                   const char *allowed)
{
    struct parameters_problem problem = {
        .key = {reading->key_text, reading->key_text_count},
        .value = value,
        .found = found,
        .allowed = allowed,
    };

    reading->problems++;
    if (reading->refuse)
        reading->refuse(reading->context, &problem);
}

static void refuse_ascii(struct reading *reading, struct text value, const char *found,
                         const char *allowed)
{
    size_t count = append_ascii(reading->found, 0, FOUND_MAX, found);

    refuse(reading, value, (struct text){reading->found, count}, allowed);
}

/* "a REG_SZ value" */
static void name_type(char *to, size_t capacity, DWORD type)
{
    static const char *const names[] = {"NONE",
                                        "SZ",
                                        "EXPAND_SZ",
                                        "BINARY",
                                        "DWORD",
                                        "DWORD_BIG_ENDIAN",
                                        "LINK",
                                        "MULTI_SZ",
                                        "RESOURCE_LIST",
                                        "FULL_RESOURCE_DESCRIPTOR",
                                        "RESOURCE_REQUIREMENTS_LIST",
                                        "QWORD"};

    if (type < ARRAYSIZE(names))
        snprintf(to, capacity, "a REG_%s value", names[type]);
    else
        snprintf(to, capacity, "a value of type %lu", (unsigned long)type);
}

/* The value that was read is of the wrong kind. */
static void refuse_kind(struct reading *reading, struct text value, const char *allowed)
{
    char type[64], found[96];

    name_type(type, sizeof(type), reading->type);
    snprintf(found, sizeof(found), "%s, %lu bytes", type, (unsigned long)reading->size);
    refuse_ascii(reading, value, found, allowed);
}

/* One value, whole; *error is set for VALUE_ERROR. */
static enum value read_value(struct reading *reading, HKEY key, const wchar_t *name, DWORD *error)
{
    reading->size = sizeof(reading->data);
    LSTATUS status = parameters_calls.RegQueryValueExW(key, name, NULL, &reading->type,
                                                       reading->data.bytes, &reading->size);
    switch (status) {
    case ERROR_SUCCESS:
        return reading->size <= sizeof(reading->data) ? VALUE_READ : VALUE_TOO_LARGE;
    case ERROR_FILE_NOT_FOUND:
        return VALUE_ABSENT;
    case ERROR_MORE_DATA:
        return VALUE_TOO_LARGE;
    default:
        *error = (DWORD)status;
        return VALUE_ERROR;
    }
}

/* The value that was read as text, without the terminators, which may be there or not. False when
 * it is none: half a unit, or a NUL within a REG_SZ, behind which somebody hides something. */
static bool value_text(const struct reading *reading, struct text *text)
{
    size_t count = reading->size / sizeof(char16_t);

    if (reading->size % sizeof(char16_t) != 0)
        return false;
    while (count > 0 && reading->data.units[count - 1] == 0)
        count--;
    *text = (struct text){reading->data.units, count};
    return reading->type == REG_MULTI_SZ || text_find(*text, 0) == SIZE_MAX;
}

/* A text as it is shown for a problem: cut, and a list with commas. */
static void refuse_text(struct reading *reading, struct text value, struct text text,
                        const char *allowed)
{
    size_t count = text_copy(reading->found, FOUND_MAX, text);

    for (size_t i = 0; i < count; i++)
        if (reading->found[i] == 0)
            reading->found[i] = u',';
    refuse(reading, value, (struct text){reading->found, count}, allowed);
}

static bool is_number(enum setting_type type)
{
    return type == SETTING_NUMBER || type == SETTING_SWITCH;
}

static bool is_list(enum setting_type type)
{
    return type == SETTING_LIMITS || type == SETTING_NAMES;
}

/* Takes the value that was read for setting_table[index]. False when it was refused. */
static bool take_setting(struct reading *reading, size_t index, struct text name)
{
    const struct setting_info *info = &setting_table[index];
    struct text text;
    char digits[16];

    if (is_number(info->type)) {
        if (reading->type != REG_DWORD || reading->size != sizeof(DWORD)) {
            refuse_kind(reading, name, info->allowed);
            return false;
        }
        snprintf(digits, sizeof(digits), "%lu", (unsigned long)reading->data.number);
        text = (struct text){reading->data.units, 0};
        text.count = append_ascii(reading->data.units, 0, ARRAYSIZE(digits), digits);
    } else if ((reading->type != REG_SZ &&
                !(is_list(info->type) && reading->type == REG_MULTI_SZ)) ||
               !value_text(reading, &text)) {
        refuse_kind(reading, name, info->allowed);
        return false;
    }
    if (settings_set(&reading->settings, index, text))
        return true;
    refuse_text(reading, name, text, info->allowed);
    return false;
}

/* Each setting of the table, by name: nothing then depends on the order of an enumeration that
 * somebody may be changing. */
static DWORD read_settings(struct reading *reading, HKEY key)
{
    for (size_t i = 0; i < setting_count; i++) {
        wchar_t name[SETTING_TEXT_MAX];
        size_t count = append_ascii(name, 0, SETTING_TEXT_MAX - 1, setting_table[i].name);
        struct text name_text = {name, count};
        DWORD error;
        name[count] = 0;
        switch (read_value(reading, key, name, &error)) {
        case VALUE_READ:
            if (take_setting(reading, i, name_text))
                reading->present[i] = true;
            break;
        case VALUE_ABSENT:
            break;
        case VALUE_TOO_LARGE:
            refuse_ascii(reading, name_text, "a value of over 65536 bytes",
                         setting_table[i].allowed);
            break;
        case VALUE_ERROR:
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
static DWORD refuse_unknown_values(struct reading *reading, HKEY key,
                                   bool (*is_known)(struct text name), const char *allowed)
{
    for (DWORD i = 0; i < PARAMETERS_NAMES_MAX; i++) {
        DWORD count = VALUE_NAME_MAX, type = REG_NONE;
        LSTATUS status = parameters_calls.RegEnumValueW(key, i, reading->value_name, &count, NULL,
                                                        &type, NULL, NULL);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status != ERROR_SUCCESS && status != ERROR_MORE_DATA)
            return (DWORD)status;
        if (status == ERROR_MORE_DATA || count >= VALUE_NAME_MAX) /* longer than the registry has */
            count = VALUE_NAME_MAX - 1;
        struct text name = {reading->value_name, count};
        if (!is_known(name)) {
            char found[64];
            name_type(found, sizeof(found), type);
            refuse_ascii(reading, name, found, allowed);
        }
    }
    return ERROR_SUCCESS;
}

static void set_key_text(struct reading *reading, const char *parent, struct text name)
{
    size_t count = append_ascii(reading->key_text, 0, KEY_TEXT_MAX, parent);

    for (size_t i = 0; i < name.count && count < KEY_TEXT_MAX; i++)
        reading->key_text[count++] = name.at[i];
    reading->key_text_count = count;
}

/* The Limits of one account, from its open key. */
static DWORD read_account(struct reading *reading, HKEY key, struct text name)
{
    const struct text value = TEXT_OF(u"Limits");
    struct text text;
    DWORD error;

    switch (read_value(reading, key, L"Limits", &error)) {
    case VALUE_READ:
        if ((reading->type != REG_SZ && reading->type != REG_MULTI_SZ) ||
            !value_text(reading, &text))
            refuse_kind(reading, value, allowed_limits);
        else if (!settings_set_account(&reading->settings, name, text))
            refuse_text(reading, value, text, allowed_account);
        break;
    case VALUE_ABSENT:
        refuse_ascii(reading, value, "absent", allowed_limits);
        break;
    case VALUE_TOO_LARGE:
        refuse_ascii(reading, value, "a value of over 65536 bytes", allowed_limits);
        break;
    case VALUE_ERROR:
        return error;
    }
    return refuse_unknown_values(reading, key, is_limits, allowed_in_account);
}

/* Calls `each` with every subkey's name, in key_name, until it fails. */
static DWORD each_subkey(struct reading *reading, HKEY key,
                         DWORD (*each)(struct reading *reading, HKEY key, struct text name))
{
    for (DWORD i = 0; i < PARAMETERS_NAMES_MAX; i++) {
        DWORD count = KEY_NAME_MAX;
        LSTATUS status = parameters_calls.RegEnumKeyExW(key, i, reading->key_name, &count, NULL,
                                                        NULL, NULL, NULL);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status != ERROR_SUCCESS)
            return (DWORD)status;
        if (count >= KEY_NAME_MAX)
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

static DWORD open_account(struct reading *reading, HKEY accounts, struct text name)
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

static DWORD read_accounts(struct reading *reading, HKEY parameters)
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

static DWORD refuse_unknown_key(struct reading *reading, HKEY key, struct text name)
{
    (void)key;
    if (!text_equal_fold(name, TEXT_OF(u"Accounts")))
        refuse_ascii(reading, name, "a key", allowed_key);
    return ERROR_SUCCESS;
}

static DWORD read_all(struct reading *reading)
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
    struct reading *reading = calloc(1, sizeof(*reading));
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
