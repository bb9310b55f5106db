#include "stuck_scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "windows/time_limit.h"

enum { PATIENCE = 60000 /* ms for what takes no time */ };

DWORD stuck_scene_limit;
bool stuck_scene_no_threads;

static const char *hanging; /* null: nothing does */
static unsigned calls_left;
static enum fake_moment moment_of_it;
static HANDLE hangs, go, thread;

static void meet(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    if (!hanging || moment != moment_of_it || strcmp(call, hanging) != 0 || --calls_left > 0)
        return;
    hanging = NULL;
    SetEvent(hangs);
    WaitForSingleObject(go, PATIENCE);
}

static HANDLE WINAPI create_thread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack,
                                   LPTHREAD_START_ROUTINE run, LPVOID context, DWORD flags,
                                   LPDWORD id)
{
    if (stuck_scene_no_threads) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (thread)
        CloseHandle(thread);
    HANDLE made = CreateThread(attributes, stack, run, context, flags, id);
    assert_non_null(made);
    assert_true(DuplicateHandle(GetCurrentProcess(), made, GetCurrentProcess(), &thread, 0, FALSE,
                                DUPLICATE_SAME_ACCESS));
    return made;
}

static DWORD WINAPI wait(HANDLE handle, DWORD ms)
{
    const HANDLE handles[] = {handle, hangs};
    stuck_scene_limit = ms;
    DWORD woken = WaitForMultipleObjects(2, handles, FALSE, PATIENCE);
    return woken == WAIT_OBJECT_0 ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

void stuck_scene_reset(void)
{
    if (!hangs) {
        hangs = CreateEventW(NULL, FALSE, FALSE, NULL);
        go = CreateEventW(NULL, FALSE, FALSE, NULL);
    }
    time_limit_calls.CreateThread = create_thread;
    time_limit_calls.WaitForSingleObject = wait;
    hanging = NULL;
    stuck_scene_limit = 0;
    stuck_scene_no_threads = false;
    fake_calls_hook(meet, NULL);
}

void stuck_scene_hang(const char *call, unsigned n, enum fake_moment moment)
{
    calls_left = n;
    moment_of_it = moment;
    hanging = call;
}

void stuck_scene_let_go(void)
{
    assert_null(hanging); /* it came to it */
    SetEvent(go);
    assert_int_equal(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
}

int stuck_scene_tear_down(void **state)
{
    (void)state;
    hanging = NULL;
    if (thread && WaitForSingleObject(thread, 0) != WAIT_OBJECT_0) {
        SetEvent(go);
        WaitForSingleObject(thread, PATIENCE);
    }
    return 0;
}
