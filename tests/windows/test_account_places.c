/* test_account_places.c: an account looked at where locks are written and where it signs in, and
 * locked on a controller that has not heard of the lock. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

static struct account_outcome outcome;
static struct account_view view;
static const char *call;

static DWORD look(const struct fake_user *user, enum account_place place)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    call = "untouched";
    return account_look(sid, sizeof sid, place, &view, &call);
}

static enum account_result lock(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &outcome);
    return outcome.result;
}

static enum account_result lock_on(const struct fake_user *user, const wchar_t *server)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&outcome, 0xee, sizeof outcome);
    account_lock_on(sid, sizeof sid, server, &outcome);
    return outcome.result;
}

static struct account_undo undo;
static struct account_release_outcome released;

static enum account_release_result release(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&released, 0xee, sizeof released);
    account_release(sid, sizeof sid, &undo, NULL, &released);
    return released.result;
}

static int set_up(void **state)
{
    undo = (struct account_undo){.action = LOCK_DISABLE,
                                 .flags_before = SCENE_FLAGS,
                                 .flags_after = SCENE_FLAGS | UF_ACCOUNTDISABLE};
    return scene_set_up(state);
}

/* This host signs in by dc2, which has not heard of anything since. */
static void lag(void)
{
    contoso->used = 1;
    fake_lag(contoso, 1);
}

static void sees_what_is_there(void **state)
{
    (void)state;
    assert_int_equal(look(bob, ACCOUNT_WRITABLE), ERROR_SUCCESS);
    assert_int_equal(view.flags, SCENE_FLAGS);
    assert_false(view.disabled || view.marked);
    scene_assert_wide(view.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(view.name, L"bob");
    bob->flags |= UF_ACCOUNTDISABLE;
    wcscpy(bob->comment, ACCOUNT_MARK L"Sales");
    assert_int_equal(look(bob, ACCOUNT_WRITABLE), ERROR_SUCCESS);
    assert_true(view.disabled && view.marked);
    assert_string_equal(call, "untouched");
    assert_int_equal(look(local_bob, ACCOUNT_USED), ERROR_SUCCESS);
    assert_false(view.disabled || view.marked);
    scene_assert_wide(view.server, L"");
    assert_int_equal(bob->writes + local_bob->writes, 0);
}

static void looks_at_the_controller_that_this_host_uses(void **state)
{
    (void)state;
    lag();
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    assert_true((fake.discovery & DS_WRITABLE_REQUIRED) != 0);
    assert_int_equal(look(bob, ACCOUNT_USED), ERROR_SUCCESS);
    assert_int_equal(fake.discovery, DS_IS_FLAT_NAME);
    assert_false(view.disabled);
    scene_assert_wide(view.server, L"\\\\dc2.contoso.example");
    assert_int_equal(look(bob, ACCOUNT_WRITABLE), ERROR_SUCCESS);
    assert_true(view.disabled);
    scene_assert_wide(view.server, L"\\\\dc1.contoso.example");
    fake_replicate(contoso);
    assert_int_equal(look(bob, ACCOUNT_USED), ERROR_SUCCESS);
    assert_true(view.disabled);
    assert_int_equal(fake.rediscoveries, 0);
}

static void looks_elsewhere_when_a_controller_is_away(void **state)
{
    (void)state;
    contoso->used = 1;
    contoso->controllers[1].down = true;
    assert_int_equal(look(bob, ACCOUNT_USED), ERROR_SUCCESS);
    scene_assert_wide(view.server, L"\\\\dc1.contoso.example");
    assert_int_equal(fake.discovery, DS_IS_FLAT_NAME | DS_FORCE_REDISCOVERY);
    assert_int_equal(fake.rediscoveries, 1);
}

static void a_look_that_fails_shows_nothing(void **state)
{
    (void)state;
    struct account_view before;
    uint8_t sid[FAKE_SID_SIZE];
    memset(&view, 0xee, sizeof view);
    before = view;
    fake.before = scene_swap_names;
    assert_int_equal(look(bob, ACCOUNT_USED), ERROR_INVALID_SID);
    assert_string_equal(call, "comparing the SID");
    static const struct {
        enum fake_call call;
        const char *name;
    } cases[] = {{FAKE_LOOKUP_SID, "LookupAccountSidW"},
                 {FAKE_COMPUTER_NAME, "GetComputerNameW"},
                 {FAKE_GET_DC, "DsGetDcNameW"},
                 {FAKE_USER_GET, "NetUserGetInfo"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_directory_fail(cases[i].call, 1, ERROR_NOT_ENOUGH_MEMORY);
        assert_int_equal(look(bob, ACCOUNT_USED), ERROR_NOT_ENOUGH_MEMORY);
        assert_string_equal(call, cases[i].name);
    }
    bob->unreadable = true;
    assert_int_equal(look(bob, ACCOUNT_USED), ERROR_ACCESS_DENIED);
    scene_sid(bob, sid);
    assert_int_equal(account_look(sid, 27, ACCOUNT_USED, &view, &call), ERROR_INVALID_SID);
    assert_string_equal(call, "checking the SID");
    assert_memory_equal(&view, &before, sizeof view);
}

/* ---- a controller that lags -------------------------------------------------------------------
 */

static void locks_on_the_controller_that_lags(void **state)
{
    (void)state;
    bob->flags |= UF_DONT_EXPIRE_PASSWD;
    lag();
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_LOCKED);
    assert_int_equal(bob->behind->flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD | UF_ACCOUNTDISABLE);
    assert_int_equal(bob->writes, 1);
    assert_int_equal(outcome.flags_before, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    assert_int_equal(outcome.flags_after, bob->behind->flags);
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
    scene_assert_wide(outcome.name, L"bob");
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_ALREADY);
    fake_replicate(contoso);
    assert_int_equal(bob->flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD | UF_ACCOUNTDISABLE);
}

/* ---- a release --------------------------------------------------------------------------------
 */

/* It is the later change of the account, whether the controller that lagged was locked or not. */
static void a_release_holds_on_the_controller_that_lagged(void **state)
{
    (void)state;
    for (int locked = 0; locked <= 1; locked++) {
        bob->flags = SCENE_FLAGS;
        lag();
        assert_int_equal(lock(bob), ACCOUNT_LOCKED);
        if (locked)
            assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_LOCKED);
        assert_int_equal(release(bob), RELEASE_DONE);
        fake_replicate(contoso);
        assert_int_equal(bob->flags, SCENE_FLAGS);
    }
}

