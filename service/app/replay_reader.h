/* replay_reader.h: the inputs of a replay, read as one stream of records.
 *
 * Inputs that share records are one log: saves of it made at different times. One is taken for a
 * part of another's log when its first record is there too: the same number, times and computer.
 * A log is read by record number, as it was written, each record once. Several logs are read by
 * time: the one whose next record is the oldest goes on (of equally old ones the one that began
 * first).
 *
 * Memory is bound by the number of inputs alone: of a log nothing is remembered but where it is. At
 * most REPLAY_AWAKE_MAX inputs are awake at a time; with more logs than that at the same time of
 * their lives, reading gets slower.
 */
#ifndef RELAYLOCK_APP_REPLAY_READER_H
#define RELAYLOCK_APP_REPLAY_READER_H

#include "replay_input.h"
#include "replay_listener.h"

enum {
    REPLAY_INPUTS_MAX = 4096, /* files, standard input and channels in all */
    REPLAY_AWAKE_MAX = 16
};

struct replay_reader;

/* What came of one input. */
struct replay_file {
    const char *path;                              /* UTF-8, as given or found; a view */
    uint64_t records, matched, malformed, foreign; /* all that it holds */
    uint64_t first_number, last_number;            /* of its records, if it has any */
    int64_t first_time, last_time;
};

/* An empty one; null when memory is out. */
struct replay_reader *replay_reader_create(void);
void replay_reader_destroy(struct replay_reader *reader);

/* Adds an input, which is at rest and now owned by the reader; the path is a view. False when there
 * is no room or memory for it; then it is still the caller's. */
bool replay_reader_add(struct replay_reader *reader, struct replay_input *input, const char *path);

/* Finds out what belongs together, and where to begin. To be called once, before the first record,
 * when all are added. False when memory is out. */
bool replay_reader_start(struct replay_reader *reader);

/* Records that follow each other in one file, with nothing missing between them. */
struct replay_stretch {
    const struct replay_record *records;
    size_t count;                       /* 0 at the end of a file, which only has a gap then */
    size_t matched, malformed, foreign; /* of these */
    uint32_t file;                      /* index among the files */
    bool repeated;                      /* another file has brought them already */
    bool has_gap;                       /* something is missing right before the first: */
    struct replay_gap gap;
};

/* The next stretch. Null at the end of all. Views hold until the next call. */
const struct replay_stretch *replay_reader_next(struct replay_reader *reader);

/* The files, in the order in which they begin; and what is wrong with one, as replay_input has it.
 */
size_t replay_reader_file_count(const struct replay_reader *reader);
const struct replay_file *replay_reader_files(const struct replay_reader *reader);
bool replay_reader_remark(const struct replay_reader *reader, size_t file, size_t index,
                          char text[REPLAY_ERROR_SIZE]);

void replay_reader_progress(const struct replay_reader *reader, struct replay_progress *progress);

#endif
