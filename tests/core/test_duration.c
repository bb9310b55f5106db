/* Lengths of time in words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/duration.h"

static void the_two_largest_units_are_told(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *text;
    } cases[] = {{0, "0 s"},
                 {59, "59 s"},
                 {60, "1 min"},
                 {61, "1 min 1 s"},
                 {3599, "59 min 59 s"},
                 {3600, "1 h"},
                 {3659, "1 h"},
                 {7800, "2 h 10 min"},
                 {86399, "23 h 59 min"},
                 {86400, "1 d"},
                 {90000, "1 d 1 h"},
                 {89999, "1 d"},
                 {UINT64_MAX, "213503982334601 d 7 h"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[DURATION_TEXT_SIZE];
        duration_to_text(cases[i].seconds, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_two_largest_units_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
