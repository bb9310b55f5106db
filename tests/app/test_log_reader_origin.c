/* Records of other computers: they do not count, unless the settings or the log say so, and are
 * counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log_reader_scene.h"

static BOOL WINAPI name_of_computer(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
    (void)format;
    wcscpy(name, L"MAIL1");
    *size = 5;
    return TRUE;
}

static void records_of_other_computers_do_not_count(void **state)
{
    (void)state;
    own_names_calls.GetComputerNameExW = name_of_computer;
    log_reader_scene_begin_at(0);
    assert_false(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"mail1.contoso.com")));
    assert_true(settings_set(&log_settings, setting_find(TEXT_OF(u"Computers")), TEXT_OF(u"PC7")));
    log_reader_scene_begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    assert_true(settings_set(&log_settings, setting_find(TEXT_OF(u"Computers")), TEXT_OF(u"")));
    text_copy(log_settings.channel, SETTING_TEXT_MAX, TEXT_OF(u"ForwardedEvents"));
    log_reader_scene_begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    own_names_calls.GetComputerNameExW = GetComputerNameExW;
}

static BOOL WINAPI no_name(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
    (void)format, (void)name, (void)size;
    return FALSE;
}

static void without_a_name_of_its_own_all_count(void **state)
{
    (void)state;
    own_names_calls.GetComputerNameExW = no_name;
    log_reader_scene_begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    own_names_calls.GetComputerNameExW = GetComputerNameExW;
}

/* Over all sources, and none that is read a second time. */
static void those_of_other_computers_are_counted_once(void **state)
{
    (void)state;
    log_world.records = 3;
    log_reader_scene_begin_at(0);
    log_reader_scene_read_all();
    for (uint64_t i = 0; i < 11; i++)
        log_reader.source->counters
            .foreign_records[log_reader.source->counters.foreign++ % EVENT_SOURCE_FOREIGN] =
            100 + i;
    wcscpy(log_reader.source->counters.foreign_computer, L"PC7");
    log_reader_scene_begin_at(0); /* another source */
    log_reader.source->counters.foreign = 1;
    log_reader.source->counters.foreign_records[0] = 200;
    wcscpy(log_reader.source->counters.foreign_computer, L"PC8");
    struct event_source_counters all = log_reader_count(&log_reader);
    assert_int_equal(all.foreign, 12);
    assert_int_equal(all.foreign_records[11 % EVENT_SOURCE_FOREIGN], 200);
    assert_int_equal(all.foreign_records[10 % EVENT_SOURCE_FOREIGN], 110);
    assert_int_equal(all.foreign_records[4], 104);
    assert_int_equal(wcscmp(all.foreign_computer, L"PC8"), 0);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, log_reader_scene_set_up, log_reader_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_of_other_computers_do_not_count),
        TEST(without_a_name_of_its_own_all_count),
        TEST(those_of_other_computers_are_counted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
