/* acceptance_checks_locking.c: what is done to an account, and what is said about it. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_leftovers.h"
#include "acceptance_options.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"

#include <wchar.h>

enum {
    DC_AWAY = 30000,      /* ms that the domain controller is gone */
    LOCK_PATIENCE = 90000 /* ms for a lock that is tried again */
};

static DWORD number_in(const wchar_t *text)
{
    return wcstoul(text, NULL, 10);
}

/* The evidence of event 400 against what was reported. */
static void expect_evidence(const struct account *victim)
{
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim->name, SCENE_PATIENCE);
    DWORD first, last;
    log_own_records(&first, &last);
    check_that(crossed->type == EVENTLOG_WARNING_TYPE, L"event 400 is no warning");
    check_that(wcscmp(crossed->strings[0], victim->full) == 0, L"event 400 is about \"%ls\"",
               crossed->strings[0]);
    scene_expect_limit(crossed, L"5/10m");
    check_that(number_in(crossed->strings[2]) == PRODUCT_LIMIT &&
                   number_in(crossed->strings[3]) == PRODUCT_LIMIT,
               L"event 400 counts \"%ls\" and \"%ls\"", crossed->strings[2], crossed->strings[3]);
    check_that(number_in(crossed->strings[4]) == 1 &&
                   wcsstr(crossed->strings[5], L"relay.example.test"),
               L"event 400 names %ls clients: %ls", crossed->strings[4], crossed->strings[5]);
    check_that(number_in(crossed->strings[6]) == first && number_in(crossed->strings[8]) == last,
               L"event 400 names the records %ls to %ls, not %lu to %lu", crossed->strings[6],
               crossed->strings[8], first, last);
}

/* The dependent is stopped before SMTP and started after it. */
static void expect_order_of_restart(void)
{
    scene_expect_restarts(1);
    check_that(stand_in_last(SERVICE_DEPENDENT, STAND_IN_STOPPED) != 0 &&
                   stand_in_last(SERVICE_DEPENDENT, STAND_IN_STOPPED) <=
                       stand_in_last(SERVICE_SMTP, STAND_IN_STOP_ASKED),
               L"%ls was not stopped before %ls", SERVICE_DEPENDENT, SERVICE_SMTP);
    check_that(stand_in_last(SERVICE_DEPENDENT, STAND_IN_STARTED) >=
                   stand_in_last(SERVICE_SMTP, STAND_IN_STARTED),
               L"%ls was not started after %ls", SERVICE_DEPENDENT, SERVICE_SMTP);
    const struct alert *restarted = log_expect(ALERT_SMTP_RESTARTED, NULL, SCENE_PATIENCE);
    check_that(wcscmp(restarted->strings[0], SERVICE_SMTP) == 0, L"event 510 is about \"%ls\"",
               restarted->strings[0]);
}

void check_burst(void)
{
    struct account victim;
    account_create(&victim, L"burst");
    struct account_facts before, after;
    account_read(&victim, &before);
    product_start();
    DWORD locked = scene_lock(&victim);

    account_read(&victim, &after);
    check_that(after.flags == (before.flags | UF_ACCOUNTDISABLE),
               L"the account's flags were %#lx and are %#lx", before.flags, after.flags);
    check_that(wcscmp(after.comment, before.comment) == 0, L"the account's comment is now \"%ls\"",
               after.comment);
    expect_evidence(&victim);
    const struct alert *disabled = log_expect(ALERT_DISABLED, victim.name, 0);
    check_that(disabled->type == EVENTLOG_WARNING_TYPE, L"event 500 is no warning");
    check_that(_wcsicmp(disabled->strings[1], victim.name) == 0,
               L"event 500 names the user \"%ls\"", disabled->strings[1]);
    expect_order_of_restart();
    check_note(L"locked after %lu ms", locked);
    check_note(L"SMTP down for %lu ms", scene_smtp_down());
}

void check_password(void)
{
    struct account victim;
    account_create(&victim, L"password");
    struct account_facts before, after;
    product_set_text(L"Action", L"password");
    product_start();
    /* The age of the password has to say afterwards that it is a new one. */
    Sleep(3000);
    account_read(&victim, &before);
    DWORD read_at = GetTickCount();
    check_that(account_try_password(&victim, victim.password) != ACCOUNT_PASSWORD_WRONG,
               L"the test user's password is refused before it was changed");

    log_sign_ins(victim.full, PRODUCT_LIMIT);
    log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    const struct alert *set = log_expect(ALERT_PASSWORD_SET, victim.name, SCENE_PATIENCE);
    check_that(set->type == EVENTLOG_WARNING_TYPE, L"event 501 is no warning");
    account_read(&victim, &after);
    DWORD passed = (GetTickCount() - read_at) / 1000;
    check_that(after.password_age < before.password_age + passed,
               L"the password is %lu s old, so it was not changed", after.password_age);
    check_that(account_try_password(&victim, victim.password) != ACCOUNT_PASSWORD_RIGHT,
               L"the old password is still accepted");
    check_that(after.flags == before.flags, L"the account's flags were %#lx and are %#lx",
               before.flags, after.flags);
    scene_expect_restarts(1);
}

