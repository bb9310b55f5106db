/* When something is told, when the clock was set, and what of the outlook outlives the service. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "core/outlook_state.h"

enum { WALL = 1262304000, BOOT = 77 };

/* ---- notice ---------------------------------------------------------------------------------- */

static void it_is_told_once_a_day_while_it_lasts_and_once_when_it_is_over(void **state)
{
    (void)state;
    struct notice notice = {0};
    int64_t now = 5000;
    assert_int_equal(notice_judge(&notice, now, false), NOTICE_NONE);
    assert_int_equal(notice_judge(&notice, now, true), NOTICE_TELL);
    assert_int_equal(notice_judge(&notice, now, true), NOTICE_NONE);
    assert_int_equal(notice_judge(&notice, now + NOTICE_PAUSE - 1, true), NOTICE_NONE);
    assert_int_equal(notice_judge(&notice, now + NOTICE_PAUSE, true), NOTICE_TELL);
    now += NOTICE_PAUSE + 1;
    assert_int_equal(notice_judge(&notice, now, false), NOTICE_OVER);
    assert_int_equal(notice_judge(&notice, now, false), NOTICE_NONE);
    assert_int_equal(notice_judge(&notice, now, true), NOTICE_NONE);  /* told an instant ago */
    assert_int_equal(notice_judge(&notice, now, false), NOTICE_NONE); /* nor is that over, then */
    assert_int_equal(notice_judge(&notice, now + NOTICE_PAUSE, true), NOTICE_TELL);
}

/* However it comes and goes: one a day, and an end for each, in turns. */
static void what_flickers_is_told_once_a_day(void **state)
{
    (void)state;
    struct notice notice = {0};
    uint32_t seed = 7;
    int told = 0, over = 0;
    for (int64_t now = 0; now < 30 * (int64_t)NOTICE_PAUSE; now += 300000) {
        seed = seed * 1664525u + 1013904223u;
        enum notice_news news = notice_judge(&notice, now, (seed >> 16) % 3 == 0);
        told += news == NOTICE_TELL;
        over += news == NOTICE_OVER;
        assert_in_range(told - over, 0, 1);
    }
    assert_in_range(told, 25, 30);
}

/* ---- the clock ------------------------------------------------------------------------------- */

static struct steady at(int64_t seconds, int64_t off)
{
    return (struct steady){.now = 1000 * seconds,
                           .tick = (uint32_t)(0xffff0000u + 1000 * (uint32_t)seconds),
                           .boot = BOOT,
                           .wall = WALL + seconds + off};
}

static bool look(struct clock_watch *watch, int64_t seconds, int64_t off, int64_t *jump)
{
    struct steady now = at(seconds, off);
    return clock_watch_look(watch, &now, jump);
}

static void a_step_of_more_than_a_minute_is_noticed_in_either_direction(void **state)
{
    (void)state;
    struct clock_watch watch = {0};
    int64_t jump = 5;
    assert_false(look(&watch, 0, 7000, &jump)); /* nothing to compare with */
    assert_false(look(&watch, 100, 7060, &jump));
    assert_false(look(&watch, 200, 6940, &jump));
    assert_int_equal(jump, 5);
    assert_true(look(&watch, 300, 7061, &jump));
    assert_int_equal(jump, 61);
    assert_false(look(&watch, 400, 7061, &jump)); /* the new time is the time */
    assert_true(look(&watch, 500, 7061 - 3600, &jump));
    assert_int_equal(jump, -3600);
}

static void small_steps_add_up_within_an_hour_and_drift_does_not(void **state)
{
    (void)state;
    struct clock_watch watch = {0};
    int64_t jump = 0;
    bool noticed = false;
    look(&watch, 0, 0, &jump);
    for (int i = 1; i <= 10; i++)
        noticed |= look(&watch, 300 * i, 10 * i, &jump);
    assert_true(noticed);
    memset(&watch, 0, sizeof watch);
    for (int64_t i = 0; i < 30 * 288; i++) /* a month, off by 10 s a day */
        assert_false(look(&watch, 300 * i, 300 * i / 8640, &jump));
}

