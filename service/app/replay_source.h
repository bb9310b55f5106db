/* replay_source.h: the files of a replay, read as one stream of records in the order of time. */
#ifndef RELAYLOCK_APP_REPLAY_SOURCE_H
#define RELAYLOCK_APP_REPLAY_SOURCE_H

#include "../core/saved_log.h"
#include "file_map.h"

enum { REPLAY_SOURCES_MAX = 64 };

/* An open file. */
struct replay_source {
    const char *path; /* UTF-8, as given; a view */
    struct file_map map;
    void *joint; /* saved_log.h */
    struct saved_log log;
    bool at_end;
    struct event_record head; /* the next record, unless at_end */
    int64_t first_time;       /* of the first record; INT64_MAX without any */
    size_t place;             /* among the arguments */
};

/* Opens the file and reads its first record. False when it cannot be read; error then says why, and
 * *source is as it was. The caller closes what was opened. */
bool replay_source_open(struct replay_source *source, const char *path, size_t place,
                        char error[FILE_MAP_ERROR_SIZE]);
void replay_source_close(struct replay_source *source);

/* Puts the files in the order of their first records, those without any last. */
void replay_source_sort(struct replay_source *sources, size_t count);

/* The file whose head is the oldest (of equally old ones the first in the array), or null at the
 * end of all. */
struct replay_source *replay_source_oldest(struct replay_source *sources, size_t count);

/* Reads the next head; views into the one before it are lost. */
void replay_source_advance(struct replay_source *source);

#endif
