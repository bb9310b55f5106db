/* fake_disk.h: the disk of fake_files: names, files, what of both is on the disk. Only for the
 * parts of fake_files; its rules are those of fake_files.h.
 */
#ifndef RELAYLOCK_TESTS_FAKE_DISK_H
#define RELAYLOCK_TESTS_FAKE_DISK_H

#include "fake_files.h"

enum { FAKE_PATH_MAX = 400, FAKE_SDDL_MAX = 512 };

struct fake_file {
    bool used, folder, denied, read_only;
    DWORD attributes;              /* hidden, system */
    bool doomed;                   /* deleted, but still open: nobody else can open it */
    wchar_t target[FAKE_PATH_MAX]; /* "": no link */
    wchar_t sddl[FAKE_SDDL_MAX];
    uint8_t *bytes, *flushed; /* now, and on the disk */
    size_t size, flushed_size;
    struct fake_change *changes; /* since the last flush, in their order */
    size_t change_count;
    ULONGLONG written; /* ticks of a clock that goes on with each write */
};

void fake_disk_reset(void);

/* ---- fake_names.c: names, and pending changes of them ------------------------------------------
 */

/* The file of a path, links not followed; null: none. */
struct fake_file *fake_names_find(const wchar_t *path);
/* Whether the folder that a path lies in is there. */
bool fake_names_have_folder_of(const wchar_t *path);
bool fake_names_none_below(const wchar_t *folder);
/* The index-th name right in a folder, from 0 up, into name, and its file; null: no more. */
const struct fake_file *fake_names_in(const wchar_t *folder, size_t index,
                                      wchar_t name[FAKE_PATH_MAX]);
DWORD fake_names_count(const struct fake_file *file);
/* One of a file's names, or null. */
const wchar_t *fake_names_of(const struct fake_file *file);

void fake_names_add(const wchar_t *path, struct fake_file *file);
void fake_names_drop(const wchar_t *path);
void fake_names_drop_file(struct fake_file *file); /* all its names */
void fake_names_drop_below(const wchar_t *folder);
void fake_names_rename(const wchar_t *from, const wchar_t *to);
/* All pending changes are on the disk now; those up to the last of a file; the first of them. */
void fake_names_settle(void);
void fake_names_flush(const struct fake_file *file);
void fake_names_power_cut(size_t happened);
/* Whether any name leads to the file, or led to it on the disk. */
bool fake_names_know(const struct fake_file *file);
void fake_names_reset(void);

/* ---- fake_disk.c: files, and pending changes of their bytes ------------------------------------
 */

struct fake_file *fake_disk_make(const wchar_t *path, bool folder, const wchar_t *sddl);

/* Pending changes of bytes. ERROR_SUCCESS, ERROR_DISK_FULL or ERROR_WRITE_PROTECT. */
DWORD fake_disk_write(struct fake_file *file, size_t at, const void *bytes, size_t size);
DWORD fake_disk_resize(struct fake_file *file, size_t size);
/* These are its bytes, now and on the disk. */
void fake_disk_put(struct fake_file *file, const void *bytes, size_t size);
/* The file's bytes are on the disk, and its names, with all pending ones before them. */
void fake_disk_flush(struct fake_file *file);

bool fake_disk_is_protected(void); /* against writing */

/* ---- fake_security.c --------------------------------------------------------------------------
 */

void fake_security_reset(void);
void fake_security_kill(void); /* closes the tokens */

/* What a new file or folder in a folder gets. ERROR_SUCCESS, or ERROR_INVALID_OWNER. */
DWORD fake_security_of_new(const struct fake_file *parent, bool folder,
                           const SECURITY_ATTRIBUTES *attributes, wchar_t sddl[FAKE_SDDL_MAX]);

bool fake_security_is_token(HANDLE handle);
void fake_security_close_token(HANDLE handle);
unsigned fake_security_open_tokens(void);

/* ---- fake_folders.c: searches ------------------------------------------------------------------
 */

/* After the calls of disk_file_calls are in place: puts its calls into message_files_calls,
 * quarantine_folder_calls and queue_directories_calls. */
void fake_folders_reset(void);
void fake_folders_kill(void); /* ends the searches */
unsigned fake_folders_open_searches(void);

/* As CreateFile and FindFirstFile show them. */
DWORD fake_file_attributes(const struct fake_file *file);
FILETIME fake_file_time(const struct fake_file *file);

/* ---- fake_handles.c ---------------------------------------------------------------------------
 */

struct fake_handle {
    bool open;
    bool elsewhere; /* of another process */
    struct fake_file *file;
    DWORD access, share; /* as given to CreateFile */
    size_t at;           /* the file pointer */
};

void fake_handles_reset(void);
void WINAPI fake_sleep(DWORD ms);
void fake_handles_power_cut(void); /* closes all, those of other processes, too */

/* Fails the test when the handle is not open. */
struct fake_handle *fake_handle_of(HANDLE handle);
HANDLE fake_handle_open(struct fake_file *file, DWORD access, DWORD share);
void fake_handle_close(struct fake_handle *handle);
bool fake_handle_is_open(const struct fake_file *file);
/* Whether the handles that are open allow another one with these. */
bool fake_handle_is_shared(const struct fake_file *file, DWORD access, DWORD share);

#endif
