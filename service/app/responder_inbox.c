#include <string.h>
#include "responder_inbox.h"

bool inbox_post(struct responder_inbox *inbox, const struct order *order)
{
    bool flag = order->verdict.flag != FLAG_NOT;
    if (inbox->order_count == RESPONDER_ORDERS || (flag && inbox->flag_count == RESPONDER_FLAGS))
        return false;
    inbox->orders[(inbox->order_first + inbox->order_count++) % RESPONDER_ORDERS] = *order;
    inbox->flag_count += flag;
    return true;
}

bool inbox_take_order(struct responder_inbox *inbox, struct order *order)
{
    if (inbox->order_count == 0)
        return false;
    *order = inbox->orders[inbox->order_first];
    inbox->order_first = (inbox->order_first + 1) % RESPONDER_ORDERS;
    inbox->order_count--;
    inbox->flag_count -= order->verdict.flag != FLAG_NOT;
    return true;
}

uint32_t inbox_locks(const struct responder_inbox *inbox)
{
    return (uint32_t)(inbox->order_count - inbox->flag_count);
}

/* Adds to what waits of the same account. */
static void add_up(struct held_sign_ins *sum, const struct held_sign_ins *more)
{
    uint32_t before = sum->before + more->before, leaks = sum->leaks + more->leaks;
    if (more->leaks > 0)
        *sum = *more;
    sum->before = before;
    sum->leaks = leaks;
}

bool inbox_tell(struct responder_inbox *inbox, const struct held_sign_ins *sign_ins)
{
    for (size_t i = 0; i < inbox->sign_in_count; i++) {
        struct held_sign_ins *waits = &inbox->sign_ins[i];
        if (waits->sid_size == sign_ins->sid_size &&
            memcmp(waits->sid, sign_ins->sid, waits->sid_size) == 0) {
            add_up(waits, sign_ins);
            return true;
        }
    }
    if (inbox->sign_in_count == RESPONDER_SIGN_INS)
        return false;
    inbox->sign_ins[inbox->sign_in_count++] = *sign_ins;
    return true;
}

bool inbox_take_sign_ins(struct responder_inbox *inbox, struct held_sign_ins *sign_ins)
{
    if (inbox->sign_in_count == 0)
        return false;
    *sign_ins = inbox->sign_ins[0];
    memmove(inbox->sign_ins, inbox->sign_ins + 1, --inbox->sign_in_count * sizeof *inbox->sign_ins);
    return true;
}

void inbox_take_places(struct responder_inbox *inbox, bool waits, struct inbox_places *places)
{
    struct inbox_places *kept = &inbox->places;
    bool behind = waits || inbox->order_count > 0 || inbox->sign_in_count > 0;
    *places = *kept;
    places->position_moved = kept->position_moved && !behind;
    places->all_read = kept->all_read && !behind;
    kept->position_moved = kept->position_moved && behind;
    kept->all_read = kept->all_read && behind;
    kept->outlook_moved = false;
}

void outbox_post(struct responder_outbox *outbox, const struct account_news *news)
{
    for (size_t i = 0; i < outbox->news_count; i++) {
        struct account_news *waits = &outbox->news[(outbox->news_first + i) % RESPONDER_NEWS];
        if (account_news_replaces(news, waits)) {
            *waits = *news;
            return;
        }
    }
    if (outbox->news_count == RESPONDER_NEWS) { /* the oldest gives way */
        outbox->news_first = (outbox->news_first + 1) % RESPONDER_NEWS;
        outbox->news_count--;
    }
    outbox->news[(outbox->news_first + outbox->news_count++) % RESPONDER_NEWS] = *news;
}

bool outbox_take_store(struct responder_outbox *outbox, struct store_news *news)
{
    bool told = outbox->store_told;
    outbox->store_told = false;
    if (told)
        *news = outbox->store;
    return told;
}

bool outbox_take(struct responder_outbox *outbox, struct account_news *news)
{
    if (outbox->news_count == 0)
        return false;
    *news = outbox->news[outbox->news_first];
    outbox->news_first = (outbox->news_first + 1) % RESPONDER_NEWS;
    outbox->news_count--;
    return true;
}
