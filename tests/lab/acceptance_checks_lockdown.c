/* acceptance_checks_lockdown.c: what becomes of a lock: contained, leaking, released, and made good
 * after the process was killed. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"
#include "acceptance_state.h"

#include <wchar.h>

enum {
    CONTAIN_AFTER = 60,    /* s; the smallest that the setting takes */
    LOCK_MINUTES = 1,      /* the smallest that is not "never" */
    LEAK_PAUSE = 31000,    /* ms after which a leak is told again */
    TIME_PATIENCE = 30000, /* ms beyond the time that something has to take */
    STOP_SECONDS = 5,
    COOLDOWN = 10,            /* s */
    REQUEST_PATIENCE = 20000, /* ms until a command has left its request ... */
    REQUEST_SENT = 2000       /* ... and until it has sent the control, which cannot be seen */
};

/* Takes over a minute, whatever the machine: three accounts at once. */
void check_to_the_end(void)
{
    struct account quiet, leaking, timed;
    account_create(&quiet, L"quiet");
    account_create(&leaking, L"leaking");
    account_create(&timed, L"timed");
    product_set_number(L"ContainAfter", CONTAIN_AFTER);
    product_set_number(L"RestartCooldown", 0);
    product_start();
    /* One after the other: who is locked while SMTP is stopping shares that restart. */
    scene_lock(&quiet);
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 1, SCENE_PATIENCE);
    scene_lock(&leaking);
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 2, SCENE_PATIENCE);
    product_set_number(L"LockMinutes", LOCK_MINUTES);
    product_control(SERVICE_CONTROL_PARAMCHANGE);
    log_expect(ALERT_SETTINGS_READ, NULL, SCENE_PATIENCE);
    DWORD locked = GetTickCount();
    scene_lock(&timed);
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 3, SCENE_PATIENCE);

    Sleep(2000); /* so that it is later than the lock by the clock of the log */
    log_sign_ins(leaking.full, 1);
    const struct alert *leak = log_expect(ALERT_LEAK, leaking.name, SCENE_PATIENCE);
    check_that(leak->type == EVENTLOG_WARNING_TYPE, L"event 520 is no warning");
    Sleep(LEAK_PAUSE);
    log_sign_ins(leaking.full, 1); /* of several, some might be read behind the restart */
    log_expect(ALERT_LEAK_RESTART, leaking.name, SCENE_PATIENCE);
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 4, SCENE_PATIENCE);
    Sleep(LEAK_PAUSE);
    log_sign_ins(leaking.full, 1);
    const struct alert *remains = log_expect(ALERT_LEAK_REMAINS, leaking.name, SCENE_PATIENCE);
    check_that(remains->type == EVENTLOG_ERROR_TYPE, L"event 522 is no error");
    check_that(wcstoul(remains->strings[2], NULL, 10) == 3, L"event 522 counts \"%ls\" sign-ins",
               remains->strings[2]);

    const struct alert *contained =
        log_expect(ALERT_CONTAINED, quiet.name, CONTAIN_AFTER * 1000 + TIME_PATIENCE);
    check_that(wcstoul(contained->strings[6], NULL, 10) == 0, L"event 525 counts \"%ls\" leaks",
               contained->strings[6]);
    check_that(log_alerts(ALERT_CONTAINED, leaking.name) == 0,
               L"event 525 says that %ls is contained", leaking.full);
    log_expect(ALERT_RELEASED, timed.name, LOCK_MINUTES * 60000 + TIME_PATIENCE);
    check_that(GetTickCount() - locked >= LOCK_MINUTES * 60000, L"%ls was released before its time",
               timed.full);
    account_expect_enabled(&timed);
    check_that(account_is_disabled(&quiet) && account_is_disabled(&leaking),
               L"an account was enabled that nobody released");
}

static void run_release(const wchar_t *arguments, DWORD status, const wchar_t *words)
{
    wchar_t verb[300];
    _snwprintf(verb, ARRAYSIZE(verb), L"release %ls", arguments);
    verb[ARRAYSIZE(verb) - 1] = L'\0';
    product_verb_exits(verb, status, words);
}

void check_release(void)
{
    struct account first, second, third, changed;
    account_create(&first, L"first");
    account_create(&second, L"second");
    account_create(&third, L"third");
    account_create(&changed, L"changed");
    struct account_facts before, after;
    account_read(&first, &before);
    product_set_number(L"MaxLocksPerHour", 20);
    product_start();
    run_release(L"nobody", 1, L"nothing locked or marked");
    scene_lock(&first);
    run_release(first.full, 0, L"it is enabled again");
    account_read(&first, &after);
    check_that(after.flags == before.flags && wcscmp(after.comment, before.comment) == 0,
               L"the account's flags were %#lx and are %#lx", before.flags, after.flags);
    log_expect(ALERT_RELEASED, first.name, SCENE_PATIENCE);
    log_sign_ins(first.full, PRODUCT_LIMIT); /* again within a day */
    const struct alert *again = log_expect(ALERT_CROSSED_AGAIN, first.name, SCENE_PATIENCE);
    check_that(again->type == EVENTLOG_ERROR_TYPE, L"event 401 is no error");
    account_expect_disabled(&first, SCENE_PATIENCE);

    scene_lock(&second);
    product_control(PRODUCT_CONTROL_RELEASE);
    log_expect(ALERT_RELEASED, second.name, SCENE_PATIENCE);
    account_expect_enabled(&second);

    scene_lock(&changed);
    account_change(&changed);
    run_release(changed.full, 1, L"--force");
    log_expect(ALERT_NOT_RELEASED, changed.name, SCENE_PATIENCE);
    check_that(account_is_disabled(&changed), L"%ls was enabled though it was changed",
               changed.full);
    scene_lock(&third);
    product_stop();
    run_release(L"--all --force", 0, L"it is enabled again"); /* without the service */
    account_expect_enabled(&first);
    account_expect_enabled(&third);
    account_expect_enabled(&changed);
    product_start();
    scene_read_so_far();
    check_that(!account_is_disabled(&first) && !account_is_disabled(&third),
               L"an account was locked again for sign-ins from before its release");
}

