/* The responder's thread, with the real lock-down and a journal in memory; a directory that may be
 * away or hang, and an SMTP service that counts its restarts. What the lock-down does is tested in
 * test_lockdown*.c; here, that nobody waits for it, and what goes in and comes out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/responder.h"
#include "app/responder_inbox.h"
#include "core/sid.h"
#include "memory_store.h"
#include "own_threads.h"
#include "report_recorder.h"
#include "windows/disk_file.h"

enum { ACCOUNTS = 128, PATIENCE = 8000, SID_SIZE = 12, RID = 8 };

static struct {
    bool disabled[ACCOUNTS];
    volatile LONG directory_error; /* of every call; 0: it answers */
    volatile LONG lock_calls;
    HANDLE gate; /* account_lock waits for this; set: it does not */
    HANDLE at_gate;
    volatile LONG restarts;
    HANDLE restart_gate;
    HANDLE at_restart;
    HANDLE stop, done;
    HANDLE disk_gate; /* deleting a file waits for this */
    struct responder *responder;
    struct settings settings;
    volatile LONG waited;
    unsigned threads; /* of this process, before the test's */
} world;

static void fake_lock(const uint8_t *sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    struct account_before before = {.flags = UF_SCRIPT, .name = L"carol"};
    (void)size, (void)action;
    InterlockedIncrement(&world.lock_calls);
    SetEvent(world.at_gate);
    WaitForSingleObject(world.gate, INFINITE);
    *outcome = (struct account_outcome){
        .result = ACCOUNT_FAILED, .call = "NetUserSetInfo", .error = (DWORD)world.directory_error};
    if (world.directory_error)
        return;
    outcome->error = ERROR_CANCELLED;
    if (!intent->intend(intent->context, &before))
        return;
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED, .name = L"carol"};
    world.disabled[sid[RID]] = true;
}

/* As service_change_pause waits. */
static void wait_in_turns(const struct smtp_options *options, HANDLE until)
{
    const HANDLE handles[] = {until, options->wake};
    do {
        while (WaitForSingleObject(options->abandon, 0) == WAIT_TIMEOUT &&
               options->turn(options->context))
            continue;
    } while (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0 + 1);
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    *outcome = (struct smtp_outcome){.result = SMTP_FAILED, .error = ERROR_CANCELLED};
    if (WaitForSingleObject(options->abandon, 0) == WAIT_OBJECT_0 ||
        !options->intend(options->context, &list))
        return;
    SetEvent(world.at_restart);
    wait_in_turns(options, world.restart_gate);
    outcome->seen_stopped = true;
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED};
    InterlockedIncrement(&world.restarts);
}

static DWORD fake_look(const uint8_t *sid, size_t size, enum account_place place,
                       struct account_view *view, const char **failed_call)
{
    (void)sid, (void)size, (void)place, (void)view;
    *failed_call = "DsGetDcName";
    return ERROR_NO_SUCH_DOMAIN;
}

static DWORD fake_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                          struct account_view *view, const char **failed_call)
{
    (void)server;
    return fake_look(sid, size, ACCOUNT_USED, view, failed_call);
}

static uint32_t fake_boot(void)
{
    return 1;
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.threads = own_threads_count();
    recorder_start();
    memory_store_reset();
    lockdown_calls.account_lock = account_aside_calls.account_lock = fake_lock;
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.account_look = fake_look;
    lockdown_calls.account_look_on = fake_look_on;
    lockdown_calls.boot_number = fake_boot;
    world.gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    world.at_gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    world.restart_gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    world.at_restart = CreateEventW(NULL, FALSE, FALSE, NULL);
    world.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    world.done = CreateEventW(NULL, FALSE, FALSE, NULL);
    settings_defaults(&world.settings);
    world.settings.restart_cooldown = 0;
    return 0;
}

static struct store_news store_told(void)
{
    struct store_news news;
    while (!responder_take_store(world.responder, &news))
        assert_int_equal(WaitForSingleObject(world.done, PATIENCE), WAIT_OBJECT_0);
    return news;
}