static void an_absence_of_weeks_allows_for_drift_but_not_for_a_step(void **state)
{
    (void)state;
    struct clock_watch watch = {0};
    int64_t jump = 0, weeks = 5 * 7 * 86400;
    look(&watch, 0, 0, &jump);
    struct clock_watch other = watch, third = watch;
    assert_false(look(&third, 600 * CLOCK_WATCH_DRIFT, 60 + 600, &jump));
    assert_false(look(&watch, weeks, 60 + weeks / 5000, &jump));
    assert_true(look(&other, weeks, 60 + weeks / 5000 + 1, &jump));
}

static void a_comparison_starts_anew_after_an_hour(void **state)
{
    (void)state;
    struct clock_watch watch = {0};
    int64_t jump = 0;
    look(&watch, 0, 0, &jump);
    look(&watch, CLOCK_WATCH_ANCHOR / 1000 - 1, 0, &jump);
    assert_int_equal(watch.anchor.wall, WALL);
    look(&watch, CLOCK_WATCH_ANCHOR / 1000, 0, &jump);
    assert_int_equal(watch.anchor.wall, WALL + CLOCK_WATCH_ANCHOR / 1000);
}

/* ---- keeping it ------------------------------------------------------------------------------ */

static struct outlook_state sample(void)
{
    struct outlook_state state = {0};
    struct steady now = {40 * INT64_C(86400000), 123456, BOOT, WALL};
    for (int i = 0; i < BLINDNESSES; i++)
        state.notices[i] = (struct notice){i % 2 == 0, now.now + i};
    state.rhythm.day = 40;
    for (uint32_t i = 0; i < RHYTHM_DAYS; i++)
        state.rhythm.days[i] = (struct rhythm_day){1000 + i, 2000 + i, 3000 + i};
    state.clock = (struct clock_watch){true, now};
    state.day = (struct day_figures){.begun_at = now.now - 5,
                                     .begun_wall = WALL - 1,
                                     .sign_ins = UINT64_C(1) << 40,
                                     .malformed = 2,
                                     .foreign = 10,
                                     .accounts = 3,
                                     .verdicts = 4,
                                     .locked = 5,
                                     .released = 6,
                                     .leaks = 7,
                                     .restarts = 8,
                                     .silence = 9};
    return state;
}

static void what_is_kept_comes_back(void **state)
{
    (void)state;
    struct outlook_state before = sample(), after;
    struct outlook_record record;
    memset(&after, 0xee, sizeof after);
    outlook_state_encode(&record, &before);
    /* Of version 2, which later programs must read: itself, then notices, rhythm, clock, day. */
    assert_int_equal(record.size, 4 + BLINDNESSES * 9 + (8 + RHYTHM_DAYS * 12) + 25 + 68);
    assert_true(outlook_state_decode(&after, &record));
    for (int i = 0; i < BLINDNESSES; i++) {
        assert_int_equal(after.notices[i].told, before.notices[i].told);
        assert_int_equal(after.notices[i].next_at, before.notices[i].next_at);
    }
    assert_int_equal(after.rhythm.day, 40);
    assert_memory_equal(after.rhythm.days, before.rhythm.days, sizeof after.rhythm.days);
    assert_false(after.rhythm.watching);
    assert_true(after.clock.anchored);
    assert_memory_equal(&after.clock.anchor, &before.clock.anchor, sizeof after.clock.anchor);
    assert_memory_equal(&after.day, &before.day, sizeof after.day);
}

static void so_does_the_least_of_everything(void **state)
{
    (void)state;
    struct outlook_state before = {0}, after;
    struct outlook_record record;
    memset(&after, 0xee, sizeof after);
    outlook_state_encode(&record, &before);
    assert_true(outlook_state_decode(&after, &record));
    for (int i = 0; i < BLINDNESSES; i++)
        assert_int_equal(after.notices[i].next_at, 0);
    assert_int_equal(after.rhythm.day, 0);
    assert_memory_equal(after.rhythm.days, before.rhythm.days, sizeof after.rhythm.days);
    assert_int_equal(after.clock.anchor.now, 0);
    assert_memory_equal(&after.day, &before.day, sizeof after.day);
}

