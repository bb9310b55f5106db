/* test_installation.c: what install makes of a host, and what it leaves to the administrator. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "installation_scene.h"
#include "windows/parameters.h"

/* The rights that its DACL grants to those of a well-known SID. */
static DWORD granted(const struct fake_service *service, WELL_KNOWN_SID_TYPE who)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(sid), rights = 0;

    assert_true(CreateWellKnownSid(who, NULL, sid, &size));
    assert_true(service->dacl_size > 0);
    for (DWORD i = 0; i < service->dacl.acl.AceCount; i++) {
        void *ace;
        assert_true(GetAce((PACL)&service->dacl.acl, i, &ace));
        const ACCESS_ALLOWED_ACE *allowed = ace;
        assert_int_equal(allowed->Header.AceType, ACCESS_ALLOWED_ACE_TYPE);
        if (EqualSid(sid, (PSID)&allowed->SidStart))
            rights |= allowed->Mask;
    }
    return rights;
}

/* Control 129 releases a lock: none but administrators may send it. */
static void assert_protected(const struct fake_service *service)
{
    static const WELL_KNOWN_SID_TYPE others[] = {WinInteractiveSid, WinServiceSid};
    const DWORD look = SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | SERVICE_INTERROGATE |
                       SERVICE_ENUMERATE_DEPENDENTS | READ_CONTROL;

    assert_int_equal(service->dacl.acl.AceCount, 4);
    assert_int_equal(granted(service, WinBuiltinAdministratorsSid), SERVICE_ALL_ACCESS);
    assert_int_equal(granted(service, WinLocalSystemSid), look | SERVICE_START | SERVICE_STOP |
                                                              SERVICE_PAUSE_CONTINUE |
                                                              SERVICE_USER_DEFINED_CONTROL);
    for (size_t i = 0; i < ARRAYSIZE(others); i++)
        assert_int_equal(granted(service, others[i]), look);
}

static void assert_installed(bool old)
{
    static const wchar_t dependencies[] = L"EventLog\0", none[] = L"";
    static const wchar_t privileges[] = L"SeChangeNotifyPrivilege\0";
    static const DWORD delays[] = {5000, 30000, 120000};
    const struct fake_service *service = scene_service();

    assert_non_null(service);
    assert_int_equal(wcscmp(service->display, L"RelayLock"), 0);
    assert_int_equal(wcscmp(service->command, SCENE_COMMAND), 0);
    assert_int_equal(service->type, SERVICE_WIN32_OWN_PROCESS);
    assert_int_equal(service->error_control, SERVICE_ERROR_NORMAL);
    assert_memory_equal(service->dependencies, dependencies, sizeof(dependencies));
    assert_true(wcslen(service->description) > 20);
    assert_protected(service);
    assert_int_equal(service->reset_period, 86400);
    assert_int_equal(service->action_count, ARRAYSIZE(delays));
    for (size_t i = 0; i < ARRAYSIZE(delays); i++) {
        assert_int_equal(service->actions[i].Type, SC_ACTION_RESTART);
        assert_int_equal(service->actions[i].Delay, delays[i]);
    }
    assert_int_equal(service->failure_actions_flag, !old);
    assert_int_equal(service->sid_type,
                     old ? SERVICE_SID_TYPE_NONE : SERVICE_SID_TYPE_UNRESTRICTED);
    assert_memory_equal(service->privileges, old ? none : privileges,
                        old ? sizeof(none) : sizeof(privileges));
    assert_int_equal(service->preshutdown, old ? 0 : 20000);
    scene_assert_value(INSTALLATION_SOURCE_KEY, L"EventMessageFile", REG_EXPAND_SZ, SCENE_EXE,
                       sizeof(SCENE_EXE));
    scene_assert_value(INSTALLATION_SOURCE_KEY, L"CategoryMessageFile", REG_EXPAND_SZ, SCENE_EXE,
                       sizeof(SCENE_EXE));
    scene_assert_number(INSTALLATION_SOURCE_KEY, L"CategoryCount", 6);
    scene_assert_number(INSTALLATION_SOURCE_KEY, L"TypesSupported", 7);
    assert_true(fake_registry_has(PARAMETERS_KEY));
    assert_int_equal(wcscmp(fake_files_protection(FAKE_FILES_FOLDER),
                            L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"),
                     0);
    scene_assert_closed();
}

static void on_a_new_host_it_makes_everything(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_install();
    assert_installed(false);
    assert_int_equal(scene_service()->start_type, SERVICE_AUTO_START);
    assert_true(scene_service()->delayed);
    assert_int_equal(wcscmp(scene_service()->account, L"LocalSystem"), 0);
    assert_int_equal(fake_registry_keys(), 8); /* no key but the source, Parameters, those above */
}

static void what_windows_does_not_know_before_vista_is_left_out(void **state)
{
    (void)state;
    scene_new_host(true);
    scene_install();
    assert_installed(true);
    assert_int_equal(scene_service()->start_type, SERVICE_AUTO_START);
    assert_false(scene_service()->delayed);
}

static void on_a_used_host_it_keeps_what_the_administrator_chose(void **state)
{
    static const wchar_t exempt[] = L"CONTOSO\\newsletter\0";
    (void)state;
    for (unsigned old = 0; old < 2; old++) {
        scene_used_host(old);
        scene_install();
        assert_installed(old);
        assert_int_equal(wcscmp(scene_service()->account, L"CONTOSO\\relaylock"), 0);
        assert_int_equal(scene_service()->start_type, SERVICE_DEMAND_START);
        assert_false(scene_service()->delayed);
        scene_assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 4);
        scene_assert_value(PARAMETERS_KEY, L"Exempt", REG_MULTI_SZ, exempt, sizeof(exempt));
        scene_remember();
        scene_install();
        scene_assert_as_remembered();
    }
}

