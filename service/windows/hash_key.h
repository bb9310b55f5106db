/* hash_key.h: the random key that account and client names are hashed with. */
#ifndef RELAYLOCK_WINDOWS_HASH_KEY_H
#define RELAYLOCK_WINDOWS_HASH_KEY_H

#include <windows.h>
#include "../core/text.h"

/* From the system's generator. ERROR_SUCCESS, or the error of CryptAcquireContext or
 * CryptGenRandom; *key then untouched. */
DWORD hash_key_make(struct hash_key *key);

#endif
