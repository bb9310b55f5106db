/* matrix_end.h: how a story of the fault matrix ended, and whether that is the end that it has when
 * nobody dies.
 *
 * Equal must be: the flags of each account, at home and where this host looks it up, its mark,
 * whether it has another password; what its incidents came to; the state of each service and how
 * often it was started; which events were told. Meant, and so allowed:
 *
 * - An event may be told more often, and 519 (a restart that was begun before is finished) in place
 *   of 510 (restarted).
 * - A dependent of a service that was never stopped itself is brought back, and the restart made
 *   all over: it is started once more for each such death.
 * - What was down when the power failed runs again with the computer: RelayLock need not start it.
 * - After the power failed, 122 says that the journal's end was torn.
 * - 513 (slow to stop) may be missing when a process died while it waited: the next one waits for
 *   as long again. And 514 (does not start) when the computer started it.
 */
#ifndef TESTS_APP_MATRIX_END_H
#define TESTS_APP_MATRIX_END_H

#include "matrix_world.h"

struct matrix_end {
    struct matrix_account {
        DWORD flags, used_flags;
        bool marked, new_password;
        unsigned incidents;
        enum incident_state state; /* of the latest */
        enum incident_ending ending;
        enum incident_escalation escalation;
        uint32_t leaks, services_done;
        bool made;
    } accounts[MATRIX_ACCOUNTS];
    struct matrix_service {
        DWORD state;
        unsigned runs; /* how often it was started, and ran then */
    } services[MATRIX_SERVICES];
    unsigned told[MATRIX_EVENTS];
    uint64_t digest; /* of all that was told; not compared with the whole run's */
};

/* Of the story that was just told. */
void matrix_end_look(struct matrix_end *end);

enum { MATRIX_DIFFERENCE_MAX = 256 };

/* Whether the story that was just told has the end that it should; if not, text says what is
 * different first. */
bool matrix_end_is(const struct matrix_end *end, const struct matrix_end *whole,
                   char text[MATRIX_DIFFERENCE_MAX]);

#endif
