#include "replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/name_book.h"
#include "replay_inputs.h"
#include "replay_block.h"
#include "replay_options.h"
#include "replay_parts.h"
#include "replay_text.h"

enum { PROGRESS_EVERY = 1024 /* records; the longest take 64 KB each */ };

struct replay {
    struct replay_options options;
    struct event_record_filter filter;
    bool incomplete; /* something could not be read or counted, and was said */
    struct replay_inputs inputs;
    struct replay_reader *reader;
    struct replay_block guard_block, book_block, client_block;
    struct guard *guard;
    struct name_book *book;
    struct client_book *clients; /* null when nobody listens */
    struct replay_parts parts;
    struct identity identity;   /* of the sign-in at hand; never has a SID */
    struct guard_place *places; /* by account number */
    struct replay_report report;
};

/* ---- inputs --------------------------------------------------------------------------------- */

static void complain(void *context, const char *path, const char *what)
{
    struct replay *replay = context;

    fputs("replay: ", stderr);
    replay_show(path, stderr);
    fprintf(stderr, ": %s\n", what);
    replay->incomplete = true;
}

/* Opens what can be opened. False when memory is out. */
static bool open_inputs(struct replay *replay)
{
    const struct replay_options *options = &replay->options;

    replay->filter = (struct event_record_filter){.provider = text_of(options->settings.provider),
                                                  .event_id = (uint16_t)options->settings.event_id};
    replay->reader = replay_reader_create();
    if (replay->reader == NULL) {
        return false;
    }
    replay_inputs_open(&replay->inputs, options->paths, options->path_count, &replay->filter,
                       replay->reader, complain, replay);
    return replay_reader_start(replay->reader);
}

static void report_damage(struct replay *replay)
{
    const struct replay_file *files = replay_reader_files(replay->reader);
    char text[REPLAY_ERROR_SIZE];

    for (size_t i = 0; i < replay_reader_file_count(replay->reader); i++) {
        for (size_t said = 0; replay_reader_remark(replay->reader, i, said, text); said++) {
            complain(replay, files[i].path, text);
        }
    }
}

/* ---- the replay ----------------------------------------------------------------------------- */

/* Whether somebody wants to know of every sign-in; else clients need no numbers. */
static bool is_heard(const struct replay_listeners *listeners)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].sign_in != NULL || listeners->at[i].verdict != NULL) {
            return true;
        }
    }
    return false;
}

static bool set_up(struct replay *replay)
{
    struct guard_settings guard;
    uint32_t most = replay->options.settings.max_accounts;
    bool heard = is_heard(&replay->parts.listeners);

    settings_for_guard(&replay->options.settings, &guard);
    size_t guard_bytes = guard_size(&guard), book_bytes = name_book_size(most);
    size_t client_bytes = client_book_size(REPLAY_CLIENTS_MAX);

    replay->places = calloc(most, sizeof *replay->places);
    if (replay->places == NULL || !replay_block_allocate(&replay->guard_block, guard_bytes) ||
        !replay_block_allocate(&replay->book_block, book_bytes) ||
        (heard && !replay_block_allocate(&replay->client_block, client_bytes))) {
        fprintf(stderr,
                "replay: no memory for MaxAccounts=%" PRIu32 " (%" PRIu64 " bytes); set fewer\n",
                most, (uint64_t)guard_bytes + book_bytes);
        return false;
    }
    replay->guard = guard_init(replay->guard_block.at, guard_bytes, &guard, &replay_key);
    replay->book = name_book_init(replay->book_block.at, book_bytes, most, &replay_key);
    if (heard) {
        replay->clients = client_book_init(replay->client_block.at, client_bytes,
                                           REPLAY_CLIENTS_MAX, &replay_key);
    }
    return replay->guard != NULL && replay->book != NULL;
}

static void find_nearest(struct replay *replay, struct replay_sign_in *sign_in,
                         const struct verdict *verdict)
{
    if (verdict != NULL) {
        sign_in->nearest = verdict->limit;
        sign_in->counted = verdict->count;
    } else if (sign_in->outcome == GUARD_COUNTED) {
        guard_nearest(replay->guard, sign_in->identity, &sign_in->nearest, &sign_in->counted);
    }
}

/* Tells the listeners of a sign-in, and of the verdict that it brought, or null. */
static void tell(struct replay *replay, struct replay_sign_in *sign_in,
                 const struct verdict *verdict)
{
    const struct replay_listeners *listeners = &replay->parts.listeners;

    if (replay->clients == NULL) {
        return; /* nobody hears of it */
    }
    sign_in->client =
        client_book_number(replay->clients, sign_in->event->client, &sign_in->client_hash);
    if (listeners->nearest) {
        find_nearest(replay, sign_in, verdict);
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

static void tell_gap(const struct replay *replay, const struct replay_gap *gap)
{
    const struct replay_listeners *listeners = &replay->parts.listeners;

    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].gap != NULL) {
            listeners->at[i].gap(listeners->at[i].context, gap);
        }
    }
}

static void tell_progress(const struct replay *replay)
{
    const struct replay_listeners *listeners = &replay->parts.listeners;
    struct replay_progress progress;

    if (listeners->count == 0) {
        return;
    }
    replay_reader_progress(replay->reader, &progress);
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].progress != NULL) {
            listeners->at[i].progress(listeners->at[i].context, &progress);
        }
    }
}

