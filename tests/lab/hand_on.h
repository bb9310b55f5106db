/* hand_on.h: for lab programs that stand before one of Wine's: runs Wine's own. */
#ifndef TESTS_LAB_HAND_ON_H
#define TESTS_LAB_HAND_ON_H

/* Runs the program of that name in the system directory with this process's command line. Returns
 * its exit status, or 1 when it cannot be run. */
int hand_on(const wchar_t *program);

#endif
