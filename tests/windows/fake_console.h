/* fake_console.h: a console behind console_calls, which keeps what is shown, in order. As before
 * Windows 8 it has room for so much at a time, and fails with ERROR_NOT_ENOUGH_MEMORY beyond.
 */
#ifndef RELAYLOCK_TESTS_FAKE_CONSOLE_H
#define RELAYLOCK_TESTS_FAKE_CONSOLE_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>
#include <uchar.h>
#include "fake_calls.h"

enum { FAKE_CONSOLE_ROOM = 8192 /* units */, FAKE_CONSOLE_SHOWN = 1 << 18 };

#define FAKE_CONSOLE_INPUT ((HANDLE)(uintptr_t)0x1C00)

extern struct fake_console {
    struct fake_calls calls;
    bool is_none;      /* handles are those of files */
    DWORD mode;        /* of input */
    DWORD at_most;     /* units that a write takes */
    bool tells_double; /* a write tells twice the units that it took */
    bool split;        /* a write began or ended within a surrogate pair */
    unsigned writes;
    char16_t shown[FAKE_CONSOLE_SHOWN];
    size_t count;
} fake_console;

BOOL WINAPI fake_console_write(HANDLE console, const VOID *units, DWORD count, LPDWORD written,
                               LPVOID reserved);

/* For cmocka, around a test: nothing is shown yet. Standard output and standard error are msvcrt's
 * until the test says console_take. */
int fake_console_set_up(void **state);
int fake_console_tear_down(void **state);

/* All that is shown, as UTF-8; until the next call. Standard output and standard error are msvcrt's
 * again, so that cmocka can be read. */
const char *fake_console_text(void);

#endif
