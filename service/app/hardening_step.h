/* hardening_step.h: what setting an item and undoing it are made of: the memory, by item, and the
 * Guest accounts. Functions that return a result write *failure when it is HARDENING_FAILED.
 */
#ifndef RELAYLOCK_APP_HARDENING_STEP_H
#define RELAYLOCK_APP_HARDENING_STEP_H

#include "hardening.h"
#include "../core/hardening_record.h"

enum hardening_result hardening_fail(struct hardening_failure *failure, const char *call,
                                     const char *object, DWORD error);

/* Says in the view that it cannot be told, and why. */
void hardening_view_untold(struct hardening_view *view, const char *call, DWORD error);

/* Each HARDENING_DONE or HARDENING_FAILED. */
enum hardening_result hardening_recall(enum hardening_item item, struct hardening_record *record,
                                       struct hardening_failure *failure);
enum hardening_result hardening_remember(enum hardening_item item,
                                         const struct hardening_record *record,
                                         struct hardening_failure *failure);
enum hardening_result hardening_forget(enum hardening_item item, struct hardening_failure *failure);

/* As in hardening.h, of HARDENING_GUEST and HARDENING_DOMAIN_GUEST. */
void hardening_guest_look(enum hardening_item item, struct hardening_view *view);
enum hardening_result hardening_guest_set(enum hardening_item item,
                                          struct hardening_failure *failure);
enum hardening_result hardening_guest_undo(enum hardening_item item,
                                           struct hardening_failure *failure);

#endif
