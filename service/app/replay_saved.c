#include "replay_saved.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/saved_log.h"
#include "input_file.h"

_Static_assert((int)REPLAY_ERROR_SIZE == (int)INPUT_FILE_ERROR_SIZE, "errors are handed on");

enum { BATCH_MOST = 32 };

struct replay_saved {
    struct replay_input input;
    const char *path; /* null: standard input */
    const struct replay_search *search;
    struct input_file file;
    uint64_t *window; /* null: at rest */
    struct saved_log log;
    struct saved_log begun;        /* as it was when it was opened ... */
    struct saved_log before;       /* ... and before the records that were given last */
    size_t skip;                   /* of these, so many are not to come again after waking */
    char error[REPLAY_ERROR_SIZE]; /* why the file could not be read; empty when it could */
};

static bool read_file(void *context, uint64_t offset, void *to, size_t size)
{
    struct replay_saved *saved = context;

    return input_file_read(&saved->file, offset, to, size, saved->error);
}

/* Standard input cannot be opened a second time, so that it stays open. */
static bool open_file(struct replay_saved *saved)
{
    uint64_t size = saved->file.size;

    if (saved->path == NULL) {
        return true;
    }
    if (!input_file_open(&saved->file, saved->path, saved->error)) {
        return false;
    }
    if (saved->file.size < size) {
        snprintf(saved->error, sizeof saved->error, "the file was cut short while it was read");
        saved->file.size = size;
        input_file_close(&saved->file);
        return false;
    }
    return true;
}

static void close_file(struct replay_saved *saved)
{
    if (saved->path != NULL) {
        input_file_close(&saved->file);
    }
}

static bool make_window(struct replay_saved *saved)
{
    saved->window = malloc(SAVED_LOG_WINDOW_SIZE);
    if (saved->window == NULL) {
        snprintf(saved->error, sizeof saved->error, "no memory to read it");
    }
    return saved->window != NULL;
}

static void lay_down(struct replay_saved *saved)
{
    free(saved->window);
    saved->window = NULL;
    close_file(saved);
}

static bool get_up(struct replay_saved *saved)
{
    if (!open_file(saved)) {
        return false;
    }
    if (!make_window(saved)) {
        close_file(saved);
        return false;
    }
    return true;
}

static void saved_rest(struct replay_input *input, size_t taken)
{
    struct replay_saved *saved = (struct replay_saved *)input;

    if (!saved->log.failed) {
        saved->log = saved->before;
        saved->skip = taken;
    }
    saved_log_take_window(&saved->log);
    lay_down(saved);
}

static bool saved_wake(struct replay_input *input)
{
    struct replay_saved *saved = (struct replay_saved *)input;
    struct event_record taken;

    if (!get_up(saved)) {
        saved->log.failed = true;
        return false;
    }
    saved_log_give_window(&saved->log, saved->window);
    for (; saved->skip > 0; saved->skip--) {
        if (!saved_log_next(&saved->log, &taken)) {
            if (!saved->log.failed) {
                snprintf(saved->error, sizeof saved->error,
                         "the file was changed while it was read");
                saved->log.failed = true;
            }
            saved_rest(input, 0);
            return false;
        }
    }
    saved->before = saved->log;
    return true;
}

static void convert(const struct event_found *found, struct replay_record *record)
{
    const struct event_record *from = &found->record;

    record->number = from->number;
    record->time = from->generated;
    record->written = from->written;
    record->computer = from->computer;
    record->strings = from->strings;
    record->matched = found->matches;
    record->well_formed = false;
    record->mark.place = 0;
    record->passed = 0;
}

/* Decodes the next records, as far as they follow each other in the window; or one, if there is
 * more to it. */
static size_t decode_batch(struct replay_saved *saved, struct event_found *found, size_t most)
{
    struct saved_log *log = &saved->log;
    struct event_shapes *shapes = saved->search->shapes;
    size_t count = saved_log_next_beside(log, shapes, found, most);

    if (count == 0 && saved_log_next(log, &found[0].record)) {
        event_shapes_judge(shapes, &found[0]);
        count = 1;
    }
    return count;
}

/* What is remembered of all the sign-ins is asked for before the first is taken. */
static size_t saved_next(struct replay_input *input, struct replay_record *records, size_t most)
{
    struct replay_saved *saved = (struct replay_saved *)input;
    struct sign_in_memo *memo = saved->search->memo;
    struct event_found found[BATCH_MOST];
    uint32_t expected[BATCH_MOST];

    saved->before = saved->log;
    size_t count = decode_batch(saved, found, most < BATCH_MOST ? most : BATCH_MOST);

    for (size_t i = 0; i < count; i++) {
        expected[i] = found[i].matches ? sign_in_memo_expect(memo, &found[i].record) : 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct replay_record *record = &records[i];

        convert(&found[i], record);
        if (record->matched) {
            record->well_formed = sign_in_memo_take(memo, &found[i].record, expected[i],
                                                    &record->event, &record->mark);
            if (!record->well_formed) {
                record->foreign =
                    !origin_counts(&saved->search->shapes->filter.origins, record->computer);
            }
        }
    }
    records[0].passed = saved->log.passed;
    records[0].passed_at = saved->log.passed_at;
    if (count == 0) {
        saved->before = saved->log; /* the end stays reached */
    }
    return count;
}

