/* answer.h: the text of an answer to a verb, built up; what does not fit is left out. */
#ifndef RELAYLOCK_APP_ANSWER_H
#define RELAYLOCK_APP_ANSWER_H

#include "../core/release_request.h"

/* Adds whole pieces only; printf-like, its %s arguments fit to be shown. */
void answer_add(struct release_answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* That the request of this number was not taken, since the call failed, and nothing was done. */
void answer_refuse(struct release_answer *answer, uint64_t number, const char *call,
                   unsigned long error);

/* Adds text that somebody else may have chosen, fit to be shown. */
void answer_add_shown(struct release_answer *answer, struct text text);

#endif
