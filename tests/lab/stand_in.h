/* stand_in.h: how the stand-in services are told what to do and what they write down.
 *
 * A stand-in takes the place of SMTPSVC, or of a service that depends on it, in the acceptance
 * checks. Both sides meet in HKLM\SYSTEM\CurrentControlSet\Services\<service>\Parameters: it needs
 * no other channel, and what a killed run left behind there can be undone by the next.
 */
#ifndef RELAYLOCK_LAB_STAND_IN_H
#define RELAYLOCK_LAB_STAND_IN_H

#include <stdint.h>

/* Values the tester writes, all REG_DWORD; an absent one counts as 0. */
#define STAND_IN_STOP_SECONDS L"StopSeconds" /* a stop takes so long, with checkpoints */
#define STAND_IN_HANG_IN_STOP L"HangInStop"  /* not 0: a stop hangs until it is 0 or removed */
#define STAND_IN_FAIL_STARTS  L"FailStarts"  /* so many starts fail; counted down by the service */

/* What the service writes: REG_BINARY, an array of struct stand_in_record, oldest first. Removed by
 * the tester to begin anew. */
#define STAND_IN_HISTORY L"History"

enum { STAND_IN_HISTORY_MAX = 64, STAND_IN_EXIT_CODE = 42 /* of a start that fails as told */ };

enum stand_in_step {
    STAND_IN_STARTED = 1, /* about to be RUNNING */
    STAND_IN_START_FAILED,
    STAND_IN_STOP_ASKED,
    STAND_IN_STOPPED /* about to be STOPPED */
};

struct stand_in_record {
    uint64_t time; /* 100 ns since 1601-01-01 UTC (FILETIME) */
    uint32_t step;
    uint32_t reserved; /* 0 */
};

#endif
