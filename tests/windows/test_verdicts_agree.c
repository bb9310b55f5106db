/* The same events from four sources: from the classic reader and the modern one while they are
 * being written, from the channel afterwards, and from a saved log. Each must bring the same
 * verdicts, to the record. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../core/evt_builder.h"
#include "app/replay_engine.h"
#include "app/replay_queried.h"
#include "app/replay_saved.h"
#include "core/settings.h"
#include "fake_event_log.h"
#include "log_reading.h"
#include "windows/classic_log.h"
#include "windows/modern_log.h"

enum { T = 1262401445, LOG_SIZE = 1 << 20, HISTORIES = 1000 };

static uint64_t seed;

static unsigned below(unsigned bound)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((seed >> 33) % bound);
}

/* ---- one history, written to both logs ------------------------------------------------------ */

static const wchar_t *const accounts[] = {L"CONTOSO\\bob", L"contoso\\BOB", L"bob@contoso.example",
                                          L"alice",        L"CONTOSO\\ann", L"MAIL01$",
                                          L"svc-scan",     L"\x0416\x0436"};
static const wchar_t *const clients[] = {L"pc-1",       L"PC-1", L"pc-2", L"",
                                         L"[10.0.0.1]", L"pc-3", L"pc-4", L"a.example.org"};
static struct evt_builder saved;
static struct settings settings;

static void write_event(int64_t time)
{
    bool foreign = below(6) == 0, malformed = below(40) == 0;
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u + below(10000000),
        .source = foreign && below(2) == 0 ? L"MSExchangeIS" : L"MSExchangeTransport",
        .computer = L"MAIL1",
        .event_id = foreign && below(2) == 0 ? 0x40001b5a : 0x400006ac,
        .strings = {clients[below(8)], L"LOGIN", accounts[below(8)]},
        .string_count = malformed ? 2 : 3,
    };
    struct evt_entry entry = {
        .generated = (uint32_t)time,
        .written = (uint32_t)time,
        .event_id = event.event_id,
        .type = 4,
        .source = text_of(event.source),
        .computer = text_of(event.computer),
        .string_count = (uint16_t)event.string_count,
    };
    for (size_t i = 0; i < event.string_count; i++)
        entry.strings[i] = text_of(event.strings[i]);
    fake_event_log_add(&event);
    evt_add(&saved, &entry);
}

static void random_settings(void)
{
    static const char16_t *const limits[] = {u"5/1m", u"8/10m,clients:3/10m", u"3/10s,20/1h",
                                             u"clients:4/1h", u"12/1h"};
    settings_defaults(&settings);
    settings.max_accounts = GUARD_ACCOUNTS_MIN;
    assert_true(
        settings_set(&settings, setting_find(TEXT_OF(u"Limits")), text_of(limits[below(5)])));
    static const char16_t *const names[] = {u"svc-*", u"CONTOSO\\bob", u"contoso\\a*", u"alice"};
    if (below(3) == 0)
        assert_true(
            settings_set(&settings, setting_find(TEXT_OF(u"Exempt")), text_of(names[below(4)])));
    if (below(3) == 0)
        assert_true(settings_set_account(&settings, text_of(names[below(4)]), TEXT_OF(u"2/1m")));
    if (below(4) == 0)
        assert_true(settings_set(&settings, setting_find(TEXT_OF(u"Action")), TEXT_OF(u"flag")));
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static const struct replay_listeners nobody;
static char saved_path[MAX_PATH];

static struct replay_engine *new_engine(void)
{
    uint64_t needed;
    struct replay_engine *engine = replay_engine_create(&settings, &nobody, &needed);
    assert_non_null(engine);
    return engine;
}

/* What a live reader has read, as an input. */
struct live {
    struct replay_input input;
    const struct log_reading *reading;
    size_t at;
};

static size_t live_next(struct replay_input *input, struct replay_record *records, size_t most)
{
    struct live *live = (struct live *)input;
    size_t count = 0;
    records[0].passed = 0;
    for (; count < most && live->at < live->reading->count; count++, live->at++) {
        const struct seen_event *seen = &live->reading->events[live->at];
        records[count] = (struct replay_record){.number = seen->record,
                                                .time = seen->time,
                                                .written = seen->time,
                                                .computer = text_of(seen->origin),
                                                .matched = true,
                                                .well_formed = true,
                                                .event = {.record = seen->record,
                                                          .time = seen->time,
                                                          .client = text_of(seen->client),
                                                          .method = text_of(seen->method),
                                                          .account = text_of(seen->account),
                                                          .origin = text_of(seen->origin)}};
    }
    return count;
}

static void live_rest(struct replay_input *input, size_t taken)
{
    struct live *live = (struct live *)input;
    live->at = taken; /* one batch at most was asked for before the first rest */
}

static bool live_wake(struct replay_input *input)
{
    return input != NULL;
}

static bool live_remark(const struct replay_input *input, size_t index,
                        char text[REPLAY_ERROR_SIZE])
{
    (void)index;
    (void)text;
    return input == NULL;
}

static uint64_t live_position(const struct replay_input *input)
{
    return ((const struct live *)input)->at;
}

static void live_close(struct replay_input *input)
{
    (void)input;
}

static const struct replay_input_methods live_methods = {.next = live_next,
                                                         .rest = live_rest,
                                                         .wake = live_wake,
                                                         .remark = live_remark,
                                                         .position = live_position,
                                                         .close = live_close};

/* Runs an input through a new engine, whose report has the verdicts. The engine is the caller's. */
static struct replay_engine *judge(struct replay_engine *engine, struct replay_input *input)
{
    struct replay_reader *reader = replay_reader_create();
    assert_non_null(reader);
    assert_non_null(input);
    assert_true(replay_reader_add(reader, input, "input"));
    assert_true(replay_reader_start(reader));
    assert_true(replay_engine_run(engine, reader));
    replay_reader_destroy(reader);
    return engine;
}

static struct replay_engine *judge_live(const struct log_reading *reading)
{
    struct live live = {.input = {.methods = &live_methods}, .reading = reading};
    return judge(new_engine(), &live.input);
}

static struct replay_engine *judge_file_or_channel(bool file)
{
    struct replay_engine *engine = new_engine();
    const struct replay_search *search = replay_engine_search(engine);
    char error[REPLAY_ERROR_SIZE];
    return judge(engine, file ? replay_saved_open(saved_path, search, error)
                              : replay_queried_open("Application", false, search, error));
}

static void assert_same(struct replay_engine *engine, struct replay_engine *other)
{
    const struct replay_report *a = replay_engine_report(engine);
    const struct replay_report *b = replay_engine_report(other);
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->machines, b->machines);
    assert_int_equal(a->guard.exempt, b->guard.exempt);
    assert_int_equal(a->guard.clock_steps, b->guard.clock_steps);
    assert_int_equal(a->guard.events, b->guard.events);
    for (size_t i = 0; i < a->row_count; i++) {
        const struct replay_row *one = &a->rows[i], *two = &b->rows[i];
        assert_true(text_equal((struct text){one->account, one->account_units},
                               (struct text){two->account, two->account_units}));
        assert_int_equal(one->flag, two->flag);
        assert_memory_equal(&one->limit, &two->limit, sizeof one->limit);
        assert_int_equal(one->count, two->count);
        assert_int_equal(one->clients, two->clients);
        assert_int_equal(one->record, two->record);
        assert_int_equal(one->time, two->time);
    }
}

