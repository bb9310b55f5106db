/* test_smtp_stop_list.c: a restart tells all that it stops before anything stops, and starts what
 * an earlier one told, too. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_resume_scene.h"

/* ---- what is told before ----------------------------------------------------------------------
 */

static void all_is_told_before_anything_stops(void **state)
{
    (void)state;
    resume_begin(scene_dependents);
    assert_int_equal(restart_and_tell(), SMTP_RESTARTED);
    assert_int_equal(resume_intents, 1);
    assert_int_equal(resume_record.list.dependent_count, 2);
    assert_int_equal(wcscmp(resume_record.list.service, L"SMTPSVC"), 0);
    assert_int_equal(wcscmp(resume_record.list.dependents[0], L"Second"), 0); /* stops first */
    assert_int_equal(wcscmp(resume_record.list.dependents[1], L"First"), 0);
    assert_true(resume_record.seen_stopped);

    resume_begin(scene_smtp);
    assert_int_equal(restart_and_tell(), SMTP_RESTARTED);
    assert_int_equal(resume_intents, 1);
    assert_int_equal(resume_record.list.dependent_count, 0);
}

static void a_dependent_started_meanwhile_is_told_of_too(void **state)
{
    (void)state;
    resume_begin(scene_dependents);
    second->state = SERVICE_STOPPED;
    first->stop_time = 3000;
    first->depends_on[0] = L"SMTPSVC";
    second->depends_on[1] = NULL; /* so that it can be started while first stops */
    fake_services_after(1500, scene_start_it, second);
    assert_int_equal(restart_and_tell(), SMTP_RESTARTED);
    assert_int_equal(resume_intents, 2);
    assert_int_equal(resume_record.list.dependent_count, 2);
    assert_int_equal(wcscmp(resume_record.list.dependents[1], L"Second"), 0);
    scene_assert_all_run();
}

static void what_was_told_is_not_told_again(void **state)
{
    (void)state;
    resume_begin(scene_dependents);
    first->stop_time = 3000;
    fake_services_after(1500, scene_start_it, second); /* which we had stopped */
    assert_int_equal(restart_and_tell(), SMTP_RESTARTED);
    assert_int_equal(second->stops, 2);
    assert_int_equal(resume_intents, 1);
}

static unsigned refuse_from;

static bool refuse(void *context, const struct smtp_stop_list *list)
{
    (void)context;
    (void)list;
    assert_int_equal(smtp->stops, 0);
    return ++resume_intents < refuse_from;
}

static void what_cannot_be_recorded_is_not_stopped(void **state)
{
    (void)state;
    for (refuse_from = 1; refuse_from <= 2; refuse_from++) {
        resume_begin(scene_dependents);
        if (refuse_from == 2) {
            second->state = SERVICE_STOPPED;
            first->stop_time = 3000;
            second->depends_on[1] = NULL;
            fake_services_after(1500, scene_start_it, second);
        }
        struct smtp_options refusing = *resume_options();
        refusing.intend = refuse;
        smtp_restart(&refusing, &resume_outcome);
        assert_int_equal(resume_outcome.result, SMTP_FAILED);
        assert_string_equal(resume_outcome.call, "recording the intent");
        assert_int_equal(resume_outcome.error, ERROR_CANCELLED);
        assert_int_equal(resume_intents, refuse_from);
        assert_int_equal(smtp->stops + second->stops, 0);
        assert_int_equal(first->stops, refuse_from - 1);
        scene_assert_all_run();
    }
}

/* ---- a service on which SMTP depends ----------------------------------------------------------
 */

static struct fake_service *iis;

static void scene_iis(void)
{
    scene_dependents();
    iis = fake_services_add(L"IISADMIN");
    fake_services_depend(smtp, L"IISADMIN");
    smtp->start_failures = 9;
    smtp->start_error = ERROR_SERVICE_DATABASE_LOCKED;
}

