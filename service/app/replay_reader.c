#include "replay_reader.h"

#include <stdlib.h>
#include <string.h>

#include "../core/checked.h"
#include "replay_order.h"

struct replay_reader *replay_reader_create(void)
{
    return calloc(1, sizeof(struct replay_reader));
}

/* ---- who is awake --------------------------------------------------------------------------- */

static void lay_to_rest(struct replay_reader *reader, struct replay_source *source)
{
    source->input->methods->rest(source->input, source->batch->head);
    free(source->batch);
    source->batch = NULL;
    reader->awake--;
}

static void end_source(struct replay_reader *reader, struct replay_source *source)
{
    source->at_end = true;
    if (source->batch != NULL) {
        lay_to_rest(reader, source);
    }
}

/* The source that was not read for the longest time. */
static struct replay_source *longest_unread(struct replay_reader *reader)
{
    struct replay_source *longest = NULL;

    for (size_t i = 0; i < reader->count; i++) {
        struct replay_source *source = &reader->sources[i];

        if (source->batch != NULL && (longest == NULL || source->used < longest->used)) {
            longest = source;
        }
    }
    return longest;
}

/* Takes what was delivered of a batch off it, and makes the next record the source's head; at its
 * end it has none any more, and rests. */
static bool next_head(struct replay_reader *reader, struct replay_source *source, size_t delivered)
{
    struct replay_batch *batch = source->batch;

    batch->head += delivered;
    if (batch->head == batch->count) {
        batch->head = 0;
        batch->count = source->input->methods->next(source->input, batch->records, REPLAY_BATCH);
        if (batch->count == 0) {
            source->passed = batch->records[0].passed;
            source->passed_at = batch->records[0].passed_at;
            source->gap_at_end = source->passed > 0;
            end_source(reader, source);
            return false;
        }
    }
    source->head_number = batch->records[batch->head].number;
    source->head_time = batch->records[batch->head].time;
    return true;
}

/* Wakes a source, so that its head can be delivered; the one that was not read for the longest time
 * may have to rest for it. False when it cannot be read any further; then it has ended. */
static bool wake(struct replay_reader *reader, struct replay_source *source)
{
    source->used = ++reader->uses;
    if (source->batch != NULL) {
        return true;
    }
    struct replay_source *rests = reader->awake == REPLAY_AWAKE_MAX ? longest_unread(reader) : NULL;

    if (rests != NULL) {
        lay_to_rest(reader, rests);
    }
    struct replay_batch *batch = calloc(1, sizeof *batch);

    if (batch == NULL || !source->input->methods->wake(source->input)) {
        free(batch);
        source->at_end = true;
        return false;
    }
    source->batch = batch;
    reader->awake++;
    return next_head(reader, source, 0);
}

/* Reads the first record of a source. */
static void read_first(struct replay_reader *reader, struct replay_source *source)
{
    if (wake(reader, source)) {
        source->first = replay_key_of(&source->batch->records[0]);
        lay_to_rest(reader, source);
    }
}

/* ---- a reader -------------------------------------------------------------------------------- */

void replay_reader_destroy(struct replay_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->count; i++) {
        struct replay_source *source = &reader->sources[i];

        if (source->batch != NULL) {
            lay_to_rest(reader, source);
        }
        source->input->methods->close(source->input);
    }
    free(reader->sources);
    free(reader->files);
    free(reader->logs);
    free(reader->active);
    free(reader);
}

/* One more element in an array of room for *room. False when memory is out. */
static bool grow(void **array, size_t element, size_t count, size_t *room)
{
    size_t more = *room == 0 ? 8 : *room;

    if (count < *room) {
        return true;
    }
    bool counted = checked_multiply(&more, 2);
    size_t size = more;
    void *larger = counted && checked_multiply(&size, element) ? realloc(*array, size) : NULL;

    if (larger == NULL) {
        return false;
    }
    *array = larger;
    *room = more;
    return true;
}

bool replay_reader_add(struct replay_reader *reader, struct replay_input *input, const char *path)
{
    if (reader->count == REPLAY_INPUTS_MAX ||
        !grow((void **)&reader->sources, sizeof *reader->sources, reader->count, &reader->room)) {
        return false;
    }
    reader->sources[reader->count] = (struct replay_source){
        .input = input, .path = path, .place = (uint32_t)reader->count, .log = REPLAY_NO_LOG};
    reader->count++;
    return true;
}

bool replay_reader_start(struct replay_reader *reader)
{
    reader->files = calloc(reader->count + 1, sizeof *reader->files);
    reader->logs = calloc(reader->count + 1, sizeof *reader->logs);
    reader->active = calloc(reader->count + 1, sizeof *reader->active);
    if (reader->files == NULL || reader->logs == NULL || reader->active == NULL) {
        return false;
    }
    for (size_t i = 0; i < reader->count; i++) {
        read_first(reader, &reader->sources[i]);
    }
    replay_order_make(reader);
    for (size_t i = 0; i < reader->count; i++) {
        reader->files[i].path = reader->sources[i].path;
    }
    return true;
}

/* ---- what is delivered ---------------------------------------------------------------------- */

const struct replay_stretch *replay_reader_next(struct replay_reader *reader)
{
    struct replay_source *source = reader->current;

    if (source != NULL) {
        size_t delivered = reader->stretch.count;

        /* Mostly it goes on as long as it has come. */
        if (next_head(reader, source, delivered) && source->head_time <= reader->time_limit &&
            (!reader->has_number_limit ||
             replay_number_before(source->head_number, reader->number_limit))) {
            return replay_stretch_from_head(reader, source);
        }
        reader->current = NULL;
        replay_order_update(reader, source);
        const struct replay_stretch *end = replay_stretch_at_end(reader, source);

        if (end != NULL) {
            return end;
        }
    }
    while ((source = replay_order_choose(reader)) != NULL) {
        if (wake(reader, source)) {
            reader->current = source;
            return replay_stretch_from_head(reader, source);
        }
        replay_order_update(reader, source);
    }
    /* Files that hold nothing but damage were never chosen. */
    for (size_t i = 0; i < reader->count; i++) {
        const struct replay_stretch *end = replay_stretch_at_end(reader, &reader->sources[i]);

        if (end != NULL) {
            return end;
        }
    }
    return NULL;
}

size_t replay_reader_file_count(const struct replay_reader *reader)
{
    return reader->count;
}

const struct replay_file *replay_reader_files(const struct replay_reader *reader)
{
    return reader->files;
}

bool replay_reader_remark(const struct replay_reader *reader, size_t file, size_t index,
                          char text[REPLAY_ERROR_SIZE])
{
    const struct replay_input *input = reader->sources[file].input;

    return input->methods->remark(input, index, text);
}

void replay_reader_progress(const struct replay_reader *reader, struct replay_progress *progress)
{
    *progress = (struct replay_progress){.records = reader->records};
    for (size_t i = 0; i < reader->count; i++) {
        const struct replay_input *input = reader->sources[i].input;

        progress->bytes += input->methods->position(input);
        progress->bytes_total += input->size;
    }
}
