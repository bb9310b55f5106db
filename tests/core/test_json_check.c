/* The checker that the writers of JSON are held against must itself tell good from bad. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "json_check.h"

static void test_good(void **state)
{
    static const char *const good[] = {"0",    " -12.5e+3 ",
                                       "\"\"", "\"a\\\"\\u00e9\\n\xc3\xa9\xf0\x9f\x98\x80\"",
                                       "[]",   "[1, [true,false] ,null]",
                                       "{}",   "{\"a\":{\"a\":1},\"b\":[{}]}\n"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!json_check(good[i])) {
            fail_msg("refused: %s", good[i]);
        }
    }
}

static void test_bad(void **state)
{
    static const char *const bad[] = {"",
                                      "01",
                                      "1.",
                                      "+1",
                                      "tru",
                                      "\"a",
                                      "\"a\nb\"",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "\"\xc3\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\xc0\x80\"",
                                      "\"\xf4\x90\x80\x80\"",
                                      "[1,]",
                                      "[1 2]",
                                      "[1",
                                      "{\"a\"}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\":1,\"a\":2}",
                                      "{} {}",
                                      "\"a\" b"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (json_check(bad[i])) {
            fail_msg("taken: %s", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
