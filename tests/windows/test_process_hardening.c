#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "windows/process_hardening.h"
#include "windows/system_library.h"

enum { POLICIES = 14, HELD_MAX = 80 };

/* A Windows, and a process on it. */
static struct {
    BOOL succeeds; /* each call */
    DWORD flags[POLICIES];
    DWORD unknown; /* flags that it does not know: one of them makes all of a call fail */
    unsigned dll_directory, default_directories, search_mode, heap;
    DWORD held[HELD_MAX]; /* low parts of privileges; 0: removed */
    DWORD held_count;
    unsigned tokens, opened;
} host;

static BOOL answer(void)
{
    SetLastError(ERROR_NOT_SUPPORTED);
    return host.succeeds;
}

static BOOL WINAPI set_dll_directory(LPCWSTR path)
{
    host.dll_directory += path != NULL && *path == 0;
    return answer();
}

static BOOL WINAPI set_default_directories(DWORD flags)
{
    host.default_directories += flags == 0x800;
    return answer();
}

static BOOL WINAPI set_search_mode(DWORD flags)
{
    host.search_mode += flags == 0x8001;
    return answer();
}

static BOOL WINAPI set_heap(HANDLE heap, HEAP_INFORMATION_CLASS class, PVOID value, SIZE_T size)
{
    host.heap += heap == NULL && (int)class == 1 && value == NULL && size == 0;
    return answer();
}

