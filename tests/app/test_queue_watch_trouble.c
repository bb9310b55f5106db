/* The queue's watch on folders that hang, are denied, go and come: what it knows then, whom it
 * holds up, what it tells, and that it ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_scene.h"
#include "windows/message_files.h"
#include "windows/queue_directories.h"

/* ---- hanging --------------------------------------------------------------------------------- */

static void a_folder_that_hangs_holds_nobody_up(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    queue_scene.folder.hangs = true;
    queue_scene.folder.files = 90;
    fake_queue_set(0, &queue_scene.folder);
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    DWORD begun = GetTickCount();
    SetEvent(queue_scene.stop); /* who is to end does not wait for it */
    assert_true(queue_scene_look().known);
    assert_true(GetTickCount() - begun < 900);
    ResetEvent(queue_scene.stop);
    queue_scene_settle(); /* it hangs by now */
    fake_queue_forward(QUEUE_WATCH_STALE);
    assert_true(queue_scene_view().known);
    queue_watch_tell_hanging(queue_scene.watch);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 0);
    fake_queue_forward(1000);
    struct queue_view view = queue_scene_view();
    assert_false(view.known);
    assert_int_equal(view.window, UINT32_MAX);
    begun = GetTickCount();
    assert_false(queue_scene_look().known);
    assert_true(GetTickCount() - begun < 900);
    queue_watch_tell_hanging(queue_scene.watch);
    queue_watch_tell_hanging(queue_scene.watch);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 1);
    recorder_expect(MSG_QUEUE_UNREADABLE, 0, L"no answer from Windows for 11 s");
    fake_queue_let_go(0);
    queue_scene_expect(90);
    assert_true(recorder_wait(MSG_QUEUE_READABLE, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_READABLE, 0, L"90");
}

/* Once the thread has begun to look. */
static DWORD WINAPI patience_passes(LPVOID looks)
{
    for (int i = 0; i < SCENE_PATIENCE / 10 && fake_queue_looks() == *(const LONG *)looks; i++)
        Sleep(10);
    fake_queue_forward(QUEUE_WATCH_PATIENCE);
    return 0;
}

static void a_look_that_hangs_is_waited_for_a_second(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    queue_scene.folder.hangs = true;
    fake_queue_set(0, &queue_scene.folder);
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    LONG looks = fake_queue_looks();
    HANDLE other = CreateThread(NULL, 0, patience_passes, &looks, 0, NULL);
    assert_non_null(other);
    struct queue_view view = queue_scene_look();
    assert_int_equal(WaitForSingleObject(other, SCENE_PATIENCE), WAIT_OBJECT_0);
    CloseHandle(other);
    assert_true(view.known); /* by the count before */
    assert_int_equal(view.files, 5);
    fake_queue_let_go(0);
}

static void one_that_hangs_is_left_behind_at_the_end(void **state)
{
    (void)state;
    queue_scene.folder.hangs = true;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_start();
    for (int i = 0; i < SCENE_PATIENCE / 10 && fake_queue_looks() == 0; i++)
        Sleep(10);
    DWORD begun = GetTickCount();
    assert_false(queue_watch_stop(queue_scene.watch, 300));
    assert_true(GetTickCount() - begun < 3000);
    queue_scene.watch = NULL;
    fake_queue_let_go(0); /* it frees everything, which is seen at the end */
}

static BOOL(WINAPI *next_file)(HANDLE, LPWIN32_FIND_DATAW);
static volatile LONG slowly_found;

static BOOL WINAPI next_slowly(HANDLE handle, LPWIN32_FIND_DATAW found)
{
    Sleep(20);
    InterlockedIncrement(&slowly_found);
    return next_file(handle, found);
}

static void a_long_count_is_cut_short_at_the_end(void **state)
{
    (void)state;
    queue_scene.folder.files = 1000;
    fake_queue_set(0, &queue_scene.folder);
    next_file = message_files_calls.FindNextFileW;
    message_files_calls.FindNextFileW = next_slowly;
    queue_scene_start();
    for (int i = 0; i < SCENE_PATIENCE / 10 && fake_queue_looks() == 0; i++)
        Sleep(10);
    fake_queue_forward(QUEUE_WATCH_STALE + 1);
    LONG found = slowly_found; /* the next one may be of before */
    for (int i = 0; i < SCENE_PATIENCE / 10 && slowly_found < found + 3; i++)
        Sleep(10);
    queue_watch_tell_hanging(queue_scene.watch); /* it is slow; it does not hang */
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 0);
    DWORD begun = GetTickCount();
    queue_scene_end();
    assert_true(GetTickCount() - begun < SCENE_PATIENCE);
    queue_scene_begin(5); /* for tear_down */
}

/* ---- what cannot be read --------------------------------------------------------------------- */

