/* From sign-ins to accounts: the detector with the real guard, resolver, responder and account code
 * on a fake directory; only SMTP is a counter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../windows/fake_directory.h"
#include "app/detector.h"
#include "core/event_time.h"
#include "memory_store.h"
#include "report_recorder.h"

enum { PATIENCE = 8000, START = 1262304000 };

static struct {
    struct detector detector;
    struct settings settings;
    struct fake_domain *contoso;
    struct fake_user *carol, *dave, *boss;
    HANDLE stop, late, done;
    volatile LONG restarts;
    uint64_t record, position;
    struct store_news store; /* as told last */
    int64_t time;
    DWORD tick_offset;
} scene;

static DWORD WINAPI fake_tick(void)
{
    return GetTickCount() + scene.tick_offset;
}

static uint32_t fake_boot(void)
{
    return 1;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    assert_true(options->intend(options->context, &list));
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    InterlockedIncrement(&scene.restarts);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED, .down = 1500};
}

/* All of the log is read. */
static void all_read(void)
{
    const struct position_record position = {.record = ++scene.position, .time = scene.time};
    detector_all_read(&scene.detector, scene.record, &position, fake_tick());
}

static void set_limits(const char16_t *limits)
{
    assert_true(limit_set_parse(text_of(limits), &scene.settings.limits));
}

static int set_up(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof scene);
    recorder_start();
    fake_directory_reset();
    scene.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(scene.contoso, L"\\\\dc1.contoso.example");
    scene.carol = fake_add_user(scene.contoso, L"carol", 1105);
    scene.dave = fake_add_user(scene.contoso, L"dave", 1106);
    scene.boss = fake_add_user(scene.contoso, L"Administrator", 500);
    memory_store_reset();
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.boot_number = fake_boot;
    detector_calls.GetTickCount = fake_tick;
    settings_defaults(&scene.settings);
    set_limits(u"5/10m");
    scene.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    scene.late = CreateEventW(NULL, FALSE, FALSE, NULL);
    scene.done = CreateEventW(NULL, FALSE, FALSE, NULL);
    scene.time = START;
    return 0;
}

/* What the responder tells, until the journal is known to be open or not. */
static void hear_store(void)
{
    struct store_news news;
    while (!responder_take_store(scene.detector.responder, &news))
        assert_int_equal(WaitForSingleObject(scene.done, PATIENCE), WAIT_OBJECT_0);
    detector_hear(&scene.detector);
    detector_store(&scene.detector, !news.open);
    scene.store = news;
}

/* A process begins; the log is read again from its start. */
static void begin(void)
{
    scene.detector.key = (struct hash_key){1, 2};
    scene.detector.stop = scene.stop;
    scene.detector.store_closed = true;
    assert_true(detector_count_afresh(&scene.detector, &scene.settings));
    assert_int_equal(resolver_start(&scene.detector.key, scene.late, &scene.detector.resolver), 0);
    assert_int_equal(
        responder_start(&scene.settings, scene.stop, scene.done, &scene.detector.responder), 0);
    hear_store();
    all_read();
}

static void no_wait(void *context)
{
    (void)context;
}

static void end(void)
{
    SetEvent(scene.stop);
    if (scene.detector.responder)
        assert_true(responder_stop(scene.detector.responder, no_wait, NULL));
    if (scene.detector.resolver)
        assert_true(resolver_stop(scene.detector.resolver, 1000));
    detector_end(&scene.detector);
    memset(&scene.detector, 0, sizeof scene.detector);
    ResetEvent(scene.stop);
    ResetEvent(scene.done);
}

static int tear_down(void **state)
{
    (void)state;
    end();
    return 0;
}

static void sign_in(const char16_t *account)
{
    const struct relay_event event = {.record = ++scene.record,
                                      .time = ++scene.time,
                                      .client = TEXT_OF(u"mail.example"),
                                      .method = TEXT_OF(u"LOGIN"),
                                      .account = text_of(account)};
    detector_take(&scene.detector, &event);
}

