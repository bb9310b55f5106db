/* test_smtp_resume_kill.c: a restart whose process is killed anywhere is finished by the next one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "smtp_resume_scene.h"

/* What the header asks of its caller: finishes what was begun, then does what is needed. */
static void work(void)
{
    for (unsigned round = 0; resume_record.needed; round++) {
        assert_true(round < 5);
        enum smtp_result result = resume_record.begun ? resume() : SMTP_UNTOUCHED;
        if (result == SMTP_UNTOUCHED)
            result = restart_and_tell();
        if (result == SMTP_RESTARTED) {
            resume_record.needed = resume_record.begun = false;
            resume_point();
        } else {
            assert_true(resume_record.begun);
            assert_true(result == SMTP_OPERATOR || result == SMTP_NOT_RUNNING);
        }
    }
}

/* A process that works until it is killed at a point (0: it is not). False: it was. */
static bool process(unsigned at)
{
    return resume_run_until(at, work);
}

/* What must hold at the end, whenever the first process was killed: one restart that had come to
 * its stop is never repeated. */
static void assert_restarted_once(bool seen_stopped, unsigned at)
{
    scene_assert_all_run();
    assert_false(resume_record.needed);
    if (smtp->starts == 0 || smtp->starts > 2 || (seen_stopped && smtp->starts != 1))
        fail_msg("killed at %u: SMTP was started %u times", at, smtp->starts);
}

static void killed_at_any_point_it_is_finished_by_the_next(void **state)
{
    static const DWORD pauses[] = {0, 150, 700, 5000, 60000};
    unsigned last = 0;

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(pauses); i++)
        for (unsigned at = 1;; at++) {
            resume_begin(scene_slow);
            if (process(at))
                break;
            bool seen_stopped = resume_record.seen_stopped;
            fake_services_advance(pauses[i]);
            assert_true(process(0));
            assert_restarted_once(seen_stopped, at);
            last = at;
        }
    assert_in_range(last, 40, 200);
}

/* The order is on its way when the process ends: the next one finds the service running still. */
static void an_order_on_its_way_is_no_operators(void **state)
{
    static const DWORD notices[] = {20, 400, 3000};

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(notices); i++)
        for (unsigned at = 1;; at++) {
            resume_begin(scene_slow);
            smtp->stop_notice = first->stop_notice = notices[i];
            if (process(at))
                break;
            bool seen_stopped = resume_record.seen_stopped;
            assert_true(process(0));
            assert_restarted_once(seen_stopped, at);
        }
}

static void the_next_one_may_be_killed_too(void **state)
{
    unsigned runs = 0;

    (void)state;
    for (unsigned at = 1;; at++) {
        for (unsigned again = 1;; again++, runs++) {
            resume_begin(scene_slow);
            if (process(at))
                return assert_in_range(runs, 2000, 20000);
            fake_services_advance(again % 3 * 300);
            if (process(again))
                break;
            fake_services_advance(at % 3 * 300);
            assert_true(process(0));
            scene_assert_all_run();
            assert_false(resume_record.needed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_point_it_is_finished_by_the_next),
        cmocka_unit_test(an_order_on_its_way_is_no_operators),
        cmocka_unit_test(the_next_one_may_be_killed_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
