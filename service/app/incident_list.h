/* incident_list.h: the incidents of a journal, chosen, in order, and printed for people and for
 * programs. docs/incidents.md shows both and says what each field means.
 */
#ifndef RELAYLOCK_APP_INCIDENT_LIST_H
#define RELAYLOCK_APP_INCIDENT_LIST_H

#include <stdio.h>
#include "../core/incident_book.h"

enum { INCIDENT_LIST_ENDED_MAX = 20 /* that hold no account, unless all are asked for */ };

struct incident_list {
    const struct incident_book *book;
    const struct incident *rows[BOOK_INCIDENTS_MAX]; /* views into the book */
    uint32_t count;
    uint32_t open;     /* of the book's: something is left to do */
    uint32_t locked;   /* of the book's: the account is locked by RelayLock */
    uint32_t left_out; /* that hold no account and are not in rows */
    bool torn;         /* the journal's end was not whole */
};

/* Chooses of a book, which must outlive the list. In order: the open ones, newest first; the
 * contained ones, newest first; of the others, the latest to end first, at most
 * INCIDENT_LIST_ENDED_MAX unless all. */
void incident_list_make(struct incident_list *list, const struct incident_book *book, bool all);

/* For people. All text from outside is made fit to be shown. */
void incident_list_text(const struct incident_list *list, FILE *out);

/* One JSON document, "version":1; later versions of the program may add fields. */
void incident_list_json(const struct incident_list *list, FILE *out);

/* A reading of the steady clock as seconds since 1970-01-01 UTC, by the journal's latest position,
 * which knows both. False when the reading is 0 (not set) or no position was written yet. */
bool incident_list_wall(const struct incident_list *list, int64_t at, int64_t *wall);

/* Why an account was flagged and not locked, in a word or two; null for FLAG_NOT. */
const char *incident_list_flag(enum flag_reason reason);

#endif
