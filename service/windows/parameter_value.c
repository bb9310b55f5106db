#include "parameter_value.h"
#include <stdio.h>

size_t parameter_append(char16_t *to, size_t at, size_t capacity, const char *ascii)
{
    for (; *ascii != '\0' && at < capacity; ascii++)
        to[at++] = (unsigned char)*ascii;
    return at;
}

static void refuse(struct parameter_reading *reading, struct text value, struct text found,
                   const char *allowed)
{
    struct parameters_problem problem = {
        .origin = reading->origin,
        .key = {reading->key_text, reading->key_text_count},
        .value = value,
        .found = found,
        .allowed = allowed,
        .settings = &reading->settings,
    };

    reading->problems++;
    if (reading->refuse)
        reading->refuse(reading->context, &problem);
}

void parameter_refuse(struct parameter_reading *reading, struct text value, const char *found,
                      const char *allowed)
{
    size_t count = parameter_append(reading->found, 0, PARAMETER_FOUND_MAX, found);

    refuse(reading, value, (struct text){reading->found, count}, allowed);
}

void parameter_type_name(char *to, size_t capacity, DWORD type)
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
void parameter_refuse_kind(struct parameter_reading *reading, struct text value,
                           const char *allowed)
{
    char type[64], found[96];

    parameter_type_name(type, sizeof(type), reading->type);
    snprintf(found, sizeof(found), "%s, %lu bytes", type, (unsigned long)reading->size);
    parameter_refuse(reading, value, found, allowed);
}

enum parameter_value parameter_read(struct parameter_reading *reading, HKEY key,
                                    const wchar_t *name, DWORD *error)
{
    reading->size = sizeof(reading->data);
    LSTATUS status = parameters_calls.RegQueryValueExW(key, name, NULL, &reading->type,
                                                       reading->data.bytes, &reading->size);
    switch (status) {
    case ERROR_SUCCESS:
        return reading->size <= sizeof(reading->data) ? PARAMETER_READ : PARAMETER_TOO_LARGE;
    case ERROR_FILE_NOT_FOUND:
        return PARAMETER_ABSENT;
    case ERROR_MORE_DATA:
        return PARAMETER_TOO_LARGE;
    default:
        *error = (DWORD)status;
        return PARAMETER_ERROR;
    }
}

bool parameter_text(const struct parameter_reading *reading, struct text *text)
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
void parameter_refuse_text(struct parameter_reading *reading, struct text value, struct text text,
                           const char *allowed)
{
    size_t count = text_copy(reading->found, PARAMETER_FOUND_MAX, text);

    for (size_t i = 0; i < count; i++)
        if (reading->found[i] == 0)
            reading->found[i] = u',';
    refuse(reading, value, (struct text){reading->found, count}, allowed);
}
