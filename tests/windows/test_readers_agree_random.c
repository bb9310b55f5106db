/* Both readers, reading the same logs at once, which live at random. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/classic_log.h"
#include "windows/modern_log.h"

static uint64_t seed;

/* xorshift64*; small is uniform enough */
static unsigned below(unsigned limit)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (unsigned)((seed * 2685821657736338717u) >> 33) % limit;
}

/* An event of any kind: mostly sign-ins, some of them malformed, and what else a log has. */
static void add_any(int64_t time)
{
    static wchar_t huge[3000];
    static const wchar_t *const clients[] = {L"", L"a.example", L"b.example", L"[10.0.0.1]"};
    static const wchar_t *const accounts[] = {L"CONTOSO\\bob", L"alice@contoso.com", L"",
                                              L"CONTOSO\\SERVER$"};
    static const wchar_t *const sources[] = {L"MSExchangeTransport", L"MSExchangeIS", L"Service",
                                             L"MSExchangeTransport2"};
    static const DWORD ids[] = {1708, 0x400006ac, 0xc00006ac, 1706, 0x06ac0000};
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u + below(10000000),
        .source = sources[below(3) != 0 ? 0 : below(4)],
        .computer = below(4) != 0 ? L"MAIL1" : L"",
        .event_id = ids[below(3) != 0 ? below(2) : below(5)],
        .strings = {below(40) != 0 ? clients[below(4)] : long_text(huge, 2047 + below(3)), L"LOGIN",
                    accounts[below(4)], L"more"},
        .string_count = below(10) != 0 ? 3 : below(5),
    };
    fake_event_log_add(&event);
}

static void assert_same(const struct log_reading *a, const struct log_reading *b)
{
    assert_int_equal(a->count, b->count);
    if (a->count > 0)
        assert_memory_equal(a->events, b->events, a->count * sizeof *a->events);
    assert_int_equal(a->matched, b->matched);
    assert_int_equal(a->malformed, b->malformed);
}

static void drain_both(struct log_reading *modern, struct log_reading *classic)
{
    assert_int_equal(log_reading_drain(modern), ERROR_NO_MORE_ITEMS);
    assert_int_equal(log_reading_drain(classic), ERROR_NO_MORE_ITEMS);
    assert_int_equal(modern->count, classic->count);
}

/* The life of one log: written, cleared, overwritten, its service restarted, and both readers
 * reading what there is from time to time. */
static void live(struct log_reading *modern, struct log_reading *classic)
{
    int64_t time = T;
    for (unsigned i = below(100); i > 0; i--)
        add_any(time += below(60));
    modern->options.since = classic->options.since = time - below(1800);
    assert_int_equal(log_reading_open(modern), ERROR_SUCCESS);
    assert_int_equal(log_reading_open(classic), ERROR_SUCCESS);
    drain_both(modern, classic);
    for (unsigned step = 3 + below(10); step > 0; step--) {
        unsigned what = below(10);
        if (what == 0)
            time -= below(1800);
        if (what == 1 || what == 2)
            fake_event_log_clear();
        if (what == 3 || what == 4) {
            fake_event_log_stop();
            for (unsigned i = below(20); i > 0; i--)
                add_any(time += below(5));
            fake_event_log_start();
            assert_int_equal(log_reading_reopen(modern), ERROR_SUCCESS);
            assert_int_equal(log_reading_reopen(classic), ERROR_SUCCESS);
        }
        for (unsigned i = below(what < 8 ? 20 : 150); i > 0; i--)
            add_any(time += (int64_t)below(8) - 1);
        drain_both(modern, classic);
    }
}

static void the_readers_agree_on_random_logs(void **state)
{
    enum { LOGS = 1000 };
    size_t events = 0;
    size_t malformed = 0;
    size_t changes = 0;
    (void)state;
    for (unsigned i = 1; i <= LOGS; i++) {
        struct log_reading modern;
        struct log_reading classic;
        seed = i * 0x9e3779b97f4a7c15u;
        fake_event_log_begin();
        fake_event_log.max_records = below(3) == 0 ? 20 + below(80) : 0;
        fake_event_log.numbers_go_on = true;
        fake_event_log.next_number = 1 + below(100000);
        fake_event_log.array_form = below(2);
        fake_event_log.null_for_empty = below(2);
        fake_event_log.rpc_batch_max = below(3) == 0 ? 1 + below(30) : 0;
        fake_event_log.seek_fails = below(3) == 0;
        fake_event_log.notify_refused = below(3) == 0;
        log_reading_begin(&modern, modern_log_open);
        log_reading_begin(&classic, classic_log_open);
        live(&modern, &classic);
        log_reading_close(&modern);
        log_reading_close(&classic);
        assert_same(&modern, &classic);
        events += modern.count;
        malformed += (size_t)modern.malformed;
        changes += classic.change_count;
        log_reading_end(&modern);
        log_reading_end(&classic);
        fake_event_log_end();
    }
    /* Else the logs were not as random as they should be. */
    assert_true(events > 50000 && malformed > 1000 && changes > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_readers_agree_on_random_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
