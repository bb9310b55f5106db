/* Settings: what each may be, what it is at first, and how it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "settings_fixture.h"

static void the_defaults_are_those_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_count; i++) {
        char text[SETTING_VALUE_TEXT_SIZE];
        settings_show(&settings, i, text);
        assert_string_equal(text, setting_table[i].initial);
        assert_true(setting_table[i].allowed[0] && setting_table[i].meaning[0]);
    }
    assert_int_equal(settings.limits.count, 3);
    assert_int_equal(settings.action, LOCK_DISABLE);
    assert_int_equal(settings.reader, READER_AUTO);
    assert_int_equal(settings.max_locks_per_hour, 5);
    assert_true(settings.restart_smtp);
    assert_int_equal(settings.stop_timeout, 120);
    assert_int_equal(settings.restart_cooldown, 300);
    assert_int_equal(settings.event_id, 1708);
    assert_int_equal(settings.max_accounts, 65536);
    assert_true(text_equal(text_of(settings.smtp_service), TEXT_OF(u"SMTPSVC")));
    assert_true(text_equal(text_of(settings.channel), TEXT_OF(u"Application")));
    assert_true(text_equal(text_of(settings.provider), TEXT_OF(u"MSExchangeTransport")));
    assert_int_equal(settings.exempt_count, 0);
    assert_int_equal(settings.override_count, 0);
}

static void settings_are_found_in_any_case_of_letters(void **state)
{
    (void)state;
    assert_string_equal(setting_table[index_of(u"MAXLOCKSPERHOUR")].name, "MaxLocksPerHour");
    assert_string_equal(setting_table[index_of(u"limits")].name, "Limits");
    assert_true(setting_find(TEXT_OF(u"Limit")) == SIZE_MAX);
    assert_true(setting_find(TEXT_OF(u"Limitss")) == SIZE_MAX);
    assert_true(setting_find(TEXT_OF(u"")) == SIZE_MAX);
    assert_true(setting_find(TEXT_OF(u"Jimits")) == SIZE_MAX);
    assert_true(setting_find(TEXT_OF(u"Limitz")) == SIZE_MAX);
}

static void numbers_are_held_to_their_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting_info *info = &setting_table[i];
        if (info->type != SETTING_NUMBER) {
            assert_int_equal(info->low, 0);
            assert_int_equal(info->high, info->type == SETTING_SWITCH ? 1 : 0);
            continue;
        }
        unsigned long low, high;
        assert_int_equal(sscanf(info->allowed, "a number from %lu to %lu", &low, &high), 2);
        assert_int_equal(info->low, low);
        assert_int_equal(info->high, high);
        const int64_t numbers[] = {info->low, info->high, (int64_t)info->low - 1,
                                   (int64_t)info->high + 1};
        for (size_t n = 0; n < 4; n++) {
            char text[24], shown[SETTING_VALUE_TEXT_SIZE];
            char16_t wide[24];
            size_t count;
            snprintf(text, sizeof text, "%ld", (long)numbers[n]);
            assert_true(text_from_utf8(wide, 24, text, &count));
            assert_int_equal(settings_set(&settings, i, (struct text){wide, count}), n < 2);
            if (n < 2) {
                settings_show(&settings, i, shown);
                assert_string_equal(shown, text);
            }
        }
    }
    assert_setting(u"StopTimeout", "3600");
}

static void what_is_not_allowed_changes_nothing(void **state)
{
    (void)state;
    static const char16_t *const bad[][2] = {{u"Limits", u"50/10m,x"},
                                             {u"Limits", u""},
                                             {u"Action", u"delete"},
                                             {u"Action", u""},
                                             {u"Action", u"disabled"},
                                             {u"RestartSmtp", u"2"},
                                             {u"RestartSmtp", u"yes"},
                                             {u"RestartSmtp", u""},
                                             {u"StopTimeout", u"12x"},
                                             {u"StopTimeout", u""},
                                             {u"StopTimeout", u"-1"},
                                             {u"Reader", u"fast"},
                                             {u"SmtpService", u""},
                                             {u"SmtpService", u" "},
                                             {u"SmtpService", u"a/b"},
                                             {u"SmtpService", u"a\\b"},
                                             {u"Channel", u"a'b"},
                                             {u"Channel", u"a\"b"},
                                             {u"Channel", u"a<b"},
                                             {u"Provider", u"a>b"},
                                             {u"Provider", u"a&b"},
                                             {u"Provider", u"a\nb"},
                                             {u"Provider", u"a\x7f"
                                                           u"b"},
                                             {u"Provider", u"a\x85"
                                                           u"b"},
                                             {u"Exempt", u"bob,a\tb"},
                                             {u"Exempt", u"bob,a\x1f"
                                                         u"b"},
                                             {u"EventId", u"4294967296"}};
    memcpy(&other, &settings, sizeof other);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(set(bad[i][0], bad[i][1]));
    assert_memory_equal(&other, &settings, sizeof other);
}

static void words_switches_and_names_are_taken_and_shown(void **state)
{
    (void)state;
    assert_true(set(u"Action", u" PassWord "));
    assert_int_equal(settings.action, LOCK_PASSWORD);
    assert_setting(u"Action", "password");
    assert_true(set(u"Action", u"flag"));
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_true(set(u"Reader", u"classic"));
    assert_int_equal(settings.reader, READER_CLASSIC);
    assert_true(set(u"RestartSmtp", u"0"));
    assert_false(settings.restart_smtp);
    assert_true(set(u"Provider", u" Mein Anbieter \u00fc "));
    assert_setting(u"Provider", "Mein Anbieter \xc3\xbc");
    assert_true(set(u"Limits", u"5/60;clients:3/1d"));
    assert_setting(u"Limits", "5/1m, clients:3/1d");
    assert_true(set(u"Limits", u"clients:3/1d,5/1m"));
    assert_setting(u"Limits", "clients:3/1d, 5/1m");
}

static void services_are_a_list_in_order(void **state)
{
    (void)state;
    assert_true(set(u"RestartServices", u" IISADMIN; W3SVC,,MSExchangeIS "));
    assert_int_equal(settings.restart_services.count, 3);
    assert_setting(u"RestartServices", "IISADMIN, W3SVC, MSExchangeIS");
    assert_false(set(u"RestartServices", u"IISADMIN,a/b"));
    assert_false(set(u"RestartServices", u"1,2,3,4,5,6,7,8,9"));
    assert_setting(u"RestartServices", "IISADMIN, W3SVC, MSExchangeIS");
    assert_true(set(u"RestartServices", u"1,2,3,4,5,6,7,8"));
    assert_int_equal(settings.restart_services.count, SETTING_SERVICES_MAX);
    assert_true(set(u"RestartServices", u""));
    assert_int_equal(settings.restart_services.count, 0);
}

static void folders_are_full_paths(void **state)
{
    (void)state;
    assert_int_equal(settings.queue_directory.count, 0);
    assert_true(set(u"QueueDirectory", u"D:\\Mailroot\\vsi 1\\Queue; \\\\server\\queue"));
    assert_int_equal(settings.queue_directory.count, 2);
    assert_setting(u"QueueDirectory", "D:\\Mailroot\\vsi 1\\Queue, \\\\server\\queue");
    assert_false(set(u"QueueDirectory", u"Mailroot\\Queue"));
    assert_false(set(u"QueueDirectory", u"D:Queue"));
    assert_false(set(u"QueueDirectory", u"D:\\Queue\\*"));
    assert_false(set(u"QueueDirectory", u"D:"));
    assert_true(set(u"QueueDirectory", u"D:\\"));
    assert_setting(u"QueueDirectory", "D:\\");
    assert_true(set(u"QueueDirectory", u"D:\\Mailroot\\vsi 1\\Queue; \\\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"D:/Queue"));
    assert_false(set(u"QueueDirectory", u"\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"x\\\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"D:\\1,D:\\2,D:\\3,D:\\4,D:\\5,D:\\6,D:\\7,D:\\8,D:\\9"));
    assert_int_equal(settings.queue_directory.count, 2);
    assert_true(set(u"QueueDirectory", u""));
    assert_int_equal(settings.queue_directory.count, 0);
}

/* 2047 bytes, "..." among them if there is more. */
static void a_value_is_shown_up_to_its_bound(void **state)
{
    (void)state;
    enum { NAMES = 8, EACH = 253, BEFORE = NAMES * (EACH + 2), FITS = 3 };
    size_t index = index_of(u"Exempt");
    char16_t list[BEFORE + 16];
    char text[SETTING_VALUE_TEXT_SIZE + 16];
    for (size_t more = 1; more <= 12; more++) {
        size_t used = 0;
        for (size_t i = 0; i < NAMES * EACH + more; i++) {
            if (i > 0 && i <= NAMES * EACH && i % EACH == 0)
                list[used++] = u',';
            list[used++] = u'x';
        }
        assert_true(settings_set(&settings, index, (struct text){list, used}));
        assert_int_equal(settings.exempt_count, NAMES + 1);
        settings_show(&settings, index, text);
        assert_int_equal(strlen(text), BEFORE + (more <= FITS ? more : strlen("...")));
        assert_string_equal(text + BEFORE + (more <= FITS ? more - 1 : 0),
                            more <= FITS ? "x" : "...");
    }
}

