#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "windows/system_library.h"

struct table {
    int before;
    DWORD(WINAPI *GetTickCount)(void);
    DWORD(WINAPI *GetCurrentProcessId)(void);
};

static const struct system_library_function functions[] = {
    {"GetTickCount", offsetof(struct table, GetTickCount)},
    {"GetCurrentProcessId", offsetof(struct table, GetCurrentProcessId)},
};

/* A system with one library, C:\system\known.dll, which has two functions. */
static struct {
    UINT directory_count; /* 0: GetSystemDirectoryW fails */
    const char *missing;
    DWORD error;
    unsigned loaded;
    unsigned freed;
    bool bare;
} host;

static UINT WINAPI get_directory(LPWSTR path, UINT size)
{
    static const wchar_t directory[] = L"C:\\system";
    if (host.directory_count == 0) {
        SetLastError(host.error);
        return 0;
    }
    if (host.directory_count >= size)
        return host.directory_count + 1;
    memcpy(path, directory, sizeof directory);
    for (UINT i = 9; i < host.directory_count; i++)
        path[i] = L'x';
    path[host.directory_count] = 0;
    return host.directory_count;
}

static HMODULE WINAPI load(LPCWSTR path, HANDLE file, DWORD flags)
{
    assert_null(file);
    assert_int_equal(flags, LOAD_WITH_ALTERED_SEARCH_PATH);
    host.bare |= wcsncmp(path, L"C:\\", 3) != 0;
    if (wcscmp(path, L"C:\\system\\known.dll") != 0) {
        SetLastError(host.error);
        return NULL;
    }
    host.loaded++;
    return (HMODULE)(uintptr_t)0x10000;
}

static INT_PTR WINAPI some_function(void)
{
    return 0;
}

static FARPROC WINAPI get_address(HMODULE library, LPCSTR name)
{
    assert_ptr_equal(library, (HMODULE)(uintptr_t)0x10000);
    if (host.missing != NULL && strcmp(name, host.missing) == 0) {
        SetLastError(host.error);
        return NULL;
    }
    return some_function;
}

static BOOL WINAPI free_library(HMODULE library)
{
    assert_ptr_equal(library, (HMODULE)(uintptr_t)0x10000);
    host.freed++;
    return TRUE;
}

static struct system_library_calls real;

static int with_host(void **state)
{
    (void)state;
    real = system_library_calls;
    memset(&host, 0, sizeof host);
    host.directory_count = 9;
    host.error = ERROR_ACCESS_DENIED;
    system_library_calls =
        (struct system_library_calls){get_directory, load, get_address, free_library};
    return 0;
}

static int without_host(void **state)
{
    (void)state;
    system_library_calls = real;
    return 0;
}

/* Loads and expects the error; the table must be as it was. */
static void assert_fails(const wchar_t *name, DWORD error, const char *call)
{
    struct table table;
    struct table before;
    memset(&table, 0x5a, sizeof table);
    memset(&before, 0x5a, sizeof before);
    const char *failed_call = NULL;
    assert_int_equal(system_library_load(name, functions, 2, &table, &failed_call), error);
    assert_string_equal(failed_call, call);
    assert_memory_equal(&table, &before, sizeof table);
    assert_int_equal(host.loaded, host.freed);
    assert_false(host.bare);
}

static void functions_of_a_real_library_can_be_called(void **state)
{
    (void)state;
    struct table table = {0};
    const char *failed_call = NULL;
    assert_int_equal(system_library_load(L"kernel32.dll", functions, 2, &table, &failed_call),
                     ERROR_SUCCESS);
    assert_int_equal(table.GetCurrentProcessId(), GetCurrentProcessId());
    assert_true(GetTickCount() - table.GetTickCount() < 60000 ||
                table.GetTickCount() - GetTickCount() < 60000);
}

static void a_library_that_windows_lacks_is_not_found(void **state)
{
    (void)state;
    struct table table = {0};
    const char *failed_call = NULL;
    assert_int_equal(system_library_load(L"relaylock-none.dll", functions, 2, &table, &failed_call),
                     ERROR_MOD_NOT_FOUND);
    assert_string_equal(failed_call, "LoadLibraryExW");
}

static void a_library_is_loaded_by_its_full_path(void **state)
{
    (void)state;
    struct table table = {0};
    const char *failed_call = NULL;
    assert_int_equal(system_library_load(L"known.dll", functions, 2, &table, &failed_call),
                     ERROR_SUCCESS);
    assert_non_null(table.GetTickCount);
    assert_non_null(table.GetCurrentProcessId);
    assert_int_equal(host.loaded, 1);
    assert_int_equal(host.freed, 0);
    assert_false(host.bare);
}

static void each_call_may_fail(void **state)
{
    (void)state;
    assert_fails(L"unknown.dll", ERROR_ACCESS_DENIED, "LoadLibraryExW");
    host.missing = "GetCurrentProcessId";
    assert_fails(L"known.dll", ERROR_ACCESS_DENIED, "GetCurrentProcessId");
    host.missing = "GetTickCount";
    host.error = 0;
    assert_fails(L"known.dll", ERROR_GEN_FAILURE, "GetTickCount");
    host.directory_count = 0;
    assert_fails(L"known.dll", ERROR_GEN_FAILURE, "GetSystemDirectoryW");
}

static void a_path_that_does_not_fit_is_not_cut_short(void **state)
{
    (void)state;
    for (UINT count = MAX_PATH - 12; count < MAX_PATH + 3; count++) {
        host.directory_count = count;
        bool fits = count + sizeof "\\known.dll" <= MAX_PATH;
        assert_fails(L"known.dll", fits ? ERROR_ACCESS_DENIED : ERROR_BUFFER_OVERFLOW,
                     fits ? "LoadLibraryExW" : "GetSystemDirectoryW");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_a_real_library_can_be_called),
        cmocka_unit_test(a_library_that_windows_lacks_is_not_found),
        cmocka_unit_test_setup_teardown(a_library_is_loaded_by_its_full_path, with_host,
                                        without_host),
        cmocka_unit_test_setup_teardown(each_call_may_fail, with_host, without_host),
        cmocka_unit_test_setup_teardown(a_path_that_does_not_fit_is_not_cut_short, with_host,
                                        without_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
