#include "acceptance_run.h"
#include "acceptance_command.h"
#include "acceptance_leftovers.h"
#include "acceptance_options.h"
#include "acceptance_output.h"
#include "acceptance_product.h"
#include "acceptance_services.h"
#include "acceptance_state.h"

#include <stdlib.h>
#include <wchar.h>

enum { RUN_PATIENCE = 5000 /* ms for the checks of a killed run to notice */ };

static struct {
    unsigned number, passed, failed, skipped;
    bool stuck;    /* a check left something that cannot be undone */
    HANDLE cancel; /* signalled by Ctrl-C */
    HANDLE ended;  /* signalled when all is cleaned up */
    wchar_t program[MAX_PATH];
} run;

/* Windows ends the process when this returns for a closed console, a log-off or a shutdown. */
static BOOL WINAPI on_console(DWORD event)
{
    SetEvent(run.cancel);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        WaitForSingleObject(run.ended, INFINITE);
    return TRUE;
}

static bool cancelled(void)
{
    return WaitForSingleObject(run.cancel, 0) == WAIT_OBJECT_0;
}

/* On a host that is not as it was no further check says anything. */
static bool may_go_on(void)
{
    return !run.stuck && !cancelled();
}

/* The check gets the run's own command line, and which check it is. */
static wchar_t *command_line_of(const struct check *check, enum check_reader reader)
{
    const wchar_t *own = GetCommandLineW();
    size_t room = wcslen(own) + 100;
    wchar_t *line = calloc(room, sizeof *line);
    if (line)
        _snwprintf(line, room - 1, L"%ls --reader %ls --run-check %ls", own,
                   reader == CHECK_CLASSIC ? L"classic" : L"modern", check->name);
    return line;
}

/* What a check printed stands in one line. */
static void join_lines(wchar_t *text)
{
    wchar_t *to = text;
    for (const wchar_t *from = text; *from; from++) {
        if (*from == L'\r')
            continue;
        if (*from == L'\n') {
            *to++ = L';';
            *to++ = L' '; /* there is room: a line break has two characters here */
        } else {
            *to++ = *from;
        }
    }
    *to = L'\0';
}

static DWORD result_of(struct command *command)
{
    join_lines(command->output);
    const wchar_t *what = NULL;
    if (command->end == COMMAND_TIMED_OUT)
        what = L"has not ended in time";
    else if (command->end == COMMAND_CANCELLED)
        what = L"broken off";
    else if (command->exit_code != CHECK_PASSED && command->exit_code != CHECK_SKIPPED &&
             command->exit_code != CHECK_FAILED)
        what = L"ended before its end";
    if (!what)
        return command->exit_code;
    wchar_t said[COMMAND_OUTPUT_MAX];
    wcscpy(said, command->output);
    _snwprintf(command->output, COMMAND_OUTPUT_MAX - 1, L"%ls (exit code %#lx) %ls", what,
               command->exit_code, said);
    return CHECK_FAILED;
}

static void print_result(const struct check *check, enum check_reader reader, DWORD result,
                         const wchar_t *said, DWORD ms)
{
    static const wchar_t *const readers[] = {L"", L"modern, ", L"classic, "};
    run.number++;
    if (result == CHECK_SKIPPED) {
        run.skipped++;
        output_line(L"skipped %u - %ls (%ls%ls): %ls", run.number, check->title, readers[reader],
                    check->name, said);
        return;
    }
    bool passed = result == CHECK_PASSED;
    passed ? run.passed++ : run.failed++;
    output_line(L"%ls %u - %ls (%ls%ls, %lu.%lu s)%ls%ls", passed ? L"ok" : L"not ok", run.number,
                check->title, readers[reader], check->name, ms / 1000, ms % 1000 / 100,
                *said ? L": " : L"", said);
}

static bool run_check(const struct check *check, enum check_reader reader)
{
    wchar_t *line = command_line_of(check, reader);
    struct command *command = calloc(1, sizeof *command);
    if (!line || !command) {
        free(line);
        free(command);
        output_line(L"# out of memory");
        run.failed++;
        return false;
    }
    command->program = run.program;
    command->line = line;
    command->timeout = check->seconds * 1000;
    command->cancel = run.cancel;
    DWORD start = GetTickCount();
    DWORD error = command_run(command);
    DWORD took = GetTickCount() - start;
    DWORD result = CHECK_FAILED;
    if (error == ERROR_SUCCESS)
        result = result_of(command);
    else
        _snwprintf(command->output, COMMAND_OUTPUT_MAX - 1, L"it cannot be started: error %lu",
                   error);
    if (!leftovers_of_check()) {
        run.stuck = true;
        result = CHECK_FAILED;
    }
    print_result(check, reader, result, command->output, took);
    free(line);
    free(command);
    return result != CHECK_FAILED;
}

