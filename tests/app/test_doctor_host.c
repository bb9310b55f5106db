/* The doctor looks at Windows, Exchange, the event source and the diagnostic levels. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "../windows/fake_directory.h"
#include "../windows/fake_registry.h"
#include "../windows/fake_services.h"
#include "doctor_scene.h"
#include "windows/log_access.h"
#include "windows/write_right.h"

#define NT     L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define E2003  L"SOFTWARE\\Microsoft\\Exchange\\Setup"
#define E15    L"SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup"
#define LOG    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"
#define LEVELS L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

static BOOL is_member;
static DWORD member_error;

static BOOL WINAPI check_membership(HANDLE token, PSID sid, PBOOL member)
{
    assert_null(token);
    assert_true(IsWellKnownSid(sid, WinBuiltinAdministratorsSid));
    SetLastError(member_error);
    *member = is_member;
    return member_error == ERROR_SUCCESS;
}

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    fake_directory_reset();
    fake_services_reset(0);
    fake_services_add(L"RelayLock");
    doctor_scene_begin();
    is_member = TRUE;
    member_error = ERROR_SUCCESS;
    write_right_calls.CheckTokenMembership = check_membership;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)fake_registry_open_handles();
}

static void put_text(const wchar_t *key, const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(key, name, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
}

static void put_number(const wchar_t *key, const wchar_t *name, DWORD number)
{
    fake_registry_put(key, name, REG_DWORD, &number, sizeof number);
}

/* ---- Windows -------------------------------------------------------------------------------- */

