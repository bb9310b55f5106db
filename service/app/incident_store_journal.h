/* incident_store_journal.h: the journal of a store of incidents, while its file is open: recovered,
 * appended to, and written anew from the book; for the incident_store*.c files only.
 *
 * Each returns ERROR_SUCCESS, or the error and in *failed_call what failed, a literal.
 */
#ifndef RELAYLOCK_APP_INCIDENT_STORE_JOURNAL_H
#define RELAYLOCK_APP_INCIDENT_STORE_JOURNAL_H

#include "incident_store.h"

enum { INCIDENT_STORE_FRAME_MAX = JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX };

/* Takes over what the file holds, which is so many bytes, or, when it holds less than the store has
 * made durable, writes it anew. What is torn is set aside, which is told before. */
DWORD incident_store_recover(struct incident_store *store, const uint8_t *bytes, size_t size,
                             const char **failed_call);

/* Makes the journal smaller when it is worth it. ERROR_SUCCESS also when it is not, and when it
 * failed but the old one is open and may still grow: then it is tried again later. */
DWORD incident_store_compact(struct incident_store *store, const char **failed_call);

/* Writes the frame whose payload of size bytes is in store->frame, behind the room for its head. */
DWORD incident_store_append(struct incident_store *store, enum journal_kind kind, size_t size,
                            const char **failed_call);

#endif
