/* own_names.h: the names under which this computer writes its own event log.
 *
 * Its NetBIOS name and its DNS host name, and within a cluster the name that GetComputerName gives
 * to who runs in a group with a network name of its own (learn.microsoft.com
 * nf-sysinfoapi-getcomputernameexw). A computer has a new name from its next start on.
 */
#ifndef RELAYLOCK_WINDOWS_OWN_NAMES_H
#define RELAYLOCK_WINDOWS_OWN_NAMES_H

#include <windows.h>
#include "../core/text.h"

/* The OS calls; tests put others here. */
struct own_names_calls {
    BOOL(WINAPI *GetComputerNameExW)(COMPUTER_NAME_FORMAT, LPWSTR, LPDWORD);
};
extern struct own_names_calls own_names_calls;

enum {
    OWN_NAMES_MAX = 3,
    OWN_NAME_MAX = 256 /* units, terminator included */
};

struct own_names {
    size_t count;
    wchar_t at[OWN_NAMES_MAX][OWN_NAME_MAX];
};

/* What Windows tells; a name that it does not tell is left out, and there may be none. */
void own_names_find(struct own_names *names);

#endif