/* ---- settings ------------------------------------------------------------------------------- */

static void settings_are_written_in_their_types(void **state)
{
    static const struct installation_setting wanted[] = {
        {L"limits", L" 080/10m; clients:8/1h "},
        {L"ACTION", L" Flag"},
        {L"Exempt", L"CONTOSO\\ann,svc-*"},
        {L"MaxLocksPerHour", L"1000"},
        {L"RestartSmtp", L"0"},
        {L"SmtpService", L"MySmtp"},
        {L"RestartServices", L"IISADMIN"},
        {L"MaxLocksPerHour", L"7"},
    };
    static const wchar_t limits[] = L"80/10m\0clients:8/1h\0", exempt[] = L"CONTOSO\\ann\0svc-*\0";
    static const wchar_t services[] = L"IISADMIN\0";
    (void)state;
    for (unsigned used = 0; used < 2; used++) {
        (used ? scene_used_host : scene_new_host)(false);
        size_t keys = fake_registry_keys();
        assert_int_equal(installation_install(SCENE_EXE, wanted, ARRAYSIZE(wanted), &scene_failure),
                         0);
        assert_installed(false);
        scene_assert_value(PARAMETERS_KEY, L"Limits", REG_MULTI_SZ, limits, sizeof(limits));
        scene_assert_value(PARAMETERS_KEY, L"Action", REG_SZ, L"flag", sizeof(L"flag"));
        scene_assert_value(PARAMETERS_KEY, L"Exempt", REG_MULTI_SZ, exempt, sizeof(exempt));
        scene_assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
        scene_assert_number(PARAMETERS_KEY, L"RestartSmtp", 0);
        scene_assert_value(PARAMETERS_KEY, L"SmtpService", REG_SZ, L"MySmtp", sizeof(L"MySmtp"));
        scene_assert_value(PARAMETERS_KEY, L"RestartServices", REG_MULTI_SZ, services,
                           sizeof(services));
        assert_int_equal(fake_registry_keys() - keys, used ? 0 : 2);
    }
}

