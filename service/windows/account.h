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
#include <dsrole.h>
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
    NET_API_STATUS(WINAPI *NetUserModalsGet)(LPCWSTR, DWORD, LPBYTE *);
    NET_API_STATUS(WINAPI *NetApiBufferFree)(LPVOID);
    BOOL(WINAPI *CryptAcquireContextW)(HCRYPTPROV *, LPCWSTR, LPCWSTR, DWORD, DWORD);
    BOOL(WINAPI *CryptGenRandom)(HCRYPTPROV, DWORD, BYTE *);
    BOOL(WINAPI *CryptReleaseContext)(HCRYPTPROV, DWORD);
    BOOL(WINAPI *GetComputerNameW)(LPWSTR, LPDWORD);
    NET_API_STATUS(WINAPI *NetGetJoinInformation)(LPCWSTR, LPWSTR *, PNETSETUP_JOIN_STATUS);
    DWORD(WINAPI *DsRoleGetPrimaryDomainInformation)
    (LPCWSTR, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL, PBYTE *);
    VOID(WINAPI *DsRoleFreeMemory)(PVOID);
};
extern struct account_calls account_calls;

enum { ACCOUNT_SERVER_MAX = 260 /* "\\\\", a DNS name of 255 units, terminator; rounded up */ };

#define ACCOUNT_MARK L"[RelayLock] "

/* An account as it was found, right before it is written. */
struct account_before {
    DWORD flags;                         /* UF_... */
    bool marked;                         /* ACCOUNT_MARK stood before its comment */
    char16_t server[ACCOUNT_SERVER_MAX]; /* that is asked, "\\\\NAME"; "" for this computer */
    char16_t name[UNLEN + 1];            /* sAMAccountName */
};

/* What makes a write safe against the end of the program in the middle of it: it is told before,
 * and what was told then is given to the next try. */
struct account_intent {
    /* Called before each write with what it is going to change. False: it is not written,
     * ACCOUNT_FAILED or RELEASE_FAILED with ERROR_CANCELLED, call "recording the intent". */
    bool (*intend)(void *context, const struct account_before *before);
    void *context;
    /* What an earlier try was told, and perhaps did before the program ended; null if none. If it
     * found the account otherwise than it is to become, and it has become so, that is taken for its
     * doing: nothing is written again. It must stay as it is during the call. */
    const struct account_before *earlier;
};

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
    const char *call;   /* that failed, or the check ("comparing the SID"): a literal; else null */
    DWORD error;        /* its code */
    DWORD flags_before; /* UF_...: found; 0 when it was not read */
    DWORD flags_after;  /* read back; 0 when it was not */
    bool marked;        /* ACCOUNT_MARK was put before the comment */
    bool maybe_written; /* failed, and the account may be changed even so: a write was done, or
                           failed otherwise than by a refusal (directory_refused) */
};

/* Locks the account of sid (size bytes).
 * LOCK_DISABLE: ORs UF_ACCOUNTDISABLE into its flags, changes no other, reads them back. What was
 * read is written back whole: a flag left out would be cleared, UF_LOCKOUT included
 * (USER_INFO_1008), and UF_SCRIPT must be set. LOCK_PASSWORD: sets 32 random characters of all
 * classes as its password, keeps them nowhere, and does so a second time: a domain controller of
 * Server 2003 SP1 or later takes the password before the last one, too, for an hour (KB 906305).
 * A disabled account is left alone (ACCOUNT_ALREADY).
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
 * all is tried again, once. What is found done then, after a write whose answer was lost, is this
 * lock's (ACCOUNT_LOCKED, with the flags found before that write). A password that an earlier try
 * may have set is set anew, as it cannot be seen. intent may be null, and so may its members.
 * *outcome is always written. */
void account_lock(const uint8_t *sid, size_t size, enum lock_action action,
                  const struct account_intent *intent, struct account_outcome *outcome);

/* Disables the account on that server ("\\\\NAME"; "" for this computer), as account_lock does: on
 * a controller that has not been told of the lock yet. A controller that cannot be written to says
 * so; no other one is looked for. */
void account_lock_on(const uint8_t *sid, size_t size, const wchar_t *server,
                     struct account_outcome *outcome);

