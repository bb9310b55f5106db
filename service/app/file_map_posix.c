#define _POSIX_C_SOURCE 200809L
#include "file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(char error[FILE_MAP_ERROR_SIZE], const char *call, int code)
{
    snprintf(error, FILE_MAP_ERROR_SIZE, "%s: %s (%d)", call, strerror(code), code);
}

static bool map_open_file(struct file_map *map, int file, char error[FILE_MAP_ERROR_SIZE])
{
    struct stat status;

    if (fstat(file, &status) != 0) {
        say(error, "fstat", errno);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "not a file");
        return false;
    }
    if (status.st_size == 0) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "the file is empty");
        return false;
    }
    if ((uintmax_t)status.st_size > SIZE_MAX / 2) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "the file is too large for this machine");
        return false;
    }
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);

    if (bytes == MAP_FAILED) {
        say(error, "mmap", errno);
        return false;
    }
    *map = (struct file_map){bytes, (size_t)status.st_size};
    return true;
}

bool file_map_open(struct file_map *map, const char *path, char error[FILE_MAP_ERROR_SIZE])
{
    int file =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe is refused, not waited for */

    if (file < 0) {
        say(error, "open", errno);
        return false;
    }
    bool mapped = map_open_file(map, file, error);

    close(file); /* the mapping stays */
    return mapped;
}

void file_map_close(struct file_map *map)
{
    munmap((void *)(uintptr_t)map->bytes, map->size);
    *map = (struct file_map){NULL, 0};
}
