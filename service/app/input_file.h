/* input_file.h: a file that is read at any place, of any size; standard input as well. */
#ifndef RELAYLOCK_APP_INPUT_FILE_H
#define RELAYLOCK_APP_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_FILE_ERROR_SIZE = 160 };

struct input_file {
    intptr_t handle; /* the system's */
    uint64_t size;   /* when it was opened */
};

/* Opens the file at path (UTF-8), or standard input for a null path: where that is no file, all of
 * it is first copied to a temporary one, which goes away with the program. False when it cannot be
 * opened or is no file; error then says which call failed and why (terminated UTF-8), and *file
 * stays as it was. The caller closes what was opened. */
bool input_file_open(struct input_file *file, const char *path, char error[INPUT_FILE_ERROR_SIZE]);
void input_file_close(struct input_file *file);

/* Copies size bytes from offset on. False, with an error as above, when they cannot be read or are
 * not there any more. */
bool input_file_read(const struct input_file *file, uint64_t offset, void *to, size_t size,
                     char error[INPUT_FILE_ERROR_SIZE]);

/* Whether path is a folder; then each of the files in it (not of the folders in it) whose name ends
 * in .evt or .evtx, letters folded, is told with its path: folder, separator, name. In no order.
 * False with an empty error when path is no folder; with an error as above when it cannot be read
 * (some files may have been told then), or when tell returned false, which ends it. */
bool input_file_list(const char *path, bool (*tell)(void *context, const char *path), void *context,
                     char error[INPUT_FILE_ERROR_SIZE]);

#endif
