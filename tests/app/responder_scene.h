/* responder_scene.h: a responder's thread, with the real lock-down and a journal in memory; a
 * directory that may be away or hang, and an SMTP service that counts its restarts. What is told is
 * recorded (report_recorder.h).
 *
 * Accounts are numbered from 0.
 */
#ifndef RELAYLOCK_TESTS_RESPONDER_SCENE_H
#define RELAYLOCK_TESTS_RESPONDER_SCENE_H

#include "app/responder.h"
#include "memory_store.h"
#include "report_recorder.h"

enum {
    ACCOUNTS = 128,
    PATIENCE = 8000, /* ms, for what is to come from another thread */
    SID_SIZE = 12    /* of an account */
};

extern struct responder_scene {
    bool disabled[ACCOUNTS];
    volatile LONG directory_error; /* of every call; 0: it answers */
    HANDLE gate;                   /* account_lock waits for this; set at first */
    HANDLE at_gate;                /* it was called */
    volatile LONG restarts;        /* of SMTP, finished */
    HANDLE restart_gate;           /* a restart waits for this, taking orders; set at first */
    HANDLE at_restart;             /* one has begun */
    HANDLE stop;                   /* ends the responder */
    struct responder *responder;
    struct settings settings;
    volatile LONG waited; /* how often a stop told that it waits */
    unsigned threads;     /* of this process, before the test's */
} responder_scene;

/* Before each test: all as above, and no thread. */
int responder_scene_set_up(void **state);

/* A process begins, and all of the log is read, up to record 1000. What was told of the journal. */
struct store_news responder_scene_start(void);

/* It ends; as responder_stop, with what that tells counted. */
bool responder_scene_stop(void);
void responder_scene_count_waiting(void *context);

/* Waits until something is told of the journal. */
struct store_news responder_scene_store_told(void);

/* All of the log is read, up to that record. */
void responder_scene_all_read(uint64_t record);

void responder_scene_sid_of(uint8_t who, uint8_t sid[IDENTITY_SID_MAX]);
struct order responder_scene_order_for(uint8_t who, enum flag_reason flag);

/* The account is to be locked. */
void responder_scene_post(uint8_t who);

/* Waits for news of that kind of the account. */
struct account_news responder_scene_heard(uint8_t who, enum news_kind kind);

/* A process begins and locks the account, and all is done that follows at once. */
void responder_scene_lock(uint8_t who);

#endif
