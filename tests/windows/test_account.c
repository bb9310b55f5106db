/* test_account.c: an account is locked where it is written, and that one only; what is said when it
 * is not, or was not seen to be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

static void disables_a_domain_account_on_a_controller(void **state)
{
    (void)state;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE);
    assert_int_equal(bob->writes, 1);
    assert_int_equal(local_bob->writes, 0);
    scene_assert_wide(scene_outcome.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(scene_outcome.name, L"bob");
    assert_null(scene_outcome.call);
    assert_true((fake.discovery & DS_WRITABLE_REQUIRED) != 0);
    assert_int_equal(fake.rediscoveries, 0);
}

static void disables_a_local_account_on_this_computer(void **state)
{
    (void)state;
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_true((local_bob->flags & UF_ACCOUNTDISABLE) != 0);
    assert_int_equal(bob->writes, 0);
    scene_assert_wide(scene_outcome.server, L"");
}

static void changes_no_other_flag(void **state)
{
    (void)state;
    DWORD all = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    for (size_t i = 0; i < SCENE_OTHER_FLAGS; i++) {
        bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT | scene_other_flags[i];
        assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        assert_int_equal(bob->flags,
                         UF_SCRIPT | UF_NORMAL_ACCOUNT | scene_other_flags[i] | UF_ACCOUNTDISABLE);
        all |= scene_other_flags[i];
    }
    bob->flags = all;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, all | UF_ACCOUNTDISABLE);
}

static void sets_the_script_flag_that_windows_demands(void **state)
{
    (void)state;
    bob->flags = UF_NORMAL_ACCOUNT;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE);
}

static void says_that_an_account_was_disabled_before(void **state)
{
    (void)state;
    bob->flags |= UF_ACCOUNTDISABLE;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_ALREADY);
    assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_ALREADY);
    assert_int_equal(bob->writes, 0);
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
    scene_assert_wide(bob->password, L"Summer2003");
}

static void works_with_servers_that_tell_the_rid_only(void **state)
{
    (void)state;
    fake.windows_2000 = true;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_true((bob->flags & UF_ACCOUNTDISABLE) != 0);
}

static void never_touches_another_account_of_the_same_name(void **state)
{
    (void)state;
    for (int old = 0; old <= 1; old++) {
        bob->name = L"bob";
        chief->name = L"chief";
        fake.windows_2000 = old != 0;
        fake.calls[FAKE_USER_GET] = 0;
        fake.before = scene_swap_names;
        assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_FAILED);
        scene_assert_failed("comparing the SID", ERROR_INVALID_SID);
        assert_int_equal(chief->writes + bob->writes, 0);
    }
}

static void never_takes_this_computer_for_a_domain_without_controllers(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_ACCESS_DENIED);
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("DsGetDcNameW", ERROR_ACCESS_DENIED);
    assert_int_equal(local_bob->writes, 0);
    contoso->controllers[0].name = L""; /* a nameless answer must not mean "here" */
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("DsGetDcNameW", ERROR_INVALID_DATA);
    assert_int_equal(local_bob->writes, 0);
}

static void refuses_what_is_no_users_sid(void **state)
{
    (void)state;
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(contoso, 1105, sid);
    account_lock(sid, 27, LOCK_DISABLE, NULL, &scene_outcome);
    scene_assert_failed("checking the SID", ERROR_INVALID_SID);
    account_lock(NULL, 0, LOCK_DISABLE, NULL, &scene_outcome);
    scene_assert_failed("checking the SID", ERROR_INVALID_SID);
    sid[0] = 2;
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &scene_outcome);
    scene_assert_failed("checking the SID", ERROR_INVALID_SID);
    fake_sid(contoso, 512, sid); /* a group */
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &scene_outcome);
    scene_assert_failed("LookupAccountSidW", ERROR_NO_SUCH_USER);
    fake_sid(contoso, 9999, sid); /* nobody */
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &scene_outcome);
    scene_assert_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
}

/* ---- each call failing in turn -------------------------------------------------------------- */

