/* What a verb has left for the responder is done or refused, and answered: when a control says so,
 * and at the start of a process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../windows/fake_files.h"
#include "responder_scene.h"
#include "windows/quarantine_file.h"
#include "windows/release_file.h"

#define FOLDER     L"C:\\State" /* memory_store's */
#define RELEASE    FOLDER L"\\release.request"
#define QUARANTINE FOLDER L"\\queue.request"

static const ULONGLONG second = 10000000;
static const ULONGLONG now = UINT64_C(129067776000000000); /* in 2010 */
static const ULONGLONG begun = UINT64_C(129067775000000000);
static const char *call;
static HANDLE gate, told;

static void WINAPI fake_time(LPFILETIME time)
{
    *time = (FILETIME){(DWORD)now, (DWORD)(now >> 32)};
}

static BOOL WINAPI fake_process_times(HANDLE process, LPFILETIME beginning, LPFILETIME ended,
                                      LPFILETIME in_kernel, LPFILETIME in_user)
{
    (void)process;
    *beginning = (FILETIME){(DWORD)begun, (DWORD)(begun >> 32)};
    *ended = *in_kernel = *in_user = (FILETIME){0};
    return TRUE;
}

static int set_up(void **state)
{
    responder_scene_set_up(state);
    fake_files_reset();
    fake_files_make_folder(FOLDER);
    fake_files_protect(FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    request_file_calls.GetSystemTimeAsFileTime = fake_time;
    request_file_calls.GetProcessTimes = fake_process_times;
    gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    told = CreateEventW(NULL, TRUE, FALSE, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_files_open_handles(), 0);
    CloseHandle(gate);
    CloseHandle(told);
    return 0;
}

static void leave_release(ULONGLONG written)
{
    const struct release_request asked = {.number = 77, .target = RELEASE_ALL};
    assert_int_equal(release_file_ask(FOLDER, &asked, &call), ERROR_SUCCESS);
    fake_files_date(RELEASE, written);
}

static void leave_quarantine(ULONGLONG written)
{
    static struct burst_list clients;
    const struct quarantine_request asked = {
        .number = 79, .why = MANIFEST_BY_ALL, .limit = 1, .selection.clients = &clients};
    assert_int_equal(quarantine_file_ask(FOLDER, &asked, &call), ERROR_SUCCESS);
    fake_files_date(QUARANTINE, written);
}

/* What the verb gets; to be called once the responder has ended, as the fake is one thread's. */
static void expect_answer(const struct request_file *file, uint64_t number, const char *part)
{
    static struct release_answer answer;
    struct request_watch none = {0};
    assert_int_equal(request_file_wait(file, FOLDER, &none, number, 0, &answer, &call),
                     ERROR_SUCCESS);
    assert_non_null(strstr(answer.text, part));
}

/* The verb came as soon as the service was said to run, its control before or after the journal was
 * open. */
static void what_was_left_since_the_start_is_done(void **state)
{
    for (unsigned heard = 0; heard < 2; heard++) {
        set_up(state);
        leave_release(now - second);
        responder_scene_start();
        if (heard)
            responder_request_left(responder_scene.responder);
        assert_true(recorder_wait(MSG_RELEASE_UNKNOWN, 1, PATIENCE));
        assert_true(responder_scene_stop());
        assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 1);
        expect_answer(&release_file, 77, "there is nothing locked or marked to release");
        tear_down(state);
    }
}

static void what_an_earlier_process_was_asked_for_is_refused_at_the_start(void **state)
{
    (void)state;
    leave_release(begun - 1);
    leave_quarantine(begun - 1);
    responder_scene_start();
    assert_true(recorder_wait(MSG_RELEASE_UNKNOWN, 1, PATIENCE));
    assert_true(recorder_wait(MSG_QUARANTINE_FAILED, 1, PATIENCE));
    assert_true(responder_scene_stop());
    assert_false(fake_files_exists(RELEASE));
    assert_false(fake_files_exists(QUARANTINE));
    expect_answer(&release_file, 77, "Nothing was done");
    expect_answer(&quarantine_file, 79, "Nothing was done");
}

static void where_nothing_was_left_nothing_is_told(void **state)
{
    (void)state;
    fake_files_remove(FOLDER);
    responder_scene_lock(7); /* so that there was time */
    assert_true(responder_scene_stop());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 0);
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 0);
}

/* ---- what is not ready yet ------------------------------------------------------------------ */

static volatile LONG away; /* the folder of all of them */
static DWORD (*find)(wchar_t *, const char **);

static DWORD find_later(wchar_t *path, const char **failed_call)
{
    *failed_call = "SHGetFolderPath";
    return away ? ERROR_NOT_READY : find(path, failed_call);
}

static BOOL(WINAPI *rename_over)(LPCWSTR, LPCWSTR, DWORD);

static BOOL WINAPI rename_and_tell(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    BOOL done = rename_over(from, to, flags);
    SetEvent(told);
    return done;
}

static void who_asks_before_the_folder_is_found_is_heard_then(void **state)
{
    (void)state;
    find = incident_store_calls.state_directory_find;
    incident_store_calls.state_directory_find = find_later;
    memory_store.open_error = ERROR_ACCESS_DENIED; /* and the journal stays closed */
    leave_release(now);
    rename_over = disk_file_calls.MoveFileExW;
    disk_file_calls.MoveFileExW = rename_and_tell;
    InterlockedExchange(&away, 1);
    assert_false(responder_scene_start().open);
    responder_request_left(responder_scene.responder);
    Sleep(300); /* for who would look at once, in vain */
    InterlockedExchange(&away, 0);
    assert_int_equal(WaitForSingleObject(told, PATIENCE), WAIT_OBJECT_0);
    assert_true(responder_scene_stop());
    expect_answer(&release_file, 77, "the journal cannot be kept at the moment");
}

static HANDLE(WINAPI *open_file)(LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD,
                                 HANDLE);

static HANDLE WINAPI hanging_open(LPCWSTR path, DWORD access, DWORD share,
                                  LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                                  HANDLE template)
{
    WaitForSingleObject(gate, INFINITE);
    return open_file(path, access, share, security, disposition, flags, template);
}

static void the_journal_is_told_before_requests_are_looked_for(void **state)
{
    (void)state;
    open_file = disk_file_calls.CreateFileW;
    disk_file_calls.CreateFileW = hanging_open;
    assert_true(responder_scene_start().open);
    SetEvent(gate);
    assert_true(responder_scene_stop());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_left_since_the_start_is_done),
        TEST(what_an_earlier_process_was_asked_for_is_refused_at_the_start),
        TEST(where_nothing_was_left_nothing_is_told),
        TEST(who_asks_before_the_folder_is_found_is_heard_then),
        TEST(the_journal_is_told_before_requests_are_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
