/* Accounts in the settings, by name; copies of settings, and which are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "settings_fixture.h"

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
    assert_false(set_units(u"Exempt", (struct text){name, 256}));
    assert_true(set_units(u"Exempt", (struct text){name, 255}));
    assert_false(settings_set_account(&settings, (struct text){name, 256}, TEXT_OF(u"1/1s")));
}

static void a_list_of_names_replaces_the_one_before(void **state)
{
    (void)state;
    assert_true(set_units(u"Exempt", (struct text){u"CONTOSO\\svc-*\0scanner\0\0", 23}));
    assert_setting(u"Exempt", "CONTOSO\\svc-*, scanner");
    assert_true(set(u"Exempt", u" alice ; bob,, carol "));
    assert_int_equal(settings.exempt_count, 3);
    assert_setting(u"Exempt", "alice, bob, carol");
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
    assert_setting(u"Exempt", "bob");
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
    assert_setting(u"Exempt", "dave, eve");
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

#define TEST(name) cmocka_unit_test_setup(name, settings_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_have_at_most_255_units),
        TEST(a_list_of_names_replaces_the_one_before),
        TEST(a_list_that_is_too_long_is_refused_whole),
        TEST(account_limits_are_kept_apart_by_name),
        TEST(removing_a_name_leaves_the_others_right),
        TEST(a_slash_in_an_accounts_name_is_a_backslash),
        TEST(there_is_room_for_256_accounts),
        TEST(a_copy_stands_on_its_own),
        TEST(settings_that_differ_are_told_apart),
        TEST(lists_that_differ_are_told_apart),
        TEST(the_longest_window_is_that_of_any_limit),
        TEST(all_are_the_same_until_one_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