static void origins_have_words(void **state)
{
    (void)state;
    assert_string_equal(setting_origin_word(SETTING_BY_DEFAULT), "default");
    assert_string_equal(setting_origin_word(SETTING_BY_REGISTRY), "registry");
    assert_string_equal(setting_origin_word(SETTING_BY_POLICY), "policy");
}

static void the_guard_gets_what_it_needs(void **state)
{
    (void)state;
    struct guard_settings guard;
    assert_true(set(u"Exempt", u"alice"));
    assert_true(set(u"Action", u"flag"));
    assert_true(settings_set_account(&settings, TEXT_OF(u"carol"), TEXT_OF(u"10/1m")));
    settings_for_guard(&settings, &guard);
    assert_int_equal(guard.limits->count, 3);
    assert_int_equal(guard.exempt_count, 1);
    assert_int_equal(guard.override_count, 1);
    assert_int_equal(guard.max_accounts, 65536);
    assert_int_equal(guard.max_locks_per_hour, 5);
    assert_true(guard.flag_only);
    assert_true(guard_size(&guard) > 0);
    assert_true(set(u"Action", u"password"));
    settings_for_guard(&settings, &guard);
    assert_false(guard.flag_only);
}

#define TEST(name) cmocka_unit_test_setup(name, settings_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_defaults_are_those_of_the_table),
        TEST(settings_are_found_in_any_case_of_letters),
        TEST(numbers_are_held_to_their_range),
        TEST(what_is_not_allowed_changes_nothing),
        TEST(words_switches_and_names_are_taken_and_shown),
        TEST(services_are_a_list_in_order),
        TEST(folders_are_full_paths),
        TEST(a_value_is_shown_up_to_its_bound),
        TEST(origins_have_words),
        TEST(the_guard_gets_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
