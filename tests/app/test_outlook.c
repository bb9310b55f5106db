/* What RelayLock says of what it cannot see: the real outlook, on a fake registry, a log whose
 * state can be set, and a clock that is put forward. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../windows/fake_registry.h"
#include "app/outlook.h"
#include "report_recorder.h"

enum { WALL = 1262304000, BOOT = 9, MINUTE = 60000, HOUR = 3600000, DAY = 86400000 };

#define KEY L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

static struct {
    struct outlook outlook;
    struct steady clock;
    struct log_reader reader;
    struct event_source source;
    struct settings settings;
    struct outlook_view view;
    struct log_facts facts;
    DWORD look_error;
    int looks;
} s;

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source;
    s.looks++;
    *failed_call = "EvtOpenLog";
    if (!s.look_error)
        *facts = s.facts;
    return s.look_error;
}

static const struct event_source_methods methods = {NULL, look, NULL, NULL};

static int set_up(void **state)
{
    (void)state;
    memset(&s, 0, sizeof s);
    recorder_start();
    fake_registry_reset();
    settings_defaults(&s.settings);
    s.settings.raise_logging = false;
    s.source.methods = &methods;
    s.reader.source = &s.source;
    s.clock = (struct steady){5000, 0xfff00000, BOOT, WALL};
    s.facts = (struct log_facts){.size = 100 << 10, .max_size = 16 << 20, .empty = true};
    s.view = (struct outlook_view){
        .clock = &s.clock, .reader = &s.reader, .settings = &s.settings, .accounts = 3};
    assert_int_equal(outlook_init(&s.outlook), ERROR_SUCCESS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    outlook_end(&s.outlook);
    return (int)fake_registry_open_handles();
}

static void begin(void)
{
    outlook_recall(&s.outlook, NULL, &s.clock);
    outlook_look(&s.outlook, &s.view);
}

static void pass(int64_t ms)
{
    s.clock.now += ms;
    s.clock.tick += (uint32_t)ms;
    s.clock.wall += ms / 1000;
    outlook_look(&s.outlook, &s.view);
}

/* As the service: a look every five minutes. */
static void live(int64_t ms)
{
    for (int64_t left = ms; left > 0; left -= OUTLOOK_PAUSE)
        pass(left < OUTLOOK_PAUSE ? left : OUTLOOK_PAUSE);
}

static void sign_ins(uint64_t count)
{
    s.view.counts.sign_ins += count;
    outlook_look(&s.outlook, &s.view);
}

static void put_level(const wchar_t *name, DWORD level)
{
    fake_registry_put(KEY, name, REG_DWORD, &level, sizeof level);
}

static bool says(DWORD id, size_t index, const wchar_t *text)
{
    return wcsstr(recorder_string(id, index), text) != NULL;
}

static bool is(DWORD id, size_t index, const wchar_t *text)
{
    return wcscmp(recorder_string(id, index), text) == 0;
}

/* Ends the process and starts another one, with what was kept. */
static void restart(int64_t away, uint32_t boot)
{
    struct outlook_record record;
    outlook_keep(&s.outlook, s.clock.now, &record);
    outlook_end(&s.outlook);
    memset(&s.outlook, 0, sizeof s.outlook);
    memset(&s.view.counts, 0, sizeof s.view.counts);
    s.clock.now += away;
    s.clock.tick += (uint32_t)away;
    s.clock.wall += away / 1000;
    s.clock.boot = boot;
    assert_int_equal(outlook_init(&s.outlook), ERROR_SUCCESS);
    outlook_recall(&s.outlook, &record, &s.clock);
    outlook_look(&s.outlook, &s.view);
}

static void nothing_is_said_when_all_is_well(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 5);
    begin();
    live(DAY - HOUR);
    for (DWORD id = MSG_LEVEL_LOW & 0xffff; id <= (MSG_CLOCK_JUMP & 0xffff); id++)
        for (DWORD severity = 0; severity < 4; severity++)
            assert_int_equal(recorder_count(severity << 30 | id), 0);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
}

static void nothing_is_said_before_it_is_known_what_was_told(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 0);
    sign_ins(70);
    live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 0);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), OUTLOOK_PAUSE);
    assert_false(outlook_has_news(&s.outlook, s.clock.now));
    begin();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_int_equal(s.outlook.state.day.sign_ins, 0);
}