static void all_read(uint64_t record)
{
    const struct position_record position = {
        .record = record, .time = 1262304000, .channel = u"Application"};
    responder_position(world.responder, &position);
}

static struct store_news start(void)
{
    assert_int_equal(responder_start(&world.settings, world.stop, world.done, &world.responder), 0);
    struct store_news news = store_told();
    all_read(1000);
    return news;
}

static void count_waiting(void *context)
{
    (void)context;
    InterlockedIncrement(&world.waited);
}

static bool stop(void)
{
    SetEvent(world.stop);
    bool ended = responder_stop(world.responder, count_waiting, NULL);
    ResetEvent(world.stop);
    return ended;
}

static void sid_of(uint8_t who, uint8_t sid[IDENTITY_SID_MAX])
{
    static const uint8_t start[SID_SIZE] = {1, 1, 0, 0, 0, 0, 0, 5};
    memcpy(sid, start, SID_SIZE);
    sid[RID] = who;
    assert_int_equal(sid_size(sid, SID_SIZE), SID_SIZE);
}

static struct order order_for(uint8_t who, enum flag_reason flag)
{
    struct order order = {.verdict = {.flag = flag,
                                      .limit = {LIMIT_SIGN_INS, 50, 600},
                                      .last_record = who,
                                      .sid_size = SID_SIZE},
                          .action = LOCK_DISABLE,
                          .read_at = GetTickCount()};
    sid_of(who, order.verdict.sid);
    text_copy(order.verdict.account, ACCOUNT_SHOWN_MAX, TEXT_OF(u"CONTOSO\\carol"));
    text_copy(order.verdict.name, ACCOUNT_SHOWN_MAX, TEXT_OF(u"CONTOSO\\carol"));
    return order;
}

static void post(uint8_t who)
{
    struct order order = order_for(who, FLAG_NOT);
    assert_true(responder_post(world.responder, &order));
}

/* Waits for news of that kind of the account. */
static struct account_news heard(uint8_t who, enum news_kind kind)
{
    struct account_news news = {0};
    DWORD begun = GetTickCount();
    while (!responder_take(world.responder, &news) || news.kind != kind || news.sid[RID] != who) {
        assert_in_range(GetTickCount() - begun, 0, PATIENCE);
        WaitForSingleObject(world.done, 20);
    }
    return news;
}

static void an_order_is_done_and_told(void **state)
{
    (void)state;
    struct store_news news = start();
    assert_true(news.open);
    assert_int_equal(news.position.record, 0);
    post(7);
    heard(7, NEWS_LOCKED);
    assert_true(world.disabled[7]);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    struct lockdown_figures figures;
    responder_count(world.responder, &figures);
    assert_int_equal(figures.locked, 1);
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
}

static void the_next_one_knows_where_reading_stood_and_who_is_locked(void **state)
{
    (void)state;
    start();
    post(7);
    heard(7, NEWS_LOCKED);
    struct outlook_record outlook = {.size = 3, .bytes = {1, 2, 3}};
    responder_outlook(world.responder, &outlook);
    all_read(1234);
    assert_true(stop());
    struct store_news news = start();
    assert_int_equal(news.position.record, 1234);
    assert_true(news.position.clean);
    assert_int_equal(lstrcmpW(news.position.channel, L"Application"), 0);
    assert_int_equal(news.outlook.size, 3);
    heard(7, NEWS_LOCKED);
    assert_true(stop());
}

static void what_was_decided_is_put_down_though_it_is_stopped(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    post(2);
    SetEvent(world.stop);
    SetEvent(world.gate);
    assert_true(stop());
    assert_false(world.disabled[2]);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    start();
    heard(2, NEWS_LOCKED);
    assert_true(world.disabled[2]);
    assert_true(stop());
}

static void a_hanging_directory_does_not_hold_up_the_stop(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    post(2);
    struct order flag = order_for(3, FLAG_BUDGET);
    assert_true(responder_post(world.responder, &flag));
    DWORD begun = GetTickCount();
    SetEvent(world.stop);
    assert_false(responder_stop(world.responder, count_waiting, NULL));
    assert_in_range(GetTickCount() - begun, 0, 2900);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STOPPED_UNFINISHED, 0), L"1"), 0);
    SetEvent(world.gate);
    assert_true(own_threads_end(world.threads, PATIENCE)); /* the one left behind uses the world */
}