static void sign_ins(const char16_t *account, int count)
{
    for (int i = 0; i < count; i++)
        sign_in(account);
}

static int64_t now_seconds(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

/* A sign-in after all that was done so far. */
static void leak(const char16_t *account)
{
    scene.time = now_seconds() + 1;
    sign_in(account);
    detector_tell(&scene.detector);
}

/* Reads the same log once more, as after new settings. */
static void read_again(const char16_t *account, int count)
{
    assert_true(detector_count_afresh(&scene.detector, &scene.settings));
    scene.record = 0;
    scene.time = START;
    sign_ins(account, count);
}

static enum held_state held(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(user->domain, user->rid, sid);
    const struct held_entry *entry = held_list_find(&scene.detector.held, sid, FAKE_SID_SIZE);
    return entry ? entry->state : HELD_FREE;
}

/* Hears of the responder until it has told that the account is so. */
static void hear_until(const struct fake_user *user, enum held_state state)
{
    DWORD begun = GetTickCount();
    for (detector_hear(&scene.detector); held(user) != state; detector_hear(&scene.detector)) {
        assert_in_range(GetTickCount() - begun, 0, PATIENCE);
        WaitForSingleObject(scene.done, 20);
    }
}

/* Lets it be locked, and all be done that follows at once. */
static void be_locked(const struct fake_user *user, size_t locks)
{
    assert_true(recorder_wait(MSG_DISABLED, locks, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, locks, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
    hear_until(user, HELD_LOCKED);
    all_read();
}

static bool is_disabled(const struct fake_user *user)
{
    return user->flags & UF_ACCOUNTDISABLE;
}

static void a_burst_locks_the_account_and_restarts_smtp(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\dave", 2);
    sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 0), L"CONTOSO\\carol"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 1), L"5/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 5), L"\"mail.example\" (5)"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 6), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 8), L"7"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 9), L"2010-01-01T00:00:07Z"), 0);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(is_disabled(scene.carol));
    assert_false(is_disabled(scene.dave));
    sign_ins(u"CONTOSO\\carol", 10);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(scene.restarts, 1);
}

static void an_alert_over_a_gap_says_so(void **state)
{
    (void)state;
    static struct gap_list gaps;
    memset(&gaps, 0, sizeof gaps);
    scene.detector.gaps = &gaps;
    scene.settings.action = LOCK_FLAG;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(lstrcmpW(recorder_string(MSG_FLAGGED_ACTION, 10), L""), 0);
    gap_list_add(&gaps, &(struct gap){20, 29, false});
    scene.record = 29;
    gap_list_pass(&gaps, 30, scene.time);
    sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_ACTION, 10),
                             L" Records 20 to 29 within the window are gone", 44),
                     0);
    gap_list_add(&gaps, &(struct gap){1, 29, false});
    gap_list_pass(&gaps, 36, scene.time);
    sign_ins(u"CONTOSO\\erin", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_UNRESOLVED, 10),
                             L" The log does not reach back over the window (records up to 29", 61),
                     0);
    gap_list_add(&gaps, &(struct gap){50, 50, true});
    gap_list_pass(&gaps, 1, scene.time);
    scene.record = 0;
    sign_ins(u"CONTOSO\\frank", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_UNRESOLVED, 10),
                             L" The log was cleared within the window", 38),
                     0);
    assert_int_equal(scene.detector.alerts, 4);
}

