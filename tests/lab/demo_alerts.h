/* demo_alerts.h: RelayLock's events as Event Viewer shows them. */
#ifndef TESTS_LAB_DEMO_ALERTS_H
#define TESTS_LAB_DEMO_ALERTS_H

#include <windows.h>
#include <stdbool.h>

/* Waits, at most ms, until the Application log has an event of each of the wanted ids, then prints
 * all events of the source RelayLock, oldest first, with the text that the registered message file
 * gives them. False when an id is missing or an event has no text. */
bool demo_alerts_print(const WORD *wanted, size_t count, DWORD ms);

#endif
