#include <stdio.h>
#include "control.h"
#include "service.h"
#include "usage.h"
#include "verbs_windows.h"
#include "watcher.h"
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
    report_to_console(true);
    error = watcher_run(&console.control);
    report_close();
    SetConsoleCtrlHandler(handle_ctrl, FALSE);
    control_close(&console.control);
    SetEvent(console.ended); /* stays open: a handler may be waiting for it */
    return error ? failed("Watching the log", error) : EXIT_DONE;
}
