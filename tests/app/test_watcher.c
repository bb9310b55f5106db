/* The watcher as a whole: the real detector, guard, resolver, responder and settings, on a log that
 * can be written to, a fake directory, a fake registry, and a clock that can be put forward. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../windows/fake_directory.h"
#include "../windows/fake_registry.h"
#include "app/detector.h"
#include "app/log_reader.h"
#include "app/watcher.h"
#include "memory_store.h"
#include "own_threads.h"
#include "report_recorder.h"
#include "windows/disk_file.h"
#include "windows/message_files.h"
#include "windows/parameters.h"

enum { PATIENCE = 8000, EVENTS_MAX = 256 };

static struct {
    CRITICAL_SECTION lock;
    bool lock_made;
    const char16_t *accounts[EVENTS_MAX]; /* the log: who signed in; null: malformed */
    size_t count;
    LONG ends; /* how often it was found read */
    DWORD open_error;
    struct log_facts facts;
    struct event_source_change change; /* of the next batch that has events */
    HANDLE wake;                       /* of the open source */
    volatile LONG opens;
    volatile LONG tick_offset;
    volatile LONG observing, told_observing;
    struct control control;
    HANDLE thread;
    DWORD result;
    struct fake_domain *contoso;
    struct fake_user *carol;
} w;

static DWORD next(struct event_source *source, struct relay_event *events, size_t *count,
                  struct event_source_change *change)
{
    *change = (struct event_source_change){0};
    *count = 0;
    EnterCriticalSection(&w.lock);
    while (*count < EVENT_SOURCE_BATCH && source->last_record < w.count) {
        const char16_t *account = w.accounts[source->last_record++];
        source->counters.matched++;
        if (account)
            events[(*count)++] = (struct relay_event){.record = source->last_record,
                                                      .time = 1262304000,
                                                      .client = TEXT_OF(u"pc"),
                                                      .method = TEXT_OF(u"LOGIN"),
                                                      .account = text_of(account)};
        else
            source->counters.malformed_record = source->last_record;
        source->counters.malformed += !account;
    }
    if (*count) {
        *change = w.change;
        w.change = (struct event_source_change){0};
    }
    bool more = source->last_record < w.count;
    w.ends += !(*count || more);
    LeaveCriticalSection(&w.lock);
    return *count || more ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    free(source);
}

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source, (void)failed_call;
    *facts = w.facts;
    return ERROR_SUCCESS;
}

static const struct event_source_methods methods = {next, look, NULL, close_source};

static DWORD open_log(const struct event_source_options *options, struct event_source **source,
                      const char **failed_call)
{
    (void)options;
    if (w.open_error) {
        *failed_call = "EvtSubscribe";
        return w.open_error;
    }
    *source = calloc(1, sizeof **source);
    (*source)->kind = "modern";
    (*source)->wake = w.wake;
    (*source)->poll = INFINITE;
    (*source)->methods = &methods;
    InterlockedIncrement(&w.opens);
    return ERROR_SUCCESS;
}

static DWORD WINAPI fake_tick(void)
{
    return GetTickCount() + (DWORD)w.tick_offset;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    assert_true(options->intend(options->context, &list));
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED};
}

static void tell_observing(void *context, bool observing)
{
    (void)context;
    InterlockedExchange(&w.observing, observing);
    InterlockedIncrement(&w.told_observing);
}

static void tell_stopping(void *context)
{
    (void)context;
}

static void make_control(void)
{
    assert_int_equal(control_create(&w.control), ERROR_SUCCESS);
    w.control.observing = tell_observing;
    w.control.stopping = tell_stopping;
}

static int set_up(void **state)
{
    (void)state;
    bool lock_made = w.lock_made;
    CRITICAL_SECTION lock = w.lock;
    memset(&w, 0, sizeof w);
    w.lock = lock;
    if (!lock_made)
        InitializeCriticalSection(&w.lock);
    w.lock_made = true;
    recorder_start();
    fake_directory_reset();
    fake_registry_reset();
    fake_registry_make(PARAMETERS_KEY);
    fake_registry_make(L"SOFTWARE\\Policies");
    w.facts.empty = true;
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"5/10m", sizeof L"5/10m");
    w.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(w.contoso, L"\\\\dc1.contoso.example");
    w.carol = fake_add_user(w.contoso, L"carol", 1105);
    log_reader_calls = (struct log_reader_calls){open_log, open_log, fake_tick};
    watcher_calls.GetTickCount = fake_tick;
    detector_calls.GetTickCount = fake_tick;
    memory_store_reset();
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.GetTickCount = fake_tick;
    memory_store.tick = fake_tick;
    w.wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    make_control();
    return 0;
}

