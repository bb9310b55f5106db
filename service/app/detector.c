#include <string.h>
#include "alert.h"
#include "detector.h"
#include "../core/event_time.h"
#include "../windows/report.h"

struct detector_calls detector_calls = {
    .GetTickCount = GetTickCount,
};

/* A guard for the settings, on memory of its own; null without memory. */
static struct guard *make_guard(const struct settings *settings, const struct hash_key *key,
                                void **memory)
{
    struct guard_settings wanted;
    settings_for_guard(settings, &wanted);
    size_t size = guard_size(&wanted);
    *memory = size ? VirtualAlloc(NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE) : NULL;
    return *memory ? guard_init(*memory, size, &wanted, key) : NULL;
}

static void free_guard(void *memory)
{
    if (memory)
        VirtualFree(memory, 0, MEM_RELEASE);
}

bool detector_count_afresh(struct detector *detector, const struct settings *settings)
{
    void *memory;
    struct guard *fresh = make_guard(settings, &detector->key, &memory);
    if (!fresh) {
        free_guard(memory);
        return false;
    }
    if (detector->guard)
        guard_inherit(fresh, detector->guard);
    free_guard(detector->memory);
    detector->guard = fresh;
    detector->memory = memory;
    detector->action = settings->action;
    detector->max_locks_per_hour = settings->max_locks_per_hour;
    detector->longest_window = settings_longest_window(settings);
    return true;
}

static bool said_before(struct detector *detector, const struct verdict *verdict)
{
    const struct said_flag now = {
        .record = verdict->last_record,
        .account = text_hash_fold(text_of(verdict->account), &detector->key),
        .flag = verdict->flag,
    };
    for (size_t i = 0; i < DETECTOR_SAID_MAX; i++) {
        const struct said_flag *said = &detector->said[i];
        if (said->record == now.record && said->account == now.account && said->flag == now.flag)
            return true;
    }
    detector->said[detector->said_next] = now;
    detector->said_next = (detector->said_next + 1) % DETECTOR_SAID_MAX;
    return false;
}

static bool flag_marks(enum flag_reason flag)
{
    return flag == FLAG_ACTION || flag == FLAG_BUDGET || flag == FLAG_PROTECTED;
}

static void identity_of(const struct order *order, struct identity *identity)
{
    *identity = (struct identity){
        .kind = IDENTITY_USER, .sid_size = order->sid_size, .name = text_of(order->account)};
    memcpy(identity->sid, order->sid, order->sid_size);
}

static void note_lock(struct detector *detector, const struct order *order)
{
    bool dropped;
    struct order old;
    struct identity identity;
    lock_list_add(&detector->locks, order, &dropped, &old);
    if (dropped) { /* nobody would notice any more if it was enabled again */
        identity_of(&old, &identity);
        guard_release(detector->guard, &identity);
    }
}

static void act_on(struct detector *detector, const struct verdict *verdict,
                   const struct identity *identity)
{
    if (verdict->flag != FLAG_NOT && said_before(detector, verdict))
        return;
    struct gap gap;
    bool over_gap = detector->gaps && gap_list_within(detector->gaps, verdict, &gap);
    detector->alerts++;
    alert_verdict(verdict, over_gap ? &gap : NULL);
    if (verdict->budget_spent) {
        struct report report;
        report_begin(&report, MSG_BUDGET_SPENT);
        report_add_number(&report, detector->max_locks_per_hour);
        report_send(&report);
    }
    if (verdict->flag != FLAG_NOT && !flag_marks(verdict->flag))
        return;
    struct order order = {
        .kind = verdict->flag == FLAG_NOT ? ORDER_LOCK : ORDER_MARK,
        .action = detector->action,
        .sid_size = identity->sid_size,
        .limit = verdict->limit,
        .time = verdict->last_time,
        .read_at = detector_calls.GetTickCount(),
    };
    memcpy(order.sid, identity->sid, identity->sid_size);
    memcpy(order.account, verdict->account, sizeof order.account);
    if (!responder_post(detector->responder, &order)) {
        /* It has more to do than it can hold. The account is decided on again, from its next
         * sign-ins. */
        guard_release(detector->guard, identity);
        return;
    }
    if (order.kind == ORDER_LOCK)
        note_lock(detector, &order);
}

