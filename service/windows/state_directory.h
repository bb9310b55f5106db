/* state_directory.h: the folder that holds RelayLock's journal, and whether it may be believed.
 *
 * <common application data>\RelayLock: %ProgramData%\RelayLock, on Server 2003 the All Users
 * application data folder (CSIDL_COMMON_APPDATA; SHGetFolderPath of shell32.dll, loaded from the
 * system directory). Whoever can write there could make RelayLock enable accounts or forget locks.
 * So before it is used: it is a real folder (no reparse point), and nobody but SYSTEM,
 * Administrators and the account the process runs as owns it or has a right to write, delete or
 * change rights (protection.h). A folder that is otherwise is refused and never repaired: what lies
 * in it may be forged. Sources: learn.microsoft.com nf-shlobj_core-shgetfolderpathw,
 * nf-fileapi-createfilew (FILE_FLAG_OPEN_REPARSE_POINT), ns-fileapi-by_handle_file_information.
 */
#ifndef RELAYLOCK_WINDOWS_STATE_DIRECTORY_H
#define RELAYLOCK_WINDOWS_STATE_DIRECTORY_H

#include <windows.h>

enum { STATE_DIRECTORY_MAX = 260 + 32 /* units, terminator included */ };

/* The OS calls; tests put others here. SHGetFolderPathW is null until it is loaded. */
struct state_directory_calls {
    HRESULT(WINAPI *SHGetFolderPathW)(HWND, int, HANDLE, DWORD, LPWSTR);
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *GetFileInformationByHandle)(HANDLE, LPBY_HANDLE_FILE_INFORMATION);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    BOOL(WINAPI *CreateDirectoryW)(LPCWSTR, LPSECURITY_ATTRIBUTES);
    BOOL(WINAPI *RemoveDirectoryW)(LPCWSTR);
};
extern struct state_directory_calls state_directory_calls;

/* Its path, whether it exists or not. ERROR_SUCCESS, or the error of *failed_call. */
DWORD state_directory_find(wchar_t path[STATE_DIRECTORY_MAX], const char **failed_call);

/* Creates it, protected (protection_of_folder), when there is none; whatever is there under its
 * name is left as it is. ERROR_INVALID_OWNER: the process is no administrator's. */
DWORD state_directory_create(const wchar_t *path, const char **failed_call);

/* Whether it may be believed, as above. ERROR_SUCCESS; ERROR_PATH_NOT_FOUND: there is none;
 * ERROR_INVALID_OWNER, ERROR_INVALID_SECURITY_DESCR, ERROR_CANT_ACCESS_FILE (a reparse point or no
 * folder): it may not, *failed_call then names what was checked; or the error of a call. */
DWORD state_directory_check(const wchar_t *path, const char **failed_call);

/* The same for an open file in it (a handle with READ_CONTROL); ERROR_CANT_ACCESS_FILE is also for
 * hard links (more than one name). */
DWORD state_directory_check_file(HANDLE file, const char **failed_call);

/* Only whether it is a real folder, whoever may change it. */
DWORD state_directory_check_folder(const wchar_t *path, const char **failed_call);

/* Removes it when it is empty (ERROR_DIR_NOT_EMPTY: it is not); none is fine. For uninstall. */
DWORD state_directory_remove(const wchar_t *path, const char **failed_call);

#endif
