/* disk_file.h: bytes into a file and out of it, durably: the steps that the journal is made of.
 *
 * A step that fails returns the error of the call that failed, whose name (a literal) goes to
 * *failed_call. "Flushed" means FlushFileBuffers: data and what finds it again are on the disk.
 *
 * A scanner, an indexer or a backup has a file open for some milliseconds, and until then it cannot
 * be opened, deleted, moved or replaced: ERROR_SHARING_VIOLATION, or ERROR_ACCESS_DENIED, which is
 * also what comes of a name whose file is deleted and still open. Whether either passes cannot be
 * told, so what opens, deletes or renames is tried DISK_FILE_TRIES times before it fails with one
 * of them, which takes DISK_FILE_PATIENCE ms (and what Sleep rounds up). Any other error is final.
 * So these are for threads that may wait for a disk, never for the watcher's.
 *
 * Sources: learn.microsoft.com nf-fileapi-createfilew, nf-fileapi-flushfilebuffers,
 * nf-fileapi-setendoffile, nf-fileapi-deletefilew, nf-winbase-movefileexw, nf-synchapi-sleep,
 * ns-fileapi-by_handle_file_information; "Creating and Opening Files" (share modes). Who else
 * waits: MariaDB (MDEV-30162), Git (compat/mingw.c).
 */
#ifndef RELAYLOCK_WINDOWS_DISK_FILE_H
#define RELAYLOCK_WINDOWS_DISK_FILE_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The OS calls; tests put others here. */
struct disk_file_calls {
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *ReadFile)(HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED);
    BOOL(WINAPI *WriteFile)(HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED);
    BOOL(WINAPI *SetFilePointerEx)(HANDLE, LARGE_INTEGER, PLARGE_INTEGER, DWORD);
    BOOL(WINAPI *SetEndOfFile)(HANDLE);
    BOOL(WINAPI *FlushFileBuffers)(HANDLE);
    BOOL(WINAPI *GetFileSizeEx)(HANDLE, PLARGE_INTEGER);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    BOOL(WINAPI *MoveFileExW)(LPCWSTR, LPCWSTR, DWORD);
    BOOL(WINAPI *DeleteFileW)(LPCWSTR);
    BOOL(WINAPI *GetFileAttributesExW)(LPCWSTR, GET_FILEEX_INFO_LEVELS, LPVOID);
    BOOL(WINAPI *GetFileInformationByHandle)(HANDLE, LPBY_HANDLE_FILE_INFORMATION);
    LPVOID(WINAPI *HeapAlloc)(HANDLE, DWORD, SIZE_T);
    void(WINAPI *Sleep)(DWORD);
};
extern struct disk_file_calls disk_file_calls;

enum {
    DISK_FILE_TRIES = 9,
    DISK_FILE_PAUSE = 25, /* ms before the second try; twice that before the third, and so on */
    DISK_FILE_PATIENCE = DISK_FILE_PAUSE * DISK_FILE_TRIES * (DISK_FILE_TRIES - 1) / 2 /* ms: 900 */
};

/* Opens a file for reading and writing, for this process alone; others may read it. Links are not
 * followed. disposition: OPEN_ALWAYS, OPEN_EXISTING or CREATE_NEW; what is made belongs to
 * Administrators where this process may say so (protection.h). */
DWORD disk_file_own(const wchar_t *path, DWORD disposition, HANDLE *file, const char **failed_call);

/* Opens a file for reading; others may do what they like with it. follow: links are followed. */
DWORD disk_file_look(const wchar_t *path, bool follow, HANDLE *file, const char **failed_call);

void disk_file_close(HANDLE file);

/* *size in bytes. ERROR_FILE_TOO_LARGE when it is over max. */
DWORD disk_file_size(HANDLE file, size_t max, size_t *size, const char **failed_call);

/* size bytes at `from`: *bytes (HeapAlloc'ed, freed by the caller with disk_file_free; null when
 * size is 0). ERROR_HANDLE_EOF when the file has fewer. */
DWORD disk_file_read(HANDLE file, uint64_t from, size_t size, uint8_t **bytes,
                     const char **failed_call);
void disk_file_free(uint8_t *bytes);

/* Writes size bytes at `at` and flushes. On failure any part of them may be there. */
DWORD disk_file_write(HANDLE file, uint64_t at, const void *bytes, size_t size,
                      const char **failed_call);

/* Makes it size bytes long, longer or shorter than it is. Not flushed. */
DWORD disk_file_resize(HANDLE file, uint64_t size, const char **failed_call);

DWORD disk_file_flush(HANDLE file, const char **failed_call);

/* Which file it is, whatever its name: no other file of this computer has the same volume and
 * index. */
struct disk_file_identity {
    uint32_t volume;
    uint64_t index;
    FILETIME written; /* when it was, last */
};
DWORD disk_file_identify(HANDLE file, struct disk_file_identity *identity,
                         const char **failed_call);

/* Makes a file of these bytes, flushed, in place of any of that name; on failure it is gone.
 * *made (may be null): which file it is. */
DWORD disk_file_put(const wchar_t *path, const void *bytes, size_t size,
                    struct disk_file_identity *made, const char **failed_call);

/* Puts a file in the place of another, whole or not at all; on the disk when it returns. */
DWORD disk_file_rename_over(const wchar_t *from, const wchar_t *to, const char **failed_call);

/* Deletes a file; none of that name is fine. */
DWORD disk_file_delete(const wchar_t *path, const char **failed_call);

/* As disk_file_delete, tried once: for who has many to delete, and can be asked to again. */
DWORD disk_file_delete_now(const wchar_t *path, const char **failed_call);

/* When it was last written. ERROR_FILE_NOT_FOUND: there is none. */
DWORD disk_file_written(const wchar_t *path, FILETIME *written, const char **failed_call);

#endif
