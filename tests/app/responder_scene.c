#include "responder_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/sid.h"
#include "own_threads.h"

enum { RID = 8 /* where it begins in a SID */ };

struct responder_scene responder_scene;

static HANDLE done; /* the responder has something to tell */

static void fake_lock(const uint8_t *sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    struct account_before before = {.flags = UF_SCRIPT, .name = L"carol"};
    (void)size, (void)action;
    SetEvent(responder_scene.at_gate);
    WaitForSingleObject(responder_scene.gate, INFINITE);
    *outcome = (struct account_outcome){.result = ACCOUNT_FAILED,
                                        .call = "NetUserSetInfo",
                                        .error = (DWORD)responder_scene.directory_error};
    if (responder_scene.directory_error)
        return;
    outcome->error = ERROR_CANCELLED;
    if (!intent->intend(intent->context, &before))
        return;
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED, .name = L"carol"};
    responder_scene.disabled[sid[RID]] = true;
}

/* As service_change_pause waits. */
static void wait_in_turns(const struct smtp_options *options, HANDLE until)
{
    const HANDLE handles[] = {until, options->wake};
    do {
        while (WaitForSingleObject(options->abandon, 0) == WAIT_TIMEOUT &&
               options->turn(options->context))
            continue;
    } while (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0 + 1);
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    *outcome = (struct smtp_outcome){.result = SMTP_FAILED, .error = ERROR_CANCELLED};
    if (WaitForSingleObject(options->abandon, 0) == WAIT_OBJECT_0 ||
        !options->intend(options->context, &list))
        return;
    SetEvent(responder_scene.at_restart);
    wait_in_turns(options, responder_scene.restart_gate);
    outcome->seen_stopped = true;
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED};
    InterlockedIncrement(&responder_scene.restarts);
}

static DWORD fake_look(const uint8_t *sid, size_t size, enum account_place place,
                       struct account_view *view, const char **failed_call)
{
    (void)sid, (void)size, (void)place, (void)view;
    *failed_call = "DsGetDcName";
    return ERROR_NO_SUCH_DOMAIN;
}

static DWORD fake_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                          struct account_view *view, const char **failed_call)
{
    (void)server;
    return fake_look(sid, size, ACCOUNT_USED, view, failed_call);
}

static uint32_t fake_boot(void)
{
    return 1;
}

int responder_scene_set_up(void **state)
{
    (void)state;
    memset(&responder_scene, 0, sizeof responder_scene);
    responder_scene.threads = own_threads_count();
    recorder_start();
    memory_store_reset();
    lockdown_calls.account_lock = account_aside_calls.account_lock = fake_lock;
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.account_look = fake_look;
    lockdown_calls.account_look_on = fake_look_on;
    lockdown_calls.boot_number = fake_boot;
    responder_scene.gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    responder_scene.at_gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    responder_scene.restart_gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    responder_scene.at_restart = CreateEventW(NULL, FALSE, FALSE, NULL);
    responder_scene.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    settings_defaults(&responder_scene.settings);
    responder_scene.settings.restart_cooldown = 0;
    return 0;
}

struct store_news responder_scene_store_told(void)
{
    struct store_news news;
    while (!responder_take_store(responder_scene.responder, &news))
        assert_int_equal(WaitForSingleObject(done, PATIENCE), WAIT_OBJECT_0);
    return news;
}

void responder_scene_all_read(uint64_t record)
{
    const struct position_record position = {
        .record = record, .time = 1262304000, .channel = u"Application"};
    responder_position(responder_scene.responder, &position);
}

struct store_news responder_scene_start(void)
{
    assert_int_equal(responder_start(&responder_scene.settings, responder_scene.stop, done,
                                     &responder_scene.responder),
                     0);
    struct store_news news = responder_scene_store_told();
    responder_scene_all_read(1000);
    return news;
}

void responder_scene_count_waiting(void *context)
{
    (void)context;
    InterlockedIncrement(&responder_scene.waited);
}

bool responder_scene_stop(void)
{
    SetEvent(responder_scene.stop);
    bool ended = responder_stop(responder_scene.responder, responder_scene_count_waiting, NULL);
    ResetEvent(responder_scene.stop);
    return ended;
}

void responder_scene_sid_of(uint8_t who, uint8_t sid[IDENTITY_SID_MAX])
{
    static const uint8_t start[SID_SIZE] = {1, 1, 0, 0, 0, 0, 0, 5};
    memcpy(sid, start, SID_SIZE);
    sid[RID] = who;
    assert_int_equal(sid_size(sid, SID_SIZE), SID_SIZE);
}

struct order responder_scene_order_for(uint8_t who, enum flag_reason flag)
{
    struct order order = {.verdict = {.flag = flag,
                                      .limit = {LIMIT_SIGN_INS, 50, 600},
                                      .last_record = who,
                                      .sid_size = SID_SIZE},
                          .action = LOCK_DISABLE,
                          .read_at = GetTickCount()};
    responder_scene_sid_of(who, order.verdict.sid);
    text_copy(order.verdict.account, ACCOUNT_SHOWN_MAX, TEXT_OF(u"CONTOSO\\carol"));
    text_copy(order.verdict.name, ACCOUNT_SHOWN_MAX, TEXT_OF(u"CONTOSO\\carol"));
    return order;
}

void responder_scene_post(uint8_t who)
{
    struct order order = responder_scene_order_for(who, FLAG_NOT);
    assert_true(responder_post(responder_scene.responder, &order));
}

struct account_news responder_scene_heard(uint8_t who, enum news_kind kind)
{
    struct account_news news = {0};
    DWORD begun = GetTickCount();
    while (!responder_take(responder_scene.responder, &news) || news.kind != kind ||
           news.sid[RID] != who) {
        assert_in_range(GetTickCount() - begun, 0, PATIENCE);
        WaitForSingleObject(done, 20);
    }
    return news;
}

void responder_scene_lock(uint8_t who)
{
    assert_true(responder_scene_start().open);
    responder_scene_post(who);
    responder_scene_heard(who, NEWS_LOCKED);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
}
