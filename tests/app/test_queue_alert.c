/* What is told of a queue that grows: why, at once or when that cannot be found out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "../windows/fake_event_log.h"
#include "queue_scene.h"
#include "app/queue_watch_reports.h"

static const char relayed[] =
    "Received: from User ([203.0.113.9]) by mail.contoso.com with Microsoft SMTPSVC;\r\n"
    "\t Sat, 2 Jan 2010 03:04:05 +0000\r\n"
    "From: \"Prize\" <prize@example.org>\r\nTo: someone@example.net\r\nSubject: won\r\n\r\n";
static const char backscatter[] =
    "From: postmaster@contoso.com\r\nTo: victim@example.org\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\n"
    "Final-Recipient: rfc822;nobody@contoso.com\r\n";

static struct fake_queue_folder folder;

static int set_up(void **state)
{
    (void)state;
    queue_scene_begin(10);
    folder = (struct fake_queue_folder){.path = SCENE_QUEUE, .files = 10, .message = backscatter};
    fake_queue_set(0, &folder);
    queue_scene.settings.queue_alert = 100;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    queue_scene_end();
    return 0;
}

static void grow(LONG files)
{
    fake_queue_fill(0, files);
    queue_scene_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(files);
}

static bool has(DWORD id, size_t index, const wchar_t *part)
{
    return wcsstr(recorder_string(id, index), part) != NULL;
}

static void past_the_alert_it_says_why(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(10);
    grow(150);
    assert_true(recorder_wait(MSG_QUEUE_PAST, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_PAST, 0, L"150");
    recorder_expect(MSG_QUEUE_PAST, 1, L"100");
    assert_true(has(MSG_QUEUE_PAST, 2, L"Non-delivery attack: "));
    recorder_expect(MSG_QUEUE_PAST, 3,
                    L"150 reports to outside about recipients that do not exist here.");
    recorder_expect(MSG_QUEUE_PAST, 4,
                    L"Filter recipients who do not exist here, and type: relaylock harden set "
                    L"TarpitTime.");
    assert_int_equal(recorder_count(MSG_QUEUE_GROWN), 0);
    grow(50);
    assert_true(recorder_wait(MSG_QUEUE_FELL, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_FELL, 0, L"50");
    recorder_expect(MSG_QUEUE_FELL, 1, L"100");
}

/* Who it was is in the event log. */
static void the_account_is_named_from_the_log(void **state)
{
    (void)state;
    folder.message = relayed;
    fake_queue_set(0, &folder);
    for (int64_t i = 0; i < 50; i++) /* 2010-01-02T03:04:05Z */
        fake_event_log_sign_in(1262401445 + i, L"User", L"CONTOSO\\bob");
    queue_scene_start();
    queue_scene_expect(10);
    grow(150);
    assert_true(recorder_wait(MSG_QUEUE_PAST, 1, SCENE_PATIENCE));
    assert_true(has(MSG_QUEUE_PAST, 2, L"Authenticated relay: "));
    recorder_expect(MSG_QUEUE_PAST, 3,
                    L"150 from clients of CONTOSO\\bob (User), which signed in too often.");
    recorder_expect(
        MSG_QUEUE_PAST, 4,
        L"Disable CONTOSO\\bob in its domain: net user bob /active:no /domain, then net "
        L"stop SMTPSVC and net start SMTPSVC.");
}

