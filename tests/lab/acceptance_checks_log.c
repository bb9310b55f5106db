/* acceptance_checks_log.c: trouble with the log: cleared, its service away, a flood. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_options.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"
#include "acceptance_services.h"

#include <wchar.h>

#define LOG_SERVICE L"EventLog"

enum {
    LOG_AWAY = 3000,      /* ms */
    LOG_PATIENCE = 60000, /* ms until it is read again */
    LOAD_EVENTS = 100000,
    LOAD_USERS = 16,
    LOAD_RECORD_SIZE = 300, /* bytes that one of these takes in the log, generously */
    LOAD_PATIENCE = 60000   /* ms behind the last event */
};

void check_log_cleared(void)
{
    if (!options.clear_log)
        check_skip(L"no leave given to clear the Application log (--clear-log)");
    struct account victim, honest;
    account_create(&victim, L"cleared");
    account_create(&honest, L"honest");
    product_start();
    log_sign_ins(honest.full, PRODUCT_LIMIT - 1);
    log_sign_ins(victim.full, PRODUCT_LIMIT - 2);
    scene_read_so_far();
    log_clear();
    log_sign_ins(victim.full, 1);
    log_expect(ALERT_LOG_CLEARED, NULL, SCENE_PATIENCE);
    log_sign_ins(victim.full, 1);
    account_expect_disabled(&victim, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    check_that(wcstoul(crossed->strings[3], NULL, 10) == PRODUCT_LIMIT, L"event 400 counts \"%ls\"",
               crossed->strings[3]);
    scene_expect_untouched(&honest);
}

/* RelayLock depends on it, as other services do: so the SCM refuses to stop it alone. What remains
 * is its crash, for which Windows has no safe call: the process is often shared with others. */
void check_log_service(void)
{
    if (!options.log_down || !options.log_up)
        check_skip(L"no way given to end the service EventLog (--log-down, --log-up)");
    struct account victim, second;
    account_create(&victim, L"service");
    account_create(&second, L"second");
    product_start();
    log_sign_ins(victim.full, PRODUCT_LIMIT - 1);
    scene_read_so_far();
    scene_begin_trouble(options.log_down, options.log_up);
    service_expect(LOG_SERVICE, SERVICE_STOPPED, SCENE_PATIENCE);
    Sleep(LOG_AWAY);
    scene_end_trouble(options.log_up);
    service_expect(LOG_SERVICE, SERVICE_RUNNING, SCENE_PATIENCE);
    log_sign_ins(victim.full, 1);
    DWORD locked = account_expect_disabled(&victim, LOG_PATIENCE);
    log_expect(ALERT_LOG_LOST, NULL, SCENE_PATIENCE);
    log_expect(ALERT_LOG_BACK, NULL, SCENE_PATIENCE);
    const struct alert *crossed = log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    check_that(wcstoul(crossed->strings[3], NULL, 10) == PRODUCT_LIMIT, L"event 400 counts \"%ls\"",
               crossed->strings[3]);
    scene_lock(&second);
    service_expect(PRODUCT_SERVICE, SERVICE_RUNNING, 0);
    check_note(L"locked %lu ms after the log was back", locked);
}

static void expect_room(void)
{
    if (options.load == LOAD_NEVER)
        check_skip(L"--no-load");
    if (options.load == LOAD_ALWAYS)
        return;
    DWORD room = log_room();
    DWORD wanted = LOAD_EVENTS * LOAD_RECORD_SIZE;
    if (room < wanted)
        check_skip(L"the Application log has room for %lu KB, and this takes %lu (--load)",
                   room / 1024, wanted / 1024);
}

/* The users stay below the largest limit there is; the victim's sign-ins lie spread among theirs
 * and its fifth is the last event of all. */
void check_load(void)
{
    expect_room();
    struct account users[LOAD_USERS], victim;
    account_create(&victim, L"victim");
    for (size_t i = 0; i < LOAD_USERS; i++) {
        wchar_t tag[9];
        _snwprintf(tag, ARRAYSIZE(tag), L"load%u", (unsigned)i);
        account_create(&users[i], tag);
    }
    product_set_list(L"Limits", L"10000/10m", NULL);
    product_set_account_limits(victim.name, L"5/10m");
    product_start();
    DWORD start = GetTickCount();
    DWORD reported = 0;
    for (DWORD part = 0; part < PRODUCT_LIMIT; part++) {
        DWORD end = LOAD_EVENTS / PRODUCT_LIMIT * (part + 1) - 1;
        for (DWORD user = 0; reported < end; user++) {
            DWORD block = end - reported < 250 ? end - reported : 250;
            log_sign_ins(users[user % LOAD_USERS].full, block);
            reported += block;
        }
        log_sign_ins(victim.full, 1);
        reported++;
    }
    DWORD written = GetTickCount() - start;
    DWORD behind = account_expect_disabled(&victim, LOAD_PATIENCE);
    product_control(PRODUCT_CONTROL_STATUS);
    const struct alert *status = log_expect(ALERT_STATUS, NULL, SCENE_PATIENCE);
    check_that(wcstoul(status->strings[2], NULL, 10) == LOAD_EVENTS,
               L"%ls sign-ins were read, not %d", status->strings[2], LOAD_EVENTS);
    for (size_t i = 0; i < LOAD_USERS; i++)
        scene_expect_untouched(&users[i]);
    check_note(L"written in %lu ms", written);
    check_note(L"decided %lu ms behind the last", behind);
}
