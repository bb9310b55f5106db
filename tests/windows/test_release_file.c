/* The two files through which verb and service talk, on a disk in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_files.h"
#include "fake_services.h"
#include "windows/disk_file.h"
#include "windows/installation.h"
#include "windows/release_file.h"

#define REQUEST FAKE_FILES_FOLDER L"\\release.request"
#define ANSWER  FAKE_FILES_FOLDER L"\\release.answer"

static struct {
    DWORD tick;
    DWORD watch_error;
    LONG watches;     /* open */
    unsigned changes; /* of other files, before the answer is there */
    uint64_t answer;  /* number of the one that comes then; 0: none */
    uint64_t now;     /* FILETIME */
} world;

static const struct release_request asked = {.number = 77, .target = RELEASE_ALL};
static const char *call;

static HANDLE WINAPI fake_watch(LPCWSTR path, BOOL tree, DWORD filter)
{
    assert_int_equal(lstrcmpW(path, FAKE_FILES_FOLDER), 0);
    assert_false(tree);
    assert_int_equal(filter, FILE_NOTIFY_CHANGE_FILE_NAME);
    if (world.watch_error) {
        SetLastError(world.watch_error);
        return INVALID_HANDLE_VALUE;
    }
    world.watches++;
    return (HANDLE)&world;
}

static BOOL WINAPI fake_next(HANDLE change)
{
    assert_ptr_equal(change, &world);
    return TRUE;
}

static BOOL WINAPI fake_close(HANDLE change)
{
    assert_ptr_equal(change, &world);
    world.watches--;
    return TRUE;
}

/* Signalled for each change; the last of them is the answer. */
static DWORD WINAPI fake_wait(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    assert_int_equal(count, 2);
    assert_false(all);
    assert_ptr_equal(handles[0], &world);
    assert_false(fake_services_has_ended(handles[1]));
    if (world.changes > 0) {
        world.changes--;
        world.tick += 10;
        return WAIT_OBJECT_0;
    }
    if (world.answer) {
        struct release_answer answer = {.number = world.answer, .done = true, .text = "done\n"};
        world.answer = 0;
        assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                         ERROR_SUCCESS);
        return WAIT_OBJECT_0;
    }
    world.tick += ms;
    return WAIT_TIMEOUT;
}

static DWORD WINAPI fake_tick(void)
{
    return world.tick;
}

static void WINAPI fake_time(LPFILETIME time)
{
    time->dwLowDateTime = (DWORD)world.now;
    time->dwHighDateTime = (DWORD)(world.now >> 32);
}

/* It began before all that is told of here. */
static BOOL WINAPI fake_process_times(HANDLE process, LPFILETIME begun, LPFILETIME ended,
                                      LPFILETIME in_kernel, LPFILETIME in_user)
{
    (void)process;
    *begun = *ended = *in_kernel = *in_user = (FILETIME){0};
    return TRUE;
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    fake_files_reset();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_services_reset(0);
    fake_services_add(INSTALLATION_SERVICE);
    request_file_calls = (struct request_file_calls){
        fake_watch, fake_next, fake_close, fake_wait, fake_tick, fake_time, fake_process_times};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(fake_services_open_handles(), 0);
    assert_int_equal(world.watches, 0);
    return 0;
}

static DWORD ask(void)
{
    return release_file_ask(FAKE_FILES_FOLDER, &asked, &call);
}

static DWORD take(struct release_request *request)
{
    return release_file_take(FAKE_FILES_FOLDER, request, &call);
}

static void a_request_is_left_and_taken_once(void **state)
{
    (void)state;
    struct release_request request = {0};
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_int_equal(take(&request), ERROR_SUCCESS);
    assert_int_equal(request.number, 77);
    assert_int_equal(request.target, RELEASE_ALL);
    assert_int_equal(take(&request), ERROR_FILE_NOT_FOUND);
}

static void a_fresh_request_is_left_alone_and_a_stale_one_replaced(void **state)
{
    (void)state;
    FILETIME written;
    struct release_request request;
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_int_equal(disk_file_written(REQUEST, &written, &call), ERROR_SUCCESS);
    world.now = (uint64_t)written.dwHighDateTime << 32 | written.dwLowDateTime;
    assert_int_equal(ask(), ERROR_ALREADY_EXISTS);
    world.now += RELEASE_FILE_STALE * 10000000ULL - 1;
    assert_int_equal(ask(), ERROR_ALREADY_EXISTS);
    world.now++;
    assert_int_equal(ask(), ERROR_SUCCESS);
    fake_files_date(REQUEST, world.now + 3600 * 10000000ULL); /* the clock was set back */
    assert_int_equal(ask(), ERROR_SUCCESS);
    fake_files_date(REQUEST, world.now);
    assert_int_equal(take(&request), ERROR_SUCCESS);
}

static void what_cannot_be_believed_is_refused_and_gone(void **state)
{
    (void)state;
    static uint8_t large[RELEASE_REQUEST_SIZE_MAX + 1];
    struct release_request request = {.number = 5};
    fake_files_put(REQUEST, "release everybody", 17);
    assert_int_equal(take(&request), ERROR_INVALID_DATA);
    assert_false(fake_files_exists(REQUEST));
    fake_files_put(REQUEST, "", 0);
    assert_int_equal(take(&request), ERROR_INVALID_DATA);
    fake_files_put(REQUEST, large, sizeof large);
    assert_int_equal(take(&request), ERROR_FILE_TOO_LARGE);
    assert_false(fake_files_exists(REQUEST));
    assert_int_equal(ask(), ERROR_SUCCESS);
    fake_files_protect(REQUEST, L"O:BAD:(A;;FA;;;SY)(A;;FA;;;BU)");
    assert_int_equal(take(&request), ERROR_INVALID_SECURITY_DESCR);
    assert_false(fake_files_exists(REQUEST));
    assert_int_equal(ask(), ERROR_SUCCESS);
    fake_files_protect(REQUEST, L"O:S-1-5-21-1-2-3-1000D:(A;;FA;;;SY)");
    assert_int_equal(take(&request), ERROR_INVALID_OWNER);
    assert_int_equal(request.number, 5);
}

