#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include "queue_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../core/ascii.h"
#include "system_error.h"

enum { PATH_BYTES = 4096, READ_SIZE = 8192 };

struct walk {
    DIR *folder;
    bool heads;
    bool (*tell)(void *context, const struct queue_file *file);
    void *context;
    struct queue_folder_count *count;
    struct message_parser parser;
    char path[PATH_BYTES];
    size_t path_count; /* of the folder and its separator */
};

static void count_failure(struct walk *walk, const char *call, int code)
{
    if (code == ENOENT) {
        walk->count->gone++;
    } else if (code == ELOOP) {
        walk->count->links++; /* open(2) of a link with O_NOFOLLOW */
    } else {
        if (walk->count->failed++ == 0)
            system_error_say(walk->count->error, sizeof walk->count->error, call,
                             (unsigned long)code);
    }
}

static bool is_message(const char *name)
{
    size_t count = strlen(name);
    return count >= 4 && ascii_begins_fold(name + count - 4, 4, ".eml");
}

static bool read_head(struct walk *walk, int file)
{
    char bytes[READ_SIZE];
    size_t total = 0;
    message_parser_init(&walk->parser);
    while (total < MESSAGE_READ_MAX) {
        ssize_t got = read(file, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            count_failure(walk, "read", errno);
            return false;
        }
        total += (size_t)got;
        if (got == 0 || !message_parser_feed(&walk->parser, bytes, (size_t)got))
            break;
    }
    message_parser_end(&walk->parser);
    return true;
}

/* Tells it; whether to go on. */
static bool tell(struct walk *walk, const char *name, const struct stat *status)
{
    walk->count->files++;
    walk->count->bytes += (uint64_t)status->st_size;
    if (!walk->tell)
        return true;
    snprintf(walk->path + walk->path_count, sizeof walk->path - walk->path_count, "%s", name);
    const struct queue_file file = {.path = walk->path,
                                    .name = walk->path + walk->path_count,
                                    .size = (uint64_t)status->st_size,
                                    .written = (int64_t)status->st_mtime,
                                    .head = walk->heads ? &walk->parser.head : NULL};
    return walk->tell(walk->context, &file);
}

static bool look_at(struct walk *walk, const char *name)
{
    struct stat status;
    if (fstatat(dirfd(walk->folder), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        count_failure(walk, "fstatat", errno);
        return true;
    }
    if (S_ISLNK(status.st_mode))
        walk->count->links++;
    return !S_ISREG(status.st_mode) || tell(walk, name, &status);
}

static bool read_and_tell(struct walk *walk, const char *name)
{
    struct stat status;
    bool going = true;
    /* O_NONBLOCK: a pipe is passed over, not awaited. */
    int file = openat(dirfd(walk->folder), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        count_failure(walk, "openat", errno);
        return true;
    }
    if (fstat(file, &status) != 0)
        count_failure(walk, "fstat", errno);
    else if (S_ISREG(status.st_mode) && read_head(walk, file))
        going = tell(walk, name, &status);
    close(file);
    return going;
}

bool queue_folder_walk(const char *path, bool heads,
                       bool (*tell_file)(void *context, const struct queue_file *file),
                       void *context, struct queue_folder_count *count,
                       char error[QUEUE_FOLDER_ERROR_SIZE])
{
    struct walk walk = {.heads = heads, .tell = tell_file, .context = context, .count = count};
    const struct dirent *entry;
    bool going = true;
    size_t length = strlen(path);
    if (length + 2 + NAME_MAX > sizeof walk.path) {
        system_error_say(error, QUEUE_FOLDER_ERROR_SIZE, "opendir", ENAMETOOLONG);
        return false;
    }
    walk.folder = opendir(path);
    if (!walk.folder) {
        system_error_say(error, QUEUE_FOLDER_ERROR_SIZE, "opendir", (unsigned long)errno);
        return false;
    }
    walk.path_count = (size_t)snprintf(walk.path, sizeof walk.path, "%s%s", path,
                                       length > 0 && path[length - 1] == '/' ? "" : "/");
    while (going && (errno = 0, entry = readdir(walk.folder)) != NULL) {
        if (is_message(entry->d_name))
            going = heads ? read_and_tell(&walk, entry->d_name) : look_at(&walk, entry->d_name);
    }
    int code = going ? errno : 0;
    if (code != 0)
        system_error_say(error, QUEUE_FOLDER_ERROR_SIZE, "readdir", (unsigned long)code);
    closedir(walk.folder);
    return code == 0;
}