void check_flag(void)
{
    struct account victim;
    account_create(&victim, L"flag");
    product_set_text(L"Action", L"flag");
    product_start();
    log_sign_ins(victim.full, PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_ACTION, victim.name);
    log_expect(ALERT_MARKED, victim.name, SCENE_PATIENCE);
    struct account_facts facts;
    account_read(&victim, &facts);
    check_that(wcscmp(facts.comment, ACCOUNT_MARK ACCOUNT_COMMENT) == 0,
               L"the account's comment is now \"%ls\"", facts.comment);
    account_expect_enabled(&victim);
    scene_expect_no_restart();
}

void check_already_disabled(void)
{
    struct account victim;
    account_create(&victim, L"disabled");
    account_disable(&victim);
    product_start();
    log_sign_ins(victim.full, PRODUCT_LIMIT);
    log_expect(ALERT_ALREADY_DISABLED, victim.name, SCENE_PATIENCE);
    scene_expect_no_restart();
    check_that(log_alerts(ALERT_DISABLED, victim.name) == 0, L"event 500 says it was disabled now");
}

void check_denied(void)
{
    if (!options.deny || !options.allow)
        check_skip(L"no way given to have account changes denied (--deny, --allow)");
    struct account victim;
    account_create(&victim, L"denied");
    product_start();
    scene_begin_trouble(options.deny, options.allow);
    log_sign_ins(victim.full, PRODUCT_LIMIT);
    const struct alert *failed = log_expect(ALERT_LOCK_FAILED, victim.name, SCENE_PATIENCE);
    check_that(failed->type == EVENTLOG_ERROR_TYPE, L"event 504 is no error");
    check_that(number_in(failed->strings[3]) == ERROR_ACCESS_DENIED,
               L"event 504 names the error \"%ls\"", failed->strings[3]);
    scene_end_trouble(options.allow);
    account_expect_enabled(&victim);
    DWORD locked = account_expect_disabled(&victim, LOCK_PATIENCE);
    log_expect(ALERT_DISABLED, victim.name, SCENE_PATIENCE);
    scene_expect_restarts(1);
    check_note(L"locked %lu ms after it was allowed", locked);
}

/* Whoever gave the option arranged that the account is the last one; here it is only made sure that
 * it would come to harm, were it not protected. */
void check_last_admin(void)
{
    if (!options.last_admin)
        check_skip(L"no account given that is the last enabled administrator (--last-admin)");
    struct account last;
    account_find(&last, options.last_admin);
    account_expect_enabled(&last);
    leftover_note(LEFTOVER_ENABLE, last.full);
    leftover_note(LEFTOVER_MARK, last.full);
    struct account_facts before, after;
    account_read(&last, &before);
    product_start();
    log_sign_ins(last.full, PRODUCT_LIMIT);
    log_expect(ALERT_CROSSED, last.name, SCENE_PATIENCE);
    const struct alert *spared = log_expect(ALERT_LAST_ADMINISTRATOR, last.name, SCENE_PATIENCE);
    check_that(spared->type == EVENTLOG_ERROR_TYPE, L"event 506 is no error");
    check_that(_wcsicmp(spared->strings[1], last.name) == 0, L"event 506 names the user \"%ls\"",
               spared->strings[1]);
    log_expect(ALERT_MARKED, last.name, SCENE_PATIENCE);
    /* What is in store for the last one comes before the witness. */
    scene_read_so_far();
    account_read(&last, &after);
    check_that(after.flags == before.flags, L"the administrator's flags were %#lx and are %#lx",
               before.flags, after.flags);
    check_that(wcsncmp(after.comment, ACCOUNT_MARK, wcslen(ACCOUNT_MARK)) == 0 &&
                   wcscmp(after.comment + wcslen(ACCOUNT_MARK), before.comment) == 0,
               L"the administrator's comment is now \"%ls\"", after.comment);
    check_that(log_alerts(ALERT_DISABLED, last.name) == 0, L"event 500 says it was disabled");
    scene_expect_restarts(1); /* for the witness */
}

void check_dc_gone(void)
{
    if (!options.domain_account)
        check_skip(L"no way given to lock an account of a domain (--domain-account)");
    if (!options.dc_down || !options.dc_up)
        check_skip(L"no way given to take the domain controller away (--dc-down, --dc-up)");
    struct account victim;
    account_find(&victim, options.domain_account);
    account_expect_enabled(&victim);
    leftover_note(LEFTOVER_ENABLE, victim.full);
    product_start();
    /* While the controller answers, so that Windows knows who that is. */
    log_sign_ins(victim.full, 1);
    scene_read_so_far();

    scene_begin_trouble(options.dc_down, options.dc_up);
    log_sign_ins(victim.full, PRODUCT_LIMIT - 1);
    log_expect(ALERT_CROSSED, victim.name, DC_AWAY);
    Sleep(DC_AWAY);
    check_that(log_alerts(ALERT_DISABLED, victim.name) == 0,
               L"event 500 says that it was disabled without a domain controller");
    scene_end_trouble(options.dc_up);
    account_expect_disabled(&victim, LOCK_PATIENCE);
    log_expect(ALERT_DISABLED, victim.name, SCENE_PATIENCE);
}
