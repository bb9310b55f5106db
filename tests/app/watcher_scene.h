/* watcher_scene.h: a watcher in a thread of its own, with the real detector, guard, resolver,
 * responder and settings, on a log that can be written to, a fake directory, a fake registry, a
 * journal in memory, and a clock that can be put forward. Restarts of SMTP succeed at once; what is
 * told is recorded (report_recorder.h).
 */
#ifndef RELAYLOCK_TESTS_WATCHER_SCENE_H
#define RELAYLOCK_TESTS_WATCHER_SCENE_H

#include "../windows/fake_directory.h"
#include "../windows/fake_registry.h"
#include "app/watcher.h"
#include "memory_store.h"
#include "report_recorder.h"
#include "windows/event_source.h"
#include "windows/parameters.h"

enum { PATIENCE = 8000 /* ms, for what is to come from another thread */ };

extern struct watcher_scene {
    DWORD open_error; /* of the log; 0: it opens */
    struct log_facts facts;
    struct event_source_change change; /* of the next batch that has events */
    volatile LONG opens;
    volatile LONG observing, told_observing; /* as told last, and how often */
    struct control control;
    HANDLE thread;
    DWORD result; /* of watcher_run, once the thread has ended */
    struct fake_domain *contoso;
    struct fake_user *carol;
} watcher_scene;

/* Before each test: an empty log; carol in the domain CONTOSO, whose fifth sign-in in ten
 * minutes is one too many; and a control, but no thread. After it: the thread, which runs, is
 * ended; fails when that takes longer than PATIENCE. */
int watcher_scene_set_up(void **state);
int watcher_scene_tear_down(void **state);

/* A process begins, and ends: 0, or -1 when it does not end in PATIENCE. For the next one there
 * must be another control. */
void watcher_scene_start(void);
int watcher_scene_end(void);
void watcher_scene_make_control(void);

/* So many sign-ins of the account are written into the log; null: so many malformed events. */
void watcher_scene_sign_ins(const char16_t *account, int count);
/* The same; they say that they are from so many seconds ahead of now. */
void watcher_scene_sign_ins_dated(const char16_t *account, int count, int64_t ahead);

/* Lets the watcher read all, and do what comes of it: it reads on only after that. */
void watcher_scene_settle(void);

/* Puts the clock forward and lets the watcher look at it. */
void watcher_scene_forward(LONG ms);

#endif
