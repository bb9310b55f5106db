/* advapi32.h: what the files of the lab's advapi32.dll share.
 *
 * The DLL has the event log and account names of the lab; every other name is forwarded to
 * advapi32_wine.dll, a copy of Wine's own, which is also what the DLL itself imports from.
 */
#ifndef RELAYLOCK_LAB_ADVAPI32_H
#define RELAYLOCK_LAB_ADVAPI32_H

#include <windows.h>
#include <stdbool.h>

/* Kinds of handles. */
enum { ADVAPI32_READER = 1, ADVAPI32_SOURCE };

/* Sets the last error; TRUE for ERROR_SUCCESS. */
BOOL advapi32_result(DWORD error);

bool advapi32_is_this_computer(const wchar_t *server);

/* A string in the process's code page as UTF-16; "" for null. False with the last error set. */
bool advapi32_widen(const char *narrow, wchar_t wide[260]);

/* The name of the service that a handle is open for, in name; false for a handle
 * that is not known, or was opened without one of the rights. */
enum { ADVAPI32_SERVICE_NAME = 257 };
bool advapi32_service_of(SC_HANDLE handle, DWORD rights, wchar_t name[ADVAPI32_SERVICE_NAME]);

#endif
