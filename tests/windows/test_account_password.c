/* test_account_password.c: the random password that a lock sets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"
#include "windows/random_password.h"

static void a_password_is_long_of_all_classes_and_new(void **state)
{
    (void)state;
    wchar_t first[PWLEN + 1];
    assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_LOCKED);
    assert_int_equal(wcslen(bob->password), 32);
    assert_int_equal(bob->flags, UF_SCRIPT | UF_NORMAL_ACCOUNT);
    memcpy(first, bob->password, sizeof first);
    assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_LOCKED);
    assert_memory_not_equal(first, bob->password, 32 * sizeof(wchar_t));
    scene_assert_wide(local_bob->password, L"Summer2003");
}

static void a_password_is_not_even_the_one_before(void **state)
{
    (void)state;
    assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_LOCKED);
    assert_int_equal(wcslen(bob->password_before), 32);
    assert_memory_not_equal(bob->password, bob->password_before, 32 * sizeof(wchar_t));

    /* Only one was set: a lock that failed, and is tried again. */
    for (DWORD failing = 1; failing <= 2; failing++) {
        wcscpy(bob->password, L"Summer2003");
        fake_directory_fail(FAKE_USER_SET, (LONG)failing, ERROR_ACCESS_DENIED);
        assert_int_equal(scene_lock(bob, LOCK_PASSWORD), ACCOUNT_FAILED);
        assert_int_equal(scene_outcome.maybe_written, failing == 2);
        assert_int_equal(wcscmp(bob->password, L"Summer2003") == 0, failing == 1);
    }
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
        scene_lock(bob, LOCK_PASSWORD);
        scene_assert_failed("CryptGenRandom", ERROR_GEN_FAILURE);
        wchar_t password[RANDOM_PASSWORD_LENGTH + 1], nothing[RANDOM_PASSWORD_LENGTH + 1] = {0};
        const char *call;
        memset(password, 0xee, sizeof password);
        assert_int_equal(random_password(password, &call), ERROR_GEN_FAILURE);
        assert_memory_equal(password, nothing, sizeof password);
    }
    scene_assert_wide(bob->password, L"Summer2003");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_password_is_long_of_all_classes_and_new),
        TEST(a_password_is_not_even_the_one_before),
        TEST(passwords_use_every_character_alike),
        TEST(a_broken_generator_gives_no_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
