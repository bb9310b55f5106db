/* The doctor looks at the folders of the queues, on fake ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "doctor_scene.h"
#include "queue_scene.h"

#define NAME_ONE                                                                                   \
    "Run this in an administrator's prompt; if the folder is not there, put the right one into "   \
    "the setting QueueDirectory."

static int set_up(void **state)
{
    (void)state;
    queue_scene_begin(5);
    doctor_scene_begin();
    settings_copy(&doctor.settings, &queue_scene.settings);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    queue_scene_end();
    return 0;
}

static void look(void)
{
    doctor_scene_look(doctor_look_queue);
}

static void a_queue_as_it_should_be(void **state)
{
    (void)state;
    look();
    assert_line("queue", FINDING_OK, "5 files in 1 folder(s): D:\\Mailroot\\vsi 1\\Queue", "");
    assert_int_equal(findings.count, 1);
}

static void a_queue_that_is_too_long(void **state)
{
    (void)state;
    fake_queue_fill(0, 5000);
    look();
    assert_line("queue", FINDING_WARNING,
                "5000 files, past QueueAlert (5000), in 1 folder(s): D:\\Mailroot\\vsi 1\\Queue",
                "> relaylock queue");
    doctor.settings.queue_alert = 0;
    doctor.settings.require_queue = 1;
    look();
    assert_line("queue", FINDING_OK, "5000 files in 1 folder(s): D:\\Mailroot\\vsi 1\\Queue", "");
}

static void one_that_cannot_be_read(void **state)
{
    (void)state;
    const struct fake_queue_folder other = {.path = SCENE_OTHER, .error = ERROR_ACCESS_DENIED};
    fake_queue_set(1, &other);
    assert_true(settings_set(&doctor.settings, setting_find(TEXT_OF(u"QueueDirectory")),
                             TEXT_OF(SCENE_QUEUE L"," SCENE_OTHER)));
    look();
    assert_line("queue", FINDING_WARNING,
                "D:\\Mailroot\\vsi 2\\Queue cannot be read: FindFirstFileW: Access denied. (5). "
                "RelayLock does not see when it grows",
                NAME_ONE);
    assert_int_equal(findings.count, 1); /* no sum of what is not whole */
    doctor.settings.require_queue = 1;
    look();
    assert_line("queue", FINDING_PROBLEM,
                "D:\\Mailroot\\vsi 2\\Queue cannot be read: FindFirstFileW: Access denied. (5). "
                "RelayLock locks nobody, unless the other folders hold as many files as the "
                "setting RequireQueue says",
                NAME_ONE);
    assert_true(settings_set(&doctor.settings, setting_find(TEXT_OF(u"QueueDirectory")),
                             TEXT_OF(SCENE_OTHER)));
    look();
    assert_line("queue", FINDING_PROBLEM,
                "D:\\Mailroot\\vsi 2\\Queue cannot be read: FindFirstFileW: Access denied. (5). "
                "RelayLock locks nobody (setting RequireQueue)",
                NAME_ONE);
}

static void none_at_all(void **state)
{
    (void)state;
    const char *step = "If SMTP has a queue on this computer, put its folder into the setting "
                       "QueueDirectory; otherwise put 0 into QueueAlert and RequireQueue.";
    doctor.settings.queue_directory.count = 0;
    look();
    assert_line("queue", FINDING_WARNING,
                "no SMTP queue folder was found: RelayLock does not see when it grows", step);
    doctor.settings.require_queue = 1;
    look();
    assert_line("queue", FINDING_PROBLEM,
                "no SMTP queue folder was found: RelayLock locks nobody (setting RequireQueue)",
                step);
    doctor.settings.require_queue = doctor.settings.queue_alert = 0;
    look();
    assert_no_line("queue");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_queue_as_it_should_be),
        TEST(a_queue_that_is_too_long),
        TEST(one_that_cannot_be_read),
        TEST(none_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
