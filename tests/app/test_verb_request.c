/* test_verb_request.c: a verb asks a service that cannot be told, that is at something else, or
 * that stops meanwhile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../core/output.h"
#include "../windows/fake_files.h"
#include "../windows/fake_services.h"
#include "app/service.h"
#include "app/usage.h"
#include "app/verb_request.h"
#include "windows/installation.h"
#include "windows/release_file.h"

#define REQUEST FAKE_FILES_FOLDER L"\\release.request"

enum { PATIENCE = 60000 /* ms */, WHILE = 5000 /* ms until the service does something */ };

static unsigned watches; /* that are open */
static bool renamed;     /* a file in the folder */

static HANDLE WINAPI watch(LPCWSTR path, BOOL subtree, DWORD filter)
{
    (void)path;
    (void)subtree;
    (void)filter;
    watches++;
    return &watches;
}

static BOOL WINAPI go_on(HANDLE change)
{
    assert_ptr_equal(change, &watches);
    renamed = false;
    return TRUE;
}

static BOOL WINAPI end_watch(HANDLE change)
{
    assert_ptr_equal(change, &watches);
    watches--;
    return TRUE;
}

static DWORD WINAPI wait_for_either(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    assert_ptr_equal(handles[0], &watches);
    assert_false(all);
    for (; !renamed; ms--) {
        if (ms == 0)
            return WAIT_TIMEOUT;
        fake_services_advance(1); /* also where it need not wait, so that nobody waits for ever */
        if (count == 2 && fake_services_has_ended(handles[1]))
            return WAIT_OBJECT_0 + 1;
    }
    return WAIT_OBJECT_0;
}

static HANDLE WINAPI no_watch(LPCWSTR path, BOOL subtree, DWORD filter)
{
    (void)path;
    (void)subtree;
    (void)filter;
    SetLastError(ERROR_ACCESS_DENIED);
    return INVALID_HANDLE_VALUE;
}

/* When all was written. */
static void WINAPI date(LPFILETIME now)
{
    *now = (FILETIME){0};
}

static DWORD WINAPI tick(void)
{
    return fake_services_now();
}

static DWORD leave(const wchar_t *directory, const void *context, const char **failed_call)
{
    return release_file_ask(directory, context, failed_call);
}

static const struct release_request first = {.number = 7, .target = RELEASE_ALL};
static const struct release_request second = {.number = 8, .target = RELEASE_ALL};
static struct verb_request asked;
static struct fake_service *own;
static struct output output;

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_services_reset(0);
    own = fake_services_add(INSTALLATION_SERVICE);
    request_file_calls.FindFirstChangeNotificationW = watch;
    request_file_calls.FindNextChangeNotification = go_on;
    request_file_calls.FindCloseChangeNotification = end_watch;
    request_file_calls.WaitForMultipleObjects = wait_for_either;
    request_file_calls.GetTickCount = tick;
    request_file_calls.GetSystemTimeAsFileTime = date;
    watches = 0;
    renamed = false;
    asked = (struct verb_request){
        .verb = "release",
        .meanwhile = "another release",
        .look_for = "Look for it.",
        .begun = "It is finished.",
        .file = &release_file,
        .number = second.number,
        .patience = PATIENCE,
        .leave = leave,
        .context = &second,
    };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(watches, 0);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(fake_services_open_handles(), 0);
    return 0;
}

static void a_request_is_taken_back_where_no_service_can_be_told(void **state)
{
    (void)state;
    own->state = SERVICE_START_PENDING;
    own->start_hangs = true;
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    assert_true(fake_files_calls.made > 0);
    assert_false(fake_files_exists(REQUEST));
}

static void a_request_of_somebody_else_stays_as_it_is(void **state)
{
    const char *call;
    uint8_t before[256];
    size_t size, left;
    (void)state;
    assert_int_equal(release_file_ask(FAKE_FILES_FOLDER, &first, &call), ERROR_SUCCESS);
    const uint8_t *bytes = fake_files_content(REQUEST, &size);
    assert_in_range(size, 1, sizeof before);
    memcpy(before, bytes, size);
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    bytes = fake_files_content(REQUEST, &left);
    assert_int_equal(left, size);
    assert_memory_equal(bytes, before, size);
    assert_int_equal(own->told, SERVICE_CONTROL_REQUEST_LEFT); /* it may be one to be deleted */
}

static void who_does_not_answer_in_time_keeps_the_request(void **state)
{
    (void)state;
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    assert_int_equal(own->told, SERVICE_CONTROL_REQUEST_LEFT);
    assert_in_range(fake_services_now(), PATIENCE, PATIENCE + 50);
    assert_true(fake_files_exists(REQUEST)); /* it is at something else, and does it afterwards */
}

