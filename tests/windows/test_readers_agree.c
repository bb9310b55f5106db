/* What both readers do alike. Each test runs once with each reader; the last ones with both. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_event_log.h"
#include "log_reading.h"
#include "windows/classic_log.h"
#include "windows/modern_log.h"

enum { T = 1262401445 }; /* 2010-01-02T03:04:05Z */

static struct log_reading reading;

static void begin(void **state)
{
    fake_event_log_begin();
    log_reading_begin(&reading, strcmp(*state, "modern") == 0 ? modern_log_open : classic_log_open);
}

static int end(void **state)
{
    (void)state;
    log_reading_end(&reading);
    fake_event_log_end();
    return 0;
}

/* Sign-ins numbered from first; the number is the client's name. */
static void sign_ins(unsigned first, unsigned count, int64_t time)
{
    for (unsigned i = first; i < first + count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", i);
        fake_event_log_sign_in(time, client, L"CONTOSO\\bob");
    }
}

static void assert_seen(unsigned first, unsigned count)
{
    assert_int_equal(reading.count, count);
    for (unsigned i = 0; i < count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", first + i);
        assert_int_equal(wcscmp(reading.events[i].client, client), 0);
    }
}

static void add_foreign(int64_t time, const wchar_t *source, DWORD event_id)
{
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u,
        .source = source,
        .computer = L"MAIL1",
        .event_id = event_id,
        .strings = {L"a", L"b", L"c"},
        .string_count = 3,
    };
    fake_event_log_add(&event);
}

static void all_of_a_sign_in_is_handed_out(void **state)
{
    begin(state);
    fake_event_log_sign_in(T, L"spammer.example", L"CONTOSO\\bob");
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_string_equal(reading.source->kind, (const char *)*state);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 1);
    assert_int_equal(reading.events[0].record, 1);
    assert_true(reading.events[0].time == T);
    assert_int_equal(wcscmp(reading.events[0].client, L"spammer.example"), 0);
    assert_int_equal(wcscmp(reading.events[0].method, L"LOGIN"), 0);
    assert_int_equal(wcscmp(reading.events[0].account, L"CONTOSO\\bob"), 0);
    assert_int_equal(wcscmp(reading.events[0].origin, L"MAIL1"), 0);
    assert_int_equal(reading.source->last_record, 1);
}

static void an_empty_log_has_no_more_items(void **state)
{
    begin(state);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.source->last_record, 0);
    sign_ins(1, 3, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 3);
    assert_int_equal(reading.change_count, 0);
}

static void reading_starts_with_the_event_exactly_at_since(void **state)
{
    begin(state);
    sign_ins(1, 40, T - 1);
    sign_ins(41, 40, T);
    sign_ins(81, 40, T + 1);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(41, 80);
}

static void a_fraction_before_since_is_before_it(void **state)
{
    begin(state);
    struct fake_event event = {
        .generated = ((uint64_t)T + 11644473600u) * 10000000u - 1,
        .source = L"MSExchangeTransport",
        .computer = L"MAIL1",
        .event_id = 1708,
        .strings = {L"early", L"LOGIN", L"bob"},
        .string_count = 3,
    };
    fake_event_log_add(&event);
    sign_ins(1, 1, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 1);
}

static void all_is_read_when_nothing_is_older_than_since(void **state)
{
    begin(state);
    sign_ins(1, 100, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 100);
}

static void a_since_before_all_time_reads_all(void **state)
{
    begin(state);
    sign_ins(1, 5, T);
    reading.options.since = INT64_MIN;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 5);
}

static void nothing_is_read_when_all_is_older_than_since(void **state)
{
    begin(state);
    sign_ins(1, 100, T);
    reading.options.since = T + 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(101, 2, T + 1);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(101, 2);
}

static void events_after_the_clock_was_set_back_are_delivered(void **state)
{
    begin(state);
    sign_ins(1, 1, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(2, 50, T - 86400);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 51);
}

static void other_providers_and_events_are_passed_over(void **state)
{
    begin(state);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (unsigned i = 1; i <= 100; i++) {
        add_foreign(T, L"MSExchangeTransporter", 0x400006ac);
        add_foreign(T, L"MSExchangeTranspor", 0x400006ac);
        add_foreign(T, L"MSExchangeTransport", 0x400006ab);
        add_foreign(T, L"MSExchangeTransport", 0x406ac000);
        sign_ins(i, 1, T);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 100);
    assert_int_equal(reading.source->counters.matched, 100);
    assert_int_equal(reading.source->counters.malformed, 0);
    assert_int_equal(reading.source->last_record, 500);
}

