/* settings_source.h: the settings from the registry and the policy, with what is wrong in them told
 * as events. */
#ifndef RELAYLOCK_APP_SETTINGS_SOURCE_H
#define RELAYLOCK_APP_SETTINGS_SOURCE_H

#include "../core/settings.h"
#include "../windows/report.h"

/* At the start: what is wrong is told, and what counts without it used: a policy's value gives way
 * to the local one, that to the default. Null only without memory; owned by the
 * caller (free). */
struct settings *settings_source_load(void);

/* While running: null, and everything that is wrong told by name, unless all is right. *origins is
 * then untouched. */
struct settings *settings_source_reload(struct setting_origins *origins);

/* That settings read again are in force: because somebody asked, or because the policy changed. Or
 * that they could not be put in force for this error. */
void settings_source_tell_reloaded(const struct settings *settings);
void settings_source_tell_policy(const struct settings *settings,
                                 const struct setting_origins *origins);
void settings_source_tell_error(DWORD error);

/* Adds the three insertion strings that sum the settings up: limits, action, locks an hour. */
void settings_source_add(struct report *report, const struct settings *settings);

#endif