/* Bob is disabled on dc1, as undo says; dc2, which the locator names since, has not heard of it. */
static void lock_unheard(void)
{
    fake_lag(contoso, 1);
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    undo.server = outcome.server;
    contoso->cached = 1;
}

static void a_release_is_made_where_the_lock_was(void **state)
{
    (void)state;
    lock_unheard();
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
    fake_replicate(contoso);
    assert_int_equal(bob->flags, SCENE_FLAGS);
    assert_int_equal(release(bob), RELEASE_NOTHING);
    scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
}

static void nothing_to_take_back_elsewhere_proves_nothing(void **state)
{
    (void)state;
    lock_unheard();
    contoso->controllers[0].down = true;
    assert_int_equal(release(bob), RELEASE_FAILED);
    assert_int_equal(released.error, RPC_S_SERVER_UNAVAILABLE);
    assert_string_equal(released.call, "LookupAccountSidW");
    scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
    undo.force = true; /* a person who knows */
    assert_int_equal(release(bob), RELEASE_NOTHING);
    scene_assert_wide(released.server, L"\\\\dc2.contoso.example");
    undo.force = false;
    fake_replicate(contoso); /* it had told, before it went away */
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(released.server, L"\\\\dc2.contoso.example");
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void who_is_no_controller_any_more_is_passed_over(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        DWORD error;
    } cases[] = {{FAKE_LOOKUP_SID, ERROR_NONE_MAPPED}, {FAKE_USER_GET, NERR_UserNotFound}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        contoso->cached = 0;
        assert_int_equal(lock(bob), ACCOUNT_LOCKED);
        undo.server = outcome.server;
        contoso->cached = 1;
        fake_directory_fail(cases[i].call, 1, cases[i].error);
        assert_int_equal(release(bob), RELEASE_DONE);
        scene_assert_wide(released.server, L"\\\\dc2.contoso.example");
    }
}

