/* Exchange's diagnostic levels: found, missing, changed, denied. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_registry.h"
#include "windows/diagnostics.h"

#define KEY L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

static struct diagnostics diagnostics;
static struct diagnostic_levels levels;
static const char *failed_call;

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    memset(&diagnostics, 0, sizeof diagnostics);
    memset(&levels, 0, sizeof levels);
    return (int)diagnostics_init(&diagnostics);
}

static int tear_down(void **state)
{
    (void)state;
    diagnostics_end(&diagnostics);
    diagnostics_end(&diagnostics); /* once is enough, twice does no harm */
    return (int)fake_registry_open_handles();
}

static void put(const wchar_t *name, DWORD level)
{
    fake_registry_put(KEY, name, REG_DWORD, &level, sizeof level);
}

static DWORD read_levels(void)
{
    return diagnostics_read(&diagnostics, L"MSExchangeTransport", &levels, &failed_call);
}

static bool is_signalled(void)
{
    return WaitForSingleObject(diagnostics.changed, 0) == WAIT_OBJECT_0;
}

static void levels_are_found_among_other_values(void **state)
{
    (void)state;
    put(L"1 Routing Engine/Service", 5);
    put(L"7 SMTP Protocol", 3);
    put(L"9 Authentication", 1);
    fake_registry_put(KEY, L"4 Authentication", REG_SZ, L"5", 4);
    fake_registry_put(KEY, L"5 Authentication", REG_QWORD, L"5555555", 8);
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 2);
    assert_int_equal(diagnostic_levels_highest(&levels), 3);
    assert_int_equal(wcscmp(levels.at[0].name, L"7 SMTP Protocol"), 0);
}

static void without_a_key_there_is_nothing_to_say(void **state)
{
    (void)state;
    levels.count = 3;
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 0);
    assert_false(is_signalled());
    put(L"7 SMTP Protocol", 0); /* it comes into being */
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 1);
}

static void every_change_signals_once(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 0);
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    for (DWORD level = 1; level <= 5; level++) {
        assert_int_equal(read_levels(), ERROR_SUCCESS); /* without need: not asked for twice */
        assert_false(is_signalled());
        put(L"7 SMTP Protocol", level);
        assert_true(is_signalled());
        assert_int_equal(read_levels(), ERROR_SUCCESS);
        assert_int_equal(diagnostic_levels_highest(&levels), level);
        assert_false(is_signalled());
    }
}

static void change_it(void *context)
{
    put(L"7 SMTP Protocol", *(DWORD *)context);
}

static void a_change_while_it_is_read_signals(void **state)
{
    (void)state;
    DWORD level = 5;
    put(L"7 SMTP Protocol", 0);
    fake_registry_before(3, change_it, &level); /* the first value is about to be read */
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_true(is_signalled());
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(diagnostic_levels_highest(&levels), 5);
}

static void a_key_that_goes_away_is_none_and_found_when_it_comes_back(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 0);
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    fake_registry_remove(KEY);
    assert_true(is_signalled());
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 0);
    assert_false(is_signalled());
    put(L"7 SMTP Protocol", 5);
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 1);
    put(L"7 SMTP Protocol", 3);
    assert_true(is_signalled());
}

static void another_provider_has_another_key(void **state)
{
    (void)state;
    DWORD level = 5;
    put(L"7 SMTP Protocol", 0);
    fake_registry_put(L"SYSTEM\\CurrentControlSet\\Services\\Other\\Diagnostics",
                      L"1 Authentication", REG_DWORD, &level, sizeof level);
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(diagnostics_read(&diagnostics, L"Other", &levels, &failed_call),
                     ERROR_SUCCESS);
    assert_int_equal(diagnostic_levels_highest(&levels), 5);
    assert_false(is_signalled());
    assert_int_equal(fake_registry_open_handles(), 1);
    put(L"7 SMTP Protocol", 1);
    assert_false(is_signalled());
}

