/* memory_file.h: a file for saved_log_open whose bytes lie in memory, and which keeps account of
 * what is read of it. */
#ifndef RELAYLOCK_TESTS_MEMORY_FILE_H
#define RELAYLOCK_TESTS_MEMORY_FILE_H

#include "core/saved_log.h"

struct memory_file {
    const uint8_t *bytes;
    uint64_t size;
    uint64_t bytes_read, reads;
    uint64_t fails_at; /* the read that fails, from 1 up, and all behind it; 0: none */
};

/* The file as saved_log_open takes it; a view. Reading outside of the file ends the test. */
struct saved_log_file memory_file(struct memory_file *file);

#endif
