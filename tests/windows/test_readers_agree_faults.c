/* What both readers do alike when any call of theirs fails. Each test runs once with each
 * reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"

static void every_call_of_open_may_fail(void **state)
{
    static const DWORD errors[] = {ERROR_ACCESS_DENIED, RPC_S_SERVER_UNAVAILABLE,
                                   ERROR_NOT_ENOUGH_MEMORY, 0x7fff1234};
    reading_begin(state);
    log_numbered_sign_ins(1, 20, T - 1);
    log_numbered_sign_ins(21, 20, T);
    reading.options.since = T;
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        unsigned nth = 1;
        const char *failed;
        do {
            fake_event_log_fail_any(nth++, errors[e]);
            DWORD error = log_reading_open(&reading);
            failed = fake_event_log_failed();
            /* Refused notification is made up for by the timer; an event that cannot be rendered
             * does not keep the log from being opened. */
            bool survived =
                failed != NULL && (strcmp(failed, "NotifyChangeEventLog") == 0 ||
                                   (strcmp(failed, "EvtRender") == 0 &&
                                    (errors[e] == ERROR_ACCESS_DENIED || errors[e] == 0x7fff1234)));
            if (failed == NULL || survived) {
                assert_int_equal(error, ERROR_SUCCESS);
                reading.count = 0;
                assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
                assert_seen(21, 20);
                log_reading_close(&reading);
            } else {
                bool memory = strcmp(failed, "HeapAlloc") == 0;
                assert_int_equal(error, memory ? ERROR_NOT_ENOUGH_MEMORY : errors[e]);
                assert_string_equal(reading.failed_call, failed);
            }
        } while (failed != NULL);
        assert_true(nth > 5);
    }
}

static void a_call_that_fails_without_an_error_is_still_a_failure(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 20, T);
    unsigned nth = 1;
    const char *failed;
    do {
        fake_event_log_fail_any(nth++, FAKE_NO_ERROR);
        DWORD error = log_reading_open(&reading);
        failed = fake_event_log_failed();
        if (error == ERROR_SUCCESS) {
            log_reading_close(&reading);
        } else if (strcmp(failed, "HeapAlloc") == 0) {
            assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
        } else {
            assert_int_equal(error, ERROR_GEN_FAILURE);
        }
    } while (failed != NULL);
    assert_true(nth > 5);
}

static void every_call_of_next_may_fail_and_nothing_is_lost(void **state)
{
    reading_begin(state);
    unsigned first = 1;
    for (unsigned nth = 1;; nth++) {
        log_numbered_sign_ins(first, 70, T);
        reading.count = 0;
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        fake_event_log_fail_any(nth, RPC_S_CALL_FAILED);
        DWORD error = log_reading_drain(&reading);
        const char *failed = fake_event_log_failed();
        if (failed == NULL) {
            assert_int_equal(error, ERROR_NO_MORE_ITEMS);
            assert_seen(first, 70);
            break;
        }
        assert_int_equal(error, RPC_S_CALL_FAILED);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_seen(first, 70);
        first += 70;
    }
    assert_int_equal(reading.change_count, 0);
}

static void every_call_after_a_clear_may_fail_and_nothing_is_doubled(void **state)
{
    reading_begin(state);
    unsigned nth = 1;
    const char *failed;
    do {
        log_numbered_sign_ins(1, 40, T);
        assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        fake_event_log_clear();
        log_numbered_sign_ins(41, 30, T);
        fake_event_log_fail_any(nth++, RPC_S_CALL_FAILED);
        DWORD error = log_reading_drain(&reading);
        failed = fake_event_log_failed();
        if (failed != NULL && error != ERROR_NO_MORE_ITEMS) {
            assert_int_equal(error, RPC_S_CALL_FAILED);
            assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
            assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        }
        assert_seen(1, 70);
        assert_true(reading.change_count >= 1 && reading.changes[0].cleared);
        log_reading_end(&reading);
        log_reading_begin(&reading, reading.open);
        fake_event_log_clear();
    } while (failed != NULL);
    assert_true(nth > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(every_call_of_open_may_fail),
        WITH_BOTH(a_call_that_fails_without_an_error_is_still_a_failure),
        WITH_BOTH(every_call_of_next_may_fail_and_nothing_is_lost),
        WITH_BOTH(every_call_after_a_clear_may_fail_and_nothing_is_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
