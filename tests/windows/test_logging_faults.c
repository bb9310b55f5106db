/* test_logging_faults.c: levels are raised and put back, whatever fails, whoever dies, whoever else
 * is at it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_calls.h"
#include "fake_registry.h"
#include "logging_scene.h"

/* ---- trouble --------------------------------------------------------------------------------- */

/* Of a fault at any call: it is told by name unless it does no harm, and costs no level. */
static void whatever_call_fails_no_level_is_lost(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        logging_scene_begin();
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        DWORD error = scene_raise();
        if (fake_registry_calls() - before < n)
            break;
        const char *call = fake_registry_failed();
        assert_int_equal(error, strcmp(call, "RegCloseKey") ? ERROR_ACCESS_DENIED : ERROR_SUCCESS);
        if (error)
            assert_int_equal(strncmp(logging_scene.failure.call, call, strlen(call)), 0);
        assert_true(fake_registry_open_handles() == 0);
        /* a fault of one value is none of the other */
        if (error && wcsstr(logging_scene.failure.object, SMTP))
            assert_int_equal(scene_level(SIGN_IN), 5);
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
        assert_int_equal(scene_level(SMTP), 5);
        scene_assert_remembered(SMTP, L"raised from 0");
        scene_assert_remembered(SIGN_IN, L"raised from 3");
        assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
        assert_in_range(logging_scene.heard[LOGGING_RAISED], 2,
                        3); /* perhaps twice, never not at all */
        assert_int_equal(scene_restore(), ERROR_SUCCESS);
        scene_assert_as_before();
    }
}

static void deny_levels(void *context, const char *call, enum fake_moment moment)
{
    (void)context, (void)call, (void)moment;
    if (*scene_remembered(SMTP))
        fake_registry_deny(LEVELS);
}

static void of_several_failures_the_first_is_told(void **state)
{
    (void)state;
    fake_calls_hook(deny_levels, NULL);
    assert_int_equal(scene_raise(), ERROR_ACCESS_DENIED);
    assert_int_equal(
        wcscmp(logging_scene.failure.object, L"MSExchangeTransport\\Diagnostics\\7 SMTP Protocol"),
        0);
    scene_assert_remembered(SIGN_IN, L"raising from 3"); /* tried as well */
}

static void whatever_call_of_restore_fails_it_is_done_by_the_next(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        logging_scene_begin();
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        DWORD error = scene_restore();
        if (fake_registry_calls() - before < n)
            break;
        const char *call = fake_registry_failed();
        assert_int_equal(error, strcmp(call, "RegCloseKey") ? ERROR_ACCESS_DENIED : ERROR_SUCCESS);
        if (error)
            assert_int_equal(strncmp(logging_scene.failure.call, call, strlen(call)), 0);
        assert_true(fake_registry_open_handles() == 0);
        assert_int_equal(scene_restore(), ERROR_SUCCESS);
        scene_assert_as_before();
        assert_int_equal(logging_scene.heard[LOGGING_KEPT], 0);
    }
}

static void whatever_call_of_raising_anew_fails_is_told(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        logging_scene_begin();
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
        assert_int_equal(scene_restore(), ERROR_SUCCESS);
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        DWORD error = scene_raise_anew();
        if (fake_registry_calls() - before < n)
            break;
        assert_int_equal(error, strcmp(fake_registry_failed(), "RegCloseKey") ? ERROR_ACCESS_DENIED
                                                                              : ERROR_SUCCESS);
        assert_int_equal(scene_raise_anew(), ERROR_SUCCESS);
        assert_int_equal(scene_level(SMTP), 5);
        scene_assert_remembered(SMTP, L"raised from 0");
    }
}

/* ---- death ----------------------------------------------------------------------------------- */

static jmp_buf death;
static unsigned left; /* calls until it dies */

static bool is_remembered(const wchar_t *name)
{
    return *scene_remembered(name) != 0;
}

/* Before each call: a level is about to be raised (remembered, and not yet raised), or what it was
 * to be forgotten, only when the step before is on disk. */
