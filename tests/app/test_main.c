/* main.c's own object, linked in: what this process has given up when a verb, or the service, is
 * begun. What is given up is given up for good, so each test goes on from the one before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdbool.h>
#include <cmocka.h>

#include "app/service.h"
#include "app/usage.h"
#include "windows/process_hardening.h"

enum { SAFE_SEARCH = 1 /* BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE */ };

int wmain(int count, wchar_t **arguments);

static unsigned served;

static DWORD privileges(void)
{
    union {
        TOKEN_PRIVILEGES list;
        uint8_t bytes[4096];
    } held;
    HANDLE token;
    DWORD size;
    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    assert_true(GetTokenInformation(token, TokenPrivileges, &held, sizeof held, &size));
    CloseHandle(token);
    return held.list.PrivilegeCount;
}

/* What process_hardening_apply set for good, it alone may set. Wine keeps of all that only this. */
static bool is_hardened(void)
{
    SetLastError(ERROR_SUCCESS);
    return process_hardening_calls.SetSearchPathMode &&
           !process_hardening_calls.SetSearchPathMode(SAFE_SEARCH) &&
           GetLastError() == ERROR_ACCESS_DENIED;
}

static BOOL WINAPI serve(const SERVICE_TABLE_ENTRYW *table)
{
    (void)table;
    served++;
    assert_true(is_hardened());
    assert_int_equal(privileges(), 1);
    SetLastError(ERROR_SERVICE_DATABASE_LOCKED);
    return FALSE;
}

static void a_verb_is_hardened_and_keeps_its_privileges(void **state)
{
    (void)state;
    wchar_t *arguments[] = {(wchar_t[]){L"relaylock"}, (wchar_t[]){L"version"}, NULL};
    process_hardening_load();
    assert_non_null(process_hardening_calls.SetSearchPathMode);
    assert_true(process_hardening_calls.SetSearchPathMode(SAFE_SEARCH));
    process_hardening_calls.SetSearchPathMode = NULL;
    assert_int_equal(wmain(2, arguments), EXIT_DONE);
    assert_true(is_hardened());
    assert_true(privileges() > 1);
}

static void the_service_is_left_one_privilege_before_it_serves(void **state)
{
    (void)state;
    wchar_t *arguments[] = {(wchar_t[]){L"relaylock"}, NULL};
    service_calls.StartServiceCtrlDispatcherW = serve;
    assert_int_equal(wmain(1, arguments), ERROR_SERVICE_DATABASE_LOCKED);
    assert_int_equal(served, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verb_is_hardened_and_keeps_its_privileges),
        cmocka_unit_test(the_service_is_left_one_privilege_before_it_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
