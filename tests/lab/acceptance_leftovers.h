/* acceptance_leftovers.h: what the run changes on the host is written down before it is done, and
 * undone whatever happens: after each check, at the end, or at the start of the next run if this
 * one was killed.
 *
 * Written down in a key of our own, below SYSTEM because only that is the same for the 32-bit and
 * the 64-bit program. Only what stands there is removed.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_LEFTOVERS_H
#define RELAYLOCK_LAB_ACCEPTANCE_LEFTOVERS_H

#include <windows.h>
#include <stdbool.h>

#define LEFTOVERS_KEY L"SYSTEM\\RelayLockAcceptance"

enum leftover {
    LEFTOVER_ACCOUNT, /* made by us: to be deleted. Name of a user on this computer */
    LEFTOVER_ENABLE,  /* an account of the host: to be enabled again. DOMAIN\user */
    LEFTOVER_MARK,    /* an account of the host that may get RelayLock's mark. DOMAIN\user */
    LEFTOVER_COMMAND, /* a command line to be run (cmd) */
    LEFTOVER_SERVICES /* RelayLock and the stand-ins: to be removed */
};

/* Ends the program if it cannot be written down: nothing is done that could not be undone. */
void leftover_note(enum leftover kind, const wchar_t *what);

/* Undone by the check itself. */
void leftover_strike(enum leftover kind, const wchar_t *what);

/* Whether anything is written down. */
bool leftovers_any(void);

/* Undoes what a check left: RelayLock stopped, its settings and its journal removed,
 * stand-ins released, accounts, commands. What fails is told in a line and stays written down; then
 * it is false. */
bool leftovers_of_check(void);

/* Undoes everything, services too. */
bool leftovers_remove(void);

#endif
