#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "lockdown_world.h"
#include "lockdown_world_accounts.h"
#include "lockdown_world_queue.h"
#include "lockdown_world_services.h"
#include <cmocka.h>

struct world world;

void world_point(void)
{
    if (++world.points == world.kill_at)
        longjmp(world.killed, 1);
}

/* ---- clocks --------------------------------------------------------------------------------- */

static DWORD WINAPI fake_tick(void)
{
    return world.tick;
}

static void WINAPI fake_time(LPFILETIME time)
{
    uint64_t ticks = ((uint64_t)world.wall + UINT64_C(11644473600)) * 10000000;
    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}

static uint32_t fake_boot(void)
{
    return world.boot;
}

/* ---- the listener --------------------------------------------------------------------------- */

static void hear_incident(void *context, const struct incident *incident, int64_t now)
{
    (void)context, (void)now;
    world.last = *incident;
    world.told++;
}

static void hear_unheld(void *context, const uint8_t *sid, uint32_t size)
{
    (void)context, (void)sid, (void)size;
    world.unheld++;
}

static void hear_store(void *context, bool open, const struct position_record *position)
{
    (void)context, (void)position;
    world.told_open = open;
    world.opens += open;
    world.closes += !open;
}

static void hear_reading(void *context)
{
    (void)context;
    if (!world.blind)
        lockdown_all_read(world.lockdown, world.tick);
}

static void hear_restarting(void *context, bool restarting)
{
    (void)context;
    world.restarting = restarting;
}

static void hear_orders(void *context)
{
    (void)context;
    if (world.meanwhile)
        world.meanwhile();
}

static void hear_answer(void *context, const struct release_answer *answer)
{
    (void)context;
    world.answer = *answer;
    world.answers++;
}

static void hear_quarantined(void *context, const struct release_answer *answer)
{
    (void)context;
    world.quarantine_answers++;
    world.quarantine_answer = *answer;
}

/* ---- the world ------------------------------------------------------------------------------ */

static void reset_parts(void)
{
    lockdown_calls = (struct lockdown_calls){
        .boot_number = fake_boot, .GetTickCount = fake_tick, .GetSystemTimeAsFileTime = fake_time};
    world_accounts_reset();
    world_services_reset();
    world_queue_reset();
    memory_store_reset();
    memory_store.point = world_point;
    memory_store.tick = fake_tick;
}

void world_reset(void)
{
    world_kill();
    memset(&world, 0, sizeof world);
    world.tick = 5000000;
    world.wall = WORLD_WALL + 60;
    world.boot = 7;
    world.record = 100000;
    settings_defaults(&world.settings);
    recorder_start();
    reset_parts();
}

int world_set_up(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

int world_tear_down(void **state)
{
    (void)state;
    world_kill();
    return 0;
}

void world_start(void)
{
    world_start_behind();
    world_caught_up();
}

void world_caught_up(void)
{
    const struct position_record position = {.record = ++world.record, .time = world.wall};
    lockdown_position(world.lockdown, &position);
}

void world_start_behind(void)
{
    static const struct lockdown_listener listener = {.incident = hear_incident,
                                                      .unheld = hear_unheld,
                                                      .store = hear_store,
                                                      .reading = hear_reading,
                                                      .restarting = hear_restarting,
                                                      .orders = hear_orders,
                                                      .wake = &world.meanwhile,
                                                      .answered = hear_answer,
                                                      .quarantined = hear_quarantined};
    world_kill();
    assert_int_equal(lockdown_create(&world.settings, &world.stopping, &listener, &world.lockdown),
                     ERROR_SUCCESS);
}

void world_kill(void)
{
    if (world.lockdown)
        lockdown_free(world.lockdown);
    world.lockdown = NULL;
    world_aside_forget();
}

void world_end(void)
{
    lockdown_end(world.lockdown);
    world_kill();
}

DWORD world_run(void)
{
    DWORD wait;
    for (unsigned steps = 0; lockdown_step(world.lockdown, &wait); steps++)
        assert_in_range(steps, 0, 10000);
    return wait;
}

void world_pass(DWORD ms)
{
    world_caught_up();
    for (;;) {
        DWORD wait = world_run();
        DWORD step = wait < ms ? wait : ms;
        world.tick += step;
        world.wall += step / 1000;
        ms -= step;
        if (ms == 0)
            break;
        assert_true(step > 0);
    }
    world_run();
}

struct order world_order(unsigned account, enum flag_reason flag)
{
    struct order order = {
        .verdict = {.flag = flag,
                    .limit = {LIMIT_SIGN_INS, 50, 600},
                    .count = 50,
                    .sign_ins = 50,
                    .clients = 1,
                    .top_count = 1,
                    .first_record = 100 * account + 1,
                    .last_record = 100 * account + 50,
                    .first_time = WORLD_WALL - 60,
                    .last_time = WORLD_WALL + account,
                    .kind = IDENTITY_USER,
                    .sid_size = WORLD_SID_SIZE},
        .action = world.settings.action,
        .read_at = world.tick,
    };
    world_sid(account, order.verdict.sid);
    wcscpy(order.verdict.account, L"contoso\\user00");
    order.verdict.account[12] = (char16_t)(u'0' + account / 10);
    order.verdict.account[13] = (char16_t)(u'0' + account % 10);
    wcscpy(order.verdict.name, L"CONTOSO\\user00");
    memcpy(order.verdict.name + 12, order.verdict.account + 12, 4);
    wcscpy(order.verdict.top[0].name, L"mail.example");
    order.verdict.top[0].sign_ins = 50;
    return order;
}

void world_cross(unsigned account)
{
    if (!world.accounts[account].abused)
        world.accounts[account].abused = world.accounts[account].session = true;
    struct order order = world_order(account, FLAG_NOT);
    lockdown_order(world.lockdown, &order);
}

void world_leak(unsigned account, unsigned count)
{
    struct held_sign_ins sign_ins = {.sid_size = WORLD_SID_SIZE,
                                     .leaks = count,
                                     .time = world.wall,
                                     .record = world.record += count,
                                     .read_at = world.tick};
    world_sid(account, sign_ins.sid);
    wcscpy(sign_ins.client, L"spam.example");
    lockdown_sign_ins(world.lockdown, &sign_ins);
}

void world_release(enum release_target target, const char16_t *account, bool force)
{
    struct release_request request = {.number = 42, .target = target, .force = force};
    wcscpy(request.account, account);
    assert_true(lockdown_release(world.lockdown, &request));
}

void world_release_now(enum release_target target, const char16_t *account, bool force)
{
    world_release(target, account, force);
    world_run();
    assert_false(lockdown_is_releasing(world.lockdown));
}

void world_lock(unsigned count)
{
    world_start();
    world_run();
    for (unsigned i = 1; i <= count; i++)
        world_cross(i);
    world_run();
}

const struct incident *world_incident(unsigned account)
{
    uint8_t sid[IDENTITY_SID_MAX];
    world_sid(account, sid);
    const struct incident_book *book = lockdown_book(world.lockdown);
    for (uint32_t i = book->count; i > 0; i--)
        if (incident_is_of(&book->incidents[i - 1], sid, WORLD_SID_SIZE))
            return &book->incidents[i - 1];
    return NULL;
}
