/* list.h: lists as settings are written: items separated by NUL (REG_MULTI_SZ), commas or
 * semicolons, with spaces around them; empty ones don't count. */
#ifndef RELAYLOCK_CORE_LIST_H
#define RELAYLOCK_CORE_LIST_H

#include "text.h"

/* Takes the first item off the list. False when there is none; *item is untouched then. */
bool list_next(struct text *list, struct text *item);

#endif
