#define _POSIX_C_SOURCE 200809L
#include "new_file_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system_error.h"

bool new_file_call_read(const char *path, FILE **file, char error[NEW_FILE_ERROR_SIZE])
{
    struct stat status;
    /* A pipe is refused, not waited for. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0 && errno == ENOENT) {
        *file = NULL;
        return true;
    }
    if (descriptor < 0) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "open", (unsigned long)errno);
        return false;
    }
    if (fstat(descriptor, &status) != 0) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "fstat", (unsigned long)errno);
    } else if (!S_ISREG(status.st_mode)) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "not a file");
    } else if ((*file = fdopen(descriptor, "rb")) == NULL) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "fdopen", (unsigned long)errno);
    } else {
        return true;
    }
    close(descriptor);
    return false;
}

FILE *new_file_call_create(const char *path, char error[NEW_FILE_ERROR_SIZE])
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;

    if (file == NULL) {
        system_error_say(error, NEW_FILE_ERROR_SIZE,
                         descriptor >= 0 ? "fdopen of .part" : "open of .part",
                         (unsigned long)errno);
    }
    if (file == NULL && descriptor >= 0) {
        close(descriptor);
        unlink(path);
    }
    return file;
}

bool new_file_call_move(const char *from, const char *to, char error[NEW_FILE_ERROR_SIZE])
{
    if (rename(from, to) != 0) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "rename", (unsigned long)errno);
        return false;
    }
    return true;
}

void new_file_call_remove(const char *path)
{
    unlink(path);
}
