#include "detector_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/event_time.h"

struct detector_scene detector_scene;

static HANDLE stop;       /* ends the responder */
static HANDLE late, done; /* the resolver, or the responder, has something to tell */

static DWORD WINAPI fake_tick(void)
{
    return GetTickCount() + detector_scene.tick_offset;
}

static uint32_t fake_boot(void)
{
    return 1;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    assert_true(options->intend(options->context, &list));
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    InterlockedIncrement(&detector_scene.restarts);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED, .down = 1500};
}

void detector_scene_all_read(void)
{
    const struct position_record position = {.record = ++detector_scene.position,
                                             .time = detector_scene.time};
    detector_all_read(&detector_scene.detector, detector_scene.record, &position, fake_tick());
}

static void set_limits(const char16_t *limits)
{
    assert_true(limit_set_parse(text_of(limits), &detector_scene.settings.limits));
}

int detector_scene_set_up(void **state)
{
    (void)state;
    memset(&detector_scene, 0, sizeof detector_scene);
    recorder_start();
    fake_directory_reset();
    detector_scene.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(detector_scene.contoso, L"\\\\dc1.contoso.example");
    detector_scene.carol = fake_add_user(detector_scene.contoso, L"carol", 1105);
    detector_scene.dave = fake_add_user(detector_scene.contoso, L"dave", 1106);
    detector_scene.boss = fake_add_user(detector_scene.contoso, L"Administrator", 500);
    memory_store_reset();
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.boot_number = fake_boot;
    lockdown_calls.GetTickCount = fake_tick;
    memory_store.tick = fake_tick;
    detector_calls.GetTickCount = fake_tick;
    settings_defaults(&detector_scene.settings);
    set_limits(u"5/10m");
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    late = CreateEventW(NULL, FALSE, FALSE, NULL);
    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    detector_scene.time = START;
    return 0;
}

void detector_scene_hear_store(void)
{
    struct store_news news;
    while (!responder_take_store(detector_scene.detector.responder, &news))
        assert_int_equal(WaitForSingleObject(done, PATIENCE), WAIT_OBJECT_0);
    detector_hear(&detector_scene.detector);
    detector_store(&detector_scene.detector, !news.open);
    detector_scene.store = news;
}

void detector_scene_begin(void)
{
    detector_scene.detector.key = (struct hash_key){1, 2};
    detector_scene.detector.stop = stop;
    detector_scene.detector.store_closed = true;
    assert_true(detector_count_afresh(&detector_scene.detector, &detector_scene.settings));
    assert_int_equal(
        resolver_start(&detector_scene.detector.key, late, &detector_scene.detector.resolver), 0);
    assert_int_equal(
        responder_start(&detector_scene.settings, stop, done, &detector_scene.detector.responder),
        0);
    detector_scene_hear_store();
    detector_scene_all_read();
}

static void no_wait(void *context)
{
    (void)context;
}

void detector_scene_end(void)
{
    SetEvent(stop);
    if (detector_scene.detector.responder)
        assert_true(responder_stop(detector_scene.detector.responder, no_wait, NULL));
    if (detector_scene.detector.resolver)
        assert_true(resolver_stop(detector_scene.detector.resolver, 1000));
    detector_end(&detector_scene.detector);
    memset(&detector_scene.detector, 0, sizeof detector_scene.detector);
    ResetEvent(stop);
    ResetEvent(done);
}

int detector_scene_tear_down(void **state)
{
    (void)state;
    detector_scene_end();
    return 0;
}

void detector_scene_sign_in(const char16_t *account)
{
    const struct relay_event event = {.record = ++detector_scene.record,
                                      .time = ++detector_scene.time,
                                      .client = TEXT_OF(u"mail.example"),
                                      .method = TEXT_OF(u"LOGIN"),
                                      .account = text_of(account)};
    detector_take(&detector_scene.detector, &event);
}

void detector_scene_sign_ins(const char16_t *account, int count)
{
    for (int i = 0; i < count; i++)
        detector_scene_sign_in(account);
}

int64_t detector_scene_now_seconds(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

void detector_scene_leak(const char16_t *account)
{
    detector_scene.time = detector_scene_now_seconds() + 1;
    detector_scene_sign_in(account);
    detector_tell(&detector_scene.detector);
}

void detector_scene_read_again(const char16_t *account, int count)
{
    assert_true(detector_count_afresh(&detector_scene.detector, &detector_scene.settings));
    detector_scene.record = 0;
    detector_scene.time = START;
    detector_scene_sign_ins(account, count);
}

enum held_state detector_scene_held(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(user->domain, user->rid, sid);
    const struct held_entry *entry =
        held_list_find(&detector_scene.detector.held, sid, FAKE_SID_SIZE);
    return entry ? entry->state : HELD_FREE;
}

void detector_scene_hear_until(const struct fake_user *user, enum held_state state)
{
    DWORD begun = GetTickCount();
    for (detector_hear(&detector_scene.detector); detector_scene_held(user) != state;
         detector_hear(&detector_scene.detector)) {
        assert_in_range(GetTickCount() - begun, 0, PATIENCE);
        WaitForSingleObject(done, 20);
    }
}

void detector_scene_be_locked(const struct fake_user *user, size_t locks)
{
    assert_true(recorder_wait(MSG_DISABLED, locks, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, locks, PATIENCE));
    assert_true(memory_store_settle(PATIENCE));
    detector_scene_hear_until(user, HELD_LOCKED);
    detector_scene_all_read();
}

bool detector_scene_is_disabled(const struct fake_user *user)
{
    return user->flags & UF_ACCOUNTDISABLE;
}
