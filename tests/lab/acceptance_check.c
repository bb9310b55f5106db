#include "acceptance_check.h"
#include "acceptance_output.h"

#include <stdarg.h>
#include <wchar.h>

enum { LOOK_EVERY = 50 /* ms */ };

static enum check_reader reading_with;

static void say(const wchar_t *format, va_list arguments)
{
    wchar_t text[CHECK_TEXT_MAX];
    output_format(text, ARRAYSIZE(text), format, arguments);
    output_line(L"%ls", text);
}

void check_fail(const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    ExitProcess(CHECK_FAILED);
}

void check_skip(const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    ExitProcess(CHECK_SKIPPED);
}

void check_note(const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void check_that(bool holds, const wchar_t *format, ...)
{
    if (holds)
        return;
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    ExitProcess(CHECK_FAILED);
}

void check_call(DWORD error, const wchar_t *call)
{
    if (error != ERROR_SUCCESS)
        check_fail(L"%ls failed with error %lu", call, error);
}

void check_windows(bool succeeded, const wchar_t *call)
{
    if (!succeeded)
        check_call(GetLastError(), call);
}

bool check_wait(bool (*is_true)(const void *subject), const void *subject, DWORD ms)
{
    DWORD start = GetTickCount();
    for (;;) {
        if (is_true(subject))
            return true;
        if (GetTickCount() - start >= ms)
            return false;
        Sleep(LOOK_EVERY);
    }
}

const wchar_t *check_reader_word(void)
{
    return reading_with == CHECK_CLASSIC ? L"classic" : L"modern";
}

/* The run holds the mutex for as long as it lives: when it is killed, its check ends, too. */
static DWORD WINAPI end_with_run(void *run)
{
    WaitForSingleObject(run, INFINITE);
    ExitProcess(CHECK_FAILED);
}

void check_run(const struct check *check, enum check_reader reader, void (*prepare)(void))
{
    HANDLE run = OpenMutexW(SYNCHRONIZE, FALSE, CHECK_RUN_MUTEX);
    if (!run)
        check_fail(L"a check is started by the acceptance program only");
    HANDLE watcher = CreateThread(NULL, 0, end_with_run, run, 0, NULL);
    check_windows(watcher != NULL, L"CreateThread");
    CloseHandle(watcher);
    reading_with = reader;
    if (prepare)
        prepare();
    check->run();
    ExitProcess(CHECK_PASSED);
}
