#include "new_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "new_file_calls.h"

static char *copy_of(const char *path, const char *suffix)
{
    size_t size = strlen(path) + strlen(suffix) + 1;
    char *copy = malloc(size);

    if (copy != NULL) {
        snprintf(copy, size, "%s%s", path, suffix);
    }
    return copy;
}

static void forget(struct new_file *file)
{
    free(file->path);
    free(file->part);
    *file = (struct new_file){.out = NULL};
}

/* Whether nothing is at path, or a file that starts with the bytes of kind. */
static bool may_replace(const char *path, const char *kind, char error[NEW_FILE_ERROR_SIZE])
{
    char start[64];
    size_t count = strlen(kind);
    FILE *there = NULL;

    if (!new_file_call_read(path, &there, error)) {
        return false;
    }
    if (there == NULL) {
        return true;
    }
    bool same = count <= sizeof start && fread(start, 1, count, there) == count &&
                memcmp(start, kind, count) == 0;

    (void)fclose(there); /* it was only read */
    if (!same) {
        snprintf(error, NEW_FILE_ERROR_SIZE,
                 "there is such a file already, and not one that may be replaced");
    }
    return same;
}

bool new_file_begin(struct new_file *file, const char *path, const char *kind,
                    char error[NEW_FILE_ERROR_SIZE])
{
    struct new_file begun = {.path = copy_of(path, ""), .part = copy_of(path, ".part")};

    if (begun.path == NULL || begun.part == NULL) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "out of memory");
        forget(&begun);
        return false;
    }
    if (!may_replace(path, kind, error) ||
        (begun.out = new_file_call_create(begun.part, error)) == NULL) {
        forget(&begun);
        return false;
    }
    *file = begun;
    return true;
}

bool new_file_finish(struct new_file *file, char error[NEW_FILE_ERROR_SIZE])
{
    int code = 0;

    if (fflush(file->out) != 0) {
        code = errno;
    } else if (ferror(file->out)) {
        code = EIO; /* what it was is forgotten */
    }
    if (fclose(file->out) != 0 && code == 0) {
        code = errno;
    }
    if (code != 0) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "write: %s (%d)", strerror(code), code);
    }
    bool done = code == 0 && new_file_call_move(file->part, file->path, error);

    if (!done) {
        new_file_call_remove(file->part);
    }
    forget(file);
    return done;
}

void new_file_abandon(struct new_file *file)
{
    if (file->out != NULL) {
        (void)fclose(file->out); /* it goes, whatever is in it */
        new_file_call_remove(file->part);
    }
    forget(file);
}
