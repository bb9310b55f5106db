/* test_installation.c: what install and uninstall leave behind, in memory and in this system. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "windows/boot.h"
#include "windows/installation.h"
#include "windows/parameters.h"
#include "fake_registry.h"
#include "fake_services.h"

#define EXE     L"C:\\Program Files\\RelayLock\\relaylock.exe"
#define COMMAND L"\"C:\\Program Files\\RelayLock\\relaylock.exe\""

static struct installation_calls real_calls;
static struct installation_failure failure;

static const DWORD codes[] = {ERROR_ACCESS_DENIED,
                              ERROR_FILE_NOT_FOUND,
                              ERROR_INVALID_HANDLE,
                              ERROR_NOT_ENOUGH_MEMORY,
                              ERROR_MORE_DATA,
                              ERROR_SERVICE_DOES_NOT_EXIST,
                              ERROR_SERVICE_MARKED_FOR_DELETE,
                              ERROR_SERVICE_EXISTS,
                              ERROR_KEY_DELETED,
                              ERROR_INVALID_LEVEL,
                              ERROR_INVALID_PARAMETER,
                              ERROR_SERVICE_REQUEST_TIMEOUT,
                              ERROR_SERVICE_NOT_ACTIVE,
                              RPC_S_SERVER_UNAVAILABLE};

static void empty_host(void)
{
    fake_services_reset(0);
    fake_registry_reset();
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application");
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* by the manager */
    memset(&failure, 0xCC, sizeof(failure));
}

static void assert_closed(void)
{
    assert_int_equal(fake_services_open_handles(), 0);
    assert_int_equal(fake_registry_open_handles(), 0);
}

static void assert_text(const wchar_t *key, const wchar_t *name, const wchar_t *expected)
{
    DWORD type, size;
    const void *data = fake_registry_get(key, name, &type, &size);

    assert_non_null(data);
    assert_int_equal(type, REG_EXPAND_SZ);
    assert_int_equal(size, (wcslen(expected) + 1) * sizeof(wchar_t));
    assert_memory_equal(data, expected, size);
}

static void assert_number(const wchar_t *key, const wchar_t *name, DWORD expected)
{
    DWORD type, size;
    const void *data = fake_registry_get(key, name, &type, &size);

    assert_non_null(data);
    assert_int_equal(type, REG_DWORD);
    assert_int_equal(size, sizeof(expected));
    assert_memory_equal(data, &expected, size);
}

/* The rights that its DACL grants to those of a well-known SID. */
static DWORD granted(const struct fake_service *service, WELL_KNOWN_SID_TYPE who)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(sid), rights = 0;

    assert_true(CreateWellKnownSid(who, NULL, sid, &size));
    assert_true(service->dacl_size > 0);
    for (DWORD i = 0; i < service->dacl.acl.AceCount; i++) {
        void *ace;
        assert_true(GetAce((PACL)&service->dacl.acl, i, &ace));
        const ACCESS_ALLOWED_ACE *allowed = ace;
        assert_int_equal(allowed->Header.AceType, ACCESS_ALLOWED_ACE_TYPE);
        if (EqualSid(sid, (PSID)&allowed->SidStart))
            rights |= allowed->Mask;
    }
    return rights;
}

/* Control 129 releases a lock: none but administrators may send it. */
static void assert_protected(const struct fake_service *service)
{
    static const WELL_KNOWN_SID_TYPE others[] = {WinInteractiveSid, WinServiceSid};
    const DWORD look = SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | SERVICE_INTERROGATE |
                       SERVICE_ENUMERATE_DEPENDENTS | READ_CONTROL;

    assert_int_equal(service->dacl.acl.AceCount, 4);
    assert_int_equal(granted(service, WinBuiltinAdministratorsSid), SERVICE_ALL_ACCESS);
    assert_int_equal(granted(service, WinLocalSystemSid), look | SERVICE_START | SERVICE_STOP |
                                                              SERVICE_PAUSE_CONTINUE |
                                                              SERVICE_USER_DEFINED_CONTROL);
    for (size_t i = 0; i < ARRAYSIZE(others); i++)
        assert_int_equal(granted(service, others[i]), look);
}