enum { OPEN_LATER = 4000 }; /* ms */

static DWORD WINAPI open_later(LPVOID gate)
{
    Sleep(OPEN_LATER);
    SetEvent(gate);
    return 0;
}

/* Of an account that was locked; it goes on until restart_gate is set. */
static void begin_restart(void)
{
    ResetEvent(world.restart_gate);
    start();
    post(1);
    assert_int_equal(WaitForSingleObject(world.at_restart, PATIENCE), WAIT_OBJECT_0);
}

static void a_restart_that_has_begun_is_finished_before_the_stop(void **state)
{
    (void)state;
    begin_restart();
    /* Longer than a hanging call would be waited for. */
    HANDLE opener = CreateThread(NULL, 0, open_later, world.restart_gate, 0, NULL);
    assert_non_null(opener);
    DWORD begun = GetTickCount();
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    assert_in_range(GetTickCount() - begun, OPEN_LATER - 500, OPEN_LATER + 2000);
    assert_in_range(world.waited, OPEN_LATER / 1000, 100);
    CloseHandle(opener);
}

static void nobody_waits_for_a_restart_to_be_locked(void **state)
{
    (void)state;
    begin_restart();
    heard(1, NEWS_LOCKED);
    for (uint8_t who = 2; who <= 4; who++) {
        post(who);
        heard(who, NEWS_LOCKED);
        assert_true(world.disabled[who]);
    }
    /* What it did is to be seen; and who is told after a pause is not locked, but after its end. */
    struct lockdown_figures figures = {0};
    while (figures.locked < 4)
        responder_count(world.responder, &figures);
    responder_observe(world.responder, true);
    post(5);
    heard(5, NEWS_UNHELD);
    responder_observe(world.responder, false);
    post(6);
    heard(6, NEWS_LOCKED);
    assert_false(world.disabled[5]);
    assert_int_equal(world.restarts, 0);
    SetEvent(world.restart_gate);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"5"), 0);
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
}

static void locks_within_a_restart_do_not_hold_up_the_stop(void **state)
{
    (void)state;
    begin_restart();
    SetEvent(world.stop);
    HANDLE opener = CreateThread(NULL, 0, open_later, world.restart_gate, 0, NULL);
    assert_non_null(opener);
    post(2); /* decided, and put down, but not begun any more */
    DWORD begun = GetTickCount();
    assert_true(stop());
    assert_in_range(GetTickCount() - begun, 0, OPEN_LATER + 2000);
    assert_false(world.disabled[2]);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    start();
    heard(2, NEWS_LOCKED);
    assert_true(stop());
    CloseHandle(opener);
}

static void nor_does_a_directory_that_hangs_within_it(void **state)
{
    (void)state;
    begin_restart();
    heard(1, NEWS_LOCKED);
    ResetEvent(world.gate);
    ResetEvent(world.at_gate);
    post(2);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    DWORD begun = GetTickCount();
    SetEvent(world.restart_gate);
    SetEvent(world.stop);
    assert_false(responder_stop(world.responder, count_waiting, NULL));
    assert_in_range(GetTickCount() - begun, 0, 2900);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    SetEvent(world.gate);
    assert_true(own_threads_end(world.threads, PATIENCE));
}

static void it_holds_a_stated_number_of_orders(void **state)
{
    (void)state;
    struct order order = order_for(100, FLAG_NOT), flag = order_for(101, FLAG_BUDGET);
    ResetEvent(world.gate);
    start();
    post(0);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    for (uint8_t i = 0; i < RESPONDER_FLAGS; i++) {
        flag.verdict.last_record = 200 + i;
        assert_true(responder_post(world.responder, &flag));
    }
    assert_false(responder_post(world.responder, &flag)); /* the rest is for locks */
    for (uint8_t i = 1; i <= RESPONDER_ORDERS - RESPONDER_FLAGS; i++)
        post(i);
    assert_false(responder_post(world.responder, &order));
    SetEvent(world.gate);
    assert_true(recorder_wait(MSG_DISABLED, RESPONDER_ORDERS - RESPONDER_FLAGS + 1, PATIENCE));
    assert_true(responder_post(world.responder, &order));
    assert_true(recorder_wait(MSG_DISABLED, RESPONDER_ORDERS - RESPONDER_FLAGS + 2, PATIENCE));
    assert_true(stop());
}

