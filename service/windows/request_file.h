/* request_file.h: how a verb and the running service talk: two files in the state directory
 * (state_directory.h), where nobody but administrators may write.
 *
 * The verb leaves the request and sends a service control; the service takes the request (reads and
 * deletes it), does it, and leaves the answer, which the verb waits for and takes. Each appears
 * whole: it is written under another name, flushed and renamed.
 *
 * A control says that there is a request, not whose: one that was left behind, since nobody could
 * delete it or since its control never came, must not be done when somebody else's control comes
 * days later. So a request is done by who could delete it, and while it is fresh: last written less
 * than request_file.stale ago, by the clock on the wall and the file's own time. (NTFS keeps it to
 * 100 ns. FAT keeps 2 s, which may lie ahead; so much is let pass. A file that is made anew under
 * an old name may get that one's time of creation, so that is not asked.) One from further ahead is
 * stale: the clock was set back since, and its age cannot be known. Its verb is told at once, and
 * what is typed again is fresh by the new clock. An old one can be taken for fresh only when the
 * clock is set back to within its time; the process that refused it knows it all the same (which
 * file, and when written).
 *
 * What was written before the service's process began is stale as well: an earlier one was asked
 * for it. So a new process may look at its start for what was left: it refuses that, and does what
 * was left for itself, as a verb may ask as soon as Windows says that the service runs, before it
 * has found the folder. While the clock says that the process has not begun yet, it was set back
 * since, and age alone counts. One of an earlier process passes only when the clock was set back to
 * just before its time, and the process began then. (Nothing more is let pass for FAT, which may
 * date a request of the first 2 s before the beginning: it is refused, and typed again.) What else
 * a new process finds it leaves alone, as somebody may just be writing or taking it: an answer is
 * known by its number, and it and what was left half written are replaced by the next.
 *
 * A verb waits no longer than for the end of the process that it asked (own_service.h), and then
 * takes back what that had not taken, so that nobody does it.
 *
 * Sources: learn.microsoft.com nf-fileapi-findfirstchangenotificationw, "File Times",
 * nf-fileapi-getfiletime (what FAT keeps), nf-processthreadsapi-getprocesstimes, KB172190
 * (tunneling).
 *
 * Functions return ERROR_SUCCESS, or the error of the call that failed, whose name (a literal) goes
 * to *failed_call. The directory is one that state_directory_check has approved.
 */
#ifndef RELAYLOCK_WINDOWS_REQUEST_FILE_H
#define RELAYLOCK_WINDOWS_REQUEST_FILE_H

#include <windows.h>
#include "../core/release_request.h"
#include "disk_file.h"
#include "own_service.h"

/* The OS calls, but for those of disk_file.h; tests put others here. */
struct request_file_calls {
    HANDLE(WINAPI *FindFirstChangeNotificationW)(LPCWSTR, BOOL, DWORD);
    BOOL(WINAPI *FindNextChangeNotification)(HANDLE);
    BOOL(WINAPI *FindCloseChangeNotification)(HANDLE);
    DWORD(WINAPI *WaitForMultipleObjects)(DWORD, const HANDLE *, BOOL, DWORD);
    DWORD(WINAPI *GetTickCount)(void);
    void(WINAPI *GetSystemTimeAsFileTime)(LPFILETIME);
    BOOL(WINAPI *GetProcessTimes)(HANDLE, LPFILETIME, LPFILETIME, LPFILETIME, LPFILETIME);
};
extern struct request_file_calls request_file_calls;

/* The files' names, of one verb. */
struct request_file {
    const wchar_t *request, *answer;
    /* The names under which they are written: the verb and the service may write at once. */
    const wchar_t *request_made, *answer_made;
    DWORD stale; /* s after which a request is nobody's; no less than its verb waits */
    struct disk_file_identity *refused; /* the service's: what is never done; zeroed: nothing */
    struct disk_file_identity *left;    /* the verb's: what it left; zeroed: nothing */
};

/* Leaves a request. ERROR_ALREADY_EXISTS: there is one that is not stale; a control has it deleted
 * if it was refused. */
DWORD request_file_ask(const struct request_file *file, const wchar_t *directory,
                       const uint8_t *bytes, size_t size, const char **failed_call);

/* Takes back what this process left; what somebody else left stays. Whether it was there still, so
 * that nothing of it was done or will be. */
bool request_file_take_back(const struct request_file *file, const wchar_t *directory);

/* Takes the request that is there, of at most max bytes; it is gone then, also if it cannot be
 * believed or is stale. ERROR_FILE_NOT_FOUND: there is none, or only one that was refused before;
 * as state_directory_check_file. What could be read is in bytes, of *size > 0, also when it is
 * refused for one of these, so that its verb can be answered: ERROR_TIMEOUT: it is stale, or an
 * earlier process was asked for it; as disk_file_delete: it could not be deleted, and is not done
 * by this process later either. */
DWORD request_file_take(const struct request_file *file, const wchar_t *directory, uint8_t *bytes,
                        size_t max, size_t *size, const char **failed_call);

/* Leaves an answer, in place of any that nobody took. */
DWORD request_file_answer(const struct request_file *file, const wchar_t *directory,
                          const struct release_answer *answer, const char **failed_call);

/* What a verb waits for, once it has left its request. */
struct request_watch {
    HANDLE change;                      /* a file in the directory got or lost its name */
    struct own_service_process service; /* who is to answer */
};

/* Watches both from now on, until request_file_wait, or request_file_unwatch where nothing is to be
 * waited for. Errors also as own_service_find. */
DWORD request_file_watch(const wchar_t *directory, struct request_watch *watch,
                         const char **failed_call);
void request_file_unwatch(struct request_watch *watch);

/* Waits up to ms for the answer to the request of that number, takes it and ends the watch. The
 * answer to another request is left where it is. ERROR_TIMEOUT: it did not come.
 * ERROR_SERVICE_NOT_ACTIVE: the service has ended without it. */
DWORD request_file_wait(const struct request_file *file, const wchar_t *directory,
                        struct request_watch *watch, uint64_t number, DWORD ms,
                        struct release_answer *answer, const char **failed_call);

/* Deletes both, whatever they are, and what was left half written. */
void request_file_forget(const struct request_file *file, const wchar_t *directory);

#endif
