/* What a guard takes of memory, and which settings it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "guard_fixture.h"

static void memory_is_bounded_and_in_proportion(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m,200/1h,clients:8/10m");
    struct guard_settings *settings = &fixture.settings;
    settings->max_accounts = 65536;
    size_t size = guard_size(settings);
    assert_true(size > 0 && size < 67000000);
    settings->max_accounts = 32768;
    assert_true(guard_size(settings) > size / 2 - 1000 && guard_size(settings) < size * 11 / 20);
    settings->max_accounts = GUARD_ACCOUNTS_MAX;
    assert_true(guard_size(settings) > size * 15 && guard_size(settings) < size * 17);

    uint64_t small[64] = {0};
    assert_null(guard_init(small, sizeof small, settings, &(struct hash_key){1, 2}));
}

static void settings_out_of_range_get_no_guard(void **state)
{
    (void)state;
    struct fixture fixture;
    struct guard_override wrong = {.account = TEXT_OF(u"bob")};
    const struct guard_settings *good = &fixture.settings;
    fixture_prepare(&fixture, u"50/10m");
    struct guard_settings bad[6] = {*good, *good, *good, *good, *good, *good};
    struct limit_set none = {.count = 0},
                     too_long = {.limits = {{LIMIT_SIGN_INS, 1, 604801}}, .count = 1};
    bad[0].max_accounts = GUARD_ACCOUNTS_MIN - 1;
    bad[1].max_accounts = GUARD_ACCOUNTS_MAX + 1;
    bad[2].max_locks_per_hour = GUARD_LOCKS_MAX + 1;
    bad[3].limits = &none;
    bad[4].limits = &too_long;
    bad[5].overrides = &wrong;
    bad[5].override_count = 1;
    assert_true(guard_size(good) > 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(guard_size(&bad[i]), 0);
}

static bool takes_limit(uint32_t count, uint32_t window)
{
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m");
    fixture.limits.limits[0] = (struct limit){LIMIT_SIGN_INS, count, window};
    return guard_size(&fixture.settings) > 0;
}

static void every_bound_is_itself_in_range(void **state)
{
    (void)state;
    static struct text exempt[GUARD_EXEMPT_MAX + 1];
    static struct guard_override overrides[GUARD_OVERRIDES_MAX + 1];
    struct fixture fixture;
    struct guard_settings *settings = &fixture.settings;
    assert_true(takes_limit(1, 1) && takes_limit(LIMIT_COUNT_MAX, LIMIT_WINDOW_MAX));
    assert_false(takes_limit(0, 1) || takes_limit(LIMIT_COUNT_MAX + 1, 1));
    assert_false(takes_limit(1, 0) || takes_limit(1, LIMIT_WINDOW_MAX + 1));
    fixture_prepare(&fixture, u"50/10m");
    settings->max_accounts = GUARD_ACCOUNTS_MIN;
    settings->max_locks_per_hour = GUARD_LOCKS_MAX;
    assert_true(guard_size(settings) > 0);
    settings->max_accounts = GUARD_ACCOUNTS_MAX;
    assert_true(guard_size(settings) > 0);
    settings->exempt = exempt;
    settings->exempt_count = GUARD_EXEMPT_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    settings->exempt_count = GUARD_EXEMPT_MAX;
    assert_true(guard_size(settings) > 0);
    for (int i = 0; i <= GUARD_OVERRIDES_MAX; i++)
        overrides[i].limits = fixture.limits;
    settings->overrides = overrides;
    settings->override_count = GUARD_OVERRIDES_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    settings->override_count = GUARD_OVERRIDES_MAX;
    assert_true(guard_size(settings) > 0);
    overrides[GUARD_OVERRIDES_MAX - 1].limits.count = LIMIT_SET_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    for (int i = 0; i < LIMIT_SET_MAX; i++)
        overrides[0].limits.limits[i] = fixture.limits.limits[0];
    overrides[0].limits.count = LIMIT_SET_MAX;
    settings->override_count = 1;
    assert_true(guard_size(settings) > 0);
}

static void a_guard_needs_all_its_memory(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m");
    fixture_start(&fixture);
    size_t size = guard_size(&fixture.settings);
    assert_null(guard_init(fixture.memory, size - 1, &fixture.settings, &(struct hash_key){1, 2}));
    fixture.settings.max_accounts = 0;
    assert_null(guard_init(fixture.memory, size, &fixture.settings, &(struct hash_key){1, 2}));
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_bounded_and_in_proportion),
        cmocka_unit_test(settings_out_of_range_get_no_guard),
        cmocka_unit_test(every_bound_is_itself_in_range),
        cmocka_unit_test(a_guard_needs_all_its_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
