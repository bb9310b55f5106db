/* test_account_intent.c: what a lock tells before it writes, and a lock whose process ends
 * anywhere.
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
    bool begun, made;
    struct account_before before;
} record;

static struct account_outcome outcome;
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

static enum account_result lock(const struct fake_user *user, enum lock_action action)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&outcome, 0xee, sizeof outcome);
    account_lock(sid, sizeof sid, action, &intent, &outcome);
    return outcome.result;
}

static void tells_what_it_found_before_it_writes(void **state)
{
    (void)state;
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD, LOCK_FLAG};
    static const unsigned writes[] = {1, 3, 4}; /* so far: a password is set twice */
    for (unsigned i = 0; i < 3; i++) {
        bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
        assert_int_equal(lock(bob, actions[i]), ACCOUNT_LOCKED);
        assert_int_equal(told, writes[i]);
        assert_int_equal(record.before.flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
        assert_false(record.before.marked);
        scene_assert_wide(record.before.server, L"\\\\dc1.contoso.example");
        scene_assert_wide(record.before.name, L"bob");
        assert_int_equal(bob->writes, writes[i]);
    }
    bob->flags = SCENE_FLAGS;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_true(record.before.marked);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    scene_assert_wide(record.before.server, L"");
}

static void the_outcome_tells_what_was_changed(void **state)
{
    (void)state;
    bob->flags = UF_NORMAL_ACCOUNT | UF_LOCKOUT;
    lock(bob, LOCK_DISABLE);
    assert_int_equal(outcome.flags_before, UF_NORMAL_ACCOUNT | UF_LOCKOUT);
    assert_int_equal(outcome.flags_after, SCENE_FLAGS | UF_LOCKOUT | UF_ACCOUNTDISABLE);
    assert_false(outcome.marked);
    lock(bob, LOCK_FLAG);
    assert_int_equal(outcome.flags_before, outcome.flags_after);
    assert_true(outcome.marked);
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_ALREADY);
    assert_false(outcome.marked);
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_ALREADY);
    assert_int_equal(outcome.flags_before, bob->flags);
    assert_int_equal(outcome.flags_after, bob->flags);
}

static void nothing_is_told_when_nothing_is_written(void **state)
{
    (void)state;
    bob->flags |= UF_ACCOUNTDISABLE;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_ALREADY);
    assert_int_equal(lock(chief, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    fake_directory_fail(FAKE_CRYPT_RANDOM, 1, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(lock(local_bob, LOCK_PASSWORD), ACCOUNT_FAILED);
    assert_int_equal(told, 0);
}

static void what_cannot_be_recorded_is_not_written(void **state)
{
    (void)state;
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD, LOCK_FLAG};
    refuses = true;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(lock(bob, actions[i]), ACCOUNT_FAILED);
        assert_string_equal(outcome.call, "recording the intent");
        assert_int_equal(outcome.error, ERROR_CANCELLED);
        assert_int_equal(outcome.flags_before, SCENE_FLAGS);
        assert_int_equal(outcome.flags_after, 0);
        assert_false(outcome.marked);
    }
    assert_int_equal(bob->writes, 0);
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
    assert_int_equal(fake.rediscoveries, 0);
}

static void what_an_earlier_try_wrote_is_its_lock(void **state)
{
    (void)state;
    struct account_before earlier = {.flags = SCENE_FLAGS | UF_PASSWD_CANT_CHANGE};
    intent.earlier = &earlier;
    bob->flags = earlier.flags | UF_ACCOUNTDISABLE;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(outcome.flags_before, earlier.flags);
    assert_int_equal(outcome.flags_after, bob->flags);
    wcscpy(bob->comment, ACCOUNT_MARK L"Sales");
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    assert_true(outcome.marked);
    assert_int_equal(bob->writes, 0);

    /* What it found done was not its doing, */
    earlier.flags |= UF_ACCOUNTDISABLE;
    earlier.marked = true;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_ALREADY);
    assert_int_equal(outcome.flags_before, bob->flags);
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_ALREADY);
    /* and a new password disables nobody. */
    earlier.flags = SCENE_FLAGS;
    assert_int_equal(lock(bob, LOCK_PASSWORD), ACCOUNT_ALREADY);
    assert_int_equal(bob->writes, 0);
}

