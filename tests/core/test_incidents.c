/* The verb incidents for people: what is shown of which incidents, and in what order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "incidents_verb.h"

/* ---- for people ----------------------------------------------------------------------------- */

static void nothing_there_is_nothing_to_do(void **state)
{
    (void)state;
    run_on_book(NULL);
    assert_int_equal(output.status, INCIDENTS_NONE);
    assert_string_equal(output.out, "Accounts locked: 0. Incidents open: 0. As of "
                                    "2010-01-02T03:20:45Z, record 4799 of Application.\n");
    output_file(journal_path, NULL, 0);
    run(journal_path, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_NONE);
    assert_string_equal(output.out, "Accounts locked: 0. Incidents open: 0.\n");
    book.position.record = 0; /* nothing was read yet */
    run_on_book(NULL);
    assert_string_equal(output.out,
                        "Accounts locked: 0. Incidents open: 0. As of 2010-01-02T03:20:45Z.\n");
}

static void a_locked_account_with_all_there_is_to_say(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_RESTARTED);
    incident->restarted_wall = T0 + 5;
    incident->gap_first = 20;
    incident->gap_last = 29;
    incident->again = true;
    incident->release_at = STEADY + 3600000;
    incident->figures.leaks = 3;
    incident->leak_record = 4711;
    incident->leak_wall = T0 + 60;
    incident->leak_open = true;
    incident->escalation = ESCALATION_VERIFIED;
    incident->retry = (struct incident_retry){
        .tries = 4, .first_at = STEADY - 60000, .next_at = STEADY + 8000, .error = 1722};
    run_on_book(NULL);
    assert_int_equal(output.status, INCIDENTS_SOME);
    assert_string_equal(
        output.out,
        "Accounts locked: 1. Incidents open: 1. As of 2010-01-02T03:20:45Z, record 4799 of "
        "Application.\n"
        "\n"
        "#1 CONTOSO\\user7: locked; watched for sign-ins that go on; crossed again within a day of "
        "its release\n"
        "  when      decided 2010-01-02T03:04:05Z, locked 2010-01-02T03:04:06Z, SMTP restarted "
        "2010-01-02T03:04:10Z\n"
        "  until     2010-01-02T04:20:45Z (LockMinutes)\n"
        "  why       limit 50/10m crossed with 50; sign-ins 50, clients 1: pc (50)\n"
        "  evidence  records 7 to 56, 2010-01-02T03:03:27Z to 2010-01-02T03:04:11Z, written as "
        "user7; records 20 to 29 are missing from the log\n"
        "  changed   bob on \\\\DC1: disabled (userAccountControl was 0x200), comment marked\n"
        "  figures   1.250 s from the crossing to the lock, SMTP down for 3.004 s; sign-ins until "
        "the lock 2, after it 3\n"
        "  leaks     the last in record 4711 at 2010-01-02T03:05:05Z; answered: verified, the last "
        "not yet\n"
        "  failed    tries 4, the first at 2010-01-02T03:19:45Z, the last with error 1722; next at "
        "2010-01-02T03:20:53Z\n");
}

