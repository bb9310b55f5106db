/* fake_queue.h: queue folders behind the OS calls of message_files, queue_change and queue_watch,
 * for any number of threads, with a clock that can be put forward.
 *
 * As learn.microsoft.com describes them (FindFirstFile, FindNextFile, CreateFile,
 * FindFirstChangeNotification, FindNextChangeNotification, RemoveDirectory): a search sees the
 * files that were there when it began; a signal stays set until it is asked for again, and a change
 * meanwhile sets it then; a folder that is renamed is watched on; one that is deleted signals, is
 * refused then (ERROR_ACCESS_DENIED), and its name is taken until the last watch of it is closed.
 * Any folder can be missing, denied, hang, or refuse to be watched. A wait ends by the fake's
 * clock.
 */
#ifndef RELAYLOCK_TESTS_FAKE_QUEUE_H
#define RELAYLOCK_TESTS_FAKE_QUEUE_H

#include <windows.h>
#include <stdbool.h>

enum { FAKE_QUEUE_FOLDERS = 4 };

struct fake_queue_folder {
    const wchar_t *path; /* null: there is none */
    DWORD error;         /* of FindFirstFile */
    DWORD watch_error;   /* of FindFirstChangeNotification */
    bool hangs;          /* FindFirstFile, until it is let go */
    bool files_hang;     /* CreateFile of a message */
    const char *message; /* what its files hold */
    LONG files;
};

/* No folder, the clock at 0. Puts its calls into the tables. */
void fake_queue_reset(void);

/* Changes a folder by its index; each sets the signals of its watches unless it says otherwise. */
void fake_queue_set(unsigned index, const struct fake_queue_folder *folder); /* silently */
void fake_queue_fill(unsigned index, LONG files);                            /* how many it holds */
/* It is another folder from now on, which nobody watches yet. */
void fake_queue_replace(unsigned index, LONG files);
/* It is deleted; and whether a watch of it keeps its name taken. */
void fake_queue_delete(unsigned index);
bool fake_queue_is_pending(unsigned index);
/* Lets go whatever hangs, for good. */
void fake_queue_let_go(unsigned index);

void fake_queue_forward(DWORD ms);

/* Waits, for so many ms at most, until the watch's thread has nothing to do by what was set and by
 * the clock as they are now, or hangs. False: it does not come to that. */
bool fake_queue_settle(DWORD ms);

/* Since the reset: searches begun, by all; and what is open of searches, files and watches, and of
 * the events and threads that queue_watch made. */
LONG fake_queue_looks(void);
LONG fake_queue_open(void);

/* The n-th call from now of CreateEvent, CreateThread or FindNextChangeNotification fails; 0: none.
 * The wait fails as long as there is a watch in it. */
void fake_queue_fail(const char *call, unsigned n);
void fake_queue_fail_waits(bool fail);

#endif
