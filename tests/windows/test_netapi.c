#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "windows/netapi.h"
#include "windows/system_library.h"

/* A system whose netapi32.dll tells which of its functions was called, and with what. */
static struct {
    bool missing;
    unsigned loaded;
    const char *called;
    const void *arguments[8];
} host;

static UINT WINAPI get_directory(LPWSTR path, UINT size)
{
    (void)size;
    wcscpy(path, L"C:\\system");
    return 9;
}

static HMODULE WINAPI load(LPCWSTR path, HANDLE file, DWORD flags)
{
    assert_int_equal(wcscmp(path, L"C:\\system\\netapi32.dll"), 0);
    assert_null(file);
    assert_int_equal(flags, LOAD_WITH_ALTERED_SEARCH_PATH);
    SetLastError(ERROR_MOD_NOT_FOUND);
    host.loaded += !host.missing;
    return host.missing ? NULL : (HMODULE)(uintptr_t)0x10000;
}

static const void *number(uint64_t value)
{
    return (const void *)(uintptr_t)value;
}

static DWORD note(const char *called, const void *arguments[8])
{
    host.called = called;
    memcpy(host.arguments, arguments, sizeof host.arguments);
    return 7000;
}

static DWORD WINAPI get_dc(LPCWSTR computer, LPCWSTR domain, GUID *guid, LPCWSTR site, ULONG flags,
                           PDOMAIN_CONTROLLER_INFOW *found)
{
    return note("DsGetDcNameW",
                (const void *[8]){computer, domain, guid, site, number(flags), found});
}

static DWORD WINAPI get_role(LPCWSTR server, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL level, PBYTE *buffer)
{
    return note("DsRoleGetPrimaryDomainInformation",
                (const void *[8]){server, number(level), buffer});
}

static VOID WINAPI free_role(PVOID buffer)
{
    note("DsRoleFreeMemory", (const void *[8]){buffer});
}

static NET_API_STATUS WINAPI get_join(LPCWSTR server, LPWSTR *name, PNETSETUP_JOIN_STATUS status)
{
    return note("NetGetJoinInformation", (const void *[8]){server, name, status});
}

static NET_API_STATUS WINAPI get_user(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE *buffer)
{
    return note("NetUserGetInfo", (const void *[8]){server, user, number(level), buffer});
}

static NET_API_STATUS WINAPI set_user(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE buffer,
                                      LPDWORD wrong)
{
    return note("NetUserSetInfo", (const void *[8]){server, user, number(level), buffer, wrong});
}

static NET_API_STATUS WINAPI get_modals(LPCWSTR server, DWORD level, LPBYTE *buffer)
{
    return note("NetUserModalsGet", (const void *[8]){server, number(level), buffer});
}

static NET_API_STATUS WINAPI get_members(LPCWSTR server, LPCWSTR group, DWORD level, LPBYTE *buffer,
                                         DWORD most, LPDWORD read, LPDWORD total, PDWORD_PTR resume)
{
    return note("NetLocalGroupGetMembers", (const void *[8]){server, group, number(level), buffer,
                                                             number(most), read, total, resume});
}

static NET_API_STATUS WINAPI get_users(LPCWSTR server, LPCWSTR group, DWORD level, LPBYTE *buffer,
                                       DWORD most, LPDWORD read, LPDWORD total, PDWORD_PTR resume)
{
    return note("NetGroupGetUsers", (const void *[8]){server, group, number(level), buffer,
                                                      number(most), read, total, resume});
}

static NET_API_STATUS WINAPI buffer_free(LPVOID buffer)
{
    return note("NetApiBufferFree", (const void *[8]){buffer});
}

#define OFFER(name, function)                                                                      \
    if (strcmp(asked, name) == 0)                                                                  \
    return (FARPROC)(void (*)(void))function

static FARPROC WINAPI get_address(HMODULE library, LPCSTR asked)
{
    assert_ptr_equal(library, (HMODULE)(uintptr_t)0x10000);
    OFFER("DsGetDcNameW", get_dc);
    OFFER("DsRoleGetPrimaryDomainInformation", get_role);
    OFFER("DsRoleFreeMemory", free_role);
    OFFER("NetGetJoinInformation", get_join);
    OFFER("NetUserGetInfo", get_user);
    OFFER("NetUserSetInfo", set_user);
    OFFER("NetUserModalsGet", get_modals);
    OFFER("NetLocalGroupGetMembers", get_members);
    OFFER("NetGroupGetUsers", get_users);
    OFFER("NetApiBufferFree", buffer_free);
    fail_msg("asked for %s", asked);
    return NULL;
}

static BOOL WINAPI free_library(HMODULE library)
{
    (void)library;
    fail_msg("netapi32 was let go");
    return TRUE;
}

/* Calls each function in turn with arguments that all differ; expects a result of each. */
static void assert_each_gives(DWORD result)
{
    static const wchar_t server[] = L"s", other[] = L"o", site[] = L"t";
    GUID guid;
    PDOMAIN_CONTROLLER_INFOW found;
    LPWSTR name;
    NETSETUP_JOIN_STATUS joined;
    BYTE bytes[1], *buffer;
    DWORD read, total;
    DWORD_PTR resume;
#define EXPECT(call, called_name, ...)                                                             \
    host.called = NULL;                                                                            \
    assert_int_equal(call, result);                                                                \
    if (result == 7000) {                                                                          \
        const void *wanted[8] = {__VA_ARGS__};                                                     \
        assert_string_equal(host.called, called_name);                                             \
        assert_memory_equal(host.arguments, wanted, sizeof wanted);                                \
    } else {                                                                                       \
        assert_null(host.called);                                                                  \
    }
    EXPECT(netapi_get_dc_name(server, other, &guid, site, 5, &found), "DsGetDcNameW", server, other,
           &guid, site, number(5), &found)
    EXPECT(netapi_get_role(server, DsRoleUpgradeStatus, &buffer),
           "DsRoleGetPrimaryDomainInformation", server, number(DsRoleUpgradeStatus), &buffer)
    EXPECT((netapi_free_role(bytes), result), "DsRoleFreeMemory", bytes)
    EXPECT(netapi_get_join_information(server, &name, &joined), "NetGetJoinInformation", server,
           &name, &joined)
    EXPECT(netapi_user_get_info(server, other, 4, &buffer), "NetUserGetInfo", server, other,
           number(4), &buffer)
    EXPECT(netapi_user_set_info(server, other, 1008, bytes, &read), "NetUserSetInfo", server, other,
           number(1008), bytes, &read)
    EXPECT(netapi_user_modals_get(server, 2, &buffer), "NetUserModalsGet", server, number(2),
           &buffer)
    EXPECT(netapi_local_group_get_members(server, other, 1, &buffer, 9, &read, &total, &resume),
           "NetLocalGroupGetMembers", server, other, number(1), &buffer, number(9), &read, &total,
           &resume)
    EXPECT(netapi_group_get_users(server, other, 0, &buffer, 9, &read, &total, &resume),
           "NetGroupGetUsers", server, other, number(0), &buffer, number(9), &read, &total, &resume)
    EXPECT(netapi_buffer_free(bytes), "NetApiBufferFree", bytes)
}

static void each_function_is_that_of_the_system_directory(void **state)
{
    (void)state;
    system_library_calls =
        (struct system_library_calls){get_directory, load, get_address, free_library};
    host.missing = true;
    assert_each_gives(ERROR_MOD_NOT_FOUND);
    host.missing = false;
    assert_each_gives(7000);
    assert_int_equal(host.loaded, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_function_is_that_of_the_system_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
