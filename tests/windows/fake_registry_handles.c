/* fake_registry_handles.c: see fake_registry.h. Open keys and what they are told of; the faults of
 * the calls; and the lock. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_registry_parts.h"
#include "fake_calls.h"

enum { HANDLES_MAX = 16384, HANDLE_BASE = 0x9000 };

static struct registry_handle handles[HANDLES_MAX];
static size_t handle_count;

static unsigned calls, fail_at, before_at;
static LSTATUS fail_error;
static const char *failed;
static void (*before)(void *context);
static void *before_context;

/* ---- handles -------------------------------------------------------------------------------- */

void fake_registry_kill(void)
{
    REGISTRY_HELD;
    handle_count = 0;
}

unsigned fake_registry_open_handles(void)
{
    REGISTRY_HELD;
    unsigned open = 0;

    for (size_t i = 0; i < handle_count; i++)
        open += handles[i].open;
    return open;
}

HKEY registry_open(size_t key, REGSAM rights)
{
    assert_true(handle_count < HANDLES_MAX);
    handles[handle_count] = (struct registry_handle){.open = true, .key = key, .rights = rights};
    return (HKEY)(uintptr_t)(HANDLE_BASE + handle_count++);
}

void registry_close(HKEY key)
{
    REGISTRY_HELD;
    struct registry_handle *handle = registry_handle_of(key);

    registry_signal(handle);
    handle->open = false;
}

struct registry_handle *registry_handle_of(HKEY value)
{
    static struct registry_handle root = {
        .open = true, .key = REGISTRY_ROOT, .rights = KEY_ALL_ACCESS};
    uintptr_t index = (uintptr_t)value - HANDLE_BASE;

    if (value == HKEY_LOCAL_MACHINE)
        return &root;
    if ((uintptr_t)value < HANDLE_BASE || index >= handle_count || !handles[index].open)
        fail_msg("a key that is not open: %p", (void *)value);
    return &handles[index];
}

LSTATUS registry_check(HKEY value, REGSAM rights)
{
    const struct registry_handle *handle = registry_handle_of(value);

    if (handle->key != REGISTRY_ROOT && !registry_keys[handle->key].exists)
        return ERROR_KEY_DELETED;
    return (handle->rights & rights) == rights ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
}

/* ---- changes -------------------------------------------------------------------------------- */

/* Another thread may wait for the event, and ask again at once. */
void registry_signal(struct registry_handle *handle)
{
    HANDLE changed = handle->changed;
    handle->changed = NULL;
    if (changed)
        SetEvent(changed);
}

static bool is_below(size_t key, size_t above)
{
    while (key != above && key != REGISTRY_ROOT)
        key = registry_keys[key].parent;
    return key == above;
}

void registry_tell_change(size_t key, DWORD kind)
{
    for (size_t i = 0; i < handle_count; i++) {
        struct registry_handle *handle = &handles[i];
        if (handle->open && (handle->filter & kind) &&
            (handle->key == key || (handle->subtree && is_below(key, handle->key))))
            registry_signal(handle);
    }
}

void registry_tell_removed(size_t key)
{
    for (size_t i = 0; i < handle_count; i++)
        if (handles[i].open && handles[i].key == key)
            registry_signal(&handles[i]);
}

/* ---- faults --------------------------------------------------------------------------------- */

void registry_faults_reset(void)
{
    calls = fail_at = before_at = 0;
    failed = NULL;
}

void fake_registry_fail(unsigned n, LSTATUS error)
{
    REGISTRY_HELD;
    fail_at = calls + n;
    fail_error = error;
}

const char *fake_registry_failed(void)
{
    REGISTRY_HELD;
    return failed;
}

unsigned fake_registry_calls(void)
{
    REGISTRY_HELD;
    return calls;
}

void fake_registry_before(unsigned n, void (*act)(void *context), void *context)
{
    REGISTRY_HELD;
    before_at = calls + n;
    before = act;
    before_context = context;
}

static unsigned count_call(bool *acts)
{
    REGISTRY_HELD;
    *acts = ++calls == before_at;
    return calls;
}

static bool note_failed(unsigned number, const char *call)
{
    REGISTRY_HELD;
    if (number != fail_at)
        return false;
    failed = call;
    return true;
}

/* What a hook does, it does without the lock: it may wait for another thread, or longjmp away. */
bool registry_must_fail(const char *call)
{
    bool acts;
    unsigned number = count_call(&acts);
    fake_calls_moment(call, FAKE_BEFORE);
    if (acts)
        before(before_context);
    return note_failed(number, call);
}

LSTATUS registry_fail_error(void)
{
    return fail_error;
}

/* ---- the lock ------------------------------------------------------------------------------- */

static CRITICAL_SECTION lock; /* it outlives the tests */

void registry_lock_init(void)
{
    static bool made;
    if (!made)
        InitializeCriticalSection(&lock);
    made = true;
}

bool registry_hold(void)
{
    EnterCriticalSection(&lock);
    return true;
}

void registry_let_go(const bool *held)
{
    (void)held;
    LeaveCriticalSection(&lock);
}
