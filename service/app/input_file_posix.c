#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include "input_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system_error.h"

enum { COPY_SIZE = 65536 };

/* Copies all that comes to a temporary file without a name. Its descriptor, or -1 with an error. */
static int copy_to_file(int from, char error[INPUT_FILE_ERROR_SIZE])
{
    static char bytes[COPY_SIZE];
    const char *folder = getenv("TMPDIR");
    char path[4096];
    ssize_t got;

    snprintf(path, sizeof path, "%s/relaylock-XXXXXX", folder != NULL ? folder : "/tmp");
    int to = mkstemp(path);

    if (to < 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "mkstemp", (unsigned long)errno);
        return -1;
    }
    unlink(path);
    while ((got = read(from, bytes, sizeof bytes)) != 0) {
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "read", (unsigned long)errno);
            goto cleanup;
        }
        for (ssize_t put = 0, done; put < got; put += done) {
            done = write(to, bytes + put, (size_t)(got - put));
            if (done < 0 && errno == EINTR) {
                done = 0;
            } else if (done < 0) {
                system_error_say(error, INPUT_FILE_ERROR_SIZE, "write (a copy of standard input)",
                                 (unsigned long)errno);
                goto cleanup;
            }
        }
    }
    return to;
cleanup:
    close(to);
    return -1;
}

/* A descriptor of standard input that is a file, or -1 with an error. */
static int open_standard_input(char error[INPUT_FILE_ERROR_SIZE])
{
    struct stat status;

    if (fstat(STDIN_FILENO, &status) != 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "fstat", (unsigned long)errno);
        return -1;
    }
    if (!S_ISREG(status.st_mode)) {
        return copy_to_file(STDIN_FILENO, error);
    }
    int file = dup(STDIN_FILENO);

    if (file < 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "dup", (unsigned long)errno);
    }
    return file;
}

bool input_file_open(struct input_file *file, const char *path, char error[INPUT_FILE_ERROR_SIZE])
{
    struct stat status;
    int opened;

    if (path == NULL) {
        opened = open_standard_input(error);
    } else {
        opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe is refused, not awaited */
        if (opened < 0) {
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "open", (unsigned long)errno);
        }
    }
    if (opened < 0) {
        return false;
    }
    if (fstat(opened, &status) != 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "fstat", (unsigned long)errno);
    } else if (!S_ISREG(status.st_mode)) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "not a file");
    } else {
        *file = (struct input_file){opened, (uint64_t)status.st_size};
        return true;
    }
    close(opened);
    return false;
}

void input_file_close(struct input_file *file)
{
    close((int)file->handle);
    file->handle = -1;
}

bool input_file_read(const struct input_file *file, uint64_t offset, void *to, size_t size,
                     char error[INPUT_FILE_ERROR_SIZE])
{
    for (size_t done = 0; done < size;) {
        ssize_t got =
            pread((int)file->handle, (char *)to + done, size - done, (off_t)(offset + done));

        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0) {
            snprintf(error, INPUT_FILE_ERROR_SIZE, "the file was cut short while it was read");
            return false;
        } else if (errno != EINTR) {
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "pread", (unsigned long)errno);
            return false;
        }
    }
    return true;
}

static bool is_log(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && (strcasecmp(dot, ".evt") == 0 || strcasecmp(dot, ".evtx") == 0);
}

bool input_file_list(const char *path, bool (*tell)(void *context, const char *path), void *context,
                     char error[INPUT_FILE_ERROR_SIZE])
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    char file[4096];
    bool going = true;

    error[0] = '\0';
    if (folder == NULL) {
        if (errno != ENOTDIR && errno != ENOENT) { /* what it is then, open will say */
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "opendir", (unsigned long)errno);
        }
        return false;
    }
    while (going && (errno = 0, entry = readdir(folder)) != NULL) {
        if (is_log(entry->d_name)) {
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            going = tell(context, file);
        }
    }
    if (going && errno != 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "readdir", (unsigned long)errno);
        going = false;
    }
    closedir(folder);
    return going;
}
