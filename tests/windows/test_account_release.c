/* test_account_release.c: what a lock took is given back, and nothing else: flags and marks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_release_scene.h"

/* ---- the flags --------------------------------------------------------------------------------
 */

static void gives_back_exactly_what_was_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCENE_OTHER_FLAGS; i++) {
        DWORD before = SCENE_FLAGS | scene_other_flags[i];
        bob->flags = before;
        bob->writes = 0;
        lock_to_release(bob, LOCK_DISABLE);
        assert_int_equal(release(bob), RELEASE_DONE);
        assert_int_equal(bob->flags, before);
        assert_int_equal(bob->writes, 2);
        assert_int_equal(released.flags_found, before | UF_ACCOUNTDISABLE);
        assert_true(released.enabled_now);
        assert_false(released.mark_removed);
        assert_null(released.call);
        scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
        scene_assert_wide(released.name, L"bob");
    }
    assert_int_equal(release(bob), RELEASE_NOTHING);
    assert_int_equal(bob->writes, 2);
    assert_false(released.enabled_now);
    lock_to_release(local_bob, LOCK_DISABLE);
    assert_int_equal(release(local_bob), RELEASE_DONE);
    scene_assert_wide(released.server, L"");
    assert_int_equal(local_bob->flags, SCENE_FLAGS);
}

static void what_windows_changes_by_itself_does_not_matter(void **state)
{
    (void)state;
    static const DWORD of_windows[] = {UF_LOCKOUT, UF_PASSWORD_EXPIRED,
                                       UF_LOCKOUT | UF_PASSWORD_EXPIRED};
    for (size_t i = 0; i < 3; i++)
        for (int gone = 0; gone <= 1; gone++) {
            bob->flags = SCENE_FLAGS | (gone ? of_windows[i] : 0);
            lock_to_release(bob, LOCK_DISABLE);
            bob->flags ^= of_windows[i];
            assert_int_equal(release(bob), RELEASE_DONE);
            assert_int_equal(bob->flags, SCENE_FLAGS | (gone ? 0 : of_windows[i]));
        }
}

static void touches_nothing_that_somebody_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCENE_OTHER_FLAGS; i++) {
        DWORD flag = scene_other_flags[i];
        if (flag == UF_LOCKOUT || flag == UF_PASSWORD_EXPIRED)
            continue;
        bob->flags = SCENE_FLAGS;
        lock_to_release(bob, LOCK_DISABLE);
        bob->flags |= flag;
        bob->writes = 0;
        assert_int_equal(release(bob), RELEASE_CHANGED);
        assert_int_equal(released.flags_found, SCENE_FLAGS | UF_ACCOUNTDISABLE | flag);
        assert_null(released.call);
        assert_false(released.enabled_now);
        assert_int_equal(bob->writes + release_told, 0);

        release_undo.force = true;
        assert_int_equal(release(bob), RELEASE_DONE);
        assert_int_equal(bob->flags, SCENE_FLAGS | flag); /* what was changed stays */
        release_told = 0;
    }
}

static void sets_the_script_flag_that_windows_demands(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_DISABLE);
    bob->flags = UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE;
    assert_int_equal(release(bob), RELEASE_CHANGED);
    release_undo.force = true;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void an_account_enabled_since_needs_nothing(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_DISABLE);
    bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
    for (int force = 0; force <= 1; force++) {
        release_undo.force = force != 0;
        assert_int_equal(release(bob), RELEASE_NOTHING);
        assert_int_equal(released.flags_found, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    }
    assert_int_equal(bob->writes, 1);
}

