#include "random_password.h"
#include "account.h"

enum {
    FIRST = 0x21, /* '!', the first printable character that is no space */
    LAST = 0x7e,  /* '~' */
    ALPHABET = LAST - FIRST + 1,
    FAIR = 256 - 256 % ALPHABET, /* bytes from here on would favour some characters */
    POOL = 4 * RANDOM_PASSWORD_LENGTH
};

enum { UPPER = 1, LOWER = 2, DIGIT = 4, OTHER = 8, ALL = 15 };

static unsigned class_of(wchar_t character)
{
    if (character >= L'A' && character <= L'Z')
        return UPPER;
    if (character >= L'a' && character <= L'z')
        return LOWER;
    if (character >= L'0' && character <= L'9')
        return DIGIT;
    return OTHER;
}

/* One password from the pool. False when the pool is used up or a class is missing: then all of it
 * is thrown away, since mending it would make some passwords likelier than others. */
static bool draw(const BYTE pool[POOL], wchar_t password[RANDOM_PASSWORD_LENGTH + 1])
{
    unsigned classes = 0;
    size_t length = 0;
    for (size_t i = 0; i < POOL && length < RANDOM_PASSWORD_LENGTH; i++) {
        if (pool[i] >= FAIR)
            continue;
        password[length] = (wchar_t)(FIRST + pool[i] % ALPHABET);
        classes |= class_of(password[length++]);
    }
    password[length] = 0;
    return length == RANDOM_PASSWORD_LENGTH && classes == ALL;
}

DWORD random_password(wchar_t password[RANDOM_PASSWORD_LENGTH + 1], const char **failed_call)
{
    BYTE pool[POOL];
    HCRYPTPROV provider;
    DWORD error = ERROR_GEN_FAILURE;

    *failed_call = "CryptGenRandom";
    if (!account_calls.CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_FULL,
                                            CRYPT_VERIFYCONTEXT | CRYPT_SILENT)) {
        error = GetLastError();
        *failed_call = "CryptAcquireContextW";
        goto wipe;
    }
    for (int tries = 0; tries < RANDOM_PASSWORD_TRIES; tries++) {
        if (!account_calls.CryptGenRandom(provider, sizeof pool, pool)) {
            error = GetLastError();
            break;
        }
        if (draw(pool, password)) {
            error = ERROR_SUCCESS;
            break;
        }
    }
    SecureZeroMemory(pool, sizeof pool);
    account_calls.CryptReleaseContext(provider, 0);
wipe:
    if (error != ERROR_SUCCESS)
        SecureZeroMemory(password, (RANDOM_PASSWORD_LENGTH + 1) * sizeof *password);
    return error;
}
