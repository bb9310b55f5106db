/* new_file_calls.h: what new_file.c asks of the system; for new_file*.c only.
 *
 * Paths are UTF-8. On failure error says which call failed and why.
 */
#ifndef RELAYLOCK_APP_NEW_FILE_CALLS_H
#define RELAYLOCK_APP_NEW_FILE_CALLS_H

#include "new_file.h"

/* Opens a file to read it; *file is null when there is none. False when it cannot be opened or is
 * something else: a folder, a pipe, a device. */
bool new_file_call_read(const char *path, FILE **file, char error[NEW_FILE_ERROR_SIZE]);

/* Makes a file to be written, where there must be none yet. Null when that fails. */
FILE *new_file_call_create(const char *path, char error[NEW_FILE_ERROR_SIZE]);

/* Gives a file the name to, and takes away the file that has it. */
bool new_file_call_move(const char *from, const char *to, char error[NEW_FILE_ERROR_SIZE]);

void new_file_call_remove(const char *path);

#endif
