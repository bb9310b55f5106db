#include "acceptance_output.h"

#include <stdbool.h>
#include <wchar.h>

enum { LINE_MAX_CHARACTERS = 2048 };

static HANDLE result_file = INVALID_HANDLE_VALUE;

void output_format(wchar_t *text, size_t count, const wchar_t *format, va_list arguments)
{
    /* Negative, and not terminated, when cut. */
    int used = _vsnwprintf(text, count - 1, format, arguments);
    if (used < 0 || (size_t)used >= count - 1)
        text[count - 1] = L'\0';
}

static void write_utf8(HANDLE file, const wchar_t *line, int count)
{
    char bytes[LINE_MAX_CHARACTERS * 3];
    int size = WideCharToMultiByte(CP_UTF8, 0, line, count, bytes, sizeof bytes, NULL, NULL);
    DWORD written;
    if (size > 0)
        WriteFile(file, bytes, (DWORD)size, &written, NULL);
}

void output_line(const wchar_t *format, ...)
{
    wchar_t line[LINE_MAX_CHARACTERS];
    va_list arguments;
    va_start(arguments, format);
    output_format(line, ARRAYSIZE(line) - 2, format, arguments);
    va_end(arguments);
    wcscat(line, L"\r\n");
    int count = (int)wcslen(line);

    HANDLE standard = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode, written;
    if (GetConsoleMode(standard, &mode))
        WriteConsoleW(standard, line, (DWORD)count, &written, NULL);
    else
        write_utf8(standard, line, count);
    if (result_file != INVALID_HANDLE_VALUE)
        write_utf8(result_file, line, count);
}

DWORD output_to_file(const wchar_t *path)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    result_file = file;
    return ERROR_SUCCESS;
}
