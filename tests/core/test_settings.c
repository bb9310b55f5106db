#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "core/name_store.h"

static struct settings settings; /* too large for a stack */
static struct settings other;

static int set_defaults(void **state)
{
    (void)state;
    settings_defaults(&settings);
    return 0;
}

static size_t index_of(const char16_t *name)
{
    size_t index = setting_find(text_of(name));
    assert_true(index < setting_count);
    return index;
}

static bool set(const char16_t *name, const char16_t *value)
{
    return settings_set(&settings, index_of(name), text_of(value));
}

static void assert_shown(const char16_t *name, const char *expected)
{
    char text[SETTING_VALUE_TEXT_SIZE];
    settings_show(&settings, index_of(name), text);
    assert_string_equal(text, expected);
}

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
    assert_shown(u"StopTimeout", "3600");
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
    assert_shown(u"Action", "password");
    assert_true(set(u"Action", u"flag"));
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_true(set(u"Reader", u"classic"));
    assert_int_equal(settings.reader, READER_CLASSIC);
    assert_true(set(u"RestartSmtp", u"0"));
    assert_false(settings.restart_smtp);
    assert_true(set(u"Provider", u" Mein Anbieter \u00fc "));
    assert_shown(u"Provider", "Mein Anbieter \xc3\xbc");
    assert_true(set(u"Limits", u"5/60;clients:3/1d"));
    assert_shown(u"Limits", "5/1m, clients:3/1d");
    assert_true(set(u"Limits", u"clients:3/1d,5/1m"));
    assert_shown(u"Limits", "clients:3/1d, 5/1m");
}

