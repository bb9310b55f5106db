/* setting_value.h: a setting in the form in which the registry has it (parameters.h). */
#ifndef RELAYLOCK_WINDOWS_SETTING_VALUE_H
#define RELAYLOCK_WINDOWS_SETTING_VALUE_H

#include <windows.h>
#include "parameters.h"

struct setting_value {
    DWORD type, size; /* REG_...; bytes of data */
    union {
        DWORD number;
        BYTE bytes[PARAMETERS_VALUE_MAX];
        wchar_t units[PARAMETERS_VALUE_MAX / sizeof(wchar_t)];
    } data;
};

/* setting_table[index] as settings has it. Whatever settings_set takes has room. */
void setting_value_make(const struct settings *settings, size_t index, struct setting_value *value);

#endif