static void assert_installed(void)
{
    static const wchar_t dependencies[] = L"EventLog\0";
    static const DWORD delays[] = {5000, 30000, 120000};
    struct fake_service *service = fake_services_find(L"RelayLock");

    assert_non_null(service);
    assert_int_equal(wcscmp(service->display, L"RelayLock"), 0);
    assert_int_equal(wcscmp(service->command, COMMAND), 0);
    assert_int_equal(service->type, SERVICE_WIN32_OWN_PROCESS);
    assert_int_equal(service->error_control, SERVICE_ERROR_NORMAL);
    assert_memory_equal(service->dependencies, dependencies, sizeof(dependencies));
    assert_true(wcslen(service->description) > 20);
    assert_protected(service);
    assert_int_equal(service->reset_period, 86400);
    assert_int_equal(service->action_count, ARRAYSIZE(delays));
    for (size_t i = 0; i < ARRAYSIZE(delays); i++) {
        assert_int_equal(service->actions[i].Type, SC_ACTION_RESTART);
        assert_int_equal(service->actions[i].Delay, delays[i]);
    }
    assert_text(INSTALLATION_SOURCE_KEY, L"EventMessageFile", EXE);
    assert_text(INSTALLATION_SOURCE_KEY, L"CategoryMessageFile", EXE);
    assert_number(INSTALLATION_SOURCE_KEY, L"CategoryCount", 5);
    assert_number(INSTALLATION_SOURCE_KEY, L"TypesSupported", 7);
    assert_true(fake_registry_has(PARAMETERS_KEY));
}

static void assert_not_installed(void)
{
    assert_null(fake_services_find(L"RelayLock"));
    assert_false(fake_registry_has(INSTALLATION_SOURCE_KEY));
    assert_false(fake_registry_has(PARAMETERS_KEY));
    assert_false(fake_registry_has(BOOT_KEY));
    assert_true(fake_registry_has(L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"));
}

static void install_makes_service_source_and_parameters(void **state)
{
    (void)state;
    empty_host();
    assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    assert_installed();
    assert_int_equal(fake_services_find(L"RelayLock")->start_type, SERVICE_AUTO_START);
    assert_int_equal(wcscmp(fake_services_find(L"RelayLock")->account, L"LocalSystem"), 0);
    assert_true(fake_services_find(L"RelayLock")->failure_actions_flag);
    assert_closed();
}

static void install_brings_an_old_one_up_to_date(void **state)
{
    static const wchar_t old[] = L"D:\\old\\relaylock.exe";
    static const DWORD four = 4;
    (void)state;
    empty_host();
    struct fake_service *service = fake_services_add(L"RelayLock");
    wcscpy(service->display, L"RelayLock");
    wcscpy(service->command, old);
    wcscpy(service->account, L"CONTOSO\\relaylock");
    service->start_type = SERVICE_DEMAND_START;
    fake_registry_put(INSTALLATION_SOURCE_KEY, L"EventMessageFile", REG_SZ, old, sizeof(old));
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, &four, sizeof(four));
    assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    assert_installed();
    assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 4);
    assert_int_equal(wcscmp(service->account, L"CONTOSO\\relaylock"), 0);
    assert_int_equal(service->start_type, SERVICE_DEMAND_START);
    assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    assert_installed();
    assert_closed();
}

static void flag_unknown_before_vista_is_no_failure(void **state)
{
    (void)state;
    empty_host();
    fake_services_fail_named("ChangeServiceConfig2", 2, 1, ERROR_INVALID_LEVEL);
    assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    assert_installed();
    assert_false(fake_services_find(L"RelayLock")->failure_actions_flag);
}