static void services_are_a_list_in_order(void **state)
{
    (void)state;
    assert_true(set(u"RestartServices", u" IISADMIN; W3SVC,,MSExchangeIS "));
    assert_int_equal(settings.restart_services.count, 3);
    assert_shown(u"RestartServices", "IISADMIN, W3SVC, MSExchangeIS");
    assert_false(set(u"RestartServices", u"IISADMIN,a/b"));
    assert_false(set(u"RestartServices", u"1,2,3,4,5,6,7,8,9"));
    assert_shown(u"RestartServices", "IISADMIN, W3SVC, MSExchangeIS");
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
    assert_shown(u"QueueDirectory", "D:\\Mailroot\\vsi 1\\Queue, \\\\server\\queue");
    assert_false(set(u"QueueDirectory", u"Mailroot\\Queue"));
    assert_false(set(u"QueueDirectory", u"D:Queue"));
    assert_false(set(u"QueueDirectory", u"D:\\Queue\\*"));
    assert_false(set(u"QueueDirectory", u"D:"));
    assert_true(set(u"QueueDirectory", u"D:\\"));
    assert_shown(u"QueueDirectory", "D:\\");
    assert_true(set(u"QueueDirectory", u"D:\\Mailroot\\vsi 1\\Queue; \\\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"D:/Queue"));
    assert_false(set(u"QueueDirectory", u"\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"x\\\\server\\queue"));
    assert_false(set(u"QueueDirectory", u"D:\\1,D:\\2,D:\\3,D:\\4,D:\\5,D:\\6,D:\\7,D:\\8,D:\\9"));
    assert_int_equal(settings.queue_directory.count, 2);
    assert_true(set(u"QueueDirectory", u""));
    assert_int_equal(settings.queue_directory.count, 0);
}

static void names_have_at_most_255_units(void **state)
{
    (void)state;
    char16_t name[256];
    for (size_t i = 0; i < 256; i++)
        name[i] = u'a';
    size_t index = index_of(u"SmtpService");
    assert_false(settings_set(&settings, index, (struct text){name, 256}));
    assert_true(settings_set(&settings, index, (struct text){name, 255}));
    assert_true(text_equal(text_of(settings.smtp_service), (struct text){name, 255}));
    assert_false(settings_set(&settings, index_of(u"Exempt"), (struct text){name, 256}));
    assert_true(settings_set(&settings, index_of(u"Exempt"), (struct text){name, 255}));
    assert_false(settings_set_account(&settings, (struct text){name, 256}, TEXT_OF(u"1/1s")));
}

static void a_list_of_names_replaces_the_one_before(void **state)
{
    (void)state;
    assert_true(settings_set(&settings, index_of(u"Exempt"),
                             (struct text){u"CONTOSO\\svc-*\0scanner\0\0", 23}));
    assert_shown(u"Exempt", "CONTOSO\\svc-*, scanner");
    assert_true(set(u"Exempt", u" alice ; bob,, carol "));
    assert_int_equal(settings.exempt_count, 3);
    assert_shown(u"Exempt", "alice, bob, carol");
    assert_true(set(u"Exempt", u""));
    assert_int_equal(settings.exempt_count, 0);
    assert_int_equal(settings.names_used, 0);
}

static void a_list_that_is_too_long_is_refused_whole(void **state)
{
    (void)state;
    static char16_t list[SETTINGS_TEXT_MAX * 2];
    size_t index = index_of(u"Exempt");
    for (size_t i = 0; i < 257; i++) {
        list[2 * i] = u'a';
        list[2 * i + 1] = u',';
    }
    assert_true(set(u"Exempt", u"bob"));
    assert_false(settings_set(&settings, index, (struct text){list, 2 * 257}));
    assert_shown(u"Exempt", "bob");
    assert_true(settings_set(&settings, index, (struct text){list, 2 * 256}));
    assert_int_equal(settings.exempt_count, 256);

    /* 64 names of 255 units, then 64 more: 16384 together is the most. */
    size_t used = 0;
    for (size_t i = 0; i < 64; i++) {
        for (size_t unit = 0; unit < 255; unit++)
            list[used++] = u'b';
        list[used++] = u',';
    }
    for (size_t i = 0; i < 65; i++)
        list[used++] = i < 64 ? u'c' : u',';
    assert_true(settings_set(&settings, index, (struct text){list, used}));
    assert_int_equal(settings.names_used, SETTINGS_TEXT_MAX);
    assert_false(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"1/1s")));
    list[used++] = u'd';
    assert_false(settings_set(&settings, index, (struct text){list, used}));
    assert_int_equal(settings.exempt_count, 65);
    char text[SETTING_VALUE_TEXT_SIZE];
    settings_show(&settings, index, text);
    assert_true(strlen(text) < SETTING_VALUE_TEXT_SIZE);
    assert_string_equal(text + strlen(text) - 3, "...");
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

static void account_limits_are_kept_apart_by_name(void **state)
{
    (void)state;
    assert_true(set(u"Exempt", u"alice"));
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"10/1m")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"carol"), TEXT_OF(u"20/1m")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"BOB"), TEXT_OF(u"30/1m,40/1h")));
    assert_false(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"0/1m")));
    assert_false(settings_set_account(&settings, TEXT_OF(u""), TEXT_OF(u"1/1m")));
    assert_int_equal(settings.override_count, 2);
    assert_int_equal(settings.overrides[0].limits.count, 2);
    assert_int_equal(settings.overrides[0].limits.limits[0].count, 30);

    /* The names stay right when others, before and behind them, come and go. */
    assert_true(set(u"Exempt", u"dave,eve"));
    assert_true(text_equal(settings.overrides[0].account, TEXT_OF(u"bob")));
    assert_true(text_equal(settings.overrides[1].account, TEXT_OF(u"carol")));
    assert_shown(u"Exempt", "dave, eve");
    assert_int_equal(settings.names_used, 15);
}

static void removing_a_name_leaves_the_others_right(void **state)
{
    (void)state;
    for (size_t removed = 0; removed < 3; removed++) {
        static const struct text names[] = {TEXT_OF(u"dave"), TEXT_OF(u"eve"), TEXT_OF(u"frank")};
        settings_defaults(&settings);
        assert_true(set(u"Exempt", u"dave,eve,frank"));
        assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"10/1m")));
        name_store_remove(&settings, settings.exempt[removed]);
        for (size_t i = 0; i < 3; i++)
            assert_true(i == removed || text_equal(settings.exempt[i], names[i]));
        assert_true(text_equal(settings.overrides[0].account, TEXT_OF(u"bob")));
    }
}

