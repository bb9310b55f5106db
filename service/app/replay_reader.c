#include "replay_reader.h"

#include <stdlib.h>
#include <string.h>

#include "replay_order.h"

struct replay_reader *replay_reader_create(void)
{
    return calloc(1, sizeof(struct replay_reader));
}

void replay_reader_destroy(struct replay_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->count; i++) {
        struct replay_input *input = reader->sources[i].input;

        if (reader->sources[i].awake) {
            input->methods->rest(input);
        }
        input->methods->close(input);
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
    size_t more = *room == 0 ? 16 : *room * 2;

    if (count < *room) {
        return true;
    }
    void *larger = realloc(*array, more * element);

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

/* ---- who is awake --------------------------------------------------------------------------- */

static void lay_to_rest(struct replay_reader *reader, struct replay_source *source)
{
    source->input->methods->rest(source->input);
    source->awake = false;
    reader->awake--;
}

static void end_source(struct replay_reader *reader, struct replay_source *source)
{
    source->at_end = true;
    if (source->awake) {
        lay_to_rest(reader, source);
    }
}

/* Wakes a source, for whom the one that was not read for the longest time may have to rest. False
 * when it cannot be read any further. */
static bool wake(struct replay_reader *reader, struct replay_source *source)
{
    source->used = ++reader->uses;
    if (source->awake) {
        return true;
    }
    if (reader->awake == REPLAY_AWAKE_MAX) {
        struct replay_source *longest = NULL;

        for (size_t i = 0; i < reader->count; i++) {
            struct replay_source *other = &reader->sources[i];

            if (other->awake && (longest == NULL || other->used < longest->used)) {
                longest = other;
            }
        }
        lay_to_rest(reader, longest);
    }
    source->awake = source->input->methods->wake(source->input, &source->head);
    reader->awake += source->awake;
    return source->awake;
}

/* Reads the first record of each source. */
static void read_first(struct replay_reader *reader, struct replay_source *source)
{
    if (!wake(reader, source)) {
        source->at_end = true;
        return;
    }
    if (!source->input->methods->next(source->input, &source->head)) {
        source->at_end = true;
        source->gap_at_end = source->head.passed > 0;
    } else {
        source->first = replay_key_of(&source->head);
    }
    lay_to_rest(reader, source);
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

/* ---- whose turn it is ----------------------------------------------------------------------- */

/* Takes the next record of the source that is being read as its head, as long as it is still its
 * turn; else, or at its end, null. */
static struct replay_source *go_on(struct replay_reader *reader)
{
    struct replay_source *source = reader->current;

    if (!source->input->methods->next(source->input, &source->head)) {
        source->gap_at_end = source->head.passed > 0;
        end_source(reader, source);
        return NULL;
    }
    return source->head.time <= reader->time_limit &&
                   (!reader->has_number_limit ||
                    replay_number_before(source->head.number, reader->number_limit))
               ? source
               : NULL;
}

/* ---- what is delivered ---------------------------------------------------------------------- */

static void count_in_file(struct replay_file *file, const struct replay_record *record)
{
    if (file->records++ == 0) {
        file->first_number = record->number;
        file->first_time = record->time;
    }
    file->last_number = record->number;
    file->last_time = record->time;
    file->matched += record->matched;
    file->malformed += record->matched && !record->well_formed;
}

/* What is missing before the head of a source, given how far its log was read. */
static void find_gap(const struct replay_source *source, const struct replay_log *log,
                     struct replay_stretch *stretch)
{
    const struct replay_record *head = &source->head;
    uint64_t expected = log->last.number + 1;

    if (log->started && source->input->every_number) {
        expected = (uint32_t)expected;
    }
    bool missing =
        log->started && source->input->every_number && replay_number_before(expected, head->number);

    stretch->has_gap = missing || head->passed > 0;
    if (!stretch->has_gap) {
        return;
    }
    stretch->gap = (struct replay_gap){
        .kind = head->passed > 0 ? REPLAY_GAP_DAMAGE : REPLAY_GAP_NUMBERS,
        .file = stretch->file,
        .first = missing ? expected : 1,
        .last = missing ? (uint32_t)(head->number - 1) : 0,
        .offset = head->passed > 0 ? head->passed_at : 0,
        .bytes = head->passed,
        .before = log->started ? log->last.time : head->time,
        .after = head->time,
    };
}

static const struct replay_stretch *deliver(struct replay_reader *reader,
                                            struct replay_source *source)
{
    struct replay_stretch *stretch = &reader->stretch;
    struct replay_log *log = &reader->logs[source->log];
    const struct replay_record *head = &source->head;

    stretch->record = head;
    stretch->file = (uint32_t)(source - reader->sources);
    stretch->repeated = false;
    if (log->count > 1) {
        struct replay_key key = replay_key_of(head);

        stretch->repeated = log->started && replay_key_equal(&key, &log->last);
        find_gap(source, log, stretch);
        log->last = key;
    } else {
        find_gap(source, log, stretch);
        log->last.number = head->number;
        log->last.time = head->time;
    }
    log->started = true;
    log->matched = log->matched || head->matched;
    count_in_file(&reader->files[stretch->file], head);
    reader->records++;
    return stretch;
}

/* What was passed over at the end of a file; null when nothing was. */
static const struct replay_stretch *deliver_end(struct replay_reader *reader,
                                                struct replay_source *source)
{
    struct replay_stretch *stretch = &reader->stretch;
    int64_t time = 0;

    if (!source->gap_at_end) {
        return NULL;
    }
    source->gap_at_end = false;
    if (source->log != REPLAY_NO_LOG) {
        time = reader->logs[source->log].last.time;
    }
    *stretch =
        (struct replay_stretch){.file = (uint32_t)(source - reader->sources), .has_gap = true};
    stretch->gap = (struct replay_gap){.kind = REPLAY_GAP_DAMAGE,
                                       .file = stretch->file,
                                       .first = 1,
                                       .last = 0,
                                       .offset = source->head.passed_at,
                                       .bytes = source->head.passed,
                                       .before = time,
                                       .after = time};
    return stretch;
}

const struct replay_stretch *replay_reader_next(struct replay_reader *reader)
{
    struct replay_source *source = reader->current;

    if (source != NULL) {
        struct replay_source *same = go_on(reader);

        if (same != NULL) {
            return deliver(reader, same);
        }
        reader->current = NULL;
        replay_order_update(reader, source);
        const struct replay_stretch *end = deliver_end(reader, source);

        if (end != NULL) {
            return end;
        }
    }
    while ((source = replay_order_choose(reader)) != NULL) {
        if (wake(reader, source)) {
            reader->current = source;
            return deliver(reader, source);
        }
        end_source(reader, source);
        replay_order_update(reader, source);
    }
    /* Files that hold nothing but damage were never chosen. */
    for (size_t i = 0; i < reader->count; i++) {
        const struct replay_stretch *end = deliver_end(reader, &reader->sources[i]);

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
