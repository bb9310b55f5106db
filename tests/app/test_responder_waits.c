/* Nobody waits for the responder's thread: not the stop for a directory that hangs, not a lock for
 * a restart of SMTP. But a restart that has begun is finished. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "own_threads.h"
#include "responder_scene.h"

static void what_was_decided_is_put_down_though_it_is_stopped(void **state)
{
    (void)state;
    ResetEvent(responder_scene.gate);
    responder_scene_start();
    responder_scene_post(1);
    assert_int_equal(WaitForSingleObject(responder_scene.at_gate, PATIENCE), WAIT_OBJECT_0);
    responder_scene_post(2);
    SetEvent(responder_scene.stop);
    SetEvent(responder_scene.gate);
    assert_true(responder_scene_stop());
    assert_false(responder_scene.disabled[2]);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    responder_scene_start();
    responder_scene_heard(2, NEWS_LOCKED);
    assert_true(responder_scene.disabled[2]);
    assert_true(responder_scene_stop());
}

static void a_hanging_directory_does_not_hold_up_the_stop(void **state)
{
    (void)state;
    ResetEvent(responder_scene.gate);
    responder_scene_start();
    responder_scene_post(1);
    assert_int_equal(WaitForSingleObject(responder_scene.at_gate, PATIENCE), WAIT_OBJECT_0);
    responder_scene_post(2);
    struct order flag = responder_scene_order_for(3, FLAG_BUDGET);
    assert_true(responder_post(responder_scene.responder, &flag));
    DWORD begun = GetTickCount();
    SetEvent(responder_scene.stop);
    assert_false(responder_stop(responder_scene.responder, responder_scene_count_waiting, NULL));
    assert_in_range(GetTickCount() - begun, 0, 2900);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STOPPED_UNFINISHED, 0), L"1"), 0);
    SetEvent(responder_scene.gate);
    /* The one left behind uses the scene. */
    assert_true(own_threads_end(responder_scene.threads, PATIENCE));
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
    ResetEvent(responder_scene.restart_gate);
    responder_scene_start();
    responder_scene_post(1);
    assert_int_equal(WaitForSingleObject(responder_scene.at_restart, PATIENCE), WAIT_OBJECT_0);
}

static void a_restart_that_has_begun_is_finished_before_the_stop(void **state)
{
    (void)state;
    begin_restart();
    /* Longer than a hanging call would be waited for. */
    HANDLE opener = CreateThread(NULL, 0, open_later, responder_scene.restart_gate, 0, NULL);
    assert_non_null(opener);
    DWORD begun = GetTickCount();
    assert_true(responder_scene_stop());
    assert_int_equal(responder_scene.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    assert_in_range(GetTickCount() - begun, OPEN_LATER - 500, OPEN_LATER + 2000);
    assert_in_range(responder_scene.waited, OPEN_LATER / 1000, 100);
    CloseHandle(opener);
}

static void nobody_waits_for_a_restart_to_be_locked(void **state)
{
    (void)state;
    begin_restart();
    responder_scene_heard(1, NEWS_LOCKED);
    for (uint8_t who = 2; who <= 4; who++) {
        responder_scene_post(who);
        responder_scene_heard(who, NEWS_LOCKED);
        assert_true(responder_scene.disabled[who]);
    }
    /* What it did is to be seen; and who is told after a pause is not locked, but after its end. */
    struct lockdown_figures figures = {0};
    while (figures.locked < 4)
        responder_count(responder_scene.responder, &figures);
    responder_observe(responder_scene.responder, true);
    responder_scene_post(5);
    responder_scene_heard(5, NEWS_UNHELD);
    responder_observe(responder_scene.responder, false);
    responder_scene_post(6);
    responder_scene_heard(6, NEWS_LOCKED);
    assert_false(responder_scene.disabled[5]);
    assert_int_equal(responder_scene.restarts, 0);
    SetEvent(responder_scene.restart_gate);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"5"), 0);
    assert_true(responder_scene_stop());
    assert_int_equal(responder_scene.restarts, 1);
}

static void locks_within_a_restart_do_not_hold_up_the_stop(void **state)
{
    (void)state;
    begin_restart();
    SetEvent(responder_scene.stop);
    HANDLE opener = CreateThread(NULL, 0, open_later, responder_scene.restart_gate, 0, NULL);
    assert_non_null(opener);
    responder_scene_post(2); /* decided, and put down, but not begun any more */
    DWORD begun = GetTickCount();
    assert_true(responder_scene_stop());
    assert_in_range(GetTickCount() - begun, 0, OPEN_LATER + 2000);
    assert_false(responder_scene.disabled[2]);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    responder_scene_start();
    responder_scene_heard(2, NEWS_LOCKED);
    assert_true(responder_scene_stop());
    CloseHandle(opener);
}

static void nor_does_a_directory_that_hangs_within_it(void **state)
{
    (void)state;
    begin_restart();
    responder_scene_heard(1, NEWS_LOCKED);
    ResetEvent(responder_scene.gate);
    ResetEvent(responder_scene.at_gate);
    responder_scene_post(2);
    assert_int_equal(WaitForSingleObject(responder_scene.at_gate, PATIENCE), WAIT_OBJECT_0);
    DWORD begun = GetTickCount();
    SetEvent(responder_scene.restart_gate);
    SetEvent(responder_scene.stop);
    assert_false(responder_stop(responder_scene.responder, responder_scene_count_waiting, NULL));
    assert_in_range(GetTickCount() - begun, 0, 2900);
    assert_int_equal(responder_scene.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    SetEvent(responder_scene.gate);
    assert_true(own_threads_end(responder_scene.threads, PATIENCE));
}

static void a_thread_left_behind_ends_when_its_signal_is_gone(void **state)
{
    (void)state;
    responder_scene_start();
    CloseHandle(responder_scene.stop);
    responder_scene_all_read(1001); /* wakes it */
    assert_true(responder_stop(responder_scene.responder, responder_scene_count_waiting, NULL));
}

#define TEST(name) cmocka_unit_test_setup(name, responder_scene_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_decided_is_put_down_though_it_is_stopped),
        TEST(a_hanging_directory_does_not_hold_up_the_stop),
        TEST(a_restart_that_has_begun_is_finished_before_the_stop),
        TEST(nobody_waits_for_a_restart_to_be_locked),
        TEST(locks_within_a_restart_do_not_hold_up_the_stop),
        TEST(nor_does_a_directory_that_hangs_within_it),
        TEST(a_thread_left_behind_ends_when_its_signal_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
