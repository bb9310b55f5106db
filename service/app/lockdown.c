#include <stdlib.h>
#include <string.h>
#include "account_clients.h"
#include "lockdown_state.h"
#include "quarantine_aside.h"
#include "../core/event_time.h"
#include "../windows/boot.h"

struct lockdown_calls lockdown_calls = {
    .account_lock = account_lock,
    .account_aside_begin = account_aside_begin,
    .account_aside_serve = account_aside_serve,
    .account_lock_on = account_lock_on,
    .account_release = account_release,
    .account_look = account_look,
    .account_look_on = account_look_on,
    .smtp_restart = smtp_restart,
    .smtp_resume = smtp_resume,
    .quarantine_is_stuck = quarantine_aside_is_stuck,
    .quarantine_finish = quarantine_aside_finish,
    .quarantine_take = quarantine_aside_take,
    .quarantine_give_back = quarantine_aside_give_back,
    .quarantine_count = quarantine_aside_count,
    .quarantine_has = quarantine_aside_has,
    .account_clients_read = account_clients_read,
    .boot_number = boot_number,
    .GetTickCount = GetTickCount,
    .WaitForSingleObject = WaitForSingleObject,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
};

enum { CATCH_UP = 30000 /* ms; see lockdown_position */ };

int64_t lockdown_wall(void)
{
    FILETIME now;
    lockdown_calls.GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

int64_t lockdown_now(struct lockdown *lockdown)
{
    return steady_advance(&lockdown->steady, lockdown_calls.GetTickCount(), lockdown_wall());
}

DWORD lockdown_create(const struct settings *settings, HANDLE stop,
                      const struct lockdown_listener *listener, struct lockdown **lockdown)
{
    struct lockdown *made = calloc(1, sizeof *made);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = incident_store_init(&made->store);
    if (error) {
        free(made);
        return error;
    }
    made->stop = stop;
    made->listener = *listener;
    response_policy_make(&made->policy, settings);
    *lockdown = made;
    return ERROR_SUCCESS;
}

void lockdown_free(struct lockdown *lockdown)
{
    incident_store_end(&lockdown->store);
    free(lockdown->quarantine);
    free(lockdown);
}

void lockdown_configure(struct lockdown *lockdown, const struct settings *settings)
{
    response_policy_make(&lockdown->policy, settings);
    lockdown->restart_announced = false;
}

/* ---- the journal ---------------------------------------------------------------------------- */

/* Tells that the journal cannot be kept, once, whatever it was that found out. */
void lockdown_note_store(struct lockdown *lockdown)
{
    if (lockdown->store.open || (lockdown->told_store && !lockdown->told_open))
        return;
    lockdown->told_store = true;
    lockdown->told_open = false;
    if (lockdown->listener.store)
        lockdown->listener.store(lockdown->listener.context, false, NULL);
    lockdown_answer_closed(lockdown);
}

static void tell_incident(struct lockdown *lockdown, const struct incident *incident)
{
    if (lockdown->listener.incident)
        lockdown->listener.incident(lockdown->listener.context, incident, lockdown->steady.now);
}

static void tell_unheld(struct lockdown *lockdown, const struct verdict *verdict)
{
    if (lockdown->listener.unheld && verdict->sid_size > 0)
        lockdown->listener.unheld(lockdown->listener.context, verdict->sid, verdict->sid_size);
}

bool lockdown_put(struct lockdown *lockdown, struct incident *incident)
{
    if (incident_store_put(&lockdown->store, incident) == ERROR_SUCCESS) {
        tell_incident(lockdown, incident);
        return true;
    }
    lockdown_note_store(lockdown);
    return false;
}

/* Where reading stands, and the steady clock. */
bool lockdown_put_position(struct lockdown *lockdown, bool clean)
{
    lockdown->position_at = lockdown_now(lockdown);
    lockdown->position_moved = false;
    lockdown->position.steady = lockdown->steady;
    lockdown->position.clean = clean;
    if (incident_store_put_position(&lockdown->store, &lockdown->position) == ERROR_SUCCESS)
        return true;
    lockdown_note_store(lockdown);
    return false;
}

void lockdown_put_outlook(struct lockdown *lockdown)
{
    if (!lockdown->outlook_moved)
        return;
    lockdown->outlook_moved =
        incident_store_put_outlook(&lockdown->store, &lockdown->outlook) != ERROR_SUCCESS;
    if (lockdown->outlook_moved)
        lockdown_note_store(lockdown);
}

/* Goes on from what the journal holds. The first thing put down is small and changes nothing: a
 * full disk is noticed before anything is done. */
static void go_on(struct lockdown *lockdown)
{
    const struct incident_book *book = &lockdown->store.book;
    const struct position_record kept = book->position;
    if (!lockdown->steady_known) {
        lockdown->steady = kept.steady;
        steady_resume(&lockdown->steady, lockdown_calls.boot_number(),
                      lockdown_calls.GetTickCount(), lockdown_wall());
        int64_t latest = incident_latest_moment(book);
        if (lockdown->steady.now < latest)
            lockdown->steady.now = latest;
        lockdown->steady_known = true;
        lockdown->restarts_from = lockdown->steady.now + CATCH_UP;
        lockdown->position = kept;
    }
    if (!lockdown_put_position(lockdown, lockdown->mode == RESPONSE_RELEASE && kept.clean) ||
        !lockdown_save_restart(lockdown))
        return;
    for (uint32_t i = 0; i < book->count; i++)
        tell_incident(lockdown, &book->incidents[i]);
    lockdown->told_store = lockdown->told_open = true;
    if (lockdown->listener.store)
        lockdown->listener.store(lockdown->listener.context, true, &kept);
}

/* Opens the journal if a try is due. */
bool lockdown_open(struct lockdown *lockdown)
{
    if (lockdown->store.open && lockdown->told_open)
        return true;
    if (incident_store_open(&lockdown->store))
        go_on(lockdown);
    else
        lockdown_note_store(lockdown);
    return lockdown->store.open;
}

void lockdown_end(struct lockdown *lockdown)
{
    lockdown_await_aside(lockdown);
    if (lockdown->store.open && lockdown->mode != RESPONSE_RELEASE) {
        lockdown_put_outlook(lockdown);
        lockdown_put_position(lockdown, true);
    }
    incident_store_close(&lockdown->store);
}

/* ---- what comes in -------------------------------------------------------------------------- */

void lockdown_close(struct lockdown *lockdown, struct incident *incident, enum incident_state state,
                    enum incident_ending ending)
{
    incident->state = state;
    incident->ending = ending;
    incident->closed_at = lockdown_now(lockdown);
    incident->closed_wall = lockdown_wall();
    /* Without the service nothing is read: all that is there was there before. */
    incident->closed_record =
        lockdown->mode == RESPONSE_RELEASE ? UINT64_MAX : lockdown->position.record;
    incident->retry = (struct incident_retry){0};
    incident->release_wanted = incident->release_by_time = false;
}

/* Whether this very crossing was decided on before: the log is read again now and then. */
static bool is_the_same(const struct incident *incident, const struct verdict *verdict)
{
    const struct verdict *known = &incident->verdict;
    return known->last_record == verdict->last_record && known->last_time == verdict->last_time &&
           known->flag == verdict->flag &&
           text_equal(text_of(known->account), text_of(verdict->account));
}

static const struct incident *find_known(struct lockdown *lockdown, const struct verdict *verdict)
{
    struct incident_book *book = &lockdown->store.book;
    const struct incident *held = NULL;
    if (verdict->sid_size > 0 && verdict->flag == FLAG_NOT)
        held = incident_book_holding(book, verdict->sid, verdict->sid_size);
    for (uint32_t i = book->count; !held && i > 0; i--)
        if (is_the_same(&book->incidents[i - 1], verdict))
            held = &book->incidents[i - 1];
    return held;
}

static struct incident begin_incident(struct lockdown *lockdown, const struct order *order)
{
    struct incident incident = {.state = INCIDENT_DECIDED,
                                .action = order->action,
                                .verdict = order->verdict,
                                .gap_first = order->gap_first,
                                .gap_last = order->gap_last,
                                .again = order->again,
                                .decided_wall = lockdown_wall()};
    int64_t now = lockdown_now(lockdown);
    DWORD waited = lockdown_calls.GetTickCount() - order->read_at;
    incident.decided_at = waited < now ? now - waited : 0;
    if (order->verdict.flag != FLAG_NOT)
        lockdown_close(lockdown, &incident, INCIDENT_FLAGGED, ENDING_NONE);
    return incident;
}

void lockdown_order(struct lockdown *lockdown, const struct order *order)
{
    const struct verdict *verdict = &order->verdict;
    bool flag = verdict->flag != FLAG_NOT;
    if (!lockdown->store.open || (lockdown->mode == RESPONSE_OBSERVE && !flag)) {
        if (!flag)
            tell_unheld(lockdown, verdict);
        return;
    }
    const struct incident *known = find_known(lockdown, verdict);
    if (known) {
        tell_incident(lockdown, known);
        return;
    }
    struct incident incident = begin_incident(lockdown, order);
    if (lockdown_put(lockdown, &incident)) {
        lockdown_put_position(lockdown, false);
        return;
    }
    if (!flag)
        tell_unheld(lockdown, verdict);
}

void lockdown_set_mode(struct lockdown *lockdown, enum response_mode mode)
{
    struct incident_book *book = &lockdown->store.book;
    lockdown->mode = mode;
    lockdown->store.is_guest = mode == RESPONSE_RELEASE;
    for (uint32_t i = 0; mode == RESPONSE_OBSERVE && i < book->count; i++) {
        struct incident incident = book->incidents[i];
        /* One that was begun may be done already: it waits for the end of the pause. One that a
         * person has asked to release is released, and answered, in its turn. */
        if (incident.state != INCIDENT_DECIDED || incident.change.intended ||
            incident.release_wanted)
            continue;
        lockdown_close(lockdown, &incident, INCIDENT_FAILED, ENDING_PAUSED);
        if (!lockdown_put(lockdown, &incident))
            return;
    }
}

void lockdown_position(struct lockdown *lockdown, const struct position_record *position)
{
    lockdown->caught_up = true;
    if (position->record == lockdown->position.record && position->time == lockdown->position.time)
        return;
    lockdown->position.record = position->record;
    lockdown->position.time = position->time;
    memcpy(lockdown->position.channel, position->channel, sizeof lockdown->position.channel);
    lockdown->position_moved = true;
}

void lockdown_outlook(struct lockdown *lockdown, const struct outlook_record *outlook)
{
    lockdown->outlook = *outlook;
    lockdown->outlook_moved = true;
}

void lockdown_count(const struct lockdown *lockdown, struct lockdown_figures *figures)
{
    *figures = lockdown->figures;
}

const struct incident_book *lockdown_book(const struct lockdown *lockdown)
{
    return &lockdown->store.book;
}

const wchar_t *lockdown_directory(const struct lockdown *lockdown)
{
    return lockdown->store.directory;
}