static void all_spellings_are_one_account(void **state)
{
    (void)state;
    begin();
    sign_in(u"CONTOSO\\carol");
    sign_in(u"contoso\\CAROL");
    sign_in(u"carol@contoso.example");
    sign_in(u"Contoso\\Carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    sign_in(u"CONTOSO\\Carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_true(is_disabled(scene.carol));
}

static void exempt_accounts_are_left_alone(void **state)
{
    (void)state;
    assert_true(
        settings_set(&scene.settings, setting_find(TEXT_OF(u"Exempt")), TEXT_OF(u"CONTOSO\\car*")));
    begin();
    sign_ins(u"carol@contoso.example", 50);
    sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_false(is_disabled(scene.carol));
    assert_true(is_disabled(scene.dave));
}

static void protected_unknown_and_computer_accounts_are_only_flagged(void **state)
{
    (void)state;
    fake_add_user(scene.contoso, L"EXCH2$", 1200);
    begin();
    sign_ins(u"CONTOSO\\Administrator", 5);
    sign_ins(u"CONTOSO\\nobody", 5);
    sign_ins(u"CONTOSO\\EXCH2$", 5);
    sign_ins(u"CONTOSO\\GONE$", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_PROTECTED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_MACHINE), 2);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_false(is_disabled(scene.boss));
    assert_int_equal(wcsncmp(scene.boss->comment, L"[RelayLock] ", 12), 0);
    assert_int_equal(scene.restarts, 0);
}

static void action_flag_marks_and_locks_nobody(void **state)
{
    (void)state;
    scene.settings.action = LOCK_FLAG;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_false(is_disabled(scene.carol));
    assert_int_equal(scene.restarts, 0);
}

static void beyond_the_budget_accounts_are_flagged_and_it_is_said_once(void **state)
{
    (void)state;
    struct fake_user *erin = fake_add_user(scene.contoso, L"erin", 1107);
    scene.settings.max_locks_per_hour = 1;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    sign_ins(u"CONTOSO\\dave", 5);
    sign_ins(u"CONTOSO\\erin", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 2);
    assert_int_equal(recorder_count(MSG_BUDGET_SPENT), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_false(is_disabled(scene.dave));
    assert_false(is_disabled(erin));
}

static void observing_flags_and_touches_nothing_until_it_ends(void **state)
{
    (void)state;
    begin();
    detector_observe(&scene.detector, true);
    sign_ins(u"CONTOSO\\carol", 7);
    assert_int_equal(recorder_count(MSG_FLAGGED_OBSERVE), 1);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    Sleep(100);
    assert_int_equal(scene.carol->writes, 0);
    detector_observe(&scene.detector, false);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void reading_the_log_again_says_nothing_twice(void **state)
{
    (void)state;
    scene.settings.action = LOCK_FLAG;
    begin();
    sign_ins(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    read_again(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
}

static void a_locked_account_is_not_locked_twice_by_reading_again(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(scene.restarts, 1);
}

static void another_process_knows_who_is_locked(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    end();
    begin();
    assert_int_equal(held(scene.carol), HELD_LOCKED);
    scene.record = 0;
    scene.time = START;
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(recorder_count(MSG_ALREADY_DISABLED), 0);
    assert_int_equal(scene.restarts, 1);
}

static void another_process_has_no_budget_of_its_own(void **state)
{
    (void)state;
    scene.settings.max_locks_per_hour = 1;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    end();
    begin();
    sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 1);
    end();
    scene.time += 3600;
    begin();
    sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
}

static void another_process_repeats_no_flag(void **state)
{
    (void)state;
    scene.settings.action = LOCK_FLAG;
    begin();
    sign_ins(u"CONTOSO\\carol", 6);
    sign_ins(u"CONTOSO\\nobody", 5);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    end();
    begin();
    scene.record = 0;
    scene.time = START;
    sign_ins(u"CONTOSO\\carol", 6);
    sign_ins(u"CONTOSO\\nobody", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    end();
    begin();
    scene.time = START - 18000; /* the clock was set back by hours: these are new */
    sign_ins(u"CONTOSO\\nobody", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 2);
}

static void no_journal_no_lock_and_it_is_said(void **state)
{
    (void)state;
    memory_store.open_error = ERROR_INVALID_OWNER;
    begin();
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    sign_ins(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_STORE), 1);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    memory_store.open_error = 0;
    hear_store();
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    be_locked(scene.carol, 1);
}

static void a_journal_that_fails_at_a_lock_lets_it_be_decided_again(void **state)
{
    (void)state;
    begin();
    memory_store.write_error = ERROR_DISK_FULL;
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    hear_store();
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    hear_until(scene.carol, HELD_FREE);
    assert_false(is_disabled(scene.carol));
    memory_store.write_error = 0;
    hear_store();
    read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    be_locked(scene.carol, 1);
}

static void an_account_enabled_again_counts_from_zero_and_not_from_before(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    assert_true(is_disabled(scene.carol));
    scene.carol->flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    scene.time = START; /* read once more: no reason to look */
    scene.record = 0;
    sign_ins(u"CONTOSO\\carol", 5);
    detector_tell(&scene.detector);
    Sleep(100);
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 0);
    leak(u"CONTOSO\\carol");
    hear_until(scene.carol, HELD_RELEASED);
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 1);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
    read_again(u"CONTOSO\\carol", 6); /* from before it was found enabled */
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    scene.time = now_seconds();
    scene.record += 100;
    sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 0);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 1);
    assert_true(recorder_wait(MSG_DISABLED, 2, PATIENCE));
}

