/* verdict.h: that an account crossed a limit, and the evidence for it. */
#ifndef RELAYLOCK_CORE_VERDICT_H
#define RELAYLOCK_CORE_VERDICT_H

#include "identity.h"
#include "limit.h"

enum {
    ACCOUNT_SHOWN_MAX = 112, /* UTF-16 units kept of an account's name, terminator included */
    CLIENT_SHOWN_MAX = 48,   /* and of a client's */
    VERDICT_TOP_CLIENTS = 3
};

/* Why an account that crossed a limit is flagged and not locked. */
enum flag_reason {
    FLAG_NOT,        /* lock it */
    FLAG_ACTION,     /* the settings say Action=flag */
    FLAG_OBSERVE,    /* the service is paused, or only observes */
    FLAG_STORE,      /* the journal cannot be kept: a lock could not be undone */
    FLAG_BUDGET,     /* MaxLocksPerHour is spent */
    FLAG_UNRESOLVED, /* the name stands for nobody Windows knows */
    FLAG_MACHINE,    /* a computer's account */
    FLAG_PROTECTED,  /* RID 500, the service's own account */
    FLAG_QUEUE       /* the SMTP queue does not bear it out (RequireQueue) */
};

struct client_share {
    char16_t name[CLIENT_SHOWN_MAX]; /* as first written; terminated; not sanitised */
    uint32_t sign_ins;
};

struct verdict {
    char16_t
        account[ACCOUNT_SHOWN_MAX]; /* as first written in the log; terminated; not sanitised */
    enum flag_reason flag;
    struct limit limit; /* the limit crossed; of several at once the first in the settings that
                           locks (guard_corroborate), else the first */
    uint32_t count;     /* what the limit counts, at the crossing: sign-ins or clients */
    /* Of the sign-ins in the window that are still held (history.h says which those are). */
    uint32_t sign_ins;
    uint32_t clients;                             /* the distinct client names among them */
    struct client_share top[VERDICT_TOP_CLIENTS]; /* most sign-ins first, then the earlier first */
    uint32_t top_count;
    uint64_t first_record; /* of the oldest of them */
    uint64_t last_record;  /* of the sign-in that crossed the limit */
    int64_t first_time;    /* seconds since 1970-01-01 UTC */
    int64_t last_time;
    bool budget_spent; /* this is the verdict that found the budget spent for the first time */

    /* Who the crossing sign-in stands for: the identity, but holding its name and not a view of it,
     * so that a verdict may be copied, queued and kept. */
    enum identity_kind kind;
    uint32_t sid_size; /* bytes; 0 without a SID */
    uint8_t sid[IDENTITY_SID_MAX];
    char16_t name[ACCOUNT_SHOWN_MAX]; /* DOMAIN\user when resolved; terminated; not sanitised */
};

#endif
