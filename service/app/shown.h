/* shown.h: text that somebody else may have chosen, as it may be printed. */
#ifndef RELAYLOCK_APP_SHOWN_H
#define RELAYLOCK_APP_SHOWN_H

#include <stdio.h>
#include "../core/text.h"

enum { SHOWN_MAX = 1024 /* bytes of UTF-8, terminator included */ };

/* Makes it fit to be shown (text_copy_shown; cut at SHOWN_MAX / 4 - 1 units), as terminated UTF-8.
 * Returns buffer. */
const char *shown(struct text text, char buffer[SHOWN_MAX]);

/* The same, cut likewise, as an argument of a command that somebody may type: in quotes where a
 * command line needs them, and with none inside. */
const char *shown_argument(struct text text, char buffer[SHOWN_MAX]);

/* Writes a text, or terminated UTF-8, of any length as it is fit to be shown; a byte of what is no
 * UTF-8 as '?'. */
void shown_put(struct text text, FILE *out);
void shown_put_utf8(const char *utf8, FILE *out);

#endif
