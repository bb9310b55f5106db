/* lockdown_state.h: what a lockdown consists of; for the lockdown*.c files only. */
#ifndef RELAYLOCK_APP_LOCKDOWN_STATE_H
#define RELAYLOCK_APP_LOCKDOWN_STATE_H

#include "lockdown.h"
#include "../core/restart_plan.h"

/* A release that was asked for and has not been answered yet. */
struct release_job {
    bool open;
    uint32_t count;                   /* of ids */
    uint64_t ids[BOOK_INCIDENTS_MAX]; /* that have not been tried yet */
    struct release_answer answer;
};

struct lockdown {
    struct incident_store store;
    struct response_policy policy;
    enum response_mode mode;
    struct steady steady;
    bool steady_known; /* it goes on from what the journal held */
    HANDLE stop;
    struct lockdown_listener listener;
    bool told_store, told_open; /* what the listener was told last, if anything */
    struct lockdown_figures figures;

    struct position_record position;
    bool position_moved;
    int64_t position_at; /* steady, ms: when it was put down last */
    struct outlook_record outlook;
    bool outlook_moved;

    bool caught_up;          /* a position was told */
    int64_t all_read_at;     /* steady, ms: up to then all of the log was read; 0: not known */
    bool read_asked;         /* the listener was, and has not told since */
    int64_t restarts_from;   /* steady, ms: until then SMTP is not restarted before that */
    bool restart_announced;  /* that the next restart has to wait */
    int64_t restart_look_at; /* steady, ms: what was begun was found not to have happened, and is
                                looked at once more; 0: not so */
    struct incident_retry restart_left; /* to start a dependent that was left stopped */
    DWORD restart_down;                 /* ms that SMTP was down for the last one */
    bool restart_unsaved;               /* one is done, and that could not be put down yet: */
    struct restart_record restart_done;

    bool took_again; /* the last step was one that was tried before */

    struct account_aside *aside; /* a lock that was begun within a restart; null: none */
    uint64_t aside_id;           /* of its incident */
    bool aside_earlier;          /* there was an intent before it */

    struct release_job release;
    bool quarantine_looked_at;         /* what an earlier process left of one was finished */
    struct quarantine_job *quarantine; /* that a person asked for, not done yet; null: none */
    bool quarantine_runs; /* it is answered by what comes of it, whatever becomes of the journal */
};

/* lockdown.c */

int64_t lockdown_now(struct lockdown *lockdown); /* steady, ms */
int64_t lockdown_wall(void);                     /* seconds since 1970-01-01 UTC */

/* Opens the journal if a try is due, and goes on from what it holds. Whether it is open. */
bool lockdown_open(struct lockdown *lockdown);

/* Tells that the journal cannot be kept, once, whatever it was that found out. */
void lockdown_note_store(struct lockdown *lockdown);

/* Where reading stands, and the steady clock. */
bool lockdown_put_position(struct lockdown *lockdown, bool clean);

/* What the outlook keeps, if there is something new. */
void lockdown_put_outlook(struct lockdown *lockdown);

/* Durable, and the listener told. False: the journal is closed now, or the book full. */
bool lockdown_put(struct lockdown *lockdown, struct incident *incident);

/* Notes in an incident, not yet put down, that it ended so at this moment. */
void lockdown_close(struct lockdown *lockdown, struct incident *incident, enum incident_state state,
                    enum incident_ending ending);

/* lockdown_step.c */

/* The incident whose lock is due now, and comes next; 0: none is. */
uint64_t lockdown_next_lock(struct lockdown *lockdown);

/* Each does the step that is due of the incident, which is a copy of the book's. */

/* lockdown_lock.c */

/* Within a restart: begins the next lock that is due, or does what the one that was begun waits
 * for. Does not wait itself; listener.wake is set when there is something to do. True: one has
 * ended. */
bool lockdown_lock_aside(struct lockdown *lockdown);

/* Waits until the one that was begun has ended; false: none was. */
bool lockdown_await_aside(struct lockdown *lockdown);

void lockdown_step_lock(struct lockdown *lockdown, struct incident *incident);
void lockdown_step_mark(struct lockdown *lockdown, struct incident *incident);

/* lockdown_restart.c (what else is there: lockdown_restart.h) */

/* Puts down what could not be; false: it still cannot. */
bool lockdown_save_restart(struct lockdown *lockdown);

/* lockdown_begun.c */
bool lockdown_finish_restart(struct lockdown *lockdown); /* false: none was begun */

/* lockdown_services.c */
void lockdown_step_services(struct lockdown *lockdown, struct incident *incident);

/* Of the incident for which that one of the RestartServices was being restarted when an earlier
 * process ended, if there is one: it goes on to the next. */
void lockdown_note_service(struct lockdown *lockdown, const char16_t *service);

/* lockdown_downtime.c */

/* Restarts SMTP for something that is to be done while it does not run; is told as any restart. To
 * be called when one that was begun earlier is finished (lockdown_finish_restart).
 * Whether it was done: also when SMTP was not running, or is not there. If not, *outcome says why:
 * that of one that was restarted is that somebody else started it before it was seen stopped.
 * With QuarantineOnLock those that wait for a restart wait on: theirs moves their messages. */
bool lockdown_restart_for(struct lockdown *lockdown, void (*work)(void *context), void *context,
                          struct smtp_outcome *outcome);

/* lockdown_waiting.c: those that wait for a restart of SMTP */

/* Whether it may be restarted now; if not, *at is when; says so once. */
bool lockdown_may_restart(struct lockdown *lockdown, int64_t now, int64_t *at);
void lockdown_step_restart(struct lockdown *lockdown);

/* Notes of one of them that the last restart was for it; false: of none. */
bool lockdown_note_restarted(struct lockdown *lockdown);

/* It need not be, of one of them. */
void lockdown_step_skip_restart(struct lockdown *lockdown, struct incident *incident);

/* lockdown_quarantine.c */

/* Finishes what an earlier process left. */
void lockdown_finish_quarantine(struct lockdown *lockdown);

/* Does what a person asked for. */
void lockdown_step_quarantine(struct lockdown *lockdown);
void lockdown_refuse_quarantine(struct lockdown *lockdown, struct text why);

/* What a restart after a lock is to move out of the queue; null: nothing. */
struct lock_quarantine;
struct lock_quarantine *lockdown_prepare_quarantine(struct lockdown *lockdown);
void lockdown_run_quarantine(struct lock_quarantine *quarantine); /* while SMTP does not run */
void lockdown_end_quarantine(struct lock_quarantine *quarantine); /* tells and frees it */

/* lockdown_watch.c */

/* Puts off to contain while it is not known that nothing came. */
void lockdown_await_reading(struct lockdown *lockdown, struct plan *plan, int64_t now);
void lockdown_step_look(struct lockdown *lockdown, struct incident *incident);
void lockdown_step_contain(struct lockdown *lockdown, struct incident *incident);

/* lockdown_release.c */
void lockdown_step_release(struct lockdown *lockdown, struct incident *incident);
void lockdown_step_release_by_time(struct lockdown *lockdown, struct incident *incident);
void lockdown_answer_closed(struct lockdown *lockdown); /* answers what cannot be done now */

/* It is not to be locked after all: answers whoever asked for its release meanwhile. One whose lock
 * failed is released, and answered, in its turn: what is asked for begins its tries anew. */
void lockdown_answer_ended(struct lockdown *lockdown, const struct incident *incident);

#endif
