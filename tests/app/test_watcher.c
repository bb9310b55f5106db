/* The watcher as a whole: it starts, reads, has accounts locked and ends, whatever is late, away or
 * hangs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "own_threads.h"
#include "watcher_scene.h"
#include "windows/disk_file.h"
#include "windows/message_files.h"

static void tells_once_that_it_started_and_that_it_stopped(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 4), L"modern"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 6), L"5/10m"), 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 3);
    watcher_scene_settle();
    control_stop(&watcher_scene.control);
    assert_int_equal(WaitForSingleObject(watcher_scene.thread, PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(watcher_scene.result, ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_STARTED), 1);
    assert_int_equal(recorder_count(MSG_STOPPED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STOPPED, 0), L"3"), 0);
}

static void a_signal_of_the_log_is_enough_to_lock(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(watcher_scene.carol->flags & UF_ACCOUNTDISABLE);
}

static void waits_for_a_log_that_is_away_and_then_starts(void **state)
{
    (void)state;
    watcher_scene.open_error = RPC_S_SERVER_UNAVAILABLE;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_LOG_LOST, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    watcher_scene.open_error = 0;
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE)); /* its next try is due within seconds */
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
}

/* A domain controller is slow to know a name. */
static void find_late(void)
{
    fake.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    fake.waiting = CreateEventW(NULL, TRUE, FALSE, NULL);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_UNRESOLVED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    SetEvent(fake.gate);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    assert_true(watcher_scene.carol->flags & UF_ACCOUNTDISABLE);
}

static void a_name_found_late_is_counted_by_its_sid_after_all(void **state)
{
    (void)state;
    watcher_scene_start();
    find_late();
}

/* Half the time that GetTickCount takes to wrap is 24.9 days. */
static void after_a_month_a_late_name_is_counted_as_soon(void **state)
{
    enum { HALF_A_MONTH = 15 * 86400000 };
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    for (int i = 0; i < 2; i++) {
        watcher_scene_forward(HALF_A_MONTH);
        watcher_scene_settle();
    }
    find_late();
}

static void an_account_of_which_nothing_comes_is_contained(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
    watcher_scene_forward(600000);
    watcher_scene_sign_ins(u"CONTOSO\\dave", 1);
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
    struct fake_user *dave = fake_add_user(watcher_scene.contoso, L"dave", 1106);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(watcher_scene_end(), 0);
    watcher_scene_sign_ins(u"CONTOSO\\dave", 5);
    disk_file_calls.DeleteFileW = slow_delete;
    watcher_scene_make_control();
    watcher_scene_start(); /* that carol is locked is told before that the journal is open */
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
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, PATIENCE));
    assert_int_equal(watcher_scene.carol->writes, 0);
    put_number(L"RequireQueue", 0);
    control_reload(&watcher_scene.control);
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
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    for (int i = 0; i < PATIENCE / 10 && !hanging; i++)
        Sleep(10);
    DWORD begun = GetTickCount();
    assert_int_equal(watcher_scene_end(), 0);
    assert_true(GetTickCount() - begun < 3000);
    SetEvent(let_go);
    assert_true(own_threads_end(threads, PATIENCE)); /* the one that was left behind */
    message_files_calls.FindFirstFileW = FindFirstFileW;
    CloseHandle(let_go);
    watcher_scene_make_control(); /* for tear_down */
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 2, PATIENCE));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, watcher_scene_set_up, watcher_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_once_that_it_started_and_that_it_stopped),
        TEST(a_signal_of_the_log_is_enough_to_lock),
        TEST(waits_for_a_log_that_is_away_and_then_starts),
        TEST(a_name_found_late_is_counted_by_its_sid_after_all),
        TEST(after_a_month_a_late_name_is_counted_as_soon),
        TEST(nothing_is_read_before_the_journal_is_known),
        TEST(an_account_of_which_nothing_comes_is_contained),
        TEST(what_the_queue_must_bear_out_is_flagged_until_it_need_not),
        TEST(it_ends_in_time_while_a_queue_folder_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
