#include "log_reader_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct log_world log_world;
struct settings log_settings;
struct log_reader log_reader;

static DWORD next(struct event_source *source, struct relay_event *events, size_t *count,
                  struct event_source_change *change)
{
    *change = log_world.change;
    log_world.change = (struct event_source_change){0};
    *count = 0;
    if (log_world.next_error)
        return log_world.next_error;
    source->last_record += log_world.skip;
    log_world.skip = 0;
    while (*count < EVENT_SOURCE_BATCH && source->last_record < log_world.records) {
        events[(*count)++] =
            (struct relay_event){.record = ++source->last_record, .time = log_world.time};
        source->counters.matched++;
    }
    source->seen = (struct event_place){source->last_record, log_world.time};
    return *count ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    log_world.open--;
    free(source);
}

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source;
    if (log_world.look_error) {
        *failed_call = "EvtOpenLog";
        return log_world.look_error;
    }
    *facts = (struct log_facts){.size = 5};
    return ERROR_SUCCESS;
}

static const struct event_source_methods methods = {next, look, NULL, close_source};

static DWORD open_source(const char *kind, DWORD error, const struct event_source_options *options,
                         struct event_source **source, const char **failed_call)
{
    if (error) {
        *failed_call = kind[0] == 'm' ? "EvtSubscribe" : "OpenEventLog";
        return error;
    }
    *source = calloc(1, sizeof **source);
    (*source)->kind = kind;
    (*source)->poll = kind[0] == 'm' ? INFINITE : 1000;
    (*source)->methods = &methods;
    (*source)->last_record = options->resume ? options->after_record : 0;
    log_world.opened_after = options->resume ? options->after_record : 0;
    log_world.opened_since = options->since;
    log_world.opened_seen = options->seen;
    log_world.opened_origins = options->origins;
    (*source)->short_of = log_world.short_of;
    log_world.open++;
    return ERROR_SUCCESS;
}

static DWORD open_modern(const struct event_source_options *options, struct event_source **source,
                         const char **failed_call)
{
    return open_source("modern", log_world.modern_error, options, source, failed_call);
}

static DWORD open_classic(const struct event_source_options *options, struct event_source **source,
                          const char **failed_call)
{
    return open_source("classic", log_world.classic_error, options, source, failed_call);
}

static DWORD WINAPI fake_tick(void)
{
    return log_world.tick;
}

int log_reader_scene_set_up(void **state)
{
    (void)state;
    memset(&log_world, 0, sizeof log_world);
    memset(&log_reader, 0, sizeof log_reader);
    log_world.tick = 0xfffff000; /* wraps during the tests */
    log_reader_calls = (struct log_reader_calls){open_modern, open_classic, fake_tick};
    settings_defaults(&log_settings);
    recorder_start();
    return 0;
}

int log_reader_scene_tear_down(void **state)
{
    (void)state;
    log_reader_close(&log_reader);
    return log_world.open;
}

size_t log_reader_scene_read_all(void)
{
    struct relay_event events[EVENT_SOURCE_BATCH];
    size_t count, total = 0;
    while (log_reader_next(&log_reader, events, &count) == ERROR_SUCCESS)
        total += count;
    return total;
}

void log_reader_scene_begin_at(int64_t since)
{
    log_reader_begin(&log_reader, &log_settings, since);
    assert_true(log_reader_open(&log_reader));
}
