#include "journal_source.h"

#include <stdio.h>
#include "shown.h"
#include "../windows/disk_file.h"
#include "../windows/journal_file.h"

const bool journal_source_has_own = true;

bool journal_source_own_exists(void)
{
    wchar_t directory[STATE_DIRECTORY_MAX], path[JOURNAL_FILE_PATH_MAX];
    const char *ignored;
    FILETIME written;
    if (state_directory_find(directory, &ignored))
        return false;
    journal_file_path(path, directory);
    return !disk_file_written(path, &written, &ignored);
}

static bool complain(const char *verb, const wchar_t *path, const char *call, DWORD error,
                     const char *more)
{
    char buffer[SHOWN_MAX];
    bool missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
    fprintf(stderr, "relaylock %s: %s: %s failed with error %lu%s\n", verb,
            shown(text_of(path), buffer), call, error,
            missing ? ": there is none; has the service ever run?" : more);
    return false;
}

static bool read_file(const char *verb, const wchar_t *path, uint8_t **bytes, size_t *size)
{
    const char *failed_call = NULL;
    DWORD error = journal_file_read(path, bytes, size, &failed_call);
    return error == ERROR_SUCCESS || complain(verb, path, failed_call, error, "");
}

static bool complain_of_own(const char *verb, const wchar_t *path, const char *call, DWORD error)
{
    const wchar_t *const paths[] = {path, NULL};
    char text[STATE_DIRECTORY_CHECK_MAX];
    return complain(verb, path, state_directory_name_check(call, error, paths, text), error,
                    state_directory_is_refusal(error)
                        ? ": it cannot be believed, and is not shown; see relaylock doctor"
                        : "");
}

static bool read_own(const char *verb, uint8_t **bytes, size_t *size)
{
    wchar_t directory[STATE_DIRECTORY_MAX], path[JOURNAL_FILE_PATH_MAX];
    HANDLE folder;
    const char *failed_call = NULL;
    DWORD error = state_directory_find(directory, &failed_call);
    if (error)
        return complain(verb, L"the journal's folder", failed_call, error, "");
    error = state_directory_hold(directory, true, &folder, &failed_call);
    if (error)
        return complain_of_own(verb, directory, failed_call, error);
    journal_file_path(path, directory);
    error = journal_file_read_own(directory, folder, bytes, size, &failed_call);
    state_directory_let_go(folder);
    return error == ERROR_SUCCESS || complain_of_own(verb, path, failed_call, error);
}

bool journal_source_read(const char *verb, const char *path, uint8_t **bytes, size_t *size)
{
    enum { PATH_UNITS = 32768 }; /* learn.microsoft.com maximum-file-path-limitation */
    static wchar_t wide[PATH_UNITS];
    if (!path)
        return read_own(verb, bytes, size);
    if (!text_from_utf8(wide, PATH_UNITS, path, NULL))
        return complain(verb, L"FILE", "reading its name", ERROR_INVALID_NAME, "");
    return read_file(verb, wide, bytes, size);
}

void journal_source_free(uint8_t *bytes)
{
    journal_file_free(bytes);
}