static void a_lock_not_read_back_left_what_it_would_write(void **state)
{
    (void)state;
    bob->flags = UF_NORMAL_ACCOUNT;
    lock_to_release(bob, LOCK_DISABLE);
    release_undo.flags_after = 0;
    bob->flags |= UF_NOT_DELEGATED;
    assert_int_equal(release(bob), RELEASE_CHANGED);
    bob->flags &= ~(DWORD)UF_NOT_DELEGATED;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void works_with_servers_that_tell_the_rid_only(void **state)
{
    (void)state;
    fake.windows_2000 = true;
    bob->flags = UF_NORMAL_ACCOUNT;
    lock_to_release(bob, LOCK_DISABLE);
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void a_password_cannot_be_given_back(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_PASSWORD);
    assert_int_equal(release(bob), RELEASE_NOTHING);
    scene_assert_wide(released.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(released.name, L"bob");
    bob->flags |= UF_ACCOUNTDISABLE; /* by somebody else */
    release_undo.force = true;
    assert_int_equal(release(bob), RELEASE_NOTHING);
    assert_int_equal(bob->writes, 2); /* the two passwords */
}

/* ---- the mark ---------------------------------------------------------------------------------
 */

static void removes_the_mark_and_keeps_the_comment(void **state)
{
    (void)state;
    static const struct {
        const wchar_t *edited, *left; /* null: nothing to remove */
    } cases[] = {
        {L"[RelayLock] Sales", L"Sales"},
        {L"[RelayLock] Sales, on leave", L"Sales, on leave"},
        {L"[RelayLock] ", L""},
        {L"[RelayLock] [RelayLock] Sales", L"[RelayLock] Sales"},
        {L"Sales", NULL},
        {L"", NULL},
        {L"Sales [RelayLock] ", NULL},
        {L"[RelayLock]", NULL},
        {L"[relaylock] Sales", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wcscpy(bob->comment, L"Sales");
        lock_to_release(bob, LOCK_FLAG);
        wcscpy(bob->comment, cases[i].edited);
        bob->writes = 0;
        bool removed = cases[i].left != NULL;
        assert_int_equal(release(bob), removed ? RELEASE_DONE : RELEASE_NOTHING);
        assert_true(released.mark_removed == removed);
        assert_false(released.enabled_now);
        scene_assert_wide(bob->comment, removed ? cases[i].left : cases[i].edited);
        assert_int_equal(bob->writes, removed);
        assert_int_equal(bob->flags, SCENE_FLAGS);
    }
}

static void a_mark_says_nothing_of_being_disabled(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_FLAG);
    bob->flags |= UF_ACCOUNTDISABLE | UF_NOT_DELEGATED; /* by somebody else */
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS | UF_ACCOUNTDISABLE | UF_NOT_DELEGATED);
    scene_assert_wide(bob->comment, L"");
}

static void a_mark_that_is_not_ours_stays(void **state)
{
    (void)state;
    wcscpy(bob->comment, ACCOUNT_MARK L"Sales");
    lock_to_release(bob, LOCK_DISABLE);
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(bob->comment, ACCOUNT_MARK L"Sales");
    assert_false(released.mark_removed);
}

static void never_cuts_a_comment(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_FLAG);
    wmemset(bob->comment + 12, L'x', 1024 - 12);
    bob->comment[1024] = L'y';
    bob->comment[1025] = 0;
    release(bob);
    assert_release_failed("checking the length of the comment", ERROR_BUFFER_OVERFLOW);
    assert_int_equal(bob->writes, 1);
    bob->comment[1024] = 0;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(wcslen(bob->comment), 1024 - 12);
}

static void gives_back_both_when_both_were_taken(void **state)
{
    (void)state;
    wcscpy(bob->comment, L"Sales");
    lock_to_release(bob, LOCK_FLAG);
    lock_to_release(bob, LOCK_DISABLE);
    release_undo.marked = true;
    bob->flags |= UF_NOT_DELEGATED;
    assert_int_equal(release(bob), RELEASE_CHANGED); /* and the mark stays, too */
    assert_int_equal(bob->writes, 2);
    bob->flags &= ~(DWORD)UF_NOT_DELEGATED;
    fake_directory_fail(FAKE_USER_SET, 1, ERROR_ACCESS_DENIED);
    release(bob);
    assert_release_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    assert_int_equal(bob->writes, 2);
    fake_directory_fail(FAKE_USER_SET, 2, ERROR_ACCESS_DENIED);
    release(bob);
    assert_release_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    assert_true(released.enabled_now);
    assert_false(released.mark_removed);
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_true(released.mark_removed);
    assert_int_equal(bob->flags, SCENE_FLAGS);
    scene_assert_wide(bob->comment, L"Sales");
    assert_int_equal(release_told, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, release_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_back_exactly_what_was_taken),
        TEST(what_windows_changes_by_itself_does_not_matter),
        TEST(touches_nothing_that_somebody_changed),
        TEST(sets_the_script_flag_that_windows_demands),
        TEST(an_account_enabled_since_needs_nothing),
        TEST(a_mark_that_is_not_ours_stays),
        TEST(a_lock_not_read_back_left_what_it_would_write),
        TEST(works_with_servers_that_tell_the_rid_only),
        TEST(a_password_cannot_be_given_back),
        TEST(removes_the_mark_and_keeps_the_comment),
        TEST(a_mark_says_nothing_of_being_disabled),
        TEST(never_cuts_a_comment),
        TEST(gives_back_both_when_both_were_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
