#include "acceptance_command.h"

#include <stdlib.h>
#include <wchar.h>

/* What the program prints is read by a thread: it may print more than a pipe holds, and may leave
 * the pipe to a child that outlives it. */
struct reading {
    HANDLE pipe;
    DWORD size;
    char bytes[COMMAND_OUTPUT_MAX];
};

enum { READING_PATIENCE = 2000 /* ms for the rest of the output once the program has ended */ };

static DWORD WINAPI read_all(void *context)
{
    struct reading *reading = context;
    char bytes[512];
    DWORD got;
    while (ReadFile(reading->pipe, bytes, sizeof bytes, &got, NULL) && got > 0) {
        DWORD room = (DWORD)sizeof reading->bytes - 1 - reading->size;
        if (got > room)
            got = room;
        CopyMemory(reading->bytes + reading->size, bytes, got);
        reading->size += got;
    }
    return 0;
}

static DWORD start(const struct command *command, HANDLE output, PROCESS_INFORMATION *process)
{
    STARTUPINFOW startup = {
        .cb = sizeof startup,
        .dwFlags = STARTF_USESTDHANDLES,
        .hStdOutput = output,
        .hStdError = output,
    };
    wchar_t *line = _wcsdup(command->line); /* CreateProcess writes to it */
    if (!line)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = ERROR_SUCCESS;
    if (!CreateProcessW(command->program, line, NULL, NULL, TRUE, CREATE_NEW_PROCESS_GROUP, NULL,
                        NULL, &startup, process))
        error = GetLastError();
    free(line);
    return error;
}

static void wait_for_end(struct command *command, HANDLE process)
{
    HANDLE handles[] = {process, command->cancel};
    DWORD count = command->cancel ? 2 : 1;
    switch (WaitForMultipleObjects(count, handles, FALSE, command->timeout)) {
    case WAIT_OBJECT_0:
        command->end = COMMAND_EXITED;
        break;
    case WAIT_OBJECT_0 + 1:
        command->end = COMMAND_CANCELLED;
        break;
    default:
        command->end = COMMAND_TIMED_OUT;
    }
    if (command->end != COMMAND_EXITED) {
        TerminateProcess(process, ERROR_CANCELLED);
        WaitForSingleObject(process, READING_PATIENCE);
    }
    if (!GetExitCodeProcess(process, &command->exit_code))
        command->exit_code = GetLastError();
}

static void keep_output(struct command *command, const struct reading *reading)
{
    int count = MultiByteToWideChar(CP_UTF8, 0, reading->bytes, (int)reading->size, command->output,
                                    COMMAND_OUTPUT_MAX - 1);
    while (count > 0 &&
           (command->output[count - 1] == L'\n' || command->output[count - 1] == L'\r'))
        count--;
    command->output[count] = L'\0';
}

DWORD command_run(struct command *command)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = ERROR_SUCCESS;
    HANDLE output;
    if (!CreatePipe(&reading->pipe, &output, &inherited, 0)) {
        error = GetLastError();
        goto cleanup_reading;
    }
    SetHandleInformation(reading->pipe, HANDLE_FLAG_INHERIT, 0);
    PROCESS_INFORMATION process;
    error = start(command, output, &process);
    CloseHandle(output);
    if (error != ERROR_SUCCESS)
        goto cleanup_pipe;
    HANDLE reader = CreateThread(NULL, 0, read_all, reading, 0, NULL);
    wait_for_end(command, process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    command->output[0] = L'\0';
    if (!reader)
        goto cleanup_pipe;
    bool ended = WaitForSingleObject(reader, READING_PATIENCE) == WAIT_OBJECT_0;
    CloseHandle(reader);
    if (!ended)
        return ERROR_SUCCESS; /* somebody still holds the pipe: it and its reader are left to him */
    keep_output(command, reading);

cleanup_pipe:
    CloseHandle(reading->pipe);
cleanup_reading:
    free(reading);
    return error;
}

DWORD command_shell(const wchar_t *line, DWORD timeout)
{
    wchar_t shell[MAX_PATH];
    DWORD count = GetEnvironmentVariableW(L"ComSpec", shell, ARRAYSIZE(shell));
    if (count == 0 || count >= ARRAYSIZE(shell))
        return ERROR_ENVVAR_NOT_FOUND;
    wchar_t whole[2048];
    /* The outer quotes are cmd's: with /s it takes exactly the first and the last one away. */
    int used = _snwprintf(whole, ARRAYSIZE(whole), L"\"%ls\" /s /c \"%ls\"", shell, line);
    if (used < 0 || (size_t)used >= ARRAYSIZE(whole))
        return ERROR_FILENAME_EXCED_RANGE;
    struct command *command = calloc(1, sizeof *command);
    if (!command)
        return ERROR_NOT_ENOUGH_MEMORY;
    command->program = shell;
    command->line = whole;
    command->timeout = timeout;
    DWORD error = command_run(command);
    if (error == ERROR_SUCCESS)
        error = command->end == COMMAND_EXITED ? command->exit_code : ERROR_TIMEOUT;
    free(command);
    return error;
}
