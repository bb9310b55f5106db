/* The doctor looks at the services: SMTP with its dependents, and RelayLock itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../windows/installation_scene.h"
#include "doctor_scene.h"

#define ADMIN_STEP                                                                                 \
    "Run this in an administrator's prompt; the service must run as LocalSystem, or as an "        \
    "account that has been given these rights."

static struct fake_service *smtp;

/* A host with SMTP and RelayLock as they should be. */
static int set_up(void **state)
{
    (void)state;
    scene_new_host(false);
    smtp = fake_services_add(L"SMTPSVC");
    scene_install();
    scene_service()->state = SERVICE_RUNNING;
    doctor_scene_begin();
    return 0;
}

/* Whatever was looked at, nothing was changed, and nothing is open. */
static int tear_down(void **state)
{
    (void)state;
    scene_assert_closed();
    assert_int_equal(smtp->stops + smtp->starts, 0);
    return 0;
}

/* ---- SMTP ----------------------------------------------------------------------------------- */

static void smtp_in_its_states(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_OK, "SMTPSVC runs, and CONTOSO\\admin may stop and start it", "");
    assert_line("dependents", FINDING_OK, "no service that runs depends on it", "");
    assert_no_line("services");
    smtp->state = SERVICE_STOPPED;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_WARNING, "SMTPSVC does not run (stopped)",
                "> net start \"SMTPSVC\"");
    smtp->state = SERVICE_PAUSED;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_WARNING, "SMTPSVC does not run (paused)",
                "> net continue \"SMTPSVC\"");
    smtp->state = SERVICE_PAUSE_PENDING;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_WARNING, "SMTPSVC does not run (starting or stopping)",
                "Run this again in a minute.");
    smtp->state = SERVICE_RUNNING;
}

static void smtp_that_is_disabled_would_stay_down(void **state)
{
    (void)state;
    smtp->start_type = SERVICE_DISABLED;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_PROBLEM,
                "SMTPSVC is disabled: it could not be started again, so RelayLock stops nothing",
                "> sc config \"SMTPSVC\" start= auto");
}

static void smtp_without_rights(void **state)
{
    (void)state;
    static const DWORD rights[] = {SERVICE_STOP, SERVICE_START};
    for (size_t i = 0; i < 2; i++) {
        smtp->denied = rights[i];
        doctor_scene_look(doctor_look_smtp);
        assert_line("smtp", FINDING_PROBLEM, "CONTOSO\\admin may not stop and start SMTPSVC",
                    ADMIN_STEP);
    }
    smtp->denied = SERVICE_QUERY_CONFIG;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_WARNING,
                "cannot be told: OpenService failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
    smtp->denied = SERVICE_ENUMERATE_DEPENDENTS;
    doctor_scene_look(doctor_look_smtp);
    assert_line("dependents", FINDING_WARNING,
                "cannot be told: OpenService failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

static void smtp_that_is_not_there(void **state)
{
    (void)state;
    smtp->exists = false;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_PROBLEM,
                "there is no service SMTPSVC, which is restarted after a lock",
                "Put the name of the service that takes mail over SMTP here into the setting "
                "SmtpService, or 0 into RestartSmtp.");
    assert_no_line("dependents");
    wcscpy(doctor.settings.smtp_service, L"Mail");
    enum setting_origin *origin = &doctor.origins.settings[setting_find(TEXT_OF(u"SmtpService"))];
    *origin = SETTING_BY_REGISTRY;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_PROBLEM,
                "there is no service Mail, which is restarted after a lock",
                "> reg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters /v "
                "SmtpService /f & sc control RelayLock paramchange");
    *origin = SETTING_BY_POLICY;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_PROBLEM,
                "there is no service Mail, which is restarted after a lock",
                "Change the setting SmtpService in the Group Policy that sets it.");
    *origin = SETTING_BY_DEFAULT;
    doctor.settings.restart_smtp = false;
    doctor_scene_look(doctor_look_smtp);
    assert_line("smtp", FINDING_OK,
                "it is not restarted after a lock (setting RestartSmtp): open sessions go on", "");
}

