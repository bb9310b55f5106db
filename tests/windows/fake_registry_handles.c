/* fake_registry_handles.c: see fake_registry.h. Open keys and what they are told of; and the faults
 * of the calls. */
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
    handle_count = 0;
}

unsigned fake_registry_open_handles(void)
{
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
    fail_at = calls + n;
    fail_error = error;
}

const char *fake_registry_failed(void)
{
    return failed;
}

unsigned fake_registry_calls(void)
{
    return calls;
}

void fake_registry_before(unsigned n, void (*act)(void *context), void *context)
{
    before_at = calls + n;
    before = act;
    before_context = context;
}

bool registry_must_fail(const char *call)
{
    calls++;
    fake_calls_moment(call, FAKE_BEFORE);
    if (calls == before_at)
        before(before_context);
    if (calls != fail_at)
        return false;
    failed = call;
    return true;
}

LSTATUS registry_fail_error(void)
{
    return fail_error;
}
