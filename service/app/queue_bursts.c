#include "queue_bursts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/incident_book.h"
#include "journal_source.h"
#include "queue_places.h"
#include "replay_engine.h"
#include "replay_inputs.h"
#include "shown.h"

/* ---- the journal ---------------------------------------------------------------------------- */

static void add_incident(struct burst_list *bursts, const struct incident *incident)
{
    const struct verdict *verdict = &incident->verdict;
    const char16_t *account = verdict->name[0] != 0 ? verdict->name : verdict->account;
    int64_t last = verdict->last_time;
    if (incident->leak_wall > last)
        last = incident->leak_wall;
    uint32_t burst = burst_list_add(bursts, text_of(account), verdict->first_time, last);
    if (burst == BURST_NONE)
        return;
    for (uint32_t i = 0; i < verdict->top_count; i++)
        burst_list_add_client(bursts, burst, text_of(verdict->top[i].name));
    burst_list_add_client(bursts, burst, text_of(incident->leak_client));
    if (incident_holds(incident) && incident->state != INCIDENT_DECIDED)
        bursts->bursts[burst].locked = true;
}

static bool read_journal(struct burst_list *bursts, const char *path)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct incident_book book;
    struct book_recovery recovery;
    struct incident *incidents = calloc(BOOK_INCIDENTS_MAX, sizeof *incidents);
    if (!incidents) {
        fprintf(stderr, "relaylock queue: no memory\n");
        return false;
    }
    bool whole = journal_source_read("queue", path, &bytes, &size);
    if (whole) {
        incident_book_init(&book, incidents);
        incident_book_recover(&book, bytes, size, &recovery);
        /* The newest first: the list may be full before all are in it. */
        for (uint32_t i = book.count; i-- > 0;)
            add_incident(bursts, &book.incidents[i]);
        /* The service may be writing to its own at this moment; that is no damage. */
        whole = !path || (recovery.good == size && recovery.refused == 0);
        if (!whole)
            fprintf(stderr, "relaylock queue: the journal is damaged: only part of it was read\n");
    }
    journal_source_free(bytes);
    free(incidents);
    return whole;
}

/* ---- logs ----------------------------------------------------------------------------------- */

struct reading {
    struct burst_list *bursts;
    const struct settings *settings;
    bool quiet;
    bool complete;
    uint64_t sign_ins;
    /* By the account's number in a replay, which is the same each time: its burst. */
    uint32_t *burst_of;
    uint32_t *last_client; /* by burst: the one that came last, to be passed over when repeated */
};

static void complain(void *context, const char *path, const char *what)
{
    struct reading *reading = context;
    if (reading->quiet)
        return;
    fputs("relaylock queue: ", stderr);
    shown_put_utf8(path, stderr);
    fprintf(stderr, ": %s\n", what);
    reading->complete = false;
}

static void take_verdict(void *context, const struct replay_sign_in *sign_in,
                         const struct verdict *verdict)
{
    struct reading *reading = context;
    if (sign_in->account >= reading->settings->max_accounts || verdict->flag == FLAG_MACHINE)
        return;
    reading->burst_of[sign_in->account] = burst_list_add(
        reading->bursts, text_of(verdict->name[0] ? verdict->name : verdict->account),
        verdict->first_time, verdict->last_time);
}

static void count_sign_in(void *context, const struct replay_sign_in *sign_in)
{
    struct reading *reading = context;
    (void)sign_in;
    reading->sign_ins++;
}

static void take_sign_in(void *context, const struct replay_sign_in *sign_in)
{
    struct reading *reading = context;
    if (sign_in->account >= reading->settings->max_accounts)
        return;
    uint32_t burst = reading->burst_of[sign_in->account];
    if (burst == BURST_NONE || sign_in->event->time < reading->bursts->bursts[burst].first_time)
        return;
    if (sign_in->event->time > reading->bursts->bursts[burst].last_time)
        reading->bursts->bursts[burst].last_time = sign_in->event->time;
    if (sign_in->client == REPLAY_NUMBERLESS || sign_in->client != reading->last_client[burst])
        burst_list_add_client(reading->bursts, burst, sign_in->event->client);
    reading->last_client[burst] = sign_in->client;
}