static void dependents_count_too(void **state)
{
    (void)state;
    struct fake_service *filter = fake_services_add(L"Mail Filter");
    struct fake_service *idle = fake_services_add(L"Idle");
    fake_services_depend(filter, L"SMTPSVC");
    fake_services_depend(idle, L"SMTPSVC");
    idle->state = SERVICE_STOPPED;
    doctor_scene_look(doctor_look_smtp);
    assert_line("dependents", FINDING_OK, "they are restarted with it: Mail Filter", "");
    filter->denied = SERVICE_START;
    doctor_scene_look(doctor_look_smtp);
    assert_line("dependents", FINDING_PROBLEM, "CONTOSO\\admin may not stop and start Mail Filter",
                ADMIN_STEP);
    assert_line("smtp", FINDING_OK, "SMTPSVC runs, and CONTOSO\\admin may stop and start it", "");
    filter->denied = 0;
    filter->start_type = SERVICE_DISABLED;
    doctor_scene_look(doctor_look_smtp);
    assert_line(
        "dependents", FINDING_PROBLEM,
        "Mail Filter is disabled: it could not be started again, so RelayLock stops nothing",
        "> sc config \"Mail Filter\" start= auto");
}

static void more_dependents_than_are_restarted(void **state)
{
    (void)state;
    static wchar_t names[33][16];
    for (size_t i = 0; i < 33; i++) {
        _snwprintf(names[i], 16, L"filter%u", (unsigned)i);
        fake_services_depend(fake_services_add(names[i]), L"SMTPSVC");
    }
    doctor_scene_look(doctor_look_smtp);
    assert_line("dependents", FINDING_PROBLEM,
                "33 services depend on it: with more than 32 RelayLock does not restart it",
                "Stop those that are not needed.");
}

static void services_that_are_restarted_last(void **state)
{
    (void)state;
    struct fake_service *pop = fake_services_add(L"POP3");
    doctor.settings.restart_services.count = 1;
    wcscpy(doctor.settings.restart_services.names[0], L"POP3");
    doctor_scene_look(doctor_look_smtp);
    assert_line("services", FINDING_OK,
                "CONTOSO\\admin may stop and start the services of RestartServices", "");
    pop->denied = SERVICE_STOP;
    doctor_scene_look(doctor_look_smtp);
    assert_line("services", FINDING_PROBLEM, "CONTOSO\\admin may not stop and start POP3",
                ADMIN_STEP);
    pop->exists = false;
    doctor_scene_look(doctor_look_smtp);
    assert_line("services", FINDING_WARNING,
                "there is no service POP3, which the setting RestartServices names",
                "Take it out of the setting RestartServices.");
}

/* ---- RelayLock ------------------------------------------------------------------------------ */

static void a_service_as_it_should_be(void **state)
{
    (void)state;
    scene_remember();
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_OK, "RelayLock is installed and runs", "");
    assert_line("program", FINDING_OK,
                "the service is this program: \"C:\\Program Files\\RelayLock\\relaylock.exe\"", "");
    assert_line("start", FINDING_OK, "it starts with Windows", "");
    assert_line("recovery", FINDING_OK, "Windows starts it again when it fails", "");
    assert_line("own-source", FINDING_OK, "Event Viewer finds RelayLock's texts", "");
    assert_int_equal(findings.count, 5);
    assert_true(doctor.service.installed);
    doctor_scene_look(doctor_look_smtp);
    scene_assert_as_remembered();
}

static void a_service_in_its_states(void **state)
{
    (void)state;
    struct fake_service *service = scene_service();
    service->state = SERVICE_STOPPED;
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_PROBLEM, "RelayLock is installed, but stopped",
                "> sc start RelayLock");
    service->state = SERVICE_PAUSED;
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_WARNING,
                "RelayLock is paused: it observes only, and locks nobody",
                "> sc continue RelayLock");
    service->state = SERVICE_CONTINUE_PENDING;
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_WARNING, "RelayLock is just starting or stopping (state 5)",
                "Run this again in a minute.");
    service->start_type = SERVICE_DEMAND_START;
    doctor_scene_look(doctor_look_service);
    assert_line("start", FINDING_WARNING, "it does not start with Windows (by hand only)",
                "> sc config RelayLock start= auto");
    service->start_type = SERVICE_DISABLED;
    doctor_scene_look(doctor_look_service);
    assert_line("start", FINDING_WARNING, "it does not start with Windows (disabled)",
                "> sc config RelayLock start= auto");
    service->state = SERVICE_STOPPED;
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_PROBLEM, "RelayLock is installed, but stopped",
                "> sc config RelayLock start= auto & sc start RelayLock");
}

static void no_service(void **state)
{
    (void)state;
    scene_service()->exists = false;
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_WARNING, "RelayLock is not installed", "> relaylock install");
    assert_int_equal(findings.count, 1);
    assert_true(doctor.service.known && !doctor.service.installed);
    fake_services_fail_named("OpenSCManager", 0, 1, ERROR_ACCESS_DENIED);
    doctor_scene_look(doctor_look_service);
    assert_line("service", FINDING_WARNING,
                "cannot be told: OpenSCManager failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
    assert_false(doctor.service.known);
}

