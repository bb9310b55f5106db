/* test_boot.c: the number of a boot, in memory and in this system's registry. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "windows/boot.h"
#include "windows/hash_key.h"
#include "fake_registry.h"

static struct boot_calls real_calls;
static struct hash_key_calls real_random;

static void installed_host(void)
{
    fake_registry_reset();
    fake_registry_make(BOOT_KEY_ABOVE);
}

static void the_number_stays_for_a_boot(void **state)
{
    (void)state;
    installed_host();
    uint32_t number = boot_number();
    assert_int_not_equal(number, 0);
    fake_registry_kill();
    assert_int_equal(boot_number(), number);
    fake_registry_reboot();
    assert_false(fake_registry_has(BOOT_KEY));
    uint32_t next = boot_number();
    assert_int_not_equal(next, 0);
    assert_int_not_equal(next, number);
    assert_int_equal(fake_registry_open_handles(), 0);
}

static void nothing_is_made_where_nothing_is_installed(void **state)
{
    (void)state;
    fake_registry_reset();
    assert_int_equal(boot_number(), 0);
    assert_int_equal(fake_registry_keys(), 0);
    assert_int_equal(fake_registry_open_handles(), 0);
}

static void a_value_that_is_no_number_is_drawn_anew(void **state)
{
    static const DWORD zero = 0, seven = 7;
    static const uint64_t wide = 7;
    static const struct {
        DWORD type, size;
        const void *data;
    } values[] = {
        {REG_DWORD, sizeof zero, &zero},
        {REG_BINARY, sizeof seven, &seven},
        {REG_DWORD, 2, &seven},
        {REG_QWORD, sizeof wide, &wide},
    };
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(values); i++) {
        installed_host();
        fake_registry_put(BOOT_KEY, BOOT_VALUE, values[i].type, values[i].data, values[i].size);
        uint32_t number = boot_number();
        assert_true(number != 0 && number != 7);
        assert_int_equal(boot_number(), number);
    }
    installed_host();
    fake_registry_put(BOOT_KEY, BOOT_VALUE, REG_DWORD, &seven, sizeof seven);
    assert_int_equal(boot_number(), 7);
}

static void whatever_call_fails_it_is_a_number_that_stays_or_none(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 6; n++) {
        installed_host();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        uint32_t number = boot_number();
        assert_int_equal(fake_registry_open_handles(), 0);
        uint32_t again = boot_number();
        assert_int_not_equal(again, 0);
        if (number != 0)
            assert_int_equal(again, number);
        /* what fails after the value was written, or is looked for, is closing or asking */
        assert_true(number != 0 || n == 1 || n == 2 || n == 4);
    }
}

static BOOL WINAPI no_provider(HCRYPTPROV *provider, LPCWSTR container, LPCWSTR name, DWORD type,
                               DWORD flags)
{
    (void)provider, (void)container, (void)name, (void)type, (void)flags;
    SetLastError((DWORD)NTE_KEYSET_NOT_DEF);
    return FALSE;
}

static BOOL WINAPI zeros(HCRYPTPROV provider, DWORD size, BYTE *to)
{
    (void)provider;
    memset(to, 0, size);
    return TRUE;
}

static void chance_is_needed_and_is_never_zero(void **state)
{
    (void)state;
    installed_host();
    hash_key_calls.CryptAcquireContextW = no_provider;
    uint32_t without = boot_number();
    hash_key_calls = real_random;
    assert_int_equal(without, 0);
    hash_key_calls.CryptGenRandom = zeros;
    uint32_t least = boot_number();
    hash_key_calls = real_random;
    assert_int_not_equal(least, 0);
    assert_int_equal(boot_number(), least);
}

static void this_system_keeps_it(void **state)
{
    HKEY above;
    (void)state;
    boot_calls = real_calls;
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, BOOT_KEY_ABOVE, 0, NULL,
                                     REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &above, NULL),
                     ERROR_SUCCESS);
    uint32_t number = boot_number();
    assert_int_not_equal(number, 0);
    assert_int_equal(boot_number(), number);
    assert_int_equal(RegDeleteKeyW(above, BOOT_KEY_NAME), ERROR_SUCCESS);
    RegCloseKey(above);
    assert_int_equal(RegDeleteKeyW(HKEY_LOCAL_MACHINE, BOOT_KEY_ABOVE), ERROR_SUCCESS);
    assert_int_equal(boot_number(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_stays_for_a_boot),
        cmocka_unit_test(nothing_is_made_where_nothing_is_installed),
        cmocka_unit_test(a_value_that_is_no_number_is_drawn_anew),
        cmocka_unit_test(whatever_call_fails_it_is_a_number_that_stays_or_none),
        cmocka_unit_test(chance_is_needed_and_is_never_zero),
        cmocka_unit_test(this_system_keeps_it),
    };
    real_calls = boot_calls;
    real_random = hash_key_calls;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
