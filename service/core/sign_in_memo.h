/* sign_in_memo.h: remembers sign-ins by the very bytes of their insertion strings.
 *
 * Most sign-ins of a log say what one before them said: the same account from the same client, in
 * the same spelling. Such a one is known by its bytes alone, and whoever keeps something by its
 * place in the memo need not take it apart, fold and hash it again.
 *
 * Only ever a short cut: what is known was compared byte for byte. The hash is quick and not keyed;
 * whoever makes sign-ins compete for places gains that the long way is taken.
 */
#ifndef RELAYLOCK_CORE_SIGN_IN_MEMO_H
#define RELAYLOCK_CORE_SIGN_IN_MEMO_H

#include "event_record.h"

enum { SIGN_IN_MEMO_PLACES = 8192 /* a power of 2 */ };

/* How long the texts of a sign-in are. */
struct sign_in_units {
    uint16_t client, method, account;
};

/* Stands for the strings of a sign-in: equal serials, equal strings. At any time a place has one
 * serial number; what is kept by place must be kept with that. */
struct sign_in_mark {
    uint64_t serial; /* 0: not remembered */
    uint32_t place;  /* less than SIGN_IN_MEMO_PLACES in any case */
    struct sign_in_units units;
};

struct sign_in_memo;

/* Bytes that a memo needs; about 1.5 MB. */
size_t sign_in_memo_size(void);

/* Sets up an empty memo in zeroed memory of that size, aligned to 64, owned by the caller. */
struct sign_in_memo *sign_in_memo_init(void *memory);

/* Says that a matching record is about to be taken, so that what may be remembered of it can be
 * fetched meanwhile. Returns what sign_in_memo_take wants of it. */
uint32_t sign_in_memo_expect(const struct sign_in_memo *memo, const struct event_record *record);

/* What event_record_to_relay_event says of a record, for one that matches and is expected. When it
 * is remembered,
 * it has a mark, and *event is left to sign_in_mark_texts. Malformed ones and strings of more than
 * 176 bytes are not remembered. */
bool sign_in_memo_take(struct sign_in_memo *memo, const struct event_record *record,
                       uint32_t expected, struct relay_event *event, struct sign_in_mark *mark);

/* The texts of a sign-in with a mark, whose strings begin at strings, in *event. */
void sign_in_mark_texts(const struct sign_in_mark *mark, const uint8_t *strings,
                        struct relay_event *event);

#endif
