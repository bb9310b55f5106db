/* The modern reader on a collector: events of several computers in one channel, each with the
 * number that it had at home, as Windows shows them; only bookmarks have the channel's own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/modern_log.h"

/* In the order in which they arrive. */
static const uint64_t numbers_at_home[] = {11920, 219130, 11910, 11921, 219130, 3, 219131};

enum { ARRIVED = sizeof numbers_at_home / sizeof numbers_at_home[0] };

static void arrive(uint64_t number, int64_t time)
{
    const struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u,
        .source = L"MSExchangeTransport",
        .computer = number > 100000 ? L"mail2.contoso.com" : L"mail1.contoso.com",
        .event_id = 0x400006ac,
        .strings = {L"pc", L"LOGIN", L"CONTOSO\\bob"},
        .string_count = 3,
        .forwarded = number,
    };
    fake_event_log_add(&event);
}

static void all_arrive(void)
{
    for (size_t i = 0; i < ARRIVED; i++)
        arrive(numbers_at_home[i], T + (int64_t)i);
}

static int set_up(void **state)
{
    (void)state;
    fake_event_log_begin();
    fake_event_log.channel = L"ForwardedEvents";
    fake_event_log.next_number = 3954582302; /* of the channel */
    log_reading_begin(&reading, modern_log_open);
    reading.options.channel = L"ForwardedEvents";
    return 0;
}

static void assert_all_read_once(void)
{
    assert_int_equal(reading.count, ARRIVED);
    for (size_t i = 0; i < ARRIVED; i++) {
        assert_int_equal(reading.events[i].time, T + (int64_t)i);
        assert_int_equal(reading.events[i].record, 3954582302 + i);
    }
    assert_int_equal(reading.change_count, 0); /* neither cleared nor with gaps */
}

static void events_of_several_computers_are_read_in_their_order_of_arrival(void **state)
{
    (void)state;
    all_arrive();
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_all_read_once();
    assert_int_equal(reading.source->last_record, 3954582302 + ARRIVED - 1);
}

/* After an outage, wherever it came. */
static void reading_goes_on_behind_the_event_read_last(void **state)
{
    for (size_t before = 1; before < ARRIVED; before++) {
        assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
        for (size_t i = 0; i < ARRIVED; i++) {
            if (i == before) {
                assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
                reading.options.seen = reading.source->seen;
                fake_event_log_stop();
                fake_event_log_start();
            }
            arrive(numbers_at_home[i], T + (int64_t)i);
        }
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_all_read_once();
        reading_end(state);
        set_up(state);
    }
}

/* The next start, with what the journal kept; another event bears that number at home. */
static void a_number_of_another_log_is_no_sign_that_this_one_was_cleared(void **state)
{
    (void)state;
    all_arrive();
    arrive(3954582303, T + 100); /* the number that the second has here */
    reading.options.seen = (struct event_place){3954582303, T + 1};
    reading.options.since = T + 2;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.events[0].record, 3954582304);
}

static void what_went_round_unread_is_told_by_the_channels_numbers(void **state)
{
    (void)state;
    fake_event_log.max_records = 3;
    arrive(11920, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.options.seen = reading.source->seen;
    for (int i = 0; i < 5; i++)
        arrive(11921, T + 1 + i);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 1);
    assert_false(reading.changes[0].cleared);
    assert_int_equal(reading.changes[0].first, 3954582303);
    assert_int_equal(reading.changes[0].last, 3954582304);
}

/* Whatever it is that cannot be had from a bookmark: the event's own number will do. */
static void without_a_number_in_the_bookmark_the_events_own_counts(void **state)
{
    (void)state;
    all_arrive();
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_RENDER, 3, ERROR_EVT_INVALID_EVENT_DATA); /* of the first event */
    assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.events[0].record, numbers_at_home[0]);
    assert_int_equal(reading.events[1].record, 3954582303);
}

static void trouble_of_the_log_is_none_of_the_bookmarks(void **state)
{
    (void)state;
    all_arrive();
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_RENDER, 3, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(log_reading_next(&reading), RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(reading.count, 0);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_UPDATE_BOOKMARK, 2, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(log_reading_next(&reading), RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_all_read_once();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_of_several_computers_are_read_in_their_order_of_arrival),
        TEST(reading_goes_on_behind_the_event_read_last),
        TEST(a_number_of_another_log_is_no_sign_that_this_one_was_cleared),
        TEST(what_went_round_unread_is_told_by_the_channels_numbers),
        TEST(without_a_number_in_the_bookmark_the_events_own_counts),
        TEST(trouble_of_the_log_is_none_of_the_bookmarks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
