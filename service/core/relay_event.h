/* relay_event.h: one authenticated sign-in, whatever log it was read from. */
#ifndef RELAYLOCK_CORE_RELAY_EVENT_H
#define RELAYLOCK_CORE_RELAY_EVENT_H

#include "text.h"

enum {
    /* Longer strings are malformed. An attacker chooses the client name (it is what he says in
     * EHLO), so its bound lies far beyond what an SMTP command line (RFC 5321 4.5.3.1.4: 512
     * octets) can carry: nobody can make his own sign-ins malformed. A user principal name has at
     * most 1024 characters. */
    RELAY_CLIENT_MAX = 2048,
    RELAY_METHOD_MAX = 256,
    RELAY_ACCOUNT_MAX = 1024
};

/* All texts are views into the reader's buffer, valid until the reader is asked for more. */
struct relay_event {
    uint64_t record;     /* record number within its log */
    int64_t time;        /* when it was generated: seconds since 1970-01-01 UTC */
    struct text client;  /* insertion string 1: untrusted, attacker-chosen */
    struct text method;  /* insertion string 2 */
    struct text account; /* insertion string 3: DOMAIN\user, user, user@domain, anything */
    struct text origin;  /* computer that the record says it came from */
};

/* Whether the three strings are present, within bounds and possible: no embedded NUL, an account
 * that is not empty, a method that can be one. Called by every reader, so that all readers hold the
 * same events for malformed. Whatever a client says of itself is well-formed: that is up to the
 * attacker and must not hide him. */
bool relay_event_well_formed(const struct relay_event *event);

/* The same of strings that are present and known to hold no NUL.
 *
 * A method is the name of a SASL mechanism, without which no client can authenticate (RFC 4954 4):
 * letters, digits, "-" and "_" (RFC 4422 3.1). What Exchange makes of it was seen for LOGIN alone,
 * so that more is let pass: letters of either case, as a client chooses the case, and what the name
 * of an SSPI package, or of an X-EXPS method, may hold besides. */
bool relay_event_within_bounds(const struct relay_event *event);

#endif
