#include "replay_reader.h"

#include <stdlib.h>
#include <string.h>

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
    if (reader->awake == REPLAY_AWAKE_MAX) {
        lay_to_rest(reader, longest_unread(reader));
    }
    source->batch = calloc(1, sizeof *source->batch);
    if (source->batch == NULL || !source->input->methods->wake(source->input)) {
        free(source->batch);
        source->batch = NULL;
        source->at_end = true;
        return false;
    }
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

/* What is missing before the head of a source, given how far its log was read. */
static void find_gap(const struct replay_source *source, const struct replay_log *log,
                     struct replay_stretch *stretch)
{
    const struct replay_record *head = &source->batch->records[source->batch->head];
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

/* The records of a batch, from the head on, that follow it without a gap and whose turn it is. */
static size_t stretch_of(const struct replay_reader *reader, const struct replay_batch *batch,
                         const struct replay_source *source)
{
    const struct replay_record *records = &batch->records[batch->head];
    size_t most = batch->count - batch->head, count = 1;

    if (reader->has_number_limit || !source->input->every_number) {
        return 1;
    }
    while (count < most && records[count].passed == 0 &&
           records[count].number == records[count - 1].number + 1 &&
           records[count].time <= reader->time_limit) {
        count++;
    }
    return count;
}

static void count_in_file(struct replay_file *file, struct replay_stretch *stretch)
{
    const struct replay_record *records = stretch->records;
    const struct replay_record *last = &records[stretch->count - 1];

    stretch->matched = stretch->malformed = 0;
    for (size_t i = 0; i < stretch->count; i++) {
        stretch->matched += records[i].matched;
        stretch->malformed += records[i].matched && !records[i].well_formed;
    }
    if (file->records == 0) {
        file->first_number = records->number;
        file->first_time = records->time;
    }
    file->last_number = last->number;
    file->last_time = last->time;
    file->records += stretch->count;
    file->matched += stretch->matched;
    file->malformed += stretch->malformed;
}

static const struct replay_stretch *deliver(struct replay_reader *reader,
                                            struct replay_source *source)
{
    struct replay_stretch *stretch = &reader->stretch;
    struct replay_log *log = &reader->logs[source->log];
    const struct replay_batch *batch = source->batch;

    stretch->records = &batch->records[batch->head];
    stretch->file = (uint32_t)(source - reader->sources);
    stretch->repeated = false;
    if (log->count > 1 && log->started) {
        struct replay_key key = replay_key_of(stretch->records);

        stretch->repeated = replay_key_equal(&key, &log->last);
    }
    stretch->count = stretch->repeated ? 1 : stretch_of(reader, batch, source);
    find_gap(source, log, stretch);
    const struct replay_record *last = &stretch->records[stretch->count - 1];

    log->last.number = last->number;
    log->last.time = last->time;
    if (log->count > 1) {
        log->last = replay_key_of(last);
    }
    log->started = true;
    count_in_file(&reader->files[stretch->file], stretch);
    log->matched = log->matched || stretch->matched > 0;
    reader->records += stretch->count;
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
                                       .offset = source->passed_at,
                                       .bytes = source->passed,
                                       .before = time,
                                       .after = time};
    return stretch;
}

const struct replay_stretch *replay_reader_next(struct replay_reader *reader)
{
    struct replay_source *source = reader->current;

    if (source != NULL) {
        size_t delivered = reader->stretch.count;

        /* Mostly it goes on as long as it has come. */
        if (next_head(reader, source, delivered) && source->head_time <= reader->time_limit &&
            (!reader->has_number_limit ||
             replay_number_before(source->head_number, reader->number_limit))) {
            return deliver(reader, source);
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
