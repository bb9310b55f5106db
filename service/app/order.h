/* order.h: what the detector orders of the responder, and how it ended. */
#ifndef RELAYLOCK_APP_ORDER_H
#define RELAYLOCK_APP_ORDER_H

#include <windows.h>
#include "../core/settings.h"

enum order_kind {
    ORDER_LOCK,  /* lock the account as its action says, then restart SMTP */
    ORDER_CHECK, /* see whether a locked account is enabled again */
    ORDER_MARK   /* mark its comment, no more */
};

struct order {
    enum order_kind kind;
    enum lock_action action; /* of the settings when it was decided: disable or password */
    uint32_t sid_size;       /* bytes */
    uint8_t sid[IDENTITY_SID_MAX];
    char16_t account[ACCOUNT_SHOWN_MAX]; /* as first written in the log, terminated */
    struct limit limit;                  /* that was crossed */
    int64_t time;  /* event time of the sign-in it is about: seconds since 1970-01-01 UTC */
    DWORD read_at; /* GetTickCount when that sign-in was read */
};

enum order_result {
    ORDER_DONE,     /* locked */
    ORDER_ALREADY,  /* was disabled before */
    ORDER_REFUSED,  /* the last enabled administrator: marked, not locked */
    ORDER_GIVEN_UP, /* not locked: too many tries, or observing began */
    ORDER_ENABLED,  /* ORDER_CHECK: it is enabled again */
    ORDER_DISABLED  /* ORDER_CHECK: it is disabled still, or nobody can tell */
};

struct order_report {
    struct order order;
    enum order_result result;
};

#endif
