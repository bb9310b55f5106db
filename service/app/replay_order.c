#include "replay_order.h"

#include <stdlib.h>

static const uint32_t none = UINT32_MAX;

/* ---- which sources are one log -------------------------------------------------------------- */

static int by_first_record(const void *a, const void *b)
{
    const struct replay_source *one = a, *other = b;

    if (one->at_end != other->at_end) {
        return one->at_end ? 1 : -1;
    }
    if (!one->at_end && one->first.time != other->first.time) {
        return one->first.time < other->first.time ? -1 : 1;
    }
    return one->place < other->place ? -1 : 1;
}

/* Whether a source holds a record, as far as it can be told. */
static bool holds(struct replay_source *source, const struct replay_key *key)
{
    struct replay_input *input = source->input;
    struct replay_key met;

    /* Most are told apart by the numbers they hold. */
    if (replay_number_before(key->number, source->first.number) ||
        (input->counted && !replay_number_before(key->number, input->next_number))) {
        return false;
    }
    if (!input->methods->find(input, key->number, &met)) {
        return false;
    }
    if (met.number == key->number) {
        return replay_key_equal(&met, key);
    }
    /* It is damaged there. */
    return input->every_number && met.computer == key->computer &&
           source->first.time <= key->time && key->time <= met.time;
}

/* Puts a source and all of its log into the log of an earlier one. */
static void join(struct replay_reader *reader, uint32_t index, uint32_t log)
{
    uint32_t joined = reader->sources[index].log;

    for (uint32_t i = 0; i <= index; i++) {
        if (reader->sources[i].log == joined) {
            reader->sources[i].log = log;
        }
    }
}

/* Finds the log of a source among those before it; it may be what shows that two of these are one.
 */
static void find_log(struct replay_reader *reader, uint32_t index)
{
    struct replay_source *source = &reader->sources[index];

    source->log = index;
    for (uint32_t i = 0; i < index; i++) {
        struct replay_source *other = &reader->sources[i];

        if (other->log != source->log &&
            (holds(other, &source->first) || holds(source, &other->first))) {
            join(reader, index, other->log);
        }
    }
}

/* Makes the list of a log's sources. Up to here a log was known by one of its sources. */
static void add_to_log(struct replay_reader *reader, uint32_t index, uint32_t *numbers)
{
    struct replay_source *source = &reader->sources[index];
    uint32_t *number = &numbers[source->log];

    if (*number == none) {
        *number = reader->log_count++;
        reader->logs[*number] = (struct replay_log){.first = index};
    } else {
        reader->sources[reader->logs[*number].last_source].next = index;
    }
    source->log = *number;
    source->next = none;
    reader->logs[*number].last_source = index;
    reader->logs[*number].count++;
}

void replay_order_make(struct replay_reader *reader)
{
    uint32_t *numbers = reader->active; /* not in use yet */
    uint32_t count = 0;

    if (reader->count > 0) {
        qsort(reader->sources, reader->count, sizeof *reader->sources, by_first_record);
    }
    for (; count < reader->count && !reader->sources[count].at_end; count++) {
        numbers[count] = none;
        find_log(reader, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        add_to_log(reader, i, numbers);
    }
    for (uint32_t i = 0; i < reader->log_count; i++) {
        replay_order_update(reader, &reader->sources[reader->logs[i].first]);
    }
}

/* ---- whose turn it is ----------------------------------------------------------------------- */

void replay_order_update(struct replay_reader *reader, const struct replay_source *source)
{
    struct replay_log *log = &reader->logs[source->log];

    log->head = none;
    for (uint32_t i = log->first; i != none; i = reader->sources[i].next) {
        const struct replay_source *other = &reader->sources[i];

        if (!other->at_end &&
            (log->head == none ||
             replay_number_before(other->head_number, reader->sources[log->head].head_number))) {
            log->head = i;
        }
    }
}

static int64_t head_time(const struct replay_reader *reader, uint32_t log)
{
    return reader->sources[reader->logs[log].head].head_time;
}

/* Of the logs that are being read, and the next that could be begun: the one whose head is the
 * oldest, of equally old ones the one that began first; but not `but`. */
static uint32_t oldest_log(const struct replay_reader *reader, uint32_t but)
{
    uint32_t oldest = none;

    for (uint32_t i = 0; i <= reader->active_count; i++) {
        uint32_t log = i < reader->active_count ? reader->active[i] : reader->begun;

        if (log == but || log >= reader->log_count || reader->logs[log].head == none) {
            continue;
        }
        if (oldest == none || head_time(reader, log) < head_time(reader, oldest) ||
            (head_time(reader, log) == head_time(reader, oldest) && log < oldest)) {
            oldest = log;
        }
    }
    return oldest;
}

static void drop_ended(struct replay_reader *reader)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < reader->active_count; i++) {
        if (reader->logs[reader->active[i]].head != none) {
            reader->active[kept++] = reader->active[i];
        }
    }
    reader->active_count = kept;
}

/* A log that begins goes on where an earlier one of the same computer has ended, if that was about
 * sign-ins too: what is missing between them is a gap. */
static void find_predecessor(struct replay_reader *reader, uint32_t index)
{
    struct replay_log *log = &reader->logs[index];
    const struct replay_key *first = &reader->sources[log->first].first;
    const struct replay_log *nearest = NULL;

    for (uint32_t i = 0; i < index; i++) {
        const struct replay_log *other = &reader->logs[i];

        if (other->head == none && other->matched && other->last.time <= first->time &&
            reader->sources[other->first].first.computer == first->computer &&
            replay_number_before(other->last.number, first->number) &&
            (nearest == NULL || replay_number_before(nearest->last.number, other->last.number))) {
            nearest = other;
        }
    }
    if (nearest != NULL) {
        log->last = nearest->last;
        log->started = true;
    }
}

/* How long the head's source may go on: until another log is older, or another file of its log
 * comes first. */
static void set_limits(struct replay_reader *reader, uint32_t index)
{
    const struct replay_log *log = &reader->logs[index];
    uint32_t other = oldest_log(reader, index);

    reader->time_limit = INT64_MAX;
    if (other != none) {
        reader->time_limit = head_time(reader, other) - (other < index ? 1 : 0);
    }
    reader->has_number_limit = false;
    for (uint32_t i = log->first; i != none; i = reader->sources[i].next) {
        const struct replay_source *source = &reader->sources[i];

        if (i != log->head && !source->at_end &&
            (!reader->has_number_limit ||
             replay_number_before(source->head_number, reader->number_limit))) {
            reader->has_number_limit = true;
            reader->number_limit = source->head_number;
        }
    }
}

struct replay_source *replay_order_choose(struct replay_reader *reader)
{
    drop_ended(reader);
    uint32_t log = oldest_log(reader, none);

    if (log == none) {
        return NULL;
    }
    if (log == reader->begun) {
        reader->active[reader->active_count++] = reader->begun++;
        find_predecessor(reader, log);
    }
    set_limits(reader, log);
    return &reader->sources[reader->logs[log].head];
}
