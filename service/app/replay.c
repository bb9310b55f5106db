#include "replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/name_book.h"
#include "replay_options.h"
#include "replay_parts.h"
#include "replay_seen.h"
#include "replay_source.h"
#include "replay_text.h"

struct replay {
    struct replay_options options;
    bool incomplete; /* something could not be read or counted, and was said */
    struct replay_source *sources;
    size_t source_count;
    struct replay_seen seen; /* empty with one file alone */
    void *guard_memory, *book_memory, *client_memory;
    struct guard *guard;
    struct name_book *book;
    struct client_book *clients; /* null when nobody listens */
    struct replay_parts parts;
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

enum { ALIGNMENT = 16 }; /* more than calloc promises on 32-bit Windows */

static void *allocate(size_t size)
{
    return size > 0 && size < SIZE_MAX - ALIGNMENT ? calloc(1, size + ALIGNMENT) : NULL;
}

static void *align(void *memory)
{
    return (uint8_t *)memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT);
}

static bool set_up(struct replay *replay)
{
    struct guard_settings guard;
    uint32_t most = replay->options.settings.max_accounts;
    bool heard = replay->parts.listeners.count > 0;

    settings_for_guard(&replay->options.settings, &guard);
    size_t guard_bytes = guard_size(&guard), book_bytes = name_book_size(most);
    size_t client_bytes = client_book_size(REPLAY_CLIENTS_MAX);

    replay->guard_memory = allocate(guard_bytes);
    replay->book_memory = allocate(book_bytes);
    replay->client_memory = heard ? allocate(client_bytes) : NULL;
    if (replay->guard_memory == NULL || replay->book_memory == NULL ||
        (heard && replay->client_memory == NULL)) {
        fprintf(stderr,
                "replay: no memory for MaxAccounts=%" PRIu32 " (%" PRIu64 " bytes); set fewer\n",
                most, (uint64_t)guard_bytes + book_bytes);
        return false;
    }
    replay->guard = guard_init(align(replay->guard_memory), guard_bytes, &guard, &replay_key);
    replay->book = name_book_init(align(replay->book_memory), book_bytes, most, &replay_key);
    if (heard) {
        replay->clients = client_book_init(align(replay->client_memory), client_bytes,
                                           REPLAY_CLIENTS_MAX, &replay_key);
    }
    return replay->guard != NULL && replay->book != NULL;
}

/* Tells the listeners of a sign-in, and of the verdict that it brought, or null. */
static void tell(struct replay *replay, struct replay_sign_in *sign_in,
                 const struct verdict *verdict)
{
    const struct replay_listeners *listeners = &replay->parts.listeners;

    if (listeners->count == 0) {
        return;
    }
    sign_in->client =
        client_book_number(replay->clients, sign_in->event->client, &sign_in->client_hash);
    if (verdict != NULL) {
        sign_in->nearest = verdict->limit;
        sign_in->counted = verdict->count;
    } else if (sign_in->outcome == GUARD_COUNTED) {
        guard_nearest(replay->guard, sign_in->identity, &sign_in->nearest, &sign_in->counted);
    }
    for (size_t i = 0; i < listeners->count; i++) {
        const struct replay_listener *listener = &listeners->at[i];

        if (listener->sign_in != NULL) {
            listener->sign_in(listener->context, sign_in);
        }
        if (verdict != NULL && listener->verdict != NULL) {
            listener->verdict(listener->context, sign_in, verdict);
        }
    }
}

/* Counts one sign-in of a file. False when memory for its verdict is out. */
static bool feed(struct replay *replay, const struct relay_event *event, uint32_t file)
{
    uint32_t number = name_book_number(replay->book, event->account);
    struct identity identity = {
        .kind = account_name_is_machine(event->account) ? IDENTITY_MACHINE : IDENTITY_ASSUMED,
        .name = number == NAME_BOOK_NONE ? event->account : name_book_name(replay->book, number),
    };
    struct replay_sign_in sign_in = {
        .event = event, .identity = &identity, .file = file, .account = number};
    struct verdict verdict;

    sign_in.outcome = guard_feed(replay->guard, event, &identity, &verdict);
    bool crossed = sign_in.outcome == GUARD_VERDICT;

    tell(replay, &sign_in, crossed ? &verdict : NULL);
    if (!crossed) {
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
    return replay_report_add(&replay->report, identity.name, number, &verdict);
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
    return once == 0 || feed(replay, &event, (uint32_t)(file - replay->files));
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
    replay->report.settings = &replay->options.settings;
    replay->report.accounts = replay->book;
    replay->report.clients = replay->clients;
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
    if (!replay_parts_write(&replay->parts, &replay->options, &replay->report) ||
        replay->incomplete) {
        return REPLAY_FAILED;
    }
    return replay->report.row_count > 0 ? REPLAY_VERDICTS : REPLAY_NOTHING;
}

static int replay_files(struct replay *replay)
{
    if (!replay_parts_open(&replay->parts, &replay->options) || !set_up(replay)) {
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
        status = replay_parts_flush() ? REPLAY_NOTHING : REPLAY_FAILED;
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
        replay_parts_close(&replay->parts);
        free(replay->client_memory);
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
