/* naive_guard.h: the guard as one would write it on the back of an envelope: it keeps every event
 * for ever, recounts from scratch at each, and ends every hold at the event that ends it. The real
 * guard must agree with it. Bounded by the arrays below; never short of room, so never at a loss.
 */
#ifndef RELAYLOCK_TESTS_NAIVE_GUARD_H
#define RELAYLOCK_TESTS_NAIVE_GUARD_H

#include "core/guard.h"
#include "core/history.h"

enum { NAIVE_EVENTS = 2048, NAIVE_ACCOUNTS = 16, NAIVE_CLIENTS = 256 };

struct naive_event {
    int64_t place; /* on the timeline */
    struct relay_event event;
    size_t client;
};

enum naive_hold {
    NAIVE_FREE,
    NAIVE_LOCKED,
    NAIVE_TIMED,
    NAIVE_BUDGET,
    NAIVE_HINDERED,
    NAIVE_QUEUE
};

struct naive_account {
    struct identity identity;
    struct text name; /* as first written */
    enum naive_hold hold;
    int64_t held_at;
    struct naive_event events[NAIVE_EVENTS]; /* by place, then as they came */
    size_t event_count;
};

struct naive_guard {
    const struct guard_settings *settings;
    struct naive_account accounts[NAIVE_ACCOUNTS];
    size_t account_count;
    struct text clients[NAIVE_CLIENTS];
    size_t client_count;
    int64_t locks[NAIVE_EVENTS];
    size_t lock_count;
    bool started, budget_told;
    enum flag_reason hindrance;
    uint32_t uncorroborated;
    int64_t now, offset;
    struct guard_counters counters; /* but for accounts and lost */
};

/* All texts in the settings, events and identities must outlive the guard. */
void naive_guard_init(struct naive_guard *guard, const struct guard_settings *settings);
enum guard_outcome naive_guard_feed(struct naive_guard *guard, const struct relay_event *event,
                                    const struct identity *identity, struct verdict *verdict);
void naive_guard_hinder(struct naive_guard *guard, enum flag_reason reason);
void naive_guard_corroborate(struct naive_guard *guard, uint32_t window);
bool naive_guard_release(struct naive_guard *guard, const struct identity *identity);
void naive_guard_hold(struct naive_guard *guard, const struct identity *identity);
uint32_t naive_guard_budget_left(const struct naive_guard *guard);

#endif