static DWORD WINAPI run(LPVOID nothing)
{
    (void)nothing;
    w.result = watcher_run(&w.control);
    return 0;
}

static void start(void)
{
    w.thread = CreateThread(NULL, 0, run, NULL, 0, NULL);
    assert_non_null(w.thread);
}

static int end(void)
{
    control_stop(&w.control);
    if (WaitForSingleObject(w.thread, PATIENCE) != WAIT_OBJECT_0)
        return -1;
    CloseHandle(w.thread);
    control_close(&w.control);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    int error = end();
    CloseHandle(w.wake);
    disk_file_calls.DeleteFileW = DeleteFileW;
    return error;
}

static void sign_ins(const char16_t *account, int count)
{
    EnterCriticalSection(&w.lock);
    for (int i = 0; i < count; i++)
        w.accounts[w.count++] = account;
    LeaveCriticalSection(&w.lock);
    SetEvent(w.wake);
}

static LONG count_ends(void)
{
    EnterCriticalSection(&w.lock);
    LONG ends = w.ends;
    LeaveCriticalSection(&w.lock);
    return ends;
}

/* Lets the watcher read all, and do what comes of it: it reads on only after that. */
static void settle(void)
{
    for (int round = 0; round < 2; round++) {
        LONG ends = count_ends();
        SetEvent(w.wake);
        for (int i = 0; i < PATIENCE / 10 && count_ends() == ends; i++)
            Sleep(10);
        assert_true(count_ends() > ends);
    }
}

/* Puts the clock forward and lets the watcher look at it. */
static void forward(LONG ms)
{
    InterlockedExchangeAdd(&w.tick_offset, ms);
    SetEvent(w.wake);
}

static void tells_once_that_it_started_and_that_it_stopped(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 4), L"modern"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 6), L"5/10m"), 0);
    sign_ins(u"CONTOSO\\carol", 3);
    settle();
    control_stop(&w.control);
    assert_int_equal(WaitForSingleObject(w.thread, PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(w.result, ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_STARTED), 1);
    assert_int_equal(recorder_count(MSG_STOPPED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STOPPED, 0), L"3"), 0);
}

static void a_signal_of_the_log_is_enough_to_lock(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(w.carol->flags & UF_ACCOUNTDISABLE);
}

static void waits_for_a_log_that_is_away_and_then_starts(void **state)
{
    (void)state;
    w.open_error = RPC_S_SERVER_UNAVAILABLE;
    start();
    assert_true(recorder_wait(MSG_LOG_LOST, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    w.open_error = 0;
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE)); /* its next try is due within seconds */
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
}

static void paused_it_flags_and_continued_it_locks(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    control_observe(&w.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    assert_int_equal(w.carol->writes, 0);
    LONG told = w.told_observing;
    control_observe(&w.control, true);
    for (int i = 0; i < PATIENCE / 10 && w.told_observing == told; i++)
        Sleep(10);
    assert_int_equal(w.told_observing, told + 1); /* asked again: answered, and not said again */
    assert_int_equal(recorder_count(MSG_PAUSED), 1);
    control_observe(&w.control, false);
    assert_true(recorder_wait(MSG_CONTINUED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void put_observe(DWORD observe)
{
    fake_registry_put(PARAMETERS_KEY, L"Observe", REG_DWORD, &observe, sizeof observe);
}

static void with_the_setting_observe_it_changes_nothing_until_that_ends(void **state)
{
    (void)state;
    put_observe(1);
    start();
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    recorder_expect(MSG_STARTED, 9, L"observes only, by the setting Observe");
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    assert_int_equal(end(), 0); /* over restarts */
    make_control();
    start();
    assert_true(recorder_wait(MSG_OBSERVES, 2, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 1);
    control_status(&w.control);
    assert_true(recorder_wait(MSG_STATUS, 1, PATIENCE));
    recorder_expect(MSG_STATUS, 7, L"observes only, by the setting Observe");
    Sleep(200);
    assert_int_equal(w.told_observing, 0); /* the service runs, as far as its manager knows */
    assert_int_equal(w.carol->writes, 0);
    put_observe(0);
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_CONTINUED, 1, PATIENCE));
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE)); /* what is in the log counts */
    assert_int_equal(recorder_count(MSG_PAUSED), 0);
}

static void continue_does_not_end_observe_nor_that_a_pause(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    recorder_expect(MSG_STARTED, 9, L"locks accounts");
    assert_int_equal(recorder_count(MSG_OBSERVES), 0);
    put_observe(1);
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    control_observe(&w.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 1, PATIENCE));
    control_observe(&w.control, false);
    assert_true(recorder_wait(MSG_OBSERVES, 2, PATIENCE));
    for (int i = 0; i < PATIENCE / 10 && w.told_observing < 2; i++)
        Sleep(10);
    assert_false(w.observing);
    assert_int_equal(recorder_count(MSG_CONTINUED), 0);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    control_observe(&w.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 2, PATIENCE));
    put_observe(0);
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_SETTINGS_READ, 2, PATIENCE));
    Sleep(200);
    assert_int_equal(w.carol->writes, 0);
    assert_int_equal(recorder_count(MSG_CONTINUED), 0);
}

