/* What a channel holds, read once through wevtapi. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_event_log.h"
#include "windows/queried_log.h"

enum { T = 1262401445 }; /* 2010-01-02T03:04:05Z */

static const char *failed_call;

static int end(void **state)
{
    (void)state;
    fake_event_log_end();
    return 0;
}

static DWORD open_channel(struct queried_log **log)
{
    return queried_log_open(L"Application", false, L"MSExchangeTransport", 1708, log, &failed_call);
}

/* Sign-ins numbered from first; the number is the client's name. */
static void sign_ins(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", i);
        fake_event_log_sign_in(T + i, client, L"CONTOSO\\bob");
    }
}

/* Reads the sign-ins from first on, to the end; the error there. */
static DWORD assert_reads(struct queried_log *log, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        struct relay_event event;
        wchar_t client[16];
        bool well_formed = false;
        assert_int_equal(queried_log_next(log, &event, &well_formed, &failed_call), ERROR_SUCCESS);
        assert_true(well_formed);
        swprintf(client, 16, L"%u", i);
        assert_true(text_equal(event.client, text_of(client)));
        assert_true(text_equal(event.account, TEXT_OF(u"CONTOSO\\bob")));
        assert_true(text_equal(event.origin, TEXT_OF(u"MAIL1")));
        assert_true(event.time == T + i);
        assert_int_equal(event.record, i);
    }
    struct relay_event event;
    bool well_formed;
    return queried_log_next(log, &event, &well_formed, &failed_call);
}

static void all_there_is_comes_oldest_first(void **state)
{
    struct queried_log *log;
    (void)state;
    fake_event_log_begin();
    sign_ins(1, 500);
    assert_int_equal(open_channel(&log), ERROR_SUCCESS);
    assert_int_equal(assert_reads(log, 1, 500), ERROR_NO_MORE_ITEMS);
    assert_int_equal(assert_reads(log, 501, 0), ERROR_NO_MORE_ITEMS);
    assert_false(queried_log_is_torn(log));
    queried_log_close(log);
}

static void others_are_not_seen_and_malformed_ones_are(void **state)
{
    struct queried_log *log;
    struct relay_event event;
    bool well_formed = true;
    struct fake_event other = {.source = L"MSExchangeTransport",
                               .computer = L"MAIL1",
                               .event_id = 7002,
                               .strings = {L"a", L"b", L"c"},
                               .string_count = 3};
    (void)state;
    fake_event_log_begin();
    fake_event_log_add(&other);
    other.event_id = 1708;
    other.source = L"Another";
    fake_event_log_add(&other);
    other.source = L"MSExchangeTransport";
    other.string_count = 2;
    fake_event_log_add(&other);
    assert_int_equal(open_channel(&log), ERROR_SUCCESS);
    assert_int_equal(queried_log_next(log, &event, &well_formed, &failed_call), ERROR_SUCCESS);
    assert_false(well_formed);
    assert_int_equal(event.record, 3);
    assert_int_equal(assert_reads(log, 4, 0), ERROR_NO_MORE_ITEMS);
    queried_log_close(log);
}

static void a_batch_too_large_for_the_transport_is_asked_for_in_less(void **state)
{
    struct queried_log *log;
    (void)state;
    for (DWORD most = 1; most < 40; most += 13) {
        fake_event_log_begin();
        fake_event_log.rpc_batch_max = most;
        sign_ins(1, 200);
        assert_int_equal(open_channel(&log), ERROR_SUCCESS);
        assert_int_equal(assert_reads(log, 1, 200), ERROR_NO_MORE_ITEMS);
        assert_false(queried_log_is_torn(log));
        queried_log_close(log);
        fake_event_log_end();
    }
    fake_event_log_begin();
}

static void a_log_that_goes_round_meanwhile_is_read_on_and_said(void **state)
{
    struct queried_log *log;
    struct relay_event event;
    bool well_formed;
    uint64_t last = 0;
    (void)state;
    fake_event_log_begin();
    fake_event_log.max_records = 100;
    sign_ins(1, 100);
    assert_int_equal(open_channel(&log), ERROR_SUCCESS);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(queried_log_next(log, &event, &well_formed, &failed_call), ERROR_SUCCESS);
        last = event.record;
    }
    sign_ins(101, 90); /* 10 to 64, the batch, were fetched; the oldest now is 91 */
    while (queried_log_next(log, &event, &well_formed, &failed_call) == ERROR_SUCCESS) {
        assert_true(event.record > last);
        last = event.record;
    }
    assert_int_equal(last, 190);
    assert_true(queried_log_is_torn(log));
    queried_log_close(log);
}

static void names_that_cannot_be_asked_for_are_refused(void **state)
{
    struct queried_log *log = NULL;
    (void)state;
    fake_event_log_begin();
    assert_int_equal(queried_log_open(L"Application", false, L"a'\"b", 1, &log, &failed_call),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(queried_log_open(L"Nowhere", false, L"a'b", 1, &log, &failed_call),
                     ERROR_EVT_CHANNEL_NOT_FOUND);
    assert_string_equal(failed_call, "EvtQuery");
    assert_null(log);
}

static void every_call_may_fail_and_nothing_leaks(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (unsigned nth = 1;; nth++) {
        struct queried_log *log = NULL;
        struct relay_event event;
        bool well_formed;
        fake_event_log_begin();
        sign_ins(1, 150);
        fake_event_log_fail_any(nth, ERROR_OUTOFMEMORY);
        DWORD error = open_channel(&log);
        unsigned read = 0;
        if (error == ERROR_SUCCESS) {
            while ((error = queried_log_next(log, &event, &well_formed, &failed_call)) ==
                   ERROR_SUCCESS)
                assert_int_equal(event.record, ++read);
            queried_log_close(log);
        }
        const char *failed = fake_event_log_failed();
        if (failed == NULL) {
            assert_int_equal(read, 150);
            break;
        }
        assert_int_equal(error, strcmp(failed, "HeapAlloc") == 0 ? ERROR_NOT_ENOUGH_MEMORY
                                                                 : ERROR_OUTOFMEMORY);
        assert_memory_equal(failed_call, failed, strlen(failed));
        failures++;
        fake_event_log_end();
    }
    assert_true(failures > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(all_there_is_comes_oldest_first, end),
        cmocka_unit_test_teardown(others_are_not_seen_and_malformed_ones_are, end),
        cmocka_unit_test_teardown(a_batch_too_large_for_the_transport_is_asked_for_in_less, end),
        cmocka_unit_test_teardown(a_log_that_goes_round_meanwhile_is_read_on_and_said, end),
        cmocka_unit_test_teardown(names_that_cannot_be_asked_for_are_refused, end),
        cmocka_unit_test_teardown(every_call_may_fail_and_nothing_leaks, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