/* ---- levels ---------------------------------------------------------------------------------- */

static void a_low_level_is_told_once_a_day_and_when_it_is_over(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 3);
    put_level(L"9 Authentication", 1);
    begin();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_true(is(MSG_LEVEL_LOW, 0, L"7 SMTP Protocol, 9 Authentication"));
    assert_true(is(MSG_LEVEL_LOW, 1, L"MSExchangeTransport"));
    assert_true(is(MSG_LEVEL_LOW, 2, L"3"));
    live(DAY - MINUTE);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    live(10 * MINUTE);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 2);
    put_level(L"9 Authentication", 5);
    assert_int_equal(WaitForSingleObject(outlook_signal(&s.outlook), 0), WAIT_OBJECT_0);
    outlook_look(&s.outlook, &s.view); /* woken, long before the next look is due */
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    assert_true(is(MSG_LEVEL_GOOD, 0, L"MSExchangeTransport"));
    live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 2);
}

static void a_signal_makes_nothing_else_be_looked_at(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 5);
    begin();
    assert_int_equal(s.looks, 1);
    for (DWORD i = 0; i < 20; i++) {
        put_level(L"7 SMTP Protocol", 4 + i % 2);
        outlook_look(&s.outlook, &s.view);
    }
    assert_int_equal(s.looks, 1);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
}

static void what_cannot_be_read_is_neither_good_nor_bad(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 0);
    begin();
    fake_registry_fail(2, ERROR_ACCESS_DENIED);
    put_level(L"7 SMTP Protocol", 0);
    outlook_look(&s.outlook, &s.view);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 0);
    assert_string_equal(s.outlook.unknown, "RegEnumValueW failed with error 5");
    fake_registry_deny(KEY);
    live(DAY);
    assert_true(says(MSG_HEARTBEAT, 10, L"RegOpenKeyExW failed with error 5"));
    assert_true(says(MSG_HEARTBEAT, 10, L"(event 310)"));
}

/* ---- the log --------------------------------------------------------------------------------- */

static void a_log_that_is_nearly_full_is_told_and_told_to_have_room(void **state)
{
    (void)state;
    s.facts = (struct log_facts){.size = 500 << 10,
                                 .max_size = 512 << 10,
                                 .retention = LOG_KEEPS,
                                 .keeps_for = UINT32_MAX,
                                 .oldest_time = WALL - 5};
    begin();
    assert_int_equal(recorder_count(MSG_LOG_FULL), 1);
    assert_true(is(MSG_LOG_FULL, 0, L"Application"));
    assert_true(is(MSG_LOG_FULL, 1, L"500"));
    assert_true(is(MSG_LOG_FULL, 2, L"512"));
    assert_true(is(MSG_LOG_FULL, 3, L"it keeps them until it is cleared"));
    assert_int_equal(recorder_count(MSG_LOG_TOO_SMALL), 0);
    s.facts.size = 10 << 10;
    live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 1);
    assert_true(is(MSG_LOG_HAS_ROOM, 0, L"Application"));
    s.facts.size = 500 << 10;
    s.facts.keeps_for = 7 * 86400;
    s.facts.oldest_time = s.clock.wall;
    live(DAY);
    assert_int_equal(recorder_count(MSG_LOG_FULL), 2);
    assert_true(is(MSG_LOG_FULL, 3, L"it keeps them for 7 d"));
}

static void a_log_too_small_for_a_window_is_told(void **state)
{
    (void)state;
    s.facts =
        (struct log_facts){.size = 512 << 10, .max_size = 512 << 10, .oldest_time = WALL - 3599};
    begin(); /* the longest window is an hour */
    assert_int_equal(recorder_count(MSG_LOG_TOO_SMALL), 1);
    assert_true(is(MSG_LOG_TOO_SMALL, 0, L"Application"));
    assert_true(is(MSG_LOG_TOO_SMALL, 1, L"512"));
    assert_true(is(MSG_LOG_TOO_SMALL, 2, L"59 min 59 s"));
    assert_true(is(MSG_LOG_TOO_SMALL, 3, L"1 h"));
    s.facts.oldest_time = s.clock.wall + 300 - 3600;
    live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_LARGE_ENOUGH), 1);
    assert_true(is(MSG_LOG_LARGE_ENOUGH, 0, L"Application"));
}

