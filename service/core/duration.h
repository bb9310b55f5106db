/* duration.h: a length of time in words, for people. */
#ifndef RELAYLOCK_CORE_DURATION_H
#define RELAYLOCK_CORE_DURATION_H

#include <stdint.h>

enum { DURATION_TEXT_SIZE = 40 };

/* The two largest units, rounded down: "3 d 4 h", "2 h 10 min", "45 s", "0 s"; terminated. */
void duration_to_text(uint64_t seconds, char text[DURATION_TEXT_SIZE]);

#endif
