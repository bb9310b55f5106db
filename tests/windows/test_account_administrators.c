/* test_account_administrators.c: a lock spares the last enabled administrator: who is one, and who
 * counts as enabled. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include "account_scene.h"

static void spares_the_last_enabled_administrator(void **state)
{
    (void)state;
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(scene_lock(chief, actions[i]), ACCOUNT_LAST_ADMIN); /* through the group */
        assert_null(scene_outcome.call);
        assert_int_equal(chief->writes, 0);
    }
    root->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(&fake_local()->administrators, local_bob);
    chief->flags |= UF_ACCOUNTDISABLE;
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN); /* directly */
    assert_int_equal(local_bob->writes, 0);
    assert_int_equal(scene_lock(chief, LOCK_FLAG), ACCOUNT_LOCKED); /* a mark harms nobody */
}

static void locks_an_administrator_while_another_is_enabled(void **state)
{
    (void)state;
    struct fake_user *second = fake_add_user(contoso, L"second", 1107);
    fake_join_user(&contoso->administrators, second);
    assert_int_equal(scene_lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(scene_lock(second, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);

    fake_join_user(&fake_local()->administrators, local_bob); /* root is enabled */
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void counts_a_member_of_another_domain(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(&fake_local()->administrators, local_bob);
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE),
                     ACCOUNT_LOCKED); /* chief, by Domain Admins */
    local_bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    fake_local()->administrators.member_count = 0;
    fake_join_user(&fake_local()->administrators, local_bob);
    fake_join_user(&fake_local()->administrators, chief);
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* chief, directly */
}

static void a_twin_in_another_domain_is_another_administrator(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    chief->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(domain_admins, bob);
    fake_join_user(&fake_local()->administrators, local_bob);
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN); /* of his own domain */
    assert_int_equal(bob->writes, 0);
}

static void a_member_that_cannot_be_examined_is_not_enabled(void **state)
{
    (void)state;
    root->unreadable = true;
    fake_join_user(&fake_local()->administrators, local_bob);
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    root->unreadable = false;
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void a_group_that_cannot_be_read_matters_only_to_its_domain(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(scene_lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* cannot be a member */
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_NOT_ENOUGH_MEMORY);
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("NetGroupGetUsers", ERROR_NOT_ENOUGH_MEMORY);
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void goes_on_where_the_list_of_administrators_is_denied(void **state)
{
    (void)state;
    contoso->deny_listing = true;
    assert_int_equal(scene_lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void reads_long_lists_page_by_page(void **state)
{
    (void)state;
    static wchar_t names[20][8];
    fake.page = 3;
    for (unsigned i = 0; i < 20; i++) {
        swprintf(names[i], 8, L"old%u", i);
        struct fake_user *old = fake_add_user(contoso, names[i], 2000 + i);
        old->flags |= UF_ACCOUNTDISABLE;
        fake_join_user(i % 2 == 0 ? &contoso->administrators : domain_admins, old);
    }
    assert_int_equal(scene_lock(chief, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    fake.users[fake.user_count - 2].flags &= ~(DWORD)UF_ACCOUNTDISABLE; /* on the last page */
    assert_int_equal(scene_lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
    chief->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    fake.users[fake.user_count - 2].flags |= UF_ACCOUNTDISABLE;
    fake.users[fake.user_count - 1].flags &= ~(DWORD)UF_ACCOUNTDISABLE; /* of the group */
    assert_int_equal(scene_lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void a_list_that_promises_more_and_gives_nothing_ends(void **state)
{
    (void)state;
    fake.page = 0;
    scene_lock(bob, LOCK_DISABLE);
    scene_assert_failed("NetLocalGroupGetMembers", ERROR_INVALID_DATA);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spares_the_last_enabled_administrator),
        TEST(locks_an_administrator_while_another_is_enabled),
        TEST(counts_a_member_of_another_domain),
        TEST(a_twin_in_another_domain_is_another_administrator),
        TEST(a_member_that_cannot_be_examined_is_not_enabled),
        TEST(a_group_that_cannot_be_read_matters_only_to_its_domain),
        TEST(goes_on_where_the_list_of_administrators_is_denied),
        TEST(reads_long_lists_page_by_page),
        TEST(a_list_that_promises_more_and_gives_nothing_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
