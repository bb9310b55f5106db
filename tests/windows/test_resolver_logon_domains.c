/* Names without a domain, where the SMTP virtual servers have one for them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "resolver_scene.h"

static struct fake_user *far_bob; /* of a domain that ours trusts */

static void put_domain(const wchar_t *name)
{
    wcscpy(fake.logon_domains.names[fake.logon_domains.count++], name);
}

static int set_up(void **state)
{
    resolver_scene_set_up(state);
    struct fake_domain *accounts = fake_add_domain(L"ACCOUNTS", L"accounts.example");
    fake_add_controller(accounts, L"dc9.accounts.example");
    far_bob = fake_add_user(accounts, L"bob", 1111);
    return 0;
}

static void a_bare_name_is_of_the_logon_domain(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(far_bob, u"ACCOUNTS\\bob");
    /* One that says so is whose it says. */
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
    assert_int_equal(find(u"bob@contoso.example"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
    assert_int_equal(find(u"EXCH1\\bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
}

static void it_may_have_the_name_of_dns(void **state)
{
    (void)state;
    put_domain(L"contoso.example");
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
}

/* Nobody else is locked for whom it does not have, or who cannot be asked for. */
static void whom_it_does_not_have_is_nobody(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    assert_int_equal(find(u"alice"), IDENTITY_UNRESOLVED);
    assert_nobody(u"alice");
    fake_directory_fail(FAKE_LOOKUP_NAME, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(find(u"bob"), IDENTITY_UNRESOLVED);
    assert_nobody(u"bob");
}

static void of_several_domains_the_one_that_has_him_counts(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    put_domain(L"CONTOSO");
    assert_int_equal(find(u"alice"), IDENTITY_USER);
    assert_found(&fake.users[3], u"CONTOSO\\alice");
    assert_int_equal(find(u"bob"), IDENTITY_UNRESOLVED); /* both do */
    assert_nobody(u"bob");
}

static void two_names_of_one_domain_are_one(void **state)
{
    (void)state;
    put_domain(L"CONTOSO");
    put_domain(L"contoso.example");
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(bob, u"CONTOSO\\bob");
}

/* The servers whose domains were not asked may be the ones he came by. */
static void without_all_answers_he_is_nobody(void **state)
{
    (void)state;
    put_domain(L"CONTOSO");
    put_domain(L"ACCOUNTS");
    fake_directory_fail(FAKE_LOOKUP_NAME, 2, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(find(u"bob"), IDENTITY_UNRESOLVED);
    assert_nobody(u"bob");
}

/* Another virtual server takes them as Windows does: he may have come by that one. */
static void windows_own_order_is_one_of_them_where_a_server_has_it(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    fake.logon_domains.own_order = true;
    assert_int_equal(find(u"bob"), IDENTITY_UNRESOLVED); /* or this computer's */
    assert_nobody(u"bob");
    assert_int_equal(find(u"alice"), IDENTITY_USER);
    assert_found(&fake.users[3], u"CONTOSO\\alice");
}

static void they_are_read_again_now_and_then(void **state)
{
    (void)state;
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"CONTOSO\\alice"), IDENTITY_USER);
    put_domain(L"ACCOUNTS");
    assert_int_equal(find(u"administrator"), IDENTITY_PROTECTED);
    assert_int_equal(fake.logon_domains_reads, 1);

    InterlockedExchangeAdd((volatile LONG *)&fake.ticks, 1000 * RESOLVER_KEEP);
    find(u"bob"); /* what was known, while it is asked again */
    drain();
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(far_bob, u"ACCOUNTS\\bob");
    assert_int_equal(fake.logon_domains_reads, 2);
}

static void what_cannot_be_read_is_as_it_was_and_read_again_soon(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    fake.logon_domains_error = ERROR_SHARING_VIOLATION;
    fake.logon_domains.count = 0;
    InterlockedExchangeAdd((volatile LONG *)&fake.ticks, 1000 * RESOLVER_KEEP);
    assert_int_equal(find(u"alice"), IDENTITY_UNRESOLVED);
    assert_int_equal(fake.logon_domains_reads, 2);
    assert_int_equal(find(u"chef"), IDENTITY_UNRESOLVED);
    assert_int_equal(fake.logon_domains_reads, 3);
    fake.logon_domains_error = ERROR_SUCCESS;
    assert_int_equal(find(u"administrator"), IDENTITY_PROTECTED);
}

/* As at the start, while IIS writes the metabase: the first answer would be kept for long. */
static void until_they_were_read_a_bare_name_is_nobody(void **state)
{
    (void)state;
    put_domain(L"ACCOUNTS");
    fake.logon_domains_error = ERROR_SHARING_VIOLATION;
    assert_int_equal(find(u"bob"), IDENTITY_UNRESOLVED);
    assert_nobody(u"bob");
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    fake.logon_domains_error = ERROR_SUCCESS;
    InterlockedExchangeAdd((volatile LONG *)&fake.ticks, 1000 * RESOLVER_RETRY);
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_found(far_bob, u"ACCOUNTS\\bob");
    assert_true(late_was_signalled(1000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, resolver_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bare_name_is_of_the_logon_domain),
        TEST(it_may_have_the_name_of_dns),
        TEST(whom_it_does_not_have_is_nobody),
        TEST(of_several_domains_the_one_that_has_him_counts),
        TEST(two_names_of_one_domain_are_one),
        TEST(without_all_answers_he_is_nobody),
        TEST(they_are_read_again_now_and_then),
        TEST(what_cannot_be_read_is_as_it_was_and_read_again_soon),
        TEST(windows_own_order_is_one_of_them_where_a_server_has_it),
        TEST(until_they_were_read_a_bare_name_is_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