static void a_time_beyond_its_bound_is_not_kept(void **state)
{
    (void)state;
    struct outlook_state before = sample(), after;
    struct outlook_record record;
    before.notices[0].next_at = STEADY_MAX + NOTICE_PAUSE;
    outlook_state_encode(&record, &before);
    assert_true(outlook_state_decode(&after, &record));
    assert_true(after.notices[0].next_at == STEADY_MAX + NOTICE_PAUSE);
    before.notices[0].next_at++;
    outlook_state_encode(&record, &before);
    assert_int_equal(record.size, 0);
    assert_false(outlook_state_decode(&after, &record));
}

static void what_is_cut_short_or_over_long_is_refused(void **state)
{
    (void)state;
    struct outlook_state before = sample(), after;
    struct outlook_record record;
    outlook_state_encode(&record, &before);
    uint32_t size = record.size;
    memset(&after, 0x5a, sizeof after);
    for (record.size = 0; record.size < size; record.size++)
        assert_false(outlook_state_decode(&after, &record));
    record.size = size + 1;
    record.bytes[size] = 0;
    assert_false(outlook_state_decode(&after, &record));
    record.size = BOOK_OUTLOOK_MAX + 1;
    assert_false(outlook_state_decode(&after, &record));
    assert_int_equal(((uint8_t *)&after)[0], 0x5a); /* untouched */
    record.size = size;
    record.bytes[0]++;
    assert_false(outlook_state_decode(&after, &record)); /* another version */
}

/* Every byte changed in every bit: refused, or a state that can be gone on with. */
static void no_byte_can_break_it(void **state)
{
    (void)state;
    struct outlook_state before = sample(), after;
    struct outlook_record good, record;
    const struct steady now = {41 * INT64_C(86400000), 5, BOOT, WALL + 86400};
    uint32_t usual;
    int64_t jump;
    outlook_state_encode(&good, &before);
    for (uint32_t i = 0; i < good.size * 8; i++) {
        record = good;
        record.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        if (!outlook_state_decode(&after, &record))
            continue;
        outlook_state_resume(&after, &now);
        for (int kind = 0; kind < BLINDNESSES; kind++)
            assert_in_range(after.notices[kind].next_at, 0, now.now + NOTICE_PAUSE);
        assert_in_range(after.rhythm.day, 0, 41);
        assert_in_range(after.day.begun_at, 0, now.now);
        rhythm_go_on(&after.rhythm, now.now, true);
        rhythm_hear(&after.rhythm, now.now, 1);
        rhythm_usual(&after.rhythm, &usual);
        clock_watch_look(&after.clock, &now, &jump);
    }
}

static void what_cannot_be_of_the_past_begins_anew(void **state)
{
    (void)state;
    struct outlook_state kept = sample();
    const struct steady early = {20 * INT64_C(86400000), 9, BOOT, WALL - 1000};
    outlook_state_resume(&kept, &early);
    for (int i = 0; i < BLINDNESSES; i++)
        assert_int_equal(kept.notices[i].next_at, early.now + NOTICE_PAUSE);
    const struct rhythm nothing_learned = {.day = 0};
    assert_memory_equal(kept.rhythm.days, nothing_learned.days, sizeof kept.rhythm.days);
    assert_int_equal(kept.rhythm.day, 0);
    assert_int_equal(kept.day.begun_at, early.now);
    assert_int_equal(kept.day.begun_wall, early.wall);
    assert_int_equal(kept.day.sign_ins, 0);
}

