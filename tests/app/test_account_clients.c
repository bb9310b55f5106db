/* The clients of an account, read from a log that may be away, refuse, or never end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/account_clients.h"
#include "app/log_reader.h"
#include "windows/deadline.h"

enum { EVENTS_MAX = 100, START = 1000, STEP = 100 /* ms after which time is looked at */ };

static struct {
    struct relay_event events[EVENTS_MAX];
    size_t count, next;
    DWORD modern_error, classic_error, next_error;
    bool endless;
    int open;
    int64_t since;
    const char *kind;
    DWORD patience, opening_takes, a_batch_takes; /* ms */
    DWORD tick;                                   /* the time, in ms */
} log_world;

static struct {
    bool refused, unset; /* no timer is to be had, or not to be set */
    int open;
    HANDLE handle;
    DWORD due; /* tick */
} timer;

static struct burst_list list;
static struct response_policy policy;
static struct verdict verdict;

/* ---- time ------------------------------------------------------------------------------------ */

static HANDLE WINAPI create_timer(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    if (timer.refused)
        return NULL;
    timer.open++;
    timer.due = MAXDWORD;
    timer.handle = CreateEventW(security, manual, FALSE, name);
    return timer.handle;
}

static BOOL WINAPI set_timer(HANDLE handle, const LARGE_INTEGER *due, LONG period,
                             PTIMERAPCROUTINE routine, LPVOID context, BOOL resume)
{
    assert_ptr_equal(handle, timer.handle);
    assert_true(due->QuadPart < 0);
    assert_true(period == 0 && routine == NULL && context == NULL && !resume);
    timer.due = log_world.tick + (DWORD)(-due->QuadPart / 10000);
    return !timer.unset;
}

static BOOL WINAPI close_timer(HANDLE handle)
{
    timer.open--;
    return CloseHandle(handle);
}

static void pass(DWORD ms)
{
    log_world.tick += ms;
    if (timer.open > 0 && log_world.tick >= timer.due)
        SetEvent(timer.handle);
}

/* ---- the log --------------------------------------------------------------------------------- */

static DWORD next(struct event_source *source, struct relay_event *events, size_t *count,
                  struct event_source_change *change)
{
    (void)source;
    *change = (struct event_source_change){0};
    *count = 0;
    pass(log_world.a_batch_takes);
    if (log_world.next_error && log_world.next > 0)
        return log_world.next_error;
    if (log_world.endless && log_world.next == log_world.count)
        log_world.next = 0;
    while (*count < 2 && log_world.next < log_world.count)
        events[(*count)++] = log_world.events[log_world.next++];
    return *count ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    assert_int_equal(timer.open, 1); /* it outlives the source */
    log_world.open--;
    free(source);
}

static const struct event_source_methods methods = {next, NULL, NULL, close_source};