static void each_state_says_what_it_means(void **state)
{
    (void)state;
    static const struct {
        enum incident_state state;
        enum incident_ending ending;
        enum flag_reason flag;
        const char *heading;
        int status;
    } cases[] = {
        {INCIDENT_DECIDED, ENDING_NONE, FLAG_NOT, ": to be locked\n", INCIDENTS_SOME},
        {INCIDENT_LOCKED, ENDING_NONE, FLAG_NOT, ": locked; SMTP is still to be restarted\n",
         INCIDENTS_SOME},
        {INCIDENT_RESTARTED, ENDING_NONE, FLAG_NOT, ": locked; watched for sign-ins that go on\n",
         INCIDENTS_SOME},
        {INCIDENT_CONTAINED, ENDING_NONE, FLAG_NOT, ": locked; contained\n", INCIDENTS_SOME},
        {INCIDENT_FLAGGED, ENDING_NONE, FLAG_BUDGET, ": not locked (MaxLocksPerHour)\n",
         INCIDENTS_NONE},
        {INCIDENT_FAILED, ENDING_GIVEN_UP, FLAG_NOT, ": not locked (given up)\n", INCIDENTS_NONE},
        {INCIDENT_RELEASED, ENDING_BY_OTHERS, FLAG_NOT, ": released (by others)\n", INCIDENTS_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        book.count = 0;
        struct incident *incident = add_incident(7, cases[i].state);
        incident->ending = cases[i].ending;
        incident->verdict.flag = cases[i].flag;
        incident->closed_wall = incident_is_open(incident) ? 0 : T0 + 100;
        run_on_book(NULL);
        assert_shown(cases[i].heading);
        assert_int_equal(output.status, cases[i].status);
        if (!incident_is_open(incident)) {
            char closed[64];
            snprintf(closed, sizeof closed, ", %s 2010-01-02T03:05:45Z\n",
                     incident_state_name(cases[i].state));
            assert_shown(closed);
        }
    }
}

static void it_says_how_a_lock_ends(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_CONTAINED);
    run_on_book(NULL);
    assert_shown("  until     you type: relaylock release CONTOSO\\user7\n");
    incident->release_at = STEADY + 1000;
    incident->stay_told = true;
    run_on_book(NULL);
    assert_shown("relaylock release CONTOSO\\user7 (MaxAutoReleases is spent)\n");
    incident->release_wanted = true;
    run_on_book(NULL);
    assert_shown("  until     it can be released, which was asked for\n");
    incident->state = INCIDENT_RELEASED;
    run_on_book(NULL);
    assert_not_shown("  until ");
}

/* A position that tells no wall time: nothing is made up. */
static void a_time_that_cannot_be_told_is_not_told(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_CONTAINED);
    incident->release_at = STEADY + 1000;
    book.position.steady.wall = 0;
    run_on_book(NULL);
    assert_shown("Incidents open: 0.\n");
    assert_shown("  until     a time that is not known (LockMinutes)\n");
    run_on_book("--json");
    assert_shown("\"release\":null");
    assert_shown("\"as_of\":null");
}

static void what_has_ended_is_not_tried_again(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_FAILED);
    incident->ending = ENDING_GIVEN_UP;
    incident->retry = (struct incident_retry){
        .tries = 1442, .first_at = STEADY - 60000, .next_at = STEADY + 60000, .error = 5};
    run_on_book(NULL);
    assert_shown("  failed    tries 1442, the first at 2010-01-02T03:19:45Z, the last with error "
                 "5\n");
    incident->state = INCIDENT_CONTAINED; /* a release that fails is tried again */
    incident->ending = ENDING_NONE;
    incident->release_wanted = true;
    run_on_book(NULL);
    assert_shown("the last with error 5; next at 2010-01-02T03:21:45Z\n");
}

static void what_was_changed(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_DECIDED);
    run_on_book(NULL);
    assert_not_shown("  changed ");
    incident->change =
        (struct incident_change){.intended = true, .flags_before = 0x10200, .user = u"bob"};
    run_on_book(NULL);
    assert_shown("  changed   bob on this computer: about to be disabled (userAccountControl was "
                 "0x10200)\n");
    incident->action = LOCK_PASSWORD;
    incident->change.made = true;
    run_on_book(NULL);
    assert_shown("  changed   bob on this computer: given a random password\n");
    incident->change = (struct incident_change){.marked = true, .user = u"bob"};
    run_on_book(NULL);
    assert_shown("  changed   bob on this computer: comment marked\n");
}

static void names_from_outside_are_made_fit(void **state)
{
    (void)state;
    struct incident *incident = add_incident(7, INCIDENT_CONTAINED);
    memcpy(incident->verdict.name, u"EVIL\\a b\x1b[2J\u202e%1", sizeof u"EVIL\\a b\x1b[2J\u202e%1");
    memcpy(incident->verdict.account, u"\xd800\n", sizeof u"\xd800\n");
    memcpy(incident->verdict.top[0].name, u"<\"\t>", sizeof u"<\"\t>");
    run_on_book(NULL);
    assert_shown("#1 EVIL\\a b{U+001B}[2J{U+202E}{U+0025}1: locked");
    assert_shown("relaylock release \"EVIL\\a b{U+001B}[2J{U+202E}{U+0025}1\"\n");
    assert_shown("written as {U+D800}{U+000A}\n");
    assert_shown(": <\"{U+0009}> (50)\n");
    run_on_book("--json");
    assert_shown("\"account\":\"EVIL\\\\a b\\u001b[2J\xe2\x80\xae%1\"");
    assert_shown("\"written\":\"\xef\xbf\xbd\\n\"");
    assert_shown("{\"client\":\"<\\\"\\t>\",\"sign_ins\":50}");
}

