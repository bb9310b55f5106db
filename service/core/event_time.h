/* event_time.h: times of events as text, and Windows' 100 ns ticks as seconds. */
#ifndef RELAYLOCK_CORE_EVENT_TIME_H
#define RELAYLOCK_CORE_EVENT_TIME_H

#include <stdint.h>

enum { EVENT_TIME_TEXT_SIZE = 24 };

/* FILETIME (100 ns since 1601-01-01 UTC) to seconds since 1970-01-01 UTC, rounded down. */
int64_t event_time_from_filetime(uint64_t ticks);

/* "2010-01-02T03:04:05Z" (RFC 3339), terminated. Times before year 1 or after 9999 are clamped. */
void event_time_to_text(int64_t seconds, char text[EVENT_TIME_TEXT_SIZE]);

#endif
