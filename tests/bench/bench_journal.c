/* bench_journal.c: what a journal at its size bound costs to read at the start, and what it costs
 * to add to it and to compact it, without the disk. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../core/incident_fixture.h"

enum { RUNS = 10 };

static uint8_t journal[JOURNAL_FILE_MAX];
static struct incident incidents[BOOK_INCIDENTS_MAX];
static struct incident_book book;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* Frames of 1,000 incidents of the largest kind, over and over, up to the bound. Returns the bytes;
 * *frames gets their number. */
static size_t fill(uint64_t *frames)
{
    static struct incident incident;
    static uint8_t payload[JOURNAL_PAYLOAD_MAX];
    size_t used = 0, frame;
    incident_fill(&incident);
    *frames = 0;
    do {
        incident.id = *frames % BOOK_INCIDENTS_MAX + 1;
        size_t size = incident_encode(payload, sizeof payload, &incident);
        frame = journal_write(journal + used, sizeof journal - used, JOURNAL_INCIDENT, ++*frames,
                              payload, (uint32_t)size);
        used += frame;
    } while (frame > 0);
    --*frames;
    return used;
}

/* ms of the fastest of some recoveries. */
static double recover(size_t size)
{
    double best = 1e9;
    for (int i = 0; i < RUNS; i++) {
        struct book_recovery recovery;
        double start = now();
        incident_book_init(&book, incidents);
        incident_book_recover(&book, journal, size, &recovery);
        double took = now() - start;
        if (took < best)
            best = took;
        if (recovery.good != size || recovery.refused != 0 || book.count != BOOK_INCIDENTS_MAX)
            exit(1);
    }
    return best;
}

/* ms of reading each of its bytes once, to hold it against. */
static double copy(size_t size)
{
    static uint8_t to[JOURNAL_FILE_MAX];
    double best = 1e9;
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        memcpy(to, journal, size);
        double took = now() - start;
        if (took < best)
            best = took;
    }
    return to[size - 1] == journal[size - 1] ? best : -1;
}

int main(void)
{
    uint64_t frames, next;
    size_t size = fill(&frames);
    double took = recover(size), copied = copy(size);
    printf("journal: %.1f MB, %u incidents of the largest kind, %u frames: recovered in %.1f ms "
           "(%.0f MB/s; memcpy of the same %.1f ms)\n",
           (double)size / 1048576, (unsigned)book.count, (unsigned)frames, took,
           (double)size / 1048576 / took * 1e3, copied);
    double start = now();
    size_t compacted = incident_book_write(&book, journal, sizeof journal, 1, &next);
    double written = now() - start;
    printf("journal: compacted to %.1f MB in %.1f ms; recovered in %.1f ms\n",
           (double)compacted / 1048576, written, recover(compacted));
    return 0;
}