/* Counted, and named by the latest record and computer, but not handed out. */
static void sign_ins_of_other_computers_are_not_handed_out(void **state)
{
    const struct origin_rule rule = {.count = 1, .names = {TEXT_OF(u"MAIL1")}};
    struct fake_event event = {.generated = ((uint64_t)T + 11644473600u) * 10000000u,
                               .source = L"MSExchangeTransport",
                               .computer = L"pc7.contoso.com",
                               .event_id = 1708,
                               .strings = {L"boss", L"LOGIN", L"CONTOSO\\boss"},
                               .string_count = 3};
    begin(state);
    reading.options.origins = &rule;
    sign_ins(1, 3, T);
    for (int i = 0; i < 10; i++)
        fake_event_log_add(&event);
    event.string_count = 0; /* whatever it holds */
    fake_event_log_add(&event);
    sign_ins(4, 2, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 5);
    const struct event_source_counters *counters = &reading.source->counters;
    assert_int_equal(counters->matched, 16);
    assert_int_equal(counters->malformed, 0);
    assert_int_equal(counters->foreign, 11);
    assert_int_equal(counters->foreign_records[10 % EVENT_SOURCE_FOREIGN], 14);
    assert_int_equal(counters->foreign_records[3], 7);
    assert_int_equal(wcscmp(counters->foreign_computer, L"pc7.contoso.com"), 0);
}

/* A string of count units. */
static const wchar_t *long_text(wchar_t *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text[i] = L'x';
    text[count] = 0;
    return text;
}

static void malformed_events_are_counted_and_named(void **state)
{
    static wchar_t huge[32000];
    const struct {
        const wchar_t *strings[3];
        size_t count;
        bool good;
    } cases[] = {
        {{NULL}, 0, false},
        {{L"c"}, 1, false},
        {{L"c", L"LOGIN"}, 2, false},
        {{L"c", L"LOGIN", L""}, 3, false},
        {{L"", L"LOGIN", L"bob"}, 3, true},
        {{L"", L"", L"bob"}, 3, false},
        {{L"c", L"log\u00edn", L"bob"}, 3, false},
        {{L"c", L"X-EXPS GSSAPI", L"bob"}, 3, true},
        {{L"c", L"LOGIN", long_text(huge, 31000)}, 3, false},
        {{huge, huge, L"bob"}, 3, false},
        {{huge, huge, huge}, 3, false},
        {{L"c", L"LOGIN", L"bob"}, 3, true},
    };
    begin(state);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    size_t good = 0;
    size_t bad = 0;
    for (unsigned form = 0; form < 4; form++) {
        fake_event_log.array_form = form & 1;
        fake_event_log.null_for_empty = form & 2;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct fake_event event = {
                .generated = ((uint64_t)T + 11644473600u) * 10000000u,
                .source = L"MSExchangeTransport",
                .computer = L"MAIL1",
                .event_id = 1708,
                .string_count = cases[i].count,
            };
            memcpy(event.strings, cases[i].strings, sizeof cases[i].strings);
            uint64_t number = fake_event_log_add(&event);
            assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
            good += cases[i].good;
            bad += !cases[i].good;
            assert_int_equal(reading.count, good);
            assert_int_equal(reading.source->counters.malformed, bad);
            assert_int_equal(reading.source->counters.matched, good + bad);
            assert_int_equal(reading.source->last_record, number);
            if (!cases[i].good)
                assert_int_equal(reading.source->counters.malformed_record, number);
        }
    }
}

static void the_longest_texts_pass_whole(void **state)
{
    static wchar_t client[RELAY_CLIENT_MAX + 1];
    static wchar_t account[RELAY_ACCOUNT_MAX + 1];
    begin(state);
    long_text(client, RELAY_CLIENT_MAX);
    long_text(account, RELAY_ACCOUNT_MAX);
    for (unsigned i = 0; i < 65; i++)
        fake_event_log_sign_in(T, client, account);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    size_t seen = 0;
    DWORD error;
    do {
        struct relay_event events[EVENT_SOURCE_BATCH];
        struct event_source_change change;
        size_t count = 0;
        error = reading.source->methods->next(reading.source, events, &count, &change);
        for (size_t i = 0; i < count; i++) {
            assert_true(text_equal(events[i].client, text_of(client)));
            assert_true(text_equal(events[i].account, text_of(account)));
        }
        seen += count;
    } while (error == ERROR_SUCCESS);
    assert_int_equal(error, ERROR_NO_MORE_ITEMS);
    assert_int_equal(seen, 65);
}

