/* test_account_release_failures.c: a release that fails, whose controller goes away, or whose
 * process ends anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_release_scene.h"

/* ---- failures ---------------------------------------------------------------------------------
 */

static void never_touches_another_account_of_the_same_name(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_DISABLE);
    chief->flags = local_bob->flags = bob->flags;
    fake.calls[FAKE_USER_GET] = 0;
    fake.before = scene_swap_names;
    release(bob);
    assert_release_failed("comparing the SID", ERROR_INVALID_SID);
    assert_int_equal(chief->writes + local_bob->writes, 0);
    assert_int_equal(bob->writes, 1);
    bob->deleted = true;
    release(bob);
    assert_release_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
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
        lock_to_release(bob, marked ? LOCK_FLAG : LOCK_DISABLE);
        DWORD flags = bob->flags;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            fake_directory_fail(cases[i].call, 1, ERROR_NOT_ENOUGH_MEMORY);
            release(bob);
            assert_release_failed(cases[i].name, ERROR_NOT_ENOUGH_MEMORY);
            assert_int_equal(bob->flags, flags);
            scene_assert_wide(bob->comment, marked ? ACCOUNT_MARK : L"");
            assert_false(released.enabled_now || released.mark_removed);
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
    lock_to_release(bob, LOCK_DISABLE);
    fake.before = undo_after_write;
    release(bob);
    assert_release_failed("reading the flags back", ERROR_WRITE_FAULT);
    assert_false(released.enabled_now);
    fake.before = NULL;
    bob->comment[0] = 0;
    bob->writes = 0;
    lock_to_release(bob, LOCK_FLAG);
    fake.before = undo_after_write;
    release(bob);
    assert_release_failed("reading the comment back", ERROR_WRITE_FAULT);
    assert_false(released.mark_removed);
}

static void what_cannot_be_recorded_is_not_written(void **state)
{
    (void)state;
    lock_to_release(bob, LOCK_DISABLE);
    release_refuses = true;
    release(bob);
    assert_release_failed("recording the intent", ERROR_CANCELLED);
    assert_int_equal(release_record.before.flags, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    scene_assert_wide(release_record.before.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(release_record.before.name, L"bob");
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
    lock_to_release(bob, LOCK_DISABLE);
    contoso->controllers[0].down = true;
    assert_int_equal(release(bob), RELEASE_DONE);
    scene_assert_wide(released.server, L"\\\\dc2.contoso.example");
    assert_int_equal(fake.rediscoveries, 1);

    contoso->controllers[0].down = false;
    contoso->cached = 0;
    lock_to_release(bob, LOCK_DISABLE);
    bob->writes = 1;
    fake.before = down_after_release;
    assert_int_equal(release(bob), RELEASE_DONE); /* read back on the other one: it was us */
    assert_true(released.enabled_now);
    assert_int_equal(bob->writes, 2);

    fake.before = NULL;
    contoso->controllers[1].down = true;
    release(bob); /* a domain that is away has no names */
    assert_release_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
}

/* ---- processes that end anywhere --------------------------------------------------------------
 */

static void work(void)
{
    const struct account_before earlier = release_record.before;
    release_intent.earlier = release_record.begun ? &earlier : NULL;
    if (release_record.released)
        return;
    if (release(bob) == RELEASE_DONE) {
        scene_point();
        release_record.released = true;
        release_record.enabled = released.enabled_now;
        scene_point();
    }
}

static void a_release_that_ends_anywhere_is_made_once(void **state)
{
    for (int marked = 0; marked <= 1; marked++)
        /* The first process ends at any point, and so does the second; the third is let be. */
        for (unsigned at = 1, again = 1;;) {
            release_set_up(state);
            bob->flags = SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD;
            wcscpy(bob->comment, L"Sales");
            lock_to_release(bob, marked ? LOCK_FLAG : LOCK_DISABLE);
            if (scene_run_until(at, work)) {
                assert_in_range(at, 8, 40);
                break;
            }
            bool last = scene_run_until(again, work);
            assert_true(scene_run_until(0, work));
            assert_true(release_record.released && release_record.enabled == !marked);
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
    lock_to_release(bob, LOCK_DISABLE);
    const struct account_before enabled = {.flags = SCENE_FLAGS}, disabled = {.flags = bob->flags};
    bob->flags = SCENE_FLAGS;
    release_intent.earlier = &enabled;
    assert_int_equal(release(bob), RELEASE_NOTHING);
    release_intent.earlier = &disabled;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_int_equal(bob->writes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, release_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