static BOOL WINAPI set_policy(DWORD policy, PVOID flags, SIZE_T size)
{
    assert_true(policy < POLICIES);
    assert_int_equal(size, sizeof(DWORD));
    DWORD asked;
    memcpy(&asked, flags, size);
    assert_int_equal(host.flags[policy] & ~asked, 0); /* what is on cannot be taken back */
    if ((asked & host.unknown) != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    host.flags[policy] = asked;
    return answer();
}

static BOOL WINAPI open_token(HANDLE process, DWORD rights, PHANDLE token)
{
    assert_ptr_equal(process, GetCurrentProcess());
    assert_int_equal(rights, TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES);
    host.opened++;
    if (!answer())
        return FALSE;
    host.tokens++;
    *token = (HANDLE)(uintptr_t)0x77;
    return TRUE;
}

static BOOL WINAPI get_token(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID to, DWORD size,
                             PDWORD needed)
{
    TOKEN_PRIVILEGES *list = to;
    assert_ptr_equal(token, (HANDLE)(uintptr_t)0x77);
    assert_int_equal(class, TokenPrivileges);
    *needed = (DWORD)(offsetof(TOKEN_PRIVILEGES, Privileges) +
                      host.held_count * sizeof(LUID_AND_ATTRIBUTES));
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    if (size < *needed)
        return FALSE;
    list->PrivilegeCount = host.held_count;
    for (DWORD i = 0; i < host.held_count; i++)
        list->Privileges[i] =
            (LUID_AND_ATTRIBUTES){{host.held[i], 0}, SE_PRIVILEGE_ENABLED_BY_DEFAULT};
    return TRUE;
}

static BOOL WINAPI look_up(LPCWSTR system, LPCWSTR name, PLUID luid)
{
    assert_null(system);
    assert_int_equal(wcscmp(name, L"SeChangeNotifyPrivilege"), 0);
    *luid = (LUID){23, 0};
    return answer();
}

static BOOL WINAPI adjust(HANDLE token, BOOL all, PTOKEN_PRIVILEGES list, DWORD size,
                          PTOKEN_PRIVILEGES before, PDWORD needed)
{
    assert_ptr_equal(token, (HANDLE)(uintptr_t)0x77);
    assert_false(all);
    assert_int_equal(size, 0);
    assert_true(before == NULL && needed == NULL);
    for (DWORD i = 0; i < list->PrivilegeCount; i++) {
        assert_int_equal(list->Privileges[i].Attributes, SE_PRIVILEGE_REMOVED);
        for (DWORD k = 0; k < host.held_count; k++)
            if (host.held[k] == list->Privileges[i].Luid.LowPart)
                host.held[k] = 0;
    }
    return answer();
}

static BOOL WINAPI close(HANDLE token)
{
    assert_ptr_equal(token, (HANDLE)(uintptr_t)0x77);
    host.tokens--;
    return TRUE;
}

static int begin(void **state)
{
    (void)state;
    memset(&host, 0, sizeof host);
    host.succeeds = TRUE;
    process_hardening_calls = (struct process_hardening_calls){set_dll_directory,
                                                               set_default_directories,
                                                               set_search_mode,
                                                               set_heap,
                                                               set_policy,
                                                               open_token,
                                                               get_token,
                                                               look_up,
                                                               adjust,
                                                               close};
    return 0;
}

static void assert_all_asked(void)
{
    static const DWORD flags[POLICIES] = {[2] = 1, [3] = 3, [6] = 1, [10] = 7, [13] = 1};
    assert_int_equal(host.dll_directory, 1);
    assert_int_equal(host.default_directories, 1);
    assert_int_equal(host.search_mode, 1);
    assert_int_equal(host.heap, 1);
    assert_memory_equal(host.flags, flags, sizeof flags);
}

static void all_that_windows_has_is_asked_for(void **state)
{
    (void)state;
    process_hardening_apply();
    assert_all_asked();
}

static void what_windows_refuses_does_not_keep_the_rest_from_being_asked_for(void **state)
{
    (void)state;
    host.succeeds = FALSE;
    process_hardening_apply();
    assert_all_asked();
}

/* As the first Windows 10 with that policy. */
static void a_flag_that_windows_does_not_know_leaves_the_others(void **state)
{
    (void)state;
    host.unknown = 4;
    process_hardening_apply();
    assert_int_equal(host.flags[10], 3);
    assert_int_equal(host.flags[13], 1);
}

static void what_windows_lacks_is_left_out(void **state)
{
    (void)state;
    process_hardening_calls.SetDefaultDllDirectories = NULL;
    process_hardening_calls.SetSearchPathMode = NULL;
    process_hardening_calls.SetProcessMitigationPolicy = NULL;
    process_hardening_apply();
    assert_int_equal(host.dll_directory, 1);
    assert_int_equal(host.heap, 1);
    process_hardening_calls.SetDllDirectoryW = NULL;
    process_hardening_calls.HeapSetInformation = NULL;
    process_hardening_apply();
    assert_int_equal(host.dll_directory, 1);
    assert_int_equal(host.heap, 1);
}

static void one_privilege_is_left(void **state)
{
    (void)state;
    for (DWORD i = 0; i < 36; i++)
        host.held[i] = i + 2;
    host.held_count = 36;
    process_hardening_drop_privileges();
    for (DWORD i = 0; i < 36; i++)
        assert_int_equal(host.held[i], i + 2 == 23 ? 23 : 0);
    assert_int_equal(host.tokens, 0);
}

static void more_privileges_than_windows_has_are_left_alone(void **state)
{
    (void)state;
    for (DWORD i = 0; i < HELD_MAX; i++)
        host.held[i] = i + 2;
    host.held_count = HELD_MAX;
    process_hardening_drop_privileges();
    assert_int_equal(host.held[0], 2);
    assert_int_equal(host.tokens, 0);
}

static void without_a_token_nothing_is_dropped(void **state)
{
    (void)state;
    host.held[0] = 2;
    host.held_count = 1;
    host.succeeds = FALSE;
    process_hardening_drop_privileges();
    assert_int_equal(host.held[0], 2);
    assert_int_equal(host.opened, 0); /* the name of the one to keep could not be looked up */
}

/* Last, for this process loses them, too. */
static void the_real_calls_are_there_and_do_it(void **state)
{
    (void)state;
    union {
        TOKEN_PRIVILEGES list;
        uint8_t bytes[2048];
    } held;
    HANDLE token;
    DWORD size;
    LUID kept;
    process_hardening_calls = (struct process_hardening_calls){
        .OpenProcessToken = OpenProcessToken,
        .GetTokenInformation = GetTokenInformation,
        .LookupPrivilegeValueW = LookupPrivilegeValueW,
        .AdjustTokenPrivileges = AdjustTokenPrivileges,
        .CloseHandle = CloseHandle,
    };
    process_hardening_load();
    assert_non_null(process_hardening_calls.SetDllDirectoryW);
    assert_non_null(process_hardening_calls.HeapSetInformation);
    process_hardening_apply();
    process_hardening_drop_privileges();
    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    assert_true(GetTokenInformation(token, TokenPrivileges, &held, sizeof held, &size));
    CloseHandle(token);
    assert_true(LookupPrivilegeValueW(NULL, L"SeChangeNotifyPrivilege", &kept));
    assert_int_equal(held.list.PrivilegeCount, 1);
    assert_int_equal(held.list.Privileges[0].Luid.LowPart, kept.LowPart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_that_windows_has_is_asked_for, begin),
        cmocka_unit_test_setup(what_windows_refuses_does_not_keep_the_rest_from_being_asked_for,
                               begin),
        cmocka_unit_test_setup(a_flag_that_windows_does_not_know_leaves_the_others, begin),
        cmocka_unit_test_setup(what_windows_lacks_is_left_out, begin),
        cmocka_unit_test_setup(one_privilege_is_left, begin),
        cmocka_unit_test_setup(more_privileges_than_windows_has_are_left_alone, begin),
        cmocka_unit_test_setup(without_a_token_nothing_is_dropped, begin),
        cmocka_unit_test(the_real_calls_are_there_and_do_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