static void windows_is_named(void **state)
{
    (void)state;
    put_text(NT, L"ProductName", L"Microsoft Windows Server 2003");
    put_text(NT, L"CurrentVersion", L"5.2");
    put_text(NT, L"CurrentBuildNumber", L"3790");
    put_text(NT, L"CSDVersion", L"Service Pack 2");
    doctor_scene_look(doctor_look_windows);
    assert_line("windows", FINDING_OK,
                "Microsoft Windows Server 2003, version 5.2, build 3790, Service Pack 2", "");
    put_number(NT, L"CurrentMajorVersionNumber", 10);
    put_number(NT, L"CurrentMinorVersionNumber", 0);
    put_text(NT, L"CSDVersion", L"");
    doctor_scene_look(doctor_look_windows);
    assert_line("windows", FINDING_OK, "Microsoft Windows Server 2003, version 10.0, build 3790",
                "");
    fake_registry_deny(NT);
    doctor_scene_look(doctor_look_windows);
    assert_line("windows", FINDING_WARNING,
                "cannot be told: RegOpenKeyEx failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

/* Texts that are too long, of another type, without a terminator. */
static void windows_with_odd_values(void **state)
{
    (void)state;
    wchar_t text[400];
    wmemset(text, L'x', 400);
    fake_registry_put(NT, L"ProductName", REG_SZ, text, sizeof text);
    fake_registry_put(NT, L"CurrentVersion", REG_SZ, L"5.2", 6);
    put_number(NT, L"CurrentBuildNumber", 3790);
    doctor_scene_look(doctor_look_windows);
    assert_line("windows", FINDING_OK, ", version 5.2, build ", "");
}

/* ---- Exchange ------------------------------------------------------------------------------- */

#define ELSEWHERE                                                                                  \
    "Install RelayLock on the Exchange 2000 or 2003 server itself, or have that server's events "  \
    "forwarded to here."

static void exchange_in_its_versions(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_exchange);
    assert_line("exchange", FINDING_WARNING, "no Exchange is installed here", ELSEWHERE);
    put_number(E2003, L"NewestBuild", 7638);
    put_number(E2003, L"Services Version", 65);
    doctor_scene_look(doctor_look_exchange); /* the management tools alone have no Services */
    assert_line("exchange", FINDING_WARNING, "no Exchange is installed here", ELSEWHERE);
    put_text(E2003, L"Services", L"C:\\Program Files\\Exchsrvr");
    doctor_scene_look(doctor_look_exchange);
    assert_line("exchange", FINDING_OK, "Exchange 2000 or 2003 (services version 65, build 7638)",
                "");
    put_number(E15, L"MsiProductMajor", 15);
    put_number(E15, L"MsiProductMinor", 2);
    put_number(E15, L"MsiBuildMajor", 1118);
    doctor_scene_look(doctor_look_exchange);
    assert_line("exchange", FINDING_WARNING,
                "Exchange 15.2, build 1118: Exchange 2007 and later write no event 1708",
                ELSEWHERE);
}

static void a_collector_needs_no_exchange(void **state)
{
    (void)state;
    wcscpy(doctor.settings.channel, L"ForwardedEvents");
    doctor_scene_look(doctor_look_exchange);
    assert_line("exchange", FINDING_OK,
                "none is installed here; the log \"ForwardedEvents\" is filled by other computers",
                "");
    doctor_scene_look(doctor_look_source);
    assert_line("source", FINDING_OK,
                "MSExchangeTransport need not be registered for the log \"ForwardedEvents\", which "
                "other computers may fill",
                "");
}

static void an_unreadable_registry_is_told(void **state)
{
    (void)state;
    put_number(E15, L"MsiProductMajor", 15);
    fake_registry_deny(E15);
    doctor_scene_look(doctor_look_exchange);
    assert_line("exchange", FINDING_WARNING,
                "cannot be told: RegOpenKeyEx failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
    fake_registry_fail(1, ERROR_NOT_ENOUGH_MEMORY);
    doctor_scene_look(doctor_look_source);
    assert_line("source", FINDING_WARNING, "cannot be told: RegOpenKeyEx failed with error 8",
                "Look up the error: net helpmsg 8");
    fake_registry_make(LEVELS);
    fake_registry_fail(1, ERROR_NOT_ENOUGH_MEMORY);
    doctor_scene_look(doctor_look_levels);
    assert_line("levels", FINDING_WARNING, "cannot be told: RegOpenKeyExW failed with error 8",
                "Look up the error: net helpmsg 8");
}

static void the_source_is_registered_or_not(void **state)
{
    (void)state;
    fake_registry_make(LOG);
    doctor_scene_look(doctor_look_source);
    assert_line("source", FINDING_WARNING,
                "MSExchangeTransport is not registered as an event source of the log "
                "\"Application\"",
                "Look whether Exchange's transport is installed, and whether the settings Provider "
                "and Channel are right (relaylock settings).");
    fake_registry_make(LOG L"\\MSExchangeTransport");
    doctor_scene_look(doctor_look_source);
    assert_line("source", FINDING_OK,
                "MSExchangeTransport is registered for the log \"Application\"", "");
    fake_registry_deny(LOG L"\\MSExchangeTransport"); /* denied, it is there */
    doctor_scene_look(doctor_look_source);
    assert_line("source", FINDING_OK,
                "MSExchangeTransport is registered for the log \"Application\"", "");
}

/* ---- writers --------------------------------------------------------------------------------- */

#define CLOSE                                                                                      \
    "> reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\" /v CustomSD "  \
    "/t "                                                                                          \
    "REG_SZ /d \"" LOG_ACCESS_CLOSED "\" /f"

#define LATER "; what mends that counts from the next start of Windows"

static void assert_writer(const wchar_t *access, const char *who)
{
    char found[256 + sizeof LATER];
    put_text(LOG, L"CustomSD", access);
    doctor_scene_look(doctor_look_writers);
    if (who) {
        snprintf(found, sizeof found,
                 "%s may write into the log \"Application\", and so forge sign-ins" LATER, who);
        assert_line("writers", FINDING_WARNING, found, CLOSE);
    } else {
        assert_line("writers", FINDING_OK,
                    "only services and administrators may write into the log \"Application\"", "");
    }
}

static void who_may_forge_sign_ins_is_told(void **state)
{
    (void)state;
    put_text(NT, L"CurrentVersion", L"5.2");
    fake_registry_make(LOG);
    doctor_scene_look(doctor_look_writers);
    assert_line("writers", FINDING_WARNING,
                "INTERACTIVE may write into the log \"Application\", and so forge sign-ins" LATER,
                CLOSE);
    assert_writer(L"" LOG_ACCESS_CLOSED, NULL);
    assert_writer(L"" LOG_ACCESS_INITIAL, "INTERACTIVE");
    assert_writer(L"O:BAG:SYD:(A;;0x1;;;IU)(A;;0x3;;;S-1-5-3)", "BATCH");
    assert_writer(L"O:BAG:SYD:(A;;GW;;;WD)", "Everyone");
    assert_writer(L"O:BAG:SYD:(A;;0x2;;;S-1-5-21-1-2-3-1105)", "S-1-5-21-1-2-3-1105");
    assert_writer(L"O:BAG:SYD:(A;;0x5;;;WD)(A;;0x3;;;SU)(A;;0x3;;;S-1-5-80-1-2-3-4-5)", NULL);
    assert_writer(L"O:BAG:SYD:(D;;0x2;;;WD)(A;;0x3;;;AU)", "Authenticated Users");
    assert_writer(L"O:BAG:SY", "Everyone"); /* without a DACL */
}

static void who_may_write_cannot_always_be_told(void **state)
{
    const DWORD number = 1;
    (void)state;
    put_text(NT, L"CurrentVersion", L"5.2");
    doctor_scene_look(doctor_look_writers);
    assert_line("writers", FINDING_WARNING, "cannot be told: RegOpenKeyEx failed with error 2",
                "Look up the error: net helpmsg 2");
    put_text(LOG, L"CustomSD", L"nonsense");
    doctor_scene_look(doctor_look_writers);
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.at[0].state, FINDING_WARNING);
    assert_non_null(strstr(findings.at[0].found, "cannot be told: reading CustomSD failed"));
    fake_registry_put(LOG, L"CustomSD", REG_DWORD, &number, sizeof number);
    doctor_scene_look(doctor_look_writers);
    assert_line("writers", FINDING_WARNING,
                "cannot be told: RegQueryValueEx failed with error 1804",
                "Look up the error: net helpmsg 1804");
    put_text(NT, L"CurrentVersion", L"6.0"); /* where it says little */
    doctor_scene_look(doctor_look_writers);
    assert_no_line("writers");
    put_text(NT, L"CurrentVersion", L"5.2");
    wcscpy(doctor.settings.channel, L"ForwardedEvents");
    doctor_scene_look(doctor_look_writers);
    assert_no_line("writers");
}

/* ---- levels --------------------------------------------------------------------------------- */

static void levels_high_and_low(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_levels);
    assert_line("levels", FINDING_WARNING,
                "MSExchangeTransport has no diagnostic levels \"SMTP Protocol\" and "
                "\"Authentication\" here",
                "On an Exchange 2000 or 2003 server both are there: is this one?");
    assert_no_line("raise");
    put_number(LEVELS, L"7 SMTP Protocol", 3);
    put_number(LEVELS, L"9 Authentication", 0);
    doctor_scene_look(doctor_look_levels);
    assert_line("levels", FINDING_PROBLEM,
                "MSExchangeTransport writes no event 1708: the levels are 7 SMTP Protocol 3, 9 "
                "Authentication 0, and one must be 5 (maximum)",
                "> relaylock logging raise");
    fake_services_reset(0); /* not installed */
    doctor_scene_look(doctor_look_levels);
    assert_string_equal(findings.at[0].mend, "Install RelayLock: once it runs, it raises them.");
    assert_line("raise", FINDING_OK, "CONTOSO\\admin may change these levels", "");
    put_number(LEVELS, L"9 Authentication", 5);
    doctor_scene_look(doctor_look_levels);
    assert_line("levels", FINDING_OK,
                "MSExchangeTransport logs sign-ins: the levels are 7 SMTP Protocol 3, 9 "
                "Authentication 5",
                "");
    fake_registry_fail(7, ERROR_ACCESS_DENIED); /* the second opening, for writing */
    doctor_scene_look(doctor_look_levels);
    assert_string_equal(fake_registry_failed(), "RegOpenKeyEx");
    assert_line("raise", FINDING_WARNING, "CONTOSO\\admin may not change these levels",
                "Let an administrator set them, in Exchange System Manager.");
}

