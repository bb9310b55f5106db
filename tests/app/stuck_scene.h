/* stuck_scene.h: a call for a file of fake_files that hangs, on the thread of quarantine_aside.h.
 *
 * Whoever waits for the thread is told that the time is up as soon as it hangs: no test waits.
 * While it hangs the files are its own but for looking.
 */
#ifndef RELAYLOCK_TESTS_STUCK_SCENE_H
#define RELAYLOCK_TESTS_STUCK_SCENE_H

#include <windows.h>
#include "../windows/fake_calls.h"

/* Nothing hangs. Puts its calls into time_limit_calls. */
void stuck_scene_reset(void);

/* The n-th call of that name from now hangs, before its effect or after it. */
void stuck_scene_hang(const char *call, unsigned n, enum fake_moment moment);

/* Lets it go on, and waits until its thread has ended. */
void stuck_scene_let_go(void);

/* For cmocka, after a test, which may have failed before it came to that. */
int stuck_scene_tear_down(void **state);

/* ms that the last thread was to be waited for. */
extern DWORD stuck_scene_limit;

/* No thread can be made from now on. */
extern bool stuck_scene_no_threads;

#endif
