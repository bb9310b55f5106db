/* test_account_controllers.c: a lock whose controller goes away: another one is looked for, and
 * what was written there counts as ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

static void looks_for_another_controller_once(void **state)
{
    (void)state;
    static const DWORD unreachable[] = {RPC_S_SERVER_UNAVAILABLE, ERROR_BAD_NETPATH,
                                        ERROR_NETNAME_DELETED,    NERR_DCNotFound,
                                        ERROR_NO_LOGON_SERVERS,   RPC_S_CALL_FAILED};
    for (size_t i = 0; i < sizeof unreachable / sizeof *unreachable; i++) {
        fake.unreachable = unreachable[i];
        fake.rediscoveries = 0;
        contoso->cached = 0;
        contoso->controllers[0].down = true;
        bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
        assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        scene_assert_wide(scene_outcome.server, L"\\\\dc2.contoso.example");
        assert_int_equal(fake.rediscoveries, 1);
    }
}

static void gives_up_after_one_more_search(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE),
                     ACCOUNT_LOCKED); /* the same one answers again */
    assert_int_equal(fake.rediscoveries, 1);

    bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    LONG before = fake.calls[FAKE_GET_DC];
    fake.before = NULL;
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_NO_SUCH_DOMAIN);
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_SERVER_UNAVAILABLE);
    scene_lock(bob, LOCK_DISABLE); /* nothing at first, then one that vanishes */
    scene_assert_failed("NetUserSetInfo", RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(fake.calls[FAKE_GET_DC] - before, 2);
    assert_int_equal(fake.rediscoveries, 2);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
}

static void all_down_after_lookup(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET)
        contoso->controllers[0].down = contoso->controllers[1].down = true;
}

static void says_so_when_no_controller_is_left(void **state)
{
    (void)state;
    fake.before = all_down_after_lookup;
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("DsGetDcNameW", ERROR_NO_SUCH_DOMAIN);
    assert_int_equal(fake.calls[FAKE_GET_DC], 2);
    scene_assert_wide(scene_outcome.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(scene_outcome.name, L"bob");
}

static void down_after_write(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET && bob->writes == 1)
        contoso->controllers[0].down = true;
}

static void a_lock_read_back_on_another_controller_is_our_lock(void **state)
{
    (void)state;
    fake.before = down_after_write;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(scene_outcome.flags_before, SCENE_FLAGS);
    assert_int_equal(scene_outcome.flags_after, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    assert_int_equal(bob->writes, 1);
    scene_assert_wide(scene_outcome.server, L"\\\\dc2.contoso.example");
}

static void write_takes_effect(enum fake_call call, LONG count)
{
    (void)count;
    if (call != FAKE_USER_SET)
        return;
    bob->flags |= UF_ACCOUNTDISABLE;
    wcscpy(bob->comment, ACCOUNT_MARK);
}

static void a_lock_whose_answer_was_lost_is_our_lock(void **state)
{
    (void)state;
    static const DWORD lost[] = {RPC_S_CALL_FAILED, ERROR_NETNAME_DELETED, ERROR_SEM_TIMEOUT};
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        bob->flags = SCENE_FLAGS;
        bob->comment[0] = 0;
        fake.before = write_takes_effect;
        fake_directory_fail(FAKE_USER_SET, 1, lost[i]);
        assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        assert_int_equal(scene_outcome.flags_before, SCENE_FLAGS);
        assert_int_equal(scene_outcome.flags_after, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    }
    assert_int_equal(bob->writes, 0);
}

static void a_mark_whose_answer_was_lost_is_our_mark(void **state)
{
    (void)state;
    fake.before = write_takes_effect;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_CALL_FAILED);
    assert_int_equal(scene_lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    assert_true(scene_outcome.marked);
    assert_int_equal(bob->writes, 0);
}

/* Who disabled it then cannot be a password's doing. */
static void a_password_whose_answer_was_lost_disables_nobody(void **state)
{
    (void)state;
    fake.before = write_takes_effect;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_CALL_FAILED);
    assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_ALREADY);
    assert_int_equal(bob->writes, 0);
}

static void other_flags_after_rediscovery(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET && fake.rediscoveries == 1 && bob->writes == 0)
        bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
}

static void a_lock_written_anew_is_told_with_the_flags_found_there(void **state)
{
    (void)state;
    fake.before = other_flags_after_rediscovery;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_CALL_FAILED);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(scene_outcome.flags_before, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    assert_int_equal(bob->writes, 1);
}

static void a_local_account_needs_no_controller(void **state)
{
    (void)state;
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_SERVER_UNAVAILABLE);
    scene_lock(local_bob, LOCK_DISABLE);
    scene_assert_failed("NetUserSetInfo", RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(looks_for_another_controller_once),
        TEST(gives_up_after_one_more_search),
        TEST(says_so_when_no_controller_is_left),
        TEST(a_lock_read_back_on_another_controller_is_our_lock),
        TEST(a_lock_whose_answer_was_lost_is_our_lock),
        TEST(a_mark_whose_answer_was_lost_is_our_mark),
        TEST(a_password_whose_answer_was_lost_disables_nobody),
        TEST(a_lock_written_anew_is_told_with_the_flags_found_there),
        TEST(a_local_account_needs_no_controller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
