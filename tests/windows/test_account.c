/* test_account.c: account.c, directory.c, administrators.c, random_password.c against the fake. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <stdio.h>
#include "account_scene.h"
#include "windows/random_password.h"

static struct account_outcome outcome;

static enum account_result lock(const struct fake_user *user, enum lock_action action)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&outcome, 0xee, sizeof outcome);
    account_lock(sid, sizeof sid, action, NULL, &outcome);
    return outcome.result;
}

static void assert_failed(const char *call, DWORD error)
{
    assert_int_equal(outcome.result, ACCOUNT_FAILED);
    assert_string_equal(outcome.call, call);
    assert_int_equal(outcome.error, error);
}

static void disables_a_domain_account_on_a_controller(void **state)
{
    (void)state;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE);
    assert_int_equal(bob->writes, 1);
    assert_int_equal(local_bob->writes, 0);
    scene_assert_wide(outcome.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(outcome.name, L"bob");
    assert_null(outcome.call);
    assert_true((fake.discovery & DS_WRITABLE_REQUIRED) != 0);
    assert_int_equal(fake.rediscoveries, 0);
}

static void disables_a_local_account_on_this_computer(void **state)
{
    (void)state;
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_true((local_bob->flags & UF_ACCOUNTDISABLE) != 0);
    assert_int_equal(bob->writes, 0);
    scene_assert_wide(outcome.server, L"");
}

static void changes_no_other_flag(void **state)
{
    (void)state;
    DWORD all = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    for (size_t i = 0; i < SCENE_OTHER_FLAGS; i++) {
        bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT | scene_other_flags[i];
        assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        assert_int_equal(bob->flags,
                         UF_SCRIPT | UF_NORMAL_ACCOUNT | scene_other_flags[i] | UF_ACCOUNTDISABLE);
        all |= scene_other_flags[i];
    }
    bob->flags = all;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, all | UF_ACCOUNTDISABLE);
}

static void sets_the_script_flag_that_windows_demands(void **state)
{
    (void)state;
    bob->flags = UF_NORMAL_ACCOUNT;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE);
}

static void says_that_an_account_was_disabled_before(void **state)
{
    (void)state;
    bob->flags |= UF_ACCOUNTDISABLE;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_ALREADY);
    assert_int_equal(lock(bob, LOCK_PASSWORD), ACCOUNT_ALREADY);
    assert_int_equal(bob->writes, 0);
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
    scene_assert_wide(bob->password, L"Summer2003");
}

static void works_with_servers_that_tell_the_rid_only(void **state)
{
    (void)state;
    fake.windows_2000 = true;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
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
        assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_FAILED);
        assert_failed("comparing the SID", ERROR_INVALID_SID);
        assert_int_equal(chief->writes + bob->writes, 0);
    }
}

static void never_takes_this_computer_for_a_domain_without_controllers(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_ACCESS_DENIED);
    lock(bob, LOCK_DISABLE);
    assert_failed("DsGetDcNameW", ERROR_ACCESS_DENIED);
    assert_int_equal(local_bob->writes, 0);
    contoso->controllers[0].name = L""; /* a nameless answer must not mean "here" */
    lock(bob, LOCK_DISABLE);
    assert_failed("DsGetDcNameW", ERROR_INVALID_DATA);
    assert_int_equal(local_bob->writes, 0);
}

static void refuses_what_is_no_users_sid(void **state)
{
    (void)state;
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(contoso, 1105, sid);
    account_lock(sid, 27, LOCK_DISABLE, NULL, &outcome);
    assert_failed("checking the SID", ERROR_INVALID_SID);
    account_lock(NULL, 0, LOCK_DISABLE, NULL, &outcome);
    assert_failed("checking the SID", ERROR_INVALID_SID);
    sid[0] = 2;
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &outcome);
    assert_failed("checking the SID", ERROR_INVALID_SID);
    fake_sid(contoso, 512, sid); /* a group */
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &outcome);
    assert_failed("LookupAccountSidW", ERROR_NO_SUCH_USER);
    fake_sid(contoso, 9999, sid); /* nobody */
    account_lock(sid, sizeof sid, LOCK_DISABLE, NULL, &outcome);
    assert_failed("LookupAccountSidW", ERROR_NONE_MAPPED);
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
        lock(bob, cases[i].action);
        assert_failed(cases[i].name, ERROR_NOT_ENOUGH_MEMORY);
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
    lock(bob, LOCK_DISABLE);
    assert_failed("NetUserSetInfo", ERROR_ACCESS_DENIED);
    contoso->deny_writing = false;
    fake.password_min = 33;
    lock(bob, LOCK_PASSWORD);
    assert_failed("NetUserSetInfo", NERR_PasswordTooShort);
    fake_directory_fail(FAKE_USER_SET, 1, NERR_LastAdmin);
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    assert_int_equal(outcome.error, NERR_LastAdmin);
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
    lock(bob, LOCK_DISABLE);
    assert_failed("reading the flags back", ERROR_WRITE_FAULT);
    lock(bob, LOCK_FLAG);
    assert_failed("reading the comment back", ERROR_WRITE_FAULT);
}

