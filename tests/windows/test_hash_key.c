/* The hash key, from the real generator and from one that fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "windows/hash_key.h"

static struct {
    DWORD acquire_error, random_error;
    LONG open; /* contexts acquired and not released */
} generator;

static BOOL WINAPI acquire(HCRYPTPROV *provider, LPCWSTR container, LPCWSTR name, DWORD type,
                           DWORD flags)
{
    (void)container, (void)name, (void)type;
    assert_true(flags & CRYPT_VERIFYCONTEXT); /* no key container: none is needed, or may exist */
    SetLastError(generator.acquire_error);
    if (generator.acquire_error)
        return FALSE;
    *provider = 77;
    generator.open++;
    return TRUE;
}

static BOOL WINAPI random_bytes(HCRYPTPROV provider, DWORD size, BYTE *bytes)
{
    assert_int_equal(provider, 77);
    memset(bytes, 0x5a, size);
    SetLastError(generator.random_error);
    return generator.random_error == 0;
}

static BOOL WINAPI release(HCRYPTPROV provider, DWORD flags)
{
    (void)flags;
    assert_int_equal(provider, 77);
    generator.open--;
    return TRUE;
}

static void two_keys_of_the_system_differ(void **state)
{
    (void)state;
    struct hash_key a = {0}, b = {0};
    assert_int_equal(hash_key_make(&a), ERROR_SUCCESS);
    assert_int_equal(hash_key_make(&b), ERROR_SUCCESS);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_int_not_equal(a.low, a.high);
}

static void a_failure_is_told_and_leaves_the_key_alone(void **state)
{
    (void)state;
    struct hash_key key = {1, 2};
    hash_key_calls = (struct hash_key_calls){acquire, random_bytes, release};
    generator.acquire_error = (DWORD)NTE_PROVIDER_DLL_FAIL;
    assert_int_equal(hash_key_make(&key), (DWORD)NTE_PROVIDER_DLL_FAIL);
    generator.acquire_error = 0;
    generator.random_error = (DWORD)NTE_FAIL;
    assert_int_equal(hash_key_make(&key), (DWORD)NTE_FAIL);
    assert_int_equal(key.low, 1);
    assert_int_equal(key.high, 2);
    assert_int_equal(generator.open, 0);
    generator.random_error = 0;
    assert_int_equal(hash_key_make(&key), ERROR_SUCCESS);
    assert_int_equal(key.low, 0x5a5a5a5a5a5a5a5a);
    assert_int_equal(generator.open, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_keys_of_the_system_differ),
        cmocka_unit_test(a_failure_is_told_and_leaves_the_key_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