static void four_times_as_many_within_the_hour_are_told(void **state)
{
    (void)state;
    queue_scene.settings.queue_alert = 1000;
    folder.message = relayed;
    fake_queue_set(0, &folder);
    queue_scene_start();
    queue_scene_expect(10);
    grow(99);
    assert_int_equal(recorder_count(MSG_QUEUE_GROWN), 0);
    grow(100);
    assert_true(recorder_wait(MSG_QUEUE_GROWN, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_GROWN, 0, L"100");
    recorder_expect(MSG_QUEUE_GROWN, 1, L"10");
    assert_true(has(MSG_QUEUE_GROWN, 2, L"Can't tell: "));
    assert_true(has(MSG_QUEUE_GROWN, 3, L"100 from outside to outside, brought by a client"));
    assert_true(has(MSG_QUEUE_GROWN, 4, L"relaylock queue --own-domain"));
}

static void the_next_one_waits_for_the_one_before(void **state)
{
    (void)state;
    folder.files_hang = true;
    fake_queue_set(0, &folder);
    queue_scene.settings.queue_alert = 1000;
    queue_scene_start();
    queue_scene_expect(10);
    grow(200);
    grow(2000);
    Sleep(100);
    assert_int_equal(recorder_count(MSG_QUEUE_GROWN) + recorder_count(MSG_QUEUE_PAST), 0);
    fake_queue_let_go(0);
    assert_true(recorder_wait(MSG_QUEUE_GROWN, 1, SCENE_PATIENCE));
    assert_true(recorder_wait(MSG_QUEUE_PAST, 1, SCENE_PATIENCE));
}

/* It is told in any case, and counting goes on meanwhile. */
static void a_diagnosis_that_hangs_is_not_waited_for(void **state)
{
    (void)state;
    folder.files_hang = true;
    fake_queue_set(0, &folder);
    queue_scene_start();
    queue_scene_expect(10);
    grow(150);
    assert_int_equal(recorder_count(MSG_QUEUE_PAST), 0);
    grow(160);
    queue_scene_forward(QUEUE_WATCH_DIAGNOSIS);
    assert_true(recorder_wait(MSG_QUEUE_PAST, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_PAST, 0, L"150");
    recorder_expect(MSG_QUEUE_PAST, 2, L"Why is not known.");
    recorder_expect(MSG_QUEUE_PAST, 3,
                    L"The messages could not be looked at: that takes too long.");
    fake_queue_let_go(0);
    Sleep(200);
    assert_int_equal(recorder_count(MSG_QUEUE_PAST), 1);
}

static void at_the_end_it_is_not_waited_for_either(void **state)
{
    (void)state;
    folder.files_hang = true;
    fake_queue_set(0, &folder);
    queue_scene_start();
    queue_scene_expect(10);
    grow(150);
    assert_true(queue_watch_stop(queue_scene.watch, SCENE_PATIENCE));
    queue_scene.watch = NULL;
    fake_queue_let_go(0);
    Sleep(200);
    assert_int_equal(recorder_count(MSG_QUEUE_PAST), 0); /* the next process tells it */
}

static void without_a_thread_for_it_it_is_told_without_why(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(10);
    fake_queue_fail("CreateThread", 1);
    grow(150);
    assert_true(recorder_wait(MSG_QUEUE_PAST, 1, SCENE_PATIENCE));
    recorder_expect(MSG_QUEUE_PAST, 3,
                    L"The messages could not be looked at: there is no memory for it.");
}

/* ---- what is said ---------------------------------------------------------------------------- */

static struct queue_report queue;

static uint32_t add_burst(const char16_t *account, uint64_t messages, bool locked)
{
    uint32_t burst = burst_list_add(&queue.bursts, text_of(account), 0, 1);
    queue.bursts.bursts[burst].messages = messages;
    queue.bursts.bursts[burst].locked = locked;
    return burst;
}

static void add_client(uint32_t burst, const char16_t *name)
{
    burst_list_add_client(&queue.bursts, burst, text_of(name));
    queue.bursts.clients[queue.bursts.client_count - 1].messages = 1;
}

static void a_relay_is_told_with_its_account_and_commands(void **state)
{
    (void)state;
    const struct queue_surge surge = {QUEUE_NEWS_PAST, 6000, 10, 5000};
    memset(&queue, 0, sizeof queue);
    queue.diagnosis.verdict = QUEUE_VERDICT_RELAY;
    queue.diagnosis.by_burst = true;
    uint32_t bob = add_burst(u"CONTOSO\\bob", 4812, false);
    add_client(bob, u"User");
    add_client(bob, u"evil%n\r\nname");
    add_burst(u"CONTOSO\\quiet", 0, false);
    add_burst(u"CONTOSO\\held", 700, true);
    add_burst(u"CONTOSO\\a b", 500, false);
    add_burst(u"CONTOSO\\fourth", 19, false);
    queue.tally.kinds[QUEUE_REPORT_RELAYED] = 306;
    queue_watch_tell_surge(&surge, &queue, NULL);
    recorder_expect(MSG_QUEUE_PAST, 2,
                    L"Authenticated relay: somebody sends to the world through an account of "
                    L"yours.");
    recorder_expect(
        MSG_QUEUE_PAST, 3,
        L"4812 from clients of CONTOSO\\bob (User, evil{U+0025}n{U+000D}{U+000A}name), "
        L"which signed in too often; 700 from clients of CONTOSO\\held, which signed in "
        L"too often; 500 from clients of CONTOSO\\a b, which signed in too often; 306 "
        L"reports to outside about recipients outside: what a relay leaves behind.");
    recorder_expect(
        MSG_QUEUE_PAST, 4,
        L"Disable CONTOSO\\bob in its domain: net user bob /active:no /domain, then net "
        L"stop SMTPSVC and net start SMTPSVC. CONTOSO\\held is locked already "
        L"(relaylock incidents). Disable CONTOSO\\a b in its domain: net user \"a b\" "
        L"/active:no /domain, then net stop SMTPSVC and net start SMTPSVC.");
    queue.diagnosis.by_burst = false;
    queue.bursts.count = 0;
    queue_watch_tell_surge(&surge, &queue, NULL);
    assert_true(has(MSG_QUEUE_PAST, 4, L"relaylock queue --log FILE.evt"));
}

/* As the journal has one that Windows did not know: net user cannot tell whose account it is. */
static void a_mail_name_is_told_as_it_is(void **state)
{
    (void)state;
    const struct queue_surge surge = {QUEUE_NEWS_PAST, 6000, 10, 5000};
    memset(&queue, 0, sizeof queue);
    queue.diagnosis.verdict = QUEUE_VERDICT_RELAY;
    queue.diagnosis.by_burst = true;
    add_burst(u"bob@contoso.com", 500, false);
    queue_watch_tell_surge(&surge, &queue, NULL);
    recorder_expect(MSG_QUEUE_PAST, 4,
                    L"Disable bob@contoso.com, then net stop SMTPSVC and net start SMTPSVC.");
}

static void the_longest_names_are_cut(void **state)
{
    (void)state;
    const struct queue_surge surge = {QUEUE_NEWS_GROWN, 600, 10, 5000};
    char16_t name[600];
    memset(&queue, 0, sizeof queue);
    queue.diagnosis.verdict = QUEUE_VERDICT_BOTH;
    queue.diagnosis.backscatter = 1;
    for (int i = 0; i < 599; i++)
        name[i] = u'\x202e'; /* each is shown in eight units */
    name[599] = 0;
    for (char16_t first = u'a'; first < u'd'; first++) {
        name[0] = first;
        uint32_t burst = add_burst(name, 5, false);
        add_client(burst, name);
    }
    queue_watch_tell_surge(&surge, &queue, NULL);
    for (size_t i = 3; i < 5; i++) {
        const wchar_t *text = recorder_string(MSG_QUEUE_GROWN, i);
        assert_true(wcslen(text) < REPORT_STRING_MAX);
        assert_null(wcschr(text, 0x202e));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(past_the_alert_it_says_why),
        TEST(the_account_is_named_from_the_log),
        TEST(a_mail_name_is_told_as_it_is),
        TEST(four_times_as_many_within_the_hour_are_told),
        TEST(the_next_one_waits_for_the_one_before),
        TEST(a_diagnosis_that_hangs_is_not_waited_for),
        TEST(at_the_end_it_is_not_waited_for_either),
        TEST(without_a_thread_for_it_it_is_told_without_why),
        TEST(a_relay_is_told_with_its_account_and_commands),
        TEST(the_longest_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
