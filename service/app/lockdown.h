/* lockdown.h: takes an incident from decided to contained, or to released, whatever happens.
 *
 * The engine behind the responder, used by one thread at a time; no thread of its own, but for a
 * lock within a restart and for what is done with the queue (quarantine_aside.h). It owns the
 * journal (incident_store.h). Every step is durable before the one that builds on it, so that a new
 * process goes on where an earlier one ended, at whatever call that was:
 *
 * - What is about to be changed of an account is put down before it is written (change.intended);
 *   an account found changed as intended was changed by us: no lock is made twice or forgotten.
 * - What is about to be stopped is put down before (restart_record); a restart that was begun is
 *   finished before all else, and not repeated.
 * - What is told in the event log is told before it is put down: perhaps twice, never not at all.
 * - What cannot be put down is not built upon: while the journal cannot be kept nobody is locked.
 *
 * Pauses, watches and releases by time go by the steady clock alone.
 */
#ifndef RELAYLOCK_APP_LOCKDOWN_H
#define RELAYLOCK_APP_LOCKDOWN_H

#include "incident_store.h"
#include "order.h"
#include "../core/incident_plan.h"
#include "../core/release_request.h"
#include "quarantine_job.h"
#include "../windows/account_aside.h"
#include "../windows/smtp_service.h"

/* The calls; tests put others here. */
struct lockdown_calls {
    void (*account_lock)(const uint8_t *, size_t, enum lock_action, const struct account_intent *,
                         struct account_outcome *);
    DWORD(*account_aside_begin)
    (const uint8_t *, size_t, enum lock_action, const struct account_before *, HANDLE,
     struct account_aside **);
    bool (*account_aside_serve)(struct account_aside *,
                                bool (*)(void *, const struct account_before *), void *,
                                struct account_outcome *);
    void (*account_lock_on)(const uint8_t *, size_t, const wchar_t *, struct account_outcome *);
    void (*account_release)(const uint8_t *, size_t, const struct account_undo *,
                            const struct account_intent *, struct account_release_outcome *);
    DWORD(*account_look)
    (const uint8_t *, size_t, enum account_place, struct account_view *, const char **);
    DWORD(*account_look_on)
    (const uint8_t *, size_t, const wchar_t *, struct account_view *, const char **);
    void (*smtp_restart)(const struct smtp_options *, struct smtp_outcome *);
    void (*smtp_resume)(const struct smtp_options *, const struct smtp_stop_list *, bool,
                        struct smtp_outcome *);
    bool (*quarantine_is_stuck)(struct quarantine_result *);
    void (*quarantine_finish)(const struct quarantine_queues *, struct quarantine_result *);
    void (*quarantine_take)(const struct quarantine_queues *, const struct quarantine_order *,
                            struct quarantine_result *);
    void (*quarantine_give_back)(const struct quarantine_queues *, const char *,
                                 const struct queue_selection *, struct quarantine_result *);
    void (*quarantine_count)(const struct quarantine_queues *, const struct queue_selection *,
                             struct quarantine_result *);
    bool (*quarantine_has)(const struct quarantine_queues *, const char *);
    void (*account_clients_read)(const struct response_policy *, const struct verdict *,
                                 struct burst_list *, uint32_t, DWORD);
    uint32_t (*boot_number)(void);
    DWORD(WINAPI *GetTickCount)(void);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    void(WINAPI *GetSystemTimeAsFileTime)(LPFILETIME);
};
extern struct lockdown_calls lockdown_calls;

/* Who is told what became of it; on the calling thread; each may be null. */
struct lockdown_listener {
    void *context;
    /* It stands so in the journal: after each put, and of all that are known once it is open. now:
     * steady, ms. */
    void (*incident)(void *context, const struct incident *incident, int64_t now);
    /* No incident holds the account of that SID (size bytes): it is to be counted again. */
    void (*unheld)(void *context, const uint8_t *sid, uint32_t size);
    /* The journal can be kept, or no more; first told by the first lockdown_step. position: what it
     * holds, its record 0 when nothing was read; null while it is closed. */
    void (*store)(void *context, bool open, const struct position_record *position);
    /* It is to be told as soon as all of the log was read up to now: lockdown_all_read. */
    void (*reading)(void *context);
    /* SMTP is being restarted: not to be left now. */
    void (*restarting)(void *context, bool restarting);
    /* Within a restart, while it waits: what there is for lockdown_set_mode and lockdown_order is
     * to be told now; nothing else may be. Told when a wait begins and when wake (auto-reset, the
     * caller's) is signalled; both null, or none. */
    void (*orders)(void *context);
    HANDLE wake;
    /* What came of lockdown_release, once for each; true is returned there. */
    void (*answered)(void *context, const struct release_answer *answer);
    /* And of lockdown_quarantine. */
    void (*quarantined)(void *context, const struct release_answer *answer);
};

