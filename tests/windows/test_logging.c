/* test_logging.c: which levels are raised and put back, and which are left alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_registry.h"
#include "logging_scene.h"
#include "windows/boot.h"

/* ---- raise ----------------------------------------------------------------------------------- */

static void what_is_lower_is_raised_once_and_remembered(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
    assert_int_equal(scene_level(SIGN_IN), 5);
    assert_int_equal(scene_level(L"1 Routing Engine/Service"), 1);
    scene_assert_remembered(SMTP, L"raised from 0");
    scene_assert_remembered(SIGN_IN, L"raised from 3");
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 2);
    assert_int_equal(logging_scene.last.to, 5);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 2);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
}

static void what_is_high_enough_or_no_number_is_left_alone(void **state)
{
    (void)state;
    scene_put(SMTP, 5);
    scene_put(SIGN_IN, 7); /* field engineering */
    fake_registry_put(LEVELS, L"8 Authentication", REG_SZ, L"0", 4);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
    assert_int_equal(scene_level(SIGN_IN), 7);
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 0);
    scene_assert_remembered(SMTP, L"found at 5");
    scene_assert_remembered(SIGN_IN, L"found at 5");
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
    assert_int_equal(scene_level(SIGN_IN), 7);
    assert_int_equal(logging_scene.heard[LOGGING_PUT_BACK], 0);
    assert_false(fake_registry_has(MEMORY));
}

static void what_was_high_enough_and_is_lowered_is_somebodys_choice(void **state)
{
    (void)state;
    scene_put(SMTP, 5);
    scene_put(SIGN_IN, 5);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_put(SMTP, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 1);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 1);
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 0);
    scene_assert_remembered(SMTP, L"changed since; it was at 5");
    assert_int_equal(scene_raise_anew(), ERROR_SUCCESS);
    scene_assert_remembered(SMTP, L"raised from 1");
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 1);
    assert_int_equal(scene_level(SIGN_IN), 5);
}

/* Nobody needs to hear of it when it is not needed. */
static void what_is_high_enough_needs_no_memory(void **state)
{
    (void)state;
    scene_put(SMTP, 5);
    scene_put(SIGN_IN, 5);
    fake_registry_remove(BOOT_KEY_ABOVE);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_false(fake_registry_has(BOOT_KEY_ABOVE));
}

static void names_are_found_by_their_end_and_kept_as_they_are(void **state)
{
    (void)state;
    static const wchar_t *const names[] = {L"9005 smtp protocol ", L"12 AUTHENTICATION"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        scene_put(names[i], 1);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 4);
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        assert_int_equal(scene_level(names[i]), 5);
        scene_assert_remembered(names[i], L"raised from 1");
    }
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(names[0]), 1);
    assert_int_equal(scene_level(names[1]), 1);
    scene_assert_as_before();
}

static void without_exchange_there_is_nothing_to_do_until_it_comes(void **state)
{
    (void)state;
    fake_registry_remove(LEVELS);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_false(fake_registry_has(LEVELS));
    assert_false(fake_registry_has(LOGGING_KEY));
    scene_put(SMTP, 0);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
}

static void where_relaylock_is_not_installed_nothing_is_touched(void **state)
{
    (void)state;
    fake_registry_remove(BOOT_KEY_ABOVE);
    assert_int_equal(scene_raise(), ERROR_FILE_NOT_FOUND);
    assert_string_equal(logging_scene.failure.call, "RegOpenKeyExW");
    assert_int_equal(
        wcscmp(logging_scene.failure.object, L"RelayLock\\Logging\\MSExchangeTransport\\" SMTP), 0);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_false(fake_registry_has(BOOT_KEY_ABOVE));
    scene_assert_as_before();
}

/* ---- what somebody changes ------------------------------------------------------------------- */

static void what_somebody_changes_is_told_once_and_stays(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_put(SIGN_IN, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 1);
    assert_int_equal(logging_scene.last.from, 5);
    assert_int_equal(logging_scene.last.to, 1);
    assert_int_equal(wcscmp(logging_scene.last_name, SIGN_IN), 0);
    scene_assert_remembered(SIGN_IN, L"changed since; it was at 3");
    scene_put(SIGN_IN, 5); /* his choice as well, and not put back */
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 2);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SIGN_IN), 5);
    assert_int_equal(scene_level(SMTP), 0);
    assert_int_equal(logging_scene.heard[LOGGING_KEPT], 1);
    assert_int_equal(logging_scene.heard[LOGGING_PUT_BACK], 1);
}

static void a_change_that_nobody_saw_is_respected_too(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_put(SIGN_IN, 7);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SIGN_IN), 7);
    assert_int_equal(scene_level(SMTP), 0);
    assert_int_equal(logging_scene.heard[LOGGING_KEPT], 1);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
    assert_false(fake_registry_has(MEMORY));
}

static void a_value_that_goes_is_no_change_but_one_that_comes_back_lower_is(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    fake_registry_remove(LEVELS);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
    scene_put(SMTP, 5);
    scene_put(SIGN_IN, 0);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 1);
    assert_int_equal(scene_level(SIGN_IN), 0);
    scene_assert_remembered(SMTP, L"raised from 0");
    fake_registry_remove(LEVELS);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_false(fake_registry_has(LEVELS));
    assert_false(fake_registry_has(MEMORY));
}

