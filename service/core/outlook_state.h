/* outlook_state.h: what of the outlook outlives the service: what was told and when, the rhythm of
 * sign-ins, the clock's last reading, the figures of the day.
 *
 * As bytes it is one payload of the journal (incident_book.h, struct outlook_record), with a
 * version of its own.
 */
#ifndef RELAYLOCK_CORE_OUTLOOK_STATE_H
#define RELAYLOCK_CORE_OUTLOOK_STATE_H

#include "clock_watch.h"
#include "incident_book.h"
#include "notice.h"
#include "rhythm.h"

/* What keeps RelayLock from seeing. */
enum outlook_blindness {
    BLIND_LEVEL,   /* Exchange's diagnostic level is too low */
    BLIND_FULL,    /* the log takes no events, or soon will not */
    BLIND_SMALL,   /* the log does not reach back over the longest window */
    BLIND_SILENT,  /* no sign-ins for too long */
    BLIND_CLOCK,   /* the clock was set: told, but never over */
    BLIND_FOREIGN, /* sign-ins of other computers, which do not count: told, but never over */
    BLINDNESSES
};

/* The figures of the day that event 108 tells. */
struct day_figures {
    int64_t begun_at;   /* steady clock, ms */
    int64_t begun_wall; /* s since 1970-01-01 UTC */
    uint64_t sign_ins;  /* read, malformed ones included */
    uint64_t malformed;
    uint64_t foreign;  /* of other computers: not counted, and not among sign_ins */
    uint32_t accounts; /* held at once, at the most */
    uint32_t verdicts;
    uint32_t locked;
    uint32_t released;
    uint32_t leaks;
    uint32_t restarts; /* of SMTP */
    uint32_t silence;  /* the longest between two sign-ins, ms */
};

/* Zeroed is that of a new installation, but for the beginning of its first day. */
struct outlook_state {
    struct notice notices[BLINDNESSES];
    struct rhythm rhythm; /* not watching, when it was kept */
    struct clock_watch clock;
    struct day_figures day;
};

/* The bytes of a state. */
void outlook_state_encode(struct outlook_record *record, const struct outlook_state *state);

/* The other way. False, with nothing written, when the bytes are not such a state: another version,
 * cut short or over-long, a value out of its bounds. */
bool outlook_state_decode(struct outlook_state *state, const struct outlook_record *record);

/* Goes on with a decoded state at a moment of the steady clock, perhaps in another process or after
 * another boot. What cannot be of this clock's past begins anew, so that no state that somebody
 * made up can keep RelayLock silent. */
void outlook_state_resume(struct outlook_state *state, const struct steady *now);

#endif
