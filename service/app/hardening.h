/* hardening.h: looks at the settings of the host that close the door (hardening_list.h), and sets
 * and undoes them one by one.
 *
 * What a setting was is remembered (windows/hardening_memory.h) before it is changed, and forgotten
 * after it was undone. Undone is only what still stands as RelayLock has set it. Works without the
 * service; nothing restarts SMTP. May block for as long as the network lets it.
 */
#ifndef RELAYLOCK_APP_HARDENING_H
#define RELAYLOCK_APP_HARDENING_H

#include <windows.h>
#include <uchar.h>
#include "hardening_list.h"

enum hardening_result {
    HARDENING_DONE,
    HARDENING_NOTHING, /* set: it is as recommended; undo: RelayLock has changed nothing, or nothing
                          of that is left */
    HARDENING_CHANGED, /* undo: somebody has changed it since; left so, and forgotten */
    HARDENING_FAILED   /* see the failure */
};

struct hardening_failure {
    const char *call;   /* a literal, as the next one */
    const char *object; /* that it was made on */
    DWORD error;
};

void hardening_look(enum hardening_item item, struct hardening_view *view);

/* Of the first HARDENING_SETTABLE items. *failure is written when the result is HARDENING_FAILED.
 * Either may be repeated after a failure, or after the program has ended in the midst of it. */
enum hardening_result hardening_set(enum hardening_item item, struct hardening_failure *failure);
enum hardening_result hardening_undo(enum hardening_item item, struct hardening_failure *failure);

/* Tells of each item that RelayLock has set and nobody undid by its verb: what is remembered of it,
 * as text (see core/hardening_record.h). What cannot be read is passed over. */
void hardening_each_set(void (*tell)(void *context, enum hardening_item item,
                                     const char16_t *record),
                        void *context);

#endif
