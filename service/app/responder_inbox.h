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

/* Where things stand: the latest of each that was told and not taken yet. */
struct inbox_places {
    bool position_moved, outlook_moved, all_read;
    struct position_record position;
    struct outlook_record outlook;
    DWORD all_read_at; /* GetTickCount */
};

struct responder_inbox {
    struct order orders[RESPONDER_ORDERS]; /* a ring */
    size_t order_first, order_count, flag_count;
    struct held_sign_ins sign_ins[RESPONDER_SIGN_INS];
    size_t sign_in_count;
    bool release_latest;
    bool request_left; /* by a verb */
    struct inbox_places places;
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

/* Takes the places. What stands of the log only once all orders and sign-ins from before were: not
 * while some of them wait elsewhere. */
void inbox_take_places(struct responder_inbox *inbox, bool waits, struct inbox_places *places);

/* Orders to lock that wait. */
uint32_t inbox_locks(const struct responder_inbox *inbox);

void outbox_post(struct responder_outbox *outbox, const struct account_news *news);
bool outbox_take_store(struct responder_outbox *outbox, struct store_news *news);
bool outbox_take(struct responder_outbox *outbox, struct account_news *news);

#endif