/* A held account signed in: an old session, or somebody enabled it again? */
static void look_at_held(struct detector *detector, const struct relay_event *event,
                         const struct identity *identity)
{
    struct lock_entry *entry = lock_list_find(&detector->locks, identity->sid, identity->sid_size);
    DWORD now = detector_calls.GetTickCount();
    if (!entry || (LONG)(now - entry->due) < 0)
        return;
    if (entry->state == LOCK_TIMED) {
        guard_release(detector->guard, identity);
        entry->state = LOCK_RELEASED;
        entry->time = event->time;
    } else if (entry->state == LOCK_HELD && event->time > entry->time) {
        struct order check = entry->order;
        check.kind = ORDER_CHECK;
        check.time = event->time;
        entry->due = now + DETECTOR_CHECK_PAUSE;
        responder_post(detector->responder, &check);
    }
}

/* Whether an account that was let go had this sign-in before that: then it was decided on already
 * and is only read again. */
static bool is_settled(struct detector *detector, const struct relay_event *event,
                       const struct identity *identity)
{
    if (identity->sid_size == 0)
        return false;
    const struct lock_entry *entry =
        lock_list_find(&detector->locks, identity->sid, identity->sid_size);
    return entry && entry->state == LOCK_RELEASED && event->time <= entry->time;
}

void detector_take(struct detector *detector, const struct relay_event *event)
{
    char16_t canonical[RESOLVER_CANONICAL_MAX];
    struct identity identity;
    struct verdict verdict;
    resolver_find(detector->resolver, event->account, detector->stop, canonical, &identity);
    /* A computer's name says what it is even while no domain controller answers. */
    if (identity.kind == IDENTITY_UNRESOLVED && account_name_is_machine(event->account))
        identity.kind = IDENTITY_MACHINE;
    if (is_settled(detector, event, &identity))
        return;
    switch (guard_feed(detector->guard, event, &identity, &verdict)) {
    case GUARD_VERDICT:
        act_on(detector, &verdict, &identity);
        break;
    case GUARD_HELD:
        look_at_held(detector, event, &identity);
        break;
    case GUARD_COUNTED:
    case GUARD_EXEMPT:
    case GUARD_LOST:
        break;
    }
}

void detector_hear(struct detector *detector)
{
    struct order_report report;
    while (responder_take(detector->responder, &report)) {
        struct identity identity;
        struct lock_entry *entry =
            lock_list_find(&detector->locks, report.order.sid, report.order.sid_size);
        bool by_password = report.order.action == LOCK_PASSWORD;
        DWORD window = detector->longest_window * 1000;
        identity_of(&report.order, &identity);
        if (!entry) /* dropped: too many locks since */
            continue;
        switch (report.result) {
        case ORDER_DONE:
        case ORDER_ALREADY:
            /* Nobody can see whether a password is a new one: such an account is counted again
             * after a while. */
            entry->state = by_password && report.result == ORDER_DONE ? LOCK_TIMED : LOCK_HELD;
            entry->time = report.order.time;
            entry->due = detector_calls.GetTickCount() + (entry->state == LOCK_TIMED ? window : 0);
            break;
        case ORDER_REFUSED:
            entry->state = LOCK_TIMED;
            entry->due = detector_calls.GetTickCount() + window;
            break;
        case ORDER_GIVEN_UP:
            guard_release(detector->guard, &identity);
            entry->state = LOCK_FREE;
            break;
        case ORDER_ENABLED:
            if (entry->state != LOCK_HELD)
                break;
            guard_release(detector->guard, &identity);
            entry->state = LOCK_RELEASED;
            entry->time = report.order.time;
            alert_enabled_again(report.order.account);
            break;
        case ORDER_DISABLED:
            break;
        }
    }
}

void detector_settle(struct detector *detector)
{
    DWORD now = detector_calls.GetTickCount();
    for (size_t i = 0; i < detector->locks.used; i++) {
        struct lock_entry *entry = &detector->locks.entries[i];
        if ((LONG)(now - entry->due) > 0)
            entry->due = now;
    }
}

void detector_end(struct detector *detector)
{
    free_guard(detector->memory);
    detector->memory = NULL;
    detector->guard = NULL;
}
