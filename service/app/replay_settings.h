/* replay_settings.h: settings as the command line of a replay gives them.
 *
 * One is written NAME=VALUE, the name and the value as in docs/configuration.md (lists with
 * commas), or Accounts\NAME=LIMITS for the limits of one account. A file has one a line; empty
 * lines and those that begin with '#' or ';' do not count, nor do spaces around a line. It is
 * UTF-8, with or without a byte order mark, or UTF-16 (little-endian) with one, as Notepad's
 * "Unicode" is.
 */
#ifndef RELAYLOCK_APP_REPLAY_SETTINGS_H
#define RELAYLOCK_APP_REPLAY_SETTINGS_H

#include "../core/settings.h"

enum { REPLAY_SETTINGS_FILE_MAX = 65536 /* bytes */ };

/* Sets one from argument (UTF-8), which followed option. False, and nothing is set, when it is
 * wrong; standard error then says what, and what is allowed. */
bool replay_settings_set(struct settings *settings, const char *option, const char *argument);

/* Says on standard error which names of the settings, but not of those before (null: none), are
 * written user@domain: they match nobody. */
void replay_settings_remark(const struct settings *settings, const struct settings *before);

/* Sets all that a file holds, in its order. False when the file cannot be read or one of them is
 * wrong; standard error then says what and in which line. Those before it are set. */
bool replay_settings_read(struct settings *settings, const char *option, const char *path);

#endif
