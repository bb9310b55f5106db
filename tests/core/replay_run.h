/* replay_run.h: runs the verb replay as main would, on logs that a test builds, and catches what it
 * prints. Whatever fails here fails the test.
 */
#ifndef RELAYLOCK_TESTS_REPLAY_RUN_H
#define RELAYLOCK_TESTS_REPLAY_RUN_H

#include <stdio.h>

#include "evt_builder.h"
#include "output.h"
#include "text_checks.h"

enum { RING = 64 * 1024 /* bytes of a small log */, START = 1262401445 /* 2010-01-02T03:04:05Z */ };

/* The path of a file of this test program, by one of a few names; holds for ever. */
const char *path_of(const char *name);

void write_file(const char *name, const void *bytes, size_t size);

/* Opens a small log. */
void open_log(struct evt_builder *builder);

/* count sign-ins, one a second, from one of `clients` names in turn. */
void add(struct evt_builder *builder, uint32_t time, const char16_t *account, int count,
         int clients);

/* Closes the log, writes it and frees it. */
void save(struct evt_builder *builder, const char *name);

/* Writes a log of nine users, X\a to X\i, with a few sign-ins on each of three days, and of X\bad,
 * who is abused on the last one. */
void save_history(const char *name);

/* Writes a log of one burst each of X\bob, 60 sign-ins, X\carol, 30, and X\dave, 90: over 50/10m
 * are bob and dave, over 80/10m dave alone, over 20/10m all three. */
void save_bursts(const char *name);

/* Removes what was written; a cmocka teardown. */
int remove_files(void **state);

/* Runs `replay` with argv, which ends with a null pointer; or with the arguments up to a null
 * pointer. The result holds until the next run. */
const struct output *run_with(int argc, char **argv);
const struct output *replay(const char *first, ...);

#endif
