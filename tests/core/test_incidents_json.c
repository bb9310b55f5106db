/* The verb incidents for programs; and on journals that are damaged. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#ifndef _WIN32
#include <unistd.h>
#endif
#include "incidents_verb.h"

/* ---- for programs --------------------------------------------------------------------------- */

static void json_of_an_incident(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_CONTAINED);
    incident->restarted_wall = T0 + 5;
    incident->closed_wall = T0 + 605;
    run_on_book("--json");
    assert_int_equal(output.status, INCIDENTS_SOME);
    assert_string_equal(
        output.out,
        "{\"version\":1,\"torn\":false,\"as_of\":\"2010-01-02T03:20:45Z\",\"channel\":"
        "\"Application\",\"record\":4799,\"open\":0,\"locked\":1,\"left_out\":0,\"restart\":null,"
        "\"incidents\":[\n"
        "{\"id\":1,\"state\":\"contained\",\"ending\":null,\"action\":\"disable\","
        "\"account\":\"CONTOSO\\\\user7\",\"written\":\"user7\",\"kind\":\"user\","
        "\"sid\":\"S-1-5-21-0-0-0-7\",\"flagged\":null,\"limit\":\"50/10m\",\"count\":50,"
        "\"sign_ins\":50,\"clients\":1,\"top\":[{\"client\":\"pc\",\"sign_ins\":50}],"
        "\"first_record\":7,\"last_record\":56,\"first_time\":\"2010-01-02T03:03:27Z\","
        "\"last_time\":\"2010-01-02T03:04:11Z\",\"gap\":null,\"again\":false,"
        "\"decided\":\"2010-01-02T03:04:05Z\",\"locked\":\"2010-01-02T03:04:06Z\","
        "\"restarted\":\"2010-01-02T03:04:10Z\",\"closed\":\"2010-01-02T03:14:10Z\","
        "\"release\":null,\"release_wanted\":false,\"release_forced\":false,"
        "\"stays_locked\":false,\"change\":{\"intended\":true,\"made\":true,\"marked\":true,"
        "\"flags_before\":512,\"flags_after\":514,\"server\":\"\\\\\\\\DC1\",\"user\":\"bob\"},"
        "\"retry\":null,\"figures\":{\"lock_delay_ms\":1250,\"smtp_down_ms\":3004,\"sign_ins\":2,"
        "\"leaks\":0},\"leak\":null}]}\n");
}

static void json_of_what_is_rare(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_FAILED);
    incident->ending = ENDING_LAST_ADMIN;
    incident->action = LOCK_PASSWORD;
    incident->verdict.sid_size = 0;
    incident->verdict.kind = IDENTITY_UNRESOLVED;
    incident->verdict.flag = FLAG_UNRESOLVED;
    incident->verdict.top_count = 0;
    incident->gap_first = 3;
    incident->gap_last = 4;
    incident->release_at = STEADY + 60000;
    incident->retry = (struct incident_retry){
        .tries = 2, .first_at = STEADY - 3000, .next_at = STEADY - 1000, .error = 5};
    incident->figures.leaks = 1;
    incident->leak_at = STEADY - 2000;
    incident->leak_wall = T0 + 3;
    incident->leak_record = 99;
    incident->escalation = ESCALATION_SERVICES;
    run_on_book("--json");
    assert_shown("\"ending\":\"last administrator\",\"action\":\"password\"");
    assert_shown("\"kind\":\"unresolved\",\"sid\":null,\"flagged\":\"unresolved\"");
    assert_shown("\"top\":[],");
    assert_shown("\"gap\":[3,4]");
    assert_shown("\"release\":\"2010-01-02T03:21:45Z\"");
    assert_shown("\"retry\":{\"tries\":2,\"first\":\"2010-01-02T03:20:42Z\","
                 "\"next\":\"2010-01-02T03:20:44Z\",\"error\":5}");
    assert_shown("\"leak\":{\"answer\":\"services\",\"answered\":true,"
                 "\"read\":\"2010-01-02T03:20:43Z\",\"time\":\"2010-01-02T03:04:08Z\","
                 "\"record\":99}");
}

