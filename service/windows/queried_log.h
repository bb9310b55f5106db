/* queried_log.h: the sign-ins that a channel, or a saved log of Windows Vista or later (.evtx),
 * holds: once, oldest first, through wevtapi.
 *
 * Windows selects by provider and event identifier, so that only such records are ever seen. What
 * comes into a channel while it is read may be seen as well.
 */
#ifndef RELAYLOCK_WINDOWS_QUERIED_LOG_H
#define RELAYLOCK_WINDOWS_QUERIED_LOG_H

#include "modern_event.h"

struct queried_log;

/* Opens a channel by its name, or a file by its full path (views, copied); the provider's name is
 * compared letter by letter. ERROR_SUCCESS; ERROR_INVALID_PARAMETER for a provider that cannot be
 * asked for (event_query.h); otherwise the error of the call whose name goes to *failed_call,
 * without wevtapi ERROR_MOD_NOT_FOUND. */
DWORD queried_log_open(const wchar_t *path, bool is_file, const wchar_t *provider,
                       uint16_t event_id, struct queried_log **log, const char **failed_call);
void queried_log_close(struct queried_log *log);

/* The next event, as modern_event_render gives it; its texts hold until the next call.
 * ERROR_NO_MORE_ITEMS at the end, or the error of the call that failed. */
DWORD queried_log_next(struct queried_log *log, struct relay_event *event, bool *well_formed,
                       const char **failed_call);

/* Whether the channel was cleared, or went round, under the reader, so that events may be missing.
 */
bool queried_log_is_torn(const struct queried_log *log);

#endif
