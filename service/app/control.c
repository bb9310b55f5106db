#include "control.h"

DWORD control_create(struct control *control)
{
    HANDLE stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!stop)
        return GetLastError();
    HANDLE request = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!request) {
        DWORD error = GetLastError();
        CloseHandle(stop);
        return error;
    }
    control->stop = stop;
    control->request = request;
    return ERROR_SUCCESS;
}

void control_stop(struct control *control)
{
    SetEvent(control->stop);
}

static void ask(struct control *control, volatile LONG *flag)
{
    InterlockedExchange(flag, 1);
    SetEvent(control->request);
}

void control_observe(struct control *control, bool observe)
{
    InterlockedExchange(&control->observe, observe);
    ask(control, &control->asked);
}

void control_reload(struct control *control)
{
    ask(control, &control->reload);
}

void control_status(struct control *control)
{
    ask(control, &control->status);
}

void control_release_latest(struct control *control)
{
    ask(control, &control->release_latest);
}

void control_request_left(struct control *control)
{
    ask(control, &control->request_left);
}

bool control_take(volatile LONG *flag)
{
    return InterlockedExchange(flag, 0) != 0;
}
