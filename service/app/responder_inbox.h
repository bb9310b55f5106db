/* responder_inbox.h: what waits for the responder, and what waits for the watcher.
 *
 * Fixed memory, no lock of its own: its owner guards it. Nothing in it grows without bound: orders
 * are so many, sign-ins are added up per account, news are the latest of each account, the rest is
 * the latest of its kind.
 */
#ifndef RELAYLOCK_APP_RESPONDER_INBOX_H
#define RELAYLOCK_APP_RESPONDER_INBOX_H

#include "responder.h"

/* As many accounts as the journal knows, and those that are on their way to it. */
enum { RESPONDER_NEWS = BOOK_INCIDENTS_MAX + 256 };

struct responder_inbox {
    struct order orders[RESPONDER_ORDERS]; /* a ring */
    size_t order_first, order_count, flag_count;
    struct held_sign_ins sign_ins[RESPONDER_SIGN_INS];
    size_t sign_in_count;
    bool release_latest, release_asked;
    bool position_moved, outlook_moved;
    struct position_record position;
    struct outlook_record outlook;
};

struct responder_outbox {
    struct account_news news[RESPONDER_NEWS]; /* a ring */
    size_t news_first, news_count;
    bool store_told;
    struct store_news store;
};

/* False when there is no room. */
bool inbox_post(struct responder_inbox *inbox, const struct order *order);
bool inbox_tell(struct responder_inbox *inbox, const struct held_sign_ins *sign_ins);

/* The next of them; false: none. */
bool inbox_take_order(struct responder_inbox *inbox, struct order *order);
bool inbox_take_sign_ins(struct responder_inbox *inbox, struct held_sign_ins *sign_ins);

/* Orders to lock that wait. */
uint32_t inbox_locks(const struct responder_inbox *inbox);

void outbox_post(struct responder_outbox *outbox, const struct account_news *news);
bool outbox_take(struct responder_outbox *outbox, struct account_news *news);

#endif