static bool saved_find(struct replay_input *input, uint64_t number, struct replay_key *key)
{
    struct replay_saved *saved = (struct replay_saved *)input;
    struct saved_log log = saved->begun;
    struct event_record found;
    bool reached = false;

    if (!get_up(saved)) {
        return false;
    }
    saved_log_give_window(&log, saved->window);
    while (!reached && saved_log_next(&log, &found)) {
        /* Numbers go on from 4294967295 with 0. */
        reached = found.number - (uint32_t)number <= UINT32_MAX / 2;
    }
    if (reached) {
        *key = replay_key_of(&(struct replay_record){.number = found.number,
                                                     .time = found.generated,
                                                     .written = found.written,
                                                     .computer = found.computer});
    }
    lay_down(saved);
    return reached;
}

static bool saved_remark(const struct replay_input *input, size_t index,
                         char text[REPLAY_ERROR_SIZE])
{
    const struct replay_saved *saved = (const struct replay_saved *)input;
    const struct saved_log *log = &saved->log;

    if (log->damaged > 0 && index-- == 0) {
        snprintf(text, REPLAY_ERROR_SIZE,
                 "damaged: %" PRIu64 " bytes passed over, places: %" PRIu32
                 ", the first at offset %" PRIu64,
                 log->skipped, log->damaged, log->damaged_at);
        return true;
    }
    if (log->incomplete && index-- == 0) {
        snprintf(text, REPLAY_ERROR_SIZE,
                 "incomplete: records are missing from it (cut short, or overwritten in part)");
        return true;
    }
    if (log->failed && index == 0) {
        memcpy(text, saved->error, REPLAY_ERROR_SIZE);
        return true;
    }
    return false;
}

static uint64_t saved_position(const struct replay_input *input)
{
    return ((const struct replay_saved *)input)->log.at;
}

static void saved_close(struct replay_input *input)
{
    struct replay_saved *saved = (struct replay_saved *)input;

    if (saved->path == NULL) {
        input_file_close(&saved->file);
    }
    free(saved);
}

static const struct replay_input_methods saved_methods = {
    .next = saved_next,
    .rest = saved_rest,
    .wake = saved_wake,
    .find = saved_find,
    .remark = saved_remark,
    .position = saved_position,
    .close = saved_close,
};

/* Why the open file is no saved log. */
static void say_what_it_is(struct replay_saved *saved)
{
    static const uint8_t evtx[] = "ElfFile"; /* terminator included: MS-EVEN6 2.2 */
    uint8_t start[sizeof evtx];

    if (saved->error[0] != '\0') {
        return; /* it could not be read */
    }
    if (saved->file.size == 0) {
        snprintf(saved->error, sizeof saved->error, "the file is empty");
        return;
    }
    bool newer = saved->file.size >= sizeof start && read_file(saved, 0, start, sizeof start) &&
                 memcmp(start, evtx, sizeof start) == 0;

    snprintf(saved->error, sizeof saved->error, "%s",
             newer ? "an event log of Windows Vista or later (.evtx); here replay reads .evt"
                   : "not an event log (.evt)");
}

struct replay_input *replay_saved_open(const char *path, const struct replay_search *search,
                                       char error[REPLAY_ERROR_SIZE])
{
    struct replay_saved *saved = calloc(1, sizeof *saved);

    if (saved == NULL) {
        snprintf(error, REPLAY_ERROR_SIZE, "no memory to read it");
        return NULL;
    }
    saved->path = path;
    saved->search = search;
    if (!input_file_open(&saved->file, path, saved->error)) {
        goto failed;
    }
    const struct saved_log_file file = {saved->file.size, read_file, saved};
    bool opened = make_window(saved) && saved_log_open(&saved->log, &file, saved->window);

    if (!opened) {
        say_what_it_is(saved);
        free(saved->window);
        input_file_close(&saved->file);
        goto failed;
    }
    saved->begun = saved->before = saved->log;
    saved->input = (struct replay_input){.methods = &saved_methods,
                                         .size = saved->log.length,
                                         .every_number = true,
                                         .counted = saved->log.counted,
                                         .next_number = saved->log.next_number};
    saved_rest(&saved->input, 0);
    return &saved->input;
failed:
    memcpy(error, saved->error, REPLAY_ERROR_SIZE);
    free(saved);
    return NULL;
}
