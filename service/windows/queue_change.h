/* queue_change.h: signals when files come into folders or leave them.
 *
 * A signal only says that something changed, and is given again only when it is asked for again; a
 * change in between is not lost. A watched folder that is renamed is watched on under its new name:
 * whoever watches must begin anew from time to time. While a folder is watched, it may be renamed
 * or deleted, but the folders above it may not be renamed. One that is deleted signals, and is
 * refused when it is asked for again; its name stays taken, for everybody access is denied, until
 * it is let go. So a signal is to be asked for again at once. File systems may refuse. Sources:
 * learn.microsoft.com nf-fileapi-findfirstchangenotificationw,
 * nf-fileapi-findnextchangenotification, nf-fileapi-removedirectoryw; Knowledge Base 329167.
 *
 * Any of these calls may hang with the volume.
 */
#ifndef RELAYLOCK_WINDOWS_QUEUE_CHANGE_H
#define RELAYLOCK_WINDOWS_QUEUE_CHANGE_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct queue_change_calls {
    HANDLE(WINAPI *FindFirstChangeNotificationW)(LPCWSTR, BOOL, DWORD);
    BOOL(WINAPI *FindNextChangeNotification)(HANDLE);
    BOOL(WINAPI *FindCloseChangeNotification)(HANDLE);
};
extern struct queue_change_calls queue_change_calls;

enum { QUEUE_CHANGE_MAX = 32 /* folders */ };

/* Zeroed: none is watched. */
struct queue_change {
    DWORD count;
    HANDLE signals[QUEUE_CHANGE_MAX]; /* to be waited for, the first count of them */
};

/* Watches one folder more. ERROR_SUCCESS, or the error of the call; ERROR_TOO_MANY_OPEN_FILES when
 * there are QUEUE_CHANGE_MAX already; ERROR_NOT_SUPPORTED for a share, whose signals may not come.
 */
DWORD queue_change_add(struct queue_change *change, const wchar_t *folder);

/* Asks again for those signals that are set: to be called on a signal, and before the folders are
 * looked at. One that is refused is let go, and not watched any more. */
void queue_change_again(struct queue_change *change);

/* Watches none any more. */
void queue_change_end(struct queue_change *change);

#endif
