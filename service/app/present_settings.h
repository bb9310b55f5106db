/* present_settings.h: the settings in force on this host, for a verb at a console: what the
 * registry has on Windows, the defaults elsewhere.
 */
#ifndef RELAYLOCK_APP_PRESENT_SETTINGS_H
#define RELAYLOCK_APP_PRESENT_SETTINGS_H

#include "../core/settings.h"

/* Reads them. present, unless null, gets for each setting of the table whether the registry gave
 * it; *problems the number of values that are not allowed there: standard error names each, and its
 * default is used, as the service does when it starts. False when the registry cannot be read;
 * standard error, its line beginning with name, says why, and *settings stays as it was. */
bool present_settings_read(const char *name, struct settings *settings, bool *present,
                           size_t *problems);

#endif
