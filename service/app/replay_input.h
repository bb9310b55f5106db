/* replay_input.h: one input of a replay, whatever it is: its records in the order that they have
 * there, and what is missing among them.
 *
 * An input that is not being read rests: it holds no file, no window, no more than it needs to go
 * on where it was.
 */
#ifndef RELAYLOCK_APP_REPLAY_INPUT_H
#define RELAYLOCK_APP_REPLAY_INPUT_H

#include "../core/event_shape.h"
#include "../core/sign_in_memo.h"

enum { REPLAY_ERROR_SIZE = 160 };

/* Views hold until the next call on the input. */
struct replay_record {
    uint64_t number;
    int64_t time, written; /* seconds since 1970-01-01 UTC; equal where the input knows but one */
    struct text computer;
    bool matched;     /* of the provider and event id looked for */
    bool well_formed; /* and it tells of a sign-in that counts: */
    bool foreign;     /* else, of a matched one: it is of a computer whose sign-ins do not count */
    struct sign_in_mark mark;   /* its place is one of the memo's for any record */
    const uint8_t *strings;     /* with a mark: where its texts lie */
    struct relay_event event;   /* without */
    uint64_t passed, passed_at; /* bytes passed over as damaged right before it, and their offset */
};

/* The sign-in of a well-formed record. */
void replay_record_event(const struct replay_record *record, struct relay_event *event);

struct replay_input;

/* What all inputs of a replay share. */
struct replay_search {
    struct event_shapes *shapes; /* with what is looked for */
    struct sign_in_memo *memo;
};

/* What a record is known by among several saves of a log. */
struct replay_key {
    uint64_t number;
    int64_t time, written;
    uint64_t computer; /* hash of its name */
};

struct replay_key replay_key_of(const struct replay_record *record);
bool replay_key_equal(const struct replay_key *a, const struct replay_key *b);

struct replay_input_methods {
    /* The next records, as many as come easily, at most `most`; at least one unless at the end,
     * which may be one that came too early. What was passed over right before the end is written to
     * the first of them. */
    size_t (*next)(struct replay_input *input, struct replay_record *records, size_t most);
    /* Lets it rest; of the records that came last the first `taken` were taken, the others come
     * again. And wakes it; false when it cannot be read any further. */
    void (*rest)(struct replay_input *input, size_t taken);
    bool (*wake)(struct replay_input *input);
    /* Finds the record of a number, or else the first behind it, from the beginning. The input must
     * be at rest, and stays so. False when there is neither. */
    bool (*find)(struct replay_input *input, uint64_t number, struct replay_key *key);
    /* What is wrong with it as far as it was read, one sentence at a time, from index 0 up; false
     * when there is no more to say. */
    bool (*remark)(const struct replay_input *input, size_t index, char text[REPLAY_ERROR_SIZE]);
    /* Bytes read so far. */
    uint64_t (*position)(const struct replay_input *input);
    void (*close)(struct replay_input *input);
};

struct replay_input {
    const struct replay_input_methods *methods;
    uint64_t size;        /* bytes; 0 when it is not known */
    bool every_number;    /* a number that is missing among the records is missing in the log */
    bool counted;         /* the log says ... */
    uint32_t next_number; /* ... which number its next record would have had */
};

#endif
