#include "journal_file.h"

#include <wchar.h>

#include "../core/text.h"
#include "disk_file.h"

static const wchar_t journal_name[] = L"journal", new_name[] = L"journal.new";

static void path_to(wchar_t path[JOURNAL_FILE_PATH_MAX], const wchar_t *directory,
                    const wchar_t *name)
{
    size_t count = text_copy(path, STATE_DIRECTORY_MAX, text_of(directory));
    path[count++] = L'\\';
    text_copy(path + count, JOURNAL_FILE_PATH_MAX - count, text_of(name));
}

void journal_file_path(wchar_t path[JOURNAL_FILE_PATH_MAX], const wchar_t *directory)
{
    path_to(path, directory, journal_name);
}

static void torn_name(wchar_t name[JOURNAL_FILE_NAME_MAX], unsigned number)
{
    size_t count = text_copy(name, JOURNAL_FILE_NAME_MAX, TEXT_OF(u"journal.torn-"));
    name[count] = (wchar_t)(L'0' + number);
    name[count + 1] = 0;
}

static DWORD refuse(struct journal_file *file, const char *check, DWORD error)
{
    file->failed_call = check;
    return error;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Whether what is open is the journal of the folder that is held, and may be believed. */
static DWORD check_own(HANDLE folder, HANDLE journal, const char **failed_call)
{
    DWORD error = state_directory_check_file(journal, failed_call);
    return error ? error : state_directory_check_place(folder, journal, failed_call);
}

/* Makes the journal this process's. */
static DWORD own(struct journal_file *file)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    HANDLE handle;
    journal_file_path(path, file->directory);
    DWORD error = disk_file_own(path, OPEN_ALWAYS, &handle, &file->failed_call);
    if (error)
        return error;
    error = check_own(file->folder, handle, &file->failed_call);
    if (error)
        disk_file_close(handle);
    else
        file->handle = handle;
    return error;
}

static void disown(struct journal_file *file)
{
    if (file->handle)
        disk_file_close(file->handle);
    file->handle = NULL;
}

void journal_file_close(struct journal_file *file)
{
    disown(file);
    if (file->folder)
        state_directory_let_go(file->folder);
    file->folder = NULL;
}

/* The file that this makes is deleted again; if that fails, whoever needs its name next does it. */
static DWORD prove_room(struct journal_file *file)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    HANDLE handle;
    const char *ignored;
    path_to(path, file->directory, new_name);
    DWORD error = disk_file_delete(path, &file->failed_call);
    if (!error)
        error = disk_file_own(path, CREATE_NEW, &handle, &file->failed_call);
    if (error)
        return error;
    error = disk_file_resize(handle, JOURNAL_FILE_ROOM, &file->failed_call);
    disk_file_close(handle);
    disk_file_delete_now(path, &ignored);
    return error;
}

DWORD journal_file_open(struct journal_file *file, const wchar_t *directory, uint8_t **bytes,
                        size_t *size)
{
    size_t found = 0;
    *file = (struct journal_file){0};
    if (wcsnlen(directory, STATE_DIRECTORY_MAX) == STATE_DIRECTORY_MAX)
        return refuse(file, "checking the path", ERROR_BUFFER_OVERFLOW);
    text_copy(file->directory, ARRAYSIZE(file->directory), text_of(directory));

    DWORD error = state_directory_hold(directory, true, &file->folder, &file->failed_call);
    if (!error)
        error = own(file);
    if (!error)
        error = prove_room(file);
    if (!error)
        error = disk_file_size(file->handle, JOURNAL_FILE_MAX, &found, &file->failed_call);
    if (!error)
        error = disk_file_read(file->handle, 0, found, bytes, &file->failed_call);
    if (error) {
        journal_file_close(file);
        return error;
    }
    file->size = found;
    *size = found;
    return ERROR_SUCCESS;
}

void journal_file_free(uint8_t *bytes)
{
    disk_file_free(bytes);
}

/* Of a folder that is held; null: any file, which is not checked. */
static DWORD look(const wchar_t *path, HANDLE folder, uint8_t **bytes, size_t *size,
                  const char **failed_call)
{
    HANDLE handle = NULL;
    size_t found = 0;
    DWORD error = disk_file_look(path, folder == NULL, &handle, failed_call);
    if (error)
        return error;
    if (folder)
        error = check_own(folder, handle, failed_call);
    if (!error)
        error = disk_file_size(handle, JOURNAL_FILE_MAX, &found, failed_call);
    if (!error)
        error = disk_file_read(handle, 0, found, bytes, failed_call);
    disk_file_close(handle);
    if (!error)
        *size = found;
    return error;
}

DWORD journal_file_read(const wchar_t *path, uint8_t **bytes, size_t *size,
                        const char **failed_call)
{
    return look(path, NULL, bytes, size, failed_call);
}

DWORD journal_file_read_own(const wchar_t *directory, HANDLE folder, uint8_t **bytes, size_t *size,
                            const char **failed_call)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    journal_file_path(path, directory);
    return look(path, folder, bytes, size, failed_call);
}

/* ---- changing ------------------------------------------------------------------------------- */

/* Takes it that size bytes are on the disk, or closes it. */
static DWORD settle(struct journal_file *file, uint64_t size, const char **failed_call)
{
    DWORD error = disk_file_flush(file->handle, failed_call);
    if (error)
        journal_file_close(file);
    else
        file->size = size;
    return error;
}