/* A lock that was decided by an earlier process, which could not write it. */
static void with_observe_a_lock_left_over_is_not_done_either(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_SET, 1, ERROR_ACCESS_DENIED);
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    assert_int_equal(end(), 0);
    put_observe(1);
    make_control();
    start();
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    Sleep(1500);
    assert_int_equal(w.carol->writes, 0);
}

static void status_says_what_was_read(void **state)
{
    (void)state;
    start();
    sign_ins(u"CONTOSO\\carol", 2);
    sign_ins(NULL, 1);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    settle();
    forward(90061000);
    control_status(&w.control);
    assert_true(recorder_wait(MSG_STATUS, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 1), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 2), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 3), L"1"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 4), L"1"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 6), L"5"), 0);
    assert_int_equal(wcsncmp(recorder_string(MSG_STATUS, 8), L"1 d 1 h 1 min", 13), 0);
}

static void new_settings_count_for_what_is_in_the_log_already(void **state)
{
    (void)state;
    start();
    sign_ins(u"CONTOSO\\carol", 4);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"4/10m", sizeof L"4/10m");
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_SETTINGS_READ, 1, PATIENCE));
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void bad_settings_are_refused_by_name_and_the_old_stay(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    LONG opens = w.opens;
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"1000/10m", sizeof L"1000/10m");
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"shoot", sizeof L"shoot");
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_SETTING_REFUSED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 1), L"Action"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 2), L"shoot"), 0);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SETTINGS_READ), 0);
    assert_int_equal(w.opens, opens);
}

static void at_the_start_a_bad_setting_is_told_and_the_rest_holds(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"shoot", sizeof L"shoot");
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SETTING_DEFAULTED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_DEFAULTED, 4), L"disable"), 0);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

#define PUT_POLICY(name, literal)                                                                  \
    fake_registry_put(PARAMETERS_POLICY_KEY, name, REG_SZ, literal, sizeof literal)

/* Lets the watcher see that something changed, and the time pass until that counts. */
static void let_the_policy_settle(void)
{
    settle();
    forward(5000);
}

static void a_changed_policy_is_taken_by_itself(void **state)
{
    (void)state;
    start();
    sign_ins(u"CONTOSO\\carol", 4);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    PUT_POLICY(L"Limits", L"4/10m");
    Sleep(200);
    assert_int_equal(recorder_count(MSG_POLICY_READ), 0);     /* there may be more to come */
    assert_true(recorder_wait(MSG_POLICY_READ, 1, PATIENCE)); /* nothing else wakes it */
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 0), L"4/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"Limits"), 0);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    fake_registry_remove(PARAMETERS_POLICY_KEY);
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_POLICY_READ, 2, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 0), L"5/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"nothing"), 0);
    assert_int_equal(recorder_count(MSG_SETTINGS_READ), 0);
}

static void the_policies_of_others_change_nothing(void **state)
{
    (void)state;
    PUT_POLICY(L"Action", L"flag");
    fake_registry_put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\dave", REG_SZ, L"9/1m",
                      sizeof L"9/1m");
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    LONG opens = w.opens;
    fake_registry_put(L"SOFTWARE\\Policies\\Microsoft", L"x", REG_SZ, L"", 2);
    let_the_policy_settle();
    Sleep(200);
    assert_int_equal(recorder_count(MSG_POLICY_READ), 0);
    assert_int_equal(w.opens, opens);
    PUT_POLICY(L"Action", L"disable");
    fake_registry_put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\eve", REG_SZ, L"9/1m",
                      sizeof L"9/1m");
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_POLICY_READ, 1, PATIENCE));
    assert_int_equal(
        lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"Action, the limits of 2 account(s)"), 0);
}

