/* The responder's thread: what goes in, what comes out, and how much it holds. What the lock-down
 * does is tested in test_lockdown*.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/responder_inbox.h"
#include "responder_scene.h"

static void an_order_is_done_and_told(void **state)
{
    (void)state;
    struct store_news news = responder_scene_start();
    assert_true(news.open);
    assert_int_equal(news.position.record, 0);
    responder_scene_post(7);
    responder_scene_heard(7, NEWS_LOCKED);
    assert_true(responder_scene.disabled[7]);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    struct lockdown_figures figures;
    responder_count(responder_scene.responder, &figures);
    assert_int_equal(figures.locked, 1);
    assert_true(responder_scene_stop());
    assert_int_equal(responder_scene.restarts, 1);
}

static void the_next_one_knows_where_reading_stood_and_who_is_locked(void **state)
{
    (void)state;
    responder_scene_start();
    responder_scene_post(7);
    responder_scene_heard(7, NEWS_LOCKED);
    struct outlook_record outlook = {.size = 3, .bytes = {1, 2, 3}};
    responder_outlook(responder_scene.responder, &outlook);
    responder_scene_all_read(1234);
    assert_true(responder_scene_stop());
    struct store_news news = responder_scene_start();
    assert_int_equal(news.position.record, 1234);
    assert_true(news.position.clean);
    assert_int_equal(lstrcmpW(news.position.channel, L"Application"), 0);
    assert_int_equal(news.outlook.size, 3);
    responder_scene_heard(7, NEWS_LOCKED);
    assert_true(responder_scene_stop());
}

static void it_holds_a_stated_number_of_orders(void **state)
{
    (void)state;
    struct order order = responder_scene_order_for(100, FLAG_NOT),
                 flag = responder_scene_order_for(101, FLAG_BUDGET);
    ResetEvent(responder_scene.gate);
    responder_scene_start();
    responder_scene_post(0);
    assert_int_equal(WaitForSingleObject(responder_scene.at_gate, PATIENCE), WAIT_OBJECT_0);
    for (uint8_t i = 0; i < RESPONDER_FLAGS; i++) {
        flag.verdict.last_record = 200 + i;
        assert_true(responder_post(responder_scene.responder, &flag));
    }
    assert_false(responder_post(responder_scene.responder, &flag)); /* the rest is for locks */
    for (uint8_t i = 1; i <= RESPONDER_ORDERS - RESPONDER_FLAGS; i++)
        responder_scene_post(i);
    assert_false(responder_post(responder_scene.responder, &order));
    SetEvent(responder_scene.gate);
    assert_true(recorder_wait(MSG_DISABLED, RESPONDER_ORDERS - RESPONDER_FLAGS + 1, PATIENCE));
    assert_true(responder_post(responder_scene.responder, &order));
    assert_true(recorder_wait(MSG_DISABLED, RESPONDER_ORDERS - RESPONDER_FLAGS + 2, PATIENCE));
    assert_true(responder_scene_stop());
}

static void a_pause_gives_up_what_waits_and_a_new_policy_counts(void **state)
{
    (void)state;
    InterlockedExchange(&responder_scene.directory_error, ERROR_NO_SUCH_DOMAIN);
    responder_scene_start();
    responder_scene_post(1);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    responder_observe(responder_scene.responder, true);
    responder_scene_heard(1, NEWS_UNHELD);
    InterlockedExchange(&responder_scene.directory_error, 0);
    responder_observe(responder_scene.responder, false);
    responder_scene.settings.restart_smtp = false;
    responder_configure(responder_scene.responder, &responder_scene.settings);
    responder_scene_post(2);
    responder_scene_heard(2, NEWS_LOCKED);
    assert_true(responder_scene_stop());
    assert_false(responder_scene.disabled[1]);
    assert_int_equal(responder_scene.restarts, 0);
}

static void sign_ins_of_one_account_are_added_up(void **state)
{
    (void)state;
    static struct responder_inbox inbox;
    struct held_sign_ins sign_ins = {.sid_size = SID_SIZE, .before = 2}, taken;
    memset(&inbox, 0, sizeof inbox);
    for (uint8_t i = 0; i < RESPONDER_SIGN_INS; i++) {
        responder_scene_sid_of(i, sign_ins.sid);
        assert_true(inbox_tell(&inbox, &sign_ins));
    }
    responder_scene_sid_of(200, sign_ins.sid);
    assert_false(inbox_tell(&inbox, &sign_ins));
    responder_scene_sid_of(0, sign_ins.sid);
    sign_ins = (struct held_sign_ins){
        .sid_size = SID_SIZE, .before = 1, .leaks = 3, .time = 77, .record = 9, .read_at = 5};
    responder_scene_sid_of(0, sign_ins.sid);
    assert_true(inbox_tell(&inbox, &sign_ins));
    sign_ins = (struct held_sign_ins){.sid_size = SID_SIZE, .before = 1};
    responder_scene_sid_of(0, sign_ins.sid);
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
    responder_scene_sid_of(1, news.sid);
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

static void it_is_contained_once_all_is_read(void **state)
{
    (void)state;
    responder_scene.settings.contain_after = 1;
    responder_scene_lock(7);
    Sleep(1500);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    responder_all_read(responder_scene.responder, GetTickCount());
    assert_true(recorder_wait(MSG_CONTAINED, 1, PATIENCE));
    assert_true(responder_scene_stop());
}

#define TEST(name) cmocka_unit_test_setup(name, responder_scene_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_done_and_told),
        TEST(the_next_one_knows_where_reading_stood_and_who_is_locked),
        TEST(it_holds_a_stated_number_of_orders),
        TEST(a_pause_gives_up_what_waits_and_a_new_policy_counts),
        TEST(sign_ins_of_one_account_are_added_up),
        TEST(of_each_account_the_latest_news_are_kept),
        TEST(it_is_contained_once_all_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