/* Who a name stands for, in replay->identity. Returns the account's number. */
static uint32_t identify(struct replay *replay, struct text name)
{
    uint32_t number = name_book_number(replay->book, name);
    struct identity *identity = &replay->identity;
    bool machine;

    if (number == NAME_BOOK_NONE) {
        identity->name = name;
        machine = account_name_is_machine(name);
    } else {
        identity->name = name_book_name(replay->book, number);
        machine = name_book_is_machine(replay->book, number);
    }
    identity->kind = machine ? IDENTITY_MACHINE : IDENTITY_ASSUMED;
    return number;
}

/* Counts one sign-in of a file. False when memory for its verdict is out. */
static bool feed(struct replay *replay, const struct relay_event *event, uint32_t file)
{
    struct identity *identity = &replay->identity;
    struct replay_sign_in sign_in = {.event = event,
                                     .identity = identity,
                                     .file = file,
                                     .account = identify(replay, event->account)};
    struct verdict verdict;

    sign_in.outcome = sign_in.account == NAME_BOOK_NONE
                          ? guard_feed(replay->guard, event, identity, &verdict)
                          : guard_feed_at(replay->guard, event, identity,
                                          &replay->places[sign_in.account], &verdict);
    bool crossed = sign_in.outcome == GUARD_VERDICT;

    tell(replay, &sign_in, crossed ? &verdict : NULL);
    if (!crossed) {
        return true;
    }
    if (verdict.flag != FLAG_NOT) {
        /* A flag ends by itself; here an account is spoken of once. It was counted just now, so
         * that there is room to hold it. */
        guard_hold(replay->guard, identity);
    }
    if (verdict.flag == FLAG_MACHINE) {
        replay->report.machines++;
        return true;
    }
    return replay_report_add(&replay->report, identity->name, sign_in.account, &verdict);
}

/* Counts a record unless another file has brought it already. False when memory is out. */
static bool take(struct replay *replay, const struct replay_stretch *stretch)
{
    struct replay_report *report = &replay->report;
    const struct replay_record *record = stretch->record;

    if (stretch->has_gap) {
        tell_gap(replay, &stretch->gap);
    }
    if (record == NULL) {
        return true;
    }
    if (stretch->repeated) {
        report->repeated++;
        return true;
    }
    report->records++;
    report->matched += record->matched;
    report->malformed += record->matched && !record->well_formed;
    if (report->records % PROGRESS_EVERY == 0) {
        tell_progress(replay);
    }
    return !record->well_formed || feed(replay, &record->event, stretch->file);
}

static void read_all(struct replay *replay)
{
    const struct replay_stretch *stretch;

    while ((stretch = replay_reader_next(replay->reader)) != NULL) {
        if (!take(replay, stretch)) {
            complain(replay, replay_reader_files(replay->reader)[stretch->file].path,
                     "no memory for another verdict; stopped here");
            break;
        }
    }
    tell_progress(replay);
    report_damage(replay);
    replay->report.files = replay_reader_files(replay->reader);
    replay->report.file_count = replay_reader_file_count(replay->reader);
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
    const struct replay_report *report = &replay->report;

    if (!replay_parts_write(&replay->parts, &replay->options, report) || replay->incomplete) {
        return REPLAY_FAILED;
    }
    return report->row_count > 0 || (report->diff != NULL && report->diff->change_count > 0)
               ? REPLAY_VERDICTS
               : REPLAY_NOTHING;
}

static int run(struct replay *replay)
{
    if (!replay_parts_open(&replay->parts, &replay->options) || !set_up(replay)) {
        return REPLAY_FAILED;
    }
    if (!open_inputs(replay)) {
        fputs("replay: out of memory\n", stderr);
        return REPLAY_FAILED;
    }
    read_all(replay);
    report_losses(replay);
    if (!replay_parts_finish(&replay->parts, &replay->options, &replay->report)) {
        replay->incomplete = true;
    }
    return print_report(replay);
}

static void clean_up(struct replay *replay)
{
    replay_report_free(&replay->report);
    replay_parts_close(&replay->parts);
    replay_reader_destroy(replay->reader);
    replay_inputs_free(&replay->inputs);
    replay_block_free(&replay->client_block);
    replay_block_free(&replay->book_block);
    replay_block_free(&replay->guard_block);
    free(replay->places);
    free(replay->options.paths);
    free(replay);
}

int replay_main(int argc, char **argv)
{
    size_t most = argc > 0 ? (size_t)argc : 1;
    struct replay *replay = calloc(1, sizeof *replay);
    const char **paths = calloc(most, sizeof *paths);
    int status = REPLAY_FAILED;

    if (replay == NULL || paths == NULL) {
        fputs("replay: out of memory\n", stderr);
        free(paths);
        free(replay);
        return REPLAY_FAILED;
    }
    replay->options.paths = paths;
    switch (replay_options_read(&replay->options, argc, argv)) {
    case REPLAY_OPTIONS_READ:
        status = run(replay);
        break;
    case REPLAY_OPTIONS_HELP:
        replay_options_usage(stdout);
        status = replay_parts_flush() ? REPLAY_NOTHING : REPLAY_FAILED;
        break;
    case REPLAY_OPTIONS_WRONG:
        status = REPLAY_USAGE;
        break;
    case REPLAY_OPTIONS_FAILED:
        break;
    }
    clean_up(replay);
    return status;
}