/* ---- the test ------------------------------------------------------------------------------- */

static void save_log(void)
{
    FILE *file = fopen(saved_path, "wb");
    assert_non_null(file);
    evt_close(&saved, below(2) == 0);
    assert_int_equal(fwrite(saved.file, 1, saved.size, file), saved.size);
    assert_int_equal(fclose(file), 0);
    evt_free(&saved);
}

static void begin_logs(unsigned history)
{
    seed = history * 0x9e3779b97f4a7c15u + 1;
    random_settings();
    evt_open(&saved, LOG_SIZE, EVT_HEADER_SIZE + 4 * below(LOG_SIZE / 4 - 12), 1);
    fake_event_log_begin();
    fake_event_log.array_form = below(2);
    fake_event_log.null_for_empty = below(2);
    fake_event_log.rpc_batch_max = below(3) == 0 ? 1 + below(30) : 0;
    fake_event_log.seek_fails = below(3) == 0;
    fake_event_log.notify_refused = below(3) == 0;
}

/* Writes a history bit by bit, while both readers read it. */
static void write_and_read(struct log_reading *modern, struct log_reading *classic)
{
    int64_t time = T;
    modern->options.since = classic->options.since = INT64_MIN;
    assert_int_equal(log_reading_open(modern), ERROR_SUCCESS);
    assert_int_equal(log_reading_open(classic), ERROR_SUCCESS);
    for (unsigned step = 2 + below(6); step > 0; step--) {
        if (below(8) == 0)
            time -= below(4000); /* the clock was set back */
        for (unsigned i = below(60); i > 0; i--)
            write_event(time += (int64_t)below(20) - 2);
        assert_int_equal(log_reading_drain(modern), ERROR_NO_MORE_ITEMS);
        assert_int_equal(log_reading_drain(classic), ERROR_NO_MORE_ITEMS);
    }
}

static void the_verdicts_are_the_same_from_every_source(void **state)
{
    size_t verdicts = 0, steps = 0, machines = 0;
    (void)state;
    snprintf(saved_path, sizeof saved_path, "%s\\relaylock-verdicts-%lu.evt", getenv("TEMP"),
             (unsigned long)GetCurrentProcessId());
    for (unsigned history = 1; history <= HISTORIES; history++) {
        struct log_reading modern, classic;
        begin_logs(history);
        log_reading_begin(&modern, modern_log_open);
        log_reading_begin(&classic, classic_log_open);
        write_and_read(&modern, &classic);
        save_log();
        struct replay_engine *engines[] = {judge_file_or_channel(true), judge_live(&classic),
                                           judge_live(&modern), judge_file_or_channel(false)};
        for (size_t i = 1; i < 4; i++)
            assert_same(engines[0], engines[i]);
        const struct replay_report *report = replay_engine_report(engines[0]);
        verdicts += report->row_count;
        steps += report->guard.clock_steps;
        machines += report->machines;
        for (size_t i = 0; i < 4; i++)
            replay_engine_destroy(engines[i]);
        log_reading_end(&modern);
        log_reading_end(&classic);
        fake_event_log_end();
    }
    remove(saved_path);
    /* Else the histories were not as they should be. */
    assert_true(verdicts > 1000 && steps > 200 && machines > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdicts_are_the_same_from_every_source)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
