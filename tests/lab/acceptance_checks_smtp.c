/* acceptance_checks_smtp.c: the restart of SMTP, with a service that is slow, hangs or fails. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"

#include <wchar.h>

enum {
    SLOW_STOP = 5,     /* s */
    STOP_TIMEOUT = 10, /* s; the smallest that the setting takes */
    COOLDOWN = 10      /* s */
};

void check_smtp_slow(void)
{
    struct account victim;
    account_create(&victim, L"slow");
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, SLOW_STOP);
    product_start();
    scene_lock(&victim);
    log_expect(ALERT_SMTP_RESTARTED, NULL, SLOW_STOP * 1000 + SCENE_PATIENCE);
    scene_expect_restarts(1);
    check_that(scene_smtp_down() >= SLOW_STOP * 1000, L"SMTP was started before it had stopped");
    check_that(log_alerts(ALERT_SMTP_STOP_SLOW, NULL) == 0,
               L"event 513 was reported before StopTimeout");
}

void check_smtp_hanging(void)
{
    struct account victim, second;
    account_create(&victim, L"hanging");
    account_create(&second, L"meanwhile");
    product_set_number(L"StopTimeout", STOP_TIMEOUT);
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 1);
    product_start();
    scene_lock(&victim);
    DWORD start = GetTickCount();
    const struct alert *slow =
        log_expect(ALERT_SMTP_STOP_SLOW, NULL, STOP_TIMEOUT * 1000 + SCENE_PATIENCE);
    check_that(slow->type == EVENTLOG_ERROR_TYPE, L"event 513 is no error");
    check_that(GetTickCount() - start >= STOP_TIMEOUT * 1000 - 2000,
               L"event 513 was reported before StopTimeout");
    DWORD took = scene_lock(&second);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, 0);
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 0);
    scene_expect_restarts(1);
    const struct alert *restarted = log_expect(ALERT_SMTP_RESTARTED, NULL, SCENE_PATIENCE);
    check_that(wcscmp(restarted->strings[2], L"2") == 0,
               L"event 510 is of %ls accounts, not of both", restarted->strings[2]);
    check_note(L"the second account was locked after %lu ms", took);
}

void check_smtp_failing(void)
{
    struct account victim;
    account_create(&victim, L"failing");
    stand_in_tell(SERVICE_SMTP, STAND_IN_FAIL_STARTS, 2);
    product_start();
    scene_lock(&victim);
    const struct alert *failed = log_expect(ALERT_SMTP_START_FAILED, NULL, SCENE_PATIENCE);
    check_that(failed->type == EVENTLOG_ERROR_TYPE, L"event 514 is no error");
    log_expect(ALERT_SMTP_RESTARTED, NULL, 2 * SCENE_PATIENCE);
    scene_expect_restarts(1);
    check_that(stand_in_steps(SERVICE_SMTP, STAND_IN_START_FAILED) == 2,
               L"the stand-in did not fail to start as it was told");
    check_note(L"SMTP down for %lu ms", scene_smtp_down());
}

static void put_down(const wchar_t *service)
{
    check_call(service_control(service, SERVICE_CONTROL_STOP, NULL), L"stopping a stand-in");
    service_expect(service, SERVICE_STOPPED, SCENE_PATIENCE);
}

void check_smtp_stopped(void)
{
    struct account victim;
    account_create(&victim, L"stopped");
    put_down(SERVICE_DEPENDENT);
    put_down(SERVICE_SMTP);
    product_start();
    scene_lock(&victim);
    log_expect(ALERT_SMTP_NOT_RUNNING, NULL, SCENE_PATIENCE);
    product_stop();
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, 0);
    service_expect(SERVICE_DEPENDENT, SERVICE_STOPPED, 0);
    check_that(stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED) == 0, L"SMTP was started");
}

/* An operator's stop is under way while the account is locked. */
void check_smtp_operator(void)
{
    struct account victim;
    account_create(&victim, L"operator");
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, 2 * SLOW_STOP);
    product_start();
    put_down(SERVICE_DEPENDENT);
    check_call(service_control(SERVICE_SMTP, SERVICE_CONTROL_STOP, NULL), L"stopping a stand-in");
    scene_lock(&victim);
    log_expect(ALERT_SMTP_OPERATOR, NULL, SCENE_PATIENCE);
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, 2 * SLOW_STOP * 1000 + SCENE_PATIENCE);
    product_stop();
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, 0);
    check_that(stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED) == 0, L"SMTP was started");
}

/* A dependent that does not run is none of RelayLock's business. */
void check_smtp_alone(void)
{
    struct account victim;
    account_create(&victim, L"alone");
    put_down(SERVICE_DEPENDENT);
    product_start();
    scene_lock(&victim);
    log_expect(ALERT_SMTP_RESTARTED, NULL, SCENE_PATIENCE);
    product_stop();
    service_expect(SERVICE_SMTP, SERVICE_RUNNING, 0);
    service_expect(SERVICE_DEPENDENT, SERVICE_STOPPED, 0);
}

void check_smtp_no_restart(void)
{
    struct account victim;
    account_create(&victim, L"norestart");
    product_set_number(L"RestartSmtp", 0);
    product_start();
    scene_lock(&victim);
    scene_expect_no_restart();
}

void check_smtp_cooldown(void)
{
    struct account first, second, third;
    account_create(&first, L"cool1");
    account_create(&second, L"cool2");
    account_create(&third, L"cool3");
    product_set_number(L"RestartCooldown", COOLDOWN);
    product_start();
    scene_lock(&first);
    scene_expect_restarts(1);
    uint64_t before = stand_in_last(SERVICE_SMTP, STAND_IN_STARTED);
    scene_lock(&second);
    log_expect(ALERT_SMTP_RESTART_LATER, NULL, SCENE_PATIENCE);
    scene_lock(&third);
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 2, COOLDOWN * 1000 + SCENE_PATIENCE);
    scene_expect_restarts(2);
    uint64_t after = stand_in_last(SERVICE_SMTP, STAND_IN_STOP_ASKED);
    DWORD apart = (DWORD)((after - before) / 10000);
    check_that(apart >= COOLDOWN * 1000 - 2000, L"the restarts are only %lu ms apart", apart);
    check_note(L"restarts %lu ms apart", apart);
}

void check_smtp_stop_between(void)
{
    struct account victim;
    account_create(&victim, L"between");
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, SLOW_STOP);
    product_start();
    scene_lock(&victim);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, SCENE_PATIENCE);
    product_control(SERVICE_CONTROL_STOP);
    product_expect_stopped(SLOW_STOP * 1000 + SCENE_PATIENCE);
    service_expect(SERVICE_SMTP, SERVICE_RUNNING, 0);
    scene_expect_restarts(1);
}
