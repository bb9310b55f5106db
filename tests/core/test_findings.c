/* The doctor's findings: kept, counted, printed for people and for programs. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "app/findings.h"
#include "json_check.h"
#include "output.h"

static struct findings findings;
static struct output output;

static int set_up(void **state)
{
    (void)state;
    memset(&findings, 0, sizeof findings);
    return 0;
}

static int print_text(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    findings_print(&findings, 0, stdout);
    findings_print_sum(&findings, stdout);
    return 0;
}

static int print_json(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    findings_print_json(&findings, stdout);
    return 0;
}

static const char *printed(int (*print)(int, char **))
{
    static const char *const arguments[] = {"doctor", NULL};
    output_of(&output, print, arguments);
    return output.out;
}

static void add_three(void)
{
    findings_add(&findings, "one", FINDING_OK, "all %s", "good");
    findings_add(&findings, "two", FINDING_WARNING, "odd %d", 7);
    findings_step(&findings, "Look at %s.", "it");
    findings_add(&findings, "three", FINDING_PROBLEM, "bad");
    findings_command(&findings, "mend /v \"%s\"", "x y");
}

static void text_names_states_and_cures(void **state)
{
    (void)state;
    add_three();
    assert_string_equal(printed(print_text), "ok       one            all good\n"
                                             "WARNING  two            odd 7\n"
                                             "                        Look at it.\n"
                                             "PROBLEM  three          bad\n"
                                             "                        > mend /v \"x y\"\n"
                                             "\n1 problem, 1 warning.\n");
    assert_int_equal(findings_worst(&findings), 2);
}

static void the_sum_counts(void **state)
{
    (void)state;
    findings_add(&findings, "one", FINDING_OK, "good");
    assert_int_equal(findings_worst(&findings), 0);
    assert_non_null(strstr(printed(print_text), "\n\nAll is well.\n"));
    findings_add(&findings, "two", FINDING_WARNING, "odd");
    findings_add(&findings, "two", FINDING_WARNING, "odd");
    assert_int_equal(findings_worst(&findings), 1);
    assert_non_null(strstr(printed(print_text), "\n\n2 warnings.\n"));
    findings_add(&findings, "three", FINDING_PROBLEM, "bad");
    findings_add(&findings, "three", FINDING_PROBLEM, "bad");
    assert_non_null(strstr(printed(print_text), "\n\n2 problems, 2 warnings.\n"));
    assert_int_equal(findings_count(&findings, FINDING_OK), 1);
}

/* Broken between words at 100 columns of characters, not of bytes; a command never is. */
static void long_texts_are_wrapped(void **state)
{
    (void)state;
    char words[FINDING_TEXT_MAX] = "", command[201];
    for (int i = 0; i < 20; i++)
        strcat(words, i > 0 ? " b\xc3\xb6s\xc3\xb6s" : "b\xc3\xb6s\xc3\xb6s");
    memset(command, 'c', 200);
    command[200] = '\0';
    findings_add(&findings, "long", FINDING_PROBLEM, "%s", words);
    findings_command(&findings, "%s x", command);
    const char *text = printed(print_text);
    const char *second = strchr(text, '\n') + 1;
    /* 76 columns: 12 words of 5 and 11 spaces are 71, one more would be 77. */
    assert_int_equal(second - text, 24 + 12 * 7 + 11 + 1);
    assert_memory_equal(second, "                        b\xc3\xb6s", 28);
    assert_non_null(strstr(text, "\n                        > cccc"));
    assert_non_null(strstr(text, "cccc x\n"));
}

/* Cut at the end of a character: U+00F6 has two bytes. */
static void too_long_texts_end_in_dots(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 2; lead++) {
        char text[2 * FINDING_TEXT_MAX + 2] = "";
        memset(text, 'x', lead);
        for (size_t i = lead; i + 1 < 2 * FINDING_TEXT_MAX; i += 2)
            memcpy(text + i, "\xc3\xb6", 3);
        memset(&findings, 0, sizeof findings);
        findings_add(&findings, "long", FINDING_WARNING, "%s", text);
        findings_step(&findings, "%s", text);
        const char *found = findings.at[0].found;
        size_t length = strlen(found);
        assert_true(length >= FINDING_TEXT_MAX - 3 && length < FINDING_TEXT_MAX);
        assert_string_equal(found + length - 5, "\xc3\xb6...");
        assert_string_equal(findings.at[0].mend, found);
        assert_true(json_check(printed(print_json)));
    }
}

static void a_full_list_takes_no_more(void **state)
{
    (void)state;
    static struct findings more;
    memset(&more, 0, sizeof more);
    for (int i = 0; i < FINDINGS_MAX - 1; i++)
        findings_add(&findings, "some", FINDING_OK, "%d", i);
    for (int i = 0; i < 3; i++)
        findings_add(&more, "more", FINDING_PROBLEM, "%d", i);
    findings_append(&findings, &more);
    assert_int_equal(findings.count, FINDINGS_MAX);
    assert_string_equal(findings.at[FINDINGS_MAX - 1].found, "0");
    findings_add(&findings, "one more", FINDING_OK, "x");
    assert_int_equal(findings.count, FINDINGS_MAX);
}

static void json_is_versioned_and_whole(void **state)
{
    (void)state;
    add_three();
    findings_add(&findings, "four", FINDING_OK, "\"quoted\" C:\\x \xc3\xb6");
    const char *json = printed(print_json);
    assert_true(json_check(json));
    assert_string_equal(
        json, "{\"version\":1,\"state\":\"problem\",\"problems\":1,\"warnings\":1,\"checks\":[\n"
              "{\"check\":\"one\",\"state\":\"ok\",\"found\":\"all good\",\"command\":null,"
              "\"step\":null},\n"
              "{\"check\":\"two\",\"state\":\"warning\",\"found\":\"odd 7\",\"command\":null,"
              "\"step\":\"Look at it.\"},\n"
              "{\"check\":\"three\",\"state\":\"problem\",\"found\":\"bad\","
              "\"command\":\"mend /v \\\"x y\\\"\",\"step\":null},\n"
              "{\"check\":\"four\",\"state\":\"ok\",\"found\":\"\\\"quoted\\\" C:\\\\x \xc3\xb6\","
              "\"command\":null,\"step\":null}]}\n");
    memset(&findings, 0, sizeof findings);
    assert_string_equal(printed(print_json), "{\"version\":1,\"state\":\"ok\",\"problems\":0,"
                                             "\"warnings\":0,\"checks\":[]}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(text_names_states_and_cures, set_up),
        cmocka_unit_test_setup(the_sum_counts, set_up),
        cmocka_unit_test_setup(long_texts_are_wrapped, set_up),
        cmocka_unit_test_setup(too_long_texts_end_in_dots, set_up),
        cmocka_unit_test_setup(a_full_list_takes_no_more, set_up),
        cmocka_unit_test_setup(json_is_versioned_and_whole, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
