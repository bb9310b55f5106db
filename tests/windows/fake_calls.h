/* fake_calls.h: what every OS call of a fake goes through: it is counted, may be made to fail, and
 * a hook runs before and after it.
 *
 * The hook may do anything: change the fake, sleep for as long as a call may hang, or leave by
 * longjmp, which is how a process dies in a test. Before: the call has had no effect yet; after: it
 * has had all of its effect and only its return is missing. A fake keeps nothing half done at
 * either moment.
 */
#ifndef RELAYLOCK_TESTS_FAKE_CALLS_H
#define RELAYLOCK_TESTS_FAKE_CALLS_H

#include <windows.h>
#include <stdbool.h>

enum fake_moment { FAKE_BEFORE, FAKE_AFTER };

/* One hook for all fakes that use this; null: none. call is the name of the OS call. */
void fake_calls_hook(void (*hook)(void *context, const char *call, enum fake_moment moment),
                     void *context);

/* Does work, with a hook by which the process dies at the n-th moment, from 1. Whether it lived to
 * its end. There is no hook any more then. */
bool fake_calls_lives(unsigned n, void (*work)(void));

/* Runs the hook: for a fake that counts its calls itself. */
void fake_calls_moment(const char *call, enum fake_moment moment);

/* The calls of one fake. Zeroed: none made, none fails. */
struct fake_calls {
    unsigned made;
    unsigned fail_at; /* the number, from 1, of the call that fails */
    DWORD fail_error;
    bool fail_late;     /* after its effect: it did what it was to do, and says that it failed */
    const char *broken; /* every call of this name fails, without effect; null: none */
    DWORD broken_error;
    const char *failed; /* the call that failed last by one of these; null: none */
};

/* The n-th call from now (1 is the next) fails. */
void fake_calls_fail(struct fake_calls *calls, unsigned n, DWORD error, bool late);

/* Every call of a name fails from now on; null: no more. */
void fake_calls_break(struct fake_calls *calls, const char *call, DWORD error);

/* For fakes. At the start of a call: the error that it must fail with, or ERROR_SUCCESS. At its
 * end, with the error it has come to: the one it ends with. */
DWORD fake_calls_enter(struct fake_calls *calls, const char *call);
DWORD fake_calls_leave(struct fake_calls *calls, const char *call, DWORD error);

#endif