static void what_one_controller_denies_is_not_tried_on_another(void **state)
{
    (void)state;
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    undo.server = outcome.server;
    contoso->cached = 1;
    fake_directory_fail(FAKE_USER_SET, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(release(bob), RELEASE_FAILED);
    assert_int_equal(released.error, ERROR_ACCESS_DENIED);
    scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
}

static void a_password_needs_no_controller_in_particular(void **state)
{
    (void)state;
    undo.action = LOCK_PASSWORD;
    undo.server = u"\\\\dc1.contoso.example";
    contoso->controllers[0].down = true;
    assert_int_equal(release(bob), RELEASE_NOTHING);
    scene_assert_wide(released.server, L"\\\\dc2.contoso.example");
}

/* ---- a server by name -------------------------------------------------------------------------
 */

static void a_named_server_is_the_only_one_asked(void **state)
{
    (void)state;
    contoso->controllers[1].down = true;
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_FAILED);
    assert_int_equal(outcome.error, RPC_S_SERVER_UNAVAILABLE);
    assert_string_equal(outcome.call, "LookupAccountSidW");
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
    contoso->controllers[1].down = false;
    contoso->controllers[1].read_only = true;
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_FAILED);
    assert_int_equal(outcome.error, NERR_NotPrimary);
    assert_string_equal(outcome.call, "NetUserSetInfo");
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
    assert_int_equal(bob->writes, 0);

    wchar_t name[ACCOUNT_SERVER_MAX + 1];
    wmemset(name, L'x', ACCOUNT_SERVER_MAX);
    name[ACCOUNT_SERVER_MAX] = 0;
    assert_int_equal(lock_on(bob, name), ACCOUNT_FAILED);
    assert_int_equal(outcome.error, ERROR_INVALID_PARAMETER);
    assert_string_equal(outcome.call, "checking the server's name");
    assert_int_equal(lock_on(local_bob, L""), ACCOUNT_LOCKED);
    assert_int_equal(bob->writes, 0);
}

static void the_sid_is_checked_there_too(void **state)
{
    (void)state;
    lag();
    chief->behind->name = L"bob"; /* there he has not been renamed yet */
    bob->behind->name = L"robert";
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_FAILED);
    assert_string_equal(outcome.call, "comparing the SID");
    bob->behind->deleted = chief->behind->deleted = true;
    assert_int_equal(lock_on(bob, L"\\\\dc2.contoso.example"), ACCOUNT_FAILED);
    assert_int_equal(outcome.error, NERR_UserNotFound);
    assert_int_equal(bob->writes + chief->writes + local_bob->writes, 0);
    assert_int_equal(bob->behind->writes + chief->behind->writes, 0);
}

static void spares_the_last_administrator_there_too(void **state)
{
    (void)state;
    assert_int_equal(lock_on(chief, L"\\\\dc2.contoso.example"), ACCOUNT_LAST_ADMIN);
    assert_int_equal(chief->writes, 0);
}

static void writes_where_it_can_be_written(void **state)
{
    (void)state;
    contoso->controllers[0].read_only = true;
    contoso->cached = 1;
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
    bob->flags = SCENE_FLAGS;
    contoso->cached = 0; /* was writable when it was found */
    assert_int_equal(lock(bob), ACCOUNT_LOCKED);
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
    assert_int_equal(fake.rediscoveries, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sees_what_is_there),
        TEST(looks_at_the_controller_that_this_host_uses),
        TEST(looks_elsewhere_when_a_controller_is_away),
        TEST(a_look_that_fails_shows_nothing),
        TEST(locks_on_the_controller_that_lags),
        TEST(a_release_holds_on_the_controller_that_lagged),
        TEST(a_release_is_made_where_the_lock_was),
        TEST(nothing_to_take_back_elsewhere_proves_nothing),
        TEST(who_is_no_controller_any_more_is_passed_over),
        TEST(what_one_controller_denies_is_not_tried_on_another),
        TEST(a_password_needs_no_controller_in_particular),
        TEST(a_named_server_is_the_only_one_asked),
        TEST(the_sid_is_checked_there_too),
        TEST(spares_the_last_administrator_there_too),
        TEST(writes_where_it_can_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
