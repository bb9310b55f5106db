/* test_verb_request.c: a verb asks a service that cannot be told, or that is at something else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../windows/fake_files.h"
#include "../windows/fake_services.h"
#include "app/service.h"
#include "app/usage.h"
#include "app/verb_request.h"
#include "windows/installation.h"
#include "windows/release_file.h"

#define REQUEST FAKE_FILES_FOLDER L"\\release.request"

static unsigned watches; /* that are open */

static HANDLE WINAPI watch(LPCWSTR path, BOOL subtree, DWORD filter)
{
    (void)path;
    (void)subtree;
    (void)filter;
    watches++;
    return CreateEventW(NULL, FALSE, FALSE, NULL);
}

static BOOL WINAPI end_watch(HANDLE change)
{
    watches--;
    return CloseHandle(change);
}

static HANDLE WINAPI no_watch(LPCWSTR path, BOOL subtree, DWORD filter)
{
    (void)path;
    (void)subtree;
    (void)filter;
    SetLastError(ERROR_ACCESS_DENIED);
    return INVALID_HANDLE_VALUE;
}

static DWORD leave(const wchar_t *directory, const void *context, const char **failed_call)
{
    return release_file_ask(directory, context, failed_call);
}

static const struct release_request first = {.number = 7, .target = RELEASE_ALL};
static const struct release_request second = {.number = 8, .target = RELEASE_ALL};
static struct verb_request asked;
static struct fake_service *own;

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_services_reset(0);
    own = fake_services_add(INSTALLATION_SERVICE);
    request_file_calls.FindFirstChangeNotificationW = watch;
    request_file_calls.FindCloseChangeNotification = end_watch;
    watches = 0;
    asked = (struct verb_request){
        .verb = "release",
        .meanwhile = "another release",
        .look_for = "Look for it.",
        .file = &release_file,
        .number = second.number,
        .patience = 1,
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
    own->state = SERVICE_STOPPED;
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
    SYSTEMTIME date;
    FILETIME now;
    GetSystemTime(&date);
    SystemTimeToFileTime(&date, &now);
    fake_files_date(REQUEST, (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime);
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
    assert_true(fake_files_exists(REQUEST)); /* it is at something else, and does it afterwards */
}

static void nothing_is_left_that_could_not_be_waited_for(void **state)
{
    (void)state;
    request_file_calls.FindFirstChangeNotificationW = no_watch;
    assert_int_equal(verb_request_ask(&asked, FAKE_FILES_FOLDER), EXIT_FAILED);
    assert_false(fake_files_exists(REQUEST));
}

static void what_is_done_and_what_is_not_differ_in_the_exit_status(void **state)
{
    (void)state;
    assert_int_equal(verb_request_tell(&(struct release_answer){.done = true}), EXIT_DONE);
    assert_int_equal(verb_request_tell(&(struct release_answer){.done = false}), EXIT_FAILED);
    assert_int_equal(
        verb_request_refused("release", FAKE_FILES_FOLDER, "CreateFile", ERROR_INVALID_OWNER),
        EXIT_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_is_taken_back_where_no_service_can_be_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_of_somebody_else_stays_as_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_does_not_answer_in_time_keeps_the_request, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_that_could_not_be_waited_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_done_and_what_is_not_differ_in_the_exit_status,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
