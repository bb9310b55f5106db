/* queue_watch_state.h: what a queue watch consists of; for the queue_watch*.c files only. */
#ifndef RELAYLOCK_APP_QUEUE_WATCH_STATE_H
#define RELAYLOCK_APP_QUEUE_WATCH_STATE_H

#include "queue_alert.h"
#include "queue_watch.h"
#include "../core/notice.h"
#include "../windows/queue_change.h"

enum { QUEUE_WATCH_FOLDERS = QUEUE_CHANGE_MAX };

/* Owned by whoever called queue_watch_start and by the thread; the last one frees it. Times are ms
 * of its clock. */
struct queue_watch {
    LONG owners;
    HANDLE thread;
    HANDLE wake;     /* auto-reset, to the thread: something is asked, or stopping is set */
    HANDLE answered; /* auto-reset, to queue_watch_look */

    /* The thread's alone: */
    struct settings settings;
    struct queue_change change;
    uint32_t folder_count;
    char folders[QUEUE_WATCH_FOLDERS][QUEUE_FOLDER_PATH_MAX];
    int64_t search_at, listen_at, look_at; /* due again */
    int64_t hear_at;                       /* signals count again from then on */
    int64_t ended, took;                   /* the last look */
    bool failing;                          /* it could not read all ... */
    int64_t failing_since;                 /* ... since then */
    struct notice failure;
    bool none_told;
    struct queue_alert *alert; /* at work on one, until: */
    int64_t alert_until;
    struct queue_surge waiting; /* for it; QUEUE_NEWS_NONE: none */

    CRITICAL_SECTION lock; /* guards all below; held only for as long as memory is looked at */
    bool stopping, configured;
    struct settings wanted;
    int64_t clock; /* ms since the start: GetTickCount without its wrap */
    DWORD ticks;   /* GetTickCount when the clock was last set */
    struct queue_growth growth;
    bool known;   /* what the latest count means: files are so many ... */
    bool partial; /* ... or more: not all could be read, but RequireQueue is reached */
    uint32_t files;
    bool busy;        /* the thread is at work, and may hang: */
    int64_t alive_at; /* its last sign of life */
    bool begun;       /* a count ever did, the latest then: */
    int64_t begun_at;
    uint32_t asked, served; /* the latest of queue_watch_look, and up to which it is answered */
    bool hanging_told;
};

/* The clock, under the lock. It stays right as long as somebody asks every 49 days. */
int64_t queue_watch_clock(struct queue_watch *watch);

/* Gives up one of the two ownerships. */
void queue_watch_release(struct queue_watch *watch);

/* The thread (queue_watch_thread.c). */
DWORD WINAPI queue_watch_run(LPVOID context);

#endif
