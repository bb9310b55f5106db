/* netapi32_domain.c: servers, domain controllers and the buffers of answers. */
#include "netapi32.h"

#include <stdio.h>
#include <string.h>

#include "lab_faults.h"

enum { DC_KEPT = 15 * 60 /* seconds that a domain controller is remembered, as documented */ };

NET_API_STATUS WINAPI NetApiBufferAllocate(DWORD size, LPVOID *buffer)
{
    if (buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    *buffer = HeapAlloc(GetProcessHeap(), 0, size);
    return *buffer == NULL ? ERROR_NOT_ENOUGH_MEMORY : NERR_Success;
}

NET_API_STATUS WINAPI NetApiBufferFree(LPVOID buffer)
{
    if (buffer != NULL)
        HeapFree(GetProcessHeap(), 0, buffer);
    return NERR_Success;
}

NET_API_STATUS WINAPI NetApiBufferReallocate(LPVOID old, DWORD size, LPVOID *buffer)
{
    if (buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    if (old == NULL)
        return NetApiBufferAllocate(size, buffer);
    *buffer = HeapReAlloc(GetProcessHeap(), 0, old, size);
    return *buffer == NULL ? ERROR_NOT_ENOUGH_MEMORY : NERR_Success;
}

NET_API_STATUS WINAPI NetApiBufferSize(LPVOID buffer, LPDWORD size)
{
    if (buffer == NULL || size == NULL)
        return ERROR_INVALID_PARAMETER;
    *size = (DWORD)HeapSize(GetProcessHeap(), 0, buffer);
    return NERR_Success;
}

static bool is_dc(const wchar_t *server, const wchar_t *name)
{
    size_t count = wcslen(name);
    return _wcsnicmp(server, name, count) == 0 &&
           (server[count] == 0 || _wcsicmp(server + count, L"." LAB_DOMAIN_DNS) == 0);
}

NET_API_STATUS netapi32_enter(const wchar_t *server, enum lab_domain *domain)
{
    NET_API_STATUS status = lab_open();
    if (status != NERR_Success)
        return status;
    lab_fault_wait(LAB_FAULT_NET_DELAY_MS);
    *domain = LAB_COMPUTER;
    if (server != NULL && *server != 0) {
        if (wcslen(server) > MAX_PATH)
            return NERR_InvalidComputer;
        while (*server == L'\\')
            server++;
        bool dc = is_dc(server, LAB_DC_NAME) && !lab_fault(LAB_FAULT_DC);
        if (dc || (is_dc(server, LAB_DC2_NAME) && lab_has_dc2()))
            *domain = LAB_DOMAIN;
        else if (_wcsicmp(server, lab_store->computer) != 0)
            return *server == 0 ? NERR_InvalidComputer : ERROR_BAD_NETPATH;
    }
    return lab_lock();
}

bool netapi32_is_behind(const wchar_t *server)
{
    while (server != NULL && *server == L'\\')
        server++;
    return server != NULL && is_dc(server, LAB_DC2_NAME) && lab_fault(LAB_FAULT_DC_LAG);
}

/* Which domain controller answers, or is remembered: apart for those who need to write, as Windows
 * remembers them. */
static DWORD find_dc(ULONG flags, const wchar_t **name)
{
    uint64_t now = lab_now();
    bool force = (flags & DS_FORCE_REDISCOVERY) != 0;
    bool remembered =
        lab_store->dc_found != 0 && now - lab_store->dc_found < (uint64_t)DC_KEPT * 10000000u;
    if ((flags & DS_WRITABLE_REQUIRED) == 0 && lab_fault(LAB_FAULT_DC_LAG)) {
        *name = LAB_DC2_NAME;
        return ERROR_SUCCESS;
    }
    *name = LAB_DC_NAME;
    if (!force && remembered)
        return ERROR_SUCCESS;
    if (lab_fault(LAB_FAULT_DC)) {
        if (!lab_has_dc2())
            return ERROR_NO_SUCH_DOMAIN;
        *name = LAB_DC2_NAME; /* not remembered: the lab remembers LABDC only */
        return ERROR_SUCCESS;
    }
    lab_store->dc_found = now;
    return ERROR_SUCCESS;
}

static DWORD describe(const wchar_t *dc, ULONG flags, DOMAIN_CONTROLLER_INFOW **made)
{
    wchar_t name[64];
    bool dns = (flags & DS_RETURN_DNS_NAME) != 0;
    LPVOID buffer;
    DWORD error = NetApiBufferAllocate(sizeof **made + 1024, &buffer);
    if (error != ERROR_SUCCESS)
        return error;
    DOMAIN_CONTROLLER_INFOW *info = buffer;
    struct netapi32_pack pack = {(uint8_t *)(info + 1)};
    memset(info, 0, sizeof *info);
    _snwprintf(name, 64, dns ? L"\\\\%ls." LAB_DOMAIN_DNS : L"\\\\%ls", dc);
    info->DomainControllerName = netapi32_pack_text(&pack, name);
    info->DomainControllerAddress = netapi32_pack_text(&pack, L"\\\\192.0.2.10");
    info->DomainControllerAddressType = DS_INET_ADDRESS;
    info->DomainName = netapi32_pack_text(&pack, dns ? LAB_DOMAIN_DNS : LAB_DOMAIN_NAME);
    info->DnsForestName = netapi32_pack_text(&pack, LAB_DOMAIN_DNS);
    info->Flags = DS_PDC_FLAG | DS_DS_FLAG | DS_WRITABLE_FLAG | DS_LDAP_FLAG | DS_KDC_FLAG |
                  DS_DNS_FOREST_FLAG | (dns ? DS_DNS_CONTROLLER_FLAG | DS_DNS_DOMAIN_FLAG : 0u);
    info->DcSiteName = netapi32_pack_text(&pack, L"Default-First-Site-Name");
    info->ClientSiteName = netapi32_pack_text(&pack, L"Default-First-Site-Name");
    *made = info;
    return ERROR_SUCCESS;
}

DWORD WINAPI DsGetDcNameW(LPCWSTR computer, LPCWSTR domain, GUID *guid, LPCWSTR site, ULONG flags,
                          PDOMAIN_CONTROLLER_INFOW *info)
{
    (void)computer;
    (void)guid;
    (void)site;
    const wchar_t *dc;
    ULONG both_names = DS_RETURN_DNS_NAME | DS_RETURN_FLAT_NAME;
    ULONG both_domains = DS_IS_DNS_NAME | DS_IS_FLAT_NAME;
    if (info == NULL)
        return ERROR_INVALID_PARAMETER;
    *info = NULL;
    if ((flags & both_names) == both_names || (flags & both_domains) == both_domains)
        return ERROR_INVALID_FLAGS;
    DWORD error = (DWORD)lab_fault(LAB_FAULT_FIND_DC_ERROR);
    if (error != ERROR_SUCCESS)
        return error;
    bool flat = domain != NULL && _wcsicmp(domain, LAB_DOMAIN_NAME) == 0;
    bool dns = domain != NULL && _wcsicmp(domain, LAB_DOMAIN_DNS) == 0;
    if ((domain != NULL && !flat && !dns) || (dns && (flags & DS_IS_FLAT_NAME) != 0) ||
        (flat && (flags & DS_IS_DNS_NAME) != 0))
        return ERROR_NO_SUCH_DOMAIN;
    error = lab_lock();
    if (error != ERROR_SUCCESS)
        return error;
    error = find_dc(flags, &dc);
    lab_unlock();
    return error == ERROR_SUCCESS ? describe(dc, flags, info) : error;
}

NET_API_STATUS WINAPI NetGetJoinInformation(LPCWSTR server, LPWSTR *name,
                                            PNETSETUP_JOIN_STATUS status)
{
    (void)server;
    LPVOID buffer;
    if (name == NULL || status == NULL)
        return ERROR_INVALID_PARAMETER;
    NET_API_STATUS error = NetApiBufferAllocate(sizeof LAB_DOMAIN_NAME, &buffer);
    if (error != NERR_Success)
        return error;
    *name = memcpy(buffer, LAB_DOMAIN_NAME, sizeof LAB_DOMAIN_NAME);
    *status = NetSetupDomainName;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetUserModalsGet(LPCWSTR server, DWORD level, LPBYTE *buffer)
{
    enum lab_domain domain;
    LPVOID made;
    if (buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    if (level != 2)
        return ERROR_INVALID_LEVEL;
    NET_API_STATUS status = netapi32_enter(server, &domain);
    if (status != NERR_Success)
        return status;
    status = NetApiBufferAllocate(sizeof(USER_MODALS_INFO_2) + LAB_SID_MAX + 256, &made);
    if (status == NERR_Success) {
        USER_MODALS_INFO_2 *info = made;
        struct netapi32_pack pack = {(uint8_t *)(info + 1) + LAB_SID_MAX};
        info->usrmod2_domain_id = info + 1;
        lab_domain_sid(domain, info->usrmod2_domain_id);
        info->usrmod2_domain_name =
            netapi32_pack_text(&pack, domain == LAB_DOMAIN ? LAB_DOMAIN_NAME : lab_store->computer);
        *buffer = made;
    }
    lab_unlock();
    return status;
}
