/* test_policy_watch.c: changes of the policy signal, wherever its keys come and go. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "fake_registry.h"
#include "windows/parameters.h"
#include "windows/policy_watch.h"

#define POLICIES L"SOFTWARE\\Policies"

static struct policy_watch watch;
static const char *failed_call;

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    memset(&watch, 0, sizeof watch);
    return (int)policy_watch_init(&watch);
}

static int tear_down(void **state)
{
    (void)state;
    policy_watch_end(&watch);
    policy_watch_end(&watch); /* once is enough, twice does no harm */
    return (int)fake_registry_open_handles();
}

static void put(const wchar_t *key, const wchar_t *name)
{
    DWORD number = 3;
    fake_registry_put(key, name, REG_DWORD, &number, sizeof number);
}

static bool is_signalled(void)
{
    return WaitForSingleObject(watch.changed, 0) == WAIT_OBJECT_0;
}

static void ask(void)
{
    assert_int_equal(policy_watch_ask(&watch, &failed_call), ERROR_SUCCESS);
    assert_false(is_signalled());
    assert_int_equal(fake_registry_open_handles(), 1);
}

/* It was signalled; asks anew. */
static void expect_change(void)
{
    assert_true(is_signalled());
    ask();
}

static void a_policy_comes_changes_and_goes(void **state)
{
    (void)state;
    fake_registry_make(POLICIES);
    ask();
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
    put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\ann");
    expect_change();
    put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\eve");
    expect_change();
    fake_registry_take(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\eve");
    expect_change();
    fake_registry_remove(PARAMETERS_POLICY_KEY);
    expect_change();
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
}

static void without_policies_it_waits_for_the_first_of_all(void **state)
{
    (void)state;
    fake_registry_make(L"SOFTWARE");
    ask();
    put(L"SOFTWARE\\Microsoft\\Windows", L"x"); /* its own name is another subkey */
    expect_change();
    put(L"SOFTWARE\\Microsoft\\Windows", L"y");
    assert_false(is_signalled());
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
}

static void policies_that_go_away_are_waited_for(void **state)
{
    (void)state;
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    ask();
    fake_registry_remove(POLICIES);
    expect_change();
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    expect_change();
}

static void asking_twice_asks_once(void **state)
{
    (void)state;
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
    ask();
    unsigned before = fake_registry_calls();
    ask();
    assert_int_equal(fake_registry_calls(), before);
}

static void put_policy(void *context)
{
    (void)context;
    put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
}

/* Whenever the first policy comes while it is being asked, it is watched or signalled. */
static void a_policy_that_comes_meanwhile_is_not_missed(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 4; n++) {
        set_up(NULL);
        fake_registry_make(L"SOFTWARE");
        fake_registry_before(n, put_policy, NULL);
        assert_int_equal(policy_watch_ask(&watch, &failed_call), ERROR_SUCCESS);
        if (!is_signalled() && !fake_registry_has(PARAMETERS_POLICY_KEY))
            put_policy(NULL); /* after all of the calls */
        else if (!is_signalled())
            put(PARAMETERS_POLICY_KEY, L"StopTimeout");
        assert_true(is_signalled());
        policy_watch_end(&watch);
        assert_int_equal(fake_registry_open_handles(), 0);
    }
    set_up(NULL);
}

static void denied_keys_are_an_error_by_name(void **state)
{
    (void)state;
    fake_registry_deny(POLICIES);
    assert_int_equal(policy_watch_ask(&watch, &failed_call), ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "RegOpenKeyExW");
    assert_false(is_signalled());
    assert_int_equal(fake_registry_open_handles(), 0);
}

static void every_call_may_fail_and_the_next_asking_mends_it(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_NOT_ENOUGH_MEMORY);
        DWORD error = policy_watch_ask(&watch, &failed_call);
        if (fake_registry_calls() - before < n) {
            assert_true(n > 5);
            break;
        }
        const char *failed = fake_registry_failed();
        if (strcmp(failed, "RegCloseKey") == 0) {
            assert_int_equal(error, ERROR_SUCCESS);
        } else {
            assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
            assert_int_equal(strncmp(failed_call, failed, strlen(failed)), 0);
            assert_int_equal(fake_registry_open_handles(), 0);
        }
        assert_false(is_signalled());
        ask();
        put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour");
        assert_true(is_signalled());
        policy_watch_end(&watch);
        assert_int_equal(policy_watch_init(&watch), ERROR_SUCCESS);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_policy_comes_changes_and_goes),
        TEST(without_policies_it_waits_for_the_first_of_all),
        TEST(policies_that_go_away_are_waited_for),
        TEST(asking_twice_asks_once),
        TEST(a_policy_that_comes_meanwhile_is_not_missed),
        TEST(denied_keys_are_an_error_by_name),
        TEST(every_call_may_fail_and_the_next_asking_mends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