static void leaks_are_told_at_once_and_then_now_and_then(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    leak(u"CONTOSO\\carol");
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
    hear_until(scene.carol, HELD_LOCKED);
    LONG first = fake.calls[FAKE_USER_GET];
    for (int i = 0; i < 100; i++) {
        sign_in(u"CONTOSO\\carol");
        assert_in_range(detector_tell(&scene.detector), 1, HELD_LIST_PAUSE);
    }
    Sleep(100);
    assert_int_equal(fake.calls[FAKE_USER_GET], first);
    scene.tick_offset += HELD_LIST_PAUSE;
    assert_int_equal(detector_tell(&scene.detector), INFINITE);
    assert_true(recorder_wait(MSG_LEAK_RESTART, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_LEAK_RESTART, 1), L"101"), 0);
}

static void a_leak_is_known_by_its_record_when_the_clock_was_set_back(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    sign_in(u"CONTOSO\\carol"); /* the log's clock is years behind */
    detector_tell(&scene.detector);
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
}

static void sign_ins_that_were_not_read_at_the_lock_are_no_leaks(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    hear_until(scene.carol, HELD_LOCKED);
    sign_ins(u"CONTOSO\\carol", 20); /* from before, in a log that is still being read */
    detector_tell(&scene.detector);
    all_read();
    Sleep(100);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
}

static void a_lock_given_up_for_a_pause_is_decided_anew(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 1, ERROR_ACCESS_DENIED);
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    detector_observe(&scene.detector, true);
    responder_observe(scene.detector.responder, true);
    hear_until(scene.carol, HELD_FREE);
    detector_observe(&scene.detector, false);
    responder_observe(scene.detector.responder, false);
    sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void who_is_not_ours_to_lock_is_left_alone_for_a_window(void **state)
{
    (void)state;
    scene.carol->flags |= UF_ACCOUNTDISABLE;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_ALREADY_DISABLED, 1, PATIENCE));
    hear_until(scene.carol, HELD_TIMED);
    scene.time = now_seconds();
    sign_ins(u"CONTOSO\\carol", 20);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    scene.tick_offset += 600000;
    sign_in(u"CONTOSO\\carol"); /* lets it go */
    sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    assert_true(recorder_wait(MSG_ALREADY_DISABLED, 2, PATIENCE));
}

static void a_release_lets_it_count_from_zero(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    responder_release_latest(scene.detector.responder);
    hear_until(scene.carol, HELD_RELEASED);
    assert_int_equal(recorder_count(MSG_RELEASED), 1);
    assert_false(is_disabled(scene.carol));
    read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED) + recorder_count(MSG_CROSSED_AGAIN), 1);
    end();
    begin(); /* a later process does not count them either */
    scene.record = 0;
    scene.time = START;
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED) + recorder_count(MSG_CROSSED_AGAIN), 1);
    assert_false(is_disabled(scene.carol));
}

static void it_crossed_again_whatever_became_of_the_first_time(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    responder_release_latest(scene.detector.responder);
    hear_until(scene.carol, HELD_RELEASED);
    scene.time = now_seconds() + 1;
    memory_store.write_error = ERROR_DISK_FULL;
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 1);
    hear_store();
    hear_until(scene.carol, HELD_RELEASED);
    memory_store.write_error = 0;
    hear_store();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 2);
}

