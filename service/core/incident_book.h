/* incident_book.h: the incidents that are known, and the rest of what the journal holds, in memory.
 *
 * The book is what the frames of a journal add up to: each replaces what was there of its kind (an
 * incident: of its id). Writing the book out again, frame by frame, is a compacted journal. At most
 * BOOK_INCIDENTS_MAX incidents; a new one pushes out the oldest that is flagged without a SID, else
 * the oldest that is flagged, failed or released, else the oldest contained one; never an open one
 * or one that is to be released.
 * One block of memory, about 2.5 MB; nothing is allocated after set-up.
 */
#ifndef RELAYLOCK_CORE_INCIDENT_BOOK_H
#define RELAYLOCK_CORE_INCIDENT_BOOK_H

#include "incident.h"
#include "journal.h"
#include "steady.h"

enum {
    BOOK_INCIDENTS_MAX = 1000,
    BOOK_RESTARTS_MAX = 60,   /* remembered restarts: MaxRestartsPerHour's upper bound */
    BOOK_DEPENDENTS_MAX = 32, /* as SMTP_DEPENDENTS_MAX */
    BOOK_SERVICE_MAX = 257,   /* units of a service's name, terminator included */
    BOOK_OUTLOOK_MAX = 1024   /* bytes */
};

/* A restart that was begun: enough for another process to finish it. */
enum restart_phase {
    RESTART_NONE,
    RESTART_STOPPING, /* the services are about to be told to stop, or were */
    RESTART_STOPPED   /* the service itself was seen stopped: it must be started */
};

struct restart_record {
    enum restart_phase phase;
    char16_t service[BOOK_SERVICE_MAX];
    char16_t dependents[BOOK_DEPENDENTS_MAX][BOOK_SERVICE_MAX]; /* in the order they are stopped */
    uint32_t dependent_count;
    /* Steady, ms, of the one under way; of none under way, the last one done: it is for all that
     * was locked until then. When it was begun; later, when the service was seen stopped. */
    int64_t begun_at;
    int64_t recent[BOOK_RESTARTS_MAX]; /* steady, ms: of restarts done, oldest first */
    uint32_t recent_count;
};

struct position_record {
    struct steady steady;               /* when this was written */
    uint64_t record;                    /* of the last record read; 0: none */
    int64_t time;                       /* its event time, s since 1970 UTC */
    char16_t channel[SETTING_TEXT_MAX]; /* the log it is of */
    bool clean; /* written at the end of a process that ended as it should */
};

struct outlook_record {
    uint8_t bytes[BOOK_OUTLOOK_MAX]; /* outlook's own encoding */
    uint32_t size;
};

struct incident_book {
    struct incident *incidents; /* room for BOOK_INCIDENTS_MAX; in order of id */
    uint32_t count;
    uint64_t last_id; /* the highest ever given, those pushed out included */
    struct restart_record restart;
    struct position_record position;
    struct outlook_record outlook;
};

/* What a journal's good part came to. */
struct book_recovery {
    uint64_t frames;   /* good ones */
    uint64_t refused;  /* good frames whose payload makes no sense: passed over, counted */
    uint64_t sequence; /* of the next frame to write */
    size_t good;       /* bytes; what lies behind is torn */
};

/* Sets up an empty book; incidents is the caller's memory for BOOK_INCIDENTS_MAX, who frees it. */
void incident_book_init(struct incident_book *book, struct incident *incidents);

/* Takes what the journal in bytes holds into an empty book. Never fails: what makes no sense is not
 * taken. Every value is checked, for bounds and for states that exist. The latest frame of an
 * incident counts, whether or not its state may follow the one before: it is what was done. */
void incident_book_recover(struct incident_book *book, const uint8_t *bytes, size_t size,
                           struct book_recovery *recovery);

/* Puts an incident in, in place of the one of its id. An id of 0 gets the next one, which goes into
 * incident->id. False, with nothing changed, when incident_book_takes says so. */
bool incident_book_put(struct incident_book *book, struct incident *incident);

/* Whether incident_book_put would take it; to be asked before it is written to the journal. Not so:
 * when it is new and no incident gives way; when its state may not follow that of the one of its
 * id (incident_may_follow), which is a mistake of the caller's that must not reach the disk; when
 * it holds values that incident_encode refuses. */
bool incident_book_takes(const struct incident_book *book, const struct incident *incident);

/* The id that an incident put with id 0 gets next. */
uint64_t incident_book_next_id(const struct incident_book *book);

struct incident *incident_book_find(struct incident_book *book, uint64_t id);

/* The newest incident of a SID that holds its account, or null. */
struct incident *incident_book_holding(struct incident_book *book, const uint8_t *sid,
                                       uint32_t sid_size);

/* Payloads. Each returns the bytes written (to null: needed), or 0, with nothing written, when they
 * do not fit capacity (which JOURNAL_PAYLOAD_MAX never is too small for) or when a value is not
 * what its type's header allows, so that it would be refused when read: a text without its
 * terminator, a SID that is not whole, a limit out of its bounds, a steady time below 0. */
size_t incident_encode(uint8_t *to, size_t capacity, const struct incident *incident);
size_t restart_record_encode(uint8_t *to, size_t capacity, const struct restart_record *record);
size_t position_record_encode(uint8_t *to, size_t capacity, const struct position_record *record);

/* The other way. False, with nothing written, when the bytes are not such a payload. */
bool incident_decode(struct incident *incident, const uint8_t *from, size_t size);
bool restart_record_decode(struct restart_record *record, const uint8_t *from, size_t size);
bool position_record_decode(struct position_record *record, const uint8_t *from, size_t size);

/* A compacted journal of the book: frames from sequence on, at most 3 + BOOK_INCIDENTS_MAX. Returns
 * the bytes needed; when that is over capacity (or to is null) nothing is written. *next gets the
 * sequence behind the last when it is written. */
size_t incident_book_write(const struct incident_book *book, uint8_t *to, size_t capacity,
                           uint64_t sequence, uint64_t *next);

#endif
