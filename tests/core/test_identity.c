#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/identity.h"

static void names_are_split_at_the_first_backslash_or_the_last_at_sign(void **state)
{
    (void)state;
    static const struct {
        const char16_t *name, *domain, *user;
    } cases[] = {
        {u"CONTOSO\\bob", u"CONTOSO", u"bob"},
        {u"bob", u"", u"bob"},
        {u"bob@contoso.com", u"contoso.com", u"bob"},
        {u"a\\b\\c", u"a", u"b\\c"},
        {u"a@b@c", u"c", u"a@b"},
        {u"CONTOSO\\bob@x", u"CONTOSO", u"bob@x"},
        {u"bob@x\\y", u"bob@x", u"y"},
        {u"\\bob", u"", u"bob"},
        {u"CONTOSO\\", u"CONTOSO", u""},
        {u"@contoso.com", u"contoso.com", u""},
        {u"bob@", u"", u"bob"},
        {u"", u"", u""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text domain, user;
        account_name_split(text_of(cases[i].name), &domain, &user);
        assert_true(text_equal(domain, text_of(cases[i].domain)));
        assert_true(text_equal(user, text_of(cases[i].user)));
    }
}

static void a_machine_is_who_ends_in_a_dollar_in_the_user_part(void **state)
{
    (void)state;
    static const char16_t *const machines[] = {u"MAIL01$", u"CONTOSO\\MAIL01$",
                                               u"mail01$@contoso.com", u"$"};
    static const char16_t *const others[] = {
        u"bob", u"CONTOSO\\bob", u"CONTOSO$\\bob", u"b$b", u"b@x$", u"", u"CONTOSO\\", u"$\\"};
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
        assert_true(account_name_is_machine(text_of(machines[i])));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(account_name_is_machine(text_of(others[i])));
    assert_false(account_name_is_machine(text_slice(TEXT_OF(u"$@x"), 1, 2))); /* before it */
}

static void patterns_mean_accounts_with_or_without_their_domain(void **state)
{
    (void)state;
    static const struct {
        const char16_t *pattern, *name;
        bool matches;
    } cases[] = {
        {u"bob", u"CONTOSO\\bob", true},
        {u"BOB", u"contoso\\bob", true},
        {u"bob", u"bob@contoso.com", true},
        {u"bob", u"bob", true},
        {u"bob", u"CONTOSO\\bobby", false},
        {u"bob", u"bob\\alice", false},
        {u"CONTOSO\\bob", u"contoso\\BOB", true},
        {u"CONTOSO\\bob", u"FABRIKAM\\bob", false},
        {u"CONTOSO\\bob", u"bob", false},
        {u"CONTOSO\\bob", u"bob@contoso", false},
        {u"bob@contoso.com", u"Bob@Contoso.com", true},
        {u"bob@contoso.com", u"CONTOSO\\bob", false},
        {u"svc-*", u"CONTOSO\\svc-scan", true},
        {u"svc-*", u"svc-\\bob", false},
        {u"svc-?", u"CONTOSO\\svc-1", true},
        {u"svc-?", u"CONTOSO\\svc-12", false},
        {u"CONTOSO\\*", u"CONTOSO\\anyone", true},
        {u"CONTOSO\\*", u"anyone", false},
        {u"*\\bob", u"CONTOSO\\bob", true},
        {u"*@contoso.com", u"anyone@contoso.com", true},
        {u"*", u"CONTOSO\\anyone", true},
        {u"", u"CONTOSO\\", true},
        {u"", u"bob", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(account_name_matches(text_of(cases[i].pattern), text_of(cases[i].name)),
                         cases[i].matches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_split_at_the_first_backslash_or_the_last_at_sign),
        cmocka_unit_test(a_machine_is_who_ends_in_a_dollar_in_the_user_part),
        cmocka_unit_test(patterns_mean_accounts_with_or_without_their_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
