#include "parameter_key.h"

#include "registry_gone.h"

DWORD parameter_key_open(struct parameter_reading *reading, HKEY parent, const wchar_t *path,
                         REGSAM rights, DWORD (*act)(struct parameter_reading *reading, HKEY key))
{
    HKEY key;
    DWORD error = (DWORD)parameters_calls.RegOpenKeyExW(parent, path, 0, rights, &key);
    if (error == ERROR_SUCCESS) {
        error = act(reading, key);
        parameters_calls.RegCloseKey(key);
    }
    return registry_gone((LSTATUS)error) ? ERROR_SUCCESS : error;
}

DWORD parameter_key_each_value(struct parameter_reading *reading, HKEY key,
                               DWORD (*each)(struct parameter_reading *reading, HKEY key,
                                             struct text name))
{
    for (DWORD i = 0; i < PARAMETERS_NAMES_MAX; i++) {
        DWORD count = PARAMETER_VALUE_NAME_MAX;
        reading->type = REG_NONE;
        LSTATUS status = parameters_calls.RegEnumValueW(key, i, reading->value_name, &count, NULL,
                                                        &reading->type, NULL, NULL);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status != ERROR_SUCCESS && status != ERROR_MORE_DATA)
            return (DWORD)status;
        if (status == ERROR_MORE_DATA ||
            count >= PARAMETER_VALUE_NAME_MAX) /* longer than the registry has */
            count = PARAMETER_VALUE_NAME_MAX - 1;
        reading->value_name[count] = 0;
        DWORD error = each(reading, key, (struct text){reading->value_name, count});
        if (error != ERROR_SUCCESS)
            return error;
    }
    return ERROR_SUCCESS;
}

DWORD parameter_key_each_subkey(struct parameter_reading *reading, HKEY key,
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

void parameter_key_name(struct parameter_reading *reading, const char *parent, struct text name)
{
    size_t count = parameter_append(reading->key_text, 0, PARAMETER_KEY_TEXT_MAX, parent);

    for (size_t i = 0; i < name.count && count < PARAMETER_KEY_TEXT_MAX; i++)
        reading->key_text[count++] = name.at[i];
    reading->key_text_count = count;
}

void parameter_key_refuse_value(struct parameter_reading *reading, struct text name,
                                const char *allowed)
{
    char found[64];

    parameter_type_name(found, sizeof(found), reading->type);
    parameter_refuse(reading, name, found, allowed);
}

void parameter_key_refuse_subkey(struct parameter_reading *reading, struct text name,
                                 const char *allowed)
{
    parameter_refuse(reading, name, "a key", allowed);
}
