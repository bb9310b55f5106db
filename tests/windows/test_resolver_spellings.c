/* Names that are spelled otherwise than Windows looks them up, and that IIS signs in all the same:
 * whoever chose such a one would be counted, and never locked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "resolver_scene.h"

static void a_slash_is_as_good_as_a_backslash(void **state)
{
    (void)state;
    assert_int_equal(find(u"CONTOSO/bob"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
    assert_int_equal(find(u"contoso.example/alice"), IDENTITY_USER);
    assert_found(&fake.users[3], u"CONTOSO\\alice");
    assert_int_equal(find(u"EXCH1/bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
}

static void behind_a_second_one_is_an_alias(void **state)
{
    (void)state;
    assert_int_equal(find(u"CONTOSO/bob/robert.smith"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
    assert_int_equal(find(u"CONTOSO/bob//"), IDENTITY_USER);
}

static void where_the_domain_stands_otherwise_it_is_of_the_name(void **state)
{
    static const char16_t *const names[] = {u"CONTOSO\\bob/x", u"bob/x@contoso.example", u"/bob",
                                            u"bob/", u"/"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(find(names[i]), IDENTITY_UNRESOLVED);
        assert_nobody(names[i]);
    }
}

/* Whatever domain bare names are of. */
static void a_dot_is_this_computer(void **state)
{
    (void)state;
    wcscpy(fake.logon_domains.names[fake.logon_domains.count++], L"CONTOSO");
    assert_int_equal(find(u".\\bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"./bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u".\\administrator"), IDENTITY_PROTECTED);
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
    assert_int_equal(find(u".\\nobody"), IDENTITY_UNRESOLVED);
    assert_nobody(u".\\nobody");
}

/* As of bang paths and routes; to Windows they are letters like others. */
static void a_percent_sign_and_a_bang_mean_nothing(void **state)
{
    static const char16_t *const names[] = {u"bob%contoso", u"contoso!bob", u"%bob%"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(find(names[i]), IDENTITY_UNRESOLVED);
        assert_nobody(names[i]);
    }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, resolver_scene_set_up, resolver_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slash_is_as_good_as_a_backslash),
        TEST(behind_a_second_one_is_an_alias),
        TEST(where_the_domain_stands_otherwise_it_is_of_the_name),
        TEST(a_dot_is_this_computer),
        TEST(a_percent_sign_and_a_bang_mean_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
