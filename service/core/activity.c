#include "activity.h"

#include <stdbool.h>
#include <string.h>

/* Buckets are counted from a Monday far back, so that their numbers are not negative and weeks
 * begin on Mondays. */
static const int64_t origin = 345600 - INT64_C(604800) * 113000;
static const int64_t span_max = INT64_C(1) << 37;

struct cell {
    uint32_t bucket;
    uint32_t next; /* the one of its series before this in time; or the next free one */
    struct activity_bucket sum;
};

struct activity {
    int64_t width;
    int64_t from,
        to; /* seconds since origin that lie in the bucket of the last event; equal: none */
    uint32_t bucket;      /* and that bucket */
    uint32_t first, last; /* buckets with events; first > last: none yet */
    uint32_t series_count, capacity;
    uint32_t fresh, free; /* the first cell never used; those given back. 0 is no cell */
    uint32_t *newest;     /* cell of each series */
    struct cell *cells;
};

static uint64_t aligned(uint64_t size)
{
    return (size + 7) & ~UINT64_C(7);
}

size_t activity_size(uint32_t series, uint32_t filled)
{
    uint64_t size = sizeof(struct activity) + aligned(4 * (uint64_t)series) +
                    sizeof(struct cell) * ((uint64_t)filled + 1);

    return series == 0 || series > ACTIVITY_SERIES_MAX || filled < series || size > SIZE_MAX
               ? 0
               : (size_t)size;
}

struct activity *activity_init(void *memory, size_t size, uint32_t series, uint32_t filled)
{
    struct activity *activity = memory;

    if (activity_size(series, filled) == 0 || size < activity_size(series, filled)) {
        return NULL;
    }
    *activity = (struct activity){
        .width = 60, .first = 1, .series_count = series, .capacity = filled, .fresh = 1};
    activity->newest = (uint32_t *)(void *)(activity + 1);
    activity->cells = (struct cell *)(void *)((uint8_t *)memory + sizeof *activity +
                                              aligned(4 * (uint64_t)series));
    return activity;
}

static int64_t wider(int64_t width)
{
    static const int64_t widths[] = {60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 604800};
    const size_t count = sizeof widths / sizeof widths[0];

    for (size_t i = 0; i + 1 < count; i++) {
        if (width == widths[i]) {
            return widths[i + 1];
        }
    }
    return 2 * width;
}

static uint32_t sum_of(uint32_t a, uint32_t b)
{
    return b < UINT32_MAX - a ? a + b : UINT32_MAX;
}

static void add(struct activity_bucket *to, struct activity_bucket more)
{
    to->events = sum_of(to->events, more.events);
    to->peak = to->peak > more.peak ? to->peak : more.peak;
}

/* Cells of one series that come to lie in one bucket become one. */
static void merge(struct activity *activity, uint32_t index, uint32_t factor)
{
    struct cell *cells = activity->cells;

    for (uint32_t i = index, last = 0; i != 0;) {
        uint32_t next = cells[i].next, bucket = cells[i].bucket / factor;

        if (last != 0 && cells[last].bucket == bucket) {
            add(&cells[last].sum, cells[i].sum);
            cells[last].next = next;
            cells[i].next = activity->free;
            activity->free = i;
        } else {
            cells[i].bucket = bucket;
            last = i;
        }
        i = next;
    }
}

static void widen(struct activity *activity)
{
    int64_t width = wider(activity->width);
    uint32_t factor = (uint32_t)(width / activity->width);

    activity->width = width;
    activity->from = activity->to = 0;
    activity->first /= factor;
    activity->last /= factor;
    for (uint32_t i = 0; i < activity->series_count; i++) {
        merge(activity, activity->newest[i], factor);
    }
}

/* The bucket of a time, made wide enough for all so far to lie within ACTIVITY_BUCKETS. */
static uint32_t place(struct activity *activity, int64_t time)
{
    int64_t since = time < origin ? 0 : time < origin + span_max ? time - origin : span_max - 1;

    if (since >= activity->from && since < activity->to) {
        return activity->bucket;
    }
    for (;;) {
        uint32_t bucket = (uint32_t)(since / activity->width);
        bool none = activity->first > activity->last;
        uint32_t first = none || bucket < activity->first ? bucket : activity->first;
        uint32_t last = none || bucket > activity->last ? bucket : activity->last;

        if (last - first < ACTIVITY_BUCKETS) {
            activity->first = first;
            activity->last = last;
            activity->bucket = bucket;
            activity->from = activity->width * bucket;
            activity->to = activity->from + activity->width;
            return bucket;
        }
        widen(activity);
    }
}

/* A free cell; 0 when there is none. */
static uint32_t take(struct activity *activity)
{
    uint32_t index = activity->free;

    if (index != 0) {
        activity->free = activity->cells[index].next;
    } else if (activity->fresh <= activity->capacity) {
        index = activity->fresh++;
    }
    return index;
}

void activity_add(struct activity *activity, uint32_t series, int64_t time, uint32_t peak)
{
    struct cell *cells = activity->cells;
    const struct activity_bucket one = {.events = 1, .peak = peak};

    /* At the latest with all in one bucket there is a free cell: there are as many as series. */
    for (;; widen(activity)) {
        uint32_t bucket = place(activity, time);
        uint32_t *link = &activity->newest[series];

        while (*link != 0 && cells[*link].bucket > bucket) {
            link = &cells[*link].next;
        }
        if (*link != 0 && cells[*link].bucket == bucket) {
            add(&cells[*link].sum, one);
            return;
        }
        uint32_t index = take(activity);

        if (index != 0) {
            cells[index] = (struct cell){.bucket = bucket, .next = *link, .sum = one};
            *link = index;
            return;
        }
    }
}

int64_t activity_width(const struct activity *activity)
{
    return activity->width;
}

int64_t activity_start(const struct activity *activity)
{
    return activity_count(activity) > 0 ? origin + activity->width * activity->first : 0;
}

uint32_t activity_count(const struct activity *activity)
{
    return activity->last - activity->first + 1;
}

void activity_series(const struct activity *activity, uint32_t series,
                     struct activity_bucket buckets[ACTIVITY_BUCKETS])
{
    memset(buckets, 0, activity_count(activity) * sizeof buckets[0]);
    for (uint32_t i = activity->newest[series]; i != 0; i = activity->cells[i].next) {
        buckets[activity->cells[i].bucket - activity->first] = activity->cells[i].sum;
    }
}
