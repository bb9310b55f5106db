#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "core/sweep_proposal.h"

enum {
    ACCOUNTS = 20,
    HOUR = 3600,
    DAY = 24 * HOUR,
    START = 350640 * HOUR /* 2010-01-01T00:00:00Z */
};

static struct {
    void *memory;
    struct sweep *sweep;
    struct sweep_proposal proposal;
    uint64_t record;
} scene;

static void open_scene(const char16_t *written)
{
    struct sweep_grid grid;

    assert_true(sweep_grid_parse(text_of(written), &grid));
    size_t size = sweep_size(&grid, ACCOUNTS);

    scene.memory = calloc(1, size + 16);
    assert_non_null(scene.memory);
    scene.sweep = sweep_init((uint8_t *)scene.memory + (16 - (uintptr_t)scene.memory % 16), size,
                             &grid, ACCOUNTS);
    scene.record = 0;
}

/* count sign-ins of an account, `apart` seconds apart, from clients in turn. */
static void feed(uint32_t account, int64_t time, uint32_t count, uint32_t apart, uint32_t clients)
{
    for (uint32_t i = 0; i < count; i++, time += apart) {
        sweep_feed(scene.sweep, &(struct sweep_sign_in){.account = account,
                                                        .place = time,
                                                        .now = time,
                                                        .time = time,
                                                        .record = ++scene.record,
                                                        .client = i % clients});
    }
}

static const struct sweep_lowest *propose(enum limit_subject subject, uint32_t window)
{
    sweep_propose(&scene.proposal, scene.sweep);
    return &scene.proposal.lowest[subject][window];
}

static void assert_set(const char *expected)
{
    const struct limit_set *set = &scene.proposal.set;
    char all[LIMIT_SET_MAX * LIMIT_TEXT_SIZE] = "";
    size_t used = 0;

    for (uint32_t i = 0; i < set->count; i++) {
        char limit[LIMIT_TEXT_SIZE];

        limit_to_text(&set->limits[i], limit);
        for (const char *at = limit; *at != '\0'; at++) {
            all[used++] = *at;
        }
        all[used++] = i + 1 < set->count ? ' ' : '\0';
    }
    assert_string_equal(all, expected);
}

static void test_lowest_above_the_busiest_honest(void **state)
{
    (void)state;
    open_scene(u"5,10,20,30,50/1m,1h/2,4,6");
    for (uint32_t i = 0; i < 8; i++) {
        feed(i, START + i * HOUR, 12 + i, 60, 1); /* 1 a minute, up to 19 an hour */
    }
    feed(8, START + 9 * HOUR, 200, 2, 3);
    const struct sweep_lowest *lowest = propose(LIMIT_SIGN_INS, 1);

    assert_int_equal(scene.proposal.honest, 8);
    assert_int_equal(scene.proposal.standing_out, 1);
    assert_true(lowest->found);
    assert_int_equal(lowest->limit.count, 20);
    assert_int_equal(lowest->count, 2);
    assert_int_equal(lowest->limit.window, 3600);
    assert_int_equal(lowest->busiest, 7);
    assert_int_equal(lowest->peak.count, 19);
    assert_true(lowest->peak.time == START + 7 * HOUR + 18 * 60);
    assert_int_equal(lowest->caught, 1);
    assert_true(lowest->catches_worst);
    assert_int_equal(lowest->worst.account, 8);
    assert_int_equal(lowest->worst.took, 38);
    assert_int_equal(scene.proposal.worst, 8);
    assert_int_equal(scene.proposal.caught, 1);

    /* What would be few: 5 a minute is above every honest peak, but low. */
    lowest = &scene.proposal.lowest[LIMIT_SIGN_INS][0];
    assert_int_equal(lowest->peak.count, 1);
    assert_int_equal(lowest->limit.count, 20);
    lowest = &scene.proposal.lowest[LIMIT_CLIENTS][0];
    assert_int_equal(lowest->peak.count, 1);
    assert_int_equal(lowest->limit.count, 4);
    assert_int_equal(lowest->caught, 0);
    assert_false(lowest->catches_worst);

    /* 20 in a minute are 20 in an hour, four clients in a minute four in an hour. */
    assert_set("20/1h clients:4/1h");
    assert_false(scene.proposal.lowest[LIMIT_SIGN_INS][0].proposed);
    assert_true(scene.proposal.lowest[LIMIT_SIGN_INS][1].proposed);
    assert_ptr_equal(scene.proposal.worst_by, &scene.proposal.lowest[LIMIT_SIGN_INS][1]);
    assert_true(sweep_proposal_catches(&scene.proposal, scene.sweep, 8));
    assert_false(sweep_proposal_catches(&scene.proposal, scene.sweep, 7));
    free(scene.memory);
}

/* Too few sign-ins for any limit on these. */
static void test_who_has_many_clients_is_caught_by_them(void **state)
{
    (void)state;
    open_scene(u"50/1h/2,4");
    for (uint32_t i = 0; i < 8; i++) {
        feed(i, START + i * HOUR, 12, 60, 1);
    }
    feed(8, START + 9 * HOUR, 8, 2, 8);
    const struct sweep_lowest *lowest = propose(LIMIT_CLIENTS, 0);

    assert_true(lowest->proposed);
    assert_int_equal(lowest->limit.count, 4);
    assert_true(sweep_proposal_catches(&scene.proposal, scene.sweep, 8));
    assert_false(sweep_proposal_catches(&scene.proposal, scene.sweep, 7));
    free(scene.memory);
}

