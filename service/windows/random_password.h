/* random_password.h: a password that nobody knows.
 *
 * 32 of the 94 printable ASCII characters, at least one of each class (upper, lower, digit, other),
 * every such password as likely as any other: over 200 bits. From the system's generator
 * (CryptGenRandom). Through account_calls (account.h).
 */
#ifndef RELAYLOCK_WINDOWS_RANDOM_PASSWORD_H
#define RELAYLOCK_WINDOWS_RANDOM_PASSWORD_H

#include <windows.h>

enum { RANDOM_PASSWORD_LENGTH = 32 };

/* Writes a terminated password; whoever called wipes it. ERROR_SUCCESS, or the error of the call
 * that failed, whose name goes to *failed_call; password is all zero then. A generator that does
 * not yield all classes in RANDOM_PASSWORD_TRIES tries is broken: ERROR_GEN_FAILURE. */
enum { RANDOM_PASSWORD_TRIES = 64 };
DWORD random_password(wchar_t password[RANDOM_PASSWORD_LENGTH + 1], const char **failed_call);

#endif