static void bad_paths_are_refused(void **state)
{
    static wchar_t longest[2000];
    (void)state;
    empty_host();
    wmemset(longest, L'x', ARRAYSIZE(longest) - 1);
    assert_int_equal(installation_install(L"", &failure), ERROR_BAD_PATHNAME);
    assert_int_equal(installation_install(L"C:\\a\"b.exe", &failure), ERROR_BAD_PATHNAME);
    assert_int_equal(installation_install(longest, &failure), ERROR_BAD_PATHNAME);
    assert_string_equal(failure.call, "installation_install");
    assert_not_installed();
}

static void name_taken_by_another_is_said(void **state)
{
    (void)state;
    empty_host();
    wcscpy(fake_services_add(L"Other")->display, L"RelayLock");
    assert_int_equal(installation_install(EXE, &failure), ERROR_DUPLICATE_SERVICE_NAME);
    assert_string_equal(failure.call, "CreateService");
    assert_int_equal(wcscmp(failure.object, L"RelayLock"), 0);
    assert_not_installed();
}

static void install_undoes_itself_whatever_call_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
        for (unsigned n = 1; n <= 12; n++) {
            empty_host();
            fake_services_fail(n, codes[i]);
            DWORD error = installation_install(EXE, &failure);
            assert_closed();
            if (error == ERROR_SUCCESS) {
                assert_installed();
                continue;
            }
            /* an injected "exists" leads on to a service that is not there */
            if (codes[i] != ERROR_SERVICE_EXISTS) {
                assert_int_equal(error, codes[i]);
                assert_string_equal(failure.call, fake_services_failed());
            }
            assert_non_null(failure.object);
            assert_not_installed();

            empty_host();
            fake_registry_fail(n, (LSTATUS)codes[i]);
            error = installation_install(EXE, &failure);
            assert_closed();
            if (error == ERROR_SUCCESS) {
                assert_installed();
                continue;
            }
            assert_int_equal(error, codes[i]);
            assert_string_equal(failure.call, fake_registry_failed());
            assert_not_installed();
        }
}

static void a_failed_update_removes_nothing_that_was_there(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 8; n++) {
        empty_host();
        assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        installation_install(EXE, &failure);
        assert_installed();
        assert_closed();
    }
}

static void installed_host(void)
{
    static const DWORD four = 4;
    static const wchar_t limits[] = L"9/1m";

    empty_host();
    assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, &four, sizeof(four));
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", REG_SZ, limits, sizeof(limits));
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\CONTOSO/ann", L"Limits", REG_SZ, limits,
                      sizeof(limits));
    fake_registry_make(PARAMETERS_KEY L"\\Old\\a\\b\\c");
    assert_int_not_equal(boot_number(), 0);
}

static void uninstall_leaves_nothing(void **state)
{
    (void)state;
    installed_host();
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    assert_not_installed();
    assert_closed();
}

static void uninstall_of_nothing_is_fine(void **state)
{
    (void)state;
    empty_host();
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    fake_registry_reset();
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    assert_closed();
}

static void uninstall_of_a_part_takes_the_rest(void **state)
{
    (void)state;
    for (unsigned missing = 0; missing < 3; missing++) {
        installed_host();
        if (missing == 0)
            fake_services_find(L"RelayLock")->exists = false;
        if (missing == 1)
            fake_registry_remove(PARAMETERS_KEY);
        if (missing == 2)
            fake_registry_remove(INSTALLATION_SOURCE_KEY);
        assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
        assert_not_installed();
    }
}

static void uninstall_stops_the_service_first(void **state)
{
    (void)state;
    installed_host();
    struct fake_service *service = fake_services_find(L"RelayLock");
    service->state = SERVICE_RUNNING;
    service->stop_time = 20000;
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    assert_int_equal(service->stops, 1);
    assert_not_installed();
}

static void uninstall_waits_for_one_that_is_starting(void **state)
{
    (void)state;
    installed_host();
    struct fake_service *service = fake_services_find(L"RelayLock");
    service->start_time = 5000;
    fake_services_begin_start(service);
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    assert_not_installed();
}

