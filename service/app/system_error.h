/* system_error.h: a call of the system that failed, in words. */
#ifndef RELAYLOCK_APP_SYSTEM_ERROR_H
#define RELAYLOCK_APP_SYSTEM_ERROR_H

#include <stddef.h>

/* Writes "CALL: the system's words for the code (CODE)" as terminated UTF-8, cut to size bytes. The
 * code is errno, or on Windows what GetLastError returned. */
void system_error_say(char *error, size_t size, const char *call, unsigned long code);

#endif
