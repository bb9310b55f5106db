/* A time that is over, as a handle. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "windows/deadline.h"

static struct deadline_calls real;
static int open;

static HANDLE WINAPI create_timer(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    open++;
    return real.CreateWaitableTimerW(security, manual, name);
}

static HANDLE WINAPI create_none(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    (void)security, (void)manual, (void)name;
    return NULL;
}

static BOOL WINAPI set_none(HANDLE timer, const LARGE_INTEGER *due, LONG period,
                            PTIMERAPCROUTINE routine, LPVOID context, BOOL resume)
{
    (void)timer, (void)due, (void)period, (void)routine, (void)context, (void)resume;
    return FALSE;
}

static BOOL WINAPI close_timer(HANDLE timer)
{
    open--;
    return real.CloseHandle(timer);
}

static int set_up(void **state)
{
    (void)state;
    real = deadline_calls;
    deadline_calls.CreateWaitableTimerW = create_timer;
    deadline_calls.CloseHandle = close_timer;
    open = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    deadline_calls = real;
    return open;
}

static void it_is_signalled_when_the_time_is_over_and_stays_so(void **state)
{
    (void)state;
    HANDLE deadline = deadline_begin(200);
    DWORD begun = GetTickCount();
    assert_non_null(deadline);
    assert_int_equal(WaitForSingleObject(deadline, 0), WAIT_TIMEOUT);
    assert_int_equal(WaitForSingleObject(deadline, 10000), WAIT_OBJECT_0);
    assert_in_range(GetTickCount() - begun, 100, 9000);
    assert_int_equal(WaitForSingleObject(deadline, 0), WAIT_OBJECT_0);
    deadline_end(deadline);
}

static void a_long_time_is_not_over_at_once(void **state)
{
    (void)state;
    HANDLE deadline = deadline_begin(MAXDWORD);
    assert_non_null(deadline);
    assert_int_equal(WaitForSingleObject(deadline, 0), WAIT_TIMEOUT);
    deadline_end(deadline);
}

static void without_a_timer_there_is_none(void **state)
{
    (void)state;
    deadline_calls.SetWaitableTimer = set_none;
    assert_null(deadline_begin(200));
    assert_int_equal(open, 0);
    deadline_calls.CreateWaitableTimerW = create_none;
    assert_null(deadline_begin(200));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_signalled_when_the_time_is_over_and_stays_so),
        TEST(a_long_time_is_not_over_at_once),
        TEST(without_a_timer_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