static void assert_in_order(const wchar_t *name, DWORD before, const wchar_t *text,
                            const char *call)
{
    DWORD now = scene_level(name);
    assert_true(now == before || now == 5);
    if (now == 5)
        assert_non_null(wcsstr(scene_remembered(name), text));
    if (strcmp(call, "RegOpenKeyEx") == 0 && is_remembered(name)) {
        assert_true(fake_registry_on_disk(MEMORY, name));
        assert_true(fake_registry_on_disk(LEVELS, name));
    }
    if (strcmp(call, "RegDeleteValue") == 0 && is_remembered(name) && now == before)
        assert_true(fake_registry_on_disk(LEVELS, name));
}

static void die(void *context, const char *call, enum fake_moment moment)
{
    (void)context, (void)moment;
    assert_in_order(SMTP, 0, L"from 0", call);
    assert_in_order(SIGN_IN, 3, L"from 3", call);
    if (--left == 0)
        longjmp(death, 1);
}

/* Whether it was killed before its n-th call. */
static bool killed_at(unsigned n, DWORD (*act)(void))
{
    left = n;
    fake_calls_hook(die, NULL);
    bool killed = setjmp(death) != 0;
    if (!killed)
        assert_int_equal(act(), ERROR_SUCCESS);
    fake_calls_hook(NULL, NULL);
    fake_registry_kill();
    return killed;
}

static void whenever_it_dies_raising_no_level_is_lost(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 1000; n++) {
        logging_scene_begin();
        if (!killed_at(n, scene_raise)) {
            assert_true(n > 20);
            break;
        }
        if (n % 2 == 0) { /* the next process goes on, or it is uninstalled at once */
            assert_int_equal(scene_raise(), ERROR_SUCCESS);
            assert_int_equal(scene_level(SMTP), 5);
            assert_int_equal(scene_level(SIGN_IN), 5);
            assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
            assert_in_range(logging_scene.heard[LOGGING_RAISED], 2, 3);
        }
        assert_int_equal(scene_restore(), ERROR_SUCCESS);
        scene_assert_as_before();
    }
}

static void whenever_it_dies_putting_back_the_next_one_ends_it(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 1000; n++) {
        logging_scene_begin();
        assert_int_equal(scene_raise(), ERROR_SUCCESS);
        if (!killed_at(n, scene_restore)) {
            assert_true(n > 20);
            break;
        }
        assert_int_equal(scene_raise(), ERROR_SUCCESS); /* the service lives on */
        assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
        assert_int_equal(scene_restore(), ERROR_SUCCESS);
        scene_assert_as_before();
        assert_int_equal(logging_scene.heard[LOGGING_KEPT], 0);
    }
}

/* ---- two at once ----------------------------------------------------------------------------- */

static void run(void *context)
{
    DWORD (*act)(void) = *(DWORD(**)(void))context;
    assert_int_equal(act(), ERROR_SUCCESS);
}

static void the_service_and_a_verb_may_be_at_it_at_once(void **state)
{
    (void)state;
    static DWORD (*acts[])(void) = {scene_raise, scene_raise_anew, scene_restore};
    for (size_t first = 0; first < ARRAYSIZE(acts); first++)
        for (size_t second = 0; second < ARRAYSIZE(acts); second++)
            for (unsigned n = 1; n < 1000; n++) {
                if (acts[first] != scene_raise && acts[second] != scene_raise && first != second)
                    break; /* two administrators who disagree */
                logging_scene_begin();
                if (acts[first] == scene_restore)
                    assert_int_equal(scene_raise(), ERROR_SUCCESS);
                unsigned before = fake_registry_calls();
                fake_registry_before(n, run, &acts[second]);
                acts[first](); /* the key may go away under it */
                if (fake_registry_calls() - before < n)
                    break;
                assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
                assert_int_equal(logging_scene.heard[LOGGING_KEPT], 0);
                assert_int_equal(scene_raise(), ERROR_SUCCESS);
                assert_int_equal(logging_scene.heard[LOGGING_CHANGED], 0);
                assert_int_equal(scene_restore(), ERROR_SUCCESS);
                scene_assert_as_before();
            }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, logging_scene_set_up, logging_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_call_fails_no_level_is_lost),
        TEST(of_several_failures_the_first_is_told),
        TEST(whatever_call_of_restore_fails_it_is_done_by_the_next),
        TEST(whatever_call_of_raising_anew_fails_is_told),
        TEST(whenever_it_dies_raising_no_level_is_lost),
        TEST(whenever_it_dies_putting_back_the_next_one_ends_it),
        TEST(the_service_and_a_verb_may_be_at_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