static void a_read_back_that_fails_is_a_failure(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 3, ERROR_NOT_ENOUGH_MEMORY); /* bob, chief, bob again */
    lock(bob, LOCK_DISABLE);
    assert_failed("NetUserGetInfo", ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(bob->writes, 1);
}

/* ---- controllers that go away --------------------------------------------------------------- */

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
        assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
        assert_int_equal(fake.rediscoveries, 1);
    }
}

static void gives_up_after_one_more_search(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* the same one answers again */
    assert_int_equal(fake.rediscoveries, 1);

    bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    LONG before = fake.calls[FAKE_GET_DC];
    fake.before = NULL;
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_NO_SUCH_DOMAIN);
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_SERVER_UNAVAILABLE);
    lock(bob, LOCK_DISABLE); /* nothing at first, then one that vanishes */
    assert_failed("NetUserSetInfo", RPC_S_SERVER_UNAVAILABLE);
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
    lock(bob, LOCK_DISABLE);
    assert_failed("DsGetDcNameW", ERROR_NO_SUCH_DOMAIN);
    assert_int_equal(fake.calls[FAKE_GET_DC], 2);
    scene_assert_wide(outcome.server, L"\\\\dc1.contoso.example");
    scene_assert_wide(outcome.name, L"bob");
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
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(outcome.flags_before, SCENE_FLAGS);
    assert_int_equal(outcome.flags_after, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    assert_int_equal(bob->writes, 1);
    scene_assert_wide(outcome.server, L"\\\\dc2.contoso.example");
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
        assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
        assert_int_equal(outcome.flags_before, SCENE_FLAGS);
        assert_int_equal(outcome.flags_after, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    }
    assert_int_equal(bob->writes, 0);
}

static void a_mark_whose_answer_was_lost_is_our_mark(void **state)
{
    (void)state;
    fake.before = write_takes_effect;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_CALL_FAILED);
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    assert_true(outcome.marked);
    assert_int_equal(bob->writes, 0);
}

/* Who disabled it then cannot be a password's doing. */
static void a_password_whose_answer_was_lost_disables_nobody(void **state)
{
    (void)state;
    fake.before = write_takes_effect;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_CALL_FAILED);
    assert_int_equal(lock(bob, LOCK_PASSWORD), ACCOUNT_ALREADY);
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
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(outcome.flags_before, SCENE_FLAGS | UF_DONT_EXPIRE_PASSWD);
    assert_int_equal(bob->writes, 1);
}

static void a_local_account_needs_no_controller(void **state)
{
    (void)state;
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    fake_directory_fail(FAKE_USER_SET, 1, RPC_S_SERVER_UNAVAILABLE);
    lock(local_bob, LOCK_DISABLE);
    assert_failed("NetUserSetInfo", RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

/* ---- administrators ------------------------------------------------------------------------- */

static void spares_the_last_enabled_administrator(void **state)
{
    (void)state;
    static const enum lock_action actions[] = {LOCK_DISABLE, LOCK_PASSWORD};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(lock(chief, actions[i]), ACCOUNT_LAST_ADMIN); /* through the group */
        assert_null(outcome.call);
        assert_int_equal(chief->writes, 0);
    }
    root->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(&fake_local()->administrators, local_bob);
    chief->flags |= UF_ACCOUNTDISABLE;
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN); /* directly */
    assert_int_equal(local_bob->writes, 0);
    assert_int_equal(lock(chief, LOCK_FLAG), ACCOUNT_LOCKED); /* a mark harms nobody */
}

