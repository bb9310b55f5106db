/* RelayLock's own events while the log is away or refuses them, and from several threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include "report_fixture.h"

static void kept_events_are_written_in_order_once_the_log_is_back(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < 5; i++)
        send_numbered(MSG_MALFORMED, i);
    report_flush();
    assert_int_equal(log_.count, 0);
    log_.away = 0;
    send_numbered(MSG_MALFORMED, 5);
    assert_int_equal(log_.count, 6);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(log_.events[i].first[0], L'0' + i);
    report_flush();
    assert_int_equal(log_.count, 6);
}

static void flush_alone_writes_what_was_kept(void **state)
{
    (void)state;
    log_.away = ERROR_LOG_FILE_FULL;
    send_numbered(MSG_MALFORMED, 1);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 1);
}

static void dropped_events_are_counted_and_told(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < REPORT_KEPT_MAX + 8; i++)
        send_numbered(MSG_MALFORMED, i);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, REPORT_KEPT_MAX + 1);
    assert_text(log_.events[0].first, L"8"); /* the oldest went */
    assert_text(log_.events[REPORT_KEPT_MAX - 1].first, L"39");
    assert_int_equal(log_.events[REPORT_KEPT_MAX].id, MSG_EVENTS_DROPPED);
    assert_text(log_.events[REPORT_KEPT_MAX].first, L"8");
    send_numbered(MSG_MALFORMED, 1);
    assert_int_equal(log_.count, REPORT_KEPT_MAX + 2); /* told once */
}

static void dropped_events_are_told_later_if_not_now(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < REPORT_KEPT_MAX + 8; i++)
        send_numbered(MSG_MALFORMED, i);
    log_.away = 0;
    log_.refused_id = MSG_EVENTS_DROPPED;
    report_flush();
    assert_int_equal(log_.count, REPORT_KEPT_MAX);
    log_.refused_id = 0;
    report_flush();
    assert_text(log_.events[REPORT_KEPT_MAX].first, L"8");
}

static void handle_that_went_bad_is_replaced(void **state)
{
    (void)state;
    send_numbered(MSG_MALFORMED, 1);
    log_.good_from = 0x100 + log_.opened + 1;
    send_numbered(MSG_MALFORMED, 2);
    assert_int_equal(log_.count, 2);
    assert_int_equal(log_.sources, 1);
    assert_int_equal(log_.opened, 2);
}

static void event_that_is_refused_does_not_block_the_others(void **state)
{
    (void)state;
    log_.refused_id = MSG_MALFORMED;
    send_numbered(MSG_MALFORMED, 1);
    send_numbered(MSG_ACCOUNTS_LOST, 2);
    assert_int_equal(log_.count, 2);
    assert_int_equal(log_.events[0].id, MSG_EVENTS_DROPPED);
    assert_int_equal(log_.events[1].id, MSG_ACCOUNTS_LOST);

    log_.away = RPC_S_SERVER_UNAVAILABLE;
    send_numbered(MSG_MALFORMED, 1);
    send_numbered(MSG_ACCOUNTS_LOST, 3);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 4);
    assert_int_equal(log_.events[2].id, MSG_ACCOUNTS_LOST);
    assert_int_equal(log_.events[3].id, MSG_EVENTS_DROPPED);
}

static void long_strings_are_cut_to_be_kept_but_all_are_there(void **state)
{
    static struct report report;
    static char16_t long_text[REPORT_STRING_MAX];
    (void)state;
    for (size_t i = 0; i < REPORT_STRING_MAX; i++)
        long_text[i] = u'y';
    report_begin(&report, MSG_CROSSED);
    report_add(&report, TEXT_OF(u"first"));
    for (unsigned i = 1; i < REPORT_STRINGS_MAX; i++)
        report_add(&report, (struct text){long_text, REPORT_STRING_MAX});
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    report_send(&report);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 1);
    assert_int_equal(log_.events[0].count, REPORT_STRINGS_MAX);
    assert_text(log_.events[0].first, L"first");
    assert_text(log_.events[0].last, L"\u2026");
}

/* Whatever call fails once, each event is written once, in its turn. */
static void any_call_may_fail(void **state)
{
    unsigned calls = 0;

    (void)state;
    for (unsigned n = 1; n <= 12; n++) {
        report_fixture_set_up(NULL);
        log_.fail_at = n;
        for (unsigned i = 0; i < 4; i++)
            send_numbered(MSG_MALFORMED, i);
        report_flush();
        calls = log_.calls;
        assert_int_equal(log_.count, 4);
        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(log_.events[i].first[0], L'0' + i);
        report_close();
        assert_int_equal(log_.sources, 0);
    }
    assert_in_range(calls, 5, 11); /* so that the last rounds failed none */
}

/* ---- threads -------------------------------------------------------------------------------- */

enum { THREADS = 4, EVENTS_EACH = 200 };

static DWORD WINAPI send_many(LPVOID unused)
{
    struct report report;

    (void)unused;
    for (unsigned i = 0; i < EVENTS_EACH; i++) {
        report_begin(&report, MSG_MALFORMED);
        report_add_number(&report, i);
        report_send(&report);
    }
    return 0;
}

static void threads_lose_no_event(void **state)
{
    HANDLE threads[THREADS];
    size_t written = 0, dropped = 0;

    (void)state;
    for (unsigned i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, send_many, NULL, 0, NULL);
    for (unsigned i = 0; i < 20; i++) {
        InterlockedExchange((LONG volatile *)&log_.away, i % 2 ? RPC_S_SERVER_UNAVAILABLE : 0);
        Sleep(1);
    }
    InterlockedExchange((LONG volatile *)&log_.away, 0);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (unsigned i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
    report_flush();
    for (size_t i = 0; i < log_.count; i++) {
        if (log_.events[i].id == MSG_EVENTS_DROPPED)
            dropped += (size_t)_wtoi(log_.events[i].first);
        else
            written++;
    }
    assert_int_equal(written + dropped, THREADS * EVENTS_EACH);
}

static DWORD WINAPI send_one(LPVOID unused)
{
    (void)unused;
    send_numbered(MSG_MALFORMED, 1);
    return 0;
}

static void the_end_does_not_wait_for_who_hangs(void **state)
{
    (void)state;
    log_.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, send_one, NULL, 0, NULL);
    for (int i = 0; i < 500 && log_.inside == 0; i++)
        Sleep(10);
    assert_int_equal(log_.inside, 1);
    report_hurry(true);
    send_numbered(MSG_MALFORMED, 2);
    send_numbered(MSG_MALFORMED, 3);
    report_flush();
    assert_int_equal(log_.inside, 1);
    SetEvent(log_.gate);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(log_.gate);
    log_.gate = NULL;
    send_numbered(MSG_MALFORMED, 4); /* nobody hangs any more */
    report_hurry(false);
    assert_int_equal(log_.count, 3);
    assert_int_equal(log_.events[1].id, MSG_EVENTS_DROPPED);
    assert_text(log_.events[1].first, L"2");
    assert_text(log_.events[2].first, L"4");
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, report_fixture_set_up, report_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kept_events_are_written_in_order_once_the_log_is_back),
        TEST(flush_alone_writes_what_was_kept),
        TEST(dropped_events_are_counted_and_told),
        TEST(dropped_events_are_told_later_if_not_now),
        TEST(handle_that_went_bad_is_replaced),
        TEST(event_that_is_refused_does_not_block_the_others),
        TEST(long_strings_are_cut_to_be_kept_but_all_are_there),
        TEST(any_call_may_fail),
        TEST(threads_lose_no_event),
        TEST(the_end_does_not_wait_for_who_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
