/* certutil.c: `certutil -hashfile FILE SHA256`, which Wine's certutil lacks, as Windows prints it.
 *
 * Lies beside the lab's programs, so that the commands in the docs can be run word by word.
 */
#include <windows.h>
#include <wincrypt.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

enum { HASH_SIZE = 32 };

static bool hash_data(HCRYPTHASH hash, HANDLE file)
{
    BYTE buffer[65536];
    DWORD got;
    do {
        if (!ReadFile(file, buffer, sizeof buffer, &got, NULL))
            return false;
        if (got > 0 && !CryptHashData(hash, buffer, got, 0))
            return false;
    } while (got > 0);
    return true;
}

static bool hash_file(HANDLE file, BYTE digest[HASH_SIZE])
{
    HCRYPTPROV provider;
    HCRYPTHASH hash;
    DWORD size = HASH_SIZE;
    bool done = false;
    if (!CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT))
        return false;
    if (CryptCreateHash(provider, CALG_SHA_256, 0, 0, &hash)) {
        done = hash_data(hash, file) && CryptGetHashParam(hash, HP_HASHVAL, digest, &size, 0);
        CryptDestroyHash(hash);
    }
    CryptReleaseContext(provider, 0);
    return done;
}

int wmain(int count, wchar_t **arguments)
{
    BYTE digest[HASH_SIZE];
    if (count != 4 || _wcsicmp(arguments[1], L"-hashfile") != 0 ||
        _wcsicmp(arguments[3], L"SHA256") != 0) {
        wprintf(L"CertUtil: -hashfile FILE SHA256 is all that the lab has\n");
        return 1;
    }
    HANDLE file = CreateFileW(arguments[2], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    bool done = file != INVALID_HANDLE_VALUE && hash_file(file, digest);
    DWORD error = GetLastError();
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (!done) {
        wprintf(L"CertUtil: -hashfile command FAILED: 0x%lx\n", error);
        return 1;
    }
    wprintf(L"SHA256 hash of %ls:\n", arguments[2]);
    for (size_t i = 0; i < HASH_SIZE; i++)
        wprintf(L"%02x", digest[i]);
    wprintf(L"\nCertUtil: -hashfile command completed successfully.\n");
    return 0;
}
