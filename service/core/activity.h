/* activity.h: when something happened and how much of it, for many series, in buckets of time.
 *
 * All series share the buckets, ACTIVITY_BUCKETS at most. A bucket is a minute wide at first; when
 * the events span more, or memory runs out, all buckets are made wider: 5, 15, 30 minutes, 1, 3, 6,
 * 12 hours, a day, a week from Monday, then twice as wide each time. Every width is a multiple of
 * the one before, so that nothing is counted anew and the sums stay exact. All are in UTC.
 *
 * Pure; memory is one block given at set-up. A series costs memory only for the buckets in which it
 * has events.
 */
#ifndef RELAYLOCK_CORE_ACTIVITY_H
#define RELAYLOCK_CORE_ACTIVITY_H

#include <stddef.h>
#include <stdint.h>

enum { ACTIVITY_BUCKETS = 512, ACTIVITY_SERIES_MAX = 1 << 21 };

struct activity;

struct activity_bucket {
    uint32_t events; /* stays at UINT32_MAX when it gets there */
    uint32_t peak;   /* the highest of those given with them */
};

/* Bytes for so many series (1 to ACTIVITY_SERIES_MAX) that share so many filled buckets (no fewer
 * than series); 0 when either is out of range. 4 a series and 16 a bucket. */
size_t activity_size(uint32_t series, uint32_t filled);

/* Sets up an empty record in zeroed memory (size bytes, aligned to 8, owned by the caller). Null
 * when size is too small. */
struct activity *activity_init(void *memory, size_t size, uint32_t series, uint32_t filled);

/* Adds an event of a series (from 0 up) at a time in seconds since 1970-01-01 UTC, in any order;
 * years before -195 and from about 4160 on count as those. */
void activity_add(struct activity *activity, uint32_t series, int64_t time, uint32_t peak);

/* How wide a bucket is, in seconds; when the first one begins; how many there are from the first
 * event to the last (0 without events). */
int64_t activity_width(const struct activity *activity);
int64_t activity_start(const struct activity *activity);
uint32_t activity_count(const struct activity *activity);

/* One series, activity_count buckets from the first on; those without events are zero. */
void activity_series(const struct activity *activity, uint32_t series,
                     struct activity_bucket buckets[ACTIVITY_BUCKETS]);

#endif