static bool wanted(const struct check *check)
{
    return !check->each_reader || !options.only || options.only == check;
}

/* Checks that are not run for each reader stand at both ends of the table and prepare the way: when
 * one fails, there is nothing to go on with. */
static void run_checks(void)
{
    size_t i = 0;
    for (; i < check_count && !check_table[i].each_reader; i++)
        if (!may_go_on() || !run_check(&check_table[i], CHECK_NO_READER))
            return;
    size_t first = i;
    for (int reader = CHECK_MODERN; reader <= CHECK_CLASSIC; reader++) {
        if (!(reader == CHECK_MODERN ? options.modern : options.classic))
            continue;
        for (i = first; i < check_count && check_table[i].each_reader; i++)
            if (wanted(&check_table[i]) && may_go_on())
                run_check(&check_table[i], (enum check_reader)reader);
    }
    while (i < check_count && check_table[i].each_reader)
        i++;
    for (; i < check_count && may_go_on(); i++)
        run_check(&check_table[i], CHECK_NO_READER);
}

/* Says why nothing can be tried here. */
static bool refuse(const wchar_t *format, ...)
{
    wchar_t text[CHECK_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    output_format(text, ARRAYSIZE(text), format, arguments);
    va_end(arguments);
    output_line(L"nothing was tried: %ls", text);
    return false;
}

static bool may_run(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
    if (!manager)
        return refuse(L"services cannot be made (error %lu); start this as an administrator",
                      GetLastError());
    CloseServiceHandle(manager);
    HANDLE mutex = CreateMutexW(NULL, FALSE, CHECK_RUN_MUTEX);
    if (!mutex)
        return refuse(L"CreateMutex failed with error %lu", GetLastError());
    /* Held until the process ends. */
    if (WaitForSingleObject(mutex, RUN_PATIENCE) == WAIT_TIMEOUT)
        return refuse(L"this program is running on this host already");
    if (leftovers_any()) {
        output_line(L"# undoing what an earlier run left");
        if (!leftovers_remove())
            return refuse(L"what an earlier run left cannot be undone; once that is done by hand, "
                          L"delete HKEY_LOCAL_MACHINE\\" LEFTOVERS_KEY);
    }
    DWORD error;
    if (service_state(PRODUCT_SERVICE, &error) != SERVICE_NONE ||
        error != ERROR_SERVICE_DOES_NOT_EXIST)
        return refuse(L"this host has a service RelayLock already, which is left alone");
    if (state_exists())
        return refuse(L"this host has a journal of RelayLock already, which is left alone");
    return true;
}

static bool open_result(void)
{
    wchar_t path[MAX_PATH];
    DWORD count = GetModuleFileNameW(NULL, run.program, ARRAYSIZE(run.program));
    static const wchar_t name[] = L"result.txt";
    if (count == 0 || count >= ARRAYSIZE(run.program))
        return refuse(L"the path of this program is too long");
    wcscpy(path, run.program);
    wchar_t *slash = wcsrchr(path, L'\\');
    if (!slash || (size_t)(slash + 1 - path) + ARRAYSIZE(name) > ARRAYSIZE(path))
        return refuse(L"the path of this program is too long");
    wcscpy(slash + 1, name);
    DWORD error = output_to_file(path);
    return error == ERROR_SUCCESS || refuse(L"%ls cannot be written: error %lu", path, error);
}

static bool begin(void)
{
    run.cancel = CreateEventW(NULL, TRUE, FALSE, NULL);
    run.ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!run.cancel || !run.ended || !SetConsoleCtrlHandler(on_console, TRUE))
        return refuse(L"Ctrl-C cannot be handled: error %lu", GetLastError());
    if (!may_run() || !open_result())
        return false;
    leftover_note(LEFTOVER_SERVICES, L"RelayLock and its stand-ins");
    /* Whatever has these names is ours. */
    DWORD error = stand_ins_remove();
    if (error == ERROR_SUCCESS)
        error = stand_ins_install();
    if (error == ERROR_SUCCESS)
        return true;
    leftovers_remove();
    return refuse(L"the stand-in services cannot be made: error %lu", error);
}

int run_all(void)
{
    if (!begin())
        return 2;
    run_checks();
    bool clean = leftovers_remove();
    bool broken_off = cancelled();
    if (broken_off)
        output_line(L"# broken off");
    if (run.stuck)
        output_line(L"# broken off, since the host is not as it was");
    if (run.skipped > 0)
        output_line(L"%u passed, %u failed, %u skipped", run.passed, run.failed, run.skipped);
    else
        output_line(L"%u passed, %u failed", run.passed, run.failed);
    SetEvent(run.ended);
    return run.failed == 0 && clean && !broken_off && !run.stuck ? 0 : 1;
}
