/* The classic reader when the log says that it changed, and then the log service is away. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/classic_log.h"

static BOOL(WINAPI *inner_read)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *);
static const DWORD *errors; /* of the next reads; ERROR_SUCCESS: the log's own from there on */

static BOOL WINAPI read_with_errors(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                    DWORD size, DWORD *used, DWORD *needed)
{
    if (*errors == ERROR_SUCCESS)
        return inner_read(log, flags, number, buffer, size, used, needed);
    SetLastError(*errors++);
    return FALSE;
}

static int set_up(void **state)
{
    static const DWORD none[] = {ERROR_SUCCESS};
    reading_begin_classic(state);
    inner_read = classic_log_calls.ReadEventLogW;
    classic_log_calls.ReadEventLogW = read_with_errors;
    errors = none;
    log_numbered_sign_ins(1, 40, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(41, 5, T + 1);
    return 0;
}

/* Nobody can say what changed: that is found out when the log is back. */
static void assert_no_clear_is_told(void)
{
    assert_int_equal(log_reading_drain(&reading), RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(reading.source->last_record, 40);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 45);
    assert_int_equal(reading.change_count, 0);
}

static void a_log_that_cannot_be_opened_behind_a_change_was_not_cleared(void **state)
{
    static const DWORD changed[] = {ERROR_EVENTLOG_FILE_CHANGED, ERROR_SUCCESS};
    (void)state;
    errors = changed;
    fake_event_log_fail(FAKE_OPEN_EVENT_LOG, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_no_clear_is_told();
}

static void one_that_cannot_be_read_behind_a_change_was_not_cleared(void **state)
{
    static const DWORD changed[] = {ERROR_EVENTLOG_FILE_CHANGED, RPC_S_SERVER_UNAVAILABLE,
                                    ERROR_SUCCESS};
    (void)state;
    errors = changed;
    assert_no_clear_is_told();
}

/* That it changes once more, or has nothing there, says that the record is gone. */
static void a_record_that_is_not_found_behind_a_change_is_gone(void **state)
{
    static const DWORD gone[] = {ERROR_EVENTLOG_FILE_CHANGED, ERROR_HANDLE_EOF,
                                 ERROR_INVALID_PARAMETER};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        const DWORD changed[] = {ERROR_EVENTLOG_FILE_CHANGED, gone[i], ERROR_SUCCESS};
        errors = changed;
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.change_count, 1);
        assert_true(reading.changes[0].cleared);
        reading_end(state);
        set_up(state);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_that_cannot_be_opened_behind_a_change_was_not_cleared),
        TEST(one_that_cannot_be_read_behind_a_change_was_not_cleared),
        TEST(a_record_that_is_not_found_behind_a_change_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
