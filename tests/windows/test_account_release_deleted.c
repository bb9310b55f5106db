/* test_account_release_deleted.c: an account that was deleted since it was locked: only force
 * closes it, and only where a server proves it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_release_scene.h"

static struct account_outcome locked;

/* Bob is locked on dc1, as release_undo says, and to be released by force. */
static int set_up(void **state)
{
    release_set_up(state);
    lock_to_release(bob, LOCK_DISABLE);
    locked = scene_outcome;
    release_undo.server = locked.server;
    release_undo.user = locked.name;
    release_undo.force = true;
    return 0;
}

static void assert_closed(const wchar_t *server)
{
    assert_int_equal(release(bob), RELEASE_NOTHING);
    assert_true(released.deleted);
    assert_null(released.call);
    scene_assert_wide(released.server, server);
    scene_assert_wide(released.name, L"bob");
}

static void assert_stays_open(DWORD error)
{
    assert_int_equal(release(bob), RELEASE_FAILED);
    assert_int_equal(released.error, error);
    assert_true(account_is_unknown(error));
    assert_false(released.deleted);
}

static void only_force_closes_it(void **state)
{
    (void)state;
    bob->deleted = true;
    release_undo.force = false;
    assert_stays_open(ERROR_NONE_MAPPED);
    release_undo.force = true;
    assert_closed(L"\\\\dc1.contoso.example");
    release_undo.action = LOCK_PASSWORD;
    assert_closed(L"\\\\dc1.contoso.example");
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(bob, sid);
    account_release(sid, sizeof sid - 1, &release_undo, NULL, &released);
    assert_release_failed("checking the SID", ERROR_INVALID_SID);
    release_undo.user = L"";
    assert_stays_open(ERROR_NONE_MAPPED);
    release_undo.user = NULL;
    assert_stays_open(ERROR_NONE_MAPPED);
}

static void an_account_of_this_computer(void **state)
{
    (void)state;
    lock_to_release(local_bob, LOCK_DISABLE);
    release_undo.server = scene_outcome.server;
    release_undo.user = scene_outcome.name;
    local_bob->deleted = true;
    assert_int_equal(release(local_bob), RELEASE_FAILED);
    release_undo.force = true;
    assert_int_equal(release(local_bob), RELEASE_NOTHING);
    assert_true(released.deleted);
    scene_assert_wide(released.server, L"");
}

static void another_one_by_its_name_is_a_proof(void **state)
{
    (void)state;
    bob->deleted = true;
    struct fake_user *new_bob = fake_add_user(contoso, L"bob", 1200);
    assert_closed(L"\\\\dc1.contoso.example");
    assert_int_equal(new_bob->writes, 0);
}

static void another_controller_may_prove_it(void **state)
{
    (void)state;
    bob->deleted = true;
    contoso->controllers[0].down = true;
    assert_closed(L"\\\\dc2.contoso.example");
    contoso->controllers[0].down = false;
    release_undo.server = L"\\\\gone.contoso.example";
    assert_closed(L"\\\\dc1.contoso.example");
    release_undo.server = NULL;
    assert_closed(L"\\\\dc1.contoso.example");
}

/* The name is not found then either: the domain does not answer. */
static void who_does_not_answer_proves_nothing(void **state)
{
    (void)state;
    bob->deleted = true;
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    assert_stays_open(ERROR_NONE_MAPPED);
    contoso->controllers[1].down = false;
    static const struct {
        enum fake_call call;
        LONG nth; /* on dc2, after dc1 was asked in vain */
    } cases[] = {{FAKE_LOOKUP_SID, 3}, {FAKE_MODALS_GET, 2}, {FAKE_USER_GET, 1}, {FAKE_GET_DC, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_directory_fail(cases[i].call, cases[i].nth, RPC_S_CALL_FAILED);
        assert_stays_open(ERROR_NONE_MAPPED);
    }
    assert_closed(L"\\\\dc2.contoso.example");
}

/* The host was a controller when it wrote, and is none any more; a twin of bob's is its own. */
static void a_database_that_is_not_the_accounts_proves_nothing(void **state)
{
    (void)state;
    release_undo.server = L"";
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    assert_stays_open(ERROR_NONE_MAPPED);
    local_bob->deleted = true;
    assert_stays_open(ERROR_NONE_MAPPED);
}

static void known_again(enum fake_call call, LONG count)
{
    if (call == FAKE_LOOKUP_SID && count >= 3)
        bob->deleted = false;
}

static void found_by_name(enum fake_call call, LONG count)
{
    (void)count;
    if (call == FAKE_LOOKUP_SID)
        bob->deleted = true;
    if (call == FAKE_USER_GET)
        bob->deleted = false;
}

static void who_is_there_after_all_is_not_deleted(void **state)
{
    (void)state;
    bob->deleted = true;
    bob->name = L"robert"; /* who was renamed is not found by his name */
    fake.calls[FAKE_LOOKUP_SID] = 0;
    fake.before = known_again;
    assert_stays_open(ERROR_NONE_MAPPED);
    bob->name = L"bob";
    fake.before = found_by_name;
    assert_stays_open(ERROR_NONE_MAPPED);
    fake.before = NULL;
    bob->deleted = false;
    assert_int_equal(release(bob), RELEASE_DONE);
    assert_false(released.deleted);
}

/* A name that this computer remembers is no sign of life. */
static void forget_after_lookup(enum fake_call call, LONG count)
{
    if (call == FAKE_USER_GET && count == 1)
        bob->deleted = true;
}

static void a_name_that_is_remembered_is_not_enough(void **state)
{
    (void)state;
    release_undo.server = NULL;
    fake.calls[FAKE_USER_GET] = 0;
    fake.before = forget_after_lookup;
    assert_closed(L"\\\\dc1.contoso.example");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_force_closes_it),
        TEST(an_account_of_this_computer),
        TEST(another_one_by_its_name_is_a_proof),
        TEST(another_controller_may_prove_it),
        TEST(who_does_not_answer_proves_nothing),
        TEST(a_database_that_is_not_the_accounts_proves_nothing),
        TEST(who_is_there_after_all_is_not_deleted),
        TEST(a_name_that_is_remembered_is_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
