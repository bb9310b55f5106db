/* What follows from what is remembered of a level and from how it stands now. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/raised_level.h"

enum { LEVELS = 9 };

static enum raised_step next(enum raised_state state, uint32_t before, uint32_t level)
{
    const struct raised_level remembered = {state, before};
    return raised_level_next(&remembered, level);
}

static void only_what_is_below_the_maximum_is_raised(void **state)
{
    (void)state;
    for (uint32_t level = 0; level < LEVELS; level++)
        assert_int_equal(next(RAISED_NEVER, 0, level),
                         level < 5 ? RAISED_STEP_RAISE : RAISED_STEP_NOTE_FOUND);
}

static void what_was_begun_is_brought_to_its_end(void **state)
{
    (void)state;
    for (uint32_t before = 0; before < 5; before++)
        for (uint32_t level = 0; level < LEVELS; level++)
            assert_int_equal(next(RAISED_BEGUN, before, level), level == before ? RAISED_STEP_RAISE
                                                                : level == 5
                                                                    ? RAISED_STEP_NOTE_DONE
                                                                    : RAISED_STEP_NOTE_CHANGED);
}

/* Also when it was set back to what it was before. */
static void what_somebody_changes_is_his(void **state)
{
    (void)state;
    for (uint32_t before = 0; before < 5; before++)
        for (uint32_t level = 0; level < LEVELS; level++) {
            assert_int_equal(next(RAISED_DONE, before, level),
                             level == 5 ? RAISED_STEP_NONE : RAISED_STEP_NOTE_CHANGED);
            assert_int_equal(next(RAISED_CHANGED, before, level), RAISED_STEP_NONE);
        }
}

static void what_was_high_enough_is_not_raised_when_it_is_lowered(void **state)
{
    (void)state;
    for (uint32_t level = 0; level < LEVELS; level++)
        assert_int_equal(next(RAISED_FOUND, 5, level),
                         level < 5 ? RAISED_STEP_NOTE_CHANGED : RAISED_STEP_NONE);
}

static void only_what_was_set_may_be_put_back(void **state)
{
    (void)state;
    for (int s = RAISED_NEVER; s <= RAISED_CHANGED; s++)
        for (uint32_t level = 0; level < LEVELS; level++) {
            const struct raised_level remembered = {(enum raised_state)s, 1};
            assert_int_equal(raised_level_is_ours(&remembered, level),
                             level == 5 && (s == RAISED_BEGUN || s == RAISED_DONE));
        }
}

static void it_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (int s = RAISED_FOUND; s <= RAISED_CHANGED; s++)
        for (uint32_t before = 0; before <= 5; before++) {
            char16_t text[RAISED_TEXT_MAX];
            if (before == 5 ? s != RAISED_FOUND && s != RAISED_CHANGED : s == RAISED_FOUND)
                continue;
            const struct raised_level written = {(enum raised_state)s, before};
            struct raised_level read = {0};
            size_t count = raised_level_to_text(&written, text);
            assert_int_equal(text_of(text).count, count);
            assert_true(raised_level_from_text(&read, text_of(text)));
            assert_int_equal(read.state, s);
            assert_int_equal(read.before, before);
        }
}

static void an_administrator_may_read_it(void **state)
{
    (void)state;
    static const struct {
        struct raised_level level;
        const char16_t *text;
    } cases[] = {{{RAISED_FOUND, 5}, u"found at 5"},
                 {{RAISED_BEGUN, 0}, u"raising from 0"},
                 {{RAISED_DONE, 3}, u"raised from 3"},
                 {{RAISED_CHANGED, 4}, u"changed since; it was at 4"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char16_t text[RAISED_TEXT_MAX];
        raised_level_to_text(&cases[i].level, text);
        assert_true(text_equal(text_of(text), text_of(cases[i].text)));
    }
}

static void what_makes_no_sense_is_not_taken(void **state)
{
    (void)state;
    static const char16_t *const texts[] = {
        u"",
        u"raised from ",
        u"raised from 5",
        u"raising from 5",
        u"found at 4",
        u"found at 6",
        u"changed since; it was at 6",
        u"raised from 7",
        u"raised from -1",
        u"raised from 4294967296",
        u"raised from 0 ",
        u"raised from x",
        u"Raised from 0",
        u"raise",
        u" raised from 0",
        u"0",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct raised_level read = {RAISED_BEGUN, 4};
        assert_false(raised_level_from_text(&read, text_of(texts[i])));
        assert_int_equal(read.state, RAISED_BEGUN);
        assert_int_equal(read.before, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_below_the_maximum_is_raised),
        cmocka_unit_test(what_was_begun_is_brought_to_its_end),
        cmocka_unit_test(what_somebody_changes_is_his),
        cmocka_unit_test(what_was_high_enough_is_not_raised_when_it_is_lowered),
        cmocka_unit_test(only_what_was_set_may_be_put_back),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(an_administrator_may_read_it),
        cmocka_unit_test(what_makes_no_sense_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
