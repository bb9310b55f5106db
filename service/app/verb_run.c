#include <stdio.h>
#include "control.h"
#include "service.h"
#include "usage.h"
#include "verbs_windows.h"
#include "watcher.h"
#include "../windows/console.h"
#include "../windows/own_service.h"
#include "../windows/report.h"

enum { CLOSE_PATIENCE = 4500 }; /* ms; Windows ends a closed console's programs after 5 s */

static struct {
    struct control control;
    HANDLE ended; /* manual-reset */
} console;

/* Runs on a thread of its own. After a closed window or a log-off the process is ended as soon as
 * this returns, so it waits for the watcher. */
static BOOL WINAPI handle_ctrl(DWORD event)
{
    control_stop(&console.control);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        WaitForSingleObject(console.ended, CLOSE_PATIENCE);
    return TRUE;
}

static void ignore_observing(void *context, bool observing)
{
    (void)context;
    (void)observing;
}

static void ignore_stopping(void *context)
{
    (void)context;
}

static int failed(const char *call, DWORD error)
{
    fprintf(stderr, "relaylock run: %s failed with error %lu\n", call, error);
    return EXIT_FAILED;
}

int verb_run(int count, char **arguments)
{
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    if (own_service_is_running()) { /* two of us would want one journal */
        fprintf(stderr, "relaylock run: the service RelayLock is running; first: sc stop "
                        "RelayLock\n");
        return EXIT_FAILED;
    }
    DWORD error = control_create(&console.control);
    if (error)
        return failed("CreateEvent", error);
    console.control.observing = ignore_observing;
    console.control.stopping = ignore_stopping;
    console.ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!console.ended)
        return failed("CreateEvent", GetLastError());
    if (!SetConsoleCtrlHandler(handle_ctrl, TRUE))
        return failed("SetConsoleCtrlHandler", GetLastError());
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD mode = 0;
    bool taken = console_take_quick_edit(input, &mode); /* a lock must not wait for a click */
    report_to_console(true);
    error = watcher_run(&console.control);
    report_close();
    if (taken)
        console_give_quick_edit(input, mode);
    SetConsoleCtrlHandler(handle_ctrl, FALSE);
    SetEvent(console.ended);
    /* The events stay open: a handler may be at them, and so may a thread that hangs in Windows and
     * was left behind, which strict handle checks would end the process for. */
    return error ? failed("Watching the log", error) : EXIT_DONE;
}
