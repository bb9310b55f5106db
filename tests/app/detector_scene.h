/* detector_scene.h: from sign-ins to accounts: a detector with the real guard, resolver, responder
 * and account code on a fake directory, and a journal in memory that outlives the process; only
 * SMTP is a counter. What is told is recorded (report_recorder.h).
 */
#ifndef RELAYLOCK_TESTS_DETECTOR_SCENE_H
#define RELAYLOCK_TESTS_DETECTOR_SCENE_H

#include "../windows/fake_directory.h"
#include "app/detector.h"
#include "memory_store.h"
#include "report_recorder.h"

enum {
    PATIENCE = 8000,   /* ms, for what is to come from another thread */
    START = 1262304000 /* the log's clock at first: 2010-01-01T00:00:00Z */
};

extern struct detector_scene {
    struct detector detector;
    struct settings settings;
    struct fake_domain *contoso;
    struct fake_user *carol, *dave, *boss; /* the last is the administrator */
    volatile LONG restarts;                /* of SMTP */
    uint64_t record;                       /* of the last sign-in */
    int64_t time;                          /* of it; each is a second later */
    uint64_t position;                     /* that the responder was told last */
    struct store_news store;               /* as told last */
    DWORD tick_offset;                     /* ms that GetTickCount is ahead */
} detector_scene;

/* Before and after each test: the limit is 5 sign-ins in ten minutes, and there is no process; it
 * is ended if there is one. */
int detector_scene_set_up(void **state);
int detector_scene_tear_down(void **state);

/* A process begins, by the settings, and has read all of the log; and it ends, as it should. */
void detector_scene_begin(void);
void detector_scene_end(void);

/* A sign-in is read, or so many. */
void detector_scene_sign_in(const char16_t *account);
void detector_scene_sign_ins(const char16_t *account, int count);

/* A sign-in after all that was done so far: of a locked account, a leak. The responder is told. */
void detector_scene_leak(const char16_t *account);

/* All of the log is read. */
void detector_scene_all_read(void);

/* Reads the same log once more, as after new settings: so many sign-ins from START on. */
void detector_scene_read_again(const char16_t *account, int count);

/* Waits until the responder tells whether the journal is open, or not. */
void detector_scene_hear_store(void);

/* Hears the responder until it has told that the account is so. */
void detector_scene_hear_until(const struct fake_user *user, enum held_state state);

/* Waits until so many accounts are locked, the last of them this one, and all is done that follows
 * at once; all of the log is read then. */
void detector_scene_be_locked(const struct fake_user *user, size_t locks);

enum held_state detector_scene_held(const struct fake_user *user);
bool detector_scene_is_disabled(const struct fake_user *user);
int64_t detector_scene_now_seconds(void); /* of this computer's clock, since 1970 UTC */

#endif
