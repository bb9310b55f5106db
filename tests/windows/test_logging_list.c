/* test_logging_list.c: the levels and what is remembered of them, shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_registry.h"
#include "logging_scene.h"

static struct {
    size_t count;
    wchar_t names[8][DIAGNOSTIC_NAME_MAX];
    struct logging_value values[8];
} shown;

static void show(void *context, const struct logging_value *value)
{
    (void)context;
    assert_true(shown.count < 8);
    shown.values[shown.count] = *value;
    wcscpy(shown.names[shown.count++], value->name);
}

static bool list(void)
{
    bool left_alone = true;
    shown.count = 0;
    assert_int_equal(logging_list(PROVIDER, show, NULL, &left_alone, &logging_scene.failure),
                     ERROR_SUCCESS);
    return left_alone;
}

static void all_levels_are_shown_with_what_is_remembered(void **state)
{
    (void)state;
    scene_put_at(L"SYSTEM\\CurrentControlSet\\Services\\Other\\Diagnostics", SMTP, 1);
    scene_put(L"8 Authentication", 5);
    assert_false(list());
    assert_int_equal(shown.count, 3);
    assert_int_equal(shown.values[0].remembered.state, RAISED_NEVER);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(
        logging_raise(L"Other", false, &logging_scene_listener, &logging_scene.failure),
        ERROR_SUCCESS);
    scene_put(SMTP, 1);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\Other\\Diagnostics");
    assert_false(list());
    assert_int_equal(shown.count, 4);
    for (size_t i = 0; i < shown.count; i++) {
        const struct logging_value *value = &shown.values[i];
        if (wcscmp(shown.names[i], L"8 Authentication") == 0) {
            assert_int_equal(value->remembered.state, RAISED_FOUND);
        } else if (wcscmp(shown.names[i], SIGN_IN) == 0) {
            assert_int_equal(value->remembered.state, RAISED_DONE);
            assert_int_equal(value->remembered.before, 3);
            assert_int_equal(value->level, 5);
        } else if (value->found) {
            assert_int_equal(value->remembered.state, RAISED_CHANGED);
            assert_int_equal(value->level, 1);
        } else {
            assert_int_equal(i, 3); /* the other provider's */
            assert_int_equal(value->remembered.before, 1);
        }
    }
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_true(list());
    assert_int_equal(shown.count, 3);
}

static void whatever_call_of_list_fails_is_told(void **state)
{
    (void)state;
    bool left_alone;
    for (unsigned n = 1;; n++) {
        logging_scene_begin();
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
        fake_registry_put(LOGGING_KEY L"\\Gone", SMTP, REG_SZ, L"raised from 0", 28);
        unsigned before = fake_registry_calls();
        shown.count = 0;
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        DWORD error = logging_list(PROVIDER, show, NULL, &left_alone, &logging_scene.failure);
        if (fake_registry_calls() - before < n)
            break;
        const char *call = fake_registry_failed();
        assert_int_equal(error, strcmp(call, "RegCloseKey") ? ERROR_ACCESS_DENIED : ERROR_SUCCESS);
        assert_true(fake_registry_open_handles() == 0);
    }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, logging_scene_set_up, logging_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_levels_are_shown_with_what_is_remembered),
        TEST(whatever_call_of_list_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
