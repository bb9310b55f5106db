/* Whether a log has room, how far it reaches back, and whether Exchange logs enough. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "core/diagnostic_levels.h"
#include "core/log_capacity.h"

enum { NOW = 1262304000, HOUR = 3600, DAY = 86400 };

static struct log_facts keeping(uint64_t size)
{
    return (struct log_facts){.size = size,
                              .max_size = 1000000,
                              .retention = LOG_KEEPS,
                              .keeps_for = UINT32_MAX,
                              .oldest_time = NOW - 30 * DAY};
}

static void a_log_that_keeps_its_events_is_full_from_nine_tenths_on(void **state)
{
    (void)state;
    struct log_facts facts = keeping(899999);
    assert_false(log_is_full(&facts, NOW));
    facts.size = 900000;
    assert_true(log_is_full(&facts, NOW));
    facts.empty = true; /* a file that was not made smaller when it was cleared */
    assert_false(log_is_full(&facts, NOW));
    facts = keeping(900000);
    facts.max_size = 0;
    assert_false(log_is_full(&facts, NOW));
    facts.full = true;
    assert_true(log_is_full(&facts, NOW));
}

static void one_that_overwrites_or_archives_is_never_full(void **state)
{
    (void)state;
    struct log_facts facts = keeping(1000000);
    facts.retention = LOG_OVERWRITES;
    assert_false(log_is_full(&facts, NOW));
    facts.retention = LOG_ARCHIVES;
    assert_false(log_is_full(&facts, NOW));
}

static void events_that_are_old_enough_make_room(void **state)
{
    (void)state;
    struct log_facts facts = keeping(1000000);
    facts.keeps_for = 7 * DAY;
    facts.oldest_time = NOW - 7 * DAY + 1;
    assert_true(log_is_full(&facts, NOW));
    facts.oldest_time = NOW - 7 * DAY;
    assert_false(log_is_full(&facts, NOW));
}

static void a_log_that_went_round_reaches_to_its_oldest_event(void **state)
{
    (void)state;
    uint32_t seconds;
    struct log_facts facts = {.size = 1000, .max_size = 1000, .oldest_time = NOW - 2 * HOUR};
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 2 * HOUR);
    facts.oldest_time = NOW; /* all of it of this second */
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 0);
    facts.oldest_time = NOW - 2 * HOUR;
    facts.size = 5000; /* above its largest size, which was lowered */
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 2 * HOUR);
}

static void one_that_still_grows_is_held_against_its_rate(void **state)
{
    (void)state;
    uint32_t seconds = 1;
    struct log_facts facts = {.size = 250, .max_size = 1000, .oldest_time = NOW - 2 * HOUR};
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 8 * HOUR);
    facts.size = 125;
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 16 * HOUR);
    facts.size = 124;
    assert_false(log_reach(&facts, NOW, &seconds));
    facts = (struct log_facts){.size = 500, .max_size = 1000, .oldest_time = -3000000000};
    assert_true(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, UINT32_MAX);
}

static void what_cannot_be_known_is_not_said(void **state)
{
    (void)state;
    uint32_t seconds = 77;
    struct log_facts facts = {.size = 1000, .max_size = 1000, .oldest_time = NOW + 1};
    assert_false(log_reach(&facts, NOW, &seconds));
    facts.oldest_time = NOW - HOUR;
    facts.empty = true;
    assert_false(log_reach(&facts, NOW, &seconds));
    facts.empty = false;
    facts.max_size = 0;
    assert_false(log_reach(&facts, NOW, &seconds));
    facts.max_size = 1000;
    facts.retention = LOG_KEEPS;
    assert_false(log_reach(&facts, NOW, &seconds));
    assert_int_equal(seconds, 77);
    facts.retention = LOG_ARCHIVES;
    assert_true(log_reach(&facts, NOW, &seconds));
}

/* ---- diagnostic levels ----------------------------------------------------------------------- */

static struct diagnostic_levels levels;

