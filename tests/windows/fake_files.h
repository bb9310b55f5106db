/* fake_files.h: files and folders in memory behind the OS calls of disk_file, state_directory and
 * protection, with a disk that loses what was not flushed.
 *
 * As learn.microsoft.com describes them (CreateFile, ReadFile, WriteFile, SetFilePointerEx,
 * SetEndOfFile, FlushFileBuffers, GetFileSizeEx, MoveFileEx, DeleteFile, CreateDirectory,
 * GetFileAttributesEx, GetFileInformationByHandle, GetFinalPathNameByHandle, GetSecurityInfo):
 * paths whatever their case, share modes, read-only files, a deleted file that is still open (its
 * name answers ERROR_ACCESS_DENIED), no renaming over an open file, links and hard links, owners
 * and DACLs, rights of handles. A handle that is not open fails the test. C:\ProgramData is there.
 *
 * Each OS call goes through fake_calls.h: it can be made to fail, before or after its effect, and a
 * hook runs before and after each, which may leave by longjmp: the process is dead. To go on as
 * the next process:
 *     fake_files_kill()       the process died: its handles are closed, all it wrote is there
 *     fake_files_power_cut()  the power failed: what was not flushed is there as `cut` says
 * Nothing else of the fake is lost by either. fake_files_reset() starts anew.
 *
 * The disk. A write or a change of size is on the disk when the file was flushed since. Making,
 * deleting and renaming are on the disk when a file that they concern was flushed since, or when
 * MoveFileEx returned with MOVEFILE_WRITE_THROUGH; and so are all such changes before them, since
 * the file system logs them one after another (NTFS). What is not on the disk is pending; each
 * pending change of a name happened whole or not at all, and none without those before it.
 */
#ifndef RELAYLOCK_TESTS_FAKE_FILES_H
#define RELAYLOCK_TESTS_FAKE_FILES_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fake_calls.h"

#define FAKE_FILES_FOLDER L"C:\\ProgramData\\RelayLock"

/* All calls of this fake: for fake_calls_fail, fake_calls_break, and to see how many were made. */
extern struct fake_calls fake_files_calls;

/* An empty disk with C:\ProgramData, of unbounded size; the process runs as SYSTEM. Puts its calls
 * into disk_file_calls, state_directory_calls and protection_calls. */
void fake_files_reset(void);

/* ---- dying ---------------------------------------------------------------------------------- */

void fake_files_kill(void);

enum fake_cut_bytes {
    FAKE_CUT_LOST, /* nothing that was written since the last flush is there */
    FAKE_CUT_KEPT, /* all of it */
    FAKE_CUT_TORN, /* the first `torn` bytes of it; a file that grew is as long as they reach */
    FAKE_CUT_HOLE  /* files are as long as they should be, but hold zeros where it should be */
};

struct fake_cut {
    enum fake_cut_bytes bytes;
    size_t torn;  /* FAKE_CUT_TORN: bytes, in the order in which they were written, of each file */
    size_t names; /* how many of the pending changes of names happened, the first of them first */
};
void fake_files_power_cut(const struct fake_cut *cut);

/* What is pending, for going through all that a cut may do: the most bytes in one file, and changes
 * of names. */
size_t fake_files_pending_bytes(void);
size_t fake_files_pending_names(void);

/* ---- the disk and what is on it, past the OS calls --------------------------------------------
 */

/* Bytes that files can take from now on; SIZE_MAX: any number. A write that does not fit fails with
 * ERROR_DISK_FULL when the part that fits is written. What is deleted makes room. */
void fake_files_room(size_t bytes);
void fake_files_write_protect(bool on); /* every change fails with ERROR_WRITE_PROTECT */

/* All below is on the disk at once. Folders above must be there. */
void fake_files_make_folder(const wchar_t *path);
void fake_files_put(const wchar_t *path, const void *bytes, size_t size); /* made or replaced */
void fake_files_remove(const wchar_t *path); /* a folder: with all in it; none: fine */
void fake_files_link(const wchar_t *path, const wchar_t *target); /* a reparse point */
void fake_files_hard_link(const wchar_t *path, const wchar_t *of);

/* Owner and DACL, as SDDL: L"O:BAD:P(A;OICI;FA;;;SY)". Files that are put or made inherit. */
void fake_files_protect(const wchar_t *path, const wchar_t *sddl);
void fake_files_deny(const wchar_t *path, bool denied); /* whether opening fails: access denied */
void fake_files_read_only(const wchar_t *path, bool read_only);
void fake_files_date(const wchar_t *path, ULONGLONG written); /* as a FILETIME */

bool fake_files_exists(const wchar_t *path);
/* What the file holds now, flushed or not; null when there is none. Valid until it changes. */
const uint8_t *fake_files_content(const wchar_t *path, size_t *size);
/* Owner and DACL as SDDL, good until the next call. */
const wchar_t *fake_files_protection(const wchar_t *path);

/* ---- the process and others -------------------------------------------------------------------
 */

/* Who the process runs as, as a SID's text or SDDL alias ("SY", "S-1-5-21-1-2-3-1000"), and whether
 * it may make Administrators an owner. */
void fake_files_run_as(const wchar_t *sid, bool administrator);

/* Another process opens a file with these; it stays so until it is closed. 0: it could not. */
HANDLE fake_files_open_elsewhere(const wchar_t *path, DWORD access, DWORD share);
void fake_files_close_elsewhere(HANDLE handle);

unsigned fake_files_open_handles(void); /* of the process, tokens included */

/* ms for which the process has slept since the reset, which takes no time. */
extern DWORD fake_files_slept;
/* Another process opens a file for reading, and closes it in the so-manieth sleep from now. */
void fake_files_keep_open(const wchar_t *path, DWORD share, unsigned sleeps);

#endif
