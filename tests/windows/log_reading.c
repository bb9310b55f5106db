#include "log_reading.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

void log_reading_begin(struct log_reading *reading,
                       DWORD (*open)(const struct event_source_options *, struct event_source **,
                                     const char **))
{
    memset(reading, 0, sizeof *reading);
    reading->open = open;
    reading->options.channel = L"Application";
    reading->options.provider = L"MSExchangeTransport";
    reading->options.event_id = 1708;
}

void log_reading_close(struct log_reading *reading)
{
    if (reading->source == NULL)
        return;
    reading->matched += reading->source->counters.matched;
    reading->malformed += reading->source->counters.malformed;
    reading->source->methods->close(reading->source);
    reading->source = NULL;
}

void log_reading_end(struct log_reading *reading)
{
    log_reading_close(reading);
    free(reading->events);
    reading->events = NULL;
}

DWORD log_reading_open(struct log_reading *reading)
{
    static struct event_source untouched;
    reading->source = &untouched;
    reading->failed_call = "";
    DWORD error = reading->open(&reading->options, &reading->source, &reading->failed_call);
    if (error == ERROR_SUCCESS) {
        assert_ptr_not_equal(reading->source, &untouched);
        assert_non_null(reading->source->wake);
        assert_null(reading->failed_call);
        return error;
    }
    assert_ptr_equal(reading->source, &untouched);
    assert_non_null(reading->failed_call);
    assert_true(reading->failed_call[0] != 0);
    reading->source = NULL;
    return error;
}

DWORD log_reading_reopen(struct log_reading *reading)
{
    if (reading->source != NULL) {
        reading->options.after_record = reading->source->last_record;
        reading->options.resume = true;
    }
    log_reading_close(reading);
    return log_reading_open(reading);
}

static void keep(struct log_reading *reading, const struct relay_event *event)
{
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity == 0 ? 256 : reading->capacity * 2;
        reading->events = realloc(reading->events, reading->capacity * sizeof *reading->events);
        if (reading->events == NULL)
            abort();
    }
    struct seen_event *seen = &reading->events[reading->count++];
    memset(seen, 0, sizeof *seen);
    seen->record = event->record;
    seen->time = event->time;
    text_copy(seen->client, SEEN_TEXT, event->client);
    text_copy(seen->method, SEEN_TEXT, event->method);
    text_copy(seen->account, SEEN_TEXT, event->account);
    text_copy(seen->origin, SEEN_TEXT, event->origin);
}

DWORD log_reading_next(struct log_reading *reading)
{
    struct relay_event events[EVENT_SOURCE_BATCH];
    struct relay_event before[EVENT_SOURCE_BATCH];
    struct event_source_change change;
    struct event_source *source = reading->source;
    const struct event_source_counters counters = source->counters;
    const uint64_t last_record = source->last_record;
    size_t count = 0xc0ffee;
    memset(events, 0x5a, sizeof events);
    memset(before, 0x5a, sizeof before);
    memset(&change, 0x5a, sizeof change);

    DWORD error = source->methods->next(source, events, &count, &change);
    if (error == ERROR_SUCCESS) {
        assert_true(count <= EVENT_SOURCE_BATCH);
        for (size_t i = 0; i < count; i++) {
            assert_true(relay_event_well_formed(&events[i]));
            keep(reading, &events[i]);
        }
    } else {
        assert_int_equal(count, error == ERROR_NO_MORE_ITEMS ? 0 : 0xc0ffee);
        assert_memory_equal(events, before, sizeof events);
        assert_memory_equal(&source->counters, &counters, sizeof counters);
        if (!change.cleared)
            assert_int_equal(source->last_record, last_record);
    }
    assert_true(change.last < 0x5a5a5a5a5a5a5a5a);
    if (change.cleared || change.last != 0) {
        assert_true(reading->change_count < LOG_READING_CHANGES_MAX);
        reading->changes[reading->change_count++] = change;
    }
    return error;
}

DWORD log_reading_drain(struct log_reading *reading)
{
    DWORD error;
    unsigned calls = 0;
    while ((error = log_reading_next(reading)) == ERROR_SUCCESS)
        assert_true(++calls < 100000);
    return error;
}
