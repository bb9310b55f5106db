/* test_installation_undo.c: an installation that fails leaves the host as it was, wherever it
 * fails.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "installation_scene.h"
#include "windows/parameters.h"

static const DWORD codes[] = {ERROR_ACCESS_DENIED,          ERROR_FILE_NOT_FOUND,
                              ERROR_NOT_ENOUGH_MEMORY,      ERROR_MORE_DATA,
                              ERROR_SERVICE_DOES_NOT_EXIST, ERROR_SERVICE_MARKED_FOR_DELETE,
                              ERROR_SERVICE_EXISTS,         ERROR_KEY_DELETED,
                              ERROR_INVALID_LEVEL,          ERROR_INVALID_PARAMETER,
                              RPC_S_SERVER_UNAVAILABLE};

/* One that was there and one that was not, of each kind of value. */
static const struct installation_setting wanted[] = {{L"MaxLocksPerHour", L"9"},
                                                     {L"Exempt", L"ann,bob"},
                                                     {L"Action", L"flag"},
                                                     {L"Limits", L"10/1m"},
                                                     {L"MaxLocksPerHour", L"8"}};

static DWORD install(void)
{
    return installation_install(SCENE_EXE, wanted, ARRAYSIZE(wanted), &scene_failure);
}

static void assert_installed(void)
{
    assert_non_null(scene_service());
    assert_int_equal(wcscmp(scene_service()->command, SCENE_COMMAND), 0);
    scene_assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 8);
    scene_assert_value(PARAMETERS_KEY, L"Action", REG_SZ, L"flag", sizeof(L"flag"));
    assert_true(fake_files_exists(FAKE_FILES_FOLDER));
    scene_assert_closed();
}

/* Whether the n-th call was reached. failed: the call that was made to fail; null: none. */
static bool check(DWORD error, const char *failed)
{
    if (error == ERROR_SUCCESS) {
        assert_installed();
        return failed != NULL;
    }
    assert_non_null(failed);
    assert_non_null(scene_failure.call);
    assert_true(scene_failure.object[0] != 0);
    scene_assert_as_remembered();
    return true;
}

static const char *fail_service(unsigned n, DWORD code, DWORD *error)
{
    fake_services_fail(n, code);
    *error = install();
    return fake_services_failed();
}

static const char *fail_registry(unsigned n, DWORD code, DWORD *error)
{
    fake_registry_fail(n, (LSTATUS)code);
    *error = install();
    return fake_registry_failed();
}

static const char *fail_disk(unsigned n, DWORD code, DWORD *error)
{
    fake_calls_fail(&fake_files_calls, n, code, false);
    *error = install();
    return fake_files_calls.made < fake_files_calls.fail_at ? NULL : "on the disk";
}

static const char *fail_disk_late(unsigned n, DWORD code, DWORD *error)
{
    fake_calls_fail(&fake_files_calls, n, code, true);
    *error = install();
    return fake_files_calls.made < fake_files_calls.fail_at ? NULL : "on the disk";
}

/* Every call of one kind, one after another, with every error. */
static void fail_each(void (*host)(bool old), bool old,
                      const char *(*fail_nth)(unsigned n, DWORD code, DWORD *error), unsigned least)
{
    for (size_t i = 0; i < ARRAYSIZE(codes); i++) {
        unsigned n = 1, failures = 0;
        for (bool reached = true; reached; n++) {
            DWORD error;
            host(old);
            scene_remember();
            const char *failed = fail_nth(n, codes[i], &error);
            reached = check(error, failed);
            failures += error != ERROR_SUCCESS;
        }
        assert_true(n > least);
        assert_true(failures > 0);
    }
}

static void whatever_call_fails_a_new_host_is_as_before(void **state)
{
    (void)state;
    for (unsigned old = 0; old < 2; old++) {
        fail_each(scene_new_host, old, fail_service, 10);
        fail_each(scene_new_host, old, fail_registry, 20);
        fail_each(scene_new_host, old, fail_disk, 5);
        fail_each(scene_new_host, old, fail_disk_late, 5);
    }
}

static void whatever_call_fails_a_used_host_is_as_before(void **state)
{
    (void)state;
    for (unsigned old = 0; old < 2; old++) {
        fail_each(scene_used_host, old, fail_service, 20);
        fail_each(scene_used_host, old, fail_registry, 20);
        fail_each(scene_used_host, old, fail_disk, 5);
    }
}

/* The call that failed is the one that is named. */
static void the_failed_call_is_named(void **state)
{
    static const char *const calls[] = {
        "OpenSCManager",       "CreateService",        "OpenService",
        "QueryServiceConfig",  "QueryServiceConfig2",  "QueryServiceObjectSecurity",
        "ChangeServiceConfig", "ChangeServiceConfig2", "SetServiceObjectSecurity"};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(calls); i++) {
        scene_used_host(false);
        scene_remember();
        fake_services_fail_named(calls[i], 0, 1, RPC_S_SERVER_UNAVAILABLE);
        assert_int_equal(install(), RPC_S_SERVER_UNAVAILABLE);
        assert_string_equal(scene_failure.call, calls[i]);
        assert_int_equal(wcscmp(scene_failure.object, L"RelayLock"), 0);
        scene_assert_as_remembered();
    }
}

/* The last step of all. */
static void a_folder_not_to_be_believed_undoes_all(void **state)
{
    (void)state;
    for (unsigned used = 0; used < 2; used++) {
        (used ? scene_used_host : scene_new_host)(false);
        fake_files_remove(FAKE_FILES_FOLDER);
        fake_files_make_folder(FAKE_FILES_FOLDER);
        fake_files_protect(FAKE_FILES_FOLDER, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)");
        scene_remember();
        assert_int_equal(install(), ERROR_INVALID_OWNER);
        assert_string_equal(scene_failure.call, "checking the owner");
        assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
        scene_assert_as_remembered();
        assert_true(fake_files_exists(FAKE_FILES_FOLDER));
    }
}

/* What is there is kept for being put back, but not whatever size the registry says that it has. */
static void a_value_too_large_to_be_kept_undoes_all(void **state)
{
    enum { LARGEST = 1024 * 1024 };
    static const BYTE value[LARGEST + 1];
    DWORD type, size;
    (void)state;
    scene_used_host(false);
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_BINARY, value, LARGEST + 1);
    assert_int_equal(install(), ERROR_NOT_ENOUGH_MEMORY);
    assert_string_equal(scene_failure.call, "RegQueryValueEx");
    assert_int_equal(wcscmp(scene_failure.object, PARAMETERS_KEY), 0);
    scene_assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 4);
    assert_non_null(fake_registry_get(PARAMETERS_KEY, L"Action", &type, &size));
    assert_int_equal(size, LARGEST + 1);
    scene_assert_closed();
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_BINARY, value, LARGEST);
    assert_int_equal(install(), ERROR_SUCCESS);
    assert_installed();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_call_fails_a_new_host_is_as_before),
        cmocka_unit_test(whatever_call_fails_a_used_host_is_as_before),
        cmocka_unit_test(the_failed_call_is_named),
        cmocka_unit_test(a_value_too_large_to_be_kept_undoes_all),
        cmocka_unit_test(a_folder_not_to_be_believed_undoes_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
