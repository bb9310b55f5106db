/* netapi32.h: what the files of the lab's netapi32.dll share.
 *
 * Source of all of it: learn.microsoft.com lmaccess.h, lmapibuf.h, dsgetdc.h, lmjoin.h.
 */
#ifndef RELAYLOCK_LAB_NETAPI32_H
#define RELAYLOCK_LAB_NETAPI32_H

#include <windows.h>
#include <lm.h>
#include <dsgetdc.h>
#include "lab_users.h"

/* Finds the database of a server and enters the store; leave with lab_unlock. ERROR_BAD_NETPATH
 * for a server that cannot be reached, NERR_InvalidComputer for what is no server name. */
NET_API_STATUS netapi32_enter(const wchar_t *server, enum lab_domain *domain);

/* Whether it is a domain controller that lags, so that it has users as lab_principal_behind tells.
 */
bool netapi32_is_behind(const wchar_t *server);

/* Text and other things behind the structures of an answer. */
struct netapi32_pack {
    uint8_t *at;
};
wchar_t *netapi32_pack_text(struct netapi32_pack *pack, const wchar_t *text);
PSID netapi32_pack_sid(struct netapi32_pack *pack, const struct lab_principal *principal);

/* Bytes of the structure of a level of user information, 0 for a level there is not; and bytes that
 * what it points to takes at most. */
DWORD netapi32_info_size(DWORD level);
enum { NETAPI32_INFO_EXTRA = 8 * LAB_TEXT * 2 + 256 };
void netapi32_info_fill(DWORD level, const struct lab_principal *user, uint8_t *fixed,
                        struct netapi32_pack *pack);

#endif
