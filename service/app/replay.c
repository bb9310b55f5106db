#include "replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/name_book.h"
#include "replay_options.h"
#include "replay_report.h"
#include "replay_seen.h"
#include "replay_source.h"

struct replay {
    struct replay_options options;
    bool incomplete; /* something could not be read or counted, and was said */
    struct replay_source *sources;
    size_t source_count;
    struct replay_seen seen; /* empty with one file alone */
    void *guard_memory, *book_memory;
    struct guard *guard;
    struct name_book *book;
    struct replay_file *files;
    struct replay_report report;
};

/* A saved log is read the same way every time, so the key that keeps outsiders from choosing names
 * that collide is no secret here: there is nobody whom a slow look-up could hurt but the reader. */
static const struct hash_key replay_key = {0x72656c61796c6f63, 0x6b207265706c6179};

/* ---- files ---------------------------------------------------------------------------------- */

static void complain(struct replay *replay, const char *path, const char *what)
{
    fputs("replay: ", stderr);
    replay_show(path, stderr);
    fprintf(stderr, ": %s\n", what);
    replay->incomplete = true;
}

/* Opens what can be opened and sorts it. */
static void open_sources(struct replay *replay)
{
    char error[FILE_MAP_ERROR_SIZE];

    for (size_t i = 0; i < replay->options.path_count; i++) {
        const char *path = replay->options.paths[i];

        if (replay_source_open(&replay->sources[replay->source_count], path, i, error)) {
            replay->source_count++;
        } else {
            complain(replay, path, error);
        }
    }
    replay_source_sort(replay->sources, replay->source_count);
}

static void report_damage(struct replay *replay, const struct replay_source *source)
{
    const struct saved_log *log = &source->log;
    char what[160];

    if (log->damaged > 0) {
        snprintf(what, sizeof what,
                 "damaged: %" PRIu64 " bytes passed over, places: %" PRIu32
                 ", the first at offset %" PRIu64,
                 log->skipped, log->damaged, (uint64_t)log->damaged_at);
        complain(replay, source->path, what);
    }
    if (log->incomplete) {
        complain(replay, source->path,
                 "incomplete: records are missing from it (cut short, or overwritten in part)");
    }
}

/* ---- the replay ----------------------------------------------------------------------------- */

static bool set_up(struct replay *replay)
{
    struct guard_settings guard;
    uint32_t most = replay->options.settings.max_accounts;

    settings_for_guard(&replay->options.settings, &guard);
    size_t guard_bytes = guard_size(&guard), book_bytes = name_book_size(most);
    enum { ALIGNMENT = 16 }; /* more than calloc promises on 32-bit Windows */

    replay->guard_memory = guard_bytes > 0 ? calloc(1, guard_bytes + ALIGNMENT) : NULL;
    replay->book_memory = book_bytes > 0 ? calloc(1, book_bytes + ALIGNMENT) : NULL;
    if (replay->guard_memory == NULL || replay->book_memory == NULL) {
        fprintf(stderr,
                "replay: no memory for MaxAccounts=%" PRIu32 " (%" PRIu64 " bytes); set fewer\n",
                most, (uint64_t)guard_bytes + book_bytes);
        return false;
    }
    uint8_t *guard_at = replay->guard_memory, *book_at = replay->book_memory;

    guard_at += ALIGNMENT - (uintptr_t)guard_at % ALIGNMENT;
    book_at += ALIGNMENT - (uintptr_t)book_at % ALIGNMENT;
    replay->guard = guard_init(guard_at, guard_bytes, &guard, &replay_key);
    replay->book = name_book_init(book_at, book_bytes, most, &replay_key);
    return replay->guard != NULL && replay->book != NULL;
}

/* Counts one sign-in. False when memory for its verdict is out. */
static bool feed(struct replay *replay, const struct relay_event *event)
{
    struct identity identity = {
        .kind = account_name_is_machine(event->account) ? IDENTITY_MACHINE : IDENTITY_ASSUMED,
        .name = name_book_join(replay->book, event->account),
    };
    struct verdict verdict;

    if (guard_feed(replay->guard, event, &identity, &verdict) != GUARD_VERDICT) {
        return true;
    }
    if (verdict.flag != FLAG_NOT) {
        /* A flag ends by itself; here an account is spoken of once. It was counted just now, so
         * that there is room to hold it. */
        guard_hold(replay->guard, &identity);
    }
    if (verdict.flag == FLAG_MACHINE) {
        replay->report.machines++;
        return true;
    }
    return replay_report_add(&replay->report, identity.name, &verdict);
}

/* Counts a record as one of its file's, and, unless another file held it too, as one of all.
 * False when memory is out. */
