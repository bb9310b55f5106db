/* From sign-ins to accounts when the queue must bear them out (RequireQueue): the detector with the
 * real guard, resolver, responder and queue watch, on a fake directory and fake folders. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "../windows/fake_directory.h"
#include "app/detector.h"
#include "memory_store.h"
#include "queue_scene.h"

enum { START = 1262304000, A_WHILE = 300 /* ms */ };

static struct {
    struct detector detector;
    struct fake_domain *contoso;
    struct fake_user *carol, *dave;
    HANDLE late, done;
    uint64_t record;
    int64_t time;
    struct fake_queue_folder folder;
} scene;

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    assert_true(options->intend(options->context, &list));
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED};
}

static void hear_store(void)
{
    struct store_news news;
    while (!responder_take_store(scene.detector.responder, &news))
        assert_int_equal(WaitForSingleObject(scene.done, SCENE_PATIENCE), WAIT_OBJECT_0);
    detector_store(&scene.detector, !news.open);
}

static int set_up(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof scene);
    queue_scene_begin(5);
    scene.folder = (struct fake_queue_folder){.path = SCENE_QUEUE, .files = 5};
    queue_scene.settings.require_queue = 20;
    assert_true(limit_set_parse(TEXT_OF(u"5/10m"), &queue_scene.settings.limits));
    fake_directory_reset();
    scene.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(scene.contoso, L"\\\\dc1.contoso.example");
    scene.carol = fake_add_user(scene.contoso, L"carol", 1105);
    scene.dave = fake_add_user(scene.contoso, L"dave", 1106);
    memory_store_reset();
    lockdown_calls.smtp_restart = fake_restart;
    scene.late = CreateEventW(NULL, FALSE, FALSE, NULL);
    scene.done = CreateEventW(NULL, FALSE, FALSE, NULL);
    scene.time = START;
    return 0;
}

static void begin(void)
{
    struct detector *detector = &scene.detector;
    detector->key = (struct hash_key){1, 2};
    detector->stop = queue_scene.stop;
    assert_true(detector_count_afresh(detector, &queue_scene.settings));
    assert_int_equal(resolver_start(&detector->key, scene.late, &detector->resolver), 0);
    assert_int_equal(
        responder_start(&queue_scene.settings, queue_scene.stop, scene.done, &detector->responder),
        0);
    hear_store();
    queue_scene_start();
    detector->queue = queue_scene.watch;
}

static void no_wait(void *context)
{
    (void)context;
}

static int tear_down(void **state)
{
    (void)state;
    SetEvent(queue_scene.stop);
    assert_true(responder_stop(scene.detector.responder, no_wait, NULL));
    assert_true(resolver_stop(scene.detector.resolver, 1000));
    detector_end(&scene.detector);
    queue_scene_end();
    CloseHandle(scene.late);
    CloseHandle(scene.done);
    return 0;
}

/* As the watcher takes what it read. */
static void sign_ins(const char16_t *account, int count)
{
    detector_look_at_queue(&scene.detector);
    for (int i = 0; i < count; i++) {
        const struct relay_event event = {.record = ++scene.record,
                                          .time = ++scene.time,
                                          .client = TEXT_OF(u"mail.example"),
                                          .method = TEXT_OF(u"LOGIN"),
                                          .account = text_of(account)};
        detector_take(&scene.detector, &event);
    }
}

/* The queue holds so many now, and nobody was told. */
static void hold(LONG files, DWORD error)
{
    scene.folder.files = files;
    scene.folder.error = error;
    fake_queue_set(0, &scene.folder);
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
}

static bool is_locked(const struct fake_user *user)
{
    return (user->flags & UF_ACCOUNTDISABLE) != 0;
}

static void with_an_empty_queue_it_is_flagged_until_that_grows(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    recorder_expect(MSG_FLAGGED_QUEUE, 0, L"CONTOSO\\carol");
    recorder_expect(MSG_FLAGGED_QUEUE, 11, L"it holds 5 files, and has not grown by 20 within 10m");
    sign_ins(u"CONTOSO\\carol", 20);
    assert_int_equal(recorder_count(MSG_FLAGGED_QUEUE), 1);
    fake_queue_fill(0, 20);
    queue_scene_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(20);
    assert_int_equal(recorder_count(MSG_CROSSED), 0); /* it takes a sign-in */
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, SCENE_PATIENCE));
    assert_true(is_locked(scene.carol));
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
}

/* The burst and the queue's growth are of the same seconds, and the watch has not seen it yet. */
static void the_queue_is_looked_at_when_the_limit_is_crossed(void **state)
{
    (void)state;
    begin();
    queue_scene_expect(5);
    hold(30, 0);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, SCENE_PATIENCE));
    assert_int_equal(recorder_count(MSG_FLAGGED_QUEUE), 0);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
}

