/* outlook_reports.h: what the outlook has to tell, as events (docs/events.md: 108, 306, 310 to
 * 318). */
#ifndef RELAYLOCK_APP_OUTLOOK_REPORTS_H
#define RELAYLOCK_APP_OUTLOOK_REPORTS_H

#include "../core/diagnostic_levels.h"
#include "../core/log_capacity.h"
#include "../core/outlook_state.h"
#include "../windows/event_source.h"

void outlook_tell_level_low(const struct settings *settings,
                            const struct diagnostic_levels *levels);
void outlook_tell_level_good(const struct settings *settings);

void outlook_tell_log_full(const struct settings *settings, const struct log_facts *facts);
void outlook_tell_log_has_room(const struct settings *settings);

/* reach: seconds that the log reaches back. */
void outlook_tell_log_small(const struct settings *settings, const struct log_facts *facts,
                            uint32_t reach);
void outlook_tell_log_large_enough(const struct settings *settings);

void outlook_tell_silent(const struct settings *settings, const struct rhythm *rhythm, int64_t now);
void outlook_tell_heard_again(const struct settings *settings, uint32_t silence); /* ms */

void outlook_tell_clock_jump(int64_t seconds); /* negative: back */

/* count sign-ins of other computers; log has the latest of them. */
void outlook_tell_foreign(const struct settings *settings, uint64_t count,
                          const struct event_source_counters *log);

/* The day's figures, up to wall (s since 1970 UTC). reading: whether the log is being read.
 * unknown: what could not be looked at (ASCII), "" if all could. */
void outlook_tell_day(const struct outlook_state *state, int64_t wall, bool reading,
                      const char *unknown);

#endif
