#include "replay_engine.h"

#include <stdlib.h>
#include <string.h>

enum {
    PROGRESS_EVERY = 1024, /* records; the longest take 64 KB each */
    CACHE_LINE = 64
};

/* What is known of a sign-in as soon as its strings are: what all of them are asked for, in half a
 * cache line ... */
struct known {
    uint64_t serial; /* of its mark; 0: nothing */
    struct guard_place place;
};

/* ... and the rest. */
struct numbers {
    uint32_t account;
    uint32_t client;      /* and */
    uint64_t client_hash; /* of no meaning when nobody hears of it */
};

enum {
    /* Where what is known of a sign-in without a mark lies: for that one alone. */
    NO_PLACE = SIGN_IN_MEMO_PLACES,
    PLACES
};

struct replay_engine {
    const struct settings *settings;
    const struct replay_listeners *listeners;
    bool heard;   /* one of them wants to know of sign-ins */
    void *memory; /* of what follows, down to the numbers */
    struct guard *guard;
    struct name_book *book;
    struct event_shapes shapes;
    struct replay_search search;
    struct client_book *clients; /* null when nobody hears of sign-ins */
    struct known *known;         /* by place in the memo */
    struct numbers *numbers;     /* by place in the memo */
    struct identity identity;    /* of the sign-in at hand */
    struct replay_report report;
};

/* ---- set-up --------------------------------------------------------------------------------- */

/* One block for all, each part on a cache line of its own. */
struct parts {
    uint64_t guard, book, memo, clients, known, numbers; /* sizes */
};

static uint64_t aligned(uint64_t size)
{
    return (size + CACHE_LINE - 1) & ~(uint64_t)(CACHE_LINE - 1);
}

static void *carve(uint8_t **at, uint64_t size)
{
    uint8_t *part = *at;

    *at += aligned(size);
    return part;
}

static bool lay_out(struct replay_engine *engine, const struct guard_settings *guard,
                    const struct parts *parts)
{
    uint32_t most = engine->settings->max_accounts;
    uint8_t *at = engine->memory;

    at += CACHE_LINE - (uintptr_t)at % CACHE_LINE;
    engine->guard = guard_init(carve(&at, parts->guard), (size_t)parts->guard, guard, &replay_key);
    engine->book = name_book_init(carve(&at, parts->book), (size_t)parts->book, most, &replay_key);
    engine->search.memo = sign_in_memo_init(carve(&at, parts->memo));
    engine->known = carve(&at, parts->known);
    engine->numbers = carve(&at, parts->numbers);
    if (parts->clients > 0) {
        engine->clients = client_book_init(carve(&at, parts->clients), (size_t)parts->clients,
                                           REPLAY_CLIENTS_MAX, &replay_key);
    }
    return engine->guard != NULL && engine->book != NULL;
}

struct replay_engine *replay_engine_create(const struct settings *settings,
                                           const struct replay_listeners *listeners,
                                           uint64_t *needed)
{
    struct replay_engine *engine = calloc(1, sizeof *engine);
    struct guard_settings guard;

    settings_for_guard(settings, &guard);
    const struct parts parts = {
        .guard = guard_size(&guard),
        .book = name_book_size(settings->max_accounts),
        .memo = sign_in_memo_size(),
        .known = sizeof(struct known) * PLACES,
        .numbers = sizeof(struct numbers) * PLACES,
        .clients = replay_listeners_hear(listeners) ? client_book_size(REPLAY_CLIENTS_MAX) : 0,
    };
    uint64_t size = aligned(parts.guard) + aligned(parts.book) + aligned(parts.memo) +
                    aligned(parts.known) + aligned(parts.numbers) + aligned(parts.clients) +
                    CACHE_LINE;

    *needed = size;
    if (engine == NULL) {
        return NULL;
    }
    engine->settings = settings;
    engine->listeners = listeners;
    engine->heard = replay_listeners_hear(listeners);
    engine->search.shapes = &engine->shapes;
    struct event_record_filter filter = {.provider = text_of(settings->provider),
                                         .event_id = (uint16_t)settings->event_id};

    settings_for_origins(settings, NULL, 0, &filter.origins); /* whose log it is, nobody says */
    event_shapes_init(&engine->shapes, &filter);
    engine->memory =
        parts.guard > 0 && parts.book > 0 && size <= SIZE_MAX / 2 ? calloc(1, (size_t)size) : NULL;
    if (engine->memory == NULL || !lay_out(engine, &guard, &parts)) {
        replay_engine_destroy(engine);
        return NULL;
    }
    return engine;
}

