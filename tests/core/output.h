/* output.h: what a part of the program prints to standard output and standard error. */
#ifndef RELAYLOCK_TESTS_OUTPUT_H
#define RELAYLOCK_TESTS_OUTPUT_H

#include <stddef.h>

enum { OUTPUT_ROOM = 1024 * 1024, OUTPUT_PATH_MAX = 512, OUTPUT_ARGUMENTS_MAX = 16 };

struct output {
    int status;
    char out[OUTPUT_ROOM], err[OUTPUT_ROOM]; /* terminated */
};

/* Runs a verb with these arguments: OUTPUT_ARGUMENTS_MAX at the most, the first is its name, a null
 * ends them. */
void output_of(struct output *output, int (*verb)(int, char **), const char *const *arguments);

/* The same with arguments that the verb may change; they are not copied. */
void output_run(struct output *output, int (*verb)(int, char **), int count, char **arguments);

/* A path in the folder for temporary files that is this process's own. Returns path. */
const char *output_path(char path[OUTPUT_PATH_MAX], const char *name);

/* Writes a file whole. */
void output_file(const char *path, const void *bytes, size_t size);

#endif
