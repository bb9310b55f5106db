/* acceptance_checks_counting.c: who is counted as whom, and who is only flagged. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_leftovers.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"

#include <wchar.h>

enum { HONEST_USERS = 6, TEXT_SIZE = 512 };

static DWORD number_in(const wchar_t *text)
{
    return wcstoul(text, NULL, 10);
}

void check_honest(void)
{
    struct account victim, honest[HONEST_USERS];
    account_create(&victim, L"victim");
    for (size_t i = 0; i < HONEST_USERS; i++) {
        wchar_t tag[9];
        _snwprintf(tag, ARRAYSIZE(tag), L"honest%u", (unsigned)i);
        account_create(&honest[i], tag);
    }
    product_start();
    for (DWORD round = 0; round < PRODUCT_LIMIT - 1; round++) {
        for (size_t i = 0; i < HONEST_USERS; i++)
            log_sign_ins(honest[i].full, 1);
        log_sign_ins(victim.full, 1);
    }
    scene_expect_untouched(&victim);
    log_sign_ins(victim.full, 1);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    scene_expect_restarts(1);
    for (size_t i = 0; i < HONEST_USERS; i++)
        scene_expect_untouched(&honest[i]);
}

void check_spellings(void)
{
    struct account victim;
    account_create(&victim, L"spelling");
    wchar_t upper[TEXT_SIZE], lower[TEXT_SIZE];
    wcscpy(upper, victim.full);
    wcscpy(lower, victim.full);
    CharUpperW(upper);
    CharLowerW(lower);
    product_start();
    const wchar_t *const spellings[PRODUCT_LIMIT] = {
        lower, wcschr(upper, L'\\') + 1, upper, victim.name, victim.full,
    };
    for (size_t i = 0; i < PRODUCT_LIMIT; i++)
        log_sign_ins(spellings[i], 1);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    check_that(number_in(crossed->strings[3]) == PRODUCT_LIMIT, L"event 400 counts \"%ls\"",
               crossed->strings[3]);
    log_expect(ALERT_DISABLED, victim.name, SCENE_PATIENCE);
    check_that(log_alerts(ALERT_CROSSED, NULL) == 1, L"it was counted as more than one account");
}

void check_exempt(void)
{
    struct account by_pattern, by_name;
    account_create(&by_pattern, L"exempt");
    account_create(&by_name, L"spared");
    product_set_list(L"Exempt", L"rla-EXE?pt-*", by_name.full);
    product_start();
    log_sign_ins(by_pattern.full, 3 * PRODUCT_LIMIT);
    log_sign_ins(by_name.full, 3 * PRODUCT_LIMIT);
    scene_read_so_far();
    scene_expect_untouched(&by_pattern);
    scene_expect_untouched(&by_name);
}

void check_per_account(void)
{
    struct account busy;
    account_create(&busy, L"busy");
    product_set_account_limits(busy.name, L"8/10m");
    product_start();
    log_sign_ins(busy.full, 7);
    scene_read_so_far();
    scene_expect_untouched(&busy);
    log_sign_ins(busy.full, 1);
    account_expect_disabled(&busy, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, busy.name, SCENE_PATIENCE);
    scene_expect_limit(crossed, L"8/10m");
}

void check_clients(void)
{
    struct account victim;
    account_create(&victim, L"clients");
    product_set_list(L"Limits", L"clients:3/10m", L"100/10m");
    product_start();
    /* That these do not count as three shows in the evidence: the crossing comes at the twelfth. */
    for (DWORD i = 0; i < 5; i++) {
        log_sign_in_from(victim.full, L"one.example.test");
        log_sign_in_from(victim.full, L"ONE.Example.TEST");
    }
    log_sign_in_from(victim.full, L"two.example.test");
    log_sign_in_from(victim.full, L"three.example.test");
    account_expect_disabled(&victim, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    scene_expect_limit(crossed, L"clients:3/10m");
    check_that(number_in(crossed->strings[2]) == 3 && number_in(crossed->strings[3]) == 12,
               L"event 400 counts \"%ls\" clients in \"%ls\" sign-ins", crossed->strings[2],
               crossed->strings[3]);
}

void check_foreign(void)
{
    struct account bystander;
    account_create(&bystander, L"foreign");
    product_start();
    wchar_t other[TEXT_SIZE];
    _snwprintf(other, ARRAYSIZE(other), L"%ls2", log_provider());
    const wchar_t *strings[] = {L"relay.example.test", L"LOGIN", bystander.full};
    for (DWORD i = 0; i < 2 * PRODUCT_LIMIT; i++) {
        log_report(log_provider(), SIGN_IN_EVENT + 1, ARRAYSIZE(strings), strings);
        log_report(other, SIGN_IN_EVENT, ARRAYSIZE(strings), strings);
    }
    scene_read_so_far();
    scene_expect_untouched(&bystander);
    product_control(PRODUCT_CONTROL_STATUS);
    const struct alert *status = log_expect(ALERT_STATUS, NULL, SCENE_PATIENCE);
    check_that(number_in(status->strings[2]) == PRODUCT_LIMIT, L"%ls sign-ins were read, not %d",
               status->strings[2], PRODUCT_LIMIT);
}

