/* The payloads of a journal's frames, for incident_book.h: one walk over the fields of each record,
 * which packs and unpacks.
 *
 * A payload starts with a version. Fields are only ever appended, under a higher one, so that a
 * newer program reads what an older one wrote, and an older one the fields it knows.
 */
#include "incident_book.h"

#include "packer.h"
#include "sid.h"

enum { INCIDENT_VERSION = 1, RESTART_VERSION = 1, POSITION_VERSION = 1 };

/* Returns the version that the payload has: ours, or of the program that wrote it. */
static uint8_t pack_version(struct packer *packer, uint8_t ours)
{
    uint8_t version = ours;
    pack_u8(packer, &version);
    pack_require(packer, version >= 1);
    return version;
}

/* Nothing may follow the last field that is known, unless a newer program wrote it. */
static void pack_end(struct packer *packer, uint8_t version, uint8_t ours)
{
    pack_require(packer, !packer->unpacking || packer->at == packer->size || version > ours);
}

static void pack_steady(struct packer *packer, int64_t *ms)
{
    pack_signed(packer, ms, 0, STEADY_MAX);
}

/* Seconds; those of events are somebody else's, so that any sign is possible. */
static void pack_wall(struct packer *packer, int64_t *seconds)
{
    pack_signed(packer, seconds, -STEADY_MAX, STEADY_MAX);
}

/* None, or one whole SID, which Windows may be given without a second look. */
static void pack_sid(struct packer *packer, uint32_t *size, uint8_t *sid)
{
    pack_number(packer, size, 0, IDENTITY_SID_MAX);
    pack_bytes(packer, sid, packer->failed ? 0 : *size);
    pack_require(packer, *size == 0 || sid_size(sid, *size) == *size);
}

static void pack_verdict(struct packer *packer, struct verdict *verdict)
{
    pack_text(packer, verdict->account, ACCOUNT_SHOWN_MAX);
    pack_text(packer, verdict->name, ACCOUNT_SHOWN_MAX);
    verdict->kind = pack_enum(packer, verdict->kind, IDENTITY_ASSUMED + 1);
    pack_sid(packer, &verdict->sid_size, verdict->sid);
    verdict->flag = pack_enum(packer, verdict->flag, FLAG_QUEUE + 1);
    pack_bool(packer, &verdict->budget_spent);
    verdict->limit.subject = pack_enum(packer, verdict->limit.subject, LIMIT_CLIENTS + 1);
    pack_number(packer, &verdict->limit.count, 1, LIMIT_COUNT_MAX);
    pack_number(packer, &verdict->limit.window, 1, LIMIT_WINDOW_MAX);
    pack_u32(packer, &verdict->count);
    pack_u32(packer, &verdict->sign_ins);
    pack_u32(packer, &verdict->clients);
    pack_number(packer, &verdict->top_count, 0, VERDICT_TOP_CLIENTS);
    for (uint32_t i = 0; i < verdict->top_count && !packer->failed; i++) {
        pack_text(packer, verdict->top[i].name, CLIENT_SHOWN_MAX);
        pack_u32(packer, &verdict->top[i].sign_ins);
    }
    pack_u64(packer, &verdict->first_record);
    pack_u64(packer, &verdict->last_record);
    pack_wall(packer, &verdict->first_time);
    pack_wall(packer, &verdict->last_time);
}

static void pack_change(struct packer *packer, struct incident_change *change)
{
    pack_bool(packer, &change->intended);
    pack_bool(packer, &change->made);
    pack_bool(packer, &change->marked);
    pack_u32(packer, &change->flags_before);
    pack_u32(packer, &change->flags_after);
    pack_text(packer, change->server, INCIDENT_SERVER_MAX);
    pack_text(packer, change->user, INCIDENT_USER_MAX);
}

static void pack_retry(struct packer *packer, struct incident_retry *retry)
{
    pack_u32(packer, &retry->tries);
    pack_steady(packer, &retry->first_at);
    pack_steady(packer, &retry->next_at);
    pack_u32(packer, &retry->error);
    pack_bool(packer, &retry->told);
}

static void pack_leaks(struct packer *packer, struct incident *incident)
{
    incident->escalation = pack_enum(packer, incident->escalation, ESCALATIONS);
    pack_steady(packer, &incident->leak_at);
    pack_wall(packer, &incident->leak_wall);
    pack_u64(packer, &incident->leak_record);
    pack_text(packer, incident->leak_client, CLIENT_SHOWN_MAX);
    pack_bool(packer, &incident->leak_open);
    pack_bool(packer, &incident->lag_found);
    pack_number(packer, &incident->services_done, 0, SETTING_SERVICES_MAX);
}

static void pack_times(struct packer *packer, struct incident *incident)
{
    pack_steady(packer, &incident->decided_at);
    pack_steady(packer, &incident->locked_at);
    pack_steady(packer, &incident->restart_since);
    pack_steady(packer, &incident->restarted_at);
    pack_steady(packer, &incident->closed_at);
    pack_wall(packer, &incident->decided_wall);
    pack_wall(packer, &incident->locked_wall);
    pack_wall(packer, &incident->restarted_wall);
    pack_wall(packer, &incident->closed_wall);
    pack_u64(packer, &incident->closed_record);
}