static void a_wrong_policy_changes_nothing_while_it_runs(void **state)
{
    (void)state;
    PUT_POLICY(L"Action", L"flag");
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    PUT_POLICY(L"Action", L"shoot");
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_SETTING_REFUSED, 1, PATIENCE));
    assert_int_equal(
        lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 0), L"SOFTWARE\\Policies\\RelayLock"), 0);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_ACTION, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_DISABLED), 0);
}

static void at_the_start_a_wrong_policy_gives_way_to_what_is_local(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"password", sizeof L"password");
    PUT_POLICY(L"Action", L"shoot");
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_POLICY_PASSED_OVER), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_PASSED_OVER, 1), L"Action"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_PASSED_OVER, 4), L"password"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 7), L"password"), 0);
}

static void malformed_events_are_told_once_an_hour_with_their_number(void **state)
{
    (void)state;
    start();
    sign_ins(NULL, 7);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    settle();
    assert_int_equal(recorder_count(MSG_MALFORMED), 0);
    forward(3600000);
    assert_true(recorder_wait(MSG_MALFORMED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 0), L"7"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 1), L"7"), 0);
    forward(3600000);
    settle();
    assert_int_equal(recorder_count(MSG_MALFORMED), 1);
    sign_ins(NULL, 2);
    settle();
    forward(3600000);
    assert_true(recorder_wait(MSG_MALFORMED, 2, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 0), L"2"), 0);
}

static void a_name_found_late_is_counted_by_its_sid_after_all(void **state)
{
    (void)state;
    fake.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    fake.waiting = CreateEventW(NULL, TRUE, FALSE, NULL);
    start();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_UNRESOLVED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    SetEvent(fake.gate);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    assert_true(w.carol->flags & UF_ACCOUNTDISABLE);
}

static void put_level(DWORD level)
{
    fake_registry_put(L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics",
                      L"7 SMTP Protocol", REG_DWORD, &level, sizeof level);
}

static DWORD level(void)
{
    DWORD type, size;
    const DWORD *found =
        fake_registry_get(L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics",
                          L"7 SMTP Protocol", &type, &size);
    return *found;
}

static void exchanges_level_is_raised_as_the_settings_say(void **state)
{
    static DWORD raise_logging = 0;
    (void)state;
    put_level(1);
    fake_registry_put(PARAMETERS_KEY, L"RaiseLogging", REG_DWORD, &raise_logging, 4);
    start();
    assert_true(recorder_wait(MSG_LEVEL_LOW, 1, PATIENCE));
    assert_int_equal(level(), 1);
    raise_logging = 1;
    fake_registry_put(PARAMETERS_KEY, L"RaiseLogging", REG_DWORD, &raise_logging, 4);
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_LEVEL_GOOD, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LOGGING_RAISED), 1);
    assert_int_equal(level(), 5);
}

static void a_change_of_exchanges_level_wakes_it(void **state)
{
    (void)state;
    put_level(5);
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    settle();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 0);
    put_level(1);
    assert_true(recorder_wait(MSG_LEVEL_LOW, 1, PATIENCE));
    put_level(5);
    assert_true(recorder_wait(MSG_LEVEL_GOOD, 1, PATIENCE));
}

