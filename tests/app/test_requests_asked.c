/* test_requests_asked.c: what a verb asked for is done, or refused, and then it is told: in an
 * event, and to the verb that waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../windows/fake_files.h"
#include "app/quarantine_asked.h"
#include "app/release_asked.h"
#include "quarantine_scene.h"
#include "report_recorder.h"
#include "windows/quarantine_file.h"
#include "windows/release_file.h"

#define RELEASE    FAKE_FILES_FOLDER L"\\release.request"
#define QUARANTINE FAKE_FILES_FOLDER L"\\queue.request"
#define IN_STATE   L"(the request in the state directory)"

static const ULONGLONG second = 10000000;
static ULONGLONG now;
static const char *call;

static void WINAPI fake_time(LPFILETIME time)
{
    *time = (FILETIME){(DWORD)now, (DWORD)(now >> 32)};
}

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    recorder_start();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    request_file_calls.GetSystemTimeAsFileTime = fake_time;
    *release_file.refused = *quarantine_file.refused = (struct disk_file_identity){0};
    now = UINT64_C(129067776000000000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_files_open_handles(), 0);
    return 0;
}

static void ask_release(uint64_t number)
{
    const struct release_request asked = {.number = number, .target = RELEASE_ALL};
    assert_int_equal(release_file_ask(FAKE_FILES_FOLDER, &asked, &call), ERROR_SUCCESS);
    fake_files_date(RELEASE, now);
}

static void ask_quarantine(uint64_t number)
{
    static struct burst_list clients;
    const struct quarantine_request asked = {
        .number = number, .why = MANIFEST_BY_ALL, .limit = 1, .selection.clients = &clients};
    assert_int_equal(quarantine_file_ask(FAKE_FILES_FOLDER, &asked, &call), ERROR_SUCCESS);
    fake_files_date(QUARANTINE, now);
}

/* A control has come: whose, nobody can tell, so it looks for both. */
static bool takes_release(void)
{
    struct release_request request = {0};
    return release_asked_take(FAKE_FILES_FOLDER, &request);
}

static bool takes_quarantine(void)
{
    struct quarantine_job *job = quarantine_asked_take(FAKE_FILES_FOLDER);
    free(job);
    return job != NULL;
}

/* What the verb gets, which begins to wait now. */
static const char *answered(const struct request_file *file, uint64_t number)
{
    static struct release_answer answer;
    struct request_watch none = {0};
    assert_int_equal(request_file_wait(file, FAKE_FILES_FOLDER, &none, number, 0, &answer, &call),
                     ERROR_SUCCESS);
    assert_false(answer.done);
    return answer.text;
}

static void what_could_not_be_deleted_is_not_done_by_a_later_control(void **state)
{
    (void)state;
    ask_release(77);
    fake_calls_break(&fake_files_calls, "DeleteFileW", ERROR_SHARING_VIOLATION);
    assert_false(takes_release());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 2); /* nor could it be answered */
    now += 3 * 86400 * second;
    assert_false(takes_release());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 4);
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_false(takes_release());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 4); /* it was told, and is gone */
    assert_false(fake_files_exists(RELEASE));
}

static void one_that_is_scanned_is_done_by_its_own_control(void **state)
{
    (void)state;
    ask_release(77);
    fake_files_keep_open(RELEASE, FILE_SHARE_READ, 3);
    assert_true(takes_release());
    ask_quarantine(79);
    fake_files_keep_open(QUARANTINE, FILE_SHARE_READ, 3);
    assert_true(takes_quarantine());
    assert_false(takes_release());
    assert_false(takes_quarantine());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 0);
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 0);
}

static void a_release_of_days_ago_is_refused_and_told(void **state)
{
    (void)state;
    ask_release(77);
    now += 3 * 86400 * second;
    assert_false(takes_release());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 1);
    recorder_expect(MSG_RELEASE_UNKNOWN, 0, IN_STATE);
    recorder_expect(MSG_RELEASE_UNKNOWN, 1,
                    L"it is not done: checking its age failed with error 1460. If it is still "
                    L"wanted, type it again");
    assert_false(fake_files_exists(RELEASE));
}

static void the_verb_of_a_refused_request_does_not_wait(void **state)
{
    (void)state;
    ask_release(77);
    HANDLE backup = fake_files_open_elsewhere(RELEASE, GENERIC_READ, FILE_SHARE_READ);
    assert_false(takes_release());
    assert_string_equal(answered(&release_file, 77),
                        "Nothing was done: the service could not take the request: DeleteFileW "
                        "failed with error 32. Type it again.\n");
    fake_files_close_elsewhere(backup);
    ask_quarantine(79);
    backup = fake_files_open_elsewhere(QUARANTINE, GENERIC_READ, FILE_SHARE_READ);
    assert_false(takes_quarantine());
    assert_non_null(strstr(answered(&quarantine_file, 79), "DeleteFileW failed with error 32"));
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"DeleteFileW");
    recorder_expect(MSG_QUARANTINE_FAILED, 1, L"the request in the state directory");
    fake_files_close_elsewhere(backup);
}

static void whose_request_makes_no_sense_is_not_known(void **state)
{
    (void)state;
    fake_files_put(RELEASE, "?", 1);
    assert_false(takes_release());
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 1);
    fake_files_put(QUARANTINE, "?", 1);
    assert_false(takes_quarantine());
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 1);
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\release.answer"));
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\queue.answer"));
}

static void an_answer_that_cannot_be_left_is_told(void **state)
{
    (void)state;
    const struct release_answer answer = {.number = 77, .done = true, .text = "done\n"};
    release_asked_answer(FAKE_FILES_FOLDER, &answer);
    quarantine_asked_answer(FAKE_FILES_FOLDER, &answer);
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 0);
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 0);
    fake_calls_break(&fake_files_calls, "MoveFileExW", ERROR_ACCESS_DENIED);
    release_asked_answer(FAKE_FILES_FOLDER, &answer);
    recorder_expect(MSG_RELEASE_UNKNOWN, 0, IN_STATE);
    recorder_expect(MSG_RELEASE_UNKNOWN, 1,
                    L"its command waits in vain for the answer: MoveFileExW failed with error 5. "
                    L"The events before this one say what came of it");
    quarantine_asked_answer(FAKE_FILES_FOLDER, &answer);
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"MoveFileExW");
    recorder_expect(MSG_QUARANTINE_FAILED, 1, L"the answer to the command that waits");
}

/* There may be many, and each would cost a second. */
static void a_purge_waits_for_no_message(void **state)
{
    (void)state;
    scene_quarantine(TEN, false);
    scene_take();
    fake_calls_break(&fake_files_calls, "DeleteFileW", ERROR_SHARING_VIOLATION);
    quarantine_purge(&scene_queues, scene_batch(), &scene_result);
    assert_int_equal(scene_result.count.in_use, HALF);
    assert_int_equal(fake_files_slept, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_could_not_be_deleted_is_not_done_by_a_later_control),
        TEST(one_that_is_scanned_is_done_by_its_own_control),
        TEST(a_release_of_days_ago_is_refused_and_told),
        TEST(the_verb_of_a_refused_request_does_not_wait),
        TEST(whose_request_makes_no_sense_is_not_known),
        TEST(an_answer_that_cannot_be_left_is_told),
        TEST(a_purge_waits_for_no_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
