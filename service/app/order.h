/* order.h: what the detector has to say to the responder. */
#ifndef RELAYLOCK_APP_ORDER_H
#define RELAYLOCK_APP_ORDER_H

#include <windows.h>
#include "../core/settings.h"

/* A verdict to be acted on, with its decision: neither new settings nor the clock on the wall
 * change what was decided. */
struct order {
    struct verdict verdict;
    enum lock_action action;      /* of the settings when it was decided */
    uint64_t gap_first, gap_last; /* records missing from the log within its window; 0, 0: none */
    bool again;                   /* it crossed within a day of its release */
    DWORD read_at;                /* GetTickCount when the crossing sign-in was read */
};

/* Sign-ins of an account that is held, since the last such message of it. */
struct held_sign_ins {
    uint32_t sid_size; /* bytes */
    uint8_t sid[IDENTITY_SID_MAX];
    uint32_t before; /* how many up to the lock */
    uint32_t leaks;  /* and after it, or after what was last done about it */
    /* Of the latest leak; nothing when there was none. */
    int64_t time; /* of the event: seconds since 1970-01-01 UTC */
    uint64_t record;
    DWORD read_at;                     /* GetTickCount */
    char16_t client[CLIENT_SHOWN_MAX]; /* terminated; not sanitised */
};

#endif
