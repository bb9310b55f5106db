#include <string.h>
#include "alert.h"
#include "detector_parts.h"
#include "../core/event_time.h"
#include "../windows/report.h"

struct detector_calls detector_calls = {
    .GetTickCount = GetTickCount,
};

/* ---- why nobody is locked ------------------------------------------------------------------- */

static void hinder(struct detector *detector)
{
    enum flag_reason reason = detector->store_closed ? FLAG_STORE : FLAG_NOT;
    guard_hinder(detector->guard, detector->observing ? FLAG_OBSERVE : reason);
}

void detector_observe(struct detector *detector, bool observing)
{
    detector->observing = observing;
    hinder(detector);
}

void detector_store(struct detector *detector, bool closed)
{
    detector->store_closed = closed;
    hinder(detector);
}

void detector_look_at_queue(struct detector *detector)
{
    if (!detector->queue)
        return;
    queue_watch_view(detector->queue, &detector->queue_view);
    guard_corroborate(detector->guard, detector->queue_view.window);
}

/* The queue may have grown in the same seconds: the verdict is that of a look that begins now. */
static void look_closely(struct detector *detector, const struct relay_event *event,
                         const struct identity *identity, struct verdict *verdict)
{
    queue_watch_look(detector->queue, detector->stop, &detector->queue_view);
    guard_corroborate(detector->guard, detector->queue_view.window);
    guard_reconsider(detector->guard, event, identity, verdict);
}

/* It starts from zero. */
static void release_in_guard(struct detector *detector, const struct held_sign_ins *of)
{
    struct identity identity = {.kind = IDENTITY_USER, .sid_size = of->sid_size};
    memcpy(identity.sid, of->sid, of->sid_size);
    guard_release(detector->guard, &identity);
}

/* ---- counting ------------------------------------------------------------------------------- */

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

/* Whoever was one too many within the hour is decided on again, by what may be locked now. */
static void reconsider_over_pace(struct detector *detector)
{
    struct held_entry *entry;
    while ((entry = held_list_over_pace(&detector->held)) != NULL) {
        release_in_guard(detector, &entry->sums);
        held_count_again(entry);
    }
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
    lock_pace_set(&detector->pace, settings->max_locks_per_hour);
    reconsider_over_pace(detector);
    hinder(detector);
    return true;
}

/* ---- verdicts ------------------------------------------------------------------------------- */

/* Whether it was told before; now it is. */
static bool said_before(struct detector *detector, const struct verdict *verdict)
{
    const struct said_flag now =
        said_flag_of(text_of(verdict->account), &detector->key, verdict->flag, verdict->last_record,
                     verdict->last_time);
    if (said_list_has(&detector->said, &now, detector->longest_window))
        return true;
    said_list_add(&detector->said, &now);
    return false;
}

struct held_entry *detector_note_held(struct detector *detector, const uint8_t *sid,
                                      uint32_t sid_size)
{
    bool dropped;
    struct held_sign_ins old;
    struct held_entry *entry = held_list_add(&detector->held, sid, sid_size, &dropped, &old);
    if (dropped) /* nobody would look after it any more */
        release_in_guard(detector, &old);
    return entry;
}

static bool is_again(struct detector *detector, const struct identity *identity)
{
    const struct held_entry *entry =
        held_list_find(&detector->held, identity->sid, identity->sid_size);
    return entry && entry->state == HELD_RELEASED && entry->recent &&
           (LONG)(detector_calls.GetTickCount() - entry->recent_until) < 0;
}

static void report_budget(const struct detector *detector)
{
    struct report report;
    report_begin(&report, MSG_BUDGET_SPENT);
    report_add_number(&report, detector->max_locks_per_hour);
    report_send(&report);
}

uint32_t detector_locks_left(struct detector *detector)
{
    struct guard_counters counters;
    guard_count(detector->guard, &counters);
    uint32_t left = lock_pace_left(&detector->pace, detector_calls.GetTickCount());
    return left < counters.budget_left ? left : counters.budget_left;
}

/* The guard would lock it. If it is one too many within the hour of this computer's, it is flagged
 * instead, and let go when there is room. */
static void keep_pace(struct detector *detector, struct verdict *verdict,
                      const struct identity *identity)
{
    DWORD wait, now = detector_calls.GetTickCount();
    if (verdict->flag != FLAG_NOT ||
        lock_pace_take(&detector->pace, now, &verdict->budget_spent, &wait))
        return;
    verdict->flag = FLAG_BUDGET;
    held_over_pace(detector_note_held(detector, identity->sid, identity->sid_size),
                   verdict->last_time, verdict->last_record, now, wait);
}

