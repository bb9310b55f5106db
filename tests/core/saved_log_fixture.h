/* saved_log_fixture.h: small logs, and a walk through one that holds all that it is given against
 * the decoder. Whatever fails here fails the test.
 */
#ifndef RELAYLOCK_TESTS_SAVED_LOG_FIXTURE_H
#define RELAYLOCK_TESTS_SAVED_LOG_FIXTURE_H

#include "core/saved_log.h"
#include "evt_builder.h"
#include "memory_file.h"

enum { RING = 8192 /* bytes of a small log */ };

/* For saved_log_open. */
extern uint64_t saved_log_window[SAVED_LOG_WINDOW_SIZE / 8];

/* What a walk found. */
struct walk {
    uint32_t records, first, last; /* how many, and the numbers of two */
    bool in_order;
    struct saved_log log;
    uint64_t bytes_read, reads;
};

/* The file is read from a block of exactly its size. */
struct walk walk_file(const uint8_t *file, size_t size);

/* count sign-ins, one a second. */
void add_sign_ins(struct evt_builder *builder, int count);

/* A walk finds all that was built, in order, and nothing else. */
void assert_whole(const struct evt_builder *builder);

/* The bytes of the file at path, to be freed; null with a message when it can't be read. */
uint8_t *read_file(const char *path, size_t *size);

#endif
