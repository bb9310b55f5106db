#include "message_files.h"

#include "../core/event_time.h"
#include "last_error.h"

struct message_files_calls message_files_calls = {
    .FindFirstFileW = FindFirstFileW,
    .FindNextFileW = FindNextFileW,
    .FindClose = FindClose,
    .CreateFileW = CreateFileW,
    .ReadFile = ReadFile,
    .CloseHandle = CloseHandle,
    .GetFileType = GetFileType,
    .Sleep = Sleep,
};

enum { READ_SIZE = 8192 };

struct walk {
    WIN32_FIND_DATAW found;
    struct message_parser parser;
    BYTE bytes[READ_SIZE];
    wchar_t path[MESSAGE_FILES_PATH_MAX];
    size_t path_count; /* of the folder and its separator */
    unsigned waits;    /* of message_files_again */
};

static bool is_message(const WIN32_FIND_DATAW *found)
{
    struct text name = text_of(found->cFileName);
    return (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0 && name.count >= 4 &&
           text_equal_fold(text_slice(name, name.count - 4, 4), TEXT_OF(u".eml"));
}

static void fail(struct message_file *file, const char *call, DWORD error)
{
    file->error = error;
    file->failed_call = call;
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        file->state = MESSAGE_FILE_GONE;
        break;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_DELETE_PENDING:
        file->state = MESSAGE_FILE_IN_USE;
        break;
    default:
        file->state = MESSAGE_FILE_FAILED;
    }
}

bool message_files_again(DWORD error, unsigned *waits)
{
    if (error != ERROR_ACCESS_DENIED || *waits == MESSAGE_FILES_WAITS_MAX)
        return false;
    ++*waits;
    message_files_calls.Sleep(MESSAGE_FILES_WAIT);
    return true;
}

static HANDLE open_file(const wchar_t *path)
{
    return message_files_calls.CreateFileW(
        path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
}

/* Some names are those of devices in any folder, whatever they end in; one may never answer. */
static bool is_on_disk(HANDLE handle, struct message_file *file)
{
    SetLastError(NO_ERROR);
    DWORD type = message_files_calls.GetFileType(handle);
    if (type == FILE_TYPE_UNKNOWN && GetLastError() != NO_ERROR)
        fail(file, "GetFileType", GetLastError());
    else if (type != FILE_TYPE_DISK)
        file->state = MESSAGE_FILE_LINK;
    return type == FILE_TYPE_DISK;
}

static void parse(struct walk *walk, HANDLE handle, struct message_file *file)
{
    message_parser_init(&walk->parser);
    for (size_t total = 0; total < MESSAGE_READ_MAX;) {
        DWORD got = 0;
        if (!message_files_calls.ReadFile(handle, walk->bytes, READ_SIZE, &got, NULL)) {
            fail(file, "ReadFile", last_error());
            break;
        }
        if (got == 0 || !message_parser_feed(&walk->parser, walk->bytes, got))
            break;
        total += got;
    }
    message_parser_end(&walk->parser);
    if (file->state == MESSAGE_FILE_READ)
        file->head = &walk->parser.head;
}

static void read_head(struct walk *walk, struct message_file *file)
{
    HANDLE handle = open_file(walk->path);
    if (handle == INVALID_HANDLE_VALUE && message_files_again(last_error(), &walk->waits))
        handle = open_file(walk->path);
    if (handle == INVALID_HANDLE_VALUE) {
        fail(file, "CreateFileW", last_error());
        return;
    }
    if (is_on_disk(handle, file))
        parse(walk, handle, file);
    message_files_calls.CloseHandle(handle);
}

static bool look_at(struct walk *walk, bool heads,
                    bool (*about)(void *context, const wchar_t *path),
                    bool (*tell)(void *context, const struct message_file *file), void *context)
{
    const WIN32_FIND_DATAW *found = &walk->found;
    const FILETIME *written = &found->ftLastWriteTime;
    const size_t room = MESSAGE_FILES_PATH_MAX - walk->path_count;
    text_copy(walk->path + walk->path_count, room, text_of(found->cFileName));
    struct message_file file = {
        .path = walk->path,
        .name = walk->path + walk->path_count,
        .size = (uint64_t)found->nFileSizeHigh << 32 | found->nFileSizeLow,
        .written = event_time_from_filetime((uint64_t)written->dwHighDateTime << 32 |
                                            written->dwLowDateTime),
    };
    if ((found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        file.state = MESSAGE_FILE_LINK;
    else if (heads && about && !about(context, walk->path))
        return false;
    else if (heads)
        read_head(walk, &file);
    return tell(context, &file);
}

/* "C:\folder\" */
static bool set_folder(struct walk *walk, const wchar_t *folder)
{
    struct text path = text_of(folder);
    if (path.count == 0 || path.count + MAX_PATH + 2 > MESSAGE_FILES_PATH_MAX)
        return false;
    walk->path_count = text_copy(walk->path, MESSAGE_FILES_PATH_MAX, path);
    wchar_t last = folder[path.count - 1];
    if (last != L'\\' && last != L'/' && last != L':')
        walk->path[walk->path_count++] = L'\\';
    return true;
}

DWORD message_files_walk(const wchar_t *folder, bool heads,
                         bool (*about)(void *context, const wchar_t *path),
                         bool (*tell)(void *context, const struct message_file *file),
                         void *context, const char **failed_call)
{
    DWORD error = ERROR_SUCCESS;
    const char *call = "FindFirstFileW";
    HANDLE search = INVALID_HANDLE_VALUE;
    struct walk *walk = HeapAlloc(GetProcessHeap(), 0, sizeof *walk);
    if (!walk) {
        *failed_call = "HeapAlloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    walk->waits = 0;
    if (!set_folder(walk, folder)) {
        error = ERROR_FILENAME_EXCED_RANGE;
        goto cleanup;
    }
    text_copy(walk->path + walk->path_count, MESSAGE_FILES_PATH_MAX - walk->path_count,
              TEXT_OF(u"*"));
    search = message_files_calls.FindFirstFileW(walk->path, &walk->found);
    if (search == INVALID_HANDLE_VALUE) {
        error = last_error();
        /* The root of a volume has no "." and ".."; so it may hold nothing. */
        if (error == ERROR_FILE_NOT_FOUND)
            error = ERROR_SUCCESS;
        goto cleanup;
    }
    for (;;) {
        if (is_message(&walk->found) && !look_at(walk, heads, about, tell, context))
            break;
        if (!message_files_calls.FindNextFileW(search, &walk->found)) {
            error = last_error();
            call = "FindNextFileW";
            if (error == ERROR_NO_MORE_FILES)
                error = ERROR_SUCCESS;
            break;
        }
    }
    message_files_calls.FindClose(search);
cleanup:
    HeapFree(GetProcessHeap(), 0, walk);
    if (error)
        *failed_call = call;
    return error;
}
