#include "system_error.h"

#include <stdio.h>
#include <windows.h>

#include "../core/text.h"

void system_error_say(char *error, size_t size, const char *call, unsigned long code)
{
    wchar_t wide[96];
    char narrow[96];
    DWORD count = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                     FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                 NULL, code, 0, wide, sizeof wide / sizeof wide[0], NULL);

    /* Without a text (or with one too long) the number alone must do. */
    text_to_utf8(narrow, sizeof narrow, text_trim((struct text){wide, count}));
    snprintf(error, size, "%s: %s%s(%lu)", call, narrow, count > 0 ? " " : "", code);
}
