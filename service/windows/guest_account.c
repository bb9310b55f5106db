#include "guest_account.h"
#include "directory.h"
#include "../core/sid.h"
#include <string.h>

/* The SID of a domain, and behind it the relative id. */
static bool add_guest(const uint8_t *domain, struct guest_account *guest)
{
    const uint32_t rid = DOMAIN_USER_RID_GUEST;
    size_t size = sid_size(domain, IDENTITY_SID_MAX);
    if (size == 0 || size + sizeof rid > IDENTITY_SID_MAX)
        return false;
    memcpy(guest->sid, domain, size);
    memcpy(guest->sid + size, &rid, sizeof rid);
    guest->sid[1]++;
    guest->size = size + sizeof rid;
    return true;
}

DWORD guest_account_find(enum guest_place place, struct guest_account *guest,
                         const char **failed_call)
{
    wchar_t server[ACCOUNT_SERVER_MAX] = L"";
    LPBYTE buffer = NULL;
    DWORD error = ERROR_SUCCESS;
    if (place == GUEST_DOMAIN)
        error = directory_find_server(NULL, ACCOUNT_WRITABLE, false, server, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "NetUserModalsGet";
    error = account_calls.NetUserModalsGet(directory_server_argument(server), 2, &buffer);
    if (error != NERR_Success)
        return error;
    const USER_MODALS_INFO_2 *info = (const USER_MODALS_INFO_2 *)(const void *)buffer;
    if (!info || !info->usrmod2_domain_id || !add_guest(info->usrmod2_domain_id, guest))
        error = ERROR_INVALID_DATA;
    account_calls.NetApiBufferFree(buffer);
    return error;
}