static void a_path_that_cannot_be_read_is_made_fit(void **state)
{
    (void)state;
    run("no\x1b[2Jsuch\nfile", NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_non_null(strstr(output.err, "no{U+001B}[2Jsuch{U+000A}file: "));
    assert_null(strchr(output.err, '\x1b'));
}

static void a_restart_under_way_is_told(void **state)
{
    (void)state;
    book.restart.phase = RESTART_STOPPING;
    memcpy(book.restart.service, u"SMTPSVC", sizeof u"SMTPSVC");
    book.restart.begun_at = STEADY - 5000;
    run_on_book(NULL);
    assert_shown("\nA restart of SMTPSVC is under way: it is being stopped.\n");
    run_on_book("--json");
    assert_shown("\"restart\":{\"service\":\"SMTPSVC\",\"stopped\":false,"
                 "\"begun\":\"2010-01-02T03:20:40Z\"}");
    book.restart.phase = RESTART_STOPPED;
    run_on_book(NULL);
    assert_shown("\nA restart of SMTPSVC is under way: it is stopped.\n");
}

/* ---- which, and in what order --------------------------------------------------------------- */

/* The ids in the order in which they are shown. */
static uint32_t shown_ids(unsigned ids[BOOK_INCIDENTS_MAX])
{
    uint32_t count = 0;
    for (const char *at = output.out; (at = strstr(at, "\n#")); at++)
        ids[count++] = (unsigned)strtoul(at + 2, NULL, 10);
    return count;
}

static void open_ones_first_then_held_then_the_latest_to_end(void **state)
{
    (void)state;
    static const enum incident_state states[] = {
        INCIDENT_RELEASED,  INCIDENT_CONTAINED, INCIDENT_DECIDED, INCIDENT_FLAGGED,
        INCIDENT_RESTARTED, INCIDENT_CONTAINED, INCIDENT_FAILED,  INCIDENT_LOCKED};
    static const int64_t closed[] = {900, 800, 0, 300, 0, 100, 500, 0};
    static const unsigned expected[] = {8, 5, 3, 6, 2, 1, 7, 4};
    unsigned ids[BOOK_INCIDENTS_MAX];
    for (uint32_t i = 0; i < 8; i++)
        add_incident(i, states[i])->closed_at = closed[i];
    run_on_book(NULL);
    assert_int_equal(shown_ids(ids), 8);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(ids[i], expected[i]);
    assert_shown("Accounts locked: 4. Incidents open: 3.");
    run_on_book("--json");
    assert_shown("\"open\":3,\"locked\":4,\"left_out\":0");
}

static void twenty_that_ended_are_shown_and_all_on_request(void **state)
{
    (void)state;
    unsigned ids[BOOK_INCIDENTS_MAX];
    for (uint32_t i = 0; i < 30; i++)
        add_incident(i, INCIDENT_CONTAINED);
    for (uint32_t i = 0; i < 25; i++)
        add_incident(100 + i, INCIDENT_RELEASED)->closed_at = 1000 + i;
    run_on_book(NULL);
    assert_int_equal(shown_ids(ids), 50);
    assert_int_equal(ids[30], 55);
    assert_int_equal(ids[49], 36);
    assert_shown("\nLeft out: 5 that ended earlier. See: relaylock incidents --all\n");
    run_on_book("--all");
    assert_int_equal(shown_ids(ids), 55);
    assert_not_shown("Left out");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, incidents_start, incidents_end)
    const struct CMUnitTest tests[] = {
        TEST(nothing_there_is_nothing_to_do),
        TEST(a_locked_account_with_all_there_is_to_say),
        TEST(each_state_says_what_it_means),
        TEST(it_says_how_a_lock_ends),
        TEST(a_time_that_cannot_be_told_is_not_told),
        TEST(what_has_ended_is_not_tried_again),
        TEST(what_was_changed),
        TEST(names_from_outside_are_made_fit),
        TEST(a_path_that_cannot_be_read_is_made_fit),
        TEST(a_restart_under_way_is_told),
        TEST(open_ones_first_then_held_then_the_latest_to_end),
        TEST(twenty_that_ended_are_shown_and_all_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