static void the_texts_of_a_batch_hold_together(void **state)
{
    begin(state);
    sign_ins(1, EVENT_SOURCE_BATCH, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    struct relay_event events[EVENT_SOURCE_BATCH];
    struct event_source_change change;
    size_t count;
    assert_int_equal(reading.source->methods->next(reading.source, events, &count, &change),
                     ERROR_SUCCESS);
    assert_int_equal(count, EVENT_SOURCE_BATCH);
    for (unsigned i = 0; i < count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", i + 1);
        assert_true(text_equal(events[i].client, text_of(client)));
        assert_true(text_equal(events[i].account, TEXT_OF(u"CONTOSO\\bob")));
    }
}

static void a_reopened_source_goes_on_behind_its_last_record(void **state)
{
    begin(state);
    sign_ins(1, 1000, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    while (reading.count < 1000) {
        assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(1001, 5, T);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 1005);
    assert_int_equal(reading.change_count, 0);
}

static void to_resume_behind_no_record_reads_all(void **state)
{
    begin(state);
    sign_ins(1, 7, T);
    reading.options.resume = true;
    reading.options.since = T + 1000;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 7);
}

static void a_stopped_log_service_is_an_error_and_nothing_is_lost(void **state)
{
    begin(state);
    sign_ins(1, 200, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    size_t before = reading.count;
    fake_event_log_stop();
    DWORD error = log_reading_drain(&reading);
    assert_true(error == RPC_S_SERVER_UNAVAILABLE || error == ERROR_INVALID_HANDLE);
    assert_true(reading.count >= before);
    reading.options.after_record = reading.source->last_record;
    reading.options.resume = true;
    sign_ins(201, 10, T + 1); /* a kernel log writes on */
    assert_int_equal(log_reading_reopen(&reading), RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(log_reading_open(&reading), RPC_S_SERVER_UNAVAILABLE);
    fake_event_log_start();
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 210);
    assert_int_equal(reading.change_count, 0);
}

static void a_handle_of_an_earlier_run_of_the_service_is_an_error(void **state)
{
    begin(state);
    sign_ins(1, 10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_stop();
    fake_event_log_start();
    assert_int_equal(log_reading_drain(&reading), ERROR_INVALID_HANDLE);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    sign_ins(11, 1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 11);
}

static void a_log_cleared_in_mid_burst_is_read_on_from_its_oldest(void **state)
{
    begin(state);
    fake_event_log.numbers_go_on = false;
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 70);
    sign_ins(171, 50, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 220);
    assert_int_equal(reading.change_count, 1);
}

static void numbers_that_restart_tell_of_a_clear(void **state)
{
    begin(state);
    fake_event_log.clears_in_silence = true;
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 70);
}

static void a_cleared_log_whose_numbers_go_on_is_read_on(void **state)
{
    begin(state);
    fake_event_log.numbers_go_on = true;
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(900, 20, T); /* 101 to 120, gone before they are read */
    fake_event_log_clear();
    sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 101);
    assert_int_equal(reading.changes[0].last, 120);
}

static void a_clear_of_what_was_read_already_loses_nothing(void **state)
{
    begin(state);
    fake_event_log.numbers_go_on = true;
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    sign_ins(101, 10, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 110);
    for (size_t i = 0; i < reading.change_count; i++)
        assert_true(reading.changes[i].first == 0 && reading.changes[i].last == 0);
}

static void a_number_given_twice_tells_of_a_clear(void **state)
{
    begin(state);
    fake_event_log.clears_in_silence = true;
    sign_ins(1, 1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    sign_ins(2, 1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 2);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
}

static void a_single_overwritten_record_is_told(void **state)
{
    begin(state);
    fake_event_log.max_records = 50;
    sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(51, 51, T); /* the log now has 52 to 101 */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 100);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 51);
}

static void a_log_cleared_while_nobody_read_it_is_read_from_its_oldest(void **state)
{
    begin(state);
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_stop();
    fake_event_log_clear();
    sign_ins(101, 60, T);
    fake_event_log_start();
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 160);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
}

static void a_log_found_empty_was_cleared(void **state)
{
    begin(state);
    sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    sign_ins(101, 3, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 103);
    assert_int_equal(reading.change_count, 1);
}

static void overwritten_records_are_told(void **state)
{
    begin(state);
    fake_event_log.max_records = 50;
    sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 50);
    reading.count = 0;
    sign_ins(51, 80, T); /* the log now has 81 to 130 */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(81, 50);
    assert_int_equal(reading.change_count, 1);
    assert_false(reading.changes[0].cleared);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

