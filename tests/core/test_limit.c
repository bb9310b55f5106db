#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "core/limit.h"

static const struct good_limit {
    const char16_t *text;
    struct limit limit;
    const char *shown;
} good_limits[] = {
    {u"50/10m", {LIMIT_SIGN_INS, 50, 600}, "50/10m"},
    {u"200/1h", {LIMIT_SIGN_INS, 200, 3600}, "200/1h"},
    {u"clients:8/10m", {LIMIT_CLIENTS, 8, 600}, "clients:8/10m"},
    {u"CLIENTS:8/10M", {LIMIT_CLIENTS, 8, 600}, "clients:8/10m"},
    {u" \t50/10m ", {LIMIT_SIGN_INS, 50, 600}, "50/10m"},
    {u"1/1", {LIMIT_SIGN_INS, 1, 1}, "1/1s"},
    {u"1/60", {LIMIT_SIGN_INS, 1, 60}, "1/1m"},
    {u"1/61s", {LIMIT_SIGN_INS, 1, 61}, "1/61s"},
    {u"1/90m", {LIMIT_SIGN_INS, 1, 5400}, "1/90m"},
    {u"1/24h", {LIMIT_SIGN_INS, 1, 86400}, "1/1d"},
    {u"clients:2/7d", {LIMIT_CLIENTS, 2, 604800}, "clients:2/7d"},
    {u"10000/604800", {LIMIT_SIGN_INS, 10000, 604800}, "10000/7d"},
    {u"clients:10000/604799s", {LIMIT_CLIENTS, 10000, 604799}, "clients:10000/604799s"},
};

static void limits_are_parsed_and_shown_in_the_largest_unit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_limits / sizeof good_limits[0]; i++) {
        const struct good_limit *good = &good_limits[i];
        struct limit limit;
        char shown[LIMIT_TEXT_SIZE];
        assert_true(limit_parse(text_of(good->text), &limit));
        assert_memory_equal(&limit, &good->limit, sizeof limit);
        limit_to_text(&limit, shown);
        assert_string_equal(shown, good->shown);
    }
}

static void what_is_shown_parses_to_the_same_limit(void **state)
{
    (void)state;
    for (uint32_t window = 1; window <= LIMIT_WINDOW_MAX; window += 1 + window / 7) {
        struct limit limit = {LIMIT_CLIENTS, 10000, window}, again;
        char shown[LIMIT_TEXT_SIZE];
        char16_t text[LIMIT_TEXT_SIZE];
        limit_to_text(&limit, shown);
        assert_true(text_from_utf8(text, LIMIT_TEXT_SIZE, shown, NULL));
        assert_true(limit_parse(text_of(text), &again));
        assert_memory_equal(&again, &limit, sizeof limit);
    }
}

static void what_is_no_limit_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char16_t *const bad[] = {u"",
                                          u"/",
                                          u"50",
                                          u"50/",
                                          u"/10m",
                                          u"0/10m",
                                          u"50/0",
                                          u"50/0m",
                                          u"-1/10m",
                                          u"50/-1",
                                          u"+5/10m",
                                          u"5.5/10m",
                                          u"10001/10m",
                                          u"50/8d",
                                          u"50/169h",
                                          u"50/604801",
                                          u"4294967297/10m",
                                          u"50/4294967297",
                                          u"50/71582789m",
                                          u"50 /10m",
                                          u"50/ 10m",
                                          u"50/10 m",
                                          u"50/10mm",
                                          u"50/10w",
                                          u"50/m",
                                          u"50/10m/1h",
                                          u"50/10m x",
                                          u"clients:1/10m",
                                          u"clients:0/10m",
                                          u"clients:10001/10m",
                                          u"clients: 8/10m",
                                          u"clients8/10m",
                                          u"client:8/10m",
                                          u"clients:",
                                          u"clients:clients:8/10m",
                                          u"\uff15\uff10/10m",
                                          u"0x32/10m"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct limit limit = {LIMIT_CLIENTS, 77, 99};
        assert_false(limit_parse(text_of(bad[i]), &limit));
        assert_true(limit.subject == LIMIT_CLIENTS && limit.count == 77 && limit.window == 99);
    }
    struct limit limit;
    assert_false(limit_parse((struct text){u"5\0/10m", 6}, &limit));
}