static void a_log_that_cannot_be_looked_at_is_left_alone(void **state)
{
    (void)state;
    s.facts = (struct log_facts){.full = true, .retention = LOG_KEEPS, .keeps_for = UINT32_MAX};
    begin();
    s.facts.full = false;
    s.look_error = ERROR_ACCESS_DENIED;
    live(HOUR);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 0);
    assert_string_equal(s.outlook.unknown, "EvtOpenLog failed with error 5");
    s.reader.away = true; /* an outage: nobody asks */
    int looks = s.looks;
    live(HOUR);
    assert_int_equal(s.looks, looks);
    assert_string_equal(s.outlook.unknown, "");
    live(DAY - 2 * HOUR);
    assert_true(says(MSG_HEARTBEAT, 10, L"the log cannot be read (event 300); "));
    s.reader.away = false;
    s.look_error = 0;
    live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 1);
}

static void it_is_looked_at_every_five_minutes(void **state)
{
    (void)state;
    begin();
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), OUTLOOK_PAUSE);
    for (int i = 0; i < 100; i++)
        outlook_look(&s.outlook, &s.view);
    assert_int_equal(s.looks, 1);
    pass(OUTLOOK_PAUSE - 1);
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), 1);
    assert_int_equal(s.looks, 1);
    pass(1);
    assert_int_equal(s.looks, 2);
    s.clock.now += DAY;
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), 0);
    s.clock.now -= 2 * (int64_t)DAY; /* a clock of an earlier journal */
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), OUTLOOK_PAUSE);
}

/* ---- silence --------------------------------------------------------------------------------- */

/* Ten days with a sign-in every ten minutes from eight to six. */
static void learn(void)
{
    for (int day = 0; day < 10; day++) {
        live(8 * HOUR);
        for (int i = 0; i < 60; i++) {
            sign_ins(1);
            live(10 * MINUTE);
        }
        live(6 * HOUR);
    }
}