static void another_program(void **state)
{
    (void)state;
    struct fake_service *service = scene_service();
    wcscpy(service->command, L"\"D:\\old\\relaylock.exe\"");
    doctor_scene_look(doctor_look_service);
    assert_line("program", FINDING_WARNING,
                "the service is another program than this one: \"D:\\old\\relaylock.exe\"",
                "> relaylock install");
    wcscpy(service->command, L"C:\\Program Files\\RelayLock\\relaylock.exe");
    doctor_scene_look(doctor_look_service);
    assert_line("program", FINDING_PROBLEM,
                "the service's path has spaces and is not quoted: C:\\Program "
                "Files\\RelayLock\\relaylock.exe",
                "> relaylock install");
    wcscpy(service->command, L"C:\\RelayLock.exe");
    wcscpy(doctor.exe, L"c:\\relaylock.EXE");
    doctor_scene_look(doctor_look_service);
    assert_line("program", FINDING_OK, "the service is this program: C:\\RelayLock.exe", "");
}

static void assert_recovery_differs(void)
{
    doctor_scene_look(doctor_look_service);
    assert_line("recovery", FINDING_WARNING,
                "what Windows does when it fails is not as RelayLock sets it up",
                "> relaylock install");
}

static void another_recovery(void **state)
{
    (void)state;
    struct fake_service *service = scene_service();
    const struct fake_service before = *service;
    service->actions[2].Delay++;
    assert_recovery_differs();
    *service = before;
    service->actions[0].Type = SC_ACTION_NONE;
    assert_recovery_differs();
    *service = before;
    service->action_count = 2;
    assert_recovery_differs();
    *service = before;
    service->action_count = 0;
    assert_recovery_differs();
    *service = before;
    service->reset_period = 60;
    assert_recovery_differs();
    *service = before;
    service->failure_actions_flag = false;
    assert_recovery_differs();
    *service = before;
    fake_services_before_vista(true); /* there is no such flag */
    service->failure_actions_flag = false;
    doctor_scene_look(doctor_look_service);
    assert_line("recovery", FINDING_OK, "Windows starts it again when it fails", "");
}

static void no_event_source(void **state)
{
    (void)state;
    static const wchar_t other[] = L"D:\\old\\relaylock.exe";
    fake_registry_put(INSTALLATION_SOURCE_KEY, L"EventMessageFile", REG_EXPAND_SZ, other,
                      sizeof other);
    doctor_scene_look(doctor_look_service);
    assert_line("own-source", FINDING_WARNING,
                "Event Viewer takes RelayLock's texts from another program: "
                "\"D:\\old\\relaylock.exe\"",
                "> relaylock install");
    fake_registry_remove(INSTALLATION_SOURCE_KEY);
    doctor_scene_look(doctor_look_service);
    assert_line("own-source", FINDING_WARNING,
                "Event Viewer cannot show RelayLock's events: its source is not registered",
                "> relaylock install");
}

/* Every call failing, in either check: a line says so, and the rest goes on. */
static void any_call_may_fail(void **state)
{
    (void)state;
    fake_services_depend(fake_services_add(L"Filter"), L"SMTPSVC");
    for (unsigned n = 1;; n++) {
        unsigned before = fake_services_calls();
        fake_services_fail(n, ERROR_NOT_ENOUGH_MEMORY);
        doctor_scene_look(doctor_look_smtp);
        uint32_t worse = findings_count(&findings, FINDING_WARNING);
        doctor_scene_look(doctor_look_service);
        worse += findings_count(&findings, FINDING_WARNING);
        if (fake_services_calls() - before < n)
            break; /* all were made, and none failed */
        bool harmless = strcmp(fake_services_failed(), "CloseServiceHandle") == 0;
        assert_int_equal(worse, harmless ? 0 : 1);
        scene_assert_closed();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(smtp_in_its_states, set_up, tear_down),
        cmocka_unit_test_setup_teardown(smtp_that_is_disabled_would_stay_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(smtp_without_rights, set_up, tear_down),
        cmocka_unit_test_setup_teardown(smtp_that_is_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dependents_count_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_dependents_than_are_restarted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(services_that_are_restarted_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_as_it_should_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_in_its_states, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_service, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_program, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_recovery, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_event_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_call_may_fail, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