struct lockdown;

/* Sets one up; the journal is opened by the first step. stop (manual-reset, the caller's) is what
 * smtp_options' abandon is. ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY. */
DWORD lockdown_create(const struct settings *settings, HANDLE stop,
                      const struct lockdown_listener *listener, struct lockdown **lockdown);

/* Frees it as it is; lockdown_end first, unless it is to look as if the process was killed. */
void lockdown_free(struct lockdown *lockdown);

/* Puts down where reading stands, cleanly, and lets go of the journal. */
void lockdown_end(struct lockdown *lockdown);

/* What of the settings it needs is copied; in force from the next step on. */
void lockdown_configure(struct lockdown *lockdown, const struct settings *settings);

/* RESPONSE_FULL at the start. With RESPONSE_OBSERVE locks that have not begun are given up. */
void lockdown_set_mode(struct lockdown *lockdown, enum response_mode mode);

/* A verdict to act on; the alert has been given. It is made durable at once, or told as unheld. */
void lockdown_order(struct lockdown *lockdown, const struct order *order);

/* Sign-ins of a held account; told as unheld if nothing holds it. False: the journal cannot be kept
 * now; they are to be told again. */
bool lockdown_sign_ins(struct lockdown *lockdown, const struct held_sign_ins *sign_ins);

/* A person asks for a release. False: an earlier one has not been answered yet; nothing is done.
 * Otherwise it is done by steps and answered, perhaps at once. */
bool lockdown_release(struct lockdown *lockdown, const struct release_request *request);
bool lockdown_is_releasing(const struct lockdown *lockdown);

/* A person asks for messages to be moved out of the queue or back: done by a step, while SMTP does
 * not run. The job is taken over. False: an earlier one has not been done yet; nothing is done, and
 * the job stays the caller's. */
bool lockdown_quarantine(struct lockdown *lockdown, struct quarantine_job *job);

/* For a process that only does such a job: finishes a restart that an earlier one began, and moves
 * that were cut off. By a step before; false: no restart was begun, or the journal is not open. */
bool lockdown_finish_earlier(struct lockdown *lockdown);
bool lockdown_is_quarantining(const struct lockdown *lockdown);

/* Where reading stands when all was read: record, event time and channel; put down once a minute,
 * with every new incident and at the end. Until the first of these, for 30 s at most, SMTP is not
 * restarted: what was decided together before a crash is decided by then, and shares a restart. */
void lockdown_position(struct lockdown *lockdown, const struct position_record *position);

/* All of the log was read at that moment (GetTickCount), and what is to be told of it was told.
 * That nothing came of an account, so that it is contained, is known only up to there. */
void lockdown_all_read(struct lockdown *lockdown, DWORD tick);

/* What the outlook keeps; put down with the next step. */
void lockdown_outlook(struct lockdown *lockdown, const struct outlook_record *outlook);

/* Does at most one thing that may block: one account, one restart, one try to open the journal.
 * Within a restart accounts are locked, one after another, on a thread of its own: neither waits
 * for the other; what hangs then is waited for by the next step. Whether it did anything; if not,
 * *wait is the ms until there is something to do, unless something new comes (INFINITE: nothing).
 */
bool lockdown_step(struct lockdown *lockdown, DWORD *wait);

/* What this process did. */
struct lockdown_figures {
    uint32_t locked, released; /* accounts */
    uint32_t leaks;            /* sign-ins after a lock */
    uint32_t restarts;         /* of SMTP and of RestartServices */
};
void lockdown_count(const struct lockdown *lockdown, struct lockdown_figures *figures);

/* The folder of the journal, once it was found; "" before. */
const wchar_t *lockdown_directory(const struct lockdown *lockdown);

/* What is known; for those who show or count it. */
const struct incident_book *lockdown_book(const struct lockdown *lockdown);

#endif