static void a_set_is_separated_by_commas_semicolons_or_nul(void **state)
{
    (void)state;
    static const struct text texts[] = {{u"50/10m,200/1h,clients:8/10m", 27},
                                        {u" 50/10m ; 200/1h;;clients:8/10m; ", 33},
                                        {u"50/10m\000200/1h\0clients:8/10m\0\0", 29}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct limit_set set;
        assert_true(limit_set_parse(texts[i], &set));
        assert_int_equal(set.count, 3);
        assert_memory_equal(&set.limits[0], &good_limits[0].limit, sizeof set.limits[0]);
        assert_memory_equal(&set.limits[1], &good_limits[1].limit, sizeof set.limits[0]);
        assert_memory_equal(&set.limits[2], &good_limits[2].limit, sizeof set.limits[0]);
        assert_int_equal(limit_set_longest(&set), 3600);
    }
}

static void the_same_limit_twice_counts_once(void **state)
{
    (void)state;
    struct limit_set set;
    assert_true(limit_set_parse(TEXT_OF(u"50/10m,50/600,clients:50/10m,50/601"), &set));
    assert_int_equal(set.count, 3);
}

static void a_set_with_one_wrong_limit_is_refused_whole(void **state)
{
    (void)state;
    struct limit_set set = {.count = 5};
    assert_false(limit_set_parse(TEXT_OF(u"50/10m,200"), &set));
    assert_false(limit_set_parse(TEXT_OF(u""), &set));
    assert_false(limit_set_parse(TEXT_OF(u" , ;"), &set));
    assert_false(limit_set_parse((struct text){NULL, 0}, &set));
    assert_int_equal(set.count, 5);
}

static void a_set_has_at_most_sixteen_limits(void **state)
{
    (void)state;
    const struct text sixteen =
        TEXT_OF(u"1/1,2/1,3/1,4/1,5/1,6/1,7/1,8/1,9/1,10/1,11/1,12/1,13/1,14/1,15/1,16/1");
    const struct text with_repeats =
        TEXT_OF(u"1/1,2/1,3/1,4/1,5/1,6/1,7/1,8/1,9/1,10/1,11/1,12/1,13/1,14/1,15/1,16/1,1/1,2/1");
    const struct text seventeen =
        TEXT_OF(u"1/1,2/1,3/1,4/1,5/1,6/1,7/1,8/1,9/1,10/1,11/1,12/1,13/1,14/1,15/1,16/1,17/1");
    struct limit_set set;
    assert_true(limit_set_parse(sixteen, &set));
    assert_int_equal(set.count, LIMIT_SET_MAX);
    assert_true(limit_set_parse(with_repeats, &set));
    assert_int_equal(set.count, LIMIT_SET_MAX);
    assert_false(limit_set_parse(seventeen, &set));
    assert_int_equal(limit_set_longest(&(struct limit_set){.count = 0}), 0);
}

static void sets_are_the_same_with_the_same_limits_in_the_same_order(void **state)
{
    (void)state;
    static const char16_t *const sets[] = {u"50/10m",         u"51/10m",        u"50/11m",
                                           u"clients:50/10m", u"50/10m,200/1h", u"200/1h,50/10m",
                                           u"50/10m,200/2h"};
    enum { SETS = sizeof sets / sizeof *sets };
    struct limit_set parsed[SETS];
    for (size_t i = 0; i < SETS; i++)
        assert_true(limit_set_parse(text_of(sets[i]), &parsed[i]));
    for (size_t i = 0; i < SETS; i++)
        for (size_t j = 0; j < SETS; j++)
            assert_int_equal(limit_set_same(&parsed[i], &parsed[j]), i == j);
    assert_int_equal(limit_set_longest(&parsed[4]), 3600);
    assert_int_equal(limit_set_longest(&parsed[5]), 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_parsed_and_shown_in_the_largest_unit),
        cmocka_unit_test(what_is_shown_parses_to_the_same_limit),
        cmocka_unit_test(what_is_no_limit_is_refused_and_changes_nothing),
        cmocka_unit_test(a_set_is_separated_by_commas_semicolons_or_nul),
        cmocka_unit_test(the_same_limit_twice_counts_once),
        cmocka_unit_test(a_set_with_one_wrong_limit_is_refused_whole),
        cmocka_unit_test(a_set_has_at_most_sixteen_limits),
        cmocka_unit_test(sets_are_the_same_with_the_same_limits_in_the_same_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
