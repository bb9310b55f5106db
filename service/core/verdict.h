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
    FLAG_OBSERVE,    /* the service is paused */
    FLAG_BUDGET,     /* MaxLocksPerHour is spent */
    FLAG_UNRESOLVED, /* the name stands for nobody Windows knows */
    FLAG_MACHINE,    /* a computer's account */
    FLAG_PROTECTED   /* RID 500, the service's own account, the last administrator */
};

struct client_share {
    char16_t name[CLIENT_SHOWN_MAX]; /* as first written; terminated; not sanitised */
    uint32_t sign_ins;
};

struct verdict {
    char16_t
        account[ACCOUNT_SHOWN_MAX]; /* as first written in the log; terminated; not sanitised */
    enum flag_reason flag;
    struct limit limit; /* the limit crossed; of several at once the first in the settings */
    uint32_t count;     /* what the limit counts, at the crossing: sign-ins or clients */
    uint32_t sign_ins;  /* the sign-ins in the window */
    uint32_t clients;   /* the distinct client names among them */
    struct client_share top[VERDICT_TOP_CLIENTS]; /* most sign-ins first */
    uint32_t top_count;
    uint64_t first_record; /* of the oldest sign-in in the window that is still held */
    uint64_t last_record;  /* of the sign-in that crossed the limit */
    int64_t first_time;    /* seconds since 1970-01-01 UTC */
    int64_t last_time;
    bool budget_spent; /* this is the verdict that found the budget spent for the first time */
    struct identity identity; /* of the crossing sign-in; its name view points to `account` */
};

#endif
