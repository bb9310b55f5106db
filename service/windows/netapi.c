#include "netapi.h"

#include <stddef.h>

#include "system_library.h"

struct netapi_functions {
    DWORD(WINAPI *DsGetDcNameW)
    (LPCWSTR, LPCWSTR, GUID *, LPCWSTR, ULONG, PDOMAIN_CONTROLLER_INFOW *);
    DWORD(WINAPI *DsRoleGetPrimaryDomainInformation)
    (LPCWSTR, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL, PBYTE *);
    VOID(WINAPI *DsRoleFreeMemory)(PVOID);
    NET_API_STATUS(WINAPI *NetGetJoinInformation)(LPCWSTR, LPWSTR *, PNETSETUP_JOIN_STATUS);
    NET_API_STATUS(WINAPI *NetUserGetInfo)(LPCWSTR, LPCWSTR, DWORD, LPBYTE *);
    NET_API_STATUS(WINAPI *NetUserSetInfo)(LPCWSTR, LPCWSTR, DWORD, LPBYTE, LPDWORD);
    NET_API_STATUS(WINAPI *NetUserModalsGet)(LPCWSTR, DWORD, LPBYTE *);
    NET_API_STATUS(WINAPI *NetLocalGroupGetMembers)
    (LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD, LPDWORD, LPDWORD, PDWORD_PTR);
    NET_API_STATUS(WINAPI *NetGroupGetUsers)
    (LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD, LPDWORD, LPDWORD, PDWORD_PTR);
    NET_API_STATUS(WINAPI *NetApiBufferFree)(LPVOID);
};

#define FUNCTION(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct netapi_functions, name)                                             \
    }
static const struct system_library_function functions[] = {
    FUNCTION(DsGetDcNameW),     FUNCTION(DsRoleGetPrimaryDomainInformation),
    FUNCTION(DsRoleFreeMemory), FUNCTION(NetGetJoinInformation),
    FUNCTION(NetUserGetInfo),   FUNCTION(NetUserSetInfo),
    FUNCTION(NetUserModalsGet), FUNCTION(NetLocalGroupGetMembers),
    FUNCTION(NetGroupGetUsers), FUNCTION(NetApiBufferFree),
};

/* Any thread may be the first: each puts the same pointers there, and only then says so. */
static struct netapi_functions netapi;
static volatile LONG loaded;

static DWORD load(void)
{
    const char *failed_call;
    if (loaded)
        return ERROR_SUCCESS;
    DWORD error = system_library_load(L"netapi32.dll", functions, ARRAYSIZE(functions), &netapi,
                                      &failed_call);
    if (!error)
        InterlockedExchange(&loaded, 1);
    return error;
}

DWORD WINAPI netapi_get_dc_name(LPCWSTR computer, LPCWSTR domain, GUID *domain_id, LPCWSTR site,
                                ULONG flags, PDOMAIN_CONTROLLER_INFOW *found)
{
    DWORD error = load();
    return error ? error : netapi.DsGetDcNameW(computer, domain, domain_id, site, flags, found);
}

DWORD WINAPI netapi_get_role(LPCWSTR server, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL level, PBYTE *buffer)
{
    DWORD error = load();
    return error ? error : netapi.DsRoleGetPrimaryDomainInformation(server, level, buffer);
}

void WINAPI netapi_free_role(PVOID buffer)
{
    if (!load())
        netapi.DsRoleFreeMemory(buffer);
}

NET_API_STATUS WINAPI netapi_get_join_information(LPCWSTR server, LPWSTR *name,
                                                  PNETSETUP_JOIN_STATUS status)
{
    DWORD error = load();
    return error ? error : netapi.NetGetJoinInformation(server, name, status);
}

NET_API_STATUS WINAPI netapi_user_get_info(LPCWSTR server, LPCWSTR user, DWORD level,
                                           LPBYTE *buffer)
{
    DWORD error = load();
    return error ? error : netapi.NetUserGetInfo(server, user, level, buffer);
}

NET_API_STATUS WINAPI netapi_user_set_info(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE buffer,
                                           LPDWORD wrong_parameter)
{
    DWORD error = load();
    return error ? error : netapi.NetUserSetInfo(server, user, level, buffer, wrong_parameter);
}

NET_API_STATUS WINAPI netapi_user_modals_get(LPCWSTR server, DWORD level, LPBYTE *buffer)
{
    DWORD error = load();
    return error ? error : netapi.NetUserModalsGet(server, level, buffer);
}

NET_API_STATUS WINAPI netapi_local_group_get_members(LPCWSTR server, LPCWSTR group, DWORD level,
                                                     LPBYTE *buffer, DWORD most, LPDWORD read,
                                                     LPDWORD total, PDWORD_PTR resume)
{
    DWORD error = load();
    return error ? error
                 : netapi.NetLocalGroupGetMembers(server, group, level, buffer, most, read, total,
                                                  resume);
}

NET_API_STATUS WINAPI netapi_group_get_users(LPCWSTR server, LPCWSTR group, DWORD level,
                                             LPBYTE *buffer, DWORD most, LPDWORD read,
                                             LPDWORD total, PDWORD_PTR resume)
{
    DWORD error = load();
    return error ? error
                 : netapi.NetGroupGetUsers(server, group, level, buffer, most, read, total, resume);
}

NET_API_STATUS WINAPI netapi_buffer_free(LPVOID buffer)
{
    DWORD error = load();
    return error ? error : netapi.NetApiBufferFree(buffer);
}