void replay_engine_destroy(struct replay_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    replay_report_free(&engine->report);
    free(engine->memory);
    free(engine);
}

const struct replay_search *replay_engine_search(struct replay_engine *engine)
{
    return &engine->search;
}

struct replay_report *replay_engine_report(struct replay_engine *engine)
{
    return &engine->report;
}

/* ---- counting ------------------------------------------------------------------------------- */

/* Who a name stands for, in engine->identity. number is that of the account, or NAME_BOOK_NONE. It
 * is what the account is known by: its name may be another later. */
static void identify(struct replay_engine *engine, struct text name, uint32_t number)
{
    struct identity *identity = &engine->identity;
    bool machine;

    if (number == NAME_BOOK_NONE) {
        identity->name = name;
        identity->sid_size = 0;
        machine = account_name_is_machine(name);
    } else {
        const uint64_t sid = number;

        identity->name = name_book_name(engine->book, number);
        identity->sid_size = sizeof sid;
        memcpy(identity->sid, &sid, sizeof sid);
        machine = name_book_is_machine(engine->book, number);
    }
    identity->kind = machine ? IDENTITY_MACHINE : IDENTITY_ASSUMED;
}

/* The place where what is known of a sign-in lies; kept for the next with the same strings, if it
 * was remembered. */
static uint32_t know(struct replay_engine *engine, const struct sign_in_mark *mark,
                     const struct relay_event *event)
{
    uint32_t place = mark->serial != 0 ? mark->place : (uint32_t)NO_PLACE;
    struct known *known = &engine->known[place];
    struct numbers *numbers = &engine->numbers[place];

    if (mark->serial != 0 && known->serial == mark->serial) {
        return place;
    }
    *known = (struct known){.serial = 0};
    *numbers = (struct numbers){.account = name_book_number(engine->book, event->account)};
    if (engine->heard) {
        numbers->client = client_book_number(engine->clients, event->client, &numbers->client_hash);
    }
    if (numbers->account != NAME_BOOK_NONE) { /* each time is counted that finds no room */
        known->serial = mark->serial;
    }
    return place;
}

/* Takes a verdict to the report. False when memory for it is out. */
static bool keep(struct replay_engine *engine, const struct verdict *verdict, uint32_t account)
{
    struct guard_counters counters;

    if (verdict->flag != FLAG_NOT) {
        /* A flag ends by itself; here an account is spoken of once. It was counted just now, so
         * that there is room to hold it. */
        guard_hold(engine->guard, &engine->identity);
    }
    if (verdict->flag == FLAG_MACHINE) {
        engine->report.machines++;
        return true;
    }
    guard_count(engine->guard, &counters);
    return replay_report_add(&engine->report, engine->identity.name, account, counters.events,
                             verdict);
}

/* Tells of a sign-in, the place at which the guard counted it, and the verdict that it brought, or
 * null. */
static void tell(struct replay_engine *engine, struct replay_sign_in *sign_in,
                 const struct guard_place *place, const struct verdict *verdict)
{
    if (engine->listeners->nearest && verdict != NULL) {
        sign_in->nearest = verdict->limit;
        sign_in->counted = verdict->count;
    } else if (engine->listeners->nearest && sign_in->outcome == GUARD_COUNTED) {
        guard_nearest(engine->guard, place, &sign_in->nearest, &sign_in->counted);
    }
    replay_listeners_tell(engine->listeners, sign_in, verdict);
}

