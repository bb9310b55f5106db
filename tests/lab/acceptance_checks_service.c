/* acceptance_checks_service.c: RelayLock as a service: verbs, controls, settings. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_product.h"
#include "acceptance_registry.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"

#include <wchar.h>

void check_install(void)
{
    product_verb(L"install");
    DWORD state = service_state(PRODUCT_SERVICE, NULL);
    check_that(state != SERVICE_NONE, L"there is no service RelayLock after install");
    check_that(registry_has_key(PRODUCT_SOURCE),
               L"there is no event source RelayLock after install");
    wchar_t file[1024] = {0}, expanded[1024];
    DWORD size = sizeof file - sizeof *file;
    check_call(registry_get(PRODUCT_SOURCE, L"EventMessageFile", REG_EXPAND_SZ, file, &size),
               L"reading EventMessageFile");
    DWORD count = ExpandEnvironmentStringsW(file, expanded, ARRAYSIZE(expanded));
    check_that(count > 0 && count <= ARRAYSIZE(expanded) &&
                   GetFileAttributesW(expanded) != INVALID_FILE_ATTRIBUTES,
               L"EventMessageFile is \"%ls\", where there is no file", file);
    /* The checks write the settings before they start it. */
    check_call(service_put_down(PRODUCT_SERVICE, PRODUCT_STOP_LIMIT), L"stopping RelayLock");
}

void check_uninstall(void)
{
    /* Something to be left behind, if anything is. */
    product_set_text(L"Action", L"flag");
    product_set_account_limits(L"somebody", L"5/10m");
    product_verb(L"uninstall");
    check_that(service_wait(PRODUCT_SERVICE, SERVICE_NONE, PRODUCT_STOP_LIMIT),
               L"the service RelayLock is still there");
    check_that(!registry_has_key(PRODUCT_PARAMETERS), L"the settings are still there");
    check_that(!registry_has_key(PRODUCT_SOURCE), L"the event source is still there");
}

void check_running(void)
{
    DWORD took = product_start();
    check_note(L"running after %lu ms", took);
    DWORD stopped = product_stop();
    log_expect(ALERT_STOPPED, NULL, SCENE_PATIENCE);
    check_note(L"stopped after %lu ms", stopped);
}

void check_interrogate(void)
{
    product_start();
    SERVICE_STATUS status = {0};
    check_call(service_control(PRODUCT_SERVICE, SERVICE_CONTROL_INTERROGATE, &status),
               L"interrogating RelayLock");
    check_that(status.dwCurrentState == SERVICE_RUNNING, L"RelayLock says that it is %ls",
               service_state_word(status.dwCurrentState));
    DWORD wanted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PAUSE_CONTINUE | SERVICE_ACCEPT_PARAMCHANGE;
    DWORD shutdown = SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PRESHUTDOWN; /* either */
    check_that((status.dwControlsAccepted & wanted) == wanted &&
                   (status.dwControlsAccepted & shutdown) != 0,
               L"RelayLock accepts only %#lx", status.dwControlsAccepted);
    product_control(SERVICE_CONTROL_PAUSE);
    service_expect(PRODUCT_SERVICE, SERVICE_PAUSED, SCENE_PATIENCE);
    check_call(service_control(PRODUCT_SERVICE, SERVICE_CONTROL_INTERROGATE, &status),
               L"interrogating RelayLock");
    check_that(status.dwCurrentState == SERVICE_PAUSED, L"RelayLock says that it is %ls",
               service_state_word(status.dwCurrentState));
}

