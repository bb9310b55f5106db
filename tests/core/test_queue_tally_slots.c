/* When the messages of a queue came: by the ring of slots, at the border of each hour and day. And
 * that a tally begins with nothing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/queue_tally.h"

enum { SLOT = QUEUE_SLOT_SECONDS, HOUR = 3600, DAY = 86400 };
enum { T = 4208005 * SLOT /* a slot's first second, in 2010 */, EARLY = 7 + 2 * DAY };

static struct own_domains own;
static struct burst_list bursts;
static struct queue_tally tally;
static struct message_head head;

static int start(void **state)
{
    (void)state;
    memset(&own, 0, sizeof own);
    memset(&bursts, 0, sizeof bursts);
    memset(&head, 0, sizeof head);
    queue_tally_init(&tally);
    return 0;
}

static void add_of_size(int64_t time, uint64_t size)
{
    const struct queue_message message = {.head = &head, .size = size, .written = time};
    queue_tally_add(&tally, &own, &bursts, &message);
}

static void add(int64_t time)
{
    add_of_size(time, 1);
}

static void assert_counts(uint64_t last_hour, uint64_t hour_before, uint64_t last_day)
{
    assert_int_equal(queue_tally_last_hour(&tally), last_hour);
    assert_int_equal(queue_tally_hour_before(&tally), hour_before);
    assert_int_equal(queue_tally_last_day(&tally), last_day);
}

static void it_begins_with_nothing_whatever_was_there(void **state)
{
    const struct frequent *const names[] = {
        &tally.senders,        &tally.domains,          &tally.clients,
        &tally.subjects,       &tally.relayed_from,     &tally.relayed_to,
        &tally.failed_domains, &tally.outgoing_senders, &tally.outgoing_domains};
    (void)state;
    memset(&tally, 0x5a, sizeof tally);
    queue_tally_init(&tally);
    assert_true(tally.messages == 0 && tally.bytes == 0 && tally.largest == 0);
    assert_true(tally.null_senders == 0 && tally.outgoing_lists == 0);
    assert_true(tally.outgoing_from_outside == 0);
    assert_true(tally.oldest == 0 && tally.newest == 0 && tally.newest_slot == 0);
    for (size_t i = 0; i < QUEUE_KINDS; i++)
        assert_true(tally.kinds[i] == 0);
    assert_counts(0, 0, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(names[i]->used == 0 && names[i]->total == 0);
}

static void hours_and_days_end_where_they_end(void **state)
{
    (void)state;
    add(T + SLOT - 1);
    add(T);
    assert_counts(2, 0, 2);
    add(T - SLOT);
    add(T - HOUR + SLOT);
    assert_counts(4, 0, 4);
    add(T - HOUR + SLOT - 1);
    assert_counts(4, 1, 5);
    add(T - 2 * HOUR + SLOT);
    assert_counts(4, 2, 6);
    add(T - 2 * HOUR + SLOT - 1);
    assert_counts(4, 2, 7);
    add(T - DAY + SLOT);
    assert_counts(4, 2, 8);
    add(T - DAY + SLOT - 1); /* a day and more before */
    assert_counts(4, 2, 8);
    assert_int_equal(tally.messages, 9);
    assert_int_equal(tally.oldest, T - DAY + SLOT - 1);
    assert_int_equal(tally.newest, T + SLOT - 1);
}

static void a_newer_one_leaves_the_day_before_it(void **state)
{
    (void)state;
    add(T);
    add(T + SLOT);
    assert_counts(2, 0, 2);
    add(T + DAY - SLOT); /* the first slot of its day is the first one's */
    assert_counts(1, 0, 3);
    add(T + DAY);
    assert_counts(2, 0, 3);
    add(T + DAY + SLOT);
    assert_counts(3, 0, 3);
    add(T + 2 * DAY + SLOT); /* a whole day later */
    assert_counts(1, 0, 1);
    add(T + 4 * DAY);
    assert_counts(1, 0, 1);
    assert_int_equal(tally.oldest, T);
    assert_int_equal(tally.newest, T + 4 * DAY);
}

static void the_first_is_the_oldest_and_the_newest(void **state)
{
    (void)state;
    add(EARLY);
    assert_true(tally.oldest == EARLY && tally.newest == EARLY);
    assert_counts(1, 0, 1);
    queue_tally_init(&tally);
    add(T);
    assert_true(tally.oldest == T && tally.newest == T);
    add(EARLY);
    assert_true(tally.oldest == EARLY && tally.newest == T);
    assert_counts(1, 0, 1);
}

/* As somebody may have written it. */
static void a_time_before_1970_is_a_time(void **state)
{
    (void)state;
    add(-9 * DAY);
    assert_true(tally.oldest == -9 * DAY && tally.newest == -9 * DAY);
    assert_counts(1, 0, 1);
    add(-9 * DAY - HOUR);
    add(-9 * DAY - DAY);
    assert_counts(1, 1, 2);
}

/* A day that begins before that moment and ends behind it has each message once. */
static void the_day_around_1970_is_a_day(void **state)
{
    (void)state;
    add(7);
    assert_counts(1, 0, 1);
    add(-HOUR - SLOT);
    assert_counts(1, 1, 2);
    add(-DAY + 2 * SLOT);
    assert_counts(1, 1, 3);
    add(-DAY - SLOT);
    assert_counts(1, 1, 3);
}

static void sizes_are_summed_up(void **state)
{
    (void)state;
    add_of_size(T, 5);
    add_of_size(T, 70);
    add_of_size(T, 30);
    assert_int_equal(tally.bytes, 105);
    assert_int_equal(tally.largest, 70);
}

static void a_head_may_say_a_day_more_than_the_file(void **state)
{
    const struct queue_message message = {.head = &head, .written = T};
    (void)state;
    head.date = T - 5 * DAY;
    assert_int_equal(queue_message_time(&message), T); /* it says nothing */
    head.dated = true;
    assert_int_equal(queue_message_time(&message), T - 5 * DAY);
    head.date = T + DAY;
    assert_int_equal(queue_message_time(&message), T + DAY);
    head.date = T + DAY + 1;
    assert_int_equal(queue_message_time(&message), T);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_begins_with_nothing_whatever_was_there, start),
        cmocka_unit_test_setup(hours_and_days_end_where_they_end, start),
        cmocka_unit_test_setup(a_newer_one_leaves_the_day_before_it, start),
        cmocka_unit_test_setup(the_first_is_the_oldest_and_the_newest, start),
        cmocka_unit_test_setup(a_time_before_1970_is_a_time, start),
        cmocka_unit_test_setup(the_day_around_1970_is_a_day, start),
        cmocka_unit_test_setup(sizes_are_summed_up, start),
        cmocka_unit_test_setup(a_head_may_say_a_day_more_than_the_file, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
