/* test_account_release.c: what a lock took is given back, and nothing else, whenever the process
 * ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

/* What a process keeps for the one after it. */
static struct {
    bool begun, released, enabled;
    struct account_before before;
} record;

static struct account_outcome locked;
static struct account_release_outcome outcome;
static struct account_undo undo;
static struct account_intent intent;
static unsigned told;
static bool refuses;

static bool record_intent(void *context, const struct account_before *before)
{
    assert_ptr_equal(context, &record);
    scene_point();
    told++;
    record.before = *before;
    record.begun = true;
    scene_point();
    return !refuses;
}

static int set_up(void **state)
{
    memset(&record, 0, sizeof record);
    intent = (struct account_intent){.intend = record_intent, .context = &record};
    told = 0;
    refuses = false;
    return scene_set_up(state);
}

static void lock(const struct fake_user *user, enum lock_action action)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    account_lock(sid, sizeof sid, action, NULL, &locked);
    assert_int_equal(locked.result, ACCOUNT_LOCKED);
    undo = (struct account_undo){.action = action,
                                 .flags_before = locked.flags_before,
                                 .flags_after = locked.flags_after,
                                 .marked = locked.marked};
}

static enum account_release_result release(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&outcome, 0xee, sizeof outcome);
    account_release(sid, sizeof sid, &undo, &intent, &outcome);
    return outcome.result;
}

static void assert_failed(const char *call, DWORD error)
{
    assert_int_equal(outcome.result, RELEASE_FAILED);
    assert_string_equal(outcome.call, call);
    assert_int_equal(outcome.error, error);
}

/* ---- the flags --------------------------------------------------------------------------------
 */

static void gives_back_exactly_what_was_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCENE_OTHER_FLAGS; i++) {
        DWORD before = SCENE_FLAGS | scene_other_flags[i];
        bob->flags = before;
        bob->writes = 0;
        lock(bob, LOCK_DISABLE);
        assert_int_equal(release(bob), RELEASE_DONE);
        assert_int_equal(bob->flags, before);
        assert_int_equal(bob->writes, 2);
        assert_int_equal(outcome.flags_found, before | UF_ACCOUNTDISABLE);
        assert_true(outcome.enabled_now);
        assert_false(outcome.mark_removed);
        assert_null(outcome.call);
        scene_assert_wide(outcome.server, L"\\\\dc1.contoso.example");
        scene_assert_wide(outcome.name, L"bob");
    }
    assert_int_equal(release(bob), RELEASE_NOTHING);
    assert_int_equal(bob->writes, 2);
    assert_false(outcome.enabled_now);
    lock(local_bob, LOCK_DISABLE);
    assert_int_equal(release(local_bob), RELEASE_DONE);
    scene_assert_wide(outcome.server, L"");
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
            lock(bob, LOCK_DISABLE);
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
        lock(bob, LOCK_DISABLE);
        bob->flags |= flag;
        bob->writes = 0;
        assert_int_equal(release(bob), RELEASE_CHANGED);
        assert_int_equal(outcome.flags_found, SCENE_FLAGS | UF_ACCOUNTDISABLE | flag);
        assert_null(outcome.call);
        assert_false(outcome.enabled_now);
        assert_int_equal(bob->writes + told, 0);

        undo.force = true;
        assert_int_equal(release(bob), RELEASE_DONE);
        assert_int_equal(bob->flags, SCENE_FLAGS | flag); /* what was changed stays */
        told = 0;
    }
}

