/* How a wrong command line is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "app/usage.h"
#include "output.h"

static struct output output;

static int unknown(int count, char **arguments)
{
    (void)count;
    return usage_unknown(arguments[0]);
}

static void assert_answer(const char *name, const char *shown)
{
    char expected[256];
    snprintf(expected, sizeof expected, "relaylock: there is no verb \"%s\". See: relaylock help\n",
             shown);
    output_of(&output, unknown, (const char *[]){name, NULL});
    assert_int_equal(output.status, EXIT_USAGE);
    assert_string_equal(output.err, expected);
    assert_string_equal(output.out, "");
}

static void a_verb_there_is_not_is_named(void **state)
{
    (void)state;
    assert_answer("queues", "queues");
    assert_answer("", "");
    assert_answer("b\xc3\xb6\x62", "b\xc3\xb6\x62");
}

static void and_shown_as_what_it_is(void **state)
{
    (void)state;
    assert_answer("\x1b[2Jdoctor\r\n", "{U+001B}[2Jdoctor{U+000D}{U+000A}");
    assert_answer("\xe2\x80\xaerotcod", "{U+202E}rotcod"); /* right to left */
    assert_answer("%s%n", "{U+0025}s{U+0025}n");
    assert_answer("a\xff", "a?"); /* no UTF-8 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verb_there_is_not_is_named),
        cmocka_unit_test(and_shown_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
