/* logging_reports.h: what came of raising Exchange's diagnostic levels and of putting them back, as
 * events (docs/events.md: 320 to 324). */
#ifndef RELAYLOCK_APP_LOGGING_REPORTS_H
#define RELAYLOCK_APP_LOGGING_REPORTS_H

#include "../windows/logging.h"

/* Tells each step but LOGGING_KEPT, which changes nothing. */
void logging_tell(const struct logging_step *step);

/* A listener that does that and no more. */
extern const struct logging_listener logging_reports;

void logging_tell_not_raised(const wchar_t *provider, const struct logging_failure *failure,
                             DWORD error);
void logging_tell_not_put_back(const struct logging_failure *failure, DWORD error);

#endif
