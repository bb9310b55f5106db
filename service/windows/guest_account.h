/* guest_account.h: the SID of the account Guest, which bears any name in other languages or after a
 * renaming: the relative id 501 of a database of accounts.
 *
 * Sources: learn.microsoft.com "Well-known SIDs" (DOMAIN_USER_RID_GUEST), ns-lmaccess-
 * user_modals_info_2. Through account_calls (account.h); may block for as long as the network lets
 * it.
 */
#ifndef RELAYLOCK_WINDOWS_GUEST_ACCOUNT_H
#define RELAYLOCK_WINDOWS_GUEST_ACCOUNT_H

#include "account.h"

enum guest_place {
    GUEST_LOCAL, /* this computer's; on a domain controller its domain's */
    GUEST_DOMAIN /* of the domain that this computer belongs to */
};

struct guest_account {
    uint8_t sid[IDENTITY_SID_MAX];
    size_t size; /* bytes */
};

/* Finds the SID; whether there is such an account is not looked at. ERROR_SUCCESS, or the error of
 * the call that failed, whose name goes to *failed_call; *guest is untouched then.
 * ERROR_NO_SUCH_DOMAIN: the computer belongs to no domain, or none of its controllers answers. */
DWORD guest_account_find(enum guest_place place, struct guest_account *guest,
                         const char **failed_call);

#endif
