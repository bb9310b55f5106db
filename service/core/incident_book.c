#include "incident_book.h"

#include <string.h>

void incident_book_init(struct incident_book *book, struct incident *incidents)
{
    *book = (struct incident_book){.incidents = incidents};
}

/* Where the incident of an id is, or where it would have to go. */
static uint32_t place_of(const struct incident_book *book, uint64_t id)
{
    uint32_t low = 0, high = book->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (book->incidents[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct incident_book *book, uint32_t place, uint64_t id)
{
    return place < book->count && book->incidents[place].id == id;
}

struct incident *incident_book_find(struct incident_book *book, uint64_t id)
{
    uint32_t place = place_of(book, id);
    return is_at(book, place, id) ? &book->incidents[place] : NULL;
}

uint64_t incident_book_next_id(const struct incident_book *book)
{
    return book->last_id + 1;
}

/* How readily an incident makes room for a new one: 0 first, KEPT never. */
enum { KEPT = 3 };
static unsigned worth(const struct incident *incident)
{
    if (incident_is_open(incident) || incident->release_wanted)
        return KEPT;
    if (incident->state == INCIDENT_CONTAINED)
        return 2;
    return incident->state == INCIDENT_FLAGGED && incident->verdict.sid_size == 0 ? 0 : 1;
}

/* The place of the incident that a new one would push out; count when all are open. */
static uint32_t least_of(const struct incident_book *book)
{
    uint32_t least = book->count;
    unsigned least_worth = KEPT;
    for (uint32_t i = 0; i < book->count && least_worth > 0; i++) {
        unsigned this_worth = worth(&book->incidents[i]);
        if (this_worth < least_worth) {
            least = i;
            least_worth = this_worth;
        }
    }
    return least;
}

/* Puts a new incident at its place by id. False when it has no room. */
static bool insert(struct incident_book *book, const struct incident *incident)
{
    struct incident *all = book->incidents;
    if (book->count == BOOK_INCIDENTS_MAX) {
        uint32_t least = least_of(book);
        if (least == book->count)
            return false;
        book->count--;
        memmove(&all[least], &all[least + 1], (book->count - least) * sizeof *all);
    }
    uint32_t place = place_of(book, incident->id);
    memmove(&all[place + 1], &all[place], (book->count - place) * sizeof *all);
    all[place] = *incident;
    book->count++;
    if (book->last_id < incident->id)
        book->last_id = incident->id;
    return true;
}

bool incident_book_takes(const struct incident_book *book, const struct incident *incident)
{
    struct incident numbered = *incident;
    if (numbered.id == 0)
        numbered.id = incident_book_next_id(book);
    if (incident_encode(NULL, 0, &numbered) == 0)
        return false;
    uint32_t place = place_of(book, numbered.id);
    if (is_at(book, place, numbered.id))
        return incident_may_follow(book->incidents[place].state, incident->state);
    return book->count < BOOK_INCIDENTS_MAX || least_of(book) < book->count;
}

/* As it is, which is good. False when it is new and has no room. */
static bool replace(struct incident_book *book, const struct incident *incident)
{
    uint32_t place = place_of(book, incident->id);
    if (!is_at(book, place, incident->id))
        return insert(book, incident);
    book->incidents[place] = *incident;
    return true;
}

bool incident_book_put(struct incident_book *book, struct incident *incident)
{
    if (!incident_book_takes(book, incident))
        return false;
    if (incident->id == 0)
        incident->id = incident_book_next_id(book);
    return replace(book, incident);
}

struct incident *incident_book_holding(struct incident_book *book, const uint8_t *sid,
                                       uint32_t sid_size)
{
    for (uint32_t i = book->count; i > 0; i--) {
        struct incident *incident = &book->incidents[i - 1];
        if (incident_is_of(incident, sid, sid_size) && incident_holds(incident))
            return incident;
    }
    return NULL;
}

/* ---- from and to a journal ------------------------------------------------------------------ */

static bool take_incident(struct incident_book *book, const struct journal_frame *frame)
{
    struct incident incident;
    return incident_decode(&incident, frame->payload, frame->size) && replace(book, &incident);
}

static bool take_outlook(struct incident_book *book, const struct journal_frame *frame)
{
    if (frame->size > BOOK_OUTLOOK_MAX)
        return false;
    book->outlook.size = frame->size;
    if (frame->size > 0)
        memcpy(book->outlook.bytes, frame->payload, frame->size);
    return true;
}

/* False when the payload makes no sense. What a newer program added is none of ours. */
static bool take_frame(struct incident_book *book, const struct journal_frame *frame)
{
    switch (frame->kind) {
    case JOURNAL_INCIDENT:
        return take_incident(book, frame);
    case JOURNAL_RESTART:
        return restart_record_decode(&book->restart, frame->payload, frame->size);
    case JOURNAL_POSITION:
        return position_record_decode(&book->position, frame->payload, frame->size);
    case JOURNAL_OUTLOOK:
        return take_outlook(book, frame);
    default:
        return true;
    }
}

void incident_book_recover(struct incident_book *book, const uint8_t *bytes, size_t size,
                           struct book_recovery *recovery)
{
    struct journal_reader reader = {.bytes = bytes, .size = size};
    struct journal_frame frame;
    *recovery = (struct book_recovery){0};
    while (journal_next(&reader, &frame)) {
        recovery->frames++;
        if (!take_frame(book, &frame))
            recovery->refused++;
        recovery->sequence = frame.sequence + 1;
    }
    recovery->good = reader.at;
}

/* A compacted journal while it is written. */
struct writing {
    uint8_t *to; /* null: only counted */
    size_t capacity, used;
    uint64_t sequence;
};

/* Where the next payload goes: behind the room for its head. */
static uint8_t *payload_of(const struct writing *writing)
{
    return writing->to ? writing->to + writing->used + JOURNAL_HEAD_SIZE : NULL;
}

static size_t room_of(const struct writing *writing)
{
    return writing->capacity - writing->used - JOURNAL_HEAD_SIZE;
}

/* Makes a frame of a payload that is in its place. One of 0 bytes has nothing to say. */
static void frame_in_place(struct writing *writing, enum journal_kind kind, size_t size)
{
    if (size == 0)
        return;
    if (writing->to)
        journal_write(writing->to + writing->used, writing->capacity - writing->used,
                      (uint16_t)kind, writing->sequence, payload_of(writing), (uint32_t)size);
    writing->used += JOURNAL_HEAD_SIZE + size;
    writing->sequence++;
}

static void write_frames(const struct incident_book *book, struct writing *writing)
{
    frame_in_place(writing, JOURNAL_POSITION,
                   position_record_encode(payload_of(writing), room_of(writing), &book->position));
    frame_in_place(writing, JOURNAL_RESTART,
                   restart_record_encode(payload_of(writing), room_of(writing), &book->restart));
    if (writing->to && book->outlook.size > 0)
        memcpy(payload_of(writing), book->outlook.bytes, book->outlook.size);
    frame_in_place(writing, JOURNAL_OUTLOOK, book->outlook.size);
    for (uint32_t i = 0; i < book->count; i++)
        frame_in_place(writing, JOURNAL_INCIDENT,
                       incident_encode(payload_of(writing), room_of(writing), &book->incidents[i]));
}

size_t incident_book_write(const struct incident_book *book, uint8_t *to, size_t capacity,
                           uint64_t sequence, uint64_t *next)
{
    struct writing count = {.capacity = SIZE_MAX, .sequence = sequence};
    write_frames(book, &count);
    if (to && count.used <= capacity) {
        struct writing writing = {.to = to, .capacity = capacity, .sequence = sequence};
        write_frames(book, &writing);
        *next = writing.sequence;
    }
    return count.used;
}