static void what_cannot_be_read_is_told_once_it_lasts(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    queue_scene.folder.error = ERROR_ACCESS_DENIED;
    fake_queue_set(0, &queue_scene.folder);
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    struct queue_view view = queue_scene_look();
    assert_false(view.known);
    assert_int_equal(view.window, UINT32_MAX);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 0);
    queue_scene_forward(QUEUE_WATCH_GRACE);
    assert_true(recorder_wait(MSG_QUEUE_UNREADABLE, 1, SCENE_PATIENCE));
    assert_non_null(
        wcsstr(recorder_string(MSG_QUEUE_UNREADABLE, 0), SCENE_QUEUE L": FindFirstFileW"));
    assert_non_null(wcsstr(recorder_string(MSG_QUEUE_UNREADABLE, 0), L"(5)"));
    assert_non_null(wcsstr(recorder_string(MSG_QUEUE_UNREADABLE, 1),
                           L"only flagged (event 417), unless what can be read of it holds as many "
                           L"files as the setting RequireQueue says."));
    queue_scene_forward(5 * QUEUE_WATCH_UNWATCHED);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 1);
    queue_scene.folder.error = 0;
    queue_scene.folder.files = 7;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    assert_true(recorder_wait(MSG_QUEUE_READABLE, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_READABLE, 0, L"7");
    recorder_expect(MSG_QUEUE_READABLE, 1, L"1");
    assert_int_equal(queue_scene_view().files, 7);
}

static void a_folder_that_is_away_for_a_moment_is_not_told(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    queue_scene.folder.error = ERROR_PATH_NOT_FOUND;
    fake_queue_set(0, &queue_scene.folder);
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    assert_false(queue_scene_look().known);
    queue_scene.folder.error = 0;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_forward(QUEUE_WATCH_GRACE);
    queue_scene_expect(5);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 0);
    assert_int_equal(recorder_count(MSG_QUEUE_READABLE), 0);
}

static void of_two_folders_one_that_is_full_enough_will_do(void **state)
{
    (void)state;
    const struct fake_queue_folder other = {.path = SCENE_OTHER, .error = ERROR_ACCESS_DENIED};
    fake_queue_set(1, &other);
    assert_true(settings_set(&queue_scene.settings, setting_find(TEXT_OF(u"QueueDirectory")),
                             TEXT_OF(SCENE_OTHER L"," SCENE_QUEUE)));
    queue_scene_start();
    assert_false(queue_scene_look().known); /* 5 of who knows how many */
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    fake_queue_fill(0, 6000);
    struct queue_view view = queue_scene_look();
    assert_true(view.known);
    assert_int_equal(view.window, 0);
    queue_scene_settle();
    assert_int_equal(recorder_count(MSG_QUEUE_PAST), 0); /* growth needs whole counts */
    queue_scene.folder.files = 6000;
    queue_scene.folder.hangs = true;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene.settings.require_queue = 6001;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    assert_false(queue_scene_view().known);
    fake_queue_let_go(0);
}

static void without_a_folder_that_is_told_once(void **state)
{
    (void)state;
    queue_scene.settings.queue_directory.count = 0;
    queue_scene.settings.require_queue = 0;
    queue_scene_start();
    queue_scene_forward(QUEUE_WATCH_GRACE + QUEUE_WATCH_UNWATCHED);
    assert_true(recorder_wait(MSG_QUEUE_NONE, 1, SCENE_PATIENCE));
    queue_scene_forward(10 * QUEUE_WATCH_UNWATCHED);
    fake_queue_forward(90000000); /* nor on the next day */
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    assert_int_equal(recorder_count(MSG_QUEUE_NONE), 1);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 0);
    assert_int_equal(queue_scene_view().window, 0);
    queue_scene.settings.require_queue = 1;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    assert_true(recorder_wait(MSG_QUEUE_UNREADABLE, 1, SCENE_PATIENCE));
    assert_non_null(wcsstr(recorder_string(MSG_QUEUE_UNREADABLE, 0), L"no queue folder was found"));
    assert_int_equal(queue_scene_view().window, UINT32_MAX);
}

static DWORD WINAPI inetpub_is_there(LPCWSTR path)
{
    size_t count = wcslen(path);
    return count > 2 && _wcsicmp(path + 2, L"\\Inetpub\\Mailroot\\Queue") == 0
               ? FILE_ATTRIBUTE_DIRECTORY
               : INVALID_FILE_ATTRIBUTES;
}

static void a_folder_that_comes_is_found_as_soon_as_somebody_asks(void **state)
{
    (void)state;
    wchar_t path[MAX_PATH];
    assert_in_range(
        ExpandEnvironmentStringsW(L"%SystemDrive%\\Inetpub\\Mailroot\\Queue", path, MAX_PATH), 1,
        MAX_PATH);
    queue_scene.settings.queue_directory.count = 0;
    queue_scene_start();
    assert_false(queue_scene_look().known);
    queue_scene.folder.path = path;
    queue_scene.folder.files = 21;
    fake_queue_set(0, &queue_scene.folder);
    queue_directories_calls.GetFileAttributesW = inetpub_is_there;
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    struct queue_view view = queue_scene_look();
    assert_true(view.known);
    assert_int_equal(view.files, 21);
    assert_int_equal(view.window, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, queue_scene_set_up, queue_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_hangs_holds_nobody_up),
        TEST(a_look_that_hangs_is_waited_for_a_second),
        TEST(one_that_hangs_is_left_behind_at_the_end),
        TEST(a_long_count_is_cut_short_at_the_end),
        TEST(what_cannot_be_read_is_told_once_it_lasts),
        TEST(a_folder_that_is_away_for_a_moment_is_not_told),
        TEST(of_two_folders_one_that_is_full_enough_will_do),
        TEST(without_a_folder_that_is_told_once),
        TEST(a_folder_that_comes_is_found_as_soon_as_somebody_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
