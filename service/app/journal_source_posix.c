#include "journal_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shown.h"
#include "../core/journal.h"

const bool journal_source_has_own = false;

bool journal_source_own_exists(void)
{
    return false;
}

static bool complain(const char *verb, const char *path, const char *what)
{
    fprintf(stderr, "relaylock %s: ", verb);
    shown_put_utf8(path, stderr);
    fprintf(stderr, ": %s\n", what);
    return false;
}

bool journal_source_read(const char *verb, const char *path, uint8_t **bytes, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return complain(verb, path, strerror(errno));
    bool done = false;
    uint8_t *read = malloc(JOURNAL_FILE_MAX + 1);
    if (!read) {
        complain(verb, path, "no memory");
        goto close_file;
    }
    size_t count = fread(read, 1, JOURNAL_FILE_MAX + 1, file);
    if (ferror(file)) {
        complain(verb, path, strerror(errno));
    } else if (count > JOURNAL_FILE_MAX) {
        complain(verb, path, "larger than a journal can be");
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
