/* release_file.h: how the release verb and the running service talk: two files in the state
 * directory (state_directory.h), where nobody but administrators may write.
 *
 * The verb leaves release.request and sends a service control; the service takes the request (reads
 * and deletes it), does it, and leaves release.answer, which the verb waits for and takes. Each
 * appears whole: it is written under another name, flushed and renamed. Sources:
 * learn.microsoft.com nf-fileapi-findfirstchangenotificationw.
 *
 * Functions return ERROR_SUCCESS, or the error of the call that failed, whose name (a literal) goes
 * to *failed_call. The directory is one that state_directory_check has approved.
 */
#ifndef RELAYLOCK_WINDOWS_RELEASE_FILE_H
#define RELAYLOCK_WINDOWS_RELEASE_FILE_H

#include <windows.h>
#include "../core/release_request.h"

/* The OS calls, but for those of disk_file.h; tests put others here. */
struct release_file_calls {
    HANDLE(WINAPI *FindFirstChangeNotificationW)(LPCWSTR, BOOL, DWORD);
    BOOL(WINAPI *FindNextChangeNotification)(HANDLE);
    BOOL(WINAPI *FindCloseChangeNotification)(HANDLE);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    DWORD(WINAPI *GetTickCount)(void);
    void(WINAPI *GetSystemTimeAsFileTime)(LPFILETIME);
};
extern struct release_file_calls release_file_calls;

enum { RELEASE_FILE_STALE = 120 /* s after which a request that nobody took is nobody's */ };

/* Leaves a request. ERROR_ALREADY_EXISTS: there is one that is not stale. */
DWORD release_file_ask(const wchar_t *directory, const struct release_request *request,
                       const char **failed_call);

/* Takes the request that is there; it is gone then, also if it cannot be believed.
 * ERROR_FILE_NOT_FOUND: there is none; ERROR_INVALID_DATA: it makes no sense; as
 * state_directory_check_file. */
DWORD release_file_take(const wchar_t *directory, struct release_request *request,
                        const char **failed_call);

/* Leaves an answer, in place of any that nobody took. */
DWORD release_file_answer(const wchar_t *directory, const struct release_answer *answer,
                          const char **failed_call);

/* Tells of changes in the directory from now on; closed by release_file_wait. */
DWORD release_file_watch(const wchar_t *directory, HANDLE *change, const char **failed_call);

/* Waits up to ms for the answer to the request of that number, takes it and closes change.
 * ERROR_TIMEOUT: it did not come. */
DWORD release_file_wait(const wchar_t *directory, HANDLE change, uint64_t number, DWORD ms,
                        struct release_answer *answer, const char **failed_call);

/* Deletes both, whatever they are. */
void release_file_forget(const wchar_t *directory);

#endif
