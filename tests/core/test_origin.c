/* From which computers sign-ins count. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/settings.h"

static bool counts(const char16_t *name, const char16_t *computer)
{
    struct origin_rule rule = {.count = 0};

    origin_rule_add(&rule, text_of(name));
    return origin_counts(&rule, text_of(computer));
}

static void a_name_stands_for_its_computer(void **state)
{
    (void)state;
    assert_true(counts(u"MAIL1", u"MAIL1"));
    assert_true(counts(u"MAIL1", u"mail1"));
    assert_true(counts(u"MAIL1", u"mail1.contoso.com"));
    assert_false(counts(u"MAIL1", u"MAIL12"));
    assert_false(counts(u"MAIL1", u"MAIL"));
    assert_false(counts(u"MAIL1", u"x.mail1"));
    assert_false(counts(u"MAIL1", u".mail1"));
    assert_true(counts(u"mail1.contoso.com", u"MAIL1.CONTOSO.COM"));
    assert_false(counts(u"mail1.contoso.com", u"mail1"));
    assert_false(counts(u"mail1.contoso.com", u"mail1.fabrikam.com"));
}

static void without_names_any_counts(void **state)
{
    const struct origin_rule rule = {.count = 0};

    (void)state;
    assert_true(origin_counts(&rule, TEXT_OF(u"PC7")));
}

/* What cannot be told must not lose a real sign-in. */
static void a_record_without_a_name_counts(void **state)
{
    (void)state;
    assert_true(counts(u"MAIL1", u""));
}

static void names_beyond_the_room_are_dropped(void **state)
{
    struct origin_rule rule = {.count = 0};

    (void)state;
    for (int i = 0; i < ORIGIN_NAMES_MAX; i++) {
        origin_rule_add(&rule, TEXT_OF(u"MAIL1"));
    }
    origin_rule_add(&rule, TEXT_OF(u"MAIL2"));
    assert_int_equal(rule.count, ORIGIN_NAMES_MAX);
    assert_false(origin_counts(&rule, TEXT_OF(u"MAIL2")));
}

static bool under(const char16_t *channel, const char16_t *computers, size_t own_count,
                  const char16_t *computer)
{
    static struct settings settings;
    const struct text own[] = {TEXT_OF(u"EXCHANGE-SERVER"), TEXT_OF(u"exchange-server-1")};
    struct origin_rule rule;

    settings_defaults(&settings);
    assert_true(settings_set(&settings, setting_find(TEXT_OF(u"Channel")), text_of(channel)));
    assert_true(settings_set(&settings, setting_find(TEXT_OF(u"Computers")), text_of(computers)));
    settings_for_origins(&settings, own, own_count, &rule);
    return origin_counts(&rule, text_of(computer));
}

static void a_log_of_its_own_is_of_this_computer(void **state)
{
    (void)state;
    assert_true(under(u"application", u"", 2, u"EXCHANGE-SERVER")); /* NetBIOS: 15 characters */
    assert_true(under(u"Application", u"", 2, u"Exchange-Server-1.contoso.com"));
    assert_false(under(u"Application", u"", 2, u"PC7"));
    assert_true(under(u"Application", u"NODE2", 2, u"node2"));
    assert_true(under(u"Application", u"NODE2", 2, u"EXCHANGE-SERVER"));
    assert_false(under(u"Application", u"NODE2", 2, u"PC7"));
    assert_true(under(u"Application", u"NODE2,*", 2, u"PC7"));
    assert_true(under(u"Application", u"*", 2, u"PC7"));
}

static void a_collectors_log_is_of_any_unless_some_are_named(void **state)
{
    (void)state;
    assert_true(under(u"ForwardedEvents", u"", 2, u"PC7"));
    assert_false(under(u"ForwardedEvents", u"MAIL1,MAIL2", 2, u"PC7"));
    assert_true(under(u"ForwardedEvents", u"MAIL1,MAIL2", 2, u"mail2.contoso.com"));
}

/* As in a replay. */
static void whose_log_nobody_knows_is_of_any_unless_some_are_named(void **state)
{
    (void)state;
    assert_true(under(u"Application", u"", 0, u"PC7"));
    assert_false(under(u"Application", u"MAIL1", 0, u"PC7"));
    assert_true(under(u"Application", u"MAIL1", 0, u"MAIL1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_stands_for_its_computer),
        cmocka_unit_test(without_names_any_counts),
        cmocka_unit_test(a_record_without_a_name_counts),
        cmocka_unit_test(names_beyond_the_room_are_dropped),
        cmocka_unit_test(a_log_of_its_own_is_of_this_computer),
        cmocka_unit_test(a_collectors_log_is_of_any_unless_some_are_named),
        cmocka_unit_test(whose_log_nobody_knows_is_of_any_unless_some_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
