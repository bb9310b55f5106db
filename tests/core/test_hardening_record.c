/* What is remembered of a changed setting, as text and back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/hardening_record.h"

static void assert_text(const struct hardening_record *record, struct text expected)
{
    char16_t text[HARDENING_TEXT_MAX];
    struct hardening_record back;
    size_t count = hardening_record_to_text(record, text);
    assert_int_equal(count, expected.count);
    assert_memory_equal(text, expected.at, (count + 1) * sizeof *text);
    memset(&back, 0, sizeof back);
    assert_true(hardening_record_from_text(&back, expected));
    assert_true(back.known);
    assert_int_equal(back.begun, record->begun);
    assert_int_equal(back.existed, record->existed);
    assert_int_equal(back.before, record->before);
    assert_int_equal(back.after, record->after);
    assert_true(text_equal(text_of(back.account), text_of(record->account)));
    assert_true(text_equal(text_of(back.server), text_of(record->server)));
}

static void each_kind_reads_as_it_was_written(void **state)
{
    struct hardening_record record = {.known = true, .after = 5};
    (void)state;
    assert_text(&record, TEXT_OF(u"set from nothing to 5"));
    record = (struct hardening_record){.known = true, .existed = true, .after = 4294967295};
    assert_text(&record, TEXT_OF(u"set from 0 to 4294967295"));
    record = (struct hardening_record){.known = true,
                                       .existed = true,
                                       .before = 513,
                                       .after = 515,
                                       .account = u"S-1-5-21-1-2-3-501",
                                       .server = u"\\\\DC1"};
    assert_text(&record, TEXT_OF(u"set from 513 to 515 of S-1-5-21-1-2-3-501 on \\\\DC1"));
    memcpy(record.server, u"X", sizeof u"X");
    assert_text(&record, TEXT_OF(u"set from 513 to 515 of S-1-5-21-1-2-3-501 on X"));
    record = (struct hardening_record){.known = true, .existed = true, .before = 10, .after = 19};
    assert_text(&record, TEXT_OF(u"set from 10 to 19"));
    record = (struct hardening_record){.known = true,
                                       .begun = true,
                                       .existed = true,
                                       .before = 513,
                                       .account = u"S-1-5-21-1-2-3-501"};
    assert_text(&record, TEXT_OF(u"setting from 513 of S-1-5-21-1-2-3-501 on this computer"));
}

static void the_longest_fits(void **state)
{
    struct hardening_record record = {
        .known = true, .begun = false, .existed = true, .before = 4294967295, .after = 4294967295};
    char16_t text[HARDENING_TEXT_MAX];
    struct hardening_record back;
    (void)state;
    for (size_t i = 0; i < SID_TEXT_SIZE - 1; i++)
        record.account[i] = u'9';
    for (size_t i = 0; i < HARDENING_SERVER_MAX - 1; i++)
        record.server[i] = u's';
    size_t count = hardening_record_to_text(&record, text);
    assert_true(hardening_record_from_text(&back, (struct text){text, count}));
    assert_memory_equal(back.account, record.account, sizeof back.account);
    assert_memory_equal(back.server, record.server, sizeof back.server);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct text wrong[] = {
        {u"", 0},
        {u"set", 3},
        {u"Set from 1 to 2", 15},
        {u"set from  to 5", 14},
        {u"set from 1", 10},
        {u"set from -1 to 5", 16},
        {u"set from 1 to ", 14},
        {u"set from 1 to 4294967296", 24},
        {u"set from 1 to 5 ", 16},
        {u"set from 1 to 5 of ", 19},
        {u"set from 1 to 5 of S-1", 22},
        {u"set from 1 to 5 of S-1 on ", 26},
        {u"setting from 1 to 5", 19},
        {u"set from 1 to 5\0", 16},
        {u"set from 1 to 5 of \0S on \\\\DC1", 30},
        {u"set from 1 to 5 of S on \\\\DC1\0x", 31},
    };
    struct hardening_record record = {.before = 42};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(hardening_record_from_text(&record, wrong[i]));
    assert_int_equal(record.before, 42);
    assert_false(record.known);
}

static void names_that_are_too_long_are_refused(void **state)
{
    char16_t text[2 * HARDENING_TEXT_MAX] = u"set from 1 to 5 of S on ";
    const size_t count = 24;
    struct hardening_record record = {.before = 42};
    (void)state;
    for (size_t i = count; i < count + HARDENING_SERVER_MAX; i++)
        text[i] = u's';
    assert_true(
        hardening_record_from_text(&record, (struct text){text, count + HARDENING_SERVER_MAX - 1}));
    assert_false(
        hardening_record_from_text(&record, (struct text){text, count + HARDENING_SERVER_MAX}));
    for (size_t i = 19; i < 19 + SID_TEXT_SIZE; i++)
        text[i] = u'9';
    memcpy(text + 19 + SID_TEXT_SIZE, u" on x", 5 * sizeof *text);
    assert_false(hardening_record_from_text(&record, (struct text){text, 19 + SID_TEXT_SIZE + 5}));
    assert_true(hardening_record_from_text(
        &record,
        (struct text){memmove(text + 1, text, 19 * sizeof *text), 18 + SID_TEXT_SIZE + 5}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_reads_as_it_was_written),
        cmocka_unit_test(the_longest_fits),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(names_that_are_too_long_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
