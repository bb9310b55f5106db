#include "queue_folder.h"

#include <string.h>
#include "../windows/message_files.h"
#include "system_error.h"

struct walk {
    bool heads;
    bool (*tell)(void *context, const struct queue_file *file);
    void *context;
    struct queue_folder_count *count;
};

static bool take(void *context, const struct message_file *file)
{
    char path[4 * MESSAGE_FILES_PATH_MAX], name[4 * MAX_PATH];
    struct walk *walk = context;
    struct queue_folder_count *count = walk->count;
    switch (file->state) {
    case MESSAGE_FILE_GONE:
        count->gone++;
        return true;
    case MESSAGE_FILE_IN_USE:
        count->in_use++;
        return true;
    case MESSAGE_FILE_LINK:
        count->links++;
        return true;
    case MESSAGE_FILE_FAILED:
        if (count->failed++ == 0)
            system_error_say(count->error, sizeof count->error, file->failed_call, file->error);
        return true;
    case MESSAGE_FILE_READ:
        break;
    }
    count->files++;
    count->bytes += file->size;
    if (!walk->tell)
        return true;
    text_to_utf8(path, sizeof path, text_of(file->path));
    text_to_utf8(name, sizeof name, text_of(file->name));
    const struct queue_file told = {.path = path,
                                    .name = name,
                                    .size = file->size,
                                    .written = file->written,
                                    .head = file->head};
    return walk->tell(walk->context, &told);
}

bool queue_folder_walk(const char *path, bool heads,
                       bool (*tell)(void *context, const struct queue_file *file), void *context,
                       struct queue_folder_count *count, char error[QUEUE_FOLDER_ERROR_SIZE])
{
    wchar_t wide[MESSAGE_FILES_PATH_MAX];
    const char *failed_call = NULL;
    struct walk walk = {.heads = heads, .tell = tell, .context = context, .count = count};
    DWORD code = ERROR_FILENAME_EXCED_RANGE;
    if (!text_from_utf8(wide, MESSAGE_FILES_PATH_MAX, path, NULL))
        failed_call = "reading the folder's name";
    else
        code = message_files_walk(wide, heads, NULL, take, &walk, &failed_call);
    if (code)
        system_error_say(error, QUEUE_FOLDER_ERROR_SIZE, failed_call, code);
    return code == ERROR_SUCCESS;
}