static void service_that_will_not_stop_keeps_its_settings(void **state)
{
    (void)state;
    installed_host();
    struct fake_service *service = fake_services_find(L"RelayLock");
    service->state = SERVICE_RUNNING;
    service->stop_hangs = true;
    assert_int_equal(installation_uninstall(&failure), ERROR_TIMEOUT);
    assert_string_equal(failure.call, "ControlService");
    assert_in_range(fake_services_now(), INSTALLATION_STOP_LIMIT, INSTALLATION_STOP_LIMIT + 500);
    assert_installed();
    assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 4);
    assert_closed();
}

static void uninstall_names_whatever_call_fails(void **state)
{
    unsigned failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
        for (unsigned n = 1; n <= 60; n++)
            for (unsigned registry = 0; registry < 2; registry++) {
                installed_host();
                fake_services_find(L"RelayLock")->state = SERVICE_RUNNING;
                if (registry)
                    fake_registry_fail(n, (LSTATUS)codes[i]);
                else
                    fake_services_fail(n, codes[i]);
                DWORD error = installation_uninstall(&failure);
                assert_closed();
                if (error == ERROR_SUCCESS)
                    continue;
                failures++;
                assert_true(error == codes[i] || error == ERROR_TIMEOUT ||
                            (registry && error == ERROR_ACCESS_DENIED));
                assert_non_null(failure.call);
                assert_non_null(failure.object);
                /* once more, and all is gone */
                assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
                assert_not_installed();
            }
    assert_in_range(failures, 100, 2000);
}

/* ---- the system we run on ------------------------------------------------------------------- */

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
    DWORD needed;

    (void)state;
    installation_calls = real_calls;
    /* every Windows has this key; a Wine that was just made has not */
    HKEY key;
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE,
                                     L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application",
                                     0, NULL, 0, KEY_READ, NULL, &key, NULL),
                     ERROR_SUCCESS);
    RegCloseKey(key);
    assert_false(key_exists(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"));
    uint64_t hash = hash_tree(HKEY_LOCAL_MACHINE, services, 1);
    for (unsigned round = 0; round < 2; round++) /* the second brings it up to date */
        assert_int_equal(installation_install(EXE, &failure), ERROR_SUCCESS);
    assert_true(key_exists(PARAMETERS_KEY));
    assert_true(key_exists(INSTALLATION_SOURCE_KEY));
    assert_true(hash_tree(HKEY_LOCAL_MACHINE, services, 1) != hash);

    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, L"RelayLock", SERVICE_QUERY_CONFIG);
    assert_non_null(service);
    assert_true(QueryServiceConfigW(service, &query.config, sizeof(query), &needed));
    assert_int_equal(wcscmp(query.config.lpBinaryPathName, COMMAND), 0);
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
    assert_int_equal(installation_uninstall(&failure), ERROR_SUCCESS);
    assert_false(key_exists(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"));
    assert_true(hash_tree(HKEY_LOCAL_MACHINE, services, 1) == hash);
}

/* A test that failed half-way must not leave a service behind. */
static int uninstall_for_real(void **state)
{
    (void)state;
    installation_calls = real_calls;
    installation_uninstall(&failure);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(install_makes_service_source_and_parameters),
        cmocka_unit_test(install_brings_an_old_one_up_to_date),
        cmocka_unit_test(flag_unknown_before_vista_is_no_failure),
        cmocka_unit_test(bad_paths_are_refused),
        cmocka_unit_test(name_taken_by_another_is_said),
        cmocka_unit_test(install_undoes_itself_whatever_call_fails),
        cmocka_unit_test(a_failed_update_removes_nothing_that_was_there),
        cmocka_unit_test(uninstall_leaves_nothing),
        cmocka_unit_test(uninstall_of_nothing_is_fine),
        cmocka_unit_test(uninstall_of_a_part_takes_the_rest),
        cmocka_unit_test(uninstall_stops_the_service_first),
        cmocka_unit_test(uninstall_waits_for_one_that_is_starting),
        cmocka_unit_test(service_that_will_not_stop_keeps_its_settings),
        cmocka_unit_test(uninstall_names_whatever_call_fails),
        cmocka_unit_test_teardown(real_system_is_as_before_after_uninstall, uninstall_for_real),
    };
    real_calls = installation_calls;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
