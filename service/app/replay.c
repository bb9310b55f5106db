#include "replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/name_book.h"
#include "../core/saved_log.h"
#include "file_map.h"
#include "replay_options.h"
#include "replay_report.h"

/* A file to be read. */
struct source {
    struct file_map map;
    int64_t first_time;
    size_t place; /* among the arguments */
    const char *path;
};

struct replay {
    struct replay_options options;
    bool incomplete; /* something could not be read or counted, and was said */
    struct source *sources;
    size_t source_count;
    void *joint;
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

static bool open_source(struct replay *replay, struct source *source)
{
    static const uint8_t evtx[] = "ElfFile"; /* terminator included: MS-EVEN6 2.2 */
    char error[FILE_MAP_ERROR_SIZE];
    struct saved_log log;
    struct event_record record;

    if (!file_map_open(&source->map, source->path, error)) {
        complain(replay, source->path, error);
        return false;
    }
    if (!saved_log_open(&log, source->map.bytes, source->map.size, replay->joint)) {
        bool newer =
            source->map.size >= sizeof evtx && memcmp(source->map.bytes, evtx, sizeof evtx) == 0;

        complain(replay, source->path,
                 newer ? "an event log of Windows Vista or later (.evtx); replay reads .evt"
                       : "not an event log (.evt)");
        file_map_close(&source->map);
        return false;
    }
    source->first_time = saved_log_next(&log, &record) ? record.generated : INT64_MAX;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct source *one = a, *other = b;

    if (one->first_time != other->first_time) {
        return one->first_time < other->first_time ? -1 : 1;
    }
    return one->place < other->place ? -1 : 1;
}

/* Opens what can be opened and sorts it. */
static void open_sources(struct replay *replay)
{
    for (size_t i = 0; i < replay->options.path_count; i++) {
        struct source source = {.path = replay->options.paths[i], .place = i};

        if (open_source(replay, &source)) {
            replay->sources[replay->source_count++] = source;
        }
    }
    qsort(replay->sources, replay->source_count, sizeof *replay->sources, by_time);
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
    return replay_report_add(&replay->report, &verdict);
}

static void report_damage(struct replay *replay, const struct source *source,
                          const struct saved_log *log)
{
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

static bool read_source(struct replay *replay, const struct source *source,
                        struct replay_file *file)
{
    const struct settings *settings = &replay->options.settings;
    const struct event_record_filter filter = {.provider = text_of(settings->provider),
                                               .event_id = (uint16_t)settings->event_id};
    struct saved_log log;
    struct event_record record;
    struct relay_event event;
    bool room = true;

    *file = (struct replay_file){.path = source->path};
    if (!saved_log_open(&log, source->map.bytes, source->map.size, replay->joint)) {
        complain(replay, source->path, "changed while it was read");
        return true;
    }
    while (room && saved_log_next(&log, &record)) {
        if (file->records++ == 0) {
            file->first_number = record.number;
            file->first_time = record.generated;
        }
        file->last_number = record.number;
        file->last_time = record.generated;
        if (!event_record_matches(&record, &filter)) {
            continue;
        }
        file->matched++;
        if (event_record_to_relay_event(&record, &event)) {
            room = feed(replay, &event);
        } else {
            file->malformed++;
        }
    }
    replay->report.records += file->records;
    replay->report.matched += file->matched;
    replay->report.malformed += file->malformed;
    report_damage(replay, source, &log);
    return room;
}

static void read_sources(struct replay *replay)
{
    for (size_t i = 0; i < replay->source_count; i++) {
        replay->report.file_count++;
        if (!read_source(replay, &replay->sources[i], &replay->files[i])) {
            complain(replay, replay->sources[i].path,
                     "no memory for another verdict; stopped here");
            break;
        }
    }
    replay->report.files = replay->files;
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

static int print_report(struct replay *replay)
{
    (replay->options.json ? replay_report_json : replay_report_text)(&replay->report, stdout);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "replay: the result could not be written: %s\n", strerror(errno));
        return REPLAY_FAILED;
    }
    if (replay->incomplete) {
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
        file_map_close(&replay->sources[i].map);
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
    replay->joint = malloc(SAVED_LOG_RECORD_MAX);
    if (replay->options.paths == NULL || replay->sources == NULL || replay->files == NULL ||
        replay->joint == NULL) {
        goto no_memory;
    }
    status =
        replay_options_read(&replay->options, argc, argv) ? replay_files(replay) : REPLAY_USAGE;
    goto cleanup;
no_memory:
    fputs("replay: out of memory\n", stderr);
cleanup:
    if (replay != NULL) {
        replay_report_free(&replay->report);
        free(replay->book_memory);
        free(replay->guard_memory);
        free(replay->joint);
        free(replay->files);
        free(replay->sources);
        free(replay->options.paths);
    }
    free(replay);
    return status;
}
