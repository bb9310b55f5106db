/* queue_words.h: what a queue's diagnosis says, in words for people; the event and the verb say the
 * same.
 */
#ifndef RELAYLOCK_APP_QUEUE_WORDS_H
#define RELAYLOCK_APP_QUEUE_WORDS_H

#include "../core/queue_diagnosis.h"

/* A sentence; of QUEUE_VERDICT_UNKNOWN the beginning of one, which queue_words_doubt ends. */
const char *queue_words_verdict(enum queue_verdict verdict);
const char *queue_words_doubt(enum queue_doubt doubt);

/* With QUEUE_VERDICT_UNKNOWN, when there is backscatter. */
extern const char queue_words_backscatter[];

/* After the number of its messages. */
const char *queue_words_kind(enum queue_kind kind);

/* The kinds in the order of their weight, as they are shown; QUEUE_BURST, which is shown by
 * account, is none of them. */
enum { QUEUE_WORDS_KINDS = QUEUE_KINDS - 1 };
extern const enum queue_kind queue_words_order[QUEUE_WORDS_KINDS];

/* Whether naming all own domains may end the doubt. */
bool queue_words_want_domains(enum queue_doubt doubt);

/* The account without its domain, as net user takes it. False, with *user as it was, of none, and
 * of a user principal name: its account may be called otherwise. */
bool queue_words_user(const char16_t *account, struct text *user);

#endif
