/* own_threads.h: how many threads this process has: one that hung and was left behind must be over
 * before the next test changes what it uses.
 */
#ifndef TESTS_APP_OWN_THREADS_H
#define TESTS_APP_OWN_THREADS_H

#include <windows.h>
#include <stdbool.h>

/* 0: Windows does not tell. */
unsigned own_threads_count(void);

/* Waits, for so many ms at most, until there are no more than so many. */
bool own_threads_end(unsigned count, DWORD ms);

#endif