static void over_long_names_and_too_many_values_are_passed_over(void **state)
{
    (void)state;
    wchar_t name[200];
    for (int i = 0; i < 2 * DIAGNOSTICS_VALUES_MAX; i++) {
        swprintf(name, 200, L"%d %0*d", i, i % 180, 0);
        put(name, 5);
    }
    put(L"7 SMTP Protocol", 0); /* the last of them */
    assert_int_equal(read_levels(), ERROR_SUCCESS);
    assert_int_equal(levels.count, 0);
    assert_true(fake_registry_calls() <= DIAGNOSTICS_VALUES_MAX + 2);
}

static void a_denied_key_is_an_error_by_name(void **state)
{
    (void)state;
    fake_registry_deny(KEY);
    levels.count = 3;
    assert_int_equal(read_levels(), ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "RegOpenKeyExW");
    assert_int_equal(levels.count, 3);
}

static void one_level_is_read_and_written_by_its_name(void **state)
{
    (void)state;
    uint32_t level = 77;
    put(L"7 SMTP Protocol", 3);
    fake_registry_put(KEY, L"4 Authentication", REG_SZ, L"5", 4);
    fake_registry_put(KEY, L"5 Authentication", REG_QWORD, L"5555555", 8);
    fake_registry_put(KEY, L"6 Authentication", REG_DWORD, L"5", 2);
    static const wchar_t *const none[] = {L"4 Authentication", L"5 Authentication",
                                          L"6 Authentication", L"9 Authentication"};
    for (size_t i = 0; i < ARRAYSIZE(none); i++)
        assert_int_equal(diagnostics_get(L"MSExchangeTransport", none[i], &level, &failed_call),
                         ERROR_FILE_NOT_FOUND);
    assert_int_equal(diagnostics_get(L"Other", L"7 SMTP Protocol", &level, &failed_call),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(diagnostics_set(L"Other", L"7 SMTP Protocol", 5, &failed_call),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(level, 77);
    assert_int_equal(diagnostics_set(L"MSExchangeTransport", L"7 smtp protocol", 4, &failed_call),
                     ERROR_SUCCESS);
    assert_true(fake_registry_on_disk(KEY, L"7 SMTP Protocol"));
    assert_int_equal(
        diagnostics_get(L"MSExchangeTransport", L"7 SMTP Protocol", &level, &failed_call),
        ERROR_SUCCESS);
    assert_int_equal(level, 4);
    fake_registry_deny(KEY);
    assert_int_equal(
        diagnostics_get(L"MSExchangeTransport", L"7 SMTP Protocol", &level, &failed_call),
        ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "RegOpenKeyExW");
}

/* Only being told of changes may fail in silence: it is looked at now and then anyway. */
static void every_call_may_fail(void **state)
{
    (void)state;
    put(L"7 SMTP Protocol", 3);
    put(L"9 Authentication", 1);
    for (unsigned n = 1;; n++) {
        unsigned before = fake_registry_calls();
        memset(&levels, 0xee, sizeof levels);
        fake_registry_fail(n, ERROR_NOT_ENOUGH_MEMORY);
        DWORD error = read_levels();
        if (fake_registry_calls() - before < n)
            break;
        if (strcmp(fake_registry_failed(), "RegNotifyChangeKeyValue") == 0) {
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(levels.count, 2);
        } else {
            assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
            assert_int_equal(
                strncmp(failed_call, fake_registry_failed(), strlen(fake_registry_failed())), 0);
            assert_int_equal(levels.count, 0xeeeeeeee);
        }
        assert_false(is_signalled());
        diagnostics_end(&diagnostics);
        assert_int_equal(fake_registry_open_handles(), 0);
        assert_int_equal(diagnostics_init(&diagnostics), ERROR_SUCCESS);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(levels_are_found_among_other_values),
        TEST(without_a_key_there_is_nothing_to_say),
        TEST(every_change_signals_once),
        TEST(a_change_while_it_is_read_signals),
        TEST(a_key_that_goes_away_is_none_and_found_when_it_comes_back),
        TEST(another_provider_has_another_key),
        TEST(over_long_names_and_too_many_values_are_passed_over),
        TEST(a_denied_key_is_an_error_by_name),
        TEST(one_level_is_read_and_written_by_its_name),
        TEST(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