static void sets_the_script_flag_that_windows_demands(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    bob->flags = UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE;
    assert_int_equal(release(bob), RELEASE_CHANGED);
    undo.force = true;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void an_account_enabled_since_needs_nothing(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
    for (int force = 0; force <= 1; force++) {
        undo.force = force != 0;
        assert_int_equal(release(bob), RELEASE_NOTHING);
        assert_int_equal(outcome.flags_found, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    }
    assert_int_equal(bob->writes, 1);
}

static void a_lock_not_read_back_left_what_it_would_write(void **state)
{
    (void)state;
    bob->flags = UF_NORMAL_ACCOUNT;
    lock(bob, LOCK_DISABLE);
    undo.flags_after = 0;
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
    lock(bob, LOCK_DISABLE);
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS);
}

static void a_password_cannot_be_given_back(void **state)
{
    (void)state;
    lock(bob, LOCK_PASSWORD);
    assert_int_equal(release(bob), RELEASE_NOTHING);
    scene_assert_wide(outcome.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(outcome.name, L"bob");
    bob->flags |= UF_ACCOUNTDISABLE; /* by somebody else */
    undo.force = true;
    assert_int_equal(release(bob), RELEASE_NOTHING);
    assert_int_equal(bob->writes, 1);
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
        lock(bob, LOCK_FLAG);
        wcscpy(bob->comment, cases[i].edited);
        bob->writes = 0;
        bool removed = cases[i].left != NULL;
        assert_int_equal(release(bob), removed ? RELEASE_DONE : RELEASE_NOTHING);
        assert_true(outcome.mark_removed == removed);
        assert_false(outcome.enabled_now);
        scene_assert_wide(bob->comment, removed ? cases[i].left : cases[i].edited);
        assert_int_equal(bob->writes, removed);
        assert_int_equal(bob->flags, SCENE_FLAGS);
    }
}

static void a_mark_says_nothing_of_being_disabled(void **state)
{
    (void)state;
    lock(bob, LOCK_FLAG);
    bob->flags |= UF_ACCOUNTDISABLE | UF_NOT_DELEGATED; /* by somebody else */
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->flags, SCENE_FLAGS | UF_ACCOUNTDISABLE | UF_NOT_DELEGATED);
    scene_assert_wide(bob->comment, L"");
}

static void a_mark_that_is_not_ours_stays(void **state)
{
    (void)state;
    wcscpy(bob->comment, ACCOUNT_MARK L"Sales");
    lock(bob, LOCK_DISABLE);
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(bob->comment, ACCOUNT_MARK L"Sales");
    assert_false(outcome.mark_removed);
}

static void never_cuts_a_comment(void **state)
{
    (void)state;
    lock(bob, LOCK_FLAG);
    wmemset(bob->comment + 12, L'x', 1024 - 12);
    bob->comment[1024] = L'y';
    bob->comment[1025] = 0;
    release(bob);
    assert_failed("checking the length of the comment", ERROR_BUFFER_OVERFLOW);
    assert_int_equal(bob->writes, 1);
    bob->comment[1024] = 0;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(wcslen(bob->comment), 1024 - 12);
}

static void gives_back_both_when_both_were_taken(void **state)
{
    (void)state;
    wcscpy(bob->comment, L"Sales");
    lock(bob, LOCK_FLAG);
    lock(bob, LOCK_DISABLE);
    undo.marked = true;
    bob->flags |= UF_NOT_DELEGATED;
    assert_int_equal(release(bob), RELEASE_CHANGED); /* and the mark stays, too */
    assert_int_equal(bob->writes, 2);
    bob->flags &= ~(DWORD)UF_NOT_DELEGATED;
    fake_directory_fail(FAKE_USER_SET, 1, ERROR_ACCESS_DENIED);
    release(bob);
    assert_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    assert_int_equal(bob->writes, 2);
    fake_directory_fail(FAKE_USER_SET, 2, ERROR_ACCESS_DENIED);
    release(bob);
    assert_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    assert_true(outcome.enabled_now);
    assert_false(outcome.mark_removed);
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_true(outcome.mark_removed);
    assert_int_equal(bob->flags, SCENE_FLAGS);
    scene_assert_wide(bob->comment, L"Sales");
    assert_int_equal(told, 4);
}

/* ---- failures ---------------------------------------------------------------------------------
 */

static void never_touches_another_account_of_the_same_name(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    chief->flags = local_bob->flags = bob->flags;
    fake.calls[FAKE_USER_GET] = 0;
    fake.before = scene_swap_names;
    release(bob);
    assert_failed("comparing the SID", ERROR_INVALID_SID);
    assert_int_equal(chief->writes + local_bob->writes, 0);
    assert_int_equal(bob->writes, 1);
    bob->deleted = true;
    release(bob);
    assert_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
}

static void every_failing_call_is_named_and_leaves_the_account_alone(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        const char *name;
    } cases[] = {
        {FAKE_LOOKUP_SID, "LookupAccountSidW"}, {FAKE_COMPUTER_NAME, "GetComputerNameW"},
        {FAKE_GET_DC, "DsGetDcNameW"},          {FAKE_USER_GET, "NetUserGetInfo"},
        {FAKE_USER_SET, "NetUserSetInfo"},
    };
    for (int marked = 0; marked <= 1; marked++) {
        lock(bob, marked ? LOCK_FLAG : LOCK_DISABLE);
        DWORD flags = bob->flags;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            fake_directory_fail(cases[i].call, 1, ERROR_NOT_ENOUGH_MEMORY);
            release(bob);
            assert_failed(cases[i].name, ERROR_NOT_ENOUGH_MEMORY);
            assert_int_equal(bob->flags, flags);
            scene_assert_wide(bob->comment, marked ? ACCOUNT_MARK : L"");
            assert_false(outcome.enabled_now || outcome.mark_removed);
        }
        assert_int_equal(release(bob), RELEASE_DONE);
    }
}