/* What is wrong with the files. */
static void tell_remarks(struct reading *reading, const struct replay_reader *reader)
{
    char text[REPLAY_ERROR_SIZE];
    for (size_t i = 0; i < replay_reader_file_count(reader); i++) {
        for (size_t said = 0; replay_reader_remark(reader, i, said, text); said++)
            complain(reading, replay_reader_files(reader)[i].path, text);
    }
}

static bool read_once(struct reading *reading, const struct replay_listeners *listeners,
                      const char *const *paths, size_t path_count)
{
    struct replay_inputs inputs = {0};
    uint64_t needed;
    bool done = false;
    struct replay_engine *engine = replay_engine_create(reading->settings, listeners, &needed);
    struct replay_reader *reader = replay_reader_create();
    if (!engine || !reader)
        goto cleanup;
    replay_inputs_open(&inputs, paths, path_count, replay_engine_search(engine), reader, complain,
                       reading);
    done = replay_reader_start(reader) && replay_engine_run(engine, reader);
    tell_remarks(reading, reader);
cleanup:
    replay_reader_destroy(reader);
    replay_engine_destroy(engine);
    replay_inputs_free(&inputs);
    if (!done)
        fprintf(stderr, "relaylock queue: no memory to read the logs\n");
    return done;
}

/* quiet: an input that cannot be opened is no failure, and nothing is said of it. */
static bool read_logs(struct burst_list *bursts, const struct settings *settings,
                      const char *const *paths, size_t path_count, bool quiet, uint64_t *sign_ins)
{
    bool done = false;
    struct reading reading = {
        .bursts = bursts, .settings = settings, .quiet = quiet, .complete = true};
    const struct replay_listeners first = {
        .count = 1,
        .at = {{.context = &reading, .sign_in = count_sign_in, .verdict = take_verdict}}};
    const struct replay_listeners second = {.count = 1,
                                            .at = {{.context = &reading, .sign_in = take_sign_in}}};
    reading.burst_of = malloc(settings->max_accounts * sizeof *reading.burst_of);
    reading.last_client = malloc(BURSTS_MAX * sizeof *reading.last_client);
    if (!reading.burst_of || !reading.last_client) {
        fprintf(stderr, "relaylock queue: no memory to read the logs\n");
        goto cleanup;
    }
    for (uint32_t i = 0; i < settings->max_accounts; i++)
        reading.burst_of[i] = BURST_NONE;
    for (uint32_t i = 0; i < BURSTS_MAX; i++)
        reading.last_client[i] = REPLAY_NUMBERLESS;
    done = read_once(&reading, &first, paths, path_count);
    if (done && bursts->count > 0) {
        reading.quiet = true; /* it was said the first time */
        done = read_once(&reading, &second, paths, path_count);
    }
    *sign_ins = reading.sign_ins;
cleanup:
    free(reading.last_client);
    free(reading.burst_of);
    return done && reading.complete;
}

bool queue_bursts_name_log(struct queue_bursts_sources *sources, const char *path)
{
    if (sources->log_count == QUEUE_BURSTS_LOGS_MAX || strcmp(path, "-") == 0)
        return false;
    sources->logs[sources->log_count++] = path;
    return true;
}

bool queue_bursts_find(struct queue_report *report, const struct settings *settings,
                       const struct queue_bursts_sources *sources)
{
    char log[QUEUE_PLACES_LOG_MAX];
    const char *const own = log;
    struct burst_list *bursts = &report->bursts;
    bool whole = true;
    report->logs = sources->logs;
    report->log_count = sources->log_count;
    if (sources->journal || journal_source_own_exists()) {
        report->journal_read = read_journal(bursts, sources->journal);
        whole = report->journal_read;
    }
    queue_places_log(settings, log);
    if (sources->log_count > 0) {
        report->logs_read = read_logs(bursts, settings, sources->logs, sources->log_count, false,
                                      &report->sign_ins);
        whole = whole && report->logs_read;
    } else if (log[0] != '\0') {
        /* Windows Server 2003 has no channel to read; there the journal must do. */
        report->logs_read = read_logs(bursts, settings, &own, 1, true, &report->sign_ins);
    }
    return whole;
}
