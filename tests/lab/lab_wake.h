/* lab_wake.h: wakes readers of a log in other processes, at no cost while nothing happens.
 *
 * Who waits holds a slot of the store and a thread that sleeps on the slot's named event. Whoever
 * writes signals the slots that are armed; a slot arms itself again once its owner was told, so
 * that a hundred thousand records in a row cost a few signals, not a hundred thousand.
 */
#ifndef RELAYLOCK_LAB_WAKE_H
#define RELAYLOCK_LAB_WAKE_H

#include "lab_store.h"

struct lab_waiter;

/* Calls woken, on a thread of its own and with the store unlocked, when the log has changed since
 * the last call; at most once in pause ms. The store must not be locked. */
DWORD lab_waiter_start(unsigned log, DWORD pause, void (*woken)(void *context), void *context,
                       struct lab_waiter **waiter);

/* Ends it; woken is not running any more. Null is let pass. */
void lab_waiter_stop(struct lab_waiter *waiter);

/* Wakes who waits for a log. The store must be locked. */
void lab_wake(unsigned log);

#endif
