/* name_store.h: the account names and patterns in a settings block, packed in settings->names. */
#ifndef RELAYLOCK_CORE_NAME_STORE_H
#define RELAYLOCK_CORE_NAME_STORE_H

#include "settings.h"

/* Whether text may be kept as an account name or pattern: 1 to SETTING_TEXT_MAX - 1 units, no
 * control characters. */
bool name_store_takes(struct text text);

/* Copies text, which is not in the store, behind the others and returns the view of the copy. The
 * caller has seen to it that there is room. */
struct text name_store_add(struct settings *settings, struct text text);

/* Removes the text that is viewed by name; the views of all others in settings stay right. */
void name_store_remove(struct settings *settings, struct text name);

#endif