static void what_an_earlier_try_did_not_write_is_written(void **state)
{
    (void)state;
    const struct account_before earlier = {.flags = SCENE_FLAGS};
    intent.earlier = &earlier;
    bob->flags |= UF_DONT_EXPIRE_PASSWD; /* since then */
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(told, 1);
    assert_int_equal(record.before.flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    assert_int_equal(outcome.flags_before, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
}

/* Whether what is found later may be its doing. */
static void a_write_that_is_refused_is_certain(void **state)
{
    static const struct {
        DWORD error;
        bool maybe;
    } writes[] = {
        {ERROR_ACCESS_DENIED, false},     {ERROR_PRIVILEGE_NOT_HELD, false},
        {NERR_UserNotFound, false},       {NERR_PasswordTooShort, false},
        {RPC_S_CALL_FAILED, true},        {RPC_S_PROTOCOL_ERROR, true},
        {ERROR_PIPE_NOT_CONNECTED, true}, {ERROR_GEN_FAILURE, true},
    };
    for (size_t i = 0; i < ARRAYSIZE(writes); i++) {
        fake_directory_fail(FAKE_USER_SET, 1, writes[i].error);
        assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_FAILED);
        assert_int_equal(outcome.error, writes[i].error);
        assert_int_equal(outcome.maybe_written, writes[i].maybe);
    }
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_false(outcome.maybe_written);
    unsigned before = 0, after = 0;
    for (LONG nth = 1; nth <= 4; nth++) { /* a reading, before the write or back */
        scene_tear_down(state);
        set_up(state);
        fake_directory_fail(FAKE_USER_GET, nth, ERROR_ACCESS_DENIED);
        if (lock(bob, LOCK_DISABLE) == ACCOUNT_LOCKED)
            continue;
        assert_int_equal(outcome.maybe_written, bob->writes > 0);
        before += bob->writes == 0;
        after += bob->writes > 0;
    }
    assert_true(before > 0 && after > 0);
}

static void an_intent_may_do_without_its_members(void **state)
{
    (void)state;
    intent = (struct account_intent){.intend = NULL};
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

/* ---- processes that end anywhere --------------------------------------------------------------
 */

static enum lock_action action;

static void work(void)
{
    const struct account_before earlier = record.before;
    intent.earlier = record.begun ? &earlier : NULL;
    if (record.made)
        return;
    if (lock(bob, action) == ACCOUNT_LOCKED) {
        scene_point();
        record.made = true;
        scene_point();
    }
}

static void begin(void **state)
{
    set_up(state);
    bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
    wcscpy(bob->comment, L"Sales");
}

static void assert_locked_once(unsigned at, unsigned again)
{
    unsigned most = action == LOCK_PASSWORD ? 3 * 2 : 1; /* it cannot be seen that one was set */
    if (!record.made || bob->writes < 1 || bob->writes > most)
        fail_msg("ended at %u and %u: made %d, %u writes", at, again, record.made, bob->writes);
    assert_int_equal(record.before.flags, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    assert_int_equal((bob->flags & UF_ACCOUNTDISABLE) != 0, action == LOCK_DISABLE);
    scene_assert_wide(bob->comment, action == LOCK_FLAG ? ACCOUNT_MARK L"Sales" : L"Sales");
    assert_int_equal(local_bob->writes + chief->writes, 0);
}

/* The first process ends at any point, and so does the second; the third is let be. */
static void a_lock_that_ends_anywhere_is_made_once(void **state)
{
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD, LOCK_FLAG};
    for (size_t i = 0; i < 3; i++)
        for (unsigned at = 1, again = 1;;) {
            action = actions[i];
            begin(state);
            if (scene_run_until(at, work)) {
                assert_in_range(at, 10, 40);
                break;
            }
            bool last = scene_run_until(again, work);
            assert_true(scene_run_until(0, work));
            assert_locked_once(at, again);
            at += last;
            again = last ? 1 : again + 1;
        }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_what_it_found_before_it_writes),
        TEST(the_outcome_tells_what_was_changed),
        TEST(nothing_is_told_when_nothing_is_written),
        TEST(what_cannot_be_recorded_is_not_written),
        TEST(what_an_earlier_try_wrote_is_its_lock),
        TEST(what_an_earlier_try_did_not_write_is_written),
        TEST(a_write_that_is_refused_is_certain),
        TEST(an_intent_may_do_without_its_members),
        TEST(a_lock_that_ends_anywhere_is_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
