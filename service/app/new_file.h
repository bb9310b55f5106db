/* new_file.h: a file that is written whole or not at all.
 *
 * It is written beside its place, as PATH.part, and put there when it is finished; whatever was
 * there stays until then, and stays if that fails.
 */
#ifndef RELAYLOCK_APP_NEW_FILE_H
#define RELAYLOCK_APP_NEW_FILE_H

#include <stdbool.h>
#include <stdio.h>

enum { NEW_FILE_ERROR_SIZE = 200 };

/* All zero: none begun. */
struct new_file {
    FILE *out; /* to be written to, in binary; null when none is begun */
    char *path, *part;
};

/* Begins the file that shall be at path (UTF-8; copied). What is there already is only replaced if
 * it is a file that starts with the bytes of kind: nobody loses a log because he gave the names in
 * the wrong order. False when it may not be replaced or PATH.part cannot be made (it must not be
 * there); error then says which call failed and why (terminated UTF-8), and *file stays as it was.
 */
bool new_file_begin(struct new_file *file, const char *path, const char *kind,
                    char error[NEW_FILE_ERROR_SIZE]);

/* Puts the file in its place. False when it could not be written whole or put there; then it is
 * removed and error says why. Either way none is begun any more. */
bool new_file_finish(struct new_file *file, char error[NEW_FILE_ERROR_SIZE]);

/* Removes what was written so far, if one was begun. */
void new_file_abandon(struct new_file *file);

#endif
