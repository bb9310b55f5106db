#include "boot.h"

#include <stdbool.h>
#include <string.h>

#include "hash_key.h"

struct boot_calls boot_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegCreateKeyExW = RegCreateKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegSetValueExW = RegSetValueExW,
    .RegCloseKey = RegCloseKey,
};

static bool read_number(HKEY key, DWORD *number)
{
    DWORD type, found, size = sizeof found;
    if (boot_calls.RegQueryValueExW(key, BOOT_VALUE, NULL, &type, (BYTE *)&found, &size) !=
            ERROR_SUCCESS ||
        type != REG_DWORD || size != sizeof found || found == 0)
        return false;
    *number = found;
    return true;
}

/* The random key for hashes is as good a random number as any; 0 is not one. */
static DWORD draw_number(HKEY key)
{
    struct hash_key random;
    DWORD number;
    if (hash_key_make(&random) != ERROR_SUCCESS)
        return 0;
    memcpy(&number, &random, sizeof number);
    number = number ? number : 1;
    if (boot_calls.RegSetValueExW(key, BOOT_VALUE, 0, REG_DWORD, (const BYTE *)&number,
                                  sizeof number) != ERROR_SUCCESS)
        return 0;
    return number;
}

uint32_t boot_number(void)
{
    HKEY above, key;
    DWORD number = 0;
    if (boot_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, BOOT_KEY_ABOVE, 0, KEY_CREATE_SUB_KEY,
                                 &above) != ERROR_SUCCESS)
        return 0;
    if (boot_calls.RegCreateKeyExW(above, BOOT_KEY_NAME, 0, NULL, REG_OPTION_VOLATILE,
                                   KEY_QUERY_VALUE | KEY_SET_VALUE, NULL, &key,
                                   NULL) == ERROR_SUCCESS) {
        if (!read_number(key, &number))
            number = draw_number(key);
        boot_calls.RegCloseKey(key);
    }
    boot_calls.RegCloseKey(above);
    return number;
}