static void a_silence_of_four_times_the_usual_is_told_and_its_end(void **state)
{
    (void)state;
    begin();
    learn(); /* silent for six hours and ten minutes by now; 14:10 at the most */
    live(50 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
    live(40 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    assert_true(is(MSG_SILENT, 0, L"1708"));
    assert_true(is(MSG_SILENT, 1, L"MSExchangeTransport"));
    assert_true(is(MSG_SILENT, 2, L"2 d 8 h"));
    assert_true(is(MSG_SILENT, 3, L"14 h 10 min"));
    live(20 * (int64_t)DAY); /* until all that was learned is forgotten */
    assert_in_range(recorder_count(MSG_SILENT), 20, 21);
    assert_true(is(MSG_SILENT, 3, L"no longer known"));
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    sign_ins(1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
    assert_true(is(MSG_HEARD_AGAIN, 0, L"1708"));
    assert_true(is(MSG_HEARD_AGAIN, 2, L"22 d 8 h"));
    live(HOUR);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
}

static void an_outage_of_the_log_is_no_silence(void **state)
{
    (void)state;
    begin();
    learn();
    s.reader.away = true;
    live(5 * (int64_t)DAY);
    s.reader.away = false;
    live(50 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
}

static void a_silence_that_was_told_is_not_told_while_the_log_is_away(void **state)
{
    (void)state;
    begin();
    learn();
    live(52 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    s.reader.away = true;
    live(3 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    s.reader.away = false;
    live(10 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 2);
}

static void what_was_learned_outlives_the_service(void **state)
{
    (void)state;
    begin();
    learn();
    restart(HOUR, BOOT);
    live(56 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
    live(50 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    restart(HOUR, BOOT);
    live(HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 1); /* not twice in a day */
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    sign_ins(1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
}

/* ---- the clock ------------------------------------------------------------------------------- */

static void a_clock_that_was_set_is_told_once_a_day(void **state)
{
    (void)state;
    begin();
    s.clock.wall += 7200;
    pass(MINUTE);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
    assert_true(is(MSG_CLOCK_JUMP, 0, L"forward"));
    assert_true(is(MSG_CLOCK_JUMP, 1, L"2 h"));
    s.clock.wall -= 7200;
    pass(MINUTE);
    live(DAY);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
    s.clock.wall -= 61;
    pass(MINUTE);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 2);
    assert_true(is(MSG_CLOCK_JUMP, 0, L"back"));
    assert_true(is(MSG_CLOCK_JUMP, 1, L"1 min 1 s"));
    live(DAY);
    assert_true(is(MSG_HEARTBEAT, 10, L"nothing")); /* it does not last */
}

static void a_clock_set_while_the_service_was_away_is_noticed_within_one_boot(void **state)
{
    (void)state;
    begin();
    restart(HOUR, BOOT + 1);
    s.clock.wall += 3600;
    restart(HOUR, BOOT + 2);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 0);
    s.clock.wall += 3600;
    restart(HOUR, BOOT + 2);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
}

/* ---- the day --------------------------------------------------------------------------------- */

static void the_figures_of_the_day_are_told_a_day_after_the_first_start(void **state)
{
    (void)state;
    begin();
    sign_ins(10);
    live(2 * HOUR);
    s.view.counts = (struct outlook_counts){30, 2, 9, 3, 4, 5, 6, 7};
    s.view.accounts = 12;
    outlook_look(&s.outlook, &s.view);
    s.view.accounts = 4;
    live(22 * HOUR - OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
    static const wchar_t *const figures[] = {L"2010-01-01T00:00:00Z to 2010-01-02T00:00:00Z",
                                             L"30",
                                             L"2",
                                             L"12",
                                             L"3",
                                             L"4",
                                             L"5",
                                             L"6",
                                             L"7",
                                             L"22 h"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        assert_true(is(MSG_HEARTBEAT, i, figures[i]));
    assert_true(is(MSG_HEARTBEAT, 10, L"nothing"));
    live(DAY);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2);
    assert_true(is(MSG_HEARTBEAT, 1, L"0"));
    assert_true(is(MSG_HEARTBEAT, 3, L"4"));
}

static void the_day_goes_on_over_a_restart(void **state)
{
    (void)state;
    begin();
    sign_ins(10);
    live(10 * HOUR);
    restart(HOUR, BOOT);
    sign_ins(5);
    live(13 * HOUR);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
    assert_true(is(MSG_HEARTBEAT, 1, L"15"));
    restart(3 * (int64_t)DAY, BOOT + 1);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2); /* overdue */
    restart(0, BOOT + 1);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2);
}

static void what_keeps_it_from_seeing_is_in_the_figures(void **state)
{
    (void)state;
    put_level(L"9 Authentication", 0);
    s.facts = (struct log_facts){.size = 512 << 10, .max_size = 512 << 10, .oldest_time = WALL};
    begin();
    for (int i = 0; i < 48; i++) {
        s.facts.oldest_time = s.clock.wall;
        live(HOUR / 2);
    }
    assert_true(says(MSG_HEARTBEAT, 10, L"(event 310); the log is too small (event 314)"));
    assert_false(says(MSG_HEARTBEAT, 10, L"312"));
}

/* ---- keeping it ------------------------------------------------------------------------------ */

static void it_is_worth_keeping_every_hour_and_after_it_told_something(void **state)
{
    (void)state;
    struct outlook_record record;
    put_level(L"9 Authentication", 5);
    begin();
    assert_true(outlook_has_news(&s.outlook, s.clock.now));
    outlook_keep(&s.outlook, s.clock.now, &record);
    assert_in_range(record.size, 1, BOOK_OUTLOOK_MAX);
    assert_false(outlook_has_news(&s.outlook, s.clock.now));
    live(HOUR - 1);
    assert_false(outlook_has_news(&s.outlook, s.clock.now));
    live(1);
    assert_true(outlook_has_news(&s.outlook, s.clock.now));
    outlook_keep(&s.outlook, s.clock.now, &record);
    put_level(L"9 Authentication", 0);
    outlook_look(&s.outlook, &s.view);
    assert_true(outlook_has_news(&s.outlook, s.clock.now));
}

static void what_was_told_is_not_told_again_after_a_restart(void **state)
{
    (void)state;
    put_level(L"7 SMTP Protocol", 0);
    begin();
    for (int i = 0; i < 20; i++)
        restart(HOUR, BOOT + (uint32_t)i);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    put_level(L"7 SMTP Protocol", 5);
    restart(HOUR, BOOT);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    restart(4 * HOUR, BOOT);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
}

static void bytes_that_make_no_sense_are_no_memory(void **state)
{
    (void)state;
    struct outlook_record record = {.size = 700};
    memset(record.bytes, 0xa5, sizeof record.bytes);
    outlook_recall(&s.outlook, &record, &s.clock);
    outlook_look(&s.outlook, &s.view);
    assert_int_equal(s.outlook.state.day.begun_at, s.clock.now);
    assert_int_equal(s.outlook.state.day.begun_wall, WALL);
    live(DAY);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- other computers --------------------------------------------------------------------------
 */

static void foreign(uint64_t record)
{
    struct event_source_counters *log = &s.source.counters;
    log->foreign_records[log->foreign++ % EVENT_SOURCE_FOREIGN] = record;
    wcscpy(log->foreign_computer, L"PC%n7");
    s.view.counts.foreign = log->foreign;
}

static void sign_ins_of_other_computers_are_told_once_a_day(void **state)
{
    (void)state;
    begin();
    live(HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 0);
    foreign(17);
    foreign(19);
    pass(0);
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
    assert_true(is(MSG_FOREIGN, 0, L"2"));
    assert_true(is(MSG_FOREIGN, 1, L"1708"));
    assert_true(is(MSG_FOREIGN, 2, L"MSExchangeTransport"));
    assert_true(is(MSG_FOREIGN, 3, L"PC{U+0025}n7"));
    assert_true(is(MSG_FOREIGN, 4, L"17, 19"));
    assert_true(is(MSG_FOREIGN, 5, L"Application"));
    for (uint64_t record = 30; record < 50; record++)
        foreign(record);
    live(DAY - 2 * HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
    live(2 * HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 2);
    assert_true(is(MSG_FOREIGN, 0, L"20"));
    assert_true(is(MSG_FOREIGN, 4, L"42, 43, 44, 45, 46, 47, 48, 49"));
    live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_FOREIGN), 2);
}

static void the_day_says_how_many_came_from_other_computers(void **state)
{
    (void)state;
    begin();
    foreign(17);
    live(HOUR);
    restart(0, BOOT); /* the next process goes on with the day */
    s.source.counters = (struct event_source_counters){0};
    live(DAY);
    assert_true(is(MSG_HEARTBEAT, 11, L"1"));
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_said_when_all_is_well),
        TEST(nothing_is_said_before_it_is_known_what_was_told),
        TEST(a_low_level_is_told_once_a_day_and_when_it_is_over),
        TEST(a_signal_makes_nothing_else_be_looked_at),
        TEST(what_cannot_be_read_is_neither_good_nor_bad),
        TEST(a_log_that_is_nearly_full_is_told_and_told_to_have_room),
        TEST(a_log_too_small_for_a_window_is_told),
        TEST(a_log_that_cannot_be_looked_at_is_left_alone),
        TEST(it_is_looked_at_every_five_minutes),
        TEST(a_silence_of_four_times_the_usual_is_told_and_its_end),
        TEST(an_outage_of_the_log_is_no_silence),
        TEST(a_silence_that_was_told_is_not_told_while_the_log_is_away),
        TEST(what_was_learned_outlives_the_service),
        TEST(a_clock_that_was_set_is_told_once_a_day),
        TEST(a_clock_set_while_the_service_was_away_is_noticed_within_one_boot),
        TEST(the_figures_of_the_day_are_told_a_day_after_the_first_start),
        TEST(the_day_goes_on_over_a_restart),
        TEST(what_keeps_it_from_seeing_is_in_the_figures),
        TEST(it_is_worth_keeping_every_hour_and_after_it_told_something),
        TEST(what_was_told_is_not_told_again_after_a_restart),
        TEST(bytes_that_make_no_sense_are_no_memory),
        cmocka_unit_test_setup_teardown(sign_ins_of_other_computers_are_told_once_a_day, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_day_says_how_many_came_from_other_computers, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
