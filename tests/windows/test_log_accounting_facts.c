/* What both readers tell of a log as a whole: how far back it reaches, and how full it is. Each
 * test runs once with each reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"

/* ---- how far back it reaches ----------------------------------------------------------------- */

static void a_log_that_does_not_reach_back_is_short(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(25, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 15);
}

static void one_that_reaches_back_is_not(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(25, T);
    reading.options.since = T + 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
    log_reading_close(&reading);
    log_foreign(10, T); /* by events of others as well */
    reading.options.since = T + 3602;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
}

static void a_whole_log_is_never_short(void **state)
{
    reading_begin(state);
    log_sign_ins(5, T);
    reading.options.since = T - 1000;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
}

/* ---- how full it is -------------------------------------------------------------------------- */

/* Whether it is the modern reader's turn. */
static bool modern;

static DWORD look(struct log_facts *facts)
{
    reading.failed_call = "untouched";
    return reading.source->methods->look(reading.source, facts, &reading.failed_call);
}

static void begin_with_file(void **state)
{
    modern = reading_with_modern(state);
    reading_begin(state);
    fake_event_log.file = L"%SystemRoot%\\system32\\config\\AppEvent.Evt";
    fake_event_log.size = 65536;
    fake_event_log.max_size = 524288;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
}

static void a_log_that_overwrites_is_told_with_its_sizes_and_oldest_event(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    log_foreign(1, T - 100);
    log_sign_ins(3, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_string_equal(reading.failed_call, "untouched");
    assert_int_equal(facts.size, 65536);
    assert_int_equal(facts.max_size, 524288);
    assert_int_equal(facts.retention, LOG_OVERWRITES);
    assert_false(facts.full);
    assert_false(facts.empty);
    assert_true(facts.oldest_time == T - 100);
    /* It goes on reading where it was. */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 3);
}

static void an_empty_log_has_no_oldest_event(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_true(facts.empty);
}

static void a_log_that_keeps_its_events_gets_full(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = MAXDWORD;
    fake_event_log.max_records = 3;
    log_sign_ins(2, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_KEEPS);
    assert_int_equal(facts.keeps_for, UINT32_MAX);
    assert_false(facts.full);
    log_sign_ins(1, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_true(facts.full);
}

static void a_log_that_archives_does_not(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = MAXDWORD;
    fake_event_log.archives = true;
    fake_event_log.max_records = 3;
    log_sign_ins(5, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_ARCHIVES);
    assert_false(facts.full);
}

/* Windows 2000 and Server 2003: so many seconds. What keeps for a second only overwrites, but with
 * AutoBackupLogFiles archives. */
static void a_classic_log_may_keep_for_a_time(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = 604800;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_KEEPS);
    assert_int_equal(facts.keeps_for, modern ? UINT32_MAX : 604800);
    fake_event_log.archives = true;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, modern ? LOG_ARCHIVES : LOG_KEEPS);
    fake_event_log.retention = 1;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_ARCHIVES);
}

static void values_of_other_types_are_not_believed(void **state)
{
    struct log_facts facts = {.size = 7};
    begin_with_file(state);
    fake_event_log.odd_types = true;
    DWORD error = look(&facts);
    if (modern) {
        assert_int_equal(error, ERROR_INVALID_DATA);
        assert_string_equal(reading.failed_call, "EvtGetChannelConfigProperty");
        assert_int_equal(facts.size, 7);
    } else {
        assert_int_equal(error, ERROR_SUCCESS);
        assert_int_equal(facts.size, 0);
        assert_int_equal(facts.max_size, 0);
        assert_int_equal(facts.retention, LOG_OVERWRITES);
    }
}

static void only_a_file_on_a_drive_is_looked_at(void **state)
{
    static const wchar_t *const elsewhere[] = {L"\\\\server\\share\\log.evt",
                                               L"AppEvent.Evt",
                                               L"C:",
                                               L"ab\\log.evt",
                                               L"\\\\.\\pipe\\log",
                                               L""};
    struct log_facts facts;
    begin_with_file(state);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere && !modern; i++) {
        fake_event_log.file = elsewhere[i];
        assert_int_equal(look(&facts), ERROR_SUCCESS);
        assert_int_equal(facts.size, 0);
        assert_int_equal(fake_event_log_called(FAKE_GET_FILE_ATTRIBUTES), 0);
    }
    wchar_t longest[2 * MAX_PATH] = L"C:\\";
    for (size_t i = 3; i < 2 * MAX_PATH - 1; i++)
        longest[i] = L'x';
    fake_event_log.file = longest;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(fake_event_log_called(FAKE_GET_FILE_ATTRIBUTES), 0);
    assert_int_equal(facts.max_size, 524288);
}

/* What is only nice to know may be missing; else the call that failed is named. */
static void every_call_of_look_may_fail(void **state)
{
    unsigned nth = 1;
    const char *failed;
    begin_with_file(state);
    log_sign_ins(3, T);
    do {
        struct log_facts facts = {.size = 7};
        fake_event_log_fail_any(nth++, ERROR_ACCESS_DENIED);
        DWORD error = look(&facts);
        failed = fake_event_log_failed();
        if (error != ERROR_SUCCESS) {
            assert_int_equal(error, strcmp(failed, "HeapAlloc") == 0 ? ERROR_NOT_ENOUGH_MEMORY
                                                                     : ERROR_ACCESS_DENIED);
            assert_string_equal(reading.failed_call, failed);
            assert_int_equal(facts.size, 7);
        } else if (failed != NULL && strcmp(failed, "EvtRender") != 0) {
            assert_false(modern);
        }
    } while (failed != NULL);
    assert_true(nth > 9);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 3);
}

static void a_stopped_service_says_so(void **state)
{
    struct log_facts facts;
    begin_with_file(state);
    fake_event_log_stop();
    assert_int_equal(look(&facts), RPC_S_SERVER_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(a_log_that_does_not_reach_back_is_short),
        WITH_BOTH(one_that_reaches_back_is_not),
        WITH_BOTH(a_whole_log_is_never_short),
        WITH_BOTH(a_log_that_overwrites_is_told_with_its_sizes_and_oldest_event),
        WITH_BOTH(an_empty_log_has_no_oldest_event),
        WITH_BOTH(a_log_that_keeps_its_events_gets_full),
        WITH_BOTH(a_log_that_archives_does_not),
        WITH_BOTH(a_classic_log_may_keep_for_a_time),
        WITH_BOTH(values_of_other_types_are_not_believed),
        WITH_BOTH(only_a_file_on_a_drive_is_looked_at),
        WITH_BOTH(every_call_of_look_may_fail),
        WITH_BOTH(a_stopped_service_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