static void test_busy_every_day_is_no_abuse(void **state)
{
    (void)state;
    open_scene(u"20,50,100/1m,10m,1h");
    for (int day = 0; day < 4; day++) {
        feed(0, START + day * DAY, 90, 10, 1); /* 6 a minute, 60 in ten, 90 an hour */
    }
    const struct sweep_lowest *lowest = propose(LIMIT_SIGN_INS, 0);

    assert_int_equal(scene.proposal.honest, 1);
    assert_int_equal(scene.proposal.worst, SWEEP_NOBODY);
    assert_null(scene.proposal.worst_by);
    assert_int_equal(lowest[0].limit.count, 20);
    assert_int_equal(lowest[1].limit.count, 100);
    assert_int_equal(lowest[1].peak.count, 60);
    assert_int_equal(lowest[2].limit.count, 100);
    assert_set("20/1m 100/1h");
    assert_int_equal(scene.proposal.caught, 0);
    free(scene.memory);
}

static void test_no_limit_is_found_where_the_honest_are_too_busy(void **state)
{
    (void)state;
    open_scene(u"20,50/1m,1h/2,3");
    for (int day = 0; day < 3; day++) {
        feed(0, START + day * DAY, 60, 1, 1);
    }
    const struct sweep_lowest *lowest = propose(LIMIT_SIGN_INS, 0);

    assert_false(lowest->found);
    assert_false(lowest->proposed);
    assert_int_equal(lowest->busiest, 0);
    assert_int_equal(lowest->peak.count, 50); /* the largest count that is tried */
    assert_false(scene.proposal.lowest[LIMIT_CLIENTS][1].found); /* two or three are few */
    assert_set("");
    free(scene.memory);
}

/* As many sign-ins in a longer window are in the way of a limit on clients. */
static void test_sign_ins_make_clients_superfluous(void **state)
{
    (void)state;
    open_scene(u"20/1h/20,30");
    feed(0, START, 3, 1, 1);
    propose(LIMIT_SIGN_INS, 0);
    assert_set("20/1h");
    free(scene.memory);
    open_scene(u"21/1h/20,30");
    feed(0, START, 3, 1, 1);
    propose(LIMIT_SIGN_INS, 0);
    assert_set("21/1h clients:20/1h");
    free(scene.memory);
}

static void test_worst_is_known_by_its_busiest_hour(void **state)
{
    (void)state;
    open_scene(u"20,100/10m,1h/5");
    feed(0, START, 60, 60, 1);            /* crosses no limit that is tried on it */
    feed(1, START + 2 * HOUR, 300, 1, 1); /* the worst: 300 in its busiest hour */
    feed(2, START + 4 * HOUR, 90, 1, 30); /* by clients before sign-ins */
    feed(3, START + 6 * HOUR, 300, 1, 1); /* as busy, but later */
    const struct sweep_lowest *lowest = propose(LIMIT_SIGN_INS, 0);

    assert_int_equal(scene.proposal.standing_out, 4);
    assert_int_equal(scene.proposal.honest, 0);
    assert_int_equal(scene.proposal.worst, 1);
    assert_int_equal(lowest->busiest, SWEEP_NOBODY);
    assert_int_equal(lowest->peak.count, 0);
    assert_int_equal(lowest->limit.count, 20);
    assert_int_equal(scene.proposal.worst_by->limit.window, 3600);
    assert_int_equal(scene.proposal.worst_by->worst.took, 19);
    assert_set("20/1h clients:5/1h");
    assert_int_equal(scene.proposal.caught, 4);
    free(scene.memory);
}

/* Of two limits of the set the one that the worst crosses first. */
static void test_worst_is_caught_by_the_first_limit_it_crosses(void **state)
{
    (void)state;
    open_scene(u"20,100/10m,1h");
    for (uint32_t i = 1; i < 12; i++) {
        feed(i, START + i * 2 * HOUR, 30, 60, 1); /* 10 in ten minutes, 30 an hour */
    }
    feed(0, START + 2 * DAY, 150, 30, 1); /* 20 in ten minutes at its 20th, 100 an hour later */
    propose(LIMIT_SIGN_INS, 0);
    assert_int_equal(scene.proposal.worst, 0);
    assert_set("20/10m 100/1h");
    assert_int_equal(scene.proposal.worst_by->limit.count, 20);
    assert_int_equal(scene.proposal.worst_by->worst.took, 19 * 30);
    free(scene.memory);
}

static void test_the_worst_may_escape(void **state)
{
    (void)state;
    open_scene(u"20,1000/1h");
    for (int day = 0; day < 3; day++) {
        feed(0, START + day * DAY, 700, 1, 1); /* honest */
    }
    feed(1, START + 4 * DAY, 999, 1, 1);
    const struct sweep_lowest *lowest = propose(LIMIT_SIGN_INS, 0);

    assert_int_equal(scene.proposal.worst, 1);
    assert_int_equal(lowest->limit.count, 1000);
    assert_int_equal(lowest->caught, 0);
    assert_false(lowest->catches_worst);
    assert_null(scene.proposal.worst_by);
    assert_int_equal(scene.proposal.caught, 0);
    free(scene.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lowest_above_the_busiest_honest),
        cmocka_unit_test(test_who_has_many_clients_is_caught_by_them),
        cmocka_unit_test(test_busy_every_day_is_no_abuse),
        cmocka_unit_test(test_no_limit_is_found_where_the_honest_are_too_busy),
        cmocka_unit_test(test_sign_ins_make_clients_superfluous),
        cmocka_unit_test(test_worst_is_known_by_its_busiest_hour),
        cmocka_unit_test(test_worst_is_caught_by_the_first_limit_it_crosses),
        cmocka_unit_test(test_the_worst_may_escape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
