/* queue_watch.h: the thread that knows how many files the SMTP queues hold.
 *
 * It counts when Windows says that something changed, in a storm of changes for no more than one
 * part in QUEUE_WATCH_EFFORT of the time, and otherwise every few minutes. It tells when the queue
 * grows (setting QueueAlert, queue_alert.h) and when it cannot be read, and says whether the queue
 * bears out that an account is abused (setting RequireQueue). It may hang with a volume; nobody
 * waits for it for longer than QUEUE_WATCH_PATIENCE. With both settings 0 it looks at nothing.
 */
#ifndef RELAYLOCK_APP_QUEUE_WATCH_H
#define RELAYLOCK_APP_QUEUE_WATCH_H

#include <windows.h>
#include "../core/settings.h"

enum {
    QUEUE_WATCH_PAUSE = 3000, /* ms at least between two looks because of changes */
    QUEUE_WATCH_PAUSE_MAX = 60000,
    QUEUE_WATCH_EFFORT = 20,
    QUEUE_WATCH_DEAF = 20,          /* ms from one signal of a change on without a look at others */
    QUEUE_WATCH_WATCHED = 300000,   /* ms between two looks where changes are told */
    QUEUE_WATCH_UNWATCHED = 60000,  /* and where they are not, or something cannot be read */
    QUEUE_WATCH_SEARCH = 3600000,   /* ms until the folders are looked for anew */
    QUEUE_WATCH_GRACE = 60000,      /* ms that it cannot be read until that is told: somebody may be
                                       clearing it */
    QUEUE_WATCH_STALE = 10000,      /* ms without a file after which a look hangs */
    QUEUE_WATCH_FRESH = 500,        /* ms that a look is as good as one of now */
    QUEUE_WATCH_PATIENCE = 1000,    /* ms that queue_watch_look waits */
    QUEUE_WATCH_DIAGNOSIS = 120000, /* ms until growth is told without why */
};

/* The OS calls; tests put others here. */
struct queue_watch_calls {
    DWORD(WINAPI *GetTickCount)(void);
    HANDLE(WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    HANDLE(WINAPI *CreateThread)
    (LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    DWORD(WINAPI *WaitForMultipleObjects)(DWORD, const HANDLE *, BOOL, DWORD);
};
extern struct queue_watch_calls queue_watch_calls;

/* How it stands. */
struct queue_view {
    bool known;        /* else it cannot be read, or was not yet */
    uint32_t files;    /* if it is */
    uint32_t required; /* RequireQueue */
    uint32_t window;   /* for guard_corroborate; UINT32_MAX when nothing is known */
};

struct queue_watch;

/* Starts the thread. ERROR_SUCCESS, or the error; *watch then untouched. */
DWORD queue_watch_start(const struct settings *settings, struct queue_watch **watch);

/* What of the settings it needs is copied. What is required counts at once, the rest soon. */
void queue_watch_configure(struct queue_watch *watch, const struct settings *settings);

/* By the latest count. Waits for nothing. */
void queue_watch_view(struct queue_watch *watch, struct queue_view *view);

/* Counts first, unless QUEUE_WATCH_FRESH is old enough; waits for that QUEUE_WATCH_PATIENCE, or
 * until stop is signalled, and not at all while the thread hangs. By one thread at a time. */
void queue_watch_look(struct queue_watch *watch, HANDLE stop, struct queue_view *view);

/* Tells that the thread hangs, once as long as it does: to be called now and then. */
void queue_watch_tell_hanging(struct queue_watch *watch);

/* Ends the thread and frees all. One that hangs for longer than wait ms is left behind, and frees
 * the memory itself when Windows lets it go: false. */
bool queue_watch_stop(struct queue_watch *watch, DWORD wait);

#endif
