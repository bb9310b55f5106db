/* must.h: what a fuzzer says when something does not hold. */
#ifndef RELAYLOCK_TESTS_MUST_H
#define RELAYLOCK_TESTS_MUST_H

#include <stdbool.h>
#include <stddef.h>

/* Unless it holds, says what is wrong, past stdio, and ends the fuzzer, which keeps the input. */
void must(bool holds, const char *what);

/* For an output that must stay as it was: fills it, and checks that it is filled so. */
void must_fill(void *object, size_t size);
void must_stay(const void *object, size_t size, const char *what);

#endif
