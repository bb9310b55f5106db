/* The outlook raises Exchange's levels before it judges them: on a fake registry, told as events.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../windows/fake_registry.h"
#include "app/outlook.h"
#include "report_recorder.h"
#include "windows/boot.h"
#include "windows/logging.h"

#define KEY L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

static struct {
    struct outlook outlook;
    struct steady clock;
    struct log_reader reader;
    struct settings settings;
    struct outlook_view view;
} s;

static void put(const wchar_t *name, DWORD level)
{
    fake_registry_put(KEY, name, REG_DWORD, &level, sizeof level);
}

static DWORD level(const wchar_t *name)
{
    DWORD type, size;
    const DWORD *data = fake_registry_get(KEY, name, &type, &size);
    assert_non_null(data);
    return *data;
}

static void look(void)
{
    outlook_look(&s.outlook, &s.view);
}

/* A process starts; the log is not looked at. */
static void start(void)
{
    memset(&s.outlook, 0, sizeof s.outlook);
    assert_int_equal(outlook_init(&s.outlook), ERROR_SUCCESS);
    outlook_recall(&s.outlook, NULL, &s.clock);
    look();
}

static int set_up(void **state)
{
    (void)state;
    memset(&s, 0, sizeof s);
    recorder_start();
    fake_registry_reset();
    fake_registry_make(BOOT_KEY_ABOVE);
    settings_defaults(&s.settings);
    s.reader.away = true;
    s.clock = (struct steady){5000, 0, 9, 1262304000};
    s.view = (struct outlook_view){.clock = &s.clock, .reader = &s.reader, .settings = &s.settings};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    outlook_end(&s.outlook);
    return (int)fake_registry_open_handles();
}

static void levels_are_raised_before_they_are_judged(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 0);
    put(L"9 Authentication", 3);
    start();
    assert_int_equal(level(L"7 SMTP Protocol"), 5);
    assert_int_equal(level(L"9 Authentication"), 5);
    assert_int_equal(recorder_count(MSG_LOGGING_RAISED), 2);
    recorder_expect(MSG_LOGGING_RAISED, 0, L"9 Authentication");
    recorder_expect(MSG_LOGGING_RAISED, 1, L"MSExchangeTransport");
    recorder_expect(MSG_LOGGING_RAISED, 2, L"3 (Medium)");
    recorder_expect(MSG_LOGGING_RAISED, 3, L"5 (Maximum)");
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 0);
    /* its own change wakes it no more */
    assert_int_equal(WaitForSingleObject(outlook_signal(&s.outlook), 0), WAIT_TIMEOUT);
}

static void they_are_raised_when_exchange_comes(void **state)
{
    (void)state;
    start();
    assert_int_equal(recorder_count(MSG_LOGGING_NOT_RAISED), 0);
    put(L"7 SMTP Protocol", 1);
    s.clock.now += OUTLOOK_PAUSE;
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 5);
    put(L"8 Authentication", 0); /* and this one a moment later, which wakes it */
    assert_int_equal(WaitForSingleObject(outlook_signal(&s.outlook), 0), WAIT_OBJECT_0);
    look();
    assert_int_equal(level(L"8 Authentication"), 5);
}

static void raise_logging_0_leaves_them_alone(void **state)
{
    (void)state;
    s.settings.raise_logging = false;
    put(L"7 SMTP Protocol", 0);
    start();
    assert_int_equal(level(L"7 SMTP Protocol"), 0);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_false(fake_registry_has(LOGGING_KEY));
    s.settings.raise_logging = true; /* turned on later: at once */
    outlook_look_soon(&s.outlook);
    assert_int_equal(outlook_wait(&s.outlook, s.clock.now), 0);
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 5);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    s.settings.raise_logging = false; /* turned off later: they stay */
    outlook_look_soon(&s.outlook);
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 5);
}

static void a_change_of_the_administrators_is_respected_over_a_restart(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 0);
    start();
    put(L"7 SMTP Protocol", 1);
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 1);
    recorder_expect(MSG_LOGGING_CHANGED, 0, L"7 SMTP Protocol");
    recorder_expect(MSG_LOGGING_CHANGED, 2, L"5 (Maximum)");
    recorder_expect(MSG_LOGGING_CHANGED, 3, L"1 (Minimum)");
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    outlook_end(&s.outlook);
    start();
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 1);
    assert_int_equal(recorder_count(MSG_LOGGING_CHANGED), 1);
    assert_int_equal(recorder_count(MSG_LOGGING_RAISED), 1);
}

static void what_cannot_be_raised_is_told_once_and_tried_again(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 0);
    fake_registry_deny(BOOT_KEY_ABOVE);
    start();
    for (int i = 0; i < 5; i++) {
        s.clock.now += OUTLOOK_PAUSE;
        look();
    }
    assert_int_equal(recorder_count(MSG_LOGGING_NOT_RAISED), 1);
    recorder_expect(MSG_LOGGING_NOT_RAISED, 0, L"MSExchangeTransport");
    recorder_expect(MSG_LOGGING_NOT_RAISED, 1, L"RegOpenKeyExW");
    recorder_expect(MSG_LOGGING_NOT_RAISED, 2,
                    L"RelayLock\\Logging\\MSExchangeTransport\\7 SMTP Protocol");
    assert_non_null(wcsstr(recorder_string(MSG_LOGGING_NOT_RAISED, 3), L"5 ("));
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    fake_registry_remove(BOOT_KEY_ABOVE);
    s.clock.now += OUTLOOK_PAUSE;
    look();
    assert_int_equal(recorder_count(MSG_LOGGING_NOT_RAISED), 2); /* another error */
    fake_registry_make(BOOT_KEY_ABOVE);
    s.clock.now += OUTLOOK_PAUSE;
    look();
    assert_int_equal(level(L"7 SMTP Protocol"), 5);
    assert_int_equal(recorder_count(MSG_LOGGING_RAISED), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(levels_are_raised_before_they_are_judged),
        TEST(they_are_raised_when_exchange_comes),
        TEST(raise_logging_0_leaves_them_alone),
        TEST(a_change_of_the_administrators_is_respected_over_a_restart),
        TEST(what_cannot_be_raised_is_told_once_and_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
