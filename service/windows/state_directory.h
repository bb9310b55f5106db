/* state_directory.h: the folder that holds RelayLock's journal, and whether it may be believed.
 *
 * <common application data>\RelayLock: %ProgramData%\RelayLock, on Server 2003 the All Users
 * application data folder (CSIDL_COMMON_APPDATA; SHGetFolderPath of shell32.dll, loaded from the
 * system directory). Whoever can write there could make RelayLock enable accounts or forget locks.
 * So before it is used: it is a real folder (no reparse point), owned by SYSTEM, Administrators or
 * the account the process runs as, and its DACL, which does not inherit, grants nobody but these
 * three any right to write, delete or change rights. A folder that is otherwise is refused and
 * never repaired: what lies in it may be forged.
 */
#ifndef RELAYLOCK_WINDOWS_STATE_DIRECTORY_H
#define RELAYLOCK_WINDOWS_STATE_DIRECTORY_H

#include <windows.h>
#include <stdbool.h>

enum { STATE_DIRECTORY_MAX = 260 + 32 /* units, terminator included */ };

/* Its path, whether it exists or not. ERROR_SUCCESS, or the error of *failed_call. */
DWORD state_directory_find(wchar_t path[STATE_DIRECTORY_MAX], const char **failed_call);

/* Creates it with its ACL (protected; SYSTEM and Administrators full control, inherited by what is
 * made in it) when there is none; an existing one is left as it is. */
DWORD state_directory_create(const wchar_t *path, const char **failed_call);

/* Whether it may be believed, as above. ERROR_SUCCESS; ERROR_PATH_NOT_FOUND: there is none;
 * ERROR_INVALID_OWNER, ERROR_INVALID_SECURITY_DESCR, ERROR_CANT_ACCESS_FILE (a reparse point or no
 * folder): it may not, *failed_call then names what was checked; or the error of a call. */
DWORD state_directory_check(const wchar_t *path, const char **failed_call);

/* The same for an open file in it; hard links (more than one name) are refused, too. */
DWORD state_directory_check_file(HANDLE file, const char **failed_call);

#endif