enum account_release_result {
    RELEASE_DONE,
    RELEASE_NOTHING, /* nothing of the lock was there any more; nothing was changed */
    RELEASE_CHANGED, /* somebody changed the account since; nothing was changed */
    RELEASE_FAILED   /* see call and error; enabled_now, mark_removed tell what was done before */
};

/* What a lock changed, by its outcome. */
struct account_undo {
    enum lock_action action;
    DWORD flags_before;
    DWORD flags_after; /* 0: it was not read back; what would have been written is expected then */
    bool marked;
    bool force;             /* also when somebody changed it since, or when it was deleted */
    const char16_t *server; /* that was written to, "" for this computer; null: whichever holds the
                               account */
    const char16_t *user;   /* the name it had there; null or "": not known */
};

struct account_release_outcome {
    enum account_release_result result;
    char16_t server[ACCOUNT_SERVER_MAX]; /* as in account_outcome, and so name, call, error */
    char16_t name[UNLEN + 1];
    const char *call;
    DWORD error;
    DWORD flags_found; /* UF_...; 0 when it was not read */
    bool enabled_now;  /* its being disabled was undone */
    bool mark_removed; /* the mark was removed from its comment */
    bool deleted;      /* nothing was there any more since the account was deleted */
};

/* Takes back what a lock changed, and nothing else, on the server that was written to: another one
 * may not have heard of the lock yet, and would get it later. Only when that one cannot do it, the
 * account is looked for as by account_lock; a controller that finds nothing to take back has then
 * perhaps not heard of the lock: RELEASE_FAILED, with the first one's server, call and error,
 * unless forced. The account is checked as by account_lock. LOCK_DISABLE: clears UF_ACCOUNTDISABLE
 * and writes all other flags as they are now, if they are as the lock left them: otherwise
 * RELEASE_CHANGED, unless forced. Bits that Windows changes by itself (UF_LOCKOUT,
 * UF_PASSWORD_EXPIRED) may differ. An account that is enabled needs no release, whatever else has
 * changed. Who enabled it and disabled it again cannot be told from who did neither. marked:
 * removes ACCOUNT_MARK from the start of the comment, if it is there still; what has been written
 * behind it stays. LOCK_PASSWORD: the old password is known to nobody: RELEASE_NOTHING, with server
 * and name.
 *
 * An account whose SID nobody knows is RELEASE_FAILED (account_is_unknown), as Windows says the
 * same when it got no answer (nf-winbase-lookupaccountsidw, ERROR_NONE_MAPPED). Forced it is
 * RELEASE_NOTHING, deleted, if a server proves it whose own database is that of the SID's domain:
 * it does not know the SID, and has nobody, or somebody else, by the name of the user. Asked is the
 * one that was written to, then one of the domain that this computer belongs to.
 *
 * All that is written is told before and read back. *outcome is always written. */
void account_release(const uint8_t *sid, size_t size, const struct account_undo *undo,
                     const struct account_intent *intent, struct account_release_outcome *outcome);

/* Whether the error of a release says that the account is not known: perhaps it was deleted. */
bool account_is_unknown(DWORD error);

struct account_view {
    DWORD flags; /* UF_... */
    bool disabled;
    bool marked;
    char16_t server[ACCOUNT_SERVER_MAX];
    char16_t name[UNLEN + 1];
};

enum account_place {
    ACCOUNT_WRITABLE, /* where locks are written: a controller with a writable directory; this
                         computer, if it is one of the account's domain */
    ACCOUNT_USED      /* the controller that this host uses: where it may have to be looked for a
                         lock that does not hold, as replication takes its time (domain.md 9) */
};

/* Reads the account, from this computer if it is one of its own, otherwise from the server of that
 * place. ERROR_SUCCESS, or the error of the call that failed, whose name goes to *failed_call;
 * *view is untouched then. */
DWORD account_look(const uint8_t *sid, size_t size, enum account_place place,
                   struct account_view *view, const char **failed_call);

/* The same on that server ("\\\\NAME"; "" for this computer), whichever others there are. */
DWORD account_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                      struct account_view *view, const char **failed_call);

#endif
