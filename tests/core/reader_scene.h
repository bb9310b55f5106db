/* reader_scene.h: logs with clock steps and repeated seconds, each saved several times, and a
 * reader of them that is held against what the logs really were. Whatever fails here fails the
 * test.
 */
#ifndef RELAYLOCK_TESTS_READER_SCENE_H
#define RELAYLOCK_TESTS_READER_SCENE_H

#include "app/replay_reader.h"
#include "scripted_input.h"

enum { RECORDS_MAX = 400, INPUTS_MAX = 40, LOGS_MAX = 3 };

struct log {
    struct scripted_record records[RECORDS_MAX];
    size_t count;
    bool saved[RECORDS_MAX]; /* in one save at least */
    size_t delivered;        /* next that should come */
};

extern struct scene {
    struct log logs[LOGS_MAX];
    size_t log_count;
    struct scripted inputs[INPUTS_MAX];
    size_t log_of[INPUTS_MAX]; /* by input */
    size_t input_count;
    struct replay_reader *reader;
} scene;

/* Begins with so many logs, damaged in places or not, and an empty reader. */
void begin_scene(size_t logs, bool damage);

/* Gives the reader a save of so many records of a log. */
struct scripted *add_input(size_t log_index, size_t from, size_t count);

/* Overlapping saves that cover all of a log, in any order. */
void save_in_pieces(size_t index, size_t pieces);

/* The log that a record was delivered from, by its computer. */
size_t log_of(const struct replay_record *record);

/* One record at a time, as the tests look at them; a gap at a file's end has no record. */
struct delivered {
    const struct replay_record *record;
    const struct replay_stretch *stretch;
    bool has_gap;
};

/* The next one; zeroed before the first. False at the end. */
bool read_next(struct delivered *delivered);

/* Reads all: every record of every log exactly once, in the order in which it was written. */
void read_scene(void);

/* Checks that the reader is at its end and lets go of everything. */
void end_scene(void);

#endif
