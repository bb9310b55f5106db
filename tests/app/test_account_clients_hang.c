/* The clients of an account, read by either reader itself from a log service that never comes to an
 * end, within a time that really passes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../windows/reading_fixture.h"
#include "app/account_clients.h"
#include "windows/classic_log.h"
#include "windows/modern_log.h"

enum {
    PATIENCE = 300, /* ms */
    PAUSE = 10,     /* ms that each call takes */
    CALLS_MAX = 500 /* after so many it would have been for ever */
};

static BOOL(WINAPI *inner_read)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *);
static unsigned calls;
static struct burst_list list;
static struct response_policy policy;
static struct verdict verdict;

static BOOL WINAPI next_without_an_answer(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                          DWORD timeout, DWORD flags, PDWORD count)
{
    (void)result, (void)size, (void)events, (void)timeout, (void)flags, (void)count;
    Sleep(PAUSE);
    SetLastError(++calls < CALLS_MAX ? ERROR_TIMEOUT : ERROR_ACCESS_DENIED);
    return FALSE;
}

/* The same record again and again, as from a log without end. */
static BOOL WINAPI read_without_end(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                    DWORD size, DWORD *used, DWORD *needed)
{
    (void)flags, (void)number;
    Sleep(PAUSE);
    SetLastError(ERROR_ACCESS_DENIED);
    return ++calls < CALLS_MAX && inner_read(log, EVENTLOG_BACKWARDS_READ | EVENTLOG_SEEK_READ, 1,
                                             buffer, size, used, needed);
}

static int set_up(void **state)
{
    reading_begin_modern(state);
    struct settings *settings = malloc(sizeof *settings);
    settings_defaults(settings);
    response_policy_make(&policy, settings);
    free(settings);
    memset(&list, 0, sizeof list);
    verdict = (struct verdict){.first_time = T, .last_time = T, .top_count = 1};
    wcscpy(verdict.account, L"bob");
    wcscpy(verdict.top[0].name, L"top");
    burst_list_add(&list, TEXT_OF(u"bob"), T, T);
    log_sign_ins(3, T);
    calls = 0;
    modern_log_calls.EvtNext = next_without_an_answer;
    inner_read = classic_log_calls.ReadEventLogW;
    classic_log_calls.ReadEventLogW = read_without_end;
    return 0;
}

static void expect_to_be_given_up(enum reader_choice reader)
{
    policy.reader = reader;
    DWORD begun = GetTickCount();
    account_clients_read(&policy, &verdict, &list, 0, PATIENCE);
    assert_true(GetTickCount() - begun >= PATIENCE / 2);
    assert_in_range(calls, 1, CALLS_MAX - 1);
    assert_true(burst_list_has(&list, TEXT_OF(u"top"), TEXT_OF(u""), T));
    assert_int_equal(list.client_count, 1);
}

static void a_log_service_that_does_not_answer_is_given_up(void **state)
{
    (void)state;
    expect_to_be_given_up(READER_MODERN);
}

static void the_same_is_not_tried_with_the_other_reader(void **state)
{
    (void)state;
    expect_to_be_given_up(READER_AUTO);
    assert_int_equal(fake_event_log_called(FAKE_OPEN_EVENT_LOG), 0);
}

static void a_log_whose_start_is_not_found_is_given_up(void **state)
{
    (void)state;
    expect_to_be_given_up(READER_CLASSIC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_service_that_does_not_answer_is_given_up),
        TEST(the_same_is_not_tried_with_the_other_reader),
        TEST(a_log_whose_start_is_not_found_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
