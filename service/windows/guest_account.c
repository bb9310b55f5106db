#include "guest_account.h"
#include "directory.h"

DWORD guest_account_find(enum guest_place place, struct guest_account *guest,
                         const char **failed_call)
{
    wchar_t server[ACCOUNT_SERVER_MAX] = L"";
    DWORD error = ERROR_SUCCESS;
    if (place == GUEST_DOMAIN)
        error = directory_find_server(NULL, ACCOUNT_WRITABLE, false, server, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    return directory_make_sid(server, DOMAIN_USER_RID_GUEST, guest->sid, &guest->size, failed_call);
}
