#include "replay_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool open_log(struct replay_source *source, char error[FILE_MAP_ERROR_SIZE])
{
    static const uint8_t evtx[] = "ElfFile"; /* terminator included: MS-EVEN6 2.2 */
    const struct file_map *map = &source->map;

    if (saved_log_open(&source->log, map->bytes, map->size, source->joint)) {
        return true;
    }
    bool newer = map->size >= sizeof evtx && memcmp(map->bytes, evtx, sizeof evtx) == 0;

    snprintf(error, FILE_MAP_ERROR_SIZE, "%s",
             newer ? "an event log of Windows Vista or later (.evtx); replay reads .evt"
                   : "not an event log (.evt)");
    return false;
}

bool replay_source_open(struct replay_source *source, const char *path, size_t place,
                        char error[FILE_MAP_ERROR_SIZE])
{
    struct replay_source opened = {.path = path, .place = place};

    if (!file_map_open(&opened.map, path, error)) {
        return false;
    }
    opened.joint = malloc(SAVED_LOG_RECORD_MAX);
    if (opened.joint == NULL) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "no memory to read it");
        goto cleanup;
    }
    if (!open_log(&opened, error)) {
        goto cleanup;
    }
    replay_source_advance(&opened);
    opened.first_time = opened.at_end ? INT64_MAX : opened.head.generated;
    *source = opened;
    return true;
cleanup:
    replay_source_close(&opened);
    return false;
}

void replay_source_close(struct replay_source *source)
{
    free(source->joint);
    file_map_close(&source->map);
}

static int by_time(const void *a, const void *b)
{
    const struct replay_source *one = a, *other = b;

    if (one->first_time != other->first_time) {
        return one->first_time < other->first_time ? -1 : 1;
    }
    return one->place < other->place ? -1 : 1;
}

void replay_source_sort(struct replay_source *sources, size_t count)
{
    qsort(sources, count, sizeof *sources, by_time);
}

struct replay_source *replay_source_oldest(struct replay_source *sources, size_t count)
{
    struct replay_source *oldest = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!sources[i].at_end &&
            (oldest == NULL || sources[i].head.generated < oldest->head.generated)) {
            oldest = &sources[i];
        }
    }
    return oldest;
}

void replay_source_advance(struct replay_source *source)
{
    source->at_end = !saved_log_next(&source->log, &source->head);
}
