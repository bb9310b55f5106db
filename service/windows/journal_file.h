/* journal_file.h: the journal on disk: one owner, appended to, flushed, replaced whole.
 *
 * <directory>\journal. Opened for writing by one process at a time (others may read it); opened so
 * that a reparse point or a hard link in its place is refused, and so is a file that others may
 * change (protection.h), or that does not lie in the directory, which is checked and held for as
 * long as the journal is open (state_directory.h). An append is durable when it returns (WriteFile,
 * FlushFileBuffers); one that fails is taken back by cutting the file to what it was, and when even
 * that fails the file is closed and must be opened anew. What is read then may hold what could not
 * be taken back. Replacement writes <directory>\journal.new, flushes it and renames it over the
 * journal (MoveFileEx with MOVEFILE_REPLACE_EXISTING and MOVEFILE_WRITE_THROUGH), so that there is
 * always one whole file. Nobody can own a file that is renamed over: for that moment it is closed,
 * and who comes then gets it (ERROR_SHARING_VIOLATION for this process); what is opened behind that
 * must be the very file that was written (disk_file_identify), or it is refused. Sources:
 * learn.microsoft.com nf-fileapi-flushfilebuffers, nf-winbase-movefileexw, nf-fileapi-createfilew,
 * nf-fileapi-setendoffile. The calls are those of disk_file.h.
 *
 * Functions return ERROR_SUCCESS, or the error of the call that failed, whose name goes to
 * file->failed_call (a literal). Any may block for as long as the disk does, and waits for who has
 * one of the files open, step by step, as disk_file.h says: a replacement has at most five such
 * steps, opening it three.
 */
#ifndef RELAYLOCK_WINDOWS_JOURNAL_FILE_H
#define RELAYLOCK_WINDOWS_JOURNAL_FILE_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../core/journal.h"
#include "state_directory.h"

enum {
    JOURNAL_FILE_ROOM = 64 * 1024, /* bytes that must be free on the disk to open it */
    JOURNAL_FILE_TORN_MAX = 8,     /* files set aside; then the oldest gives way */
    JOURNAL_FILE_NAME_MAX = 64,    /* units, terminator included */
    JOURNAL_FILE_PATH_MAX = STATE_DIRECTORY_MAX + JOURNAL_FILE_NAME_MAX
};

struct journal_file {
    HANDLE handle; /* null: not open */
    HANDLE folder; /* held; null: not */
    uint64_t size; /* bytes that are durable */
    wchar_t directory[STATE_DIRECTORY_MAX];
    const char *failed_call;
};

/* Opens the journal of a directory, which must be one to be believed (state_directory_check),
 * creating it when there is none, and reads it whole: *bytes (HeapAlloc'ed, freed by the caller
 * with journal_file_free; null when empty) and *size. A journal.new that a dead process left behind
 * is deleted. Proves that there is room and that files may be made: it makes a journal.new of
 * JOURNAL_FILE_ROOM bytes and deletes it. ERROR_SHARING_VIOLATION: another process owns it. On
 * failure the file is not open. */
DWORD journal_file_open(struct journal_file *file, const wchar_t *directory, uint8_t **bytes,
                        size_t *size);
void journal_file_free(uint8_t *bytes);
void journal_file_close(struct journal_file *file);

/* Appends and flushes. ERROR_FILE_TOO_LARGE, with nothing written, when it would grow over
 * JOURNAL_FILE_MAX. */
DWORD journal_file_append(struct journal_file *file, const void *bytes, size_t size);

/* Copies what lies behind the first `good` bytes to a new file beside it, flushed, whose name goes
 * to name ("journal.torn-1" ...). At most JOURNAL_FILE_TORN_MAX such files are kept; then the one
 * that was written first is replaced. */
DWORD journal_file_copy_torn(struct journal_file *file, size_t good,
                             wchar_t name[JOURNAL_FILE_NAME_MAX]);

/* Cuts off what lies behind the first `good` bytes, which journal_file_copy_torn has copied to the
 * file called name. On failure nothing is cut off, and the copy is deleted, as there would be
 * another after each try; or, when it can't be told, the file is closed. */
DWORD journal_file_cut_torn(struct journal_file *file, size_t good, const wchar_t *name);

/* Replaces the whole file. On failure the old one stays in force, and open if it can be opened
 * again: see file->handle. */
DWORD journal_file_replace(struct journal_file *file, const void *bytes, size_t size);

/* Reads a journal that somebody else may own, for showing it: any path. As journal_file_open,
 * without creating, changing, checking or owning anything. */
DWORD journal_file_read(const wchar_t *path, uint8_t **bytes, size_t *size,
                        const char **failed_call);

/* Reads the journal of a directory that is held and believed (state_directory_hold), which another
 * process may own, without changing anything. As journal_file_open it follows no link and refuses
 * what others may have written. ERROR_FILE_NOT_FOUND: there is none; as
 * state_directory_check_file and state_directory_check_place. */
DWORD journal_file_read_own(const wchar_t *directory, HANDLE folder, uint8_t **bytes, size_t *size,
                            const char **failed_call);

/* The journal's path in a directory. */
void journal_file_path(wchar_t path[JOURNAL_FILE_PATH_MAX], const wchar_t *directory);

/* Deletes the journal and all that was made beside it, in a directory that is held and believed;
 * what is missing is fine. For uninstall. */
DWORD journal_file_delete(const wchar_t *directory, const char **failed_call);

#endif