static void tell_progress(const struct replay_engine *engine, const struct replay_reader *reader)
{
    struct replay_progress progress;

    replay_reader_progress(reader, &progress);
    replay_listeners_tell_progress(engine->listeners, &progress);
}

/* Counts one sign-in, with all that may come of it. False when memory for its verdict is out. */
static bool feed(struct replay_engine *engine, const struct replay_record *record, uint32_t file)
{
    struct relay_event event;
    struct verdict verdict;

    replay_record_event(record, &event);
    uint32_t adopted = name_book_adopted(engine->book);
    uint32_t at = know(engine, &record->mark, &event);
    struct guard_place *place = &engine->known[at].place;
    const struct numbers *numbers = &engine->numbers[at];

    identify(engine, event.account, numbers->account);
    struct replay_sign_in sign_in = {.event = &event,
                                     .identity = &engine->identity,
                                     .renamed = name_book_adopted(engine->book) != adopted,
                                     .file = file,
                                     .account = numbers->account,
                                     .client = numbers->client,
                                     .client_hash = numbers->client_hash};

    if (sign_in.renamed) {
        guard_rename(engine->guard, &engine->identity);
    }
    sign_in.outcome = guard_feed_at(engine->guard, &event, &engine->identity, place, &verdict);
    bool crossed = sign_in.outcome == GUARD_VERDICT;

    tell(engine, &sign_in, place, crossed ? &verdict : NULL);
    return !crossed || keep(engine, &verdict, numbers->account);
}

/* Counts one sign-in when nothing comes of it and nobody listens; this is what most are. */
static inline bool feed_quietly(struct replay_engine *engine, const struct replay_record *record)
{
    const struct known *known = &engine->known[record->mark.place];

    return !engine->heard && record->mark.serial != 0 && known->serial == record->mark.serial &&
           guard_feed_quietly(engine->guard, record->number, record->time, &known->place);
}

/* Asks for what is remembered of all sign-ins of a stretch before the first is counted: accounts
 * lie all over the memory of the guard. Other records have a place, too; it does no harm. */
static void expect(const struct replay_engine *engine, const struct replay_stretch *stretch)
{
    for (size_t i = 0; i < stretch->count; i++) {
        guard_expect(engine->guard, &engine->known[stretch->records[i].mark.place].place);
    }
}

/* Counts a stretch of records unless another file has brought it already. False when memory is out.
 */
static bool take(struct replay_engine *engine, const struct replay_stretch *stretch)
{
    struct replay_report *report = &engine->report;

    if (stretch->has_gap) {
        replay_listeners_tell_gap(engine->listeners, &stretch->gap);
    }
    if (stretch->repeated) {
        report->repeated += stretch->count;
        return true;
    }
    report->records += stretch->count;
    report->matched += stretch->matched;
    report->malformed += stretch->malformed;
    report->foreign += stretch->foreign;
    expect(engine, stretch);
    for (size_t i = 0; i < stretch->count; i++) {
        const struct replay_record *record = &stretch->records[i];

        if (record->well_formed && !feed_quietly(engine, record) &&
            !feed(engine, record, stretch->file)) {
            return false;
        }
    }
    return true;
}

bool replay_engine_run(struct replay_engine *engine, struct replay_reader *reader)
{
    struct replay_report *report = &engine->report;
    const struct replay_stretch *stretch;
    bool room = true;

    for (uint64_t taken = 0; room && (stretch = replay_reader_next(reader)) != NULL;) {
        room = take(engine, stretch);
        taken += stretch->count;
        if (taken >= PROGRESS_EVERY) {
            tell_progress(engine, reader);
            taken = 0;
        }
    }
    tell_progress(engine, reader);
    report->files = replay_reader_files(reader);
    report->file_count = replay_reader_file_count(reader);
    report->settings = engine->settings;
    report->accounts = engine->book;
    report->clients = engine->clients;
    report->unjoined = name_book_unjoined(engine->book);
    replay_report_rename(report, engine->book);
    guard_count(engine->guard, &report->guard);
    return room;
}