static void whatever_is_written_reads_as_it_was_meant(void **state)
{
    static struct settings meant, read;
    static const struct installation_setting wanted[] = {
        {L"Limits", L"1/1s,9999/7d"}, {L"Action", L"password"}, {L"Exempt", L""},
        {L"Reader", L"classic"},      {L"EventId", L"1"},       {L"Channel", L"A b"},
    };
    size_t problems;
    (void)state;
    scene_new_host(false);
    settings_defaults(&meant);
    for (size_t i = 0; i < ARRAYSIZE(wanted); i++)
        assert_true(
            settings_set(&meant, setting_find(text_of(wanted[i].name)), text_of(wanted[i].value)));
    assert_int_equal(installation_install(SCENE_EXE, wanted, ARRAYSIZE(wanted), &scene_failure), 0);
    assert_int_equal(parameters_read(&read, NULL, &problems, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(problems, 0);
    for (size_t i = 0; i < setting_count; i++)
        assert_true(settings_same(&meant, &read, i));
}

/* Installs with one setting behind a good one; it is refused, and described so. */
static void assert_refused(const wchar_t *name, const wchar_t *value, const wchar_t *words)
{
    const struct installation_setting wanted[] = {{L"Action", L"flag"}, {name, value}};
    char16_t text[INSTALLATION_TEXT_MAX];
    for (unsigned used = 0; used < 2; used++) {
        (used ? scene_used_host : scene_new_host)(false);
        scene_remember();
        DWORD error = installation_install(SCENE_EXE, wanted, 2, &scene_failure);
        assert_int_equal(error, ERROR_INVALID_PARAMETER);
        scene_assert_as_remembered();
        installation_describe(&scene_failure, error, text);
        assert_non_null(wcsstr(text, words));
    }
}

static void a_wrong_setting_is_named_and_changes_nothing(void **state)
{
    static wchar_t longest[3000];
    (void)state;
    assert_refused(
        L"Action", L"kill",
        L"the setting \"Action\" cannot be \"kill\"; allowed: flag, disable or password");
    assert_refused(L"MaxLocksPerHour", L"1001", L"allowed: a number from 0 to 1000");
    assert_refused(L"Limits", L"", L"allowed: 1 to 16 limits");
    assert_refused(L"Limts", L"1/1m", L"there is no setting \"Limts\"; there are Limits, Action, ");
    assert_refused(L"", L"", L"there is no setting \"\"");
    assert_refused(L"Limits", L"%1\x202e\n", L"\"{U+0025}1{U+202E}{U+000A}\"");
    wmemset(longest, L'%', ARRAYSIZE(longest) - 1);
    assert_refused(longest, longest, L"there is no setting \"{U+0025}");
    assert_refused(L"Limits", longest, L"the setting \"Limits\" cannot be \"{U+0025}");
}

static void settings_that_cannot_be_read_are_left_alone(void **state)
{
    static const struct installation_setting wanted = {L"Action", L"flag"};
    (void)state;
    scene_used_host(false);
    fake_registry_deny(PARAMETERS_KEY);
    scene_remember();
    assert_int_equal(installation_install(SCENE_EXE, &wanted, 1, &scene_failure),
                     ERROR_ACCESS_DENIED);
    assert_string_equal(scene_failure.call, "reading the settings");
    scene_assert_as_remembered();
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void bad_paths_are_refused(void **state)
{
    static wchar_t longest[2000];
    static const wchar_t *const paths[] = {L"", L"C:\\a\"b.exe", longest};
    (void)state;
    wmemset(longest, L'x', ARRAYSIZE(longest) - 1);
    scene_new_host(false);
    scene_remember();
    for (size_t i = 0; i < ARRAYSIZE(paths); i++) {
        assert_int_equal(installation_install(paths[i], NULL, 0, &scene_failure),
                         ERROR_BAD_PATHNAME);
        assert_string_equal(scene_failure.call, "installation_install");
        scene_assert_as_remembered();
    }
}

static void assert_described(DWORD error, const wchar_t *words)
{
    char16_t text[INSTALLATION_TEXT_MAX];
    installation_describe(&scene_failure, error, text);
    assert_int_equal(wcscmp(text, words), 0);
}

static void a_name_taken_by_another_is_said(void **state)
{
    (void)state;
    scene_new_host(false);
    wcscpy(fake_services_add(L"Other")->display, L"RelayLock");
    scene_remember();
    DWORD error = installation_install(SCENE_EXE, NULL, 0, &scene_failure);
    assert_int_equal(error, ERROR_DUPLICATE_SERVICE_NAME);
    assert_described(error, L"CreateService for \"RelayLock\" failed with error 1078");
    scene_assert_as_remembered();
}

static void what_to_do_is_said_where_it_is_known(void **state)
{
    (void)state;
    scene_new_host(false);
    fake_services_fail(1, ERROR_ACCESS_DENIED);
    DWORD error = installation_install(SCENE_EXE, NULL, 0, &scene_failure);
    assert_described(error, L"OpenSCManager for \"RelayLock\" failed with error 5 (access denied): "
                            L"use an administrator's prompt");
    scene_install();
    scene_service()->deleted = true;
    error = installation_install(SCENE_EXE, NULL, 0, &scene_failure);
    assert_described(error, L"CreateService for \"RelayLock\" failed with error 1072 (it is being "
                            L"removed): close the window Services, then try again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_new_host_it_makes_everything),
        cmocka_unit_test(what_windows_does_not_know_before_vista_is_left_out),
        cmocka_unit_test(on_a_used_host_it_keeps_what_the_administrator_chose),
        cmocka_unit_test(settings_are_written_in_their_types),
        cmocka_unit_test(whatever_is_written_reads_as_it_was_meant),
        cmocka_unit_test(a_wrong_setting_is_named_and_changes_nothing),
        cmocka_unit_test(settings_that_cannot_be_read_are_left_alone),
        cmocka_unit_test(bad_paths_are_refused),
        cmocka_unit_test(a_name_taken_by_another_is_said),
        cmocka_unit_test(what_to_do_is_said_where_it_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
