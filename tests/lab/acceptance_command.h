/* acceptance_command.h: runs a command line to its end and collects what it prints. */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_COMMAND_H
#define RELAYLOCK_LAB_ACCEPTANCE_COMMAND_H

#include <windows.h>
#include <stdbool.h>

enum { COMMAND_OUTPUT_MAX = 4096 /* characters kept of the output, terminator included */ };

enum command_end { COMMAND_EXITED, COMMAND_TIMED_OUT, COMMAND_CANCELLED };

struct command {
    const wchar_t *program; /* path, or null: found by the first word of the line */
    const wchar_t *line;
    DWORD timeout; /* ms; the program is ended after that */
    HANDLE cancel; /* may be null; the program is ended when it is signalled */
    /* what became of it */
    enum command_end end;
    DWORD exit_code;
    wchar_t output[COMMAND_OUTPUT_MAX]; /* both its outputs, read as UTF-8; without the last line
                                           break; cut at the end */
};

/* Runs it; Ctrl-C in the console does not reach it. ERROR_SUCCESS however it ended, or the error of
 * the call that kept it from being run. */
DWORD command_run(struct command *command);

/* Runs `cmd /c line`; ERROR_SUCCESS if it exits with 0 in time. Otherwise its exit code, or an
 * error. */
DWORD command_shell(const wchar_t *line, DWORD timeout);

#endif
