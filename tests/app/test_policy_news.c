/* test_policy_news.c: a changed policy counts once it is quiet, and who cannot hear says so once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "../windows/fake_registry.h"
#include "app/policy_news.h"
#include "report_recorder.h"
#include "windows/parameters.h"

static struct policy_news news;
static DWORD now;

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    fake_registry_make(L"SOFTWARE\\Policies");
    recorder_start();
    memset(&news, 0, sizeof news);
    now = 0xFFFFF000; /* wraps soon */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    policy_news_end(&news);
    return (int)fake_registry_open_handles();
}

static void change(void)
{
    DWORD number = 3;
    fake_registry_put(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour", REG_DWORD, &number, sizeof number);
}

static bool is_signalled(void)
{
    return WaitForSingleObject(policy_news_signal(&news), 0) == WAIT_OBJECT_0;
}

static void without_news_it_waits_for_ever(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    for (int i = 0; i < 3; i++) {
        assert_false(policy_news_look(&news, now += 3600000));
        assert_int_equal(policy_news_wait(&news, now), INFINITE);
    }
    assert_int_equal(recorder_count(MSG_POLICY_UNWATCHED), 0);
}

static void a_change_counts_once_after_it_is_quiet(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    change();
    assert_true(is_signalled());
    assert_false(policy_news_look(&news, now));
    assert_false(is_signalled());
    assert_int_equal(policy_news_wait(&news, now), POLICY_NEWS_QUIET);
    assert_false(policy_news_look(&news, now += POLICY_NEWS_QUIET - 1));
    assert_int_equal(policy_news_wait(&news, now), 1);
    assert_true(policy_news_look(&news, now += 1));
    assert_false(policy_news_look(&news, now += 1));
    assert_int_equal(policy_news_wait(&news, now), INFINITE);
    change(); /* and the next one likewise */
    assert_false(policy_news_look(&news, now += 1));
    assert_true(policy_news_look(&news, now += POLICY_NEWS_QUIET));
}

static void a_policy_being_written_is_waited_for(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    for (int i = 0; i < 5; i++) {
        change();
        assert_false(policy_news_look(&news, now += POLICY_NEWS_QUIET - 1));
    }
    assert_true(policy_news_look(&news, now += POLICY_NEWS_QUIET));
}

static void but_not_for_ever(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    DWORD begun = now, looks = 0;
    do {
        change();
        assert_true(now - begun <= POLICY_NEWS_PATIENCE);
        looks++;
    } while (!policy_news_look(&news, now += 1000));
    assert_int_equal(now - begun, POLICY_NEWS_PATIENCE + 1000); /* the first was seen after 1 s */
    assert_int_equal(looks, POLICY_NEWS_PATIENCE / 1000 + 1);
}

static void the_last_wait_is_no_longer_than_its_patience(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    DWORD begun = now;
    for (; now - begun <= POLICY_NEWS_PATIENCE - 2000; now += 1000) {
        change();
        assert_false(policy_news_look(&news, now));
    }
    now -= 1000;
    assert_int_equal(policy_news_wait(&news, now), 2000);
    assert_true(policy_news_look(&news, now += 2000));
}

static void who_cannot_hear_says_so_once_and_reads_when_he_can(void **state)
{
    (void)state;
    fake_registry_deny(L"SOFTWARE");
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_POLICY_UNWATCHED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_UNWATCHED, 0), L"RegOpenKeyExW"), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(policy_news_wait(&news, now), POLICY_NEWS_RETRY);
        assert_false(policy_news_look(&news, now += POLICY_NEWS_RETRY));
    }
    assert_int_equal(recorder_count(MSG_POLICY_UNWATCHED), 1);
    fake_registry_reset();
    fake_registry_make(L"SOFTWARE\\Policies");
    assert_false(policy_news_look(&news, now += POLICY_NEWS_RETRY));
    assert_int_equal(policy_news_wait(&news, now), POLICY_NEWS_QUIET);
    assert_true(policy_news_look(&news, now += POLICY_NEWS_QUIET)); /* it may have missed some */
    change();
    assert_false(policy_news_look(&news, now));
    assert_true(policy_news_look(&news, now += POLICY_NEWS_QUIET));
}

/* It changes, and asking for the next change fails: this one counts all the same. */
static void a_change_counts_though_the_next_cannot_be_heard(void **state)
{
    (void)state;
    assert_int_equal(policy_news_init(&news, now), ERROR_SUCCESS);
    change();
    fake_registry_deny(L"SOFTWARE");
    fake_registry_fail(1, ERROR_NOT_ENOUGH_MEMORY); /* RegNotifyChangeKeyValue */
    assert_false(policy_news_look(&news, now));
    assert_int_equal(recorder_count(MSG_POLICY_UNWATCHED), 1);
    assert_int_equal(policy_news_wait(&news, now), POLICY_NEWS_QUIET);
    assert_true(policy_news_look(&news, now += POLICY_NEWS_QUIET));
    assert_int_equal(policy_news_wait(&news, now), POLICY_NEWS_RETRY - POLICY_NEWS_QUIET);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_news_it_waits_for_ever),
        TEST(a_change_counts_once_after_it_is_quiet),
        TEST(a_policy_being_written_is_waited_for),
        TEST(but_not_for_ever),
        TEST(the_last_wait_is_no_longer_than_its_patience),
        TEST(who_cannot_hear_says_so_once_and_reads_when_he_can),
        TEST(a_change_counts_though_the_next_cannot_be_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
