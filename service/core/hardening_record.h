/* hardening_record.h: what is remembered of a setting of the host that RelayLock changed, so that
 * it can be put back and nothing else: as text for the registry, where an administrator may read
 * it.
 *
 *   set from nothing to 5
 *   set from 513 to 515 of S-1-5-21-1-2-3-501 on \\DC1
 *   setting from 513 of S-1-5-21-1-2-3-501 on this computer
 */
#ifndef RELAYLOCK_CORE_HARDENING_RECORD_H
#define RELAYLOCK_CORE_HARDENING_RECORD_H

#include "sid.h"
#include "text.h"

enum {
    HARDENING_SERVER_MAX = 260, /* units of a server's name, terminator included */
    HARDENING_TEXT_MAX = 64 + SID_TEXT_SIZE + HARDENING_SERVER_MAX /* the same of a record */
};

/* Zeroed: nothing is remembered. */
struct hardening_record {
    bool known;
    bool begun;                            /* only: what it was set to is not known yet */
    bool existed;                          /* there was a value before */
    uint32_t before;                       /* that value; 0 without one */
    uint32_t after;                        /* what it was set to; 0 when only begun */
    char16_t account[SID_TEXT_SIZE];       /* whose; "" when it is no account's */
    char16_t server[HARDENING_SERVER_MAX]; /* "\\NAME" that was written to; "": this computer */
};

/* Of a known record. Terminated; returns the units without the terminator. */
size_t hardening_record_to_text(const struct hardening_record *record,
                                char16_t text[HARDENING_TEXT_MAX]);

/* The other way. False, with nothing written, when it is no such text. */
bool hardening_record_from_text(struct hardening_record *record, struct text text);

#endif