/* Cuts off what a failed append may have left, or closes it. */
static void take_back(struct journal_file *file)
{
    const char *ignored;
    if (disk_file_resize(file->handle, file->size, &ignored) == ERROR_SUCCESS)
        settle(file, file->size, &ignored);
    else
        journal_file_close(file);
}

DWORD journal_file_append(struct journal_file *file, const void *bytes, size_t size)
{
    if (size > JOURNAL_FILE_MAX - file->size)
        return refuse(file, "checking the size", ERROR_FILE_TOO_LARGE);
    DWORD error = disk_file_write(file->handle, file->size, bytes, size, &file->failed_call);
    if (error)
        take_back(file);
    else
        file->size += size;
    return error;
}

/* A number that is free, else that of the file written first. */
static DWORD choose_torn(struct journal_file *file, unsigned *number)
{
    FILETIME oldest = {MAXDWORD, MAXDWORD};
    for (unsigned i = 1; i <= JOURNAL_FILE_TORN_MAX; i++) {
        wchar_t name[JOURNAL_FILE_NAME_MAX], path[JOURNAL_FILE_PATH_MAX];
        FILETIME written;
        torn_name(name, i);
        path_to(path, file->directory, name);
        DWORD error = disk_file_written(path, &written, &file->failed_call);
        if (error == ERROR_FILE_NOT_FOUND) {
            *number = i;
            return ERROR_SUCCESS;
        }
        if (error)
            return error;
        if (CompareFileTime(&written, &oldest) < 0) {
            oldest = written;
            *number = i;
        }
    }
    return ERROR_SUCCESS;
}

DWORD journal_file_copy_torn(struct journal_file *file, size_t good,
                             wchar_t name[JOURNAL_FILE_NAME_MAX])
{
    wchar_t made[JOURNAL_FILE_NAME_MAX], path[JOURNAL_FILE_PATH_MAX];
    const size_t size = (size_t)file->size - good;
    unsigned number = 1;
    uint8_t *torn;
    DWORD error = choose_torn(file, &number);
    if (!error)
        error = disk_file_read(file->handle, good, size, &torn, &file->failed_call);
    if (error)
        return error;
    torn_name(made, number);
    path_to(path, file->directory, made);
    error = disk_file_put(path, torn, size, NULL, &file->failed_call);
    disk_file_free(torn);
    if (!error)
        text_copy(name, JOURNAL_FILE_NAME_MAX, text_of(made));
    return error;
}

DWORD journal_file_cut_torn(struct journal_file *file, size_t good, const wchar_t *name)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    const char *ignored;
    DWORD error = disk_file_resize(file->handle, good, &file->failed_call);
    if (!error)
        return settle(file, good, &file->failed_call);
    path_to(path, file->directory, name);
    disk_file_delete(path, &ignored);
    return error;
}

/* Opens the journal again after an attempt to replace it; it must be the file it should, and of the
 * size it should. */
static DWORD own_again(struct journal_file *file, const struct disk_file_identity *wanted,
                       size_t size)
{
    struct disk_file_identity found;
    size_t found_size;
    DWORD error = own(file);
    if (!error)
        error = disk_file_identify(file->handle, &found, &file->failed_call);
    if (!error && (found.volume != wanted->volume || found.index != wanted->index))
        error = refuse(file, "checking which file it is", ERROR_FILE_INVALID);
    if (!error)
        error = disk_file_size(file->handle, JOURNAL_FILE_MAX, &found_size, &file->failed_call);
    if (!error && found_size != size)
        error = refuse(file, "checking the size", ERROR_FILE_INVALID);
    if (!error)
        return settle(file, size, &file->failed_call); /* its name, too */
    journal_file_close(file);
    return error;
}

DWORD journal_file_replace(struct journal_file *file, const void *bytes, size_t size)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX], path_new[JOURNAL_FILE_PATH_MAX];
    const size_t old_size = (size_t)file->size;
    struct disk_file_identity old, made;
    const char *call, *ignored;
    if (size > JOURNAL_FILE_MAX)
        return refuse(file, "checking the size", ERROR_FILE_TOO_LARGE);
    journal_file_path(path, file->directory);
    path_to(path_new, file->directory, new_name);
    DWORD error = disk_file_identify(file->handle, &old, &file->failed_call);
    if (!error)
        error = disk_file_put(path_new, bytes, size, &made, &file->failed_call);
    if (error)
        return error;
    disown(file);
    error = disk_file_rename_over(path_new, path, &call);
    if (!error)
        return own_again(file, &made, size);
    disk_file_delete(path_new, &ignored);
    own_again(file, &old, old_size);
    file->failed_call = call;
    return error;
}

DWORD journal_file_delete(const wchar_t *directory, const char **failed_call)
{
    wchar_t name[JOURNAL_FILE_NAME_MAX], path[JOURNAL_FILE_PATH_MAX];
    journal_file_path(path, directory);
    DWORD error = disk_file_delete(path, failed_call);
    path_to(path, directory, new_name);
    if (!error)
        error = disk_file_delete(path, failed_call);
    for (unsigned i = 1; i <= JOURNAL_FILE_TORN_MAX && !error; i++) {
        torn_name(name, i);
        path_to(path, directory, name);
        error = disk_file_delete(path, failed_call);
    }
    return error;
}
