/* The responder's journal, and what waits for it while it cannot be kept. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "responder_scene.h"

static void a_journal_that_cannot_be_kept_is_told_and_tried_again(void **state)
{
    (void)state;
    memory_store.open_error = ERROR_ACCESS_DENIED;
    struct store_news news = responder_scene_start();
    assert_false(news.open);
    responder_scene_post(1);
    responder_scene_heard(1, NEWS_UNHELD);
    memory_store.open_error = 0;
    assert_true(responder_scene_store_told().open);
    assert_false(responder_scene.disabled[1]);
    assert_true(responder_scene_stop());
}

static void tell_leaks(uint8_t who, uint32_t leaks, uint64_t record)
{
    struct held_sign_ins sign_ins = {.sid_size = SID_SIZE,
                                     .leaks = leaks,
                                     .time = 1262304000,
                                     .record = record,
                                     .read_at = GetTickCount() + 1000};
    responder_scene_sid_of(who, sign_ins.sid);
    assert_true(responder_tell(responder_scene.responder, &sign_ins));
}

static void leaks_wait_for_the_journal(void **state)
{
    (void)state;
    responder_scene_lock(7);
    memory_store.write_error = ERROR_DISK_FULL;
    tell_leaks(7, 1, 2000);
    assert_false(responder_scene_store_told().open);
    tell_leaks(7, 2, 2001);
    responder_scene_all_read(2002);
    memory_store.write_error = 0;
    struct store_news news = responder_scene_store_told();
    assert_true(news.open);
    assert_true(news.position.record < 2002);
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
    assert_true(responder_scene_stop());
    news = responder_scene_start();
    assert_int_equal(news.position.record, 2002);
    assert_true(responder_scene_stop());
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_LEAK, 1), L"2001"), 0);
}

static void what_could_not_be_kept_is_kept_later(void **state)
{
    (void)state;
    const struct outlook_record outlook = {.size = 3, .bytes = {1, 2, 3}};
    responder_scene_start();
    memory_store.write_error = ERROR_DISK_FULL;
    responder_outlook(responder_scene.responder, &outlook);
    assert_false(responder_scene_store_told().open);
    memory_store.write_error = 0;
    assert_true(responder_scene_store_told().open);
    assert_true(responder_scene_stop());
    assert_int_equal(responder_scene_start().outlook.size, 3);
    assert_true(responder_scene_stop());
}

#define TEST(name) cmocka_unit_test_setup(name, responder_scene_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_journal_that_cannot_be_kept_is_told_and_tried_again),
        TEST(leaks_wait_for_the_journal),
        TEST(what_could_not_be_kept_is_kept_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