static void a_slash_in_an_accounts_name_is_a_backslash(void **state)
{
    (void)state;
    assert_true(settings_set_account(&settings, TEXT_OF(u"CONTOSO/bob"), TEXT_OF(u"10/1m")));
    assert_true(text_equal(settings.overrides[0].account, TEXT_OF(u"CONTOSO\\bob")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"contoso\\BOB"), TEXT_OF(u"20/1m")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"Contoso/bob"), TEXT_OF(u"30/1m")));
    assert_int_equal(settings.override_count, 1);
    assert_int_equal(settings.overrides[0].limits.limits[0].count, 30);
    assert_true(settings_set_account(&settings, TEXT_OF(u"a\\b/c"), TEXT_OF(u"1/1m")));
    assert_true(text_equal(settings.overrides[1].account, TEXT_OF(u"a\\b/c")));
}

static void there_is_room_for_256_accounts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARD_OVERRIDES_MAX + 1; i++) {
        const char16_t name[2] = {(char16_t)(0x4e00 + i), 0};
        assert_int_equal(settings_set_account(&settings, text_of(name), TEXT_OF(u"1/1s")),
                         i < GUARD_OVERRIDES_MAX);
    }
}

static void a_copy_stands_on_its_own(void **state)
{
    (void)state;
    assert_true(set(u"Exempt", u"alice,bob"));
    assert_true(settings_set_account(&settings, TEXT_OF(u"carol"), TEXT_OF(u"10/1m")));
    settings_copy(&other, &settings);
    memset(&settings, 0xee, sizeof settings);
    assert_true(text_equal(other.exempt[1], TEXT_OF(u"bob")));
    assert_true(text_equal(other.overrides[0].account, TEXT_OF(u"carol")));
    settings_copy(&other, &other);
    assert_true(text_equal(other.exempt[0], TEXT_OF(u"alice")));
}

static void settings_that_differ_are_told_apart(void **state)
{
    (void)state;
    static const char16_t *const others[][2] = {
        {u"Limits", u"51/10m"},           {u"Action", u"flag"},          {u"Exempt", u"bob"},
        {u"RestartSmtp", u"0"},           {u"SmtpService", u"SMTPSVC2"}, {u"StopTimeout", u"121"},
        {u"RestartServices", u"IISADMIN"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t index = index_of(others[i][0]);
        settings_defaults(&settings);
        settings_defaults(&other);
        assert_true(settings_same(&settings, &other, index));
        assert_true(set(others[i][0], others[i][1]));
        assert_false(settings_same(&settings, &other, index));
        assert_true(settings_set(&other, index, text_of(others[i][1])));
        assert_true(settings_same(&settings, &other, index));
    }
    assert_true(set(u"RestartServices", u"iisadmin,W3SVC"));
    size_t services = index_of(u"RestartServices");
    assert_false(settings_same(&settings, &other, services));
    assert_false(settings_same(&other, &settings, services));
}

static void lists_that_differ_are_told_apart(void **state)
{
    (void)state;
    static const char16_t *const lists[] = {u"", u"a", u"b", u"a,b", u"b,a", u"a,c"};
    static const char16_t *const names[] = {u"Exempt", u"RestartServices"};
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            for (size_t j = 0; j < sizeof lists / sizeof *lists; j++) {
                size_t index = index_of(names[n]);
                assert_true(settings_set(&settings, index, text_of(lists[i])));
                assert_true(settings_set(&other, index, text_of(lists[j])));
                assert_int_equal(settings_same(&settings, &other, index), i == j);
            }
}

static void the_longest_window_is_that_of_any_limit(void **state)
{
    (void)state;
    assert_true(set(u"Limits", u"1/1h,1/2h,1/1m"));
    assert_int_equal(settings_longest_window(&settings), 7200);
    assert_true(settings_set_account(&settings, TEXT_OF(u"ann"), TEXT_OF(u"1/1m,1/1d")));
    assert_int_equal(settings_longest_window(&settings), 86400);
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"1/7d")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"eve"), TEXT_OF(u"1/1s")));
    assert_int_equal(settings_longest_window(&settings), 604800);
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