/* ---- who ------------------------------------------------------------------------------------ */

static void who_runs_it(void **state)
{
    (void)state;
    struct fake_domain *contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"DC1");
    fake_sid(contoso, fake_add_user(contoso, L"anna", 1105)->rid, fake.own_sid);
    doctor_scene_look(doctor_look_who);
    assert_line("run-as", FINDING_OK, "CONTOSO\\anna, with the rights of an administrator", "");
    assert_true(doctor.who.known && doctor.who.administrator);
    assert_memory_equal(doctor.who.sid, fake.own_sid, FAKE_SID_SIZE);
    is_member = FALSE;
    doctor_scene_look(doctor_look_who);
    assert_line("run-as", FINDING_WARNING,
                "CONTOSO\\anna, without the rights of an administrator: not all can be seen",
                "Run this in an administrator's prompt.");
    member_error = ERROR_NO_TOKEN;
    doctor_scene_look(doctor_look_who);
    assert_line("run-as", FINDING_WARNING,
                "cannot be told: CheckTokenMembership failed with error 1008",
                "Look up the error: net helpmsg 1008");
    contoso->controllers[0].down = true;
    doctor_scene_look(doctor_look_who);
    assert_int_equal(findings.at[0].state, FINDING_WARNING);
    assert_string_equal(doctor.who.name, "this process");
    fake_directory_fail(FAKE_OPEN_TOKEN, 1, ERROR_ACCESS_DENIED);
    doctor_scene_look(doctor_look_who);
    assert_line("run-as", FINDING_WARNING,
                "cannot be told: OpenProcessToken failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(windows_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(windows_with_odd_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exchange_in_its_versions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_collector_needs_no_exchange, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unreadable_registry_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_source_is_registered_or_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(levels_high_and_low, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_runs_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_may_forge_sign_ins_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_may_write_cannot_always_be_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