static DWORD open_source(const char *kind, DWORD error, const struct event_source_options *options,
                         struct event_source **source, const char **failed_call)
{
    *failed_call = kind;
    if (error == ERROR_MOD_NOT_FOUND) /* known at once */
        return error;
    for (DWORD taken = 0; taken < log_world.opening_takes; taken += STEP) {
        if (event_source_is_stopped(options->stop))
            return ERROR_CANCELLED;
        pass(STEP);
    }
    if (error)
        return error;
    *source = calloc(1, sizeof **source);
    (*source)->methods = &methods;
    log_world.open++;
    log_world.since = options->since;
    log_world.kind = kind;
    assert_int_equal(options->event_id, 1708);
    assert_int_equal(wcscmp(options->channel, L"Application"), 0);
    assert_false(options->resume);
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

static void add(int64_t time, const char16_t *client, const char16_t *account)
{
    log_world.events[log_world.count++] =
        (struct relay_event){.time = time, .client = text_of(client), .account = text_of(account)};
}

static int set_up(void **state)
{
    (void)state;
    struct settings *settings = malloc(sizeof *settings);
    memset(&log_world, 0, sizeof log_world);
    memset(&timer, 0, sizeof timer);
    memset(&list, 0, sizeof list);
    log_world.patience = ACCOUNT_CLIENTS_PATIENCE;
    settings_defaults(settings);
    response_policy_make(&policy, settings);
    free(settings);
    log_reader_calls = (struct log_reader_calls){open_modern, open_classic, NULL};
    deadline_calls = (struct deadline_calls){create_timer, set_timer, close_timer};
    verdict = (struct verdict){.first_time = START, .last_time = START + 10, .top_count = 1};
    wcscpy(verdict.account, L"bob@contoso.com");
    wcscpy(verdict.name, L"CONTOSO\\bob");
    wcscpy(verdict.top[0].name, L"top");
    burst_list_add(&list, TEXT_OF(u"CONTOSO\\bob"), START, START + 10);
    return 0;
}

static bool has(const char16_t *client)
{
    return burst_list_has(&list, text_of(client), TEXT_OF(u""), START);
}

static void read(void)
{
    account_clients_read(&policy, &verdict, &list, 0, log_world.patience);
    assert_int_equal(log_world.open, 0);
    assert_int_equal(timer.open, 0);
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void all_clients_of_the_account_are_read(void **state)
{
    (void)state;
    add(START, u"one", u"BOB@contoso.com");
    add(START + 1, u"two", u"contoso\\bob");
    add(START + 2, u"three", u"bob");
    add(START + 3, u"other", u"FABRIKAM\\bob");
    add(START + 4, u"another", u"bobby");
    add(START + 99, u"four", u"bob");
    add(START - 1, u"before", u"bob");
    read();
    assert_int_equal(log_world.since, START);
    assert_true(has(u"top") && has(u"one") && has(u"two") && has(u"three") && has(u"four"));
    assert_false(has(u"other") || has(u"another") || has(u"before"));
    assert_int_equal(list.bursts[0].last_time, START + 99);
}

static void on_an_old_windows_the_classic_log_is_read(void **state)
{
    (void)state;
    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    add(START, u"one", u"bob");
    read();
    assert_string_equal(log_world.kind, "classic");
    assert_true(has(u"one"));
}

static void without_a_log_the_verdict_must_do(void **state)
{
    (void)state;
    log_world.modern_error = log_world.classic_error = ERROR_ACCESS_DENIED;
    read();
    assert_true(has(u"top"));
    assert_int_equal(list.client_count, 1);
}

static void a_log_that_goes_away_gives_what_it_gave(void **state)
{
    (void)state;
    log_world.next_error = RPC_S_SERVER_UNAVAILABLE;
    add(START, u"one", u"bob");
    add(START, u"two", u"bob");
    add(START, u"three", u"bob");
    read();
    assert_true(has(u"one") && has(u"two"));
    assert_false(has(u"three"));
}

static void a_log_without_end_is_left(void **state)
{
    (void)state;
    log_world.endless = true;
    log_world.a_batch_takes = STEP;
    add(START, u"one", u"bob");
    read();
    assert_true(has(u"one"));
    assert_int_equal(log_world.tick, ACCOUNT_CLIENTS_PATIENCE);
}

/* Whichever reader it is. */
static void an_opening_that_never_ends_is_given_up(void **state)
{
    (void)state;
    static const DWORD errors[] = {ERROR_SUCCESS, ERROR_MOD_NOT_FOUND};
    log_world.opening_takes = 100 * ACCOUNT_CLIENTS_PATIENCE;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        log_world.modern_error = errors[i];
        log_world.tick = 0;
        add(START, u"one", u"bob");
        read();
        assert_int_equal(log_world.tick, ACCOUNT_CLIENTS_PATIENCE);
        assert_true(has(u"top"));
        assert_false(has(u"one"));
    }
}

static void two_slow_openings_share_the_time(void **state)
{
    (void)state;
    log_world.modern_error = RPC_S_SERVER_UNAVAILABLE;
    log_world.opening_takes = ACCOUNT_CLIENTS_PATIENCE - 10 * STEP;
    add(START, u"one", u"bob");
    read();
    assert_int_equal(log_world.tick, ACCOUNT_CLIENTS_PATIENCE);
    assert_false(has(u"one"));
}

static void reading_has_what_a_slow_opening_left(void **state)
{
    (void)state;
    log_world.endless = true;
    log_world.opening_takes = ACCOUNT_CLIENTS_PATIENCE - 10 * STEP;
    log_world.a_batch_takes = STEP;
    add(START, u"one", u"bob");
    read();
    assert_true(has(u"one"));
    assert_int_equal(log_world.tick, ACCOUNT_CLIENTS_PATIENCE);
}

static void without_a_timer_the_log_is_not_opened(void **state)
{
    (void)state;
    add(START, u"one", u"bob");
    timer.unset = true;
    read();
    timer.refused = true;
    read();
    assert_int_equal(log_world.since, 0);
    assert_true(has(u"top"));
    assert_false(has(u"one"));
}

static void without_patience_the_log_is_not_opened(void **state)
{
    (void)state;
    log_world.patience = 0;
    add(START, u"one", u"bob");
    read();
    assert_int_equal(log_world.since, 0);
    assert_true(has(u"top"));
    assert_false(has(u"one"));
}

/* A name without a user part is nobody's. */
static void an_unresolved_name_matches_only_itself(void **state)
{
    (void)state;
    verdict.name[0] = 0;
    add(START, u"one", u"bob@contoso.com");
    add(START, u"two", u"bob");
    add(START, u"three", u"");
    read();
    assert_true(has(u"one"));
    assert_false(has(u"two") || has(u"three"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_clients_of_the_account_are_read, set_up),
        cmocka_unit_test_setup(on_an_old_windows_the_classic_log_is_read, set_up),
        cmocka_unit_test_setup(without_a_log_the_verdict_must_do, set_up),
        cmocka_unit_test_setup(a_log_that_goes_away_gives_what_it_gave, set_up),
        cmocka_unit_test_setup(a_log_without_end_is_left, set_up),
        cmocka_unit_test_setup(an_opening_that_never_ends_is_given_up, set_up),
        cmocka_unit_test_setup(two_slow_openings_share_the_time, set_up),
        cmocka_unit_test_setup(reading_has_what_a_slow_opening_left, set_up),
        cmocka_unit_test_setup(without_patience_the_log_is_not_opened, set_up),
        cmocka_unit_test_setup(without_a_timer_the_log_is_not_opened, set_up),
        cmocka_unit_test_setup(an_unresolved_name_matches_only_itself, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