static void a_pause_gives_up_what_waits_and_a_new_policy_counts(void **state)
{
    (void)state;
    InterlockedExchange(&world.directory_error, ERROR_NO_SUCH_DOMAIN);
    start();
    post(1);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    responder_observe(world.responder, true);
    heard(1, NEWS_UNHELD);
    InterlockedExchange(&world.directory_error, 0);
    responder_observe(world.responder, false);
    world.settings.restart_smtp = false;
    responder_configure(world.responder, &world.settings);
    post(2);
    heard(2, NEWS_LOCKED);
    assert_true(stop());
    assert_false(world.disabled[1]);
    assert_int_equal(world.restarts, 0);
}

static void sign_ins_of_one_account_are_added_up(void **state)
{
    (void)state;
    static struct responder_inbox inbox;
    struct held_sign_ins sign_ins = {.sid_size = SID_SIZE, .before = 2}, taken;
    memset(&inbox, 0, sizeof inbox);
    for (uint8_t i = 0; i < RESPONDER_SIGN_INS; i++) {
        sid_of(i, sign_ins.sid);
        assert_true(inbox_tell(&inbox, &sign_ins));
    }
    sid_of(200, sign_ins.sid);
    assert_false(inbox_tell(&inbox, &sign_ins));
    sid_of(0, sign_ins.sid);
    sign_ins = (struct held_sign_ins){
        .sid_size = SID_SIZE, .before = 1, .leaks = 3, .time = 77, .record = 9, .read_at = 5};
    sid_of(0, sign_ins.sid);
    assert_true(inbox_tell(&inbox, &sign_ins));
    sign_ins = (struct held_sign_ins){.sid_size = SID_SIZE, .before = 1};
    sid_of(0, sign_ins.sid);
    assert_true(inbox_tell(&inbox, &sign_ins)); /* one without a leak keeps the latest leak */
    assert_true(inbox_take_sign_ins(&inbox, &taken));
    assert_int_equal(taken.before, 4);
    assert_int_equal(taken.leaks, 3);
    assert_int_equal(taken.time, 77);
    assert_int_equal(taken.record, 9);
    for (size_t i = 1; i < RESPONDER_SIGN_INS; i++)
        assert_true(inbox_take_sign_ins(&inbox, &taken));
    assert_false(inbox_take_sign_ins(&inbox, &taken));
}

static void of_each_account_the_latest_news_are_kept(void **state)
{
    (void)state;
    static struct responder_outbox outbox;
    struct account_news news = {.kind = NEWS_DECIDED, .sid_size = SID_SIZE}, taken;
    memset(&outbox, 0, sizeof outbox);
    sid_of(1, news.sid);
    outbox_post(&outbox, &news);
    news.kind = NEWS_FLAGGED; /* of an account, too, but for something else */
    outbox_post(&outbox, &news);
    outbox_post(&outbox, &news);
    news.kind = NEWS_LOCKED;
    outbox_post(&outbox, &news);
    assert_true(outbox_take(&outbox, &taken));
    assert_int_equal(taken.kind, NEWS_LOCKED);
    assert_true(outbox_take(&outbox, &taken));
    assert_int_equal(taken.kind, NEWS_FLAGGED);
    assert_true(outbox_take(&outbox, &taken));
    assert_false(outbox_take(&outbox, &taken));
}

static void a_journal_that_cannot_be_kept_is_told_and_tried_again(void **state)
{
    (void)state;
    memory_store.open_error = ERROR_ACCESS_DENIED;
    struct store_news news = start();
    assert_false(news.open);
    post(1);
    heard(1, NEWS_UNHELD);
    memory_store.open_error = 0;
    assert_true(store_told().open);
    assert_false(world.disabled[1]);
    assert_true(stop());
}

