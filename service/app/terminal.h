/* terminal.h: whether somebody is watching, and how long he has. */
#ifndef RELAYLOCK_APP_TERMINAL_H
#define RELAYLOCK_APP_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Whether what is written to a stream is seen at once on a terminal (a console). */
bool terminal_is(FILE *stream);

/* Milliseconds since some moment; never goes back. */
uint64_t terminal_clock(void);

#endif