void check_malformed(void)
{
    struct account named;
    account_create(&named, L"malform");
    product_start();
    static wchar_t endless[1500];
    for (size_t i = 0; i + 1 < ARRAYSIZE(endless); i++)
        endless[i] = L'x';
    /* Whose third string is missing, is empty, is longer than any account's name. */
    const wchar_t *two[] = {L"relay.example.test", named.full};
    const wchar_t *empty[] = {named.full, named.full, L""};
    const wchar_t *long_name[] = {named.full, named.full, endless};
    for (DWORD i = 0; i < PRODUCT_LIMIT; i++) {
        log_report(log_provider(), SIGN_IN_EVENT, 0, NULL);
        log_report(log_provider(), SIGN_IN_EVENT, ARRAYSIZE(two), two);
        log_report(log_provider(), SIGN_IN_EVENT, ARRAYSIZE(empty), empty);
        log_report(log_provider(), SIGN_IN_EVENT, ARRAYSIZE(long_name), long_name);
    }
    scene_read_so_far();
    scene_expect_untouched(&named);
    product_control(PRODUCT_CONTROL_STATUS);
    const struct alert *status = log_expect(ALERT_STATUS, NULL, SCENE_PATIENCE);
    check_that(number_in(status->strings[3]) == 4 * PRODUCT_LIMIT,
               L"%ls malformed events were counted, not %d", status->strings[3], 4 * PRODUCT_LIMIT);
}

/* Three things stand between a faulty RelayLock and the host's Administrator: it is paused, it may
 * lock nobody this hour, and the account is enabled and unmarked again whatever happens. The alert
 * says 415 all the same: that an account is protected comes before every other reason. */
void check_protected(void)
{
    struct account sibling, administrator;
    account_create(&sibling, L"sibling");
    account_find_administrator(&administrator, &sibling);
    struct account_facts before, after;
    account_read(&administrator, &before);
    if (!(before.flags & UF_ACCOUNTDISABLE))
        leftover_note(LEFTOVER_ENABLE, administrator.full);
    leftover_note(LEFTOVER_MARK, administrator.full);
    product_set_number(L"MaxLocksPerHour", 0);
    product_start();
    product_control(SERVICE_CONTROL_PAUSE);
    service_expect(PRODUCT_SERVICE, SERVICE_PAUSED, SCENE_PATIENCE);
    log_expect(ALERT_PAUSED, NULL, SCENE_PATIENCE);
    log_sign_ins(administrator.full, 2 * PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_PROTECTED, administrator.name);
    scene_expect_no_restart();
    account_read(&administrator, &after);
    check_that(after.flags == before.flags, L"the Administrator's flags were %#lx and are %#lx",
               before.flags, after.flags);
    check_that(wcscmp(after.comment, before.comment) == 0, L"paused, it marked the Administrator");
}

void check_unresolved(void)
{
    static const wchar_t nobody[] = L"RLA-nobody-has-this-name";
    product_start();
    log_sign_ins(nobody, 2 * PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_UNRESOLVED, nobody);
    scene_expect_no_restart();
}

void check_machine(void)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 2];
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    check_windows(GetComputerNameW(computer, &count), L"GetComputerName");
    wcscat(computer, L"$");
    product_start();
    log_sign_ins(computer, 2 * PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_MACHINE, computer);
    scene_expect_no_restart();
}

void check_budget(void)
{
    struct account first, second, third;
    account_create(&first, L"budget1");
    account_create(&second, L"budget2");
    account_create(&third, L"budget3");
    product_set_number(L"MaxLocksPerHour", 1);
    product_start();
    scene_lock(&first);
    log_sign_ins(second.full, PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_BUDGET, second.name);
    const struct alert *spent = log_expect(ALERT_BUDGET_SPENT, NULL, SCENE_PATIENCE);
    check_that(number_in(spent->strings[0]) == 1, L"event 420 names a budget of %ls",
               spent->strings[0]);
    log_sign_ins(third.full, PRODUCT_LIMIT);
    scene_expect_flag(ALERT_FLAGGED_BUDGET, third.name);
    account_expect_enabled(&second);
    account_expect_enabled(&third);
    check_that(log_alerts(ALERT_BUDGET_SPENT, NULL) == 1, L"event 420 was reported more than once");
}
