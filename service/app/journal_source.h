/* journal_source.h: the bytes of a journal, read to be shown. */
#ifndef RELAYLOCK_APP_JOURNAL_SOURCE_H
#define RELAYLOCK_APP_JOURNAL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this system has a service of its own whose journal can be read. */
extern const bool journal_source_has_own;

/* Whether there is one. */
bool journal_source_own_exists(void);

/* Reads the file at path (UTF-8), or the service's own journal for a null path, whole: *bytes
 * (freed with journal_source_free; may be null when empty) and *size. The own one is read only if
 * the service would believe it (state_directory.h). Nothing is created, changed or kept from
 * others. False when it cannot be read or is larger than a journal can be; what was
 * being read and why it failed has then been said on standard error, for this verb, and the outputs
 * stay as they were. */
bool journal_source_read(const char *verb, const char *path, uint8_t **bytes, size_t *size);
void journal_source_free(uint8_t *bytes);

#endif