static void a_queue_that_drained_is_no_longer_enough(void **state)
{
    (void)state;
    assert_true(limit_set_parse(TEXT_OF(u"3/10s, 5/10m"), &queue_scene.settings.limits));
    begin();
    queue_scene_expect(5);
    hold(30, 0);
    sign_ins(u"CONTOSO\\carol", 3);
    assert_true(recorder_wait(MSG_DISABLED, 1, SCENE_PATIENCE));
    hold(0, 0);
    fake_queue_fill(0, 0);
    queue_scene_forward(60000);
    queue_scene_expect(0);
    /* It has grown by 20 within ten minutes, but not within ten seconds. */
    sign_ins(u"CONTOSO\\dave", 3);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    recorder_expect(MSG_FLAGGED_QUEUE, 11, L"it holds 0 files, and has not grown by 20 within 10s");
    assert_false(is_locked(scene.dave));
}

static void one_that_cannot_be_read_bears_out_nothing(void **state)
{
    (void)state;
    scene.folder.error = ERROR_ACCESS_DENIED;
    fake_queue_set(0, &scene.folder);
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    recorder_expect(MSG_FLAGGED_QUEUE, 11,
                    L"it cannot be read, see event 603 and relaylock doctor");
    hold(30, 0);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    queue_scene_expect(30);
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, SCENE_PATIENCE));
}

static void one_that_hangs_does_not_hold_up_the_end(void **state)
{
    (void)state;
    begin();
    queue_scene_expect(5);
    scene.folder.hangs = true;
    hold(30, 0);
    DWORD begun = GetTickCount();
    sign_ins(u"CONTOSO\\carol", 4);
    SetEvent(queue_scene.stop);
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(GetTickCount() - begun < 1500);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    fake_queue_let_go(0);
}

static struct {
    LONG looks; /* before the one that hangs */
    bool hasty; /* it was told before the patience had passed */
} patience;

static DWORD WINAPI patience_passes(LPVOID unused)
{
    (void)unused;
    for (int i = 0; i < SCENE_PATIENCE / 10 && fake_queue_looks() == patience.looks; i++)
        Sleep(10);
    fake_queue_forward(QUEUE_WATCH_PATIENCE - 1);
    patience.hasty = recorder_wait(MSG_FLAGGED_QUEUE, 1, A_WHILE);
    fake_queue_forward(1);
    return 0;
}

static void one_that_hangs_is_waited_for_a_second(void **state)
{
    (void)state;
    begin();
    queue_scene_expect(5);
    scene.folder.hangs = true;
    hold(30, 0);
    sign_ins(u"CONTOSO\\carol", 4);
    patience.looks = fake_queue_looks();
    HANDLE other = CreateThread(NULL, 0, patience_passes, NULL, 0, NULL);
    assert_non_null(other);
    sign_ins(u"CONTOSO\\carol", 1);
    assert_int_equal(WaitForSingleObject(other, SCENE_PATIENCE), WAIT_OBJECT_0);
    CloseHandle(other);
    fake_queue_let_go(0);
    assert_false(patience.hasty);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
}

static void other_reasons_come_first(void **state)
{
    (void)state;
    begin();
    detector_observe(&scene.detector, true);
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, SCENE_PATIENCE));
    detector_observe(&scene.detector, false);
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    assert_int_equal(recorder_count(MSG_FLAGGED_OBSERVE), 1);
    assert_false(is_locked(scene.carol));
}

static void when_nothing_is_required_any_more_the_next_sign_in_locks(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    queue_scene.settings.require_queue = 0;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, SCENE_PATIENCE));
}

static void a_log_that_is_read_again_flags_nobody_twice(void **state)
{
    (void)state;
    begin();
    sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_QUEUE, 1, SCENE_PATIENCE));
    assert_true(detector_count_afresh(&scene.detector, &queue_scene.settings));
    scene.record = 0;
    scene.time = START;
    sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_QUEUE), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(with_an_empty_queue_it_is_flagged_until_that_grows),
        TEST(the_queue_is_looked_at_when_the_limit_is_crossed),
        TEST(a_queue_that_drained_is_no_longer_enough),
        TEST(one_that_cannot_be_read_bears_out_nothing),
        TEST(one_that_hangs_does_not_hold_up_the_end),
        TEST(one_that_hangs_is_waited_for_a_second),
        TEST(other_reasons_come_first),
        TEST(when_nothing_is_required_any_more_the_next_sign_in_locks),
        TEST(a_log_that_is_read_again_flags_nobody_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
