/* test_request_file.c: a request is done once, while it is fresh, and by the process that was
 * asked, whoever has its file open. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_files.h"
#include "windows/quarantine_file.h"
#include "windows/release_file.h"

#define REQUEST FAKE_FILES_FOLDER L"\\release.request"
#define ANSWER  FAKE_FILES_FOLDER L"\\release.answer"

enum { ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static const ULONGLONG second = 10000000, noon = UINT64_C(129067776000000000); /* in 2010 */
static ULONGLONG now, begun;                                                   /* the process */
static const char *call;

static void WINAPI fake_time(LPFILETIME time)
{
    *time = (FILETIME){(DWORD)now, (DWORD)(now >> 32)};
}

static BOOL WINAPI fake_process_times(HANDLE process, LPFILETIME beginning, LPFILETIME ended,
                                      LPFILETIME in_kernel, LPFILETIME in_user)
{
    assert_ptr_equal(process, GetCurrentProcess());
    *beginning = (FILETIME){(DWORD)begun, (DWORD)(begun >> 32)};
    *ended = *in_kernel = *in_user = (FILETIME){0};
    return TRUE;
}

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    request_file_calls.GetSystemTimeAsFileTime = fake_time;
    request_file_calls.GetProcessTimes = fake_process_times;
    *release_file.refused = *quarantine_file.refused = (struct disk_file_identity){0};
    now = noon;
    begun = noon - 3600 * second;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_files_open_handles(), 0);
    return 0;
}

static void leave(uint64_t number)
{
    const struct release_request asked = {.number = number, .target = RELEASE_ALL};
    assert_int_equal(release_file_ask(FAKE_FILES_FOLDER, &asked, &call), ERROR_SUCCESS);
    fake_files_date(REQUEST, now);
}

static DWORD take(struct release_request *request)
{
    *request = (struct release_request){0};
    return release_file_take(FAKE_FILES_FOLDER, request, &call);
}

/* ---- who has it open ------------------------------------------------------------------------ */

static void one_that_is_scanned_is_done_once(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    fake_files_keep_open(REQUEST, FILE_SHARE_READ, 3); /* so DeleteFileW fails three times */
    assert_int_equal(take(&request), ERROR_SUCCESS);
    assert_int_equal(request.number, 77);
    assert_false(fake_files_exists(REQUEST));
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
}

static void one_that_cannot_be_deleted_is_never_done(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    HANDLE backup = fake_files_open_elsewhere(REQUEST, GENERIC_READ, FILE_SHARE_READ);
    for (unsigned tries = 0; tries < 2; tries++) {
        assert_int_equal(take(&request), ERROR_SHARING_VIOLATION);
        assert_string_equal(call, "DeleteFileW");
        assert_int_equal(request.number, 77); /* whom to tell */
    }
    fake_files_close_elsewhere(backup);
    now += second; /* fresh still */
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
    assert_false(fake_files_exists(REQUEST));
    leave(79);
    assert_int_equal(take(&request), ERROR_SUCCESS);
    assert_int_equal(request.number, 79);
}

static void one_that_was_refused_stays_so_whatever_the_clock_says(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    HANDLE backup = fake_files_open_elsewhere(REQUEST, GENERIC_READ, FILE_SHARE_READ);
    now += 86400 * second;
    assert_int_equal(take(&request), ERROR_SHARING_VIOLATION);
    fake_files_close_elsewhere(backup);
    now = noon + second; /* the clock was set back to when it was fresh */
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
}

static void one_that_cannot_be_read_is_deleted(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    fake_files_keep_open(REQUEST, 0, DISK_FILE_TRIES + 1); /* past the tries to open it */
    assert_int_equal(take(&request), ERROR_SHARING_VIOLATION);
    assert_string_equal(call, "CreateFileW");
    assert_int_equal(request.number, 0);
    assert_false(fake_files_exists(REQUEST));
}

static void whatever_call_fails_it_is_done_once_or_never(void **state)
{
    struct release_request request;
    for (unsigned n = 1;; n++) {
        tear_down(state);
        set_up(state);
        leave(77);
        fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, false);
        DWORD error = take(&request);
        const char *failed = fake_files_calls.failed;
        assert_int_equal(!error, !failed || strcmp(failed, "CloseHandle") == 0);
        if (error)
            assert_string_equal(call, failed);
        bool reached = fake_files_calls.made >= fake_files_calls.fail_at;
        fake_files_calls.fail_at = 0;
        assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
        assert_false(fake_files_exists(REQUEST));
        if (!reached)
            break;
        assert_true(n < 50);
    }
}

/* ---- its age -------------------------------------------------------------------------------- */

static void one_is_done_as_long_as_its_verb_may_wait(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    now += RELEASE_FILE_STALE * second - 1;
    assert_int_equal(take(&request), ERROR_SUCCESS);
    leave(79);
    now += RELEASE_FILE_STALE * second;
    assert_int_equal(take(&request), ERROR_TIMEOUT);
    assert_string_equal(call, "checking its age");
    assert_int_equal(request.number, 79);
    assert_false(fake_files_exists(REQUEST));
    now -= RELEASE_FILE_STALE * second;
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
}

static void one_from_before_the_clock_was_set_back_is_stale(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    now -= 2 * second; /* as FAT rounds */
    assert_int_equal(take(&request), ERROR_SUCCESS);
    leave(79);
    now -= 2 * second + 1;
    assert_int_equal(take(&request), ERROR_TIMEOUT);
    assert_int_equal(request.number, 79);
    leave(81); /* typed again */
    assert_int_equal(take(&request), ERROR_SUCCESS);
}

