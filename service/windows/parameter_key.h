/* parameter_key.h: a key of the registry, gone through.
 *
 * Shared by the files of parameters.h alone. Calls go through parameters_calls. At most
 * PARAMETERS_NAMES_MAX values, and as many subkeys, of a key are looked at.
 */
#ifndef RELAYLOCK_WINDOWS_PARAMETER_KEY_H
#define RELAYLOCK_WINDOWS_PARAMETER_KEY_H

#include "parameter_value.h"

/* Opens a key, does something with it, and closes it again. ERROR_SUCCESS, also without such a key
 * or when it goes away meanwhile: it is as good as one that never was. Otherwise the error. */
DWORD parameter_key_open(struct parameter_reading *reading, HKEY parent, const wchar_t *path,
                         REGSAM rights, DWORD (*act)(struct parameter_reading *reading, HKEY key));

/* Calls `each` for every value, its name and type being in value_name and type, resp. for every
 * subkey, its name being in key_name, until it fails. The error of that, or of the registry. */
DWORD parameter_key_each_value(struct parameter_reading *reading, HKEY key,
                               DWORD (*each)(struct parameter_reading *reading, HKEY key,
                                             struct text name));
DWORD parameter_key_each_subkey(struct parameter_reading *reading, HKEY key,
                                DWORD (*each)(struct parameter_reading *reading, HKEY key,
                                              struct text name));

/* Names the key that is read, for problems: the ASCII text, and the name behind it. */
void parameter_key_name(struct parameter_reading *reading, const char *parent, struct text name);

/* Refuses a value, or a subkey, that has no meaning. */
void parameter_key_refuse_value(struct parameter_reading *reading, struct text name,
                                const char *allowed);
void parameter_key_refuse_subkey(struct parameter_reading *reading, struct text name,
                                 const char *allowed);

#endif
