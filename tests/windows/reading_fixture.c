#include "reading_fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "windows/classic_log.h"
#include "windows/modern_log.h"

struct log_reading reading;

int reading_begin_classic(void **state)
{
    (void)state;
    fake_event_log_begin();
    log_reading_begin(&reading, classic_log_open);
    return 0;
}

int reading_begin_modern(void **state)
{
    (void)state;
    fake_event_log_begin();
    log_reading_begin(&reading, modern_log_open);
    return 0;
}

bool reading_with_modern(void **state)
{
    return strcmp(*state, "modern") == 0;
}

void reading_begin(void **state)
{
    if (reading_with_modern(state))
        reading_begin_modern(state);
    else
        reading_begin_classic(state);
}

int reading_end(void **state)
{
    (void)state;
    log_reading_end(&reading);
    fake_event_log_end();
    return 0;
}

void log_sign_ins(unsigned count, int64_t time)
{
    for (unsigned i = 0; i < count; i++)
        fake_event_log_sign_in(time, L"a.example", L"bob");
}

void log_numbered_sign_ins(unsigned first, unsigned count, int64_t time)
{
    for (unsigned i = first; i < first + count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", i);
        fake_event_log_sign_in(time, client, L"CONTOSO\\bob");
    }
}

void log_event(int64_t time, const wchar_t *source, enum fake_oddity oddity)
{
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u,
        .source = source,
        .computer = L"MAIL1",
        .event_id = 0xc00006ac,
        .strings = {L"a.example", L"LOGIN", L"bob"},
        .string_count = 3,
        .oddity = oddity,
    };
    fake_event_log_add(&event);
}

void log_foreign(unsigned count, int64_t time)
{
    struct fake_event event = {.generated = ((uint64_t)time + 11644473600u) * 10000000u,
                               .source = L"Other",
                               .computer = L"MAIL1",
                               .event_id = 7};
    for (unsigned i = 0; i < count; i++)
        fake_event_log_add(&event);
}

void assert_records(uint64_t first, uint64_t last)
{
    assert_int_equal(reading.count, last - first + 1);
    for (size_t i = 0; i < reading.count; i++)
        assert_int_equal(reading.events[i].record, first + i);
}

void assert_seen(unsigned first, unsigned count)
{
    assert_int_equal(reading.count, count);
    for (unsigned i = 0; i < count; i++) {
        wchar_t client[16];
        swprintf(client, 16, L"%u", first + i);
        assert_int_equal(wcscmp(reading.events[i].client, client), 0);
    }
}

const wchar_t *long_text(wchar_t *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text[i] = L'x';
    text[count] = 0;
    return text;
}
