/* detector_news.c: see detector.h. What the responder has to say of accounts. */
#include <string.h>
#include "detector_parts.h"

static void identity_of(const struct account_news *news, struct identity *identity)
{
    *identity = (struct identity){.kind = IDENTITY_USER,
                                  .sid_size = news->sid_size,
                                  .name = text_of(news->name[0] ? news->name : news->account)};
    memcpy(identity->sid, news->sid, news->sid_size);
}

/* The account is let go, and what came before that does not count any more. */
static void let_go(struct detector *detector, struct held_entry *entry,
                   const struct account_news *news, const struct identity *identity)
{
    guard_release(detector->guard, identity);
    *entry = (struct held_entry){.state = HELD_RELEASED,
                                 .time = news->time,
                                 .record = news->record,
                                 .sums.sid_size = news->sid_size};
    memcpy(entry->sums.sid, news->sid, news->sid_size);
    entry->recent = news->released && news->age < DETECTOR_AGAIN;
    entry->recent_until = detector_calls.GetTickCount() + (DETECTOR_AGAIN - news->age);
}

static void hold(struct detector *detector, struct held_entry *entry,
                 const struct account_news *news, const struct identity *identity)
{
    DWORD window = detector->longest_window * 1000;
    bool timed = news->kind == NEWS_REFUSED;
    if (timed && news->age >= window) {
        let_go(detector, entry, news, identity);
        return;
    }
    guard_hold(detector->guard, identity);
    entry->was_released = entry->over_pace = false;
    entry->state = timed ? HELD_TIMED : HELD_LOCKED;
    if (news->kind == NEWS_DECIDED)
        entry->state = HELD_ORDERED;
    entry->time = news->time;
    entry->record = news->record;
    entry->due = detector_calls.GetTickCount() + (timed ? window - news->age : 0);
}

static void hear(struct detector *detector, const struct account_news *news)
{
    struct identity identity;
    identity_of(news, &identity);
    if (news->kind == NEWS_FLAGGED) {
        struct said_flag said = said_flag_of(text_of(news->account), &detector->key, news->flag,
                                             news->record, news->time);
        said.recalled = true;
        said_list_add(&detector->said, &said);
        return;
    }
    struct held_entry *entry = held_list_find(&detector->held, news->sid, news->sid_size);
    if (news->kind == NEWS_UNHELD) {
        guard_release(detector->guard, &identity);
        if (entry)
            held_unheld(entry);
        return;
    }
    if (!entry) {
        entry = detector_note_held(detector, news->sid, news->sid_size);
        entry->recalled = true;
        if (news->charged) {
            guard_charge(detector->guard, news->crossed_at);
            lock_pace_charge(&detector->pace, detector_calls.GetTickCount(), news->decided_age);
        }
    }
    if (news->kind == NEWS_RELEASED)
        let_go(detector, entry, news, &identity);
    else
        hold(detector, entry, news, &identity);
}

void detector_hear(struct detector *detector)
{
    struct account_news news;
    while (responder_take(detector->responder, &news))
        hear(detector, &news);
}
