/* resolver.h: account names to SIDs, on a thread of its own, with a cache.
 *
 * LookupAccountName may take a minute when a domain controller hangs; the thread that reads the log
 * must not wait for that. The cache keeps successes RESOLVER_KEEP and failures RESOLVER_RETRY
 * seconds; a success that has expired is asked again, and stays in force until the answer is a
 * different one (an unreachable domain controller is no different answer).
 */
#ifndef RELAYLOCK_WINDOWS_RESOLVER_H
#define RELAYLOCK_WINDOWS_RESOLVER_H

#include <windows.h>
#include "../core/identity.h"

enum {
    RESOLVER_KEEP = 600, /* seconds */
    RESOLVER_RETRY = 60,
    RESOLVER_CACHE = 16384,  /* names; the least recently used one is dropped */
    RESOLVER_PATIENCE = 1000 /* ms that resolver_find waits for an answer */
};

/* The OS calls; tests put others here. */
struct resolver_calls {
    BOOL(WINAPI *LookupAccountNameW)
    (LPCWSTR, LPCWSTR, PSID, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    BOOL(WINAPI *LookupAccountSidW)
    (LPCWSTR, PSID, LPWSTR, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    BOOL(WINAPI *OpenProcessToken)(HANDLE, DWORD, PHANDLE);
    BOOL(WINAPI *GetTokenInformation)(HANDLE, TOKEN_INFORMATION_CLASS, LPVOID, DWORD, PDWORD);
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct resolver_calls resolver_calls;

struct resolver;

/* Starts the thread. late, which may be null, is signalled whenever an answer came after
 * resolver_find had given up waiting for it: what was counted by name before belongs to a SID now.
 * ERROR_SUCCESS or the error; *resolver untouched then. */
DWORD resolver_start(const struct hash_key *key, HANDLE late, struct resolver **resolver);

/* Who name stands for. Waits at most RESOLVER_PATIENCE ms for an answer (or until stop, which may
 * be null, is signalled), and not at all while the thread is still busy with an earlier name that
 * it was given up on; then the answer is IDENTITY_UNRESOLVED. Never fails. identity->name views
 * canonical (DOMAIN\user, at most ACCOUNT_CANONICAL_MAX units) or, unresolved, name. */
enum { RESOLVER_CANONICAL_MAX = 280 };
void resolver_find(struct resolver *resolver, struct text name, HANDLE stop,
                   char16_t canonical[RESOLVER_CANONICAL_MAX], struct identity *identity);

/* Ends the thread and frees all. A thread that hangs in Windows for longer than wait ms is left
 * behind with its memory: false. */
bool resolver_stop(struct resolver *resolver, DWORD wait);

#endif
