/* lockdown_world.h: what a lockdown acts on, in memory: accounts, SMTP, a journal, clocks.
 *
 * The calls that lockdown.c makes, and those of incident_store.c (memory_store.h), each behaving as
 * its header says and keeping state, so that a killed process (a longjmp out of any of them) leaves
 * the world as it was at that moment and a new one finds it so. Any call can be made to fail.
 */
#ifndef TESTS_APP_LOCKDOWN_WORLD_H
#define TESTS_APP_LOCKDOWN_WORLD_H

#include <setjmp.h>
#include "app/lockdown.h"
#include "memory_store.h"
#include "report_recorder.h"

#define WORLD_BATCH "20100101-000000" /* the id of each batch */

enum {
    WORLD_ACCOUNTS = 16,
    WORLD_JOURNAL_MAX = 1 << 20,
    WORLD_RID = 1100,
    WORLD_WALL = 1262304000,
    WORLD_QUEUED = 10 /* messages in the queue, at first */
};

struct world_account {
    DWORD flags;      /* where it is written */
    DWORD used_flags; /* where this host looks it up; follows flags unless lagging */
    bool lagging;
    DWORD hangs; /* ms that its controller, which is away, takes; 0: it is there */
    bool marked, last_admin;
    unsigned tries, writes, passwords; /* of locks */
    bool abused, session;              /* somebody has its password; and a session is open */
};

struct world {
    struct world_account accounts[WORLD_ACCOUNTS];
    DWORD directory_error; /* of every call; 0: it answers */
    bool aside_refused;    /* no lock within a restart can be begun */
    DWORD write_error;     /* of every write of a lock; 0: it is done */
    bool write_uncertain;  /* and it may be done even so */
    bool read_only_used;   /* where it is looked up cannot be written to */
    bool home_away;        /* where it is written does not answer a look */
    unsigned looks;

    bool smtp_down, other_down;           /* SMTPSVC; and any other service */
    bool dependent_down, dependent_stuck; /* RESVC, of either; it does not start */
    wchar_t vital[64];                    /* of the last restart or the end of one */
    unsigned resumes;
    unsigned restarts;       /* finished, of SMTPSVC */
    unsigned other_restarts; /* of others */
    wchar_t last_restarted[64];
    struct smtp_outcome outcome; /* of restarts, when result_forced */
    bool result_forced;
    DWORD stop_takes, start_takes; /* ms, of SMTPSVC */
    DWORD stop_left;               /* it was told to stop: ms until it has */
    bool started_by_others;        /* as soon as it has stopped */
    void (*meanwhile)(void);       /* within each wait, every second; may be null */
    bool stopping;                 /* the program is to end */

    /* Of the queue: */
    unsigned queued, kept; /* messages */
    unsigned take_most;    /* so many; then its time is over */
    bool take_more_ids;    /* some into batches of later ids */
    const char *asked_id;  /* of the batch to be given back; null: all */
    DWORD log_takes;       /* ms to read an account's clients */
    DWORD patience;        /* ms that the last one was given */
    bool taken_while_smtp_ran;
    bool locked_when_taken;        /* the first account */
    unsigned finishes;             /* of quarantines that were left */
    struct quarantine_order order; /* of the last taking */
    char clients[64];              /* of it, the first's name and how many */
    unsigned quarantine_answers;
    struct release_answer quarantine_answer;

    DWORD tick;
    int64_t wall; /* s since 1970 UTC */
    uint32_t boot;
    uint64_t record; /* of the log's last */

    /* Points at which the process can be killed: before and after whatever changes the world. */
    unsigned points, kill_at; /* 0: never */
    jmp_buf killed;

    /* What the listener was told. */
    bool told_open;
    bool blind; /* all of the log is read all the time, but not while it cannot be */
    unsigned opens, closes, unheld, told;
    struct incident last; /* told last */
    bool restarting;
    unsigned answers;
    struct release_answer answer;

    struct settings settings;
    struct lockdown *lockdown;
};
extern struct world world;

/* A world in which all is well, and no process. */
void world_reset(void);

/* Before and after a test: anew, and no process left. */
int world_set_up(void **state);
int world_tear_down(void **state);

/* Starts, and has the accounts 1 to count locked and SMTP restarted for them. */
void world_lock(unsigned count);

/* A new process; the old one, if there is one, is gone as if killed. All of the log was read; or it
 * is still being read. */
void world_start(void);
void world_start_behind(void);
void world_caught_up(void);
void world_end(void); /* ends it as it should */
void world_kill(void);

/* Steps until nothing is due now. Returns the ms until something is. */
DWORD world_run(void);
/* Lets time pass, in which whatever comes due is done. */
void world_pass(DWORD ms);

/* The account of that number crossed a limit: the same crossing, however often it is read. */
void world_cross(unsigned account);
struct order world_order(unsigned account, enum flag_reason flag);
void world_leak(unsigned account, unsigned count);
void world_release(enum release_target target, const char16_t *account, bool force);
/* And runs until it was answered. */
void world_release_now(enum release_target target, const char16_t *account, bool force);

/* Somebody asks for all of the queue to be taken out, or given back. Whether the job was taken. */
bool world_quarantine(enum quarantine_task task);

/* So many messages are in the queue, and so many are kept; SMTP runs, and never ran while some were
 * moved. */
void world_expect_queue(unsigned queued, unsigned kept);

const struct incident *world_incident(unsigned account); /* its newest; null: none */
bool world_is_disabled(unsigned account);
void world_sid(unsigned account, uint8_t sid[IDENTITY_SID_MAX]);

/* For the fakes: a point at which the process may be killed. */
void world_point(void);

#endif
