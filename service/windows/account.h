/* account.h: finds an account by its SID on the server that holds it, locks it there, looks whether
 * the lock holds, and undoes it.
 *
 * Sources: learn.microsoft.com nf-lmaccess-netusersetinfo (levels 1003, 1007, 1008),
 * nf-dsgetdc-dsgetdcnamew; domain.md 9. Every function may block for as long as the network lets
 * it: never call them on a thread that must answer.
 */
#ifndef RELAYLOCK_WINDOWS_ACCOUNT_H
#define RELAYLOCK_WINDOWS_ACCOUNT_H

#include <windows.h>
#include <lm.h>
#include <dsgetdc.h>
#include <wincrypt.h>
#include "../core/identity.h"
#include "../core/settings.h"

/* The OS calls; tests put others here. */
struct account_calls {
    BOOL(WINAPI *LookupAccountSidW)
    (LPCWSTR, PSID, LPWSTR, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    DWORD(WINAPI *DsGetDcNameW)
    (LPCWSTR, LPCWSTR, GUID *, LPCWSTR, ULONG, PDOMAIN_CONTROLLER_INFOW *);
    NET_API_STATUS(WINAPI *NetUserGetInfo)(LPCWSTR, LPCWSTR, DWORD, LPBYTE *);
    NET_API_STATUS(WINAPI *NetUserSetInfo)(LPCWSTR, LPCWSTR, DWORD, LPBYTE, LPDWORD);
    NET_API_STATUS(WINAPI *NetLocalGroupGetMembers)
    (LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD, LPDWORD, LPDWORD, PDWORD_PTR);
    NET_API_STATUS(WINAPI *NetGroupGetUsers)
    (LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD, LPDWORD, LPDWORD, PDWORD_PTR);
    NET_API_STATUS(WINAPI *NetApiBufferFree)(LPVOID);
    BOOL(WINAPI *CryptAcquireContextW)(HCRYPTPROV *, LPCWSTR, LPCWSTR, DWORD, DWORD);
    BOOL(WINAPI *CryptGenRandom)(HCRYPTPROV, DWORD, BYTE *);
    BOOL(WINAPI *CryptReleaseContext)(HCRYPTPROV, DWORD);
    BOOL(WINAPI *GetComputerNameW)(LPWSTR, LPDWORD);
};
extern struct account_calls account_calls;

enum { ACCOUNT_SERVER_MAX = 260 /* "\\\\", a DNS name of 255 units, terminator; rounded up */ };

enum account_result {
    ACCOUNT_LOCKED,     /* done, and read back (a password cannot be) */
    ACCOUNT_ALREADY,    /* was disabled before (LOCK_FLAG: marked before): nothing was changed */
    ACCOUNT_LAST_ADMIN, /* the last enabled administrator: nothing was changed */
    ACCOUNT_FAILED      /* see call and error */
};

struct account_outcome {
    enum account_result result;
    char16_t server[ACCOUNT_SERVER_MAX]; /* that was asked, "\\\\NAME"; "" for this computer */
    char16_t name[UNLEN + 1];            /* sAMAccountName; "" when it could not be found */
    const char *call; /* that failed, or the check ("comparing the SID"): a literal; else null */
    DWORD error;      /* its code */
};

/* Locks the account of sid (size bytes).
 * LOCK_DISABLE: ORs UF_ACCOUNTDISABLE into its flags, changes no other, reads them back. What was
 * read is written back whole: a flag left out would be cleared, UF_LOCKOUT included
 * (USER_INFO_1008), and UF_SCRIPT must be set. LOCK_PASSWORD: sets 32 random characters of all
 * classes as its password, keeps them nowhere; a disabled account is left alone (ACCOUNT_ALREADY).
 * LOCK_FLAG: puts ACCOUNT_MARK before its comment, unless it is there, and reads it back. A comment
 * that would grow over MAXCOMMENTSZ is left as it is, since cutting it would lose a part of it:
 * ACCOUNT_FAILED with ERROR_BUFFER_OVERFLOW.
 *
 * The name is found by the SID, the server by the name's domain, and what that server has under
 * that name must be the account of the SID before anything is written (directory_user_is):
 * otherwise ACCOUNT_FAILED with ERROR_INVALID_SID. So a twin of the same name on this computer or
 * in another domain is never hit.
 *
 * An administrator is disabled, or gets a new password, only while another one is enabled
 * (administrators.h); NERR_LastAdmin from Windows says the same.
 *
 * When the domain controller cannot be reached another one is looked for (DS_FORCE_REDISCOVERY) and
 * all is tried again, once. *outcome is always written. */
void account_lock(const uint8_t *sid, size_t size, enum lock_action action,
                  struct account_outcome *outcome);

/* Whether the account is disabled now. ERROR_SUCCESS, or the error of the call that failed, whose
 * name goes to *failed_call; *disabled is then untouched. */
DWORD account_is_disabled(const uint8_t *sid, size_t size, bool *disabled,
                          const char **failed_call);

#define ACCOUNT_MARK L"[RelayLock] "

#endif
