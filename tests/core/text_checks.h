/* text_checks.h: checks on long texts that a program wrote. */
#ifndef RELAYLOCK_TESTS_TEXT_CHECKS_H
#define RELAYLOCK_TESTS_TEXT_CHECKS_H

#include <stddef.h>

/* The part is, or is not, in the text. */
void assert_has(const char *text, const char *part);
void assert_lacks(const char *text, const char *part);

/* How often it is, without overlaps. */
size_t occurrences(const char *text, const char *part);

#endif
