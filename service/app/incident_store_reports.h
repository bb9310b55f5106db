/* incident_store_reports.h: what the store of incidents says in the event log (docs/events.md, 120
 * to 123). */
#ifndef RELAYLOCK_APP_INCIDENT_STORE_REPORTS_H
#define RELAYLOCK_APP_INCIDENT_STORE_REPORTS_H

#include "incident_store.h"

/* That it is closed, for store->error of that call; once, and not of a guest. */
void incident_store_tell_closed(struct incident_store *store, const char *call);

/* That it is open again, if it was told that it is closed. */
void incident_store_tell_open(struct incident_store *store);

/* What was recovered, and what was not: torn bytes at the end, kept as the file of that name. */
void incident_store_tell_recovery(const struct incident_store *store,
                                  const struct book_recovery *recovery, size_t torn,
                                  const wchar_t *name);

/* That a new incident found no room. */
void incident_store_tell_full(const struct incident *incident);

#endif
