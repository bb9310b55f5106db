/* report.c: see report.h. What an event says is put together here; report_send.c sends it. */
#include "report.h"
#include <stdio.h>
#include <string.h>

struct report_calls report_calls = {
    .RegisterEventSourceW = RegisterEventSourceW,
    .ReportEventW = ReportEventW,
    .DeregisterEventSource = DeregisterEventSource,
    .InitializeCriticalSectionAndSpinCount = InitializeCriticalSectionAndSpinCount,
    .FormatMessageW = FormatMessageW,
    .GetSystemDirectoryW = GetSystemDirectoryW,
    .LoadLibraryExW = LoadLibraryExW,
    .FreeLibrary = FreeLibrary,
    .GetLocalTime = GetLocalTime,
    .GetStdHandle = GetStdHandle,
    .GetConsoleMode = GetConsoleMode,
    .WriteConsoleW = WriteConsoleW,
    .WriteFile = WriteFile,
};

void report_begin(struct report *report, DWORD id)
{
    report->id = id;
    report->count = 0;
}

void report_add(struct report *report, struct text text)
{
    if (report->count == REPORT_STRINGS_MAX)
        return;
    struct report_string *string = &report->strings[report->count++];
    string->count = text_copy_shown(string->text, REPORT_STRING_MAX, text);
}

static void add_ascii(struct report *report, const char *ascii)
{
    char16_t wide[REPORT_STRING_MAX];
    size_t count = 0;

    for (; ascii[count] != '\0' && count < REPORT_STRING_MAX; count++)
        wide[count] = (unsigned char)ascii[count];
    report_add(report, (struct text){wide, count});
}

void report_add_number(struct report *report, uint64_t number)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;

    /* by hand: the C runtime of Windows 2000 does not know %llu */
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    add_ascii(report, digits + at);
}

void report_add_format(struct report *report, const char *format, ...)
{
    char ascii[REPORT_STRING_MAX + 1] = "";
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(ascii, sizeof(ascii), format, arguments);
    va_end(arguments);
    ascii[sizeof(ascii) - 1] = '\0';
    add_ascii(report, length < 0 ? "?" : ascii);
}

/* The system's words for a code; those for the network's own codes are in netmsg.dll. 0: none. */
static DWORD error_words(DWORD error, char16_t *words, DWORD capacity)
{
    static const wchar_t name[] = L"\\netmsg.dll";
    wchar_t path[MAX_PATH + ARRAYSIZE(name)];
    DWORD flags = FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;

    if (error < 2100 || error > 2999) /* NERR_BASE, MAX_NERR */
        return report_calls.FormatMessageW(flags | FORMAT_MESSAGE_FROM_SYSTEM, NULL, error, 0,
                                           words, capacity, NULL);
    UINT length = report_calls.GetSystemDirectoryW(path, MAX_PATH);
    if (length == 0 || length >= MAX_PATH)
        return 0;
    memcpy(path + length, name, sizeof(name));
    HMODULE module = report_calls.LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module)
        return 0;
    DWORD count = report_calls.FormatMessageW(flags | FORMAT_MESSAGE_FROM_HMODULE, module, error, 0,
                                              words, capacity, NULL);
    report_calls.FreeLibrary(module);
    return count;
}

void report_add_error(struct report *report, DWORD error)
{
    char16_t words[512], both[REPORT_STRING_MAX];
    char number[16];
    size_t count = 0;

    DWORD length = error_words(error, words, ARRAYSIZE(words));
    if (length > ARRAYSIZE(words) - 1)
        length = 0;
    struct text text = text_trim((struct text){words, length});
    snprintf(number, sizeof(number), "%lu", (unsigned long)error);
    if (text.count == 0) {
        add_ascii(report, number);
        return;
    }
    for (; number[count] != '\0'; count++)
        both[count] = (unsigned char)number[count];
    both[count++] = u' ';
    both[count++] = u'(';
    memcpy(both + count, text.at, text.count * sizeof(*text.at));
    count += text.count;
    both[count++] = u')';
    report_add(report, (struct text){both, count});
}
