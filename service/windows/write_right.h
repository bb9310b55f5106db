/* write_right.h: whether this process may change an account, found out without changing it.
 *
 * Of an account of a domain the directory itself says which attributes whoever asks may write: the
 * constructed attribute allowedAttributesEffective (MS-ADTS 3.1.1.4.5.7; Windows 2000 and later),
 * which is read on the controller that holds it (ldap_session.h), as <SID=...> (MS-ADTS
 * 3.1.1.3.1.2.4). It does not tell of the right to reset a password, which belongs to no attribute
 * (MS-ADTS 5.1.3.2.1, User-Force-Change-Password).
 *
 * An account of this computer may be changed by who is in its alias Administrators
 * (nf-lmaccess-netusersetinfo, "Security Requirements"): nothing tells more without a write.
 */
#ifndef RELAYLOCK_WINDOWS_WRITE_RIGHT_H
#define RELAYLOCK_WINDOWS_WRITE_RIGHT_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The OS call but for those of ldap_session.h; tests put another here. */
struct write_right_calls {
    BOOL(WINAPI *CheckTokenMembership)(HANDLE, PSID, PBOOL);
};
extern struct write_right_calls write_right_calls;

/* Whether the process may write all of these attributes (a list that a null ends) of the account of
 * sid (size bytes) on the domain controller server (as of ldap_session_open). ERROR_SUCCESS, or the
 * error of the call that failed, as Windows has it, whose name (a literal) goes to *failed_call;
 * *may is untouched then. */
DWORD write_right_of_attributes(const wchar_t *server, const uint8_t *sid, size_t size,
                                const wchar_t *const *attributes, bool *may,
                                const char **failed_call);

/* Whether the process is one of an administrator of this computer, with the rights of one. */
DWORD write_right_is_administrator(bool *is, const char **failed_call);

#endif