/* Up to the latest that this clock can have put down: today, and a notice of this moment. */
static void what_can_be_of_the_past_is_gone_on_with(void **state)
{
    (void)state;
    const struct steady now = {40 * INT64_C(86400000), 123456, BOOT, WALL};
    struct outlook_state before = sample(), kept;
    before.day.begun_at = now.now;
    before.notices[3].next_at = now.now + NOTICE_PAUSE;
    kept = before;
    outlook_state_resume(&kept, &now);
    for (int i = 0; i < BLINDNESSES; i++)
        assert_int_equal(kept.notices[i].next_at, before.notices[i].next_at);
    assert_int_equal(kept.rhythm.day, before.rhythm.day);
    assert_memory_equal(kept.rhythm.days, before.rhythm.days, sizeof kept.rhythm.days);
    assert_memory_equal(&kept.day, &before.day, sizeof kept.day);
}

static void after_another_boot_there_is_no_clock_to_compare_with(void **state)
{
    (void)state;
    struct steady now = {41 * INT64_C(86400000), 5, BOOT, WALL};
    struct outlook_state kept = sample();
    outlook_state_resume(&kept, &now);
    assert_true(kept.clock.anchored);
    assert_int_equal(kept.rhythm.day, 40);
    assert_int_equal(kept.day.sign_ins, UINT64_C(1) << 40);
    now.boot++;
    outlook_state_resume(&kept, &now);
    assert_false(kept.clock.anchored);
    kept = sample();
    kept.clock.anchor.boot = now.boot = 0; /* not known: equals no other */
    outlook_state_resume(&kept, &now);
    assert_false(kept.clock.anchored);
}

/* Of the first version, by its bytes: without the sixth notice, and without the eight bytes of the
 * foreign sign-ins behind the malformed ones. */
static void what_an_earlier_version_kept_comes_back(void **state)
{
    (void)state;
    struct outlook_state before = sample(), after;
    struct outlook_record record, earlier = {.size = 0};
    const uint32_t notice = 9, version = 4, figures_behind = 8 + 4 * 7;
    outlook_state_encode(&record, &before);
    const struct {
        uint32_t from, to;
    } kept[] = {{0, version + BLIND_FOREIGN * notice},
                {version + BLINDNESSES * notice, record.size - figures_behind},
                {record.size - figures_behind + 8, record.size}};
    for (size_t i = 0; i < 3; i++) {
        memcpy(earlier.bytes + earlier.size, record.bytes + kept[i].from,
               kept[i].to - kept[i].from);
        earlier.size += kept[i].to - kept[i].from;
    }
    earlier.bytes[0] = 1;
    assert_true(outlook_state_decode(&after, &earlier));
    assert_int_equal(after.notices[BLIND_CLOCK].next_at, before.notices[BLIND_CLOCK].next_at);
    assert_false(after.notices[BLIND_FOREIGN].told);
    assert_memory_equal(after.rhythm.days, before.rhythm.days, sizeof after.rhythm.days);
    before.day.foreign = 0;
    assert_memory_equal(&after.day, &before.day, sizeof after.day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_told_once_a_day_while_it_lasts_and_once_when_it_is_over),
        cmocka_unit_test(what_flickers_is_told_once_a_day),
        cmocka_unit_test(a_step_of_more_than_a_minute_is_noticed_in_either_direction),
        cmocka_unit_test(small_steps_add_up_within_an_hour_and_drift_does_not),
        cmocka_unit_test(an_absence_of_weeks_allows_for_drift_but_not_for_a_step),
        cmocka_unit_test(a_comparison_starts_anew_after_an_hour),
        cmocka_unit_test(what_is_kept_comes_back),
        cmocka_unit_test(so_does_the_least_of_everything),
        cmocka_unit_test(a_time_beyond_its_bound_is_not_kept),
        cmocka_unit_test(what_is_cut_short_or_over_long_is_refused),
        cmocka_unit_test(no_byte_can_break_it),
        cmocka_unit_test(what_cannot_be_of_the_past_begins_anew),
        cmocka_unit_test(what_can_be_of_the_past_is_gone_on_with),
        cmocka_unit_test(after_another_boot_there_is_no_clock_to_compare_with),
        cmocka_unit_test(what_an_earlier_version_kept_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