static void records_overwritten_while_nobody_read_are_told(void **state)
{
    begin(state);
    fake_event_log.max_records = 50;
    sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(51, 80, T);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(81, 50);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

static void nothing_is_told_when_just_the_last_record_was_overwritten(void **state)
{
    begin(state);
    fake_event_log.max_records = 50;
    sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(51, 50, T); /* the log now has 51 to 100 */
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 100);
    assert_int_equal(reading.change_count, 0);
}

static void every_call_of_open_may_fail(void **state)
{
    static const DWORD errors[] = {ERROR_ACCESS_DENIED, RPC_S_SERVER_UNAVAILABLE,
                                   ERROR_NOT_ENOUGH_MEMORY, 0x7fff1234};
    begin(state);
    sign_ins(1, 20, T - 1);
    sign_ins(21, 20, T);
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
    begin(state);
    sign_ins(1, 20, T);
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
    begin(state);
    unsigned first = 1;
    for (unsigned nth = 1;; nth++) {
        sign_ins(first, 70, T);
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
    begin(state);
    unsigned nth = 1;
    const char *failed;
    do {
        sign_ins(1, 40, T);
        assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        fake_event_log_clear();
        sign_ins(41, 30, T);
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

/* ---- both at once ---------------------------------------------------------------------------- */

static uint64_t seed;

/* xorshift64*; small is uniform enough */
static unsigned below(unsigned limit)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (unsigned)((seed * 2685821657736338717u) >> 33) % limit;
}

/* An event of any kind: mostly sign-ins, some of them malformed, and what else a log has. */
static void add_any(int64_t time)
{
    static wchar_t huge[3000];
    static const wchar_t *const clients[] = {L"", L"a.example", L"b.example", L"[10.0.0.1]"};
    static const wchar_t *const accounts[] = {L"CONTOSO\\bob", L"alice@contoso.com", L"",
                                              L"CONTOSO\\SERVER$"};
    static const wchar_t *const sources[] = {L"MSExchangeTransport", L"MSExchangeIS", L"Service",
                                             L"MSExchangeTransport2"};
    static const DWORD ids[] = {1708, 0x400006ac, 0xc00006ac, 1706, 0x06ac0000};
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u + below(10000000),
        .source = sources[below(3) != 0 ? 0 : below(4)],
        .computer = below(4) != 0 ? L"MAIL1" : L"",
        .event_id = ids[below(3) != 0 ? below(2) : below(5)],
        .strings = {below(40) != 0 ? clients[below(4)] : long_text(huge, 2047 + below(3)), L"LOGIN",
                    accounts[below(4)], L"more"},
        .string_count = below(10) != 0 ? 3 : below(5),
    };
    fake_event_log_add(&event);
}

static void assert_same(const struct log_reading *a, const struct log_reading *b)
{
    assert_int_equal(a->count, b->count);
    if (a->count > 0)
        assert_memory_equal(a->events, b->events, a->count * sizeof *a->events);
    assert_int_equal(a->matched, b->matched);
    assert_int_equal(a->malformed, b->malformed);
}

static void drain_both(struct log_reading *modern, struct log_reading *classic)
{
    assert_int_equal(log_reading_drain(modern), ERROR_NO_MORE_ITEMS);
    assert_int_equal(log_reading_drain(classic), ERROR_NO_MORE_ITEMS);
    assert_int_equal(modern->count, classic->count);
}

/* The life of one log: written, cleared, overwritten, its service restarted, and both readers
 * reading what there is from time to time. */
static void live(struct log_reading *modern, struct log_reading *classic)
{
    int64_t time = T;
    for (unsigned i = below(100); i > 0; i--)
        add_any(time += below(60));
    modern->options.since = classic->options.since = time - below(1800);
    assert_int_equal(log_reading_open(modern), ERROR_SUCCESS);
    assert_int_equal(log_reading_open(classic), ERROR_SUCCESS);
    drain_both(modern, classic);
    for (unsigned step = 3 + below(10); step > 0; step--) {
        unsigned what = below(10);
        if (what == 0)
            time -= below(1800);
        if (what == 1 || what == 2)
            fake_event_log_clear();
        if (what == 3 || what == 4) {
            fake_event_log_stop();
            for (unsigned i = below(20); i > 0; i--)
                add_any(time += below(5));
            fake_event_log_start();
            assert_int_equal(log_reading_reopen(modern), ERROR_SUCCESS);
            assert_int_equal(log_reading_reopen(classic), ERROR_SUCCESS);
        }
        for (unsigned i = below(what < 8 ? 20 : 150); i > 0; i--)
            add_any(time += (int64_t)below(8) - 1);
        drain_both(modern, classic);
    }
}

static void the_readers_agree_on_random_logs(void **state)
{
    enum { LOGS = 1000 };
    size_t events = 0;
    size_t malformed = 0;
    size_t changes = 0;
    (void)state;
    for (unsigned i = 1; i <= LOGS; i++) {
        struct log_reading modern;
        struct log_reading classic;
        seed = i * 0x9e3779b97f4a7c15u;
        fake_event_log_begin();
        fake_event_log.max_records = below(3) == 0 ? 20 + below(80) : 0;
        fake_event_log.numbers_go_on = true;
        fake_event_log.next_number = 1 + below(100000);
        fake_event_log.array_form = below(2);
        fake_event_log.null_for_empty = below(2);
        fake_event_log.rpc_batch_max = below(3) == 0 ? 1 + below(30) : 0;
        fake_event_log.seek_fails = below(3) == 0;
        fake_event_log.notify_refused = below(3) == 0;
        log_reading_begin(&modern, modern_log_open);
        log_reading_begin(&classic, classic_log_open);
        live(&modern, &classic);
        log_reading_close(&modern);
        log_reading_close(&classic);
        assert_same(&modern, &classic);
        events += modern.count;
        malformed += (size_t)modern.malformed;
        changes += classic.change_count;
        log_reading_end(&modern);
        log_reading_end(&classic);
        fake_event_log_end();
    }
    /* Else the logs were not as random as they should be. */
    assert_true(events > 50000 && malformed > 1000 && changes > 500);
}

/* Every test with each of the readers. */
#define WITH_BOTH(test)                                                                            \
    {"modern: " #test, test, NULL, end, "modern"},                                                 \
    {                                                                                              \
        "classic: " #test, test, NULL, end, "classic"                                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(all_of_a_sign_in_is_handed_out),
        WITH_BOTH(an_empty_log_has_no_more_items),
        WITH_BOTH(reading_starts_with_the_event_exactly_at_since),
        WITH_BOTH(a_fraction_before_since_is_before_it),
        WITH_BOTH(all_is_read_when_nothing_is_older_than_since),
        WITH_BOTH(a_since_before_all_time_reads_all),
        WITH_BOTH(nothing_is_read_when_all_is_older_than_since),
        WITH_BOTH(events_after_the_clock_was_set_back_are_delivered),
        WITH_BOTH(other_providers_and_events_are_passed_over),
        WITH_BOTH(malformed_events_are_counted_and_named),
        WITH_BOTH(sign_ins_of_other_computers_are_not_handed_out),
        WITH_BOTH(the_longest_texts_pass_whole),
        WITH_BOTH(the_texts_of_a_batch_hold_together),
        WITH_BOTH(a_reopened_source_goes_on_behind_its_last_record),
        WITH_BOTH(to_resume_behind_no_record_reads_all),
        WITH_BOTH(a_stopped_log_service_is_an_error_and_nothing_is_lost),
        WITH_BOTH(a_handle_of_an_earlier_run_of_the_service_is_an_error),
        WITH_BOTH(a_log_cleared_in_mid_burst_is_read_on_from_its_oldest),
        WITH_BOTH(numbers_that_restart_tell_of_a_clear),
        WITH_BOTH(a_cleared_log_whose_numbers_go_on_is_read_on),
        WITH_BOTH(a_clear_of_what_was_read_already_loses_nothing),
        WITH_BOTH(a_number_given_twice_tells_of_a_clear),
        WITH_BOTH(a_single_overwritten_record_is_told),
        WITH_BOTH(a_log_cleared_while_nobody_read_it_is_read_from_its_oldest),
        WITH_BOTH(a_log_found_empty_was_cleared),
        WITH_BOTH(overwritten_records_are_told),
        WITH_BOTH(records_overwritten_while_nobody_read_are_told),
        WITH_BOTH(nothing_is_told_when_just_the_last_record_was_overwritten),
        WITH_BOTH(every_call_of_open_may_fail),
        WITH_BOTH(a_call_that_fails_without_an_error_is_still_a_failure),
        WITH_BOTH(every_call_of_next_may_fail_and_nothing_is_lost),
        WITH_BOTH(every_call_after_a_clear_may_fail_and_nothing_is_doubled),
        cmocka_unit_test(the_readers_agree_on_random_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
