/* state_directory.h: the folder that holds RelayLock's journal, and whether it may be believed.
 *
 * <common application data>\RelayLock: %ProgramData%\RelayLock, on Server 2003 the All Users
 * application data folder (CSIDL_COMMON_APPDATA; SHGetFolderPath of shell32.dll, loaded from the
 * system directory). Whoever can write there could make RelayLock enable accounts or forget locks.
 * So before it is used: it is a real folder (no reparse point), and nobody but SYSTEM,
 * Administrators and the account the process runs as owns it or has a right to write, delete or
 * change rights (protection.h). A folder that is otherwise is refused and never repaired: what lies
 * in it may be forged.
 *
 * What was checked must be what is used then. So a folder is held: while it is open without
 * FILE_SHARE_DELETE, neither it nor a folder above it can be renamed or removed, and no other put
 * in its place. That leaves a junction above it (an administrator may have moved ProgramData by
 * one), which can be pointed elsewhere; so a file must lie in the folder that is held, by the names
 * that both have in the end, where Windows tells them (Vista and later). Sources:
 * learn.microsoft.com nf-shlobj_core-shgetfolderpathw, nf-fileapi-createfilew
 * (FILE_FLAG_OPEN_REPARSE_POINT, "Creating and Opening Files"),
 * ns-fileapi-by_handle_file_information, nf-fileapi-getfinalpathnamebyhandlew.
 */
#ifndef RELAYLOCK_WINDOWS_STATE_DIRECTORY_H
#define RELAYLOCK_WINDOWS_STATE_DIRECTORY_H

#include <windows.h>
#include <stdbool.h>
#include "../core/sid.h"

enum {
    STATE_DIRECTORY_MAX = 260 + 32,                /* units, terminator included */
    STATE_DIRECTORY_CHECK_MAX = 64 + SID_TEXT_SIZE /* bytes of state_directory_name_check's text */
};

/* The OS calls; tests put others here. SHGetFolderPathW is null until it is loaded, and
 * GetFinalPathNameByHandleW for good where Windows does not have it. */
struct state_directory_calls {
    DWORD(WINAPI *GetFinalPathNameByHandleW)(HANDLE, LPWSTR, DWORD, DWORD);
    HRESULT(WINAPI *SHGetFolderPathW)(HWND, int, HANDLE, DWORD, LPWSTR);
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *GetFileInformationByHandle)(HANDLE, LPBY_HANDLE_FILE_INFORMATION);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    BOOL(WINAPI *CreateDirectoryW)(LPCWSTR, LPSECURITY_ATTRIBUTES);
    BOOL(WINAPI *RemoveDirectoryW)(LPCWSTR);
    BOOL(WINAPI *SetFileAttributesW)(LPCWSTR, DWORD);
};
extern struct state_directory_calls state_directory_calls;

/* A folder that Windows knows by a CSIDL (shlobj.h), for the whole computer; it exists.
 * ERROR_SUCCESS, or the error of *failed_call. */
DWORD state_directory_known_folder(int csidl, wchar_t path[MAX_PATH], const char **failed_call);

/* Its path, whether it exists or not. ERROR_SUCCESS, or the error of *failed_call. */
DWORD state_directory_find(wchar_t path[STATE_DIRECTORY_MAX], const char **failed_call);

/* Creates it, protected (protection_of_folder), when there is none; whatever is there under its
 * name is left as it is. ERROR_INVALID_OWNER: the process is no administrator's.
 *
 * It is hidden, and a system folder: of one that is not both, Explorer, where it may not read it,
 * offers the way in, and puts that right of the user's into it for good, by which it would be
 * refused (Knowledge Base 950934; Windows 7, Server 2008 R2 and later). That they cannot be set is
 * no failure: they protect nothing, and what is put in is refused and told. */
DWORD state_directory_create(const wchar_t *path, const char **failed_call);

/* The same, but ERROR_ALREADY_EXISTS when something is there under its name. */
DWORD state_directory_create_new(const wchar_t *path, const char **failed_call);

/* Whether it may be believed, as above. ERROR_SUCCESS; ERROR_PATH_NOT_FOUND: there is none;
 * ERROR_INVALID_OWNER, ERROR_INVALID_SECURITY_DESCR, ERROR_CANT_ACCESS_FILE (a reparse point or no
 * folder): it may not, *failed_call then names what was checked; or the error of a call. */
DWORD state_directory_check(const wchar_t *path, const char **failed_call);

/* Whether the error of a check says that a folder or file may not be believed; any other says that
 * it cannot be told. */
bool state_directory_is_refusal(DWORD error);

/* Whether another account (a SID; null: the process's own) would believe what lies at a path, a
 * folder or a file; as protection_check_for. */
DWORD state_directory_check_for(const wchar_t *path, const void *account, char who[SID_TEXT_SIZE],
                                const char **failed_call);

/* What failed, as it is told: call; for ERROR_INVALID_SECURITY_DESCR with whose right it is, found
 * at the first of the paths (the last is null) that somebody may change: "checking the rights of
 * S-1-5-21-1-2-3-1000". That is in text then. */
const char *state_directory_name_check(const char *call, DWORD error, const wchar_t *const *paths,
                                       char text[STATE_DIRECTORY_CHECK_MAX]);

/* As state_directory_check, of an open file (a handle with READ_CONTROL); ERROR_CANT_ACCESS_FILE is
 * also for hard links (more than one name). */
DWORD state_directory_check_file(HANDLE file, const char **failed_call);

/* Whether an open file lies right in a folder that is held. ERROR_SUCCESS, also where Windows
 * cannot tell; ERROR_CANT_ACCESS_FILE: it does not, "checking where it lies". */
DWORD state_directory_check_place(HANDLE folder, HANDLE file, const char **failed_call);

/* Of a file only whether it is one of its own: no reparse point, no folder, one name. *found is
 * what was found of it. */
DWORD state_directory_check_plain_file(HANDLE file, BY_HANDLE_FILE_INFORMATION *found,
                                       const char **failed_call);

/* Checks a folder, whether it may be believed or only whether it is a real one, and keeps it open
 * so that nobody can put another in its place: it is not shared for deletion, and a folder with an
 * open one below it cannot be renamed either. *folder is let go by state_directory_let_go (null is
 * fine). Errors as of state_directory_check; ERROR_SHARING_VIOLATION: somebody is deleting it. */
DWORD state_directory_hold(const wchar_t *path, bool believed, HANDLE *folder,
                           const char **failed_call);
void state_directory_let_go(HANDLE folder);

/* Only whether it is a real folder, whoever may change it. */
DWORD state_directory_check_folder(const wchar_t *path, const char **failed_call);

/* Whether the process may make and delete files in it: it is opened for that, and closed.
 * ERROR_SUCCESS, or the error of *failed_call. */
DWORD state_directory_may_write(const wchar_t *path, const char **failed_call);

/* Removes it when it is empty (ERROR_DIR_NOT_EMPTY: it is not); none is fine. For uninstall. */
DWORD state_directory_remove(const wchar_t *path, const char **failed_call);

#endif