static void nothing_is_left_that_could_not_be_waited_for(void **state)
{
    (void)state;
    own->state = SERVICE_STOPPED;
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    own->state = SERVICE_RUNNING;
    request_file_calls.FindFirstChangeNotificationW = no_watch;
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    assert_int_equal(fake_files_calls.made, 0);
}

/* ---- the service stops ---------------------------------------------------------------------- */

static int ask(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    return verb_request_ask(&asked, FAKE_FILES_FOLDER);
}

/* Asks, and what is said then. */
static void ask_and_hear(void)
{
    static const char *const arguments[] = {"release", NULL};
    output_of(&output, ask, arguments);
}

static void stop(void *unused)
{
    (void)unused;
    fake_services_begin_stop(own);
}

static void start_again(void *unused)
{
    stop(unused);
    fake_services_begin_start(own);
}

static void take_and_stop(void *unused)
{
    struct release_request request;
    const char *call;
    assert_int_equal(release_file_take(FAKE_FILES_FOLDER, &request, &call), ERROR_SUCCESS);
    stop(unused);
}

/* Before anybody was woken by the answer. */
static void answer_and_stop(void *unused)
{
    const struct release_answer answer = {.number = second.number, .done = true, .text = "done\n"};
    const char *call;
    take_and_stop(unused);
    assert_int_equal(request_file_answer(&release_file, FAKE_FILES_FOLDER, &answer, &call),
                     ERROR_SUCCESS);
}

static void take_and_let_another_ask(void *unused)
{
    take_and_stop(unused);
    fake_files_put(REQUEST, "another's", 9);
}

static void who_waits_for_a_service_that_stops_waits_no_longer(void **state)
{
    void (*const ends[])(void *) = {stop, start_again};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        set_up(state);
        fake_services_after(WHILE, ends[i], NULL);
        ask_and_hear();
        assert_int_equal(output.status, EXIT_FAILED);
        assert_string_equal(output.err, "relaylock release: the service stopped before it took the "
                                        "request. Nothing was done, and nothing of it will be: "
                                        "type it again.\n");
        assert_in_range(fake_services_now(), WHILE, WHILE + 50);
        assert_false(fake_files_exists(REQUEST)); /* else the next one might do it */
        tear_down(state);
    }
}

static void where_its_process_is_denied_it_is_asked_once_a_second(void **state)
{
    (void)state;
    own->process_denied = true;
    fake_services_after(WHILE, start_again, NULL);
    ask_and_hear();
    assert_non_null(strstr(output.err, "the service stopped before it took the request"));
    assert_in_range(fake_services_now(), WHILE, WHILE + 1100);
    assert_in_range(fake_services_calls(), 0, 4 * (WHILE / 1000 + 4)); /* four calls a time */
}

static void what_it_had_taken_is_to_be_looked_for(void **state)
{
    (void)state;
    fake_services_after(WHILE, take_and_stop, NULL);
    ask_and_hear();
    assert_int_equal(output.status, EXIT_FAILED);
    assert_string_equal(output.err, "relaylock release: the service stopped before it answered. "
                                    "Look for it. It is finished.\n");
}

static void an_answer_that_came_last_is_one(void **state)
{
    (void)state;
    fake_services_after(WHILE, answer_and_stop, NULL);
    ask_and_hear();
    assert_int_equal(output.status, EXIT_DONE);
    assert_string_equal(output.out, "done\n");
}

static void what_another_left_meanwhile_is_not_taken_back(void **state)
{
    (void)state;
    fake_services_after(WHILE, take_and_let_another_ask, NULL);
    ask_and_hear();
    assert_non_null(strstr(output.err, "the service stopped before it answered"));
    assert_true(fake_files_exists(REQUEST));
}

/* ---- what is told --------------------------------------------------------------------------- */

static void what_is_done_and_what_is_not_differ_in_the_exit_status(void **state)
{
    (void)state;
    assert_int_equal(verb_request_tell(&(struct release_answer){.done = true}), EXIT_DONE);
    assert_int_equal(verb_request_tell(&(struct release_answer){.done = false}), EXIT_FAILED);
    assert_int_equal(
        verb_request_refused("release", FAKE_FILES_FOLDER, "CreateFile", ERROR_INVALID_OWNER),
        EXIT_FAILED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_taken_back_where_no_service_can_be_told),
        TEST(a_request_of_somebody_else_stays_as_it_is),
        TEST(who_does_not_answer_in_time_keeps_the_request),
        TEST(nothing_is_left_that_could_not_be_waited_for),
        TEST(who_waits_for_a_service_that_stops_waits_no_longer),
        TEST(where_its_process_is_denied_it_is_asked_once_a_second),
        TEST(what_it_had_taken_is_to_be_looked_for),
        TEST(an_answer_that_came_last_is_one),
        TEST(what_another_left_meanwhile_is_not_taken_back),
        TEST(what_is_done_and_what_is_not_differ_in_the_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
