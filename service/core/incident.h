/* incident.h: one account that crossed a limit, and all that was done about it.
 *
 * What may follow what (incident_may_follow; docs/response.md draws it):
 *
 *     decided -> locked -> restarted -> contained -> released
 *        |          |          |                        ^
 *        |          +----------+------------------------+
 *        +-> failed, released
 *     restarted -> locked (a leak: SMTP must be restarted once more)
 *     contained -> restarted (a leak after all: it is watched again)
 *     flagged, failed -> released (its mark is taken away)
 *
 * An incident begins as decided, or as flagged when it is not to be locked.
 *
 * Decided, locked and restarted are open: there is something left to do, and a restarted program
 * goes on with it. Contained and an open one hold their account; flagged, failed and released do
 * not. All times are readings of the steady clock (steady.h, ms) unless they say wall.
 */
#ifndef RELAYLOCK_CORE_INCIDENT_H
#define RELAYLOCK_CORE_INCIDENT_H

#include "settings.h"
#include "verdict.h"

enum incident_state {
    INCIDENT_DECIDED,   /* it crossed a limit and is to be locked */
    INCIDENT_LOCKED,    /* it is locked; sessions from before may still be open */
    INCIDENT_RESTARTED, /* SMTP was restarted since, or need not be: the account is watched */
    INCIDENT_CONTAINED, /* no sign-in came for ContainAfter */
    INCIDENT_FLAGGED,   /* only alerted, and perhaps marked */
    INCIDENT_FAILED,    /* the lock was given up, refused, or not ours to make: see ending */
    INCIDENT_RELEASED,  /* what was changed is as it was before, or somebody else saw to that */
    INCIDENT_STATES
};

enum incident_ending {
    ENDING_NONE,       /* it has not ended */
    ENDING_GIVEN_UP,   /* failed: GiveUpAfter passed without success */
    ENDING_LAST_ADMIN, /* failed: the last enabled administrator */
    ENDING_ALREADY,    /* failed: it was disabled before, by somebody else */
    ENDING_PAUSED,     /* failed: a pause gave it up before it was locked */
    ENDING_BY_REQUEST, /* released: relaylock release, or a service control */
    ENDING_BY_TIME,    /* released: LockMinutes passed */
    ENDING_BY_OTHERS,  /* released: an administrator had enabled it */
    ENDINGS
};

/* How far the answer to leaks went. */
enum incident_escalation {
    ESCALATION_NONE,
    ESCALATION_VERIFIED,  /* the lock was read back where this host authenticates */
    ESCALATION_RESTARTED, /* SMTP was restarted once more */
    ESCALATION_SERVICES,  /* so were the RestartServices */
    ESCALATION_ALERTED,   /* nothing is left but the critical alert, which was given */
    ESCALATIONS
};

#define INCIDENT_ID_MAX UINT64_C(9007199254740991) /* what a number in JSON holds exactly */

enum {
    INCIDENT_SERVER_MAX = 260, /* units of "\\\\NAME", terminator included */
    INCIDENT_USER_MAX = 257    /* units of a sAMAccountName (UNLEN), terminator included */
};

/* What was changed of the account, so that exactly that can be undone. */
struct incident_change {
    bool intended; /* about to be written: flags_before is what was there */
    bool made;     /* written and read back (a password cannot be): flags_after is what is there */
    bool marked;   /* ACCOUNT_MARK was put before the comment */
    uint32_t flags_before, flags_after;   /* UF_... */
    char16_t server[INCIDENT_SERVER_MAX]; /* that holds the account; "" for this computer */
    char16_t user[INCIDENT_USER_MAX];     /* its name there; "" before it was found */
};

/* The step that is due next and failed: when to try again, and what was said of it. */
struct incident_retry {
    uint32_t tries;   /* in a row; 0: the step has not failed */
    int64_t first_at; /* of the first of them */
    int64_t next_at;
    uint32_t error; /* Windows error code of the last */
    bool told;      /* the alert of the first failure was sent */
};

/* What is said once it is contained. */
struct incident_figures {
    uint32_t lock_delay; /* ms from reading the crossing sign-in to the lock */
    uint32_t smtp_down;  /* ms that SMTP was down for it */
    uint32_t sign_ins;   /* after the crossing one, up to the lock */
    uint32_t leaks;      /* sign-ins after the lock */
};

struct incident {
    uint64_t id; /* 1 to INCIDENT_ID_MAX, ascending, never used again */
    enum incident_state state;
    enum incident_ending ending;
    enum lock_action action;      /* of the settings when it was decided */
    struct verdict verdict;       /* why: the evidence */
    uint64_t gap_first, gap_last; /* records missing from the log within its window; 0, 0: none */
    bool again;                   /* it crossed within a day of its release */

    int64_t decided_at;
    int64_t locked_at;
    int64_t restart_since; /* locked: since when it needs a restart */
    int64_t restarted_at;  /* of the latest restart that was for it, or of its being given up */
    int64_t closed_at;     /* contained, flagged, failed or released */
    int64_t decided_wall, locked_wall, restarted_wall, closed_wall; /* s since 1970 UTC; 0: not */
    uint64_t closed_record; /* of the last record read when it was closed; 0: not known */

    int64_t release_at;   /* LockMinutes: when; 0: not by itself */
    bool release_wanted;  /* asked for, not yet done: */
    bool release_by_time; /* by LockMinutes, not by a person */
    bool release_forced;
    bool stay_told; /* that MaxAutoReleases keeps it locked was said */

    struct incident_change change;
    struct incident_retry retry;
    struct incident_figures figures;

    enum incident_escalation escalation;
    int64_t leak_at;   /* when the latest leak was read */
    int64_t leak_wall; /* event time of the latest leak, s */
    uint64_t leak_record;
    char16_t leak_client[CLIENT_SHOWN_MAX]; /* of the latest leak; terminated; not sanitised */
    bool leak_open;                         /* a leak was read that has not been answered yet */
    bool lag_found; /* and the controller that this host uses did not have the lock: it is about to
                       be set there */
    uint32_t services_done; /* RestartServices restarted, of ESCALATION_SERVICES */
};

/* Whether a state may follow another, or itself: each may be written again with something added. */
bool incident_may_follow(enum incident_state from, enum incident_state to);

/* Whether something is left to do: decided, locked, restarted. */
bool incident_is_open(const struct incident *incident);

/* Whether the account is to be held, so that no second verdict comes: open or contained. */
bool incident_holds(const struct incident *incident);

/* Words for people and JSON, ASCII: "decided", "given up", "verified" ... */
const char *incident_state_name(enum incident_state state);
const char *incident_ending_name(enum incident_ending ending);
const char *incident_escalation_name(enum incident_escalation escalation);

/* Whether it is of the account with that SID; never for a size of 0. */
bool incident_is_of(const struct incident *incident, const uint8_t *sid, uint32_t sid_size);

#endif
