/* fake_folders.c: searches through a folder; see fake_files.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"
#include "windows/disk_file.h"
#include "windows/message_files.h"
#include "windows/quarantine_folder.h"
#include "windows/queue_directories.h"

enum { SEARCHES_MAX = 4, FOUND_MAX = 256 };

/* What FindFirstFile saw; what becomes of it later, a search does not notice. */
struct search {
    bool open;
    size_t next, count;
    WIN32_FIND_DATAW found[FOUND_MAX];
};

static struct search searches[SEARCHES_MAX];

static void add(struct search *search, const wchar_t *name, const struct fake_file *file)
{
    assert_true(search->count < FOUND_MAX && wcslen(name) < MAX_PATH);
    WIN32_FIND_DATAW *found = &search->found[search->count++];
    *found = (WIN32_FIND_DATAW){.dwFileAttributes = fake_file_attributes(file),
                                .ftLastWriteTime = fake_file_time(file),
                                .nFileSizeLow = (DWORD)file->size};
    wcscpy(found->cFileName, name);
}

/* "C:\folder\*"; only all of a folder is asked for. */
static DWORD begin(struct search *search, const wchar_t *pattern)
{
    wchar_t folder[FAKE_PATH_MAX], name[FAKE_PATH_MAX];
    size_t count = wcslen(pattern);
    assert_true(count > 2 && count < FAKE_PATH_MAX && wcscmp(pattern + count - 2, L"\\*") == 0);
    wcscpy(folder, pattern);
    folder[count - 2] = 0;
    const struct fake_file *file = fake_names_find(folder);
    if (!file)
        return fake_names_have_folder_of(folder) ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND;
    if (!file->folder)
        return ERROR_DIRECTORY;
    if (file->denied)
        return ERROR_ACCESS_DENIED;
    *search = (struct search){.open = true};
    add(search, L".", file);
    add(search, L"..", file);
    for (size_t i = 0; (file = fake_names_in(folder, i, name)) != NULL; i++)
        add(search, name, file);
    return ERROR_SUCCESS;
}

static HANDLE WINAPI find_first(LPCWSTR pattern, LPWIN32_FIND_DATAW found)
{
    struct search *search = searches;
    DWORD error = fake_calls_enter(&fake_files_calls, "FindFirstFileW");
    while (search->open)
        assert_true(++search < searches + SEARCHES_MAX);
    if (!error)
        error = begin(search, pattern);
    error = fake_calls_leave(&fake_files_calls, "FindFirstFileW", error);
    if (error) {
        search->open = false;
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    *found = search->found[search->next++];
    return search;
}

static struct search *search_of(HANDLE handle)
{
    struct search *search = handle;
    assert_true(search >= searches && search < searches + SEARCHES_MAX && search->open);
    return search;
}

static BOOL WINAPI find_next(HANDLE handle, LPWIN32_FIND_DATAW found)
{
    struct search *search = search_of(handle);
    DWORD error = fake_calls_enter(&fake_files_calls, "FindNextFileW");
    if (!error && search->next == search->count)
        error = ERROR_NO_MORE_FILES;
    error = fake_calls_leave(&fake_files_calls, "FindNextFileW", error);
    if (!error)
        *found = search->found[search->next++];
    else
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static BOOL WINAPI find_close(HANDLE handle)
{
    struct search *search = search_of(handle);
    DWORD error = fake_calls_enter(&fake_files_calls, "FindClose");
    search->open = false;
    error = fake_calls_leave(&fake_files_calls, "FindClose", error);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static DWORD WINAPI type_of(HANDLE handle)
{
    fake_handle_of(handle);
    return FILE_TYPE_DISK;
}

static void WINAPI no_sleep(DWORD ms)
{
    (void)ms;
}

static DWORD WINAPI get_attributes(LPCWSTR path)
{
    const struct fake_file *file = fake_names_find(path);
    DWORD error = fake_calls_enter(&fake_files_calls, "GetFileAttributesW");
    if (!error && !file)
        error = ERROR_FILE_NOT_FOUND;
    error = fake_calls_leave(&fake_files_calls, "GetFileAttributesW", error);
    if (!error)
        return fake_file_attributes(file);
    SetLastError(error);
    return INVALID_FILE_ATTRIBUTES;
}

void fake_folders_kill(void)
{
    memset(searches, 0, sizeof searches);
}

unsigned fake_folders_open_searches(void)
{
    unsigned open = 0;
    for (size_t i = 0; i < SEARCHES_MAX; i++)
        open += searches[i].open;
    return open;
}

void fake_folders_reset(void)
{
    fake_folders_kill();
    message_files_calls = (struct message_files_calls){
        .FindFirstFileW = find_first,
        .FindNextFileW = find_next,
        .FindClose = find_close,
        .CreateFileW = disk_file_calls.CreateFileW,
        .ReadFile = disk_file_calls.ReadFile,
        .CloseHandle = disk_file_calls.CloseHandle,
        .GetFileType = type_of,
        .Sleep = no_sleep,
    };
    quarantine_folder_calls = (struct quarantine_folder_calls){
        .CreateFileW = disk_file_calls.CreateFileW,
        .CloseHandle = disk_file_calls.CloseHandle,
        .MoveFileExW = disk_file_calls.MoveFileExW,
        .FindFirstFileW = find_first,
        .FindNextFileW = find_next,
        .FindClose = find_close,
    };
    queue_directories_calls.CreateFileW = disk_file_calls.CreateFileW;
    queue_directories_calls.ReadFile = disk_file_calls.ReadFile;
    queue_directories_calls.CloseHandle = disk_file_calls.CloseHandle;
    queue_directories_calls.GetFileAttributesW = get_attributes;
}
