/* fake_services_waits.c: see fake_services.h. What waits: the events, and the OS calls on time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include "windows/installation.h"
#include "windows/smtp_service.h"

enum { ABANDON = 0x4444, WAKE = 0x4448 };

static DWORD abandon_at;
static bool abandon_set, wake_set;

void fake_services_clear_events(void)
{
    abandon_set = wake_set = false;
}

HANDLE fake_services_abandon(void)
{
    return (HANDLE)(uintptr_t)ABANDON;
}

HANDLE fake_services_wake(void)
{
    return (HANDLE)(uintptr_t)WAKE;
}

void fake_services_set_wake(void *unused)
{
    (void)unused;
    wake_set = true;
}

void fake_services_abandon_after(DWORD ms)
{
    abandon_set = true;
    abandon_at = fake_services_now() + ms;
}

static DWORD WINAPI wait_for(HANDLE handle, DWORD ms)
{
    assert_ptr_equal(handle, fake_services_abandon());
    if (fake_services_must_fail("WaitForSingleObject"))
        return WAIT_FAILED;
    for (;; ms--) {
        if (abandon_set && (LONG)(fake_services_now() - abandon_at) >= 0)
            return WAIT_OBJECT_0;
        if (ms == 0)
            return WAIT_TIMEOUT;
        fake_services_advance(1);
    }
}

static DWORD WINAPI wait_for_two(DWORD count, const HANDLE *events, BOOL all, DWORD ms)
{
    assert_int_equal(count, 2);
    assert_false(all);
    assert_ptr_equal(events[0], fake_services_abandon());
    assert_ptr_equal(events[1], fake_services_wake());
    if (fake_services_must_fail("WaitForMultipleObjects"))
        return WAIT_FAILED;
    for (;; ms--) {
        if (abandon_set && (LONG)(fake_services_now() - abandon_at) >= 0)
            return WAIT_OBJECT_0;
        if (wake_set) {
            wake_set = false;
            return WAIT_OBJECT_0 + 1;
        }
        if (ms == 0)
            return WAIT_TIMEOUT;
        fake_services_advance(1);
    }
}

static VOID WINAPI sleep_for(DWORD ms)
{
    fake_services_advance(ms);
}

static DWORD WINAPI tick_count(void)
{
    return fake_services_now();
}

void fake_services_install_waits(void)
{
    smtp_service_calls.GetTickCount = tick_count;
    smtp_service_calls.WaitForSingleObject = wait_for;
    smtp_service_calls.WaitForMultipleObjects = wait_for_two;
    smtp_service_calls.Sleep = sleep_for;
    installation_calls.GetTickCount = tick_count;
    installation_calls.Sleep = sleep_for;
}
