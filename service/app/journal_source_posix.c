#include "journal_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/journal.h"

const bool journal_source_has_own = false;

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "relaylock incidents: %s: %s\n", path, what);
    return false;
}

bool journal_source_read(const char *path, uint8_t **bytes, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return complain(path, strerror(errno));
    bool done = false;
    uint8_t *read = malloc(JOURNAL_FILE_MAX + 1);
    if (!read) {
        complain(path, "no memory");
        goto close_file;
    }
    size_t count = fread(read, 1, JOURNAL_FILE_MAX + 1, file);
    if (ferror(file)) {
        complain(path, strerror(errno));
    } else if (count > JOURNAL_FILE_MAX) {
        complain(path, "larger than a journal can be");
    } else {
        *bytes = read;
        *size = count;
        done = true;
    }
    if (!done)
        free(read);
close_file:
    fclose(file);
    return done;
}

void journal_source_free(uint8_t *bytes)
{
    free(bytes);
}
