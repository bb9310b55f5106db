/* How the settings of the host are printed, for people and for programs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/hardening_list.h"
#include "json_check.h"
#include "output.h"

static struct hardening_view views[HARDENING_ITEMS];
static struct output output;

static int set_up(void **state)
{
    static const struct hardening_view usual[HARDENING_ITEMS] = {
        [HARDENING_TARPIT] = {HARDENING_OPEN, false, "0 s (not set)"},
        [HARDENING_GUEST] = {HARDENING_CLOSED, true, "disabled (\"Gast\" on this computer)"},
        [HARDENING_DOMAIN_GUEST] = {HARDENING_CLOSED, false, "disabled (\"Guest\" on \\\\DC1)"},
        [HARDENING_RECIPIENTS] = {HARDENING_UNTOLD, false, "can't tell"},
        [HARDENING_RELAYING] = {HARDENING_ABSENT, false, "none"},
    };
    (void)state;
    memcpy(views, usual, sizeof views);
    return 0;
}

static int print_text(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    hardening_list_text(views, stdout);
    return 0;
}

static int print_json(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    hardening_list_json(views, stdout);
    return 0;
}

static void run(int (*print)(int, char **))
{
    const char *const arguments[] = {"harden", NULL};
    output_of(&output, print, arguments);
}

static void a_line_an_item_for_people(void **state)
{
    static const char expected[] =
        "TarpitTime          0 s (not set); recommended: 5 s; to set: relaylock harden set "
        "TarpitTime\n"
        "Guest               disabled (\"Gast\" on this computer); recommended: disabled; set by "
        "RelayLock; to undo: relaylock harden undo Guest\n"
        "DomainGuest         disabled (\"Guest\" on \\\\DC1); recommended: disabled\n"
        "RecipientFilter     can't tell; recommended: on; by hand, see below\n"
        "AuthenticatedRelay  none; recommended: your choice; by hand, see below\n"
        "\n";
    (void)state;
    run(print_text);
    assert_memory_equal(output.out, expected, sizeof expected - 1);
    assert_non_null(strstr(output.out, "only against\nnon-delivery attacks"));
    assert_non_null(strstr(output.out, "Sessions that signed in are\nnot delayed"));
    assert_non_null(strstr(output.out, "RelayLock never sets it"));
}

static void what_cannot_be_told_is_not_offered(void **state)
{
    (void)state;
    views[HARDENING_TARPIT].standing = HARDENING_UNTOLD;
    run(print_text);
    assert_null(strstr(output.out, "to set"));
    views[HARDENING_RELAYING] = (struct hardening_view){HARDENING_OPEN, false, "allowed"};
    run(print_text);
    assert_null(strstr(output.out, "to set"));
}

static void one_document_for_programs(void **state)
{
    (void)state;
    run(print_json);
    assert_string_equal(
        output.out,
        "{\"version\":1,\"items\":[\n"
        "{\"name\":\"TarpitTime\",\"now\":\"0 s (not set)\",\"recommended\":\"5 s\","
        "\"standing\":\"open\",\"by_relaylock\":false,\"set\":\"relaylock harden set "
        "TarpitTime\",\"undo\":null},\n"
        "{\"name\":\"Guest\",\"now\":\"disabled (\\\"Gast\\\" on this computer)\","
        "\"recommended\":\"disabled\",\"standing\":\"closed\",\"by_relaylock\":true,\"set\":null,"
        "\"undo\":\"relaylock harden undo Guest\"},\n"
        "{\"name\":\"DomainGuest\",\"now\":\"disabled (\\\"Guest\\\" on \\\\\\\\DC1)\","
        "\"recommended\":\"disabled\",\"standing\":\"closed\",\"by_relaylock\":false,\"set\":null,"
        "\"undo\":null},\n"
        "{\"name\":\"RecipientFilter\",\"now\":\"can't tell\",\"recommended\":\"on\","
        "\"standing\":\"untold\",\"by_relaylock\":false,\"set\":null,\"undo\":null},\n"
        "{\"name\":\"AuthenticatedRelay\",\"now\":\"none\",\"recommended\":\"your choice\","
        "\"standing\":\"absent\",\"by_relaylock\":false,\"set\":null,\"undo\":null}]}\n");
    assert_true(json_check(output.out));
}

static void the_longest_names_stay_json(void **state)
{
    (void)state;
    memset(views[HARDENING_GUEST].now, '"', HARDENING_NOW_MAX - 1);
    run(print_json);
    assert_true(json_check(output.out));
    assert_non_null(strstr(output.out, "\\\"\\\"\\\"\""));
}

static void names_are_found_whatever_their_case(void **state)
{
    (void)state;
    for (int i = 0; i < HARDENING_ITEMS; i++)
        assert_int_equal(hardening_named(hardening_name((enum hardening_item)i)), i);
    assert_int_equal(hardening_named("tarpittime"), HARDENING_TARPIT);
    assert_int_equal(hardening_named("DOMAINGUEST"), HARDENING_DOMAIN_GUEST);
    assert_int_equal(hardening_named("Gues"), HARDENING_ITEMS);
    assert_int_equal(hardening_named("Guests"), HARDENING_ITEMS);
    assert_int_equal(hardening_named(""), HARDENING_ITEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_an_item_for_people, set_up),
        cmocka_unit_test_setup(what_cannot_be_told_is_not_offered, set_up),
        cmocka_unit_test_setup(one_document_for_programs, set_up),
        cmocka_unit_test_setup(the_longest_names_stay_json, set_up),
        cmocka_unit_test(names_are_found_whatever_their_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