static void a_position_waits_for_sign_ins_that_wait(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    be_locked(scene.carol, 1);
    leak(u"CONTOSO\\carol");
    uint64_t before = scene.position;
    leak(u"CONTOSO\\carol"); /* to be told half a minute later */
    all_read();
    end(); /* as if killed: what waited is gone */
    begin();
    assert_int_equal(scene.store.position.record, before);
    assert_true(scene.position > before);
    leak(u"CONTOSO\\carol");
    leak(u"CONTOSO\\carol");
    scene.tick_offset += HELD_LIST_PAUSE;
    all_read();
    end();
    begin();
    assert_int_equal(scene.store.position.record, scene.position - 1);
}

static void a_password_is_set_and_the_account_stays_enabled(void **state)
{
    (void)state;
    scene.settings.action = LOCK_PASSWORD;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_PASSWORD_SET, 1, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_false(is_disabled(scene.carol));
    assert_int_equal(wcslen(scene.carol->password), 32);
}

static void the_list_of_held_accounts_lets_the_oldest_go_when_it_is_full(void **state)
{
    (void)state;
    static struct held_list list;
    struct held_sign_ins old;
    bool dropped;
    memset(&list, 0, sizeof list);
    for (int i = 0; i < HELD_LIST_MAX; i++) {
        held_list_add(&list, (uint8_t *)&i, 4, &dropped, &old)->state = HELD_LOCKED;
        assert_false(dropped);
    }
    int one = 7, more = 10000;
    held_list_find(&list, (uint8_t *)&one, 4)->state = HELD_RELEASED;
    held_list_add(&list, (uint8_t *)&more, 4, &dropped, &old); /* in place of the one let go */
    assert_false(dropped);
    assert_null(held_list_find(&list, (uint8_t *)&one, 4));
    more++;
    held_list_add(&list, (uint8_t *)&more, 4, &dropped, &old);
    assert_true(dropped);
    assert_non_null(held_list_find(&list, (uint8_t *)&more, 4));
    assert_null(held_list_find(&list, old.sid, 4));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_burst_locks_the_account_and_restarts_smtp),
        TEST(an_alert_over_a_gap_says_so),
        TEST(all_spellings_are_one_account),
        TEST(exempt_accounts_are_left_alone),
        TEST(protected_unknown_and_computer_accounts_are_only_flagged),
        TEST(action_flag_marks_and_locks_nobody),
        TEST(beyond_the_budget_accounts_are_flagged_and_it_is_said_once),
        TEST(observing_flags_and_touches_nothing_until_it_ends),
        TEST(reading_the_log_again_says_nothing_twice),
        TEST(a_locked_account_is_not_locked_twice_by_reading_again),
        TEST(another_process_knows_who_is_locked),
        TEST(another_process_has_no_budget_of_its_own),
        TEST(another_process_repeats_no_flag),
        TEST(no_journal_no_lock_and_it_is_said),
        TEST(a_journal_that_fails_at_a_lock_lets_it_be_decided_again),
        TEST(an_account_enabled_again_counts_from_zero_and_not_from_before),
        TEST(leaks_are_told_at_once_and_then_now_and_then),
        TEST(a_leak_is_known_by_its_record_when_the_clock_was_set_back),
        TEST(sign_ins_that_were_not_read_at_the_lock_are_no_leaks),
        TEST(a_lock_given_up_for_a_pause_is_decided_anew),
        TEST(who_is_not_ours_to_lock_is_left_alone_for_a_window),
        TEST(a_release_lets_it_count_from_zero),
        TEST(it_crossed_again_whatever_became_of_the_first_time),
        TEST(a_position_waits_for_sign_ins_that_wait),
        TEST(a_password_is_set_and_the_account_stays_enabled),
        TEST(the_list_of_held_accounts_lets_the_oldest_go_when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