static void a_quarantine_waits_for_longer(void **state)
{
    (void)state;
    static struct burst_list clients;
    static struct quarantine_request asked = {
        .number = 77, .why = MANIFEST_BY_ALL, .limit = 1, .selection.clients = &clients};
    struct quarantine_request request = {.selection.clients = &clients};
    for (unsigned late = 0; late < 2; late++) {
        assert_int_equal(quarantine_file_ask(FAKE_FILES_FOLDER, &asked, &call), ERROR_SUCCESS);
        fake_files_date(FAKE_FILES_FOLDER L"\\queue.request", now);
        now += QUARANTINE_FILE_STALE * second - !late;
        assert_int_equal(quarantine_file_take(FAKE_FILES_FOLDER, &request, &call),
                         late ? ERROR_TIMEOUT : ERROR_SUCCESS);
        assert_int_equal(request.number, 77);
    }
    fake_files_put(FAKE_FILES_FOLDER L"\\queue.request", "?", 1);
    fake_files_date(FAKE_FILES_FOLDER L"\\queue.request", now);
    assert_int_equal(quarantine_file_take(FAKE_FILES_FOLDER, &request, &call), ERROR_INVALID_DATA);
    assert_int_equal(request.number, 0);
}

/* ---- whom it was left for ------------------------------------------------------------------- */

static void what_an_earlier_process_was_asked_for_is_refused(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    begun = now + 1;
    now += second; /* fresh still */
    assert_int_equal(take(&request), ERROR_TIMEOUT);
    assert_string_equal(call, "checking its age");
    assert_int_equal(request.number, 77); /* whom to tell */
    assert_false(fake_files_exists(REQUEST));
}

static void what_was_left_since_it_began_is_done(void **state)
{
    (void)state;
    struct release_request request;
    begun = now;
    leave(77);
    assert_int_equal(take(&request), ERROR_SUCCESS);
}

static void an_earlier_one_that_could_not_be_deleted_is_never_done(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    begun = now + 1;
    now += second;
    HANDLE backup = fake_files_open_elsewhere(REQUEST, GENERIC_READ, FILE_SHARE_READ);
    assert_int_equal(take(&request), ERROR_SHARING_VIOLATION);
    fake_files_close_elsewhere(backup);
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
    assert_false(fake_files_exists(REQUEST));
}

static void a_clock_that_is_set_back_later_makes_nothing_earlier(void **state)
{
    (void)state;
    struct release_request request;
    now = begun - 1800 * second;
    leave(77);
    assert_int_equal(take(&request), ERROR_SUCCESS);
    leave(79); /* as old as may be */
    now += RELEASE_FILE_STALE * second;
    assert_int_equal(take(&request), ERROR_TIMEOUT);
}

static void one_is_taken_back_by_who_left_it(void **state)
{
    (void)state;
    struct release_request request;
    leave(77);
    assert_true(request_file_take_back(&release_file, FAKE_FILES_FOLDER));
    assert_false(fake_files_exists(REQUEST));
    assert_false(request_file_take_back(&release_file, FAKE_FILES_FOLDER));
    leave(79);
    assert_int_equal(take(&request), ERROR_SUCCESS);
    fake_files_put(REQUEST, "another's", 9);
    assert_false(request_file_take_back(&release_file, FAKE_FILES_FOLDER));
    assert_true(fake_files_exists(REQUEST));
}

static void one_that_cannot_be_taken_back_is_not_said_to_be(void **state)
{
    static const char *const calls[] = {"CreateFileW", "GetFileInformationByHandle", "DeleteFileW"};
    (void)state;
    leave(77);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        fake_calls_break(&fake_files_calls, calls[i], ERROR_NOT_READY);
        assert_false(request_file_take_back(&release_file, FAKE_FILES_FOLDER));
        assert_string_equal(fake_files_calls.failed, calls[i]);
    }
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_true(request_file_take_back(&release_file, FAKE_FILES_FOLDER));
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void an_answer_takes_the_place_of_one_that_is_being_read(void **state)
{
    (void)state;
    struct release_answer answer = {.number = 77};
    fake_files_put(ANSWER, "stale", 5);
    fake_files_keep_open(ANSWER, ALL, 2); /* so MoveFileExW fails twice, with 5 */
    assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                     ERROR_SUCCESS);
    size_t size;
    assert_int_not_equal(*fake_files_content(ANSWER, &size), 's');
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\release.answer.new"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_that_is_scanned_is_done_once),
        TEST(one_that_cannot_be_deleted_is_never_done),
        TEST(one_that_was_refused_stays_so_whatever_the_clock_says),
        TEST(one_that_cannot_be_read_is_deleted),
        TEST(whatever_call_fails_it_is_done_once_or_never),
        TEST(one_is_done_as_long_as_its_verb_may_wait),
        TEST(one_from_before_the_clock_was_set_back_is_stale),
        TEST(a_quarantine_waits_for_longer),
        TEST(what_an_earlier_process_was_asked_for_is_refused),
        TEST(what_was_left_since_it_began_is_done),
        TEST(an_earlier_one_that_could_not_be_deleted_is_never_done),
        TEST(a_clock_that_is_set_back_later_makes_nothing_earlier),
        TEST(one_is_taken_back_by_who_left_it),
        TEST(one_that_cannot_be_taken_back_is_not_said_to_be),
        TEST(an_answer_takes_the_place_of_one_that_is_being_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