static void locks_an_administrator_while_another_is_enabled(void **state)
{
    (void)state;
    struct fake_user *second = fake_add_user(contoso, L"second", 1107);
    fake_join_user(&contoso->administrators, second);
    assert_int_equal(lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(lock(second, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);

    fake_join_user(&fake_local()->administrators, local_bob); /* root is enabled */
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void counts_a_member_of_another_domain(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(&fake_local()->administrators, local_bob);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* chief, by Domain Admins */
    local_bob->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    fake_local()->administrators.member_count = 0;
    fake_join_user(&fake_local()->administrators, local_bob);
    fake_join_user(&fake_local()->administrators, chief);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* chief, directly */
}

static void a_twin_in_another_domain_is_another_administrator(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    chief->flags |= UF_ACCOUNTDISABLE;
    fake_join_user(domain_admins, bob);
    fake_join_user(&fake_local()->administrators, local_bob);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN); /* of his own domain */
    assert_int_equal(bob->writes, 0);
}

static void a_member_that_cannot_be_examined_is_not_enabled(void **state)
{
    (void)state;
    root->unreadable = true;
    fake_join_user(&fake_local()->administrators, local_bob);
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    root->unreadable = false;
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void a_group_that_cannot_be_read_matters_only_to_its_domain(void **state)
{
    (void)state;
    root->flags |= UF_ACCOUNTDISABLE;
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(lock(local_bob, LOCK_DISABLE), ACCOUNT_LOCKED); /* cannot be a member */
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_NOT_ENOUGH_MEMORY);
    lock(bob, LOCK_DISABLE);
    assert_failed("NetGroupGetUsers", ERROR_NOT_ENOUGH_MEMORY);
    fake_directory_fail(FAKE_GROUP_USERS, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void goes_on_where_the_list_of_administrators_is_denied(void **state)
{
    (void)state;
    contoso->deny_listing = true;
    assert_int_equal(lock(bob, LOCK_DISABLE), ACCOUNT_LOCKED);
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
    assert_int_equal(lock(chief, LOCK_DISABLE), ACCOUNT_LAST_ADMIN);
    fake.users[fake.user_count - 2].flags &= ~(DWORD)UF_ACCOUNTDISABLE; /* on the last page */
    assert_int_equal(lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
    chief->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    fake.users[fake.user_count - 2].flags |= UF_ACCOUNTDISABLE;
    fake.users[fake.user_count - 1].flags &= ~(DWORD)UF_ACCOUNTDISABLE; /* of the group */
    assert_int_equal(lock(chief, LOCK_DISABLE), ACCOUNT_LOCKED);
}

static void a_list_that_promises_more_and_gives_nothing_ends(void **state)
{
    (void)state;
    fake.page = 0;
    lock(bob, LOCK_DISABLE);
    assert_failed("NetLocalGroupGetMembers", ERROR_INVALID_DATA);
}

/* ---- passwords and marks -------------------------------------------------------------------- */

static void a_password_is_long_of_all_classes_and_new(void **state)
{
    (void)state;
    wchar_t first[PWLEN + 1];
    assert_int_equal(lock(bob, LOCK_PASSWORD), ACCOUNT_LOCKED);
    assert_int_equal(wcslen(bob->password), 32);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
    memcpy(first, bob->password, sizeof first);
    assert_int_equal(lock(bob, LOCK_PASSWORD), ACCOUNT_LOCKED);
    assert_memory_not_equal(first, bob->password, 32 * sizeof(wchar_t));
    scene_assert_wide(local_bob->password, L"Summer2003");
}

static void passwords_use_every_character_alike(void **state)
{
    (void)state;
    enum { PASSWORDS = 4000, CHARACTERS = 94 };
    unsigned seen[128] = {0};
    for (int i = 0; i < PASSWORDS; i++) {
        wchar_t password[RANDOM_PASSWORD_LENGTH + 1];
        const char *call;
        bool upper = false, lower = false, digit = false, other = false;
        assert_int_equal(random_password(password, &call), ERROR_SUCCESS);
        assert_int_equal(password[RANDOM_PASSWORD_LENGTH], 0);
        for (int k = 0; k < RANDOM_PASSWORD_LENGTH; k++) {
            wchar_t unit = password[k];
            assert_in_range(unit, 0x21, 0x7e);
            seen[unit]++;
            bool is_upper = unit >= L'A' && unit <= L'Z', is_lower = unit >= L'a' && unit <= L'z';
            bool is_digit = unit >= L'0' && unit <= L'9';
            upper = upper || is_upper;
            lower = lower || is_lower;
            digit = digit || is_digit;
            other = other || !(is_upper || is_lower || is_digit);
        }
        assert_true(upper && lower && digit && other);
    }
    /* 1361.7 of each on average, standard deviation 36.7; demanding a digit lifts digits by about
     * 3 %. A remainder taken of a byte would give 68 characters 3/256 and 26 only 2/256: 1500 and
     * 1000. */
    for (unsigned unit = 0x21; unit <= 0x7e; unit++)
        assert_in_range(seen[unit], 1150, 1560);
}

static void a_broken_generator_gives_no_password(void **state)
{
    (void)state;
    static const int constants[] = {0, 1, 0x20, 255};
    for (size_t i = 0; i < 4; i++) {
        fake.random_byte = constants[i];
        lock(bob, LOCK_PASSWORD);
        assert_failed("CryptGenRandom", ERROR_GEN_FAILURE);
        wchar_t password[RANDOM_PASSWORD_LENGTH + 1], nothing[RANDOM_PASSWORD_LENGTH + 1] = {0};
        const char *call;
        memset(password, 0xee, sizeof password);
        assert_int_equal(random_password(password, &call), ERROR_GEN_FAILURE);
        assert_memory_equal(password, nothing, sizeof password);
    }
    scene_assert_wide(bob->password, L"Summer2003");
}

static void marks_a_comment_once_and_keeps_it(void **state)
{
    (void)state;
    wcscpy(bob->comment, L"Sales, room 4");
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
    scene_assert_wide(bob->comment, L"[RelayLock] Sales, room 4");
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_ALREADY);
    scene_assert_wide(bob->comment, L"[RelayLock] Sales, room 4");
    assert_int_equal(bob->writes, 1);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
    bob->flags |= UF_ACCOUNTDISABLE;
    bob->comment[0] = 0;
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_LOCKED); /* disabled or not */
    scene_assert_wide(bob->comment, ACCOUNT_MARK);
}

static void never_cuts_a_comment(void **state)
{
    (void)state;
    static const size_t lengths[] = {MAXCOMMENTSZ - 11, MAXCOMMENTSZ, 1024, 1090};
    for (size_t i = 0; i < 4; i++) {
        wmemset(bob->comment, L'x', lengths[i]);
        bob->comment[lengths[i]] = 0;
        lock(bob, LOCK_FLAG);
        assert_failed("checking the length of the comment", ERROR_BUFFER_OVERFLOW);
        assert_int_equal(bob->writes, 0);
    }
    bob->comment[MAXCOMMENTSZ - 12] = 0;
    assert_int_equal(lock(bob, LOCK_FLAG), ACCOUNT_LOCKED);
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
        TEST(looks_for_another_controller_once),
        TEST(gives_up_after_one_more_search),
        TEST(says_so_when_no_controller_is_left),
        TEST(a_lock_read_back_on_another_controller_is_our_lock),
        TEST(a_lock_whose_answer_was_lost_is_our_lock),
        TEST(a_mark_whose_answer_was_lost_is_our_mark),
        TEST(a_password_whose_answer_was_lost_disables_nobody),
        TEST(a_lock_written_anew_is_told_with_the_flags_found_there),
        TEST(a_local_account_needs_no_controller),
        TEST(spares_the_last_enabled_administrator),
        TEST(locks_an_administrator_while_another_is_enabled),
        TEST(counts_a_member_of_another_domain),
        TEST(a_twin_in_another_domain_is_another_administrator),
        TEST(a_member_that_cannot_be_examined_is_not_enabled),
        TEST(a_group_that_cannot_be_read_matters_only_to_its_domain),
        TEST(goes_on_where_the_list_of_administrators_is_denied),
        TEST(reads_long_lists_page_by_page),
        TEST(a_list_that_promises_more_and_gives_nothing_ends),
        TEST(a_password_is_long_of_all_classes_and_new),
        TEST(passwords_use_every_character_alike),
        TEST(a_broken_generator_gives_no_password),
        TEST(marks_a_comment_once_and_keeps_it),
        TEST(never_cuts_a_comment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