static void add(const char16_t *name, uint32_t level)
{
    diagnostic_levels_add(&levels, text_of(name), level);
}

static void categories_are_known_by_the_end_of_their_names(void **state)
{
    (void)state;
    memset(&levels, 0, sizeof levels);
    add(u"1 Routing Engine/Service", 0);
    add(u"9 Authentication", 1);
    add(u"smtp protocol", 3);
    add(u"9005 SMTP PROTOCOL ", 0);
    add(u"7 SMTP Protocol Sinks", 5);
    add(u"7 NotAuthentication", 5);
    add(u"Protocol", 5);
    add(u"", 5);
    assert_int_equal(levels.count, 3);
    assert_true(text_equal(text_of(levels.at[0].name), TEXT_OF(u"9 Authentication")));
    assert_true(text_equal(text_of(levels.at[1].name), TEXT_OF(u"smtp protocol")));
    assert_true(text_equal(text_of(levels.at[2].name), TEXT_OF(u"9005 SMTP PROTOCOL ")));
    assert_int_equal(diagnostic_levels_highest(&levels), 3);
}

static void too_low_is_when_neither_is_at_the_maximum(void **state)
{
    (void)state;
    memset(&levels, 0, sizeof levels);
    assert_false(diagnostic_levels_too_low(&levels)); /* nothing is known */
    levels.at[0].level = 7;                           /* of no value that was found */
    assert_int_equal(diagnostic_levels_highest(&levels), 0);
    add(u"7 SMTP Protocol", 4);
    assert_int_equal(diagnostic_levels_highest(&levels), 4);
    assert_true(diagnostic_levels_too_low(&levels));
    add(u"9 Authentication", 5);
    assert_false(diagnostic_levels_too_low(&levels));
    levels.at[1].level = 7; /* field engineering */
    assert_false(diagnostic_levels_too_low(&levels));
    levels.at[1].level = 0;
    assert_true(diagnostic_levels_too_low(&levels));
}

static void more_than_a_few_are_passed_over(void **state)
{
    (void)state;
    char16_t name[300];
    memset(&levels, 0, sizeof levels);
    for (size_t i = 0; i < 300; i++)
        name[i] = u'x';
    memcpy(name + 300 - 15, u" SMTP Protocol", sizeof u" SMTP Protocol");
    for (int i = 0; i < 10; i++)
        add(name, 5);
    assert_int_equal(levels.count, DIAGNOSTIC_LEVELS_MAX);
    assert_int_equal(text_of(levels.at[0].name).count, DIAGNOSTIC_NAME_MAX - 1);
}

static void levels_have_the_words_of_exchange(void **state)
{
    (void)state;
    static const char *const expected[] = {"0 (None)", "1 (Minimum)", "2", "3 (Medium)",
                                           "4",        "5 (Maximum)", "6", "7 (Field Engineering)",
                                           "8"};
    char text[DIAGNOSTIC_LEVEL_TEXT_SIZE];
    for (uint32_t level = 0; level < sizeof expected / sizeof expected[0]; level++) {
        diagnostic_level_to_text(level, text);
        assert_string_equal(text, expected[level]);
    }
    diagnostic_level_to_text(UINT32_MAX, text);
    assert_string_equal(text, "4294967295");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_that_keeps_its_events_is_full_from_nine_tenths_on),
        cmocka_unit_test(one_that_overwrites_or_archives_is_never_full),
        cmocka_unit_test(events_that_are_old_enough_make_room),
        cmocka_unit_test(a_log_that_went_round_reaches_to_its_oldest_event),
        cmocka_unit_test(one_that_still_grows_is_held_against_its_rate),
        cmocka_unit_test(what_cannot_be_known_is_not_said),
        cmocka_unit_test(categories_are_known_by_the_end_of_their_names),
        cmocka_unit_test(too_low_is_when_neither_is_at_the_maximum),
        cmocka_unit_test(more_than_a_few_are_passed_over),
        cmocka_unit_test(levels_have_the_words_of_exchange),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
