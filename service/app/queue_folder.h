/* queue_folder.h: the message files of one folder, as they lie there.
 *
 * A message file is one whose name ends in .eml, letters folded: in a queue folder of SMTPSVC,
 * NTFS_*.EML (domain.md 4). Folders in it are not entered, links (reparse points) not followed.
 * Files are opened for reading and shared with whoever wants them; nothing is ever changed. While
 * it goes on, mail comes and goes: a file that is gone again, or that somebody else keeps to
 * himself, is counted and no error.
 */
#ifndef RELAYLOCK_APP_QUEUE_FOLDER_H
#define RELAYLOCK_APP_QUEUE_FOLDER_H

#include "../core/message_head.h"

enum { QUEUE_FOLDER_ERROR_SIZE = 160 /* as INPUT_FILE_ERROR_SIZE */ };

/* Views hold during the call. */
struct queue_file {
    const char *path;                /* UTF-8: the folder's as given, separator, name */
    const char *name;                /* the path's last part */
    uint64_t size;                   /* bytes */
    int64_t written;                 /* when it was written last: seconds since 1970-01-01 UTC */
    const struct message_head *head; /* null when heads are not asked for */
};

/* What came of it. To be zeroed by the caller; several folders add up. */
struct queue_folder_count {
    uint64_t files;                      /* told */
    uint64_t bytes;                      /* theirs */
    uint64_t gone;                       /* since their names were read */
    uint64_t in_use;                     /* kept by somebody else */
    uint64_t failed;                     /* could not be read for other reasons */
    uint64_t links;                      /* not followed */
    char error[QUEUE_FOLDER_ERROR_SIZE]; /* of the first that failed: call, system's words, code */
};

/* Tells the message files of the folder at path (UTF-8), in no order. heads: whether their heads
 * are read; without, no file is opened, and only the first four counts mean something. tell may be
 * null, to count. It returns whether to go on. False when the folder cannot be read, to its end at
 * least; error then says which call failed and why (terminated UTF-8). That tell ended it is no
 * failure. */
bool queue_folder_walk(const char *path, bool heads,
                       bool (*tell)(void *context, const struct queue_file *file), void *context,
                       struct queue_folder_count *count, char error[QUEUE_FOLDER_ERROR_SIZE]);

#endif