/* ---- damage and mistakes -------------------------------------------------------------------- */

static uint8_t bytes[4096];

/* The book's, whose frames are numbered from 1. Returns its size. */
static size_t write_journal(void)
{
    uint64_t next;
    return incident_book_write(&book, bytes, sizeof bytes, 1, &next);
}

static void a_torn_end_is_said_and_the_rest_shown(void **state)
{
    (void)state;
    add_incident(7, INCIDENT_CONTAINED);
    size_t whole = write_journal();
    memcpy(bytes + whole, "RLJ1 and no more", 16);
    output_file(journal_path, bytes, whole + 16);
    run(journal_path, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_shown("#1 CONTOSO\\user7: locked; contained\n");
    char expected[160];
    snprintf(expected, sizeof expected,
             "relaylock incidents: the journal is torn: its last 16 bytes of %u are damaged; what "
             "stands before them is shown\n",
             (unsigned)(whole + 16));
    assert_string_equal(output.err, expected);
    run("--json", journal_path, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_shown("\"torn\":true");
}

static void entries_without_sense_are_said(void **state)
{
    (void)state;
    add_incident(7, INCIDENT_CONTAINED);
    size_t size = write_journal();
    size += journal_write(bytes + size, sizeof bytes - size, JOURNAL_INCIDENT, 4, "?", 1);
    output_file(journal_path, bytes, size);
    run(journal_path, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_shown("#1 CONTOSO\\user7");
    assert_string_equal(output.err,
                        "relaylock incidents: entries that make no sense, passed over: 1 of 4\n");
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    run("/nowhere/journal", NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_string_equal(output.out, "");
    assert_non_null(strstr(output.err, "relaylock incidents: /nowhere/journal: "));

    static uint8_t large[JOURNAL_FILE_MAX + 1];
    output_file(journal_path, large, sizeof large);
    run(journal_path, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_non_null(strstr(output.err, journal_path));
    output_file(journal_path, large, JOURNAL_FILE_MAX);
    run(journal_path, NULL, NULL);
    assert_non_null(strstr(output.err, "the journal is torn: its last 8388608 bytes of 8388608"));
}

static void wrong_arguments_are_answered_with_the_right_ones(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {{"--jason", "x"}, {"x", "y"}, {""}, {"-"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        run(wrong[i][0], wrong[i][1], wrong[i][2]);
        assert_int_equal(output.status, INCIDENTS_USAGE);
        assert_non_null(strstr(output.err, "expected: [--json] [--all] "));
        assert_string_equal(output.out, "");
    }
#ifndef _WIN32
    run("--json", NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_USAGE);
#endif
    run_on_book(NULL);
    run("--all", "--json", journal_path);
    assert_int_equal(output.status, INCIDENTS_NONE);
    assert_shown("\"incidents\":[]");
}

#ifndef _WIN32
static void a_result_that_cannot_be_written_is_said(void **state)
{
    (void)state;
    run_on_book(NULL);
    char *arguments[] = {"incidents", journal_path, NULL};
    FILE *full = fopen("/dev/full", "w");
    fflush(stdout);
    int kept = dup(fileno(stdout));
    assert_true(full && kept >= 0);
    assert_true(dup2(fileno(full), fileno(stdout)) >= 0);
    int status = verb_incidents(2, arguments);
    assert_true(dup2(kept, fileno(stdout)) >= 0);
    clearerr(stdout);
    close(kept);
    fclose(full);
    assert_int_equal(status, INCIDENTS_FAILED);
}
#endif

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, incidents_start, incidents_end)
    const struct CMUnitTest tests[] = {
        TEST(json_of_an_incident),
        TEST(json_of_what_is_rare),
        TEST(a_torn_end_is_said_and_the_rest_shown),
        TEST(entries_without_sense_are_said),
        TEST(what_cannot_be_read_is_named),
        TEST(wrong_arguments_are_answered_with_the_right_ones),
#ifndef _WIN32
        TEST(a_result_that_cannot_be_written_is_said),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