static void the_answer_is_waited_for_among_other_changes(void **state)
{
    (void)state;
    struct release_answer answer = {0};
    struct request_watch watch;
    world.changes = 3;
    world.answer = 77;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 77, 60000, &answer, &call),
        ERROR_SUCCESS);
    assert_true(answer.done);
    assert_string_equal(answer.text, "done\n");
    assert_false(fake_files_exists(ANSWER));
}

static void an_answer_to_somebody_else_is_none(void **state)
{
    (void)state;
    struct release_answer answer = {.number = 1};
    struct request_watch watch;
    world.answer = 78;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 77, 60000, &answer, &call),
        ERROR_TIMEOUT);
    assert_in_range(world.tick, 60000, 60000);
}

static void an_answer_to_somebody_else_is_left_to_them(void **state)
{
    (void)state;
    struct release_answer answer = {0};
    struct request_watch watch;
    world.answer = 78;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 77, 60000, &answer, &call),
        ERROR_TIMEOUT);
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 78, 60000, &answer, &call),
        ERROR_SUCCESS);
    assert_string_equal(answer.text, "done\n");
    assert_false(fake_files_exists(ANSWER));
}

static void an_answer_leaves_a_request_that_is_being_written_alone(void **state)
{
    (void)state;
    struct release_answer answer = {.number = 77};
    fake_files_put(FAKE_FILES_FOLDER L"\\release.new", "half", 4);
    assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                     ERROR_SUCCESS);
    assert_true(fake_files_exists(FAKE_FILES_FOLDER L"\\release.new"));
    assert_true(fake_files_exists(ANSWER));
}

static void changes_without_end_do_not_keep_it_waiting(void **state)
{
    (void)state;
    struct release_answer answer;
    struct request_watch watch;
    world.changes = UINT_MAX;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 77, 1000, &answer, &call),
        ERROR_TIMEOUT);
    assert_int_equal(world.tick, 1000);
}

static void an_answer_that_was_there_before_the_wait_is_taken(void **state)
{
    (void)state;
    struct release_answer answer = {.number = 77, .text = "not\n"}, taken = {0};
    struct request_watch watch;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_SUCCESS);
    assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                     ERROR_SUCCESS);
    assert_int_equal(
        request_file_wait(&release_file, FAKE_FILES_FOLDER, &watch, 77, 60000, &taken, &call),
        ERROR_SUCCESS);
    assert_false(taken.done);
    assert_int_equal(world.tick, 0);
}

static void a_folder_that_cannot_be_watched_is_said(void **state)
{
    (void)state;
    struct request_watch watch;
    world.watch_error = ERROR_ACCESS_DENIED;
    assert_int_equal(request_file_watch(FAKE_FILES_FOLDER, &watch, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "FindFirstChangeNotification");
}

static void forgetting_leaves_nothing_but_the_journal(void **state)
{
    (void)state;
    struct release_answer answer = {.number = 77};
    fake_files_put(FAKE_FILES_FOLDER L"\\journal", "x", 1);
    fake_files_put(FAKE_FILES_FOLDER L"\\release.new", "x", 1);
    fake_files_put(FAKE_FILES_FOLDER L"\\release.answer.new", "x", 1);
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                     ERROR_SUCCESS);
    request_file_forget(&release_file, FAKE_FILES_FOLDER);
    assert_false(fake_files_exists(REQUEST));
    assert_false(fake_files_exists(ANSWER));
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\release.new"));
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\release.answer.new"));
    assert_true(fake_files_exists(FAKE_FILES_FOLDER L"\\journal"));
}

static void a_request_that_could_not_be_left_leaves_nothing(void **state)
{
    (void)state;
    fake_files_room(10);
    assert_int_equal(ask(), ERROR_DISK_FULL);
    assert_false(fake_files_exists(REQUEST));
    fake_files_room(SIZE_MAX);
    fake_calls_break(&fake_files_calls, "MoveFileExW", ERROR_ACCESS_DENIED);
    assert_int_equal(ask(), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "MoveFileExW");
    assert_false(fake_files_exists(FAKE_FILES_FOLDER L"\\release.new"));
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_int_equal(ask(), ERROR_SUCCESS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_left_and_taken_once),
        TEST(a_fresh_request_is_left_alone_and_a_stale_one_replaced),
        TEST(what_cannot_be_believed_is_refused_and_gone),
        TEST(the_answer_is_waited_for_among_other_changes),
        TEST(an_answer_to_somebody_else_is_none),
        TEST(an_answer_to_somebody_else_is_left_to_them),
        TEST(an_answer_leaves_a_request_that_is_being_written_alone),
        TEST(changes_without_end_do_not_keep_it_waiting),
        TEST(an_answer_that_was_there_before_the_wait_is_taken),
        TEST(a_folder_that_cannot_be_watched_is_said),
        TEST(forgetting_leaves_nothing_but_the_journal),
        TEST(a_request_that_could_not_be_left_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