void check_status(void)
{
    struct account victim;
    account_create(&victim, L"status");
    product_start();
    scene_lock(&victim);
    DWORD first, last;
    log_own_records(&first, &last);
    product_control(PRODUCT_CONTROL_STATUS);
    const struct alert *status = log_expect(ALERT_STATUS, NULL, SCENE_PATIENCE);
    const wchar_t *reader = check_reader_word();
    check_that(_wcsnicmp(status->strings[0], reader, wcslen(reader)) == 0, L"the reader is \"%ls\"",
               status->strings[0]);
    check_that(wcstoul(status->strings[1], NULL, 10) >= last, L"the last record read is \"%ls\"",
               status->strings[1]);
    static const struct {
        size_t string;
        DWORD number;
        const wchar_t *what;
    } expected[] = {
        {2, PRODUCT_LIMIT, L"sign-ins read"},
        {3, 0, L"malformed sign-ins"},
        {4, 1, L"accounts watched"},
        {5, 1, L"accounts locked"},
        {6, 4, L"locks left"}, /* of MaxLocksPerHour, by default 5 */
    };
    for (size_t i = 0; i < ARRAYSIZE(expected); i++) {
        const wchar_t *found = status->strings[expected[i].string];
        check_that(*found && wcstoul(found, NULL, 10) == expected[i].number,
                   L"%ls: \"%ls\", not %lu", expected[i].what, found, expected[i].number);
    }
}

void check_paused(void)
{
    struct account victim;
    account_create(&victim, L"paused");
    product_start();
    product_control(SERVICE_CONTROL_PAUSE);
    service_expect(PRODUCT_SERVICE, SERVICE_PAUSED, SCENE_PATIENCE);
    log_expect(ALERT_PAUSED, NULL, SCENE_PATIENCE);
    log_sign_ins(victim.full, PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_OBSERVE, victim.name);
    account_expect_enabled(&victim);
    product_control(SERVICE_CONTROL_CONTINUE);
    service_expect(PRODUCT_SERVICE, SERVICE_RUNNING, SCENE_PATIENCE);
    log_expect(ALERT_CONTINUED, NULL, SCENE_PATIENCE);
    log_sign_ins(victim.full, 1);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    scene_expect_restarts(1);
}

void check_paramchange_good(void)
{
    struct account victim;
    account_create(&victim, L"changed");
    product_start();
    log_sign_ins(victim.full, 1);
    product_set_list(L"Limits", L"3/10m", NULL);
    product_control(SERVICE_CONTROL_PARAMCHANGE);
    const struct alert *read = log_expect(ALERT_SETTINGS_READ, NULL, SCENE_PATIENCE);
    check_that(wcsstr(read->strings[0], L"3/10m") != NULL, L"event 200 names the limits \"%ls\"",
               read->strings[0]);
    log_sign_ins(victim.full, 2);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    scene_expect_limit(crossed, L"3/10m");
}

void check_paramchange_bad(void)
{
    struct account victim;
    account_create(&victim, L"refused");
    product_start();
    product_set_list(L"Limits", L"2/10m", L"many/10m");
    product_control(SERVICE_CONTROL_PARAMCHANGE);
    const struct alert *refused = log_expect(ALERT_SETTING_REFUSED, NULL, SCENE_PATIENCE);
    check_that(refused->type == EVENTLOG_ERROR_TYPE, L"event 201 is no error");
    check_that(_wcsicmp(refused->strings[1], L"Limits") == 0 &&
                   wcsstr(refused->strings[2], L"many/10m") && *refused->strings[3],
               L"event 201 names the value \"%ls\", \"%ls\", allowed \"%ls\"", refused->strings[1],
               refused->strings[2], refused->strings[3]);
    check_that(log_alerts(ALERT_SETTINGS_READ, NULL) == 0,
               L"event 200 says that bad settings are in force");
    scene_lock(&victim);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, 0);
    scene_expect_limit(crossed, L"5/10m");
}

/* Whatever it is doing: here, reading a log that goes on growing. */
void check_stop(void)
{
    struct account honest;
    account_create(&honest, L"stop");
    product_set_account_limits(honest.name, L"10000/10m");
    product_start();
    log_sign_ins(honest.full, 2000);
    DWORD stopped = product_stop();
    account_expect_enabled(&honest);
    check_note(L"stopped after %lu ms", stopped);
}

void check_resume(void)
{
    struct account victim;
    account_create(&victim, L"resume");
    product_start();
    log_sign_ins(victim.full, 1);
    product_stop();
    log_sign_ins(victim.full, PRODUCT_LIMIT - 1);
    product_start();
    account_expect_disabled(&victim, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    check_that(wcstoul(crossed->strings[3], NULL, 10) == PRODUCT_LIMIT, L"event 400 counts \"%ls\"",
               crossed->strings[3]);
    scene_expect_restarts(1);
}
