/* scripted_input.h: an input of replay's reader (replay_input.h) that delivers the records that a
 * test writes down, in pieces of any size, and checks that it is asked as the contract says.
 */
#ifndef RELAYLOCK_TESTS_SCRIPTED_INPUT_H
#define RELAYLOCK_TESTS_SCRIPTED_INPUT_H

#include "app/replay_input.h"

/* A record as it was written. */
struct scripted_record {
    uint64_t number;
    int64_t time, written;
    bool matched, well_formed;
    bool damaged; /* in every save */
};

/* A save of a stretch of a log. */
struct scripted {
    struct replay_input input;
    const struct scripted_record *records;
    size_t count, at;
    struct text computer;
    size_t given_from; /* at, before what came last was given */
    bool awake, closed;
    size_t fails_at; /* cannot be read from here on; SIZE_MAX: can be */
};

extern const struct replay_input_methods scripted_methods;

/* How many are awake, and the most that ever were; to be zeroed by the test. */
extern size_t scripted_awake, scripted_awake_most;

/* The dice of a test, which seeds them by script_random. */
extern uint64_t script_random;
uint32_t script_below(uint32_t bound);

#endif
