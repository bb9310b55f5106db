/* resolver.h: account names to SIDs, on a thread of its own, with a cache.
 *
 * LookupAccountName may take a minute when a domain controller hangs; the thread that reads the log
 * must not wait for that. The cache keeps successes RESOLVER_KEEP and failures RESOLVER_RETRY
 * seconds. A success that has expired stays in force while it is asked again in the background,
 * until the answer is a different one. "Not found" is no different answer: Windows says
 * ERROR_NONE_MAPPED also when the network timed out (nf-winbase-lookupaccountsidw), and a SID that
 * is no more locks nobody.
 *
 * What a name stands for (learn.microsoft.com nf-winbase-lookupaccountnamew,
 * ne-winnt-sid_name_use):
 * - A user: IDENTITY_USER, but IDENTITY_PROTECTED with RID 500 of a domain or computer or when it
 * is the account this process runs as, and IDENTITY_MACHINE when its name ends in '$'.
 * - A computer: IDENTITY_MACHINE. Anything else (group, alias, domain, well-known): unresolved.
 * - A bare name is of the domain that the SMTP virtual servers have for such names
 * (logon_domains.h); of several that have such a user, and as long as they could not be read, of
 * none: it stays unresolved, and is flagged only. Where they have none it is looked for among the
 * well-known ones, on this computer, in its domain, in trusted domains, in this order. So a local
 * account is meant before its twin in the domain. A bare name that is also that of a domain or
 * computer means the domain: unresolved, too.
 * - DOMAIN/user is DOMAIN\user (name_lookup.h). ".\user" is of this computer
 * (nf-winbase-logonuserw); of a lookup that is documented nowhere, so it is made in that order.
 * - A name that is empty, holds a NUL or is longer than RESOLVER_NAME_MAX is no account's: it is
 *   unresolved without asking. So is one whose DOMAIN\user would not fit RESOLVER_CANONICAL_MAX: a
 *   NetBIOS domain has at most 15 units, an account that the Net functions can act on 20.
 */
#ifndef RELAYLOCK_WINDOWS_RESOLVER_H
#define RELAYLOCK_WINDOWS_RESOLVER_H

#include <windows.h>
#include "../core/identity.h"
#include "logon_domains.h"
#include "name_cache.h"

enum {
    RESOLVER_KEEP = 600, /* seconds; also of the logon domains */
    RESOLVER_RETRY = 60,
    RESOLVER_CACHE = 16384,   /* names; the least recently used one is dropped; about 4 MB */
    RESOLVER_PATIENCE = 1000, /* ms that resolver_find waits for an answer */
    RESOLVER_QUEUE = 16,      /* names waiting to be asked; more are turned away */
    RESOLVER_NAME_MAX = 1024, /* units; the longest user principal name */
    RESOLVER_CANONICAL_MAX = NAME_CANONICAL_MAX
};

/* The OS calls; tests put others here. */
struct resolver_calls {
    BOOL(WINAPI *LookupAccountNameW)
    (LPCWSTR, LPCWSTR, PSID, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    BOOL(WINAPI *LookupAccountSidW)
    (LPCWSTR, PSID, LPWSTR, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    BOOL(WINAPI *OpenProcessToken)(HANDLE, DWORD, PHANDLE);
    BOOL(WINAPI *GetTokenInformation)(HANDLE, TOKEN_INFORMATION_CLASS, LPVOID, DWORD, PDWORD);
    DWORD (*logon_domains_read)(struct logon_domains *);
    DWORD(WINAPI *GetTickCount)(void);
    HANDLE(WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    HANDLE(WINAPI *CreateThread)
    (LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    LPVOID(WINAPI *VirtualAlloc)(LPVOID, SIZE_T, DWORD, DWORD);
    BOOL(WINAPI *VirtualFree)(LPVOID, SIZE_T, DWORD);
};
extern struct resolver_calls resolver_calls;

struct resolver;

/* Starts the thread. late, which may be null, is signalled whenever a name turns out to stand for
 * somebody after resolver_find had said IDENTITY_UNRESOLVED for it (given up waiting, or after a
 * failure): what was counted by name before belongs to a SID now. Names that were turned away
 * because the queue was full are told of together, once Windows answers again.
 * ERROR_SUCCESS or the error; *resolver untouched then. */
DWORD resolver_start(const struct hash_key *key, HANDLE late, struct resolver **resolver);

/* Who name stands for. Waits at most RESOLVER_PATIENCE ms for an answer (or until stop, which may
 * be null, is signalled), and not at all while the thread is still busy with an earlier name that
 * it was given up on; then the answer is IDENTITY_UNRESOLVED. Never fails. identity->name views
 * canonical (DOMAIN\user) or, unresolved, name. Called by one thread at a time. */
void resolver_find(struct resolver *resolver, struct text name, HANDLE stop,
                   char16_t canonical[RESOLVER_CANONICAL_MAX], struct identity *identity);

/* Ends the thread and frees all; late is not signalled any more. A thread that hangs in Windows for
 * longer than wait ms is left behind, and frees the memory itself when Windows lets it go: false.
 */
bool resolver_stop(struct resolver *resolver, DWORD wait);

#endif
