/* quarantine_folder.h: where quarantined messages lie, and how a message gets there and back.
 *
 *     <the queue folder's parent>\RelayLock quarantine\<batch>
 *
 * That is on the queue's volume, so a message is moved by one rename, with all its streams, in
 * which SMTPSVC keeps its envelope (domain.md 4); and not in the queue folder, where SMTP looks.
 * Both folders are made and believed as the state directory is (state_directory.h). A message is
 * moved only when it is a file of its own, with one name, that is not read-only; nothing is ever
 * replaced. Sources: learn.microsoft.com nf-winbase-movefileexw (without MOVEFILE_COPY_ALLOWED a
 * file is never copied to another volume), nf-fileapi-findfirstfilew.
 *
 * Functions return ERROR_SUCCESS, or the error of the call or check that failed, whose name (a
 * literal) goes to *failed_call.
 */
#ifndef RELAYLOCK_WINDOWS_QUARANTINE_FOLDER_H
#define RELAYLOCK_WINDOWS_QUARANTINE_FOLDER_H

#include <windows.h>
#include <stdbool.h>
#include "../core/quarantine_manifest.h"

/* The OS calls, but for those of state_directory.h; tests put others here. */
struct quarantine_folder_calls {
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    BOOL(WINAPI *MoveFileExW)(LPCWSTR, LPCWSTR, DWORD);
    HANDLE(WINAPI *FindFirstFileW)(LPCWSTR, LPWIN32_FIND_DATAW);
    BOOL(WINAPI *FindNextFileW)(HANDLE, LPWIN32_FIND_DATAW);
    BOOL(WINAPI *FindClose)(HANDLE);
};
extern struct quarantine_folder_calls quarantine_folder_calls;

enum {
    QUARANTINE_FOLDER_MAX = MANIFEST_PATH_MAX + 64, /* units of a folder's path, terminated */
    QUARANTINE_FILE_MAX = QUARANTINE_FOLDER_MAX + MANIFEST_NAME_MAX
};

/* The folder of all batches of a queue folder. False when that has no parent or a path that is too
 * long. */
bool quarantine_folder_root(const wchar_t *queue, wchar_t root[QUARANTINE_FOLDER_MAX]);

/* Whether two queue folders, whose batches lie in one folder, are the same: by their own names,
 * case folded. The folders above may go by other names meanwhile. */
bool quarantine_folder_is_same(const wchar_t *queue, const wchar_t *other);

/* folder\name. */
void quarantine_folder_path(wchar_t path[QUARANTINE_FILE_MAX], const wchar_t *folder,
                            const wchar_t *name);

/* Whether it is a message that may be moved; ERROR_FILE_NOT_FOUND when it is gone,
 * ERROR_CANT_ACCESS_FILE and ERROR_FILE_READ_ONLY for what is not moved. */
DWORD quarantine_folder_check(const wchar_t *path, const char **failed_call);

/* Moves one that was checked; durable: it is on the disk when this returns, and so are the moves
 * before it, as NTFS logs them one after another. ERROR_FILE_NOT_FOUND when it is gone,
 * ERROR_ALREADY_EXISTS when the name is taken there, ERROR_SHARING_VIOLATION when somebody keeps
 * it. Who has an oplock on it is waited for, until he lets go. */
DWORD quarantine_folder_move(const wchar_t *from, const wchar_t *to, bool durable,
                             const char **failed_call);

/* Tells what is named as a batch in the folder of all batches, in no order; tell returns whether to
 * go on. No such folder: nothing to tell. */
DWORD quarantine_folder_each(const wchar_t *root, bool (*tell)(void *context, const char *id),
                             void *context, const char **failed_call);

#endif