static void undo_after_write(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET && bob->writes > 1) {
        bob->flags |= UF_ACCOUNTDISABLE;
        wcscpy(bob->comment, ACCOUNT_MARK);
    }
}

static void a_write_that_did_not_hold_is_a_failure(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    fake.before = undo_after_write;
    release(bob);
    assert_failed("reading the flags back", ERROR_WRITE_FAULT);
    assert_false(outcome.enabled_now);
    fake.before = NULL;
    bob->comment[0] = 0;
    bob->writes = 0;
    lock(bob, LOCK_FLAG);
    fake.before = undo_after_write;
    release(bob);
    assert_failed("reading the comment back", ERROR_WRITE_FAULT);
    assert_false(outcome.mark_removed);
}

static void what_cannot_be_recorded_is_not_written(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    refuses = true;
    release(bob);
    assert_failed("recording the intent", ERROR_CANCELLED);
    assert_int_equal(record.before.flags, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    scene_assert_wide(record.before.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(record.before.name, L"bob");
    assert_int_equal(bob->writes, 1);
    assert_int_equal(fake.rediscoveries, 0);
}

static void down_after_release(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_USER_GET && bob->writes == 2)
        contoso->controllers[0].down = true;
}

static void looks_for_another_controller_once(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    contoso->controllers[0].down = true;
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
    assert_int_equal(fake.rediscoveries, 1);

    contoso->controllers[0].down = false;
    contoso->cached = 0;
    lock(bob, LOCK_DISABLE);
    bob->writes = 1;
    fake.before = down_after_release;
    assert_int_equal(release(bob), RELEASE_DONE); /* read back on the other one: it was us */
    assert_true(outcome.enabled_now);
    assert_int_equal(bob->writes, 2);

    fake.before = NULL;
    contoso->controllers[1].down = true;
    release(bob); /* a domain that is away has no names */
    assert_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
}

/* ---- processes that end anywhere --------------------------------------------------------------
 */

static void work(void)
{
    const struct account_before earlier = record.before;
    intent.earlier = record.begun ? &earlier : NULL;
    if (record.released)
        return;
    if (release(bob) == RELEASE_DONE) {
        scene_point();
        record.released = true;
        record.enabled = outcome.enabled_now;
        scene_point();
    }
}

static void a_release_that_ends_anywhere_is_made_once(void **state)
{
    for (int marked = 0; marked <= 1; marked++)
        /* The first process ends at any point, and so does the second; the third is let be. */
        for (unsigned at = 1, again = 1;;) {
            set_up(state);
            bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
            wcscpy(bob->comment, L"Sales");
            lock(bob, marked ? LOCK_FLAG : LOCK_DISABLE);
            if (scene_run_until(at, work)) {
                assert_in_range(at, 8, 40);
                break;
            }
            bool last = scene_run_until(again, work);
            assert_true(scene_run_until(0, work));
            assert_true(record.released && record.enabled == !marked);
            assert_int_equal(bob->writes, 2);
            assert_int_equal(bob->flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
            scene_assert_wide(bob->comment, L"Sales");
            at += last;
            again = last ? 1 : again + 1;
        }
}

static void who_enabled_it_tells_what_was_found_before(void **state)
{
    (void)state;
    lock(bob, LOCK_DISABLE);
    const struct account_before enabled = {.flags = SCENE_FLAGS}, disabled = {.flags = bob->flags};
    bob->flags = SCENE_FLAGS;
    intent.earlier = &enabled;
    assert_int_equal(release(bob), RELEASE_NOTHING);
    intent.earlier = &disabled;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->writes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scene_tear_down)

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
        TEST(never_touches_another_account_of_the_same_name),
        TEST(every_failing_call_is_named_and_leaves_the_account_alone),
        TEST(a_write_that_did_not_hold_is_a_failure),
        TEST(what_cannot_be_recorded_is_not_written),
        TEST(looks_for_another_controller_once),
        TEST(a_release_that_ends_anywhere_is_made_once),
        TEST(who_enabled_it_tells_what_was_found_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
