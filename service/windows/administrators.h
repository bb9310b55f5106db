/* administrators.h: whether locking an account would leave a server without an administrator.
 *
 * Looked at is the alias Administrators (S-1-5-32-544, whatever its name in the server's language)
 * on the server that holds the account, its members, and the members of the global and universal
 * groups among them: one level. Aliases inside the alias are not opened. The first other member
 * that is an enabled user settles it.
 *
 * What is not known counts against the lock, as far as the account can be concerned:
 * - A member that cannot be examined (its domain is away, reading it is denied) is not enabled.
 * - A group of the account's own domain that cannot be read may have the account as its member.
 * Where access is denied, the protection cannot be checked and the lock goes on: who is denied to
 * read the list (a service that acts on a domain by delegated rights) has no rights over its
 * members either, since AdminSDHolder keeps delegated rights off administrators
 * (learn.microsoft.com "AdminSDHolder, protected groups and SDPROP"); the lock itself then fails.
 *
 * A universal group's members from other domains come without their domain. A user of the group's
 * own domain that bears the same name is held for the member.
 */
#ifndef RELAYLOCK_WINDOWS_ADMINISTRATORS_H
#define RELAYLOCK_WINDOWS_ADMINISTRATORS_H

#include "directory.h"

enum {
    /* Members looked at. If no enabled one is among them and the account neither, it is not known
     * whether it is an administrator: ERROR_MORE_DATA. */
    ADMINISTRATORS_EXAMINED_MAX = 4096
};

/* Whether the account of sid, called name on server, is an administrator there and no other one is
 * enabled. ERROR_SUCCESS, or the error of the call that failed, whose name goes to *failed_call;
 * *last is untouched then. */
DWORD administrators_is_last(const wchar_t *server, const wchar_t *name, const uint8_t *sid,
                             bool *last, const char **failed_call);

#endif
