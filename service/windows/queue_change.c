#include "queue_change.h"

#include "last_error.h"

struct queue_change_calls queue_change_calls = {
    .FindFirstChangeNotificationW = FindFirstChangeNotificationW,
    .FindNextChangeNotification = FindNextChangeNotification,
    .FindCloseChangeNotification = FindCloseChangeNotification,
};

DWORD queue_change_add(struct queue_change *change, const wchar_t *folder)
{
    if (change->count == QUEUE_CHANGE_MAX)
        return ERROR_TOO_MANY_OPEN_FILES;
    if (folder[0] == L'\\' && folder[1] == L'\\')
        return ERROR_NOT_SUPPORTED;
    HANDLE signal = queue_change_calls.FindFirstChangeNotificationW(folder, FALSE,
                                                                    FILE_NOTIFY_CHANGE_FILE_NAME);
    /* Documented is INVALID_HANDLE_VALUE; Microsoft's example (obtaining-directory-change-
     * notifications) looks for null as well. */
    if (signal == INVALID_HANDLE_VALUE || !signal)
        return last_error();
    change->signals[change->count++] = signal;
    return ERROR_SUCCESS;
}

void queue_change_again(struct queue_change *change)
{
    DWORD kept = 0;
    for (DWORD i = 0; i < change->count; i++) {
        HANDLE signal = change->signals[i];
        if (WaitForSingleObject(signal, 0) == WAIT_TIMEOUT ||
            queue_change_calls.FindNextChangeNotification(signal))
            change->signals[kept++] = signal;
        else
            queue_change_calls.FindCloseChangeNotification(signal);
    }
    change->count = kept;
}

void queue_change_end(struct queue_change *change)
{
    while (change->count > 0)
        queue_change_calls.FindCloseChangeNotification(change->signals[--change->count]);
}
