/* message_files.h: the message files of a folder (*.eml), and the heads of them, on Windows.
 *
 * Read-only; files are shared with whoever wants them, links (reparse points) not followed, folders
 * in the folder not entered. Sources: learn.microsoft.com nf-fileapi-findfirstfilew,
 * nf-fileapi-createfilew (FILE_FLAG_OPEN_REPARSE_POINT), nf-fileapi-getfiletype.
 */
#ifndef RELAYLOCK_WINDOWS_MESSAGE_FILES_H
#define RELAYLOCK_WINDOWS_MESSAGE_FILES_H

#include <windows.h>
#include <stdbool.h>
#include "../core/message_head.h"

/* The OS calls; tests put others here. */
struct message_files_calls {
    HANDLE(WINAPI *FindFirstFileW)(LPCWSTR, LPWIN32_FIND_DATAW);
    BOOL(WINAPI *FindNextFileW)(HANDLE, LPWIN32_FIND_DATAW);
    BOOL(WINAPI *FindClose)(HANDLE);
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *ReadFile)(HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    DWORD(WINAPI *GetFileType)(HANDLE);
    void(WINAPI *Sleep)(DWORD);
};
extern struct message_files_calls message_files_calls;

enum {
    MESSAGE_FILES_PATH_MAX = 1024, /* units of a message's path, terminator included */
    MESSAGE_FILES_WAIT = 50,       /* ms */
    MESSAGE_FILES_WAITS_MAX = 3    /* of a pass over a folder */
};

enum message_file_state {
    MESSAGE_FILE_READ,   /* or, when heads are not asked for, found */
    MESSAGE_FILE_GONE,   /* since its name was read */
    MESSAGE_FILE_IN_USE, /* another process does not share it, or it is being deleted */
    MESSAGE_FILE_LINK,   /* or no file on a disk: a device by its name, as COM1.eml */
    MESSAGE_FILE_FAILED  /* error and failed_call say why */
};

struct message_file {
    const wchar_t *path; /* whole; a view for the call, as all of these */
    const wchar_t *name; /* its last part */
    uint64_t size;
    int64_t written; /* s since 1970-01-01 UTC */
    enum message_file_state state;
    DWORD error;
    const char *failed_call;
    const struct message_head *head; /* null unless asked for and read */
};

/* Whether a call that failed for a file is to be made once more: for ERROR_ACCESS_DENIED, after a
 * wait. That is also what a file answers that is being deleted, as long as somebody has it open
 * (STATUS_DELETE_PENDING); it is gone then. *waits counts them in a pass, zero at first, so that a
 * folder full of files that may not be opened takes no longer than MESSAGE_FILES_WAITS_MAX waits.
 */
bool message_files_again(DWORD error, unsigned *waits);

/* Tells every message file, whatever its state, in no order; tell returns whether to go on, and so
 * does about (may be null), which is asked before a file is opened for its head: that may hang.
 * ERROR_SUCCESS, also when one of them ended it; else the error of *failed_call, and some may have
 * been told. ERROR_FILENAME_EXCED_RANGE: the folder's path leaves no room for names. */
DWORD message_files_walk(const wchar_t *folder, bool heads,
                         bool (*about)(void *context, const wchar_t *path),
                         bool (*tell)(void *context, const struct message_file *file),
                         void *context, const char **failed_call);

#endif
