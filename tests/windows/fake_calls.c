/* fake_calls.c: see fake_calls.h. */
#include "fake_calls.h"
#include <setjmp.h>
#include <string.h>

static void (*hook)(void *context, const char *call, enum fake_moment moment);
static void *hook_context;

void fake_calls_hook(void (*new_hook)(void *context, const char *call, enum fake_moment moment),
                     void *context)
{
    hook = new_hook;
    hook_context = context;
}

void fake_calls_moment(const char *call, enum fake_moment moment)
{
    if (hook)
        hook(hook_context, call, moment);
}

static jmp_buf death;
static unsigned moments_left;

static void die(void *context, const char *call, enum fake_moment moment)
{
    (void)context, (void)call, (void)moment;
    if (--moments_left == 0)
        longjmp(death, 1);
}

bool fake_calls_lives(unsigned n, void (*work)(void))
{
    moments_left = n;
    if (setjmp(death) == 0) {
        fake_calls_hook(die, NULL);
        work();
        fake_calls_hook(NULL, NULL);
        return true;
    }
    fake_calls_hook(NULL, NULL);
    return false;
}

void fake_calls_fail(struct fake_calls *calls, unsigned n, DWORD error, bool late)
{
    calls->fail_at = calls->made + n;
    calls->fail_error = error;
    calls->fail_late = late;
}

void fake_calls_break(struct fake_calls *calls, const char *call, DWORD error)
{
    calls->broken = call;
    calls->broken_error = error;
}

DWORD fake_calls_enter(struct fake_calls *calls, const char *call)
{
    calls->made++;
    fake_calls_moment(call, FAKE_BEFORE);
    if (calls->made == calls->fail_at && !calls->fail_late) {
        calls->failed = call;
        return calls->fail_error;
    }
    if (calls->broken && strcmp(calls->broken, call) == 0) {
        calls->failed = call;
        return calls->broken_error;
    }
    return ERROR_SUCCESS;
}

DWORD fake_calls_leave(struct fake_calls *calls, const char *call, DWORD error)
{
    if (error == ERROR_SUCCESS && calls->made == calls->fail_at && calls->fail_late) {
        calls->failed = call;
        error = calls->fail_error;
    }
    fake_calls_moment(call, FAKE_AFTER);
    return error;
}
