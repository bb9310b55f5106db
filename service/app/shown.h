/* shown.h: text that somebody else may have chosen, as it may be printed. */
#ifndef RELAYLOCK_APP_SHOWN_H
#define RELAYLOCK_APP_SHOWN_H

#include "../core/text.h"

enum { SHOWN_MAX = 1024 /* bytes of UTF-8, terminator included */ };

/* Makes it fit to be shown (text_copy_shown; cut at SHOWN_MAX / 4 - 1 units), as terminated UTF-8.
 * Returns buffer. */
const char *shown(struct text text, char buffer[SHOWN_MAX]);

#endif