/* An account that is locked, and all done that follows at once. */
static void lock(uint8_t who)
{
    assert_true(start().open);
    post(who);
    heard(who, NEWS_LOCKED);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
}

static void tell_leaks(uint8_t who, uint32_t leaks, uint64_t record)
{
    struct held_sign_ins sign_ins = {.sid_size = SID_SIZE,
                                     .leaks = leaks,
                                     .time = 1262304000,
                                     .record = record,
                                     .read_at = GetTickCount() + 1000};
    sid_of(who, sign_ins.sid);
    assert_true(responder_tell(world.responder, &sign_ins));
}

static void leaks_wait_for_the_journal(void **state)
{
    (void)state;
    lock(7);
    memory_store.write_error = ERROR_DISK_FULL;
    tell_leaks(7, 1, 2000);
    assert_false(store_told().open);
    tell_leaks(7, 2, 2001);
    all_read(2002);
    memory_store.write_error = 0;
    struct store_news news = store_told();
    assert_true(news.open);
    assert_true(news.position.record < 2002);
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
    assert_true(stop());
    news = start();
    assert_int_equal(news.position.record, 2002);
    assert_true(stop());
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_LEAK, 1), L"2001"), 0);
}

static void it_is_contained_once_all_is_read(void **state)
{
    (void)state;
    world.settings.contain_after = 1;
    lock(7);
    Sleep(1500);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    responder_all_read(world.responder, GetTickCount());
    assert_true(recorder_wait(MSG_CONTAINED, 1, PATIENCE));
    assert_true(stop());
}

static void what_could_not_be_kept_is_kept_later(void **state)
{
    (void)state;
    const struct outlook_record outlook = {.size = 3, .bytes = {1, 2, 3}};
    start();
    memory_store.write_error = ERROR_DISK_FULL;
    responder_outlook(world.responder, &outlook);
    assert_false(store_told().open);
    memory_store.write_error = 0;
    assert_true(store_told().open);
    assert_true(stop());
    assert_int_equal(start().outlook.size, 3);
    assert_true(stop());
}

static void a_thread_left_behind_ends_when_its_signal_is_gone(void **state)
{
    (void)state;
    start();
    CloseHandle(world.stop);
    all_read(1001); /* wakes it */
    assert_true(responder_stop(world.responder, count_waiting, NULL));
}

static BOOL WINAPI hanging_delete(LPCWSTR path)
{
    (void)path;
    WaitForSingleObject(world.disk_gate, INFINITE);
    SetLastError(ERROR_FILE_NOT_FOUND);
    return FALSE;
}

static void the_journal_is_told_before_old_requests_are_deleted(void **state)
{
    (void)state;
    world.disk_gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    disk_file_calls.DeleteFileW = hanging_delete;
    assert_true(start().open);
    SetEvent(world.disk_gate);
    assert_true(stop());
    disk_file_calls.DeleteFileW = DeleteFileW;
    CloseHandle(world.disk_gate);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_done_and_told),
        TEST(the_next_one_knows_where_reading_stood_and_who_is_locked),
        TEST(what_was_decided_is_put_down_though_it_is_stopped),
        TEST(a_hanging_directory_does_not_hold_up_the_stop),
        TEST(a_restart_that_has_begun_is_finished_before_the_stop),
        TEST(nobody_waits_for_a_restart_to_be_locked),
        TEST(locks_within_a_restart_do_not_hold_up_the_stop),
        TEST(nor_does_a_directory_that_hangs_within_it),
        TEST(it_holds_a_stated_number_of_orders),
        TEST(a_pause_gives_up_what_waits_and_a_new_policy_counts),
        TEST(sign_ins_of_one_account_are_added_up),
        TEST(of_each_account_the_latest_news_are_kept),
        TEST(a_journal_that_cannot_be_kept_is_told_and_tried_again),
        TEST(the_journal_is_told_before_old_requests_are_deleted),
        TEST(leaks_wait_for_the_journal),
        TEST(it_is_contained_once_all_is_read),
        TEST(what_could_not_be_kept_is_kept_later),
        TEST(a_thread_left_behind_ends_when_its_signal_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
