#include "hardening_memory.h"

#include "memory_key.h"

static const wchar_t path[] = L"Hardening";

DWORD hardening_memory_read(const wchar_t *item, struct hardening_record *record,
                            const char **failed_call)
{
    wchar_t data[HARDENING_TEXT_MAX];
    struct hardening_record read = {.known = false};
    struct text text;
    DWORD error = memory_key_read(path, item, data, HARDENING_TEXT_MAX, &text, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    hardening_record_from_text(&read, text);
    *record = read;
    return ERROR_SUCCESS;
}

DWORD hardening_memory_write(const wchar_t *item, const struct hardening_record *record,
                             const char **failed_call)
{
    char16_t text[HARDENING_TEXT_MAX];
    DWORD size = (DWORD)((hardening_record_to_text(record, text) + 1) * sizeof *text);
    return memory_key_write(path, item, REG_SZ, text, size, failed_call);
}

DWORD hardening_memory_forget(const wchar_t *item, const char **failed_call)
{
    return memory_key_forget(path, item, failed_call);
}
