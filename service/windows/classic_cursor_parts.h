/* classic_cursor_parts.h: what the files of classic_cursor share. */
#ifndef RELAYLOCK_WINDOWS_CLASSIC_CURSOR_PARTS_H
#define RELAYLOCK_WINDOWS_CLASSIC_CURSOR_PARTS_H

#include "classic_cursor.h"

/* How far number lies behind from; negative when before it. */
static inline int32_t classic_distance(uint32_t from, uint32_t number)
{
    return (int32_t)(number - from);
}

/* Opens the log anew: with a handle that has read nothing yet. */
DWORD classic_cursor_reopen(struct classic_cursor *cursor);

/* Fills the buffer. ERROR_SUCCESS with at least one byte in it, or the error. */
DWORD classic_cursor_read(struct classic_cursor *cursor, DWORD flags, DWORD number);

/* The record in the buffer where the cursor is; false when it cannot be decoded. */
bool classic_cursor_decode(const struct classic_cursor *cursor, struct event_record *record);

/* Passes over a record that cannot be decoded. */
void classic_cursor_skip_damaged(struct classic_cursor *cursor);

/* The numbers of the oldest and the newest record; *any is false without any. */
DWORD classic_cursor_edges(struct classic_cursor *cursor, uint32_t *oldest, uint32_t *newest,
                           bool *any);

/* The number of the newest record, from the record itself; untouched when it cannot be decoded. The
 * log is opened anew. */
DWORD classic_cursor_read_newest(struct classic_cursor *cursor, uint32_t *newest, bool *any);

#endif
