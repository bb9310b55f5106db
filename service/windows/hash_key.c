#include "hash_key.h"
#include <wincrypt.h>

DWORD hash_key_make(struct hash_key *key)
{
    HCRYPTPROV provider;
    struct hash_key fresh;
    if (!CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_FULL,
                              CRYPT_VERIFYCONTEXT | CRYPT_SILENT))
        return GetLastError();
    DWORD error =
        CryptGenRandom(provider, sizeof fresh, (BYTE *)&fresh) ? ERROR_SUCCESS : GetLastError();
    CryptReleaseContext(provider, 0);
    if (!error)
        *key = fresh;
    return error;
}
