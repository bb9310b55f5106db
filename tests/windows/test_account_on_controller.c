/* This computer is a domain controller itself: what is locked in its own database, and what not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

enum { OWN = 2, DC2 = 1 }; /* controllers of CONTOSO */

/* EXCH1 is a controller, but does not advertise itself: the locator names another one, where it is
 * but a computer. */
static int set_up(void **state)
{
    scene_set_up(state);
    fake_add_controller(contoso, L"EXCH1");
    fake.is_controller = true;
    contoso->cached = contoso->used = DC2;
    contoso->deny_writing = true;
    return 0;
}

static void assert_goes_elsewhere(void)
{
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_FAILED);
    scene_assert_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    scene_assert_wide(scene_outcome.server, L"\\\\dc2.contoso.example");
    assert_true((fake.discovery & DS_WRITABLE_REQUIRED) != 0);
}

static void its_own_database_is_written(void **state)
{
    uint8_t sid[FAKE_SID_SIZE];
    struct account_release_outcome released;
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD, LOCK_FLAG};

    (void)state;
    scene_sid(bob, sid);
    for (size_t i = 0; i < ARRAYSIZE(actions); i++) {
        assert_int_equal(scene_lock(bob, actions[i]), ACCOUNT_LOCKED);
        scene_assert_wide(scene_outcome.server, L"");
        const struct account_undo undo = {.action = actions[i],
                                          .flags_before = scene_outcome.flags_before,
                                          .flags_after = scene_outcome.flags_after,
                                          .marked = scene_outcome.marked,
                                          .server = scene_outcome.server};
        account_release(sid, sizeof sid, &undo, NULL, &released);
        assert_int_equal(released.result,
                         actions[i] == LOCK_PASSWORD ? RELEASE_NOTHING : RELEASE_DONE);
        scene_assert_wide(released.server, L"");
    }
    assert_int_equal(bob->flags, SCENE_FLAGS);
    assert_int_equal(bob->comment[0], 0);
    assert_int_equal(local_bob->writes, 0);
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
}

/* Although the locator names one that has not heard of the lock, where nothing is to take back. */
static void a_release_is_made_where_the_lock_was(void **state)
{
    uint8_t sid[FAKE_SID_SIZE];
    struct account_release_outcome released;

    (void)state;
    scene_sid(bob, sid);
    fake_lag(contoso, DC2);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    const struct account_undo undo = {.action = LOCK_DISABLE,
                                      .flags_before = scene_outcome.flags_before,
                                      .flags_after = scene_outcome.flags_after,
                                      .server = scene_outcome.server};
    fake_directory_fail(FAKE_ROLE, 1, ERROR_NOT_ENOUGH_MEMORY);
    account_release(sid, sizeof sid, &undo, NULL, &released);
    assert_int_equal(released.result, RELEASE_DONE);
    scene_assert_wide(released.server, L"");
}

static void where_the_host_looks_is_as_it_was(void **state)
{
    uint8_t sid[FAKE_SID_SIZE];
    struct account_view view;
    const char *call;

    (void)state;
    scene_sid(bob, sid);
    assert_int_equal(account_look(sid, sizeof sid, ACCOUNT_USED, &view, &call), ERROR_SUCCESS);
    scene_assert_wide(view.server, L"\\\\dc2.contoso.example");
    assert_int_equal(account_look(sid, sizeof sid, ACCOUNT_WRITABLE, &view, &call), ERROR_SUCCESS);
    scene_assert_wide(view.server, L"");
}

static void one_that_is_read_only_is_not_written(void **state)
{
    (void)state;
    contoso->controllers[OWN].read_only = true;
    assert_goes_elsewhere();
    contoso->controllers[OWN].read_only = false;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void nor_is_one_whose_directory_is_stopped(void **state)
{
    (void)state;
    contoso->controllers[OWN].down = true;
    assert_goes_elsewhere();
    contoso->controllers[OWN].down = false;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void what_cannot_be_told_is_left_to_the_locator(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_ROLE, 1, ERROR_NOT_ENOUGH_MEMORY);
    assert_goes_elsewhere();
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void other_domains_are_elsewhere(void **state)
{
    (void)state;
    struct fake_domain *other = fake_add_domain(L"FABRIKAM", L"fabrikam.example");
    struct fake_user *ann = fake_add_user(other, L"bob", 1105);
    other->administrators.name = L"Administrators";
    fake_add_controller(other, L"dc.fabrikam.example");
    assert_int_equal(scene_lock(ann, LOCK_DISABLE), ACCOUNT_LOCKED);
    scene_assert_wide(scene_outcome.server, L"\\\\dc.fabrikam.example");
    assert_int_equal(fake.calls[FAKE_ROLE], 1); /* it was asked whether it is of this one */
    assert_int_equal(bob->writes, 0);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(its_own_database_is_written),
        TEST(a_release_is_made_where_the_lock_was),
        TEST(where_the_host_looks_is_as_it_was),
        TEST(one_that_is_read_only_is_not_written),
        TEST(nor_is_one_whose_directory_is_stopped),
        TEST(what_cannot_be_told_is_left_to_the_locator),
        TEST(other_domains_are_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
