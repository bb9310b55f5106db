/* hash_key.h: the random key that account and client names are hashed with. */
#ifndef RELAYLOCK_WINDOWS_HASH_KEY_H
#define RELAYLOCK_WINDOWS_HASH_KEY_H

#include <windows.h>
#include <wincrypt.h>
#include "../core/text.h"

/* The OS calls; tests put others here. */
struct hash_key_calls {
    BOOL(WINAPI *CryptAcquireContextW)(HCRYPTPROV *, LPCWSTR, LPCWSTR, DWORD, DWORD);
    BOOL(WINAPI *CryptGenRandom)(HCRYPTPROV, DWORD, BYTE *);
    BOOL(WINAPI *CryptReleaseContext)(HCRYPTPROV, DWORD);
};
extern struct hash_key_calls hash_key_calls;

/* From the system's generator. ERROR_SUCCESS, or the error of CryptAcquireContext or
 * CryptGenRandom; *key then untouched. */
DWORD hash_key_make(struct hash_key *key);

#endif