static void pack_incident(struct packer *packer, void *record)
{
    struct incident *incident = record;
    uint8_t version = pack_version(packer, INCIDENT_VERSION);
    pack_u64(packer, &incident->id);
    pack_require(packer, incident->id >= 1 && incident->id <= INCIDENT_ID_MAX);
    incident->state = pack_enum(packer, incident->state, INCIDENT_STATES);
    incident->ending = pack_enum(packer, incident->ending, ENDINGS);
    incident->action = pack_enum(packer, incident->action, LOCK_PASSWORD + 1);
    pack_verdict(packer, &incident->verdict);
    pack_u64(packer, &incident->gap_first);
    pack_u64(packer, &incident->gap_last);
    pack_bool(packer, &incident->again);
    pack_times(packer, incident);
    pack_steady(packer, &incident->release_at);
    pack_bool(packer, &incident->release_wanted);
    pack_bool(packer, &incident->release_by_time);
    pack_bool(packer, &incident->release_forced);
    pack_bool(packer, &incident->stay_told);
    pack_change(packer, &incident->change);
    pack_retry(packer, &incident->retry);
    pack_u32(packer, &incident->figures.lock_delay);
    pack_u32(packer, &incident->figures.smtp_down);
    pack_u32(packer, &incident->figures.sign_ins);
    pack_u32(packer, &incident->figures.leaks);
    pack_leaks(packer, incident);
    pack_end(packer, version, INCIDENT_VERSION);
}

static void pack_restart_record(struct packer *packer, void *record)
{
    struct restart_record *restart = record;
    uint8_t version = pack_version(packer, RESTART_VERSION);
    restart->phase = pack_enum(packer, restart->phase, RESTART_STOPPED + 1);
    pack_text(packer, restart->service, BOOK_SERVICE_MAX);
    pack_number(packer, &restart->dependent_count, 0, BOOK_DEPENDENTS_MAX);
    for (uint32_t i = 0; i < restart->dependent_count && !packer->failed; i++)
        pack_text(packer, restart->dependents[i], BOOK_SERVICE_MAX);
    pack_steady(packer, &restart->begun_at);
    pack_number(packer, &restart->recent_count, 0, BOOK_RESTARTS_MAX);
    for (uint32_t i = 0; i < restart->recent_count && !packer->failed; i++)
        pack_steady(packer, &restart->recent[i]);
    pack_end(packer, version, RESTART_VERSION);
}

static void pack_position_record(struct packer *packer, void *record)
{
    struct position_record *position = record;
    uint8_t version = pack_version(packer, POSITION_VERSION);
    pack_steady(packer, &position->steady.now);
    pack_u32(packer, &position->steady.tick);
    pack_u32(packer, &position->steady.boot);
    pack_wall(packer, &position->steady.wall);
    pack_u64(packer, &position->record);
    pack_wall(packer, &position->time);
    pack_text(packer, position->channel, SETTING_TEXT_MAX);
    pack_bool(packer, &position->clean);
    pack_end(packer, version, POSITION_VERSION);
}

/* ---- both ways ------------------------------------------------------------------------------ */

typedef void walk(struct packer *packer, void *record);

/* The first walk only counts, so that what does not fit leaves nothing behind. The record is a copy
 * of the caller's: packing changes nothing, but a walk that also unpacks cannot say so. */
static size_t encode(uint8_t *to, size_t capacity, walk *walk_record, void *copy)
{
    struct packer count = packer_counting();
    walk_record(&count, copy);
    if (count.failed || (to && count.at > capacity))
        return 0;
    if (to) {
        struct packer packer = packer_to(to, capacity);
        walk_record(&packer, copy);
    }
    return count.at;
}

static bool decode(const uint8_t *from, size_t size, walk *walk_record, void *zeroed)
{
    struct packer packer = packer_from(from, size);
    walk_record(&packer, zeroed);
    return !packer.failed;
}

size_t incident_encode(uint8_t *to, size_t capacity, const struct incident *incident)
{
    struct incident copy = *incident;
    return encode(to, capacity, pack_incident, &copy);
}

size_t restart_record_encode(uint8_t *to, size_t capacity, const struct restart_record *record)
{
    struct restart_record copy = *record;
    return encode(to, capacity, pack_restart_record, &copy);
}

size_t position_record_encode(uint8_t *to, size_t capacity, const struct position_record *record)
{
    struct position_record copy = *record;
    return encode(to, capacity, pack_position_record, &copy);
}

bool incident_decode(struct incident *incident, const uint8_t *from, size_t size)
{
    struct incident read = {0};
    bool good = decode(from, size, pack_incident, &read);
    if (good)
        *incident = read;
    return good;
}

bool restart_record_decode(struct restart_record *record, const uint8_t *from, size_t size)
{
    struct restart_record read = {0};
    bool good = decode(from, size, pack_restart_record, &read);
    if (good)
        *record = read;
    return good;
}

bool position_record_decode(struct position_record *record, const uint8_t *from, size_t size)
{
    struct position_record read = {0};
    bool good = decode(from, size, pack_position_record, &read);
    if (good)
        *record = read;
    return good;
}