static void act_on(struct detector *detector, struct verdict *verdict,
                   const struct identity *identity)
{
    keep_pace(detector, verdict, identity);
    bool lock = verdict->flag == FLAG_NOT;
    if (!lock && said_before(detector, verdict))
        return;
    struct gap gap = {0};
    bool over_gap = detector->gaps && gap_list_within(detector->gaps, verdict, &gap);
    bool again = lock && is_again(detector, identity);
    detector->alerts++;
    alert_verdict(verdict, over_gap ? &gap : NULL, again, &detector->queue_view);
    if (verdict->budget_spent)
        report_budget(detector);
    const struct order order = {.verdict = *verdict,
                                .action = detector->action,
                                .gap_first = gap.first,
                                .gap_last = gap.last,
                                .again = again,
                                .read_at = detector_calls.GetTickCount()};
    bool posted = responder_post(detector->responder, &order);
    if (!lock)
        return;
    if (posted) {
        struct held_entry *entry = detector_note_held(detector, identity->sid, identity->sid_size);
        entry->seen_record = verdict->last_record;
        entry->seen_time = verdict->last_time;
    } else {
        /* It has more to do than it can hold. The account is decided on again, from its next
         * sign-ins. */
        guard_release(detector->guard, identity);
    }
}

/* ---- sign-ins ------------------------------------------------------------------------------- */

/* A held account signed in: an old session, or somebody enabled it again? The responder finds out.
 */
static void look_at_held(struct detector *detector, const struct relay_event *event,
                         const struct identity *identity)
{
    struct held_entry *entry = held_list_find(&detector->held, identity->sid, identity->sid_size);
    DWORD now = detector_calls.GetTickCount();
    if (!entry)
        return;
    if (entry->state == HELD_ORDERED || entry->state == HELD_LOCKED) {
        held_add(entry, event, now);
    } else if (entry->state == HELD_TIMED && (LONG)(now - entry->due) >= 0) {
        guard_release(detector->guard, identity);
        entry->state = HELD_RELEASED;
        entry->over_pace = false;
        entry->time = event->time;
        entry->record = event->record;
    }
}

static bool is_settled(struct detector *detector, const struct relay_event *event,
                       const struct identity *identity)
{
    if (identity->sid_size == 0)
        return false;
    const struct held_entry *entry =
        held_list_find(&detector->held, identity->sid, identity->sid_size);
    return entry && held_is_settled(entry, event->record, event->time);
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
        if (verdict.flag == FLAG_QUEUE)
            look_closely(detector, event, &identity, &verdict);
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

/* False: there is no room, and something waits still. */
static bool tell_all(struct detector *detector, DWORD now)
{
    struct held_entry *entry;
    while ((entry = held_list_pending(&detector->held)) != NULL) {
        if (!responder_tell(detector->responder, &entry->sums))
            return false;
        held_told(entry, true, now);
    }
    return true;
}

static void tell_position(struct detector *detector, const struct position_record *position)
{
    DWORD now = detector_calls.GetTickCount();
    bool first = !detector->told_position;
    if (!first && position->record == detector->told_record)
        return;
    if (!first && held_list_pending(&detector->held) && now - detector->told_at < HELD_LIST_PAUSE)
        return;
    if (!tell_all(detector, now))
        return;
    detector->told_position = true;
    detector->told_record = position->record;
    detector->told_at = now;
    responder_position(detector->responder, position);
}

void detector_all_read(struct detector *detector, uint64_t record,
                       const struct position_record *position, DWORD tick)
{
    held_list_all_read(&detector->held, record);
    tell_position(detector, position);
    responder_all_read(detector->responder, tick);
}

DWORD detector_tell(struct detector *detector)
{
    struct held_entry *entry;
    DWORD wait = INFINITE, now = detector_calls.GetTickCount();
    while ((entry = held_list_due(&detector->held, now, &wait)) != NULL)
        held_told(entry, responder_tell(detector->responder, &entry->sums), now);
    return wait;
}

void detector_settle(struct detector *detector)
{
    DWORD now = detector_calls.GetTickCount();
    held_list_settle(&detector->held, now);
    lock_pace_settle(&detector->pace, now);
}

void detector_end(struct detector *detector)
{
    free_guard(detector->memory);
    detector->memory = NULL;
    detector->guard = NULL;
}