static bool is_request_left(const void *name)
{
    return state_has(name);
}

/* Ends the service's process once a command waits for it. */
static DWORD WINAPI kill_asked(void *killed)
{
    check_that(check_wait(is_request_left, L"release.request", REQUEST_PATIENCE),
               L"relaylock release asked nobody");
    Sleep(REQUEST_SENT);
    *(DWORD *)killed = GetTickCount();
    product_kill();
    return 0;
}

/* Nobody takes a request while SMTP hangs in its stop. What was not taken is not done later. */
void check_release_unanswered(void)
{
    struct account victim;
    DWORD killed = 0;
    account_create(&victim, L"unanswered");
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 1);
    product_start();
    scene_lock(&victim);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, SCENE_PATIENCE);
    HANDLE thread = CreateThread(NULL, 0, kill_asked, &killed, 0, NULL);
    check_windows(thread != NULL, L"CreateThread");
    run_release(victim.full, 1, L"the service stopped before it took the request");
    DWORD ended = GetTickCount();
    check_that(WaitForSingleObject(thread, SCENE_PATIENCE) == WAIT_OBJECT_0,
               L"RelayLock's process was not ended");
    CloseHandle(thread);
    product_come_back();
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 0);
    log_expect(ALERT_SMTP_RESUMED, NULL, SCENE_PATIENCE);
    check_that(account_is_disabled(&victim), L"%ls was released by a request that was taken back",
               victim.full);
    run_release(victim.full, 0, L"it is enabled again");
    account_expect_enabled(&victim);
    check_note(L"the command ended %lu ms after the service", ended - killed);
}

void check_enabled_again(void)
{
    struct account victim;
    account_create(&victim, L"enabled");
    product_start();
    scene_lock(&victim);
    check_call(account_enable(victim.full), L"enabling the account");
    product_stop();
    product_start();
    scene_read_so_far();
    account_expect_enabled(&victim);
    Sleep(2000);
    log_sign_ins(victim.full, 1);
    log_expect(ALERT_ENABLED_AGAIN, victim.name, SCENE_PATIENCE);
    product_stop();
    product_start();
    scene_read_so_far();
    account_expect_enabled(&victim);
    check_that(log_alerts(ALERT_DISABLED, victim.name) == 1, L"%ls was locked again", victim.full);
}

/* Between the lock and the restart that it waits for. */
void check_killed_waiting(void)
{
    struct account first, second;
    account_create(&first, L"killed1");
    account_create(&second, L"killed2");
    product_set_number(L"RestartCooldown", COOLDOWN);
    product_start();
    scene_lock(&first);
    scene_expect_restarts(1);
    log_expect(ALERT_SMTP_RESTARTED, NULL, SCENE_PATIENCE); /* and it is over for RelayLock, too */
    scene_lock(&second);
    product_kill();
    check_that(stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED) == 1, L"SMTP was restarted already");
    product_come_back();
    log_expect_alerts(ALERT_SMTP_RESTARTED, NULL, 2, COOLDOWN * 1000 + SCENE_PATIENCE);
    scene_expect_restarts(2);
    check_that(log_alerts(ALERT_DISABLED, second.name) == 1 &&
                   log_alerts(ALERT_ALREADY_DISABLED, second.name) == 0,
               L"%ls was decided on again", second.full);
}

/* Between stopping and starting SMTP. */
void check_killed_restarting(void)
{
    struct account victim;
    account_create(&victim, L"killed");
    stand_in_tell(SERVICE_SMTP, STAND_IN_STOP_SECONDS, STOP_SECONDS);
    product_start();
    scene_lock(&victim);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, SCENE_PATIENCE);
    product_kill();
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, STOP_SECONDS * 1000 + SCENE_PATIENCE);
    product_come_back();
    log_expect(ALERT_SMTP_RESUMED, NULL, SCENE_PATIENCE);
    scene_expect_restarts(1);
    check_that(log_alerts(ALERT_DISABLED, victim.name) == 1, L"%ls was decided on again",
               victim.full);
}

void check_no_journal(void)
{
    struct account victim;
    account_create(&victim, L"nojournal");
    check_call(state_block(), L"putting a file in the journal's place");
    product_start();
    const struct alert *closed = log_expect(ALERT_STORE_CLOSED, NULL, SCENE_PATIENCE);
    check_that(closed->type == EVENTLOG_ERROR_TYPE, L"event 120 is no error");
    log_sign_ins(victim.full, PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_STORE, victim.name);
    account_expect_enabled(&victim);
    check_call(state_unblock(), L"taking the file away");
    log_expect(ALERT_STORE_OPEN, NULL, 2 * SCENE_PATIENCE);
    log_sign_ins(victim.full, 1);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    log_expect(ALERT_DISABLED, victim.name, SCENE_PATIENCE);
    scene_expect_restarts(1);
}