static void all_are_the_same_until_one_differs(void **state)
{
    (void)state;
    settings_defaults(&settings);
    settings_defaults(&other);
    assert_true(settings_all_same(&settings, &other));
    assert_true(settings_set_account(&settings, TEXT_OF(u"CONTOSO/ann"), TEXT_OF(u"9/1m")));
    assert_false(settings_all_same(&settings, &other));
    assert_true(settings_set_account(&other, TEXT_OF(u"contoso\\Ann"), TEXT_OF(u"8/1m")));
    assert_false(settings_all_same(&settings, &other));
    assert_true(settings_set_account(&other, TEXT_OF(u"CONTOSO/ANN"), TEXT_OF(u"9/1m")));
    assert_true(settings_all_same(&settings, &other));
    assert_int_equal(settings_find_account(&other, TEXT_OF(u"CONTOSO/ann")), 0);
    assert_int_equal(settings_find_account(&other, TEXT_OF(u"ann")), 1);
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"9/1m")));
    assert_true(settings_set_account(&other, TEXT_OF(u"eve"), TEXT_OF(u"9/1m")));
    assert_false(settings_all_same(&settings, &other));
    for (size_t i = 0; i < setting_count; i++) {
        settings_defaults(&settings);
        settings_defaults(&other);
        static const char16_t *const samples[] = {u"7",      u"700", u"0",    u"1",    u"flag",
                                                  u"modern", u"x",   u"4/1m", u"C:\\x"};
        for (size_t j = 0; j < sizeof samples / sizeof *samples; j++)
            if (settings_set(&other, i, text_of(samples[j])) &&
                !settings_same(&settings, &other, i))
                break;
        assert_false(settings_all_same(&settings, &other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_defaults_are_those_of_the_table, set_defaults),
        cmocka_unit_test_setup(settings_are_found_in_any_case_of_letters, set_defaults),
        cmocka_unit_test_setup(numbers_are_held_to_their_range, set_defaults),
        cmocka_unit_test_setup(what_is_not_allowed_changes_nothing, set_defaults),
        cmocka_unit_test_setup(words_switches_and_names_are_taken_and_shown, set_defaults),
        cmocka_unit_test_setup(services_are_a_list_in_order, set_defaults),
        cmocka_unit_test_setup(folders_are_full_paths, set_defaults),
        cmocka_unit_test_setup(names_have_at_most_255_units, set_defaults),
        cmocka_unit_test_setup(a_list_of_names_replaces_the_one_before, set_defaults),
        cmocka_unit_test_setup(a_list_that_is_too_long_is_refused_whole, set_defaults),
        cmocka_unit_test_setup(a_value_is_shown_up_to_its_bound, set_defaults),
        cmocka_unit_test_setup(account_limits_are_kept_apart_by_name, set_defaults),
        cmocka_unit_test_setup(removing_a_name_leaves_the_others_right, set_defaults),
        cmocka_unit_test_setup(a_slash_in_an_accounts_name_is_a_backslash, set_defaults),
        cmocka_unit_test_setup(there_is_room_for_256_accounts, set_defaults),
        cmocka_unit_test_setup(a_copy_stands_on_its_own, set_defaults),
        cmocka_unit_test_setup(settings_that_differ_are_told_apart, set_defaults),
        cmocka_unit_test_setup(lists_that_differ_are_told_apart, set_defaults),
        cmocka_unit_test_setup(the_longest_window_is_that_of_any_limit, set_defaults),
        cmocka_unit_test(origins_have_words),
        cmocka_unit_test_setup(the_guard_gets_what_it_needs, set_defaults),
        cmocka_unit_test(all_are_the_same_until_one_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
