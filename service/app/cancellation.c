#include "cancellation.h"

#include <stdbool.h>
#include "../core/text.h"

/* What two threads have in common; the lock is never held across a call that may hang. */
static struct {
    bool made; /* the lock, by the first clear: before that there is one thread */
    CRITICAL_SECTION lock;
    bool cancelled;
    const char *call;
    wchar_t object[CANCELLATION_OBJECT_MAX];
} work;

static void note(const char *call, const wchar_t *object)
{
    work.call = call;
    text_copy(work.object, CANCELLATION_OBJECT_MAX, text_of(object));
}

DWORD cancellation_point(const char *call, const wchar_t *object)
{
    if (!work.made)
        return ERROR_SUCCESS;
    EnterCriticalSection(&work.lock);
    bool cancelled = work.cancelled;
    if (!cancelled)
        note(call, object);
    LeaveCriticalSection(&work.lock);
    return cancelled ? ERROR_CANCELLED : ERROR_SUCCESS;
}

void cancellation_clear(void)
{
    if (!work.made)
        InitializeCriticalSection(&work.lock);
    work.made = true;
    work.cancelled = false;
    note("CreateThread", L"");
}

void cancellation_request(const char **call, wchar_t object[CANCELLATION_OBJECT_MAX])
{
    EnterCriticalSection(&work.lock);
    work.cancelled = true;
    *call = work.call;
    text_copy(object, CANCELLATION_OBJECT_MAX, text_of(work.object));
    LeaveCriticalSection(&work.lock);
}
