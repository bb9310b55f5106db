/* present_settings.h: the settings in force on this host, for a verb at a console: what the
 * registry and the policy have on Windows, the defaults elsewhere.
 */
#ifndef RELAYLOCK_APP_PRESENT_SETTINGS_H
#define RELAYLOCK_APP_PRESENT_SETTINGS_H

#include "../core/settings.h"

/* Reads them. *origins, unless null, gets where each comes from; *problems the number of values
 * that are not allowed: standard error names each, and what counts without it is used, as the
 * service does when it starts. False when the registry cannot be read; standard error, its line
 * beginning with name, says why, and *settings stays as it was. */
bool present_settings_read(const char *name, struct settings *settings,
                           struct setting_origins *origins, size_t *problems);

#endif
