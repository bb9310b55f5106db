/* What both readers do alike: where they start, and what of an event they hand out. Each test runs
 * once with each reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"

/* ---- where they start ------------------------------------------------------------------------ */

static void whoever_is_told_to_stop_searches_for_no_start(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 3, T - 1);
    reading.options.since = T;
    reading.options.stop = CreateEventW(NULL, TRUE, TRUE, NULL);
    assert_int_equal(log_reading_open(&reading), ERROR_CANCELLED);
    assert_int_equal(fake_event_log_called(FAKE_READ_EVENT_LOG), 0);
    assert_int_equal(fake_event_log_called(FAKE_EVT_NEXT), 0);
    ResetEvent(reading.options.stop);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 0);
    log_reading_close(&reading);
    CloseHandle(reading.options.stop);
}

static void an_empty_log_has_no_more_items(void **state)
{
    reading_begin(state);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.source->last_record, 0);
    log_numbered_sign_ins(1, 3, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 3);
    assert_int_equal(reading.change_count, 0);
}

static void reading_starts_with_the_event_exactly_at_since(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 40, T - 1);
    log_numbered_sign_ins(41, 40, T);
    log_numbered_sign_ins(81, 40, T + 1);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(41, 80);
}

static void a_fraction_before_since_is_before_it(void **state)
{
    reading_begin(state);
    struct fake_event event = {
        .generated = ((uint64_t)T + 11644473600u) * 10000000u - 1,
        .source = L"MSExchangeTransport",
        .computer = L"MAIL1",
        .event_id = 1708,
        .strings = {L"early", L"LOGIN", L"bob"},
        .string_count = 3,
    };
    fake_event_log_add(&event);
    log_numbered_sign_ins(1, 1, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 1);
}

static void all_is_read_when_nothing_is_older_than_since(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 100, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 100);
}

static void a_since_before_all_time_reads_all(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 5, T);
    reading.options.since = INT64_MIN;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 5);
}

static void nothing_is_read_when_all_is_older_than_since(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 100, T);
    reading.options.since = T + 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(101, 2, T + 1);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(101, 2);
}

static void events_after_the_clock_was_set_back_are_delivered(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 1, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(2, 50, T - 86400);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 51);
}

/* ---- what they hand out ---------------------------------------------------------------------- */

static void all_of_a_sign_in_is_handed_out(void **state)
{
    reading_begin(state);
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

static void other_providers_and_events_are_passed_over(void **state)
{
    reading_begin(state);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (unsigned i = 1; i <= 100; i++) {
        add_foreign(T, L"MSExchangeTransporter", 0x400006ac);
        add_foreign(T, L"MSExchangeTranspor", 0x400006ac);
        add_foreign(T, L"MSExchangeTransport", 0x400006ab);
        add_foreign(T, L"MSExchangeTransport", 0x406ac000);
        log_numbered_sign_ins(i, 1, T);
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
    reading_begin(state);
    reading.options.origins = &rule;
    log_numbered_sign_ins(1, 3, T);
    for (int i = 0; i < 10; i++)
        fake_event_log_add(&event);
    event.string_count = 0; /* whatever it holds */
    fake_event_log_add(&event);
    log_numbered_sign_ins(4, 2, T);
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
    reading_begin(state);
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
    reading_begin(state);
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
    reading_begin(state);
    log_numbered_sign_ins(1, EVENT_SOURCE_BATCH, T);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(all_of_a_sign_in_is_handed_out),
        WITH_BOTH(whoever_is_told_to_stop_searches_for_no_start),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
