/* boot.h: a number drawn once a boot, by which a process knows whether the computer was started
 * again since another one ran (steady.h).
 *
 * It is kept in a volatile key, which is gone with the boot that made it: HKLM\SYSTEM\
 * CurrentControlSet\Services\RelayLock\Boot, value Number. The key above it is never made: below a
 * volatile one the service manager could not keep the service. Source: learn.microsoft.com
 * nf-winreg-regcreatekeyexw (REG_OPTION_VOLATILE). A start from hibernation ("fast startup") is no
 * boot here, and none for GetTickCount.
 */
#ifndef RELAYLOCK_WINDOWS_BOOT_H
#define RELAYLOCK_WINDOWS_BOOT_H

#include <windows.h>
#include <stdint.h>

#define BOOT_KEY_ABOVE L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"
#define BOOT_KEY_NAME  L"Boot"
#define BOOT_KEY       BOOT_KEY_ABOVE L"\\" BOOT_KEY_NAME
#define BOOT_VALUE     L"Number"

/* The OS calls; tests put others here. */
struct boot_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegCreateKeyExW)
    (HKEY, LPCWSTR, DWORD, LPWSTR, DWORD, REGSAM, LPSECURITY_ATTRIBUTES, PHKEY, LPDWORD);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct boot_calls boot_calls;

/* The number of this boot, drawn now if nobody did yet; 0 when it cannot be had: RelayLock is not
 * installed, the registry may not be written, no random number. Two processes that draw at once may
 * see two numbers, of which the later stays. */
uint32_t boot_number(void);

#endif
