/* registry_gone.h: what a call says of a key or value that is not there, or no longer there while
 * the key is open (ERROR_KEY_DELETED).
 */
#ifndef RELAYLOCK_WINDOWS_REGISTRY_GONE_H
#define RELAYLOCK_WINDOWS_REGISTRY_GONE_H

#include <windows.h>
#include <stdbool.h>

static inline bool registry_gone(LSTATUS error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_KEY_DELETED;
}

#endif