static void smtp_is_not_left_stopped_as_a_dependent_either(void **state)
{
    (void)state;
    resume_begin(scene_iis);
    struct smtp_options of_iis = *resume_options();
    of_iis.service = L"IISADMIN";
    smtp_restart(&of_iis, &resume_outcome);
    assert_int_equal(resume_outcome.result, SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_STOPPED);

    resume_begin(scene_iis);
    of_iis.vital = L"SmtpSvc";
    smtp_restart(&of_iis, &resume_outcome);
    assert_int_equal(resume_outcome.result, SMTP_RESTARTED);
    assert_int_equal(resume_outcome.start_tries, 1 + 10);
    assert_int_equal(resume_record.list.dependent_count, 3);
    assert_int_equal(wcscmp(resume_record.list.dependents[2], L"SMTPSVC"), 0);
    assert_int_equal(iis->state, SERVICE_RUNNING);
    scene_assert_all_run();

    resume_begin(scene_iis);
    put_into(iis, SERVICE_STOPPED);
    put_into(smtp, SERVICE_STOPPED);
    put_into(first, SERVICE_STOPPED);
    resume_record.list = (struct smtp_stop_list){
        .service = L"IISADMIN", .dependents = {L"First", L"SMTPSVC"}, .dependent_count = 2};
    smtp_resume(&of_iis, &resume_record.list, true, &resume_outcome);
    assert_int_equal(resume_outcome.result, SMTP_RESTARTED);
    scene_assert_all_run();
}

/* ---- what an earlier restart left stopped -----------------------------------------------------
 */

static void a_service_that_was_not_stopped_is_untouched(void **state)
{
    (void)state;
    resume_begin(scene_dependents);
    first->stop_hangs = true;
    second->start_failures = 1000;
    second->start_error = ERROR_SERVICE_DISABLED;
    fake_services_abandon_after(200000);
    assert_int_equal(restart_and_tell(), SMTP_UNTOUCHED);
    assert_int_equal(smtp->stops, 0);
    assert_non_null(resume_outcome.call);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

static void what_was_left_stopped_is_started_with_the_rest(void **state)
{
    (void)state;
    struct fake_service *other;
    resume_begin(scene_dependents);
    other = fake_services_add(L"W3SVC"); /* no dependent of SMTP */
    put_into(other, SERVICE_STOPPED);
    put_into(second, SERVICE_STOPPED);
    struct smtp_stop_list earlier = {.service = L"IISADMIN", /* is not there */
                                     .dependents = {L"W3SVC", L"smtpsvc", L"Second", L"First"},
                                     .dependent_count = 4};
    struct smtp_options with_earlier = *resume_options();
    with_earlier.earlier = &earlier;
    smtp_restart(&with_earlier, &resume_outcome);
    assert_int_equal(resume_outcome.result, SMTP_RESTARTED);
    assert_null(resume_outcome.call);
    assert_int_equal(other->state, SERVICE_RUNNING);
    assert_int_equal(other->stops + second->stops, 0);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
    scene_assert_all_run();
    assert_int_equal(resume_record.list.dependent_count, 3);
    assert_int_equal(wcscmp(resume_record.list.dependents[0], L"W3SVC"), 0);
    assert_int_equal(wcscmp(resume_record.list.dependents[1], L"Second"), 0);
    assert_int_equal(fake_services_open_handles(), 0);

    resume_begin(scene_dependents); /* and the service itself, of another */
    put_into(second, SERVICE_STOPPED);
    earlier = (struct smtp_stop_list){.service = L"Second"};
    smtp_restart(&with_earlier, &resume_outcome);
    assert_int_equal(resume_outcome.result, SMTP_RESTARTED);
    scene_assert_all_run();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_told_before_anything_stops),
        cmocka_unit_test(a_dependent_started_meanwhile_is_told_of_too),
        cmocka_unit_test(what_was_told_is_not_told_again),
        cmocka_unit_test(what_cannot_be_recorded_is_not_stopped),
        cmocka_unit_test(smtp_is_not_left_stopped_as_a_dependent_either),
        cmocka_unit_test(a_service_that_was_not_stopped_is_untouched),
        cmocka_unit_test(what_was_left_stopped_is_started_with_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