static bool take(struct replay *replay, const struct event_record_filter *filter,
                 const struct event_record *record, struct replay_file *file)
{
    struct replay_report *report = &replay->report;
    enum replay_seen_answer seen =
        replay->source_count > 1 ? replay_seen_note(&replay->seen, record) : REPLAY_SEEN_NOT;
    uint32_t once = seen == REPLAY_SEEN_NOT ? 1 : 0;
    struct relay_event event;

    if (seen == REPLAY_SEEN_NO_MEMORY) {
        return false;
    }
    if (file->records++ == 0) {
        file->first_number = record->number;
        file->first_time = record->generated;
    }
    file->last_number = record->number;
    file->last_time = record->generated;
    report->records += once;
    report->repeated += 1 - once;
    if (!event_record_matches(record, filter)) {
        return true;
    }
    file->matched++;
    report->matched += once;
    if (!event_record_to_relay_event(record, &event)) {
        file->malformed++;
        report->malformed += once;
        return true;
    }
    return once == 0 || feed(replay, &event);
}

static void read_sources(struct replay *replay)
{
    const struct settings *settings = &replay->options.settings;
    const struct event_record_filter filter = {.provider = text_of(settings->provider),
                                               .event_id = (uint16_t)settings->event_id};
    struct replay_source *sources = replay->sources, *oldest;

    for (size_t i = 0; i < replay->source_count; i++) {
        replay->files[i].path = sources[i].path;
    }
    while ((oldest = replay_source_oldest(sources, replay->source_count)) != NULL) {
        if (!take(replay, &filter, &oldest->head, &replay->files[oldest - sources])) {
            complain(replay, oldest->path, "no memory for another record; stopped here");
            break;
        }
        replay_source_advance(oldest);
    }
    for (size_t i = 0; i < replay->source_count; i++) {
        report_damage(replay, &sources[i]);
    }
    replay->report.files = replay->files;
    replay->report.file_count = replay->source_count;
    replay->report.unjoined = name_book_unjoined(replay->book);
    guard_count(replay->guard, &replay->report.guard);
}

/* What did not fit makes counts too low: whoever reads no more than the status must learn it. */
static void report_losses(struct replay *replay)
{
    uint64_t lost = replay->report.guard.lost;
    uint64_t crowded = name_book_crowded(replay->book);
    uint64_t unjoined = replay->report.unjoined - crowded;

    if (lost > 0 || unjoined > 0) {
        fprintf(stderr,
                "replay: MaxAccounts %" PRIu32 " is too small for this log: losses %" PRIu64
                ", sign-ins counted by the name as written %" PRIu64 "; raise it with --set\n",
                replay->options.settings.max_accounts, lost, unjoined);
        replay->incomplete = true;
    }
    if (crowded > 0) {
        fprintf(stderr,
                "replay: users with more than %d domains: sign-ins counted by the name as "
                "written %" PRIu64 "\n",
                NAME_BOOK_DOMAINS_MAX, crowded);
        replay->incomplete = true;
    }
}

static bool was_written(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "replay: the result could not be written: %s\n", strerror(errno));
        return false;
    }
    return true;
}

static int print_report(struct replay *replay)
{
    (replay->options.json ? replay_report_json : replay_report_text)(&replay->report, stdout);
    if (!was_written() || replay->incomplete) {
        return REPLAY_FAILED;
    }
    return replay->report.row_count > 0 ? REPLAY_VERDICTS : REPLAY_NOTHING;
}

static int replay_files(struct replay *replay)
{
    if (!set_up(replay)) {
        return REPLAY_FAILED;
    }
    open_sources(replay);
    read_sources(replay);
    report_losses(replay);
    int status = print_report(replay);

    for (size_t i = 0; i < replay->source_count; i++) {
        replay_source_close(&replay->sources[i]);
    }
    return status;
}

int replay_main(int argc, char **argv)
{
    size_t most = argc > 0 ? (size_t)argc : 1;
    struct replay *replay = calloc(1, sizeof *replay);
    int status = REPLAY_FAILED;

    if (replay == NULL) {
        goto no_memory;
    }
    replay->options.paths = calloc(most, sizeof *replay->options.paths);
    replay->sources = calloc(most, sizeof *replay->sources);
    replay->files = calloc(most, sizeof *replay->files);
    replay->seen.key = replay_key;
    if (replay->options.paths == NULL || replay->sources == NULL || replay->files == NULL) {
        goto no_memory;
    }
    switch (replay_options_read(&replay->options, argc, argv)) {
    case REPLAY_OPTIONS_READ:
        status = replay_files(replay);
        break;
    case REPLAY_OPTIONS_HELP:
        replay_options_usage(stdout);
        status = was_written() ? REPLAY_NOTHING : REPLAY_FAILED;
        break;
    case REPLAY_OPTIONS_WRONG:
        status = REPLAY_USAGE;
        break;
    }
    goto cleanup;
no_memory:
    fputs("replay: out of memory\n", stderr);
cleanup:
    if (replay != NULL) {
        replay_report_free(&replay->report);
        free(replay->book_memory);
        free(replay->guard_memory);
        replay_seen_free(&replay->seen);
        free(replay->files);
        free(replay->sources);
        free(replay->options.paths);
    }
    free(replay);
    return status;
}
