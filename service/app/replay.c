#include "replay.h"

#include <inttypes.h>
#include <stdlib.h>

#include "replay_engine.h"
#include "replay_inputs.h"
#include "replay_options.h"
#include "replay_parts.h"
#include "replay_settings.h"
#include "shown.h"

struct replay {
    struct replay_options options;
    bool incomplete; /* something could not be read or counted, and was said */
    struct replay_inputs inputs;
    struct replay_reader *reader;
    struct replay_engine *engine;
    struct replay_parts parts;
};

static void complain(void *context, const char *path, const char *what)
{
    struct replay *replay = context;

    fputs("replay: ", stderr);
    shown_put_utf8(path, stderr);
    fprintf(stderr, ": %s\n", what);
    replay->incomplete = true;
}

static bool set_up(struct replay *replay)
{
    const struct settings *settings = &replay->options.settings;
    uint64_t needed;

    if (!replay_parts_open(&replay->parts, &replay->options)) {
        return false;
    }
    replay->engine = replay_engine_create(settings, &replay->parts.listeners, &needed);
    replay->reader = replay_reader_create();
    if (replay->engine == NULL || replay->reader == NULL) {
        fprintf(stderr,
                "replay: no memory for MaxAccounts=%" PRIu32 " (%" PRIu64 " bytes); set fewer\n",
                settings->max_accounts, needed);
        return false;
    }
    return true;
}

/* What is wrong with the files. */
static void report_remarks(struct replay *replay)
{
    const struct replay_file *files = replay_reader_files(replay->reader);
    char text[REPLAY_ERROR_SIZE];

    for (size_t i = 0; i < replay_reader_file_count(replay->reader); i++) {
        for (size_t said = 0; replay_reader_remark(replay->reader, i, said, text); said++) {
            complain(replay, files[i].path, text);
        }
    }
}

/* What did not fit makes counts too low: whoever reads no more than the status must learn it. */
static void report_losses(struct replay *replay)
{
    const struct replay_report *report = replay_engine_report(replay->engine);
    uint64_t lost = report->guard.lost;
    uint64_t crowded = name_book_crowded(report->accounts);
    uint64_t unjoined = report->unjoined - crowded;

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

static int run(struct replay *replay)
{
    const struct replay_options *options = &replay->options;

    replay_settings_remark(&options->settings, NULL);
    if (options->diff) {
        replay_settings_remark(&options->changed, &options->settings);
    }
    if (!set_up(replay)) {
        return REPLAY_FAILED;
    }
    replay_inputs_open(&replay->inputs, options->paths, options->path_count,
                       replay_engine_search(replay->engine), replay->reader, complain, replay);
    if (!replay_reader_start(replay->reader)) {
        fputs("replay: out of memory\n", stderr);
        return REPLAY_FAILED;
    }
    if (!replay_engine_run(replay->engine, replay->reader)) {
        fputs("replay: no memory for another verdict; stopped there\n", stderr);
        replay->incomplete = true;
    }
    struct replay_report *report = replay_engine_report(replay->engine);

    report_remarks(replay);
    report_losses(replay);
    if (!replay_parts_finish(&replay->parts, options, report)) {
        replay->incomplete = true;
    }
    if (!replay_parts_write(&replay->parts, options, report) || replay->incomplete) {
        return REPLAY_FAILED;
    }
    return report->row_count > 0 || (report->diff != NULL && report->diff->change_count > 0)
               ? REPLAY_VERDICTS
               : REPLAY_NOTHING;
}

static void clean_up(struct replay *replay)
{
    replay_parts_close(&replay->parts);
    replay_reader_destroy(replay->reader);
    replay_engine_destroy(replay->engine);
    replay_inputs_free(&replay->inputs);
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