static void anew_forgets_his_change_and_puts_back_what_he_had_set(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_put(SMTP, 1);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_put(SIGN_IN, 4); /* not noticed yet */
    assert_int_equal(scene_raise_anew(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
    assert_int_equal(scene_level(SIGN_IN), 5);
    scene_assert_remembered(SMTP, L"raised from 1");
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 4);
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 1);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 1);
    assert_int_equal(scene_level(SIGN_IN), 4);
}

/* ---- restore --------------------------------------------------------------------------------- */

static void what_was_put_back_is_left_alone_until_it_is_raised_anew(void **state)
{
    (void)state;
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    scene_assert_as_before();
    assert_int_equal(logging_scene.heard[LOGGING_PUT_BACK], 2);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    scene_assert_as_before();
    assert_int_equal(logging_scene.heard[LOGGING_RAISED], 2);
    assert_int_equal(logging_scene.heard[LOGGING_PUT_BACK], 2);
    assert_int_equal(scene_raise_anew(), ERROR_SUCCESS);
    assert_int_equal(scene_level(SMTP), 5);
    scene_put(SMTP, 0);
    assert_int_equal(scene_raise(), ERROR_SUCCESS); /* not left alone any more, but changed */
    assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 1);
}

static void all_providers_are_put_back(void **state)
{
    (void)state;
    wchar_t provider[DIAGNOSTICS_PROVIDER_MAX], key[512];
    for (int i = 0; i < 20; i++) {
        swprintf(provider, ARRAYSIZE(provider), L"Provider%d%0*d", i, i * 12, 0);
        swprintf(key, ARRAYSIZE(key), L"SYSTEM\\CurrentControlSet\\Services\\%ls\\Diagnostics",
                 provider);
        scene_put_at(key, SMTP, (DWORD)i % 5);
        assert_int_equal(
            logging_raise(provider, false, &logging_scene_listener, &logging_scene.failure),
            ERROR_SUCCESS);
        assert_int_equal(scene_level_at(key, SMTP), 5);
    }
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(logging_scene.heard[LOGGING_PUT_BACK], 22);
    for (int i = 0; i < 20; i++) {
        swprintf(provider, ARRAYSIZE(provider), L"Provider%d%0*d", i, i * 12, 0);
        swprintf(key, ARRAYSIZE(key), L"SYSTEM\\CurrentControlSet\\Services\\%ls\\Diagnostics",
                 provider);
        assert_int_equal(scene_level_at(key, SMTP), i % 5);
    }
    scene_assert_as_before();
}

static void a_memory_that_makes_no_sense_is_none(void **state)
{
    (void)state;
    static const DWORD number = 3;
    fake_registry_put(MEMORY, SMTP, REG_SZ, L"raised from 9", 28);
    fake_registry_put(MEMORY, SIGN_IN, REG_DWORD, &number, sizeof number);
    fake_registry_put(MEMORY, L"5 SMTP Protocol", REG_SZ, L"raised from 0", 28);
    wchar_t name[200], data[100];
    wmemset(name, L'x', ARRAYSIZE(name));
    name[ARRAYSIZE(name) - 1] = 0;
    wmemset(data, L'x', ARRAYSIZE(data));
    fake_registry_put(MEMORY, name, REG_SZ, L"raised from 0", 28);
    fake_registry_put(MEMORY, L"6 SMTP Protocol", REG_SZ, data, sizeof data);
    fake_registry_put(MEMORY, L"8 SMTP Protocol", REG_SZ, L"raised from 0", 3);
    fake_registry_put(MEMORY, L"", REG_SZ, L"", 0);
    scene_put(L"5 SMTP Protocol", 5);
    scene_put(L"6 SMTP Protocol", 5);
    assert_int_equal(scene_raise(), ERROR_SUCCESS);
    scene_assert_remembered(SMTP, L"raised from 0");
    scene_assert_remembered(SIGN_IN, L"raised from 3");
    assert_int_equal(scene_restore(), ERROR_SUCCESS);
    assert_int_equal(scene_level(L"5 SMTP Protocol"), 0);
    assert_int_equal(scene_level(L"6 SMTP Protocol"), 5);
    scene_assert_as_before();
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, logging_scene_set_up, logging_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_lower_is_raised_once_and_remembered),
        TEST(what_is_high_enough_or_no_number_is_left_alone),
        TEST(what_was_high_enough_and_is_lowered_is_somebodys_choice),
        TEST(what_is_high_enough_needs_no_memory),
        TEST(names_are_found_by_their_end_and_kept_as_they_are),
        TEST(without_exchange_there_is_nothing_to_do_until_it_comes),
        TEST(where_relaylock_is_not_installed_nothing_is_touched),
        TEST(what_somebody_changes_is_told_once_and_stays),
        TEST(a_change_that_nobody_saw_is_respected_too),
        TEST(a_value_that_goes_is_no_change_but_one_that_comes_back_lower_is),
        TEST(anew_forgets_his_change_and_puts_back_what_he_had_set),
        TEST(what_was_put_back_is_left_alone_until_it_is_raised_anew),
        TEST(all_providers_are_put_back),
        TEST(a_memory_that_makes_no_sense_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
