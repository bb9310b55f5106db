/* acceptance_checks_stand_ins.c: that the stand-ins behave as told. What the SMTP checks find is
 * worth no more than this. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_services.h"

enum { SLOW_STOP = 2 /* s */, PATIENCE = 5000, WHILE = 1000 /* ms */ };

static void stop(const wchar_t *service)
{
    check_call(service_control(service, SERVICE_CONTROL_STOP, NULL), L"stopping a stand-in");
}

static void expect_steps(enum stand_in_step step, size_t count, const wchar_t *what)
{
    size_t found = stand_in_steps(SERVICE_SMTP, step);
    check_that(found == count, L"%ls: %lu times, not %lu", what, (DWORD)found, (DWORD)count);
}

static void stop_slowly(void)
{
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, SLOW_STOP);
    stop(SERVICE_SMTP);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, 0);
    SERVICE_STATUS_PROCESS first = {0}, second = {0};
    check_call(service_status(SERVICE_SMTP, &first), L"QueryServiceStatusEx");
    Sleep(WHILE);
    check_call(service_status(SERVICE_SMTP, &second), L"QueryServiceStatusEx");
    check_that(second.dwCheckPoint > first.dwCheckPoint, L"a slow stop shows no progress");
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, SLOW_STOP * 1000 + PATIENCE);
    uint64_t took = stand_in_last(SERVICE_SMTP, STAND_IN_STOPPED) -
                    stand_in_last(SERVICE_SMTP, STAND_IN_STOP_ASKED);
    check_that(took >= SLOW_STOP * 9000000ull, L"a slow stop was not slow");
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, 0);
}

static void fail_to_start(void)
{
    stand_in_tell(SERVICE_SMTP, STAND_IN_FAIL_STARTS, 2);
    for (size_t failures = 1; failures <= 2; failures++) {
        check_call(service_start(SERVICE_SMTP), L"StartService");
        service_expect(SERVICE_SMTP, SERVICE_STOPPED, PATIENCE);
        SERVICE_STATUS_PROCESS status = {0};
        check_call(service_status(SERVICE_SMTP, &status), L"QueryServiceStatusEx");
        check_that(status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR &&
                       status.dwServiceSpecificExitCode == STAND_IN_EXIT_CODE,
                   L"a start that failed gave the exit codes %lu and %lu", status.dwWin32ExitCode,
                   status.dwServiceSpecificExitCode);
        expect_steps(STAND_IN_START_FAILED, failures, L"starts that failed");
    }
    check_call(service_start(SERVICE_SMTP), L"StartService");
    service_expect(SERVICE_SMTP, SERVICE_RUNNING, PATIENCE);
}

static void hang_in_stop(void)
{
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 1);
    stop(SERVICE_SMTP);
    check_that(!service_wait(SERVICE_SMTP, SERVICE_STOPPED, WHILE), L"a hanging stop did not hang");
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, 0);
    stand_ins_release();
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, PATIENCE);
}

void check_stand_ins(void)
{
    check_call(stand_ins_make_ready(), L"starting the stand-in services");
    stop(SERVICE_DEPENDENT);
    service_expect(SERVICE_DEPENDENT, SERVICE_STOPPED, PATIENCE);

    stop_slowly();
    fail_to_start();
    hang_in_stop();
    expect_steps(STAND_IN_STARTED, 1, L"starts");
    expect_steps(STAND_IN_STOPPED, 2, L"stops");
    check_call(stand_ins_make_ready(), L"starting the stand-in services again");
    expect_steps(STAND_IN_STARTED, 0, L"starts in a new history");
}
