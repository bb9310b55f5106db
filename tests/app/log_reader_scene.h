/* log_reader_scene.h: a log reader on two sources that keep state: a log with records that can be
 * there or away, and a modern API that may be missing or refuse. What is told is recorded
 * (report_recorder.h).
 */
#ifndef RELAYLOCK_TESTS_LOG_READER_SCENE_H
#define RELAYLOCK_TESTS_LOG_READER_SCENE_H

#include "app/log_reader.h"
#include "report_recorder.h"

extern struct log_world {
    DWORD modern_error, classic_error; /* of opening */
    DWORD next_error;                  /* of reading; then the log is away */
    uint64_t records;                  /* 1 .. records exist, all of them sign-ins */
    int open;                          /* sources open now */
    uint64_t opened_after;             /* position of the last open; 0: from since */
    int64_t opened_since;
    struct event_source_change change; /* of the next batch */
    struct event_place opened_seen;    /* of the last open */
    const struct origin_rule *opened_origins;
    uint64_t short_of; /* of the next open */
    uint64_t skip;     /* records that come next are gone */
    int64_t time;      /* of the next record */
    DWORD look_error;
    DWORD tick;
} log_world;

extern struct settings log_settings;
extern struct log_reader log_reader;

/* Before each test: an empty log that can be read, the settings by default, and a reader that has
 * not begun. After it: the reader is closed; fails when a source is left open. */
int log_reader_scene_set_up(void **state);
int log_reader_scene_tear_down(void **state);

/* Begins to read from that time on by log_settings, and opens the log. */
void log_reader_scene_begin_at(int64_t since);

/* How many events there were to be read. */
size_t log_reader_scene_read_all(void);

#endif
