/* account_aside.h: locks an account on a thread of its own, for one that has something to wait for
 * that a directory which hangs must not hold up.
 *
 * What was found of the account is told on the caller's thread, before anything is written, as by
 * account_lock: the thread waits for the answer as long as it takes.
 */
#ifndef RELAYLOCK_WINDOWS_ACCOUNT_ASIDE_H
#define RELAYLOCK_WINDOWS_ACCOUNT_ASIDE_H

#include "account.h"

/* The calls; tests put others here. */
struct account_aside_calls {
    void (*account_lock)(const uint8_t *, size_t, enum lock_action, const struct account_intent *,
                         struct account_outcome *);
    HANDLE(WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    HANDLE(WINAPI *CreateThread)
    (LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD);
};
extern struct account_aside_calls account_aside_calls;

struct account_aside;

/* Begins account_lock of sid (size bytes, at most SECURITY_MAX_SID_SIZE). earlier: as of
 * account_intent; copied, may be null. ready (an event of the caller's, which must stay until the
 * end) is set each time that there is something to do for account_aside_serve. ERROR_SUCCESS, or
 * the error; nothing was done then, and *aside is untouched. */
DWORD account_aside_begin(const uint8_t *sid, size_t size, enum lock_action action,
                          const struct account_before *earlier, HANDLE ready,
                          struct account_aside **aside);

/* Answers what it asks by intend(context), as of account_intent, if it asks; does not wait. True:
 * it has ended, *outcome is that of account_lock, and *aside is gone. */
bool account_aside_serve(struct account_aside *aside,
                         bool (*intend)(void *context, const struct account_before *before),
                         void *context, struct account_outcome *outcome);

#endif