static void once_a_day_it_tells_the_days_figures(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    sign_ins(NULL, 2);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    settle();
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    forward(24 * 3600000);
    assert_true(recorder_wait(MSG_HEARTBEAT, 1, PATIENCE));
    static const wchar_t *const figures[] = {L"7", L"2", L"1", L"1", L"1"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(lstrcmpW(recorder_string(MSG_HEARTBEAT, 1 + i), figures[i]), 0);
}

static void an_alert_over_lost_records_says_so(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    w.change = (struct event_source_change){.first = 1, .last = 1}; /* the next one is lost, say */
    sign_ins(u"CONTOSO\\carol", 6);
    assert_true(recorder_wait(MSG_CROSSED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 1);
    assert_non_null(wcsstr(recorder_string(MSG_CROSSED, 10), L"records up to 1 are gone"));
}

static void a_log_that_gets_full_is_told_within_five_minutes(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    w.facts = (struct log_facts){.full = true, .retention = LOG_KEEPS, .keeps_for = UINT32_MAX};
    forward(300000);
    assert_true(recorder_wait(MSG_LOG_FULL, 1, PATIENCE));
}

static void an_account_of_which_nothing_comes_is_contained(void **state)
{
    (void)state;
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
    forward(600000);
    sign_ins(u"CONTOSO\\dave", 1);
    assert_true(recorder_wait(MSG_CONTAINED, 1, PATIENCE));
}

static BOOL WINAPI slow_delete(LPCWSTR path)
{
    (void)path;
    Sleep(300);
    SetLastError(ERROR_FILE_NOT_FOUND);
    return FALSE;
}

static void nothing_is_read_before_the_journal_is_known(void **state)
{
    (void)state;
    struct fake_user *dave = fake_add_user(w.contoso, L"dave", 1106);
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(end(), 0);
    sign_ins(u"CONTOSO\\dave", 5);
    disk_file_calls.DeleteFileW = slow_delete;
    make_control();
    start(); /* that carol is locked is told before that the journal is open */
    assert_true(recorder_wait(MSG_DISABLED, 2, PATIENCE));
    assert_true(dave->flags & UF_ACCOUNTDISABLE);
    assert_int_equal(recorder_count(MSG_FLAGGED_STORE), 0);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
}

static void put_number(const wchar_t *name, DWORD number)
{
    fake_registry_put(PARAMETERS_KEY, name, REG_DWORD, &number, sizeof number);
}

/* There is no queue here. */
static void what_the_queue_must_bear_out_is_flagged_until_it_need_not(void **state)
{
    (void)state;
    put_number(L"RequireQueue", 1);
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, PATIENCE));
    assert_int_equal(w.carol->writes, 0);
    put_number(L"RequireQueue", 0);
    control_reload(&w.control);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static HANDLE let_go;
static volatile LONG hanging;

static HANDLE WINAPI find_and_hang(LPCWSTR pattern, LPWIN32_FIND_DATAW found)
{
    InterlockedExchange(&hanging, 1);
    WaitForSingleObject(let_go, INFINITE);
    return FindFirstFileW(pattern, found);
}

static void it_ends_in_time_while_a_queue_folder_hangs(void **state)
{
    (void)state;
    unsigned threads = own_threads_count();
    let_go = CreateEventW(NULL, TRUE, FALSE, NULL);
    InterlockedExchange(&hanging, 0);
    message_files_calls.FindFirstFileW = find_and_hang;
    fake_registry_put(PARAMETERS_KEY, L"QueueDirectory", REG_SZ, L"C:\\windows",
                      sizeof L"C:\\windows");
    put_number(L"RequireQueue", 1);
    start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    for (int i = 0; i < PATIENCE / 10 && !hanging; i++)
        Sleep(10);
    DWORD begun = GetTickCount();
    assert_int_equal(end(), 0);
    assert_true(GetTickCount() - begun < 3000);
    SetEvent(let_go);
    assert_true(own_threads_end(threads, PATIENCE)); /* the one that was left behind */
    message_files_calls.FindFirstFileW = FindFirstFileW;
    CloseHandle(let_go);
    make_control(); /* for tear_down */
    start();
    assert_true(recorder_wait(MSG_STARTED, 2, PATIENCE));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_once_that_it_started_and_that_it_stopped),
        TEST(a_signal_of_the_log_is_enough_to_lock),
        TEST(waits_for_a_log_that_is_away_and_then_starts),
        TEST(paused_it_flags_and_continued_it_locks),
        TEST(with_the_setting_observe_it_changes_nothing_until_that_ends),
        TEST(continue_does_not_end_observe_nor_that_a_pause),
        TEST(with_observe_a_lock_left_over_is_not_done_either),
        TEST(status_says_what_was_read),
        TEST(new_settings_count_for_what_is_in_the_log_already),
        TEST(bad_settings_are_refused_by_name_and_the_old_stay),
        TEST(at_the_start_a_bad_setting_is_told_and_the_rest_holds),
        TEST(a_changed_policy_is_taken_by_itself),
        TEST(the_policies_of_others_change_nothing),
        TEST(a_wrong_policy_changes_nothing_while_it_runs),
        TEST(at_the_start_a_wrong_policy_gives_way_to_what_is_local),
        TEST(malformed_events_are_told_once_an_hour_with_their_number),
        TEST(a_name_found_late_is_counted_by_its_sid_after_all),
        TEST(exchanges_level_is_raised_as_the_settings_say),
        TEST(a_change_of_exchanges_level_wakes_it),
        TEST(once_a_day_it_tells_the_days_figures),
        TEST(an_alert_over_lost_records_says_so),
        TEST(a_log_that_gets_full_is_told_within_five_minutes),
        TEST(nothing_is_read_before_the_journal_is_known),
        TEST(an_account_of_which_nothing_comes_is_contained),
        TEST(what_the_queue_must_bear_out_is_flagged_until_it_need_not),
        TEST(it_ends_in_time_while_a_queue_folder_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
