#include "hash_key.h"
#include "last_error.h"

struct hash_key_calls hash_key_calls = {
    .CryptAcquireContextW = CryptAcquireContextW,
    .CryptGenRandom = CryptGenRandom,
    .CryptReleaseContext = CryptReleaseContext,
};

DWORD hash_key_make(struct hash_key *key)
{
    HCRYPTPROV provider;
    struct hash_key fresh;
    if (!hash_key_calls.CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_FULL,
                                             CRYPT_VERIFYCONTEXT | CRYPT_SILENT))
        return last_error();
    DWORD error = hash_key_calls.CryptGenRandom(provider, sizeof fresh, (BYTE *)&fresh)
                      ? ERROR_SUCCESS
                      : last_error();
    hash_key_calls.CryptReleaseContext(provider, 0);
    if (!error)
        *key = fresh;
    return error;
}
