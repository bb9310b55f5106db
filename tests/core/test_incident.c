#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "core/incident.h"
#include "incident_fixture.h"

/* Row: from; column: to; in the order of enum incident_state. */
static const char *const diagram[INCIDENT_STATES] = {
    [INCIDENT_DECIDED] = "xx...xx",   /* locked; failed, released */
    [INCIDENT_LOCKED] = ".xx...x",    /* restarted; released */
    [INCIDENT_RESTARTED] = ".xxx..x", /* locked, contained; released */
    [INCIDENT_CONTAINED] = "..xx..x", /* restarted; released */
    [INCIDENT_FLAGGED] = "....x.x",   /* released */
    [INCIDENT_FAILED] = ".....xx",    /* released */
    [INCIDENT_RELEASED] = "......x",
};

static void states_follow_as_drawn(void **state)
{
    (void)state;
    for (unsigned from = 0; from < INCIDENT_STATES; from++) {
        for (unsigned to = 0; to < INCIDENT_STATES; to++) {
            assert_int_equal(
                incident_may_follow((enum incident_state)from, (enum incident_state)to),
                diagram[from][to] == 'x');
        }
    }
}

static unsigned state_of(const char *name, size_t length)
{
    for (unsigned i = 0; i < INCIDENT_STATES; i++) {
        const char *known = incident_state_name((enum incident_state)i);
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return i;
    }
    fail_msg("no state: %.*s", (int)length, name);
    return 0;
}

/* The picture in docs/response.md has every step there is but staying, and no other. */
static void the_picture_shows_what_may_follow(void **state)
{
    (void)state;
    char line[512];
    bool drawn[INCIDENT_STATES][INCIDENT_STATES] = {{false}};
    FILE *file = fopen("docs/figures/incident.dot", "rb");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        const char *from = line + strspn(line, " "), *arrow = strstr(line, " -> ");
        if (!arrow)
            continue;
        const char *to = arrow + 4;
        drawn[state_of(from, (size_t)(arrow - from))][state_of(to, strcspn(to, " \r\n"))] = true;
    }
    fclose(file);
    for (unsigned from = 0; from < INCIDENT_STATES; from++)
        for (unsigned to = 0; to < INCIDENT_STATES; to++)
            assert_int_equal(drawn[from][to],
                             from != to && incident_may_follow((enum incident_state)from,
                                                               (enum incident_state)to));
}

static void some_are_open_and_some_hold(void **state)
{
    (void)state;
    static const char *const what[INCIDENT_STATES] = {
        [INCIDENT_DECIDED] = "open",   [INCIDENT_LOCKED] = "open", [INCIDENT_RESTARTED] = "open",
        [INCIDENT_CONTAINED] = "held", [INCIDENT_FLAGGED] = "",    [INCIDENT_FAILED] = "",
        [INCIDENT_RELEASED] = ""};
    for (unsigned i = 0; i < INCIDENT_STATES; i++) {
        struct incident incident = {.state = (enum incident_state)i};
        assert_int_equal(incident_is_open(&incident), strcmp(what[i], "open") == 0);
        assert_int_equal(incident_holds(&incident), what[i][0] != '\0');
    }
}

static void every_value_has_a_name_of_its_own(void **state)
{
    (void)state;
    const char *names[INCIDENT_STATES + ENDINGS + ESCALATIONS];
    size_t states = 0, endings, all;
    for (unsigned i = 0; i < INCIDENT_STATES; i++)
        names[states++] = incident_state_name((enum incident_state)i);
    endings = states;
    for (unsigned i = 0; i < ENDINGS; i++)
        names[endings++] = incident_ending_name((enum incident_ending)i);
    all = endings;
    for (unsigned i = 0; i < ESCALATIONS; i++)
        names[all++] = incident_escalation_name((enum incident_escalation)i);

    const size_t groups[][2] = {{0, states}, {states, endings}, {endings, all}};
    for (size_t g = 0; g < 3; g++) {
        for (size_t i = groups[g][0]; i < groups[g][1]; i++) {
            assert_non_null(names[i]);
            for (size_t j = groups[g][0]; j < i; j++)
                assert_string_not_equal(names[i], names[j]);
        }
    }
    assert_string_equal(incident_state_name(INCIDENT_CONTAINED), "contained");
    assert_string_equal(incident_ending_name(ENDING_BY_TIME), "by time");
    assert_string_equal(incident_escalation_name(ESCALATION_VERIFIED), "verified");
}

static void an_incident_is_of_one_sid(void **state)
{
    (void)state;
    struct incident bob = incident_of(1), alice = incident_of(2), nobody = incident_of(3);
    nobody.verdict.sid_size = 0;
    assert_true(incident_is_of(&bob, bob.verdict.sid, bob.verdict.sid_size));
    assert_false(incident_is_of(&bob, alice.verdict.sid, alice.verdict.sid_size));
    assert_false(incident_is_of(&bob, bob.verdict.sid, bob.verdict.sid_size - 4));
    assert_false(incident_is_of(&nobody, nobody.verdict.sid, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_follow_as_drawn),
        cmocka_unit_test(the_picture_shows_what_may_follow),
        cmocka_unit_test(some_are_open_and_some_hold),
        cmocka_unit_test(every_value_has_a_name_of_its_own),
        cmocka_unit_test(an_incident_is_of_one_sid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
