/* journal_file.h: the journal on disk: one owner, appended to, flushed, replaced whole.
 *
 * <directory>\journal. Opened for writing by one process at a time (others may read it); opened so
 * that a reparse point or a hard link in its place is refused. An append is durable when it returns
 * (WriteFile, FlushFileBuffers); one that fails is taken back by cutting the file to what it was,
 * and when even that fails the file is closed and must be opened anew. Replacement writes
 * <directory>\journal.new, flushes it and renames it over the journal (MoveFileEx with
 * MOVEFILE_REPLACE_EXISTING and MOVEFILE_WRITE_THROUGH), so that there is always one whole file.
 * Sources: learn.microsoft.com nf-fileapi-flushfilebuffers, nf-winbase-movefileexw,
 * nf-fileapi-createfilew.
 *
 * Functions return ERROR_SUCCESS, or the error of the call that failed, whose name goes to
 * file->failed_call (a literal).
 */
#ifndef RELAYLOCK_WINDOWS_JOURNAL_FILE_H
#define RELAYLOCK_WINDOWS_JOURNAL_FILE_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "state_directory.h"

enum {
    JOURNAL_FILE_MAX = 8 * 1024 * 1024, /* bytes; a larger one is refused (ERROR_FILE_TOO_LARGE) */
    JOURNAL_FILE_NAME_MAX = 64          /* units, terminator included */
};

struct journal_file {
    HANDLE handle; /* null: not open */
    uint64_t size; /* bytes that are durable */
    wchar_t directory[STATE_DIRECTORY_MAX];
    const char *failed_call;
};

/* Opens the journal of a directory that state_directory_check has approved, creating it when there
 * is none, and reads it whole: *bytes (HeapAlloc'ed, freed by the caller with journal_file_free;
 * null when empty) and *size. A journal.new that a dead process left behind is deleted.
 * ERROR_SHARING_VIOLATION: another process owns it. */
DWORD journal_file_open(struct journal_file *file, const wchar_t *directory, uint8_t **bytes,
                        size_t *size);
void journal_file_free(uint8_t *bytes);
void journal_file_close(struct journal_file *file);

/* Appends and flushes. */
DWORD journal_file_append(struct journal_file *file, const void *bytes, size_t size);

/* Copies what lies behind the first `good` bytes to a new file beside it, flushed, whose name goes
 * to name ("journal.torn-1" ...), then cuts it off. At most JOURNAL_FILE_TORN_MAX such files are
 * kept; then the oldest number's is used again. */
enum { JOURNAL_FILE_TORN_MAX = 8 };
DWORD journal_file_set_aside(struct journal_file *file, size_t good,
                             wchar_t name[JOURNAL_FILE_NAME_MAX]);

/* Replaces the whole file. On failure the old one stays in force and open. */
DWORD journal_file_replace(struct journal_file *file, const void *bytes, size_t size);

/* Reads a journal that somebody else owns, for showing it. As journal_file_open, without creating,
 * changing or owning anything. */
DWORD journal_file_read(const wchar_t *path, uint8_t **bytes, size_t *size,
                        const char **failed_call);

#endif
