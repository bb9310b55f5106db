#include "replay_order.h"

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

static size_t count_foreign(const struct replay_record *records, size_t count)
{
    size_t foreign = 0;

    for (size_t i = 0; i < count; i++) {
        foreign += records[i].matched && !records[i].well_formed && records[i].foreign;
    }
    return foreign;
}

/* Makes the stretch from the head of a source: with the records of its batch, at most `most`, that
 * follow the head without a gap and whose turn it is. */
static void stretch_from(const struct replay_reader *reader, const struct replay_source *source,
                         size_t most, struct replay_stretch *stretch)
{
    const struct replay_batch *batch = source->batch;
    const struct replay_record *records = &batch->records[batch->head];
    const int64_t time_limit = reader->time_limit;
    size_t count = 1, matched = records[0].matched, well_formed = records[0].well_formed;
    uint64_t number = records[0].number;

    if (most > batch->count - batch->head) {
        most = batch->count - batch->head;
    }
    for (; count < most && records[count].passed == 0 && records[count].number == ++number &&
           records[count].time <= time_limit;
         count++) {
        matched += records[count].matched;
        well_formed += records[count].well_formed;
    }
    stretch->records = records;
    stretch->count = count;
    stretch->matched = matched;
    stretch->malformed = matched - well_formed;
    stretch->foreign = stretch->malformed > 0 ? count_foreign(records, count) : 0;
    stretch->malformed -= stretch->foreign;
}

static void count_in_file(struct replay_file *file, const struct replay_stretch *stretch)
{
    const struct replay_record *records = stretch->records;
    const struct replay_record *last = &records[stretch->count - 1];
    if (file->records == 0) {
        file->first_number = records->number;
        file->first_time = records->time;
    }
    file->last_number = last->number;
    file->last_time = last->time;
    file->records += stretch->count;
    file->matched += stretch->matched;
    file->malformed += stretch->malformed;
    file->foreign += stretch->foreign;
}

const struct replay_stretch *replay_stretch_from_head(struct replay_reader *reader,
                                                      const struct replay_source *source)
{
    struct replay_stretch *stretch = &reader->stretch;
    struct replay_log *log = &reader->logs[source->log];
    const struct replay_batch *batch = source->batch;
    size_t most = REPLAY_BATCH;

    stretch->file = (uint32_t)(source - reader->sources);
    stretch->repeated = false;
    if (log->count > 1 && log->started) {
        struct replay_key key = replay_key_of(&batch->records[batch->head]);

        stretch->repeated = replay_key_equal(&key, &log->last);
    }
    if (stretch->repeated || reader->has_number_limit || !source->input->every_number) {
        most = 1;
    }
    stretch_from(reader, source, most, stretch);
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

const struct replay_stretch *replay_stretch_at_end(struct replay_reader *reader,
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
