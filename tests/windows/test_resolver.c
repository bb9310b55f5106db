/* What names stand for, as the resolver is told by the fake directory; and its start. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "resolver_scene.h"

/* ---- kinds and names ------------------------------------------------------------------------ */

static void all_spellings_are_one_account(void **state)
{
    (void)state;
    static const char16_t *const spellings[] = {
        u"CONTOSO\\bob",        u"contoso\\BOB",        u"Contoso\\Bob",
        u"bob@contoso.example", u"BOB@CONTOSO.EXAMPLE", u"contoso.example\\bob",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_int_equal(find(spellings[i]), IDENTITY_USER);
        assert_found(bob, u"CONTOSO\\bob");
    }
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 3); /* letters do not matter to the cache */
}

static void a_bare_name_is_this_computers_before_the_domains(void **state)
{
    (void)state;
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"EXCH1\\bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"alice"), IDENTITY_USER);
    assert_found(&fake.users[3], u"CONTOSO\\alice");
}

static void protected_are_rid_500_and_the_own_account(void **state)
{
    (void)state;
    assert_int_equal(find(u"administrator"), IDENTITY_PROTECTED);
    assert_true(text_equal(identity.name, text_of(u"EXCH1\\Administrator")));
    assert_int_equal(find(u"CONTOSO\\chef"), IDENTITY_PROTECTED); /* renamed */
    assert_int_equal(find(u"svc-relaylock@contoso.example"), IDENTITY_PROTECTED);
    assert_found(service_account, u"CONTOSO\\svc-relaylock");
    fake_add_user(contoso, L"Administrator", 1300); /* only called so */
    assert_int_equal(find(u"CONTOSO\\Administrator"), IDENTITY_USER);
}

static void machines_are_machines(void **state)
{
    (void)state;
    assert_int_equal(find(u"CONTOSO\\exch1$"), IDENTITY_MACHINE);
    assert_true(text_equal(identity.name, text_of(u"CONTOSO\\EXCH1$")));
}

static void what_is_no_user_stays_unresolved(void **state)
{
    (void)state;
    static const char16_t *const names[] = {
        u"CONTOSO\\Sales",
        u"CONTOSO",
        u"EXCH1",
        u"SYSTEM",
        u"NT AUTHORITY\\SYSTEM",
        u"Administratoren",
        u"CONTOSO\\nobody",
        u"NOWHERE\\bob",
        u"bob@nowhere",
        u"\\",
        u"@",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        find(names[i]);
        assert_nobody(names[i]);
    }
    assert_false(late_was_signalled(0));
}

static void hopeless_names_are_not_asked(void **state)
{
    (void)state;
    static char16_t lengthy[RESOLVER_NAME_MAX + 1];
    for (size_t i = 0; i <= RESOLVER_NAME_MAX; i++)
        lengthy[i] = u'b';
    const struct text names[] = {
        {lengthy, 0}, {NULL, 0}, {lengthy, RESOLVER_NAME_MAX + 1}, {u"bob\0x", 5}, {u"\0", 1}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        resolver_find(resolver, names[i], NULL, canonical, &identity);
        assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
        assert_int_equal(identity.name.count, names[i].count);
    }
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 0);
    resolver_find(resolver, (struct text){lengthy, RESOLVER_NAME_MAX}, NULL, canonical, &identity);
    assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 1);
}

static void a_name_need_not_be_terminated(void **state)
{
    (void)state;
    const struct text name = text_slice(text_of(u"CONTOSO\\bobby tables"), 0, 11);
    resolver_find(resolver, name, NULL, canonical, &identity);
    assert_found(bob, u"CONTOSO\\bob");
}

static void an_account_whose_name_does_not_fit_is_unresolved(void **state)
{
    (void)state;
    fake_add_user(contoso, L"fifty-six-units-are-what-is-left-beside-the-domain-name-", 1400);
    fake_add_user(contoso, L"fifty-seven-units-are-one-more-than-what-is-left-for-him-", 1401);
    assert_int_equal(find(u"CONTOSO\\fifty-six-units-are-what-is-left-beside-the-domain-name-"),
                     IDENTITY_USER);
    assert_int_equal(identity.name.count, RESOLVER_CANONICAL_MAX);
    assert_int_equal(find(u"CONTOSO\\fifty-seven-units-are-one-more-than-what-is-left-for-him-"),
                     IDENTITY_UNRESOLVED);
}

/* ---- starting ------------------------------------------------------------------------------- */

static void a_start_that_fails_says_why_and_leaves_nothing(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        LONG nth;
    } cases[] = {{FAKE_OPEN_TOKEN, 1},   {FAKE_TOKEN_INFORMATION, 1}, {FAKE_VIRTUAL_ALLOC, 1},
                 {FAKE_CREATE_EVENT, 1}, {FAKE_CREATE_EVENT, 2},      {FAKE_CREATE_THREAD, 1}};
    const LONG handles = fake.handles, blocks = fake.blocks;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct resolver *untouched = (struct resolver *)(void *)&late;
        fake_directory_fail(cases[i].call, cases[i].nth, ERROR_NOT_ENOUGH_MEMORY);
        assert_int_equal(resolver_start(&resolver_key, late, &untouched), ERROR_NOT_ENOUGH_MEMORY);
        assert_ptr_equal(untouched, &late);
        assert_int_equal(fake.handles, handles);
        assert_int_equal(fake.blocks, blocks);
    }
}

static void many_can_be_started_and_stopped(void **state)
{
    (void)state;
    const LONG handles = fake.handles, blocks = fake.blocks;
    for (int i = 0; i < 20; i++) {
        struct resolver *other;
        assert_int_equal(resolver_start(&resolver_key, NULL, &other), ERROR_SUCCESS);
        resolver_find(other, text_of(u"CONTOSO\\bob"), NULL, canonical, &identity);
        assert_int_equal(identity.kind, IDENTITY_USER);
        assert_true(resolver_stop(other, 10000));
        assert_int_equal(fake.handles, handles);
        assert_int_equal(fake.blocks, blocks);
    }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, resolver_scene_set_up, resolver_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_spellings_are_one_account),
        TEST(a_bare_name_is_this_computers_before_the_domains),
        TEST(protected_are_rid_500_and_the_own_account),
        TEST(machines_are_machines),
        TEST(what_is_no_user_stays_unresolved),
        TEST(hopeless_names_are_not_asked),
        TEST(a_name_need_not_be_terminated),
        TEST(an_account_whose_name_does_not_fit_is_unresolved),
        TEST(a_start_that_fails_says_why_and_leaves_nothing),
        TEST(many_can_be_started_and_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