static void every_failing_call_is_named_and_leaves_the_account_alone(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        LONG nth;
        enum lock_action action;
        const char *name;
    } cases[] = {
        {FAKE_LOOKUP_SID, 1, LOCK_DISABLE, "LookupAccountSidW"},
        {FAKE_LOOKUP_SID, 2, LOCK_DISABLE, "LookupAccountSidW"}, /* name of the alias */
        {FAKE_COMPUTER_NAME, 1, LOCK_DISABLE, "GetComputerNameW"},
        {FAKE_GET_DC, 1, LOCK_DISABLE, "DsGetDcNameW"},
        {FAKE_USER_GET, 1, LOCK_DISABLE, "NetUserGetInfo"},
        {FAKE_ALIAS_MEMBERS, 1, LOCK_DISABLE, "NetLocalGroupGetMembers"},
        {FAKE_GROUP_USERS, 1, LOCK_DISABLE, "NetGroupGetUsers"},
        {FAKE_USER_SET, 1, LOCK_DISABLE, "NetUserSetInfo"},
        {FAKE_CRYPT_ACQUIRE, 1, LOCK_PASSWORD, "CryptAcquireContextW"},
        {FAKE_CRYPT_RANDOM, 1, LOCK_PASSWORD, "CryptGenRandom"},
        {FAKE_USER_SET, 1, LOCK_PASSWORD, "NetUserSetInfo"},
        {FAKE_USER_SET, 1, LOCK_FLAG, "NetUserSetInfo"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_directory_fail(cases[i].call, cases[i].nth, ERROR_NOT_ENOUGH_MEMORY);
        scene_lock(bob, cases[i].action);
        scene_assert_failed(cases[i].name, ERROR_NOT_ENOUGH_MEMORY);
        assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
        scene_assert_wide(bob->password, L"Summer2003");
        scene_assert_wide(bob->comment, L"");
        assert_int_equal(fake.rediscoveries, 0);
        assert_int_equal(fake.buffers, 0);
        assert_int_equal(fake.providers, 0);
    }
}

static void reports_what_windows_says_of_a_write(void **state)
{
    (void)state;
    contoso->deny_writing = true;
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    contoso->deny_writing = false;
    fake.password_min = 33;
    scene_lock(bob, LOCK_PASSWORD);
    scene_assert_failed("NetUserSetInfo", NERR_PasswordTooShort);
    fake_directory_fail(FAKE_USER_SET, 1, NERR_LastAdmin);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    assert_int_equal(scene_outcome.error, NERR_LastAdmin);
}

/* ---- reading back --------------------------------------------------------------------------- */

static void undo_after_write(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET && bob->writes > 0) {
        bob->flags &= ~(DWORD)UF_ACCOUNTDISABLE;
        bob->comment[0] = 0;
    }
}

static void a_write_that_did_not_hold_is_a_failure(void **state)
{
    (void)state;
    fake.before = undo_after_write;
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("reading the flags back", ERROR_WRITE_FAULT);
    scene_lock(bob, LOCK_FLAG);
    scene_assert_failed("reading the comment back", ERROR_WRITE_FAULT);
}

static void a_read_back_that_fails_is_a_failure(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 3, ERROR_NOT_ENOUGH_MEMORY); /* bob, chief, bob again */
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("NetUserGetInfo", ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(bob->writes, 1);
}

/* ---- marks ---------------------------------------------------------------------------------- */

static void marks_a_comment_once_and_keeps_it(void **state)
{
    (void)state;
    wcscpy(bob->comment, L"Sales, room 4");
    assert_int_equal(scene_lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    scene_assert_wide(bob->comment, L"[RelayLock] Sales, room 4");
    assert_int_equal(scene_lock(bob, LOCK_FLAG), ACCOUNT_ALREADY);
    scene_assert_wide(bob->comment, L"[RelayLock] Sales, room 4");
    assert_int_equal(bob->writes, 1);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
    bob->flags |= UF_ACCOUNTDISABLE;
    bob->comment[0] = 0;
    assert_int_equal(scene_lock(bob, LOCK_FLAG), ACCOUNT_LOCKED); /* disabled or not */
    scene_assert_wide(bob->comment, ACCOUNT_MARK);
}

static void never_cuts_a_comment(void **state)
{
    (void)state;
    static const size_t lengths[] = {MAXCOMMENTSZ - 11, MAXCOMMENTSZ, 1024, 1090};
    for (size_t i = 0; i < 4; i++) {
        wmemset(bob->comment, L'x', lengths[i]);
        bob->comment[lengths[i]] = 0;
        scene_lock(bob, LOCK_FLAG);
        scene_assert_failed("checking the length of the comment", ERROR_BUFFER_OVERFLOW);
        assert_int_equal(bob->writes, 0);
    }
    bob->comment[MAXCOMMENTSZ - 12] = 0;
    assert_int_equal(scene_lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    assert_int_equal(wcslen(bob->comment), MAXCOMMENTSZ);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(disables_a_domain_account_on_a_controller),
        TEST(disables_a_local_account_on_this_computer),
        TEST(changes_no_other_flag),
        TEST(sets_the_script_flag_that_windows_demands),
        TEST(says_that_an_account_was_disabled_before),
        TEST(works_with_servers_that_tell_the_rid_only),
        TEST(never_touches_another_account_of_the_same_name),
        TEST(never_takes_this_computer_for_a_domain_without_controllers),
        TEST(refuses_what_is_no_users_sid),
        TEST(every_failing_call_is_named_and_leaves_the_account_alone),
        TEST(reports_what_windows_says_of_a_write),
        TEST(a_write_that_did_not_hold_is_a_failure),
        TEST(a_read_back_that_fails_is_a_failure),
        TEST(marks_a_comment_once_and_keeps_it),
        TEST(never_cuts_a_comment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
