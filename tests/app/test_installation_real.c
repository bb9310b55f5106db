/* test_installation_real.c: installed and taken away on the system we run on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "app/uninstallation.h"
#include "windows/installation.h"
#include "windows/parameters.h"

#define EXE L"C:\\Program Files\\RelayLock\\relaylock.exe"

static struct installation_failure failure;

static void uninstall(void)
{
    struct uninstallation uninstallation = {.keep_state = false};
    assert_int_equal(uninstallation_run(&uninstallation, &failure), ERROR_SUCCESS);
    assert_int_equal(uninstallation.locked, 0);
    assert_false(uninstallation.kept);
}

static uint64_t hash_data(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *at = data;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

/* The sum over all keys and values below a key, whatever their order. */
static uint64_t hash_tree(HKEY parent, const wchar_t *name, uint64_t seed)
{
    static BYTE data[65536];
    uint64_t own = hash_data(seed, name, wcslen(name) * sizeof(*name)), sum = own;
    wchar_t below[512];
    HKEY key;

    if (RegOpenKeyExW(parent, name, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return 0;
    for (DWORD i = 0;; i++) {
        DWORD count = ARRAYSIZE(below), size = sizeof(data), type = 0;
        if (RegEnumValueW(key, i, below, &count, NULL, &type, data, &size) != ERROR_SUCCESS)
            break;
        uint64_t value = hash_data(own ^ type, below, count * sizeof(*below));
        sum += hash_data(value, data, size);
    }
    for (DWORD i = 0;; i++) {
        DWORD count = ARRAYSIZE(below);
        if (RegEnumKeyExW(key, i, below, &count, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
            break;
        sum += hash_tree(key, below, own);
    }
    RegCloseKey(key);
    return sum;
}

static bool key_exists(const wchar_t *path)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return false;
    RegCloseKey(key);
    return true;
}

static void real_system_is_as_before_after_uninstall(void **state)
{
    static const wchar_t services[] = L"SYSTEM\\CurrentControlSet\\Services";
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } query;
    static const struct installation_setting wanted[] = {{L"Action", L"flag"}};
    wchar_t directory[STATE_DIRECTORY_MAX];
    const char *call;
    DWORD needed;

    (void)state;
    /* every Windows has this key; a Wine that was just made has not */
    HKEY key;
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE,
                                     L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application",
                                     0, NULL, 0, KEY_READ, NULL, &key, NULL),
                     ERROR_SUCCESS);
    RegCloseKey(key);
    assert_false(key_exists(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"));
    uninstall(); /* what an earlier run may have left */
    uint64_t hash = hash_tree(HKEY_LOCAL_MACHINE, services, 1);
    for (unsigned round = 0; round < 2; round++) /* the second brings it up to date */
        assert_int_equal(installation_install(EXE, wanted, ARRAYSIZE(wanted), &failure),
                         ERROR_SUCCESS);
    assert_true(key_exists(PARAMETERS_KEY));
    assert_true(key_exists(INSTALLATION_SOURCE_KEY));
    assert_int_equal(state_directory_find(directory, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_check(directory, &call), ERROR_SUCCESS);
    assert_true(hash_tree(HKEY_LOCAL_MACHINE, services, 1) != hash);

    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, L"RelayLock", SERVICE_QUERY_CONFIG);
    assert_non_null(service);
    assert_true(QueryServiceConfigW(service, &query.config, sizeof(query), &needed));
    assert_int_equal(wcscmp(query.config.lpBinaryPathName, L"\"" EXE L"\""), 0);
    assert_int_equal(query.config.dwStartType, SERVICE_AUTO_START);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);

    /* read where the manager keeps it: not every one gives it back in lpDependencies */
    wchar_t depends[64];
    DWORD type, size = sizeof(depends);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE,
                                   L"SYSTEM\\CurrentControlSet\\Services\\RelayLock", 0, KEY_READ,
                                   &key),
                     ERROR_SUCCESS);
    assert_int_equal(RegQueryValueExW(key, L"DependOnService", NULL, &type, (BYTE *)depends, &size),
                     ERROR_SUCCESS);
    RegCloseKey(key);
    assert_int_equal(type, REG_MULTI_SZ);
    assert_int_equal(wcscmp(depends, L"EventLog"), 0);

    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, PARAMETERS_KEY L"\\Accounts\\bob", 0, NULL,
                                     0, KEY_READ, NULL, &key, NULL),
                     ERROR_SUCCESS);
    RegCloseKey(key);
    uninstall();
    assert_false(key_exists(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"));
    assert_int_equal(GetFileAttributesW(directory), INVALID_FILE_ATTRIBUTES);
    assert_true(hash_tree(HKEY_LOCAL_MACHINE, services, 1) == hash);
}

/* A test that failed half-way must not leave a service behind. */
static int uninstall_for_real(void **state)
{
    struct uninstallation uninstallation = {.keep_state = false};
    (void)state;
    uninstallation_run(&uninstallation, &failure);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(real_system_is_as_before_after_uninstall, uninstall_for_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
