/* test_present_settings.c: the settings in force as a verb at a console sees them, against a
 * registry in memory; and replay --diff, which starts from them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "app/present_settings.h"
#include "app/replay.h"
#include "windows/parameters.h"
#include "../core/output.h"
#include "../core/replay_run.h"
#include "../windows/fake_registry.h"

static struct settings settings;
static struct setting_origins origins;
static size_t problems;
static struct output output;

/* As a verb: its exit status is 0 when they could be read. */
static int read_them(int count, char **arguments)
{
    (void)count;
    return present_settings_read(arguments[0], &settings, &origins, &problems) ? 0 : 1;
}

static void read_settings(void)
{
    const char *const arguments[] = {"relaylock settings", NULL};

    memset(&settings, 0xCC, sizeof settings);
    memset(&origins, 0xCC, sizeof origins);
    problems = SIZE_MAX;
    output_of(&output, read_them, arguments);
    assert_string_equal(output.out, "");
    assert_int_equal(fake_registry_open_handles(), 0);
}

static int reset(void **state)
{
    (void)state;
    fake_registry_reset();
    return 0;
}

static int clean_up(void **state)
{
    fake_registry_reset();
    return remove_files(state);
}

static void put_text(const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(PARAMETERS_KEY, name, REG_SZ, text,
                      (DWORD)((wcslen(text) + 1) * sizeof *text));
}

static enum setting_origin origin_of(const wchar_t *name)
{
    return origins.settings[setting_find(text_of(name))];
}

static void without_a_key_they_are_the_defaults(void **state)
{
    static struct settings defaults;

    (void)state;
    read_settings();
    settings_defaults(&defaults);
    assert_int_equal(output.status, 0);
    assert_string_equal(output.err, "");
    assert_int_equal(problems, 0);
    for (size_t i = 0; i < setting_count; i++) {
        assert_true(settings_same(&settings, &defaults, i));
        assert_int_equal(origins.settings[i], SETTING_BY_DEFAULT);
    }
}

static void where_a_setting_comes_from_is_said(void **state)
{
    (void)state;
    put_text(L"Limits", L"9/1m");
    fake_registry_put(PARAMETERS_POLICY_KEY, L"Exempt", REG_SZ, L"fax", sizeof L"fax");
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\CONTOSO/shop", L"Limits", REG_SZ, L"500/1h",
                      sizeof L"500/1h");
    read_settings();
    assert_int_equal(output.status, 0);
    assert_string_equal(output.err, "");
    assert_int_equal(problems, 0);
    assert_int_equal(settings.limits.count, 1);
    assert_int_equal(settings.limits.limits[0].count, 9);
    assert_int_equal(settings.override_count, 1);
    assert_true(text_equal(settings.overrides[0].account, TEXT_OF(u"CONTOSO\\shop")));
    assert_int_equal(origin_of(L"Limits"), SETTING_BY_REGISTRY);
    assert_int_equal(origin_of(L"Exempt"), SETTING_BY_POLICY);
    assert_int_equal(origin_of(L"Action"), SETTING_BY_DEFAULT);
    assert_int_equal(origins.accounts[0], SETTING_BY_REGISTRY);
    /* Whoever does not want to know need not ask. */
    assert_true(present_settings_read("x", &settings, NULL, &problems));
    assert_int_equal(settings.limits.limits[0].count, 9);
}

/* Each is named, whatever it holds; its default is used, and the good part goes on. */
static void what_is_not_allowed_is_named_on_standard_error(void **state)
{
    const DWORD many = 2000;

    (void)state;
    put_text(L"Limits", L"9/1m");
    put_text(L"Action", L"kill\x202e\x1b[31m");
    put_text(L"No\x2028pe", L"1");
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, &many, sizeof many);
    read_settings();
    assert_int_equal(output.status, 0);
    assert_int_equal(problems, 3);
    assert_int_equal(settings.action, LOCK_DISABLE);
    assert_int_equal(settings.limits.limits[0].count, 9);
    assert_has(output.err, "In Parameters, the value \"Action\" is \"kill{U+202E}{U+001B}[31m\". "
                           "Allowed is ");
    assert_has(output.err,
               "the value \"No{U+2028}pe\" is \"a REG_SZ value\". Allowed is one of the");
    assert_has(output.err, "In Parameters, the value \"MaxLocksPerHour\" is \"2000\". Allowed is ");
    assert_int_equal(occurrences(output.err, "\n"), 3);
    assert_lacks(output.err, "Limits");
}

/* Whichever call fails: nothing is taken over, and it is said why. */
static void a_registry_that_cannot_be_read_is_said(void **state)
{
    unsigned calls;

    (void)state;
    put_text(L"Limits", L"9/1m");
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\shop", L"Limits", REG_SZ, L"500/1h",
                      sizeof L"500/1h");
    calls = fake_registry_calls();
    read_settings();
    calls = fake_registry_calls() - calls;
    for (unsigned n = 1; n <= calls; n++) {
        struct settings before;

        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        read_settings();
        assert_non_null(fake_registry_failed());
        if (strcmp(fake_registry_failed(), "RegCloseKey") == 0) {
            assert_int_equal(output.status, 0);
            continue;
        }
        memset(&before, 0xCC, sizeof before);
        assert_int_equal(output.status, 1);
        assert_string_equal(output.err,
                            "relaylock settings: the registry key cannot be read: error 5\n");
        assert_memory_equal(&settings, &before, sizeof before);
    }
}

/* ---- replay --diff -------------------------------------------------------------------------- */

static void write_log(void)
{
    struct evt_builder builder;

    open_log(&builder);
    add(&builder, START, u"X\\bob", 30, 1);
    add(&builder, START + 100, u"X\\shop", 30, 1);
    save(&builder, "a.evt");
}

static void diff_starts_from_the_settings_in_force(void **state)
{
    (void)state;
    put_text(L"Limits", L"20/10m");
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\X/shop", L"Limits", REG_SZ, L"500/1h",
                      sizeof L"500/1h");
    write_log();
    const struct output *run = replay("--diff", "Limits=25/10m", path_of("a.evt"), NULL);

    assert_string_equal(run->err, "");
    assert_has(run->out, "  Limits: 20/10m -> 25/10m\n");
    assert_has(run->out, "20/10m            lock                    2010-01-02T03:04:29Z  25/10m");
    assert_has(run->out, "accounts over a limit 1 -> 1; new 0, gone 0, sooner 0, later 1,");
    assert_int_equal(run->status, REPLAY_VERDICTS);
    /* Without --diff the registry is nobody's business: the log may be from elsewhere. */
    run = replay("--json", path_of("a.evt"), NULL);
    assert_has(run->out, "\"verdicts\":[],");
}

static void diff_says_what_is_wrong_with_the_settings_in_force(void **state)
{
    (void)state;
    put_text(L"Limits", L"zwanzig");
    write_log();
    const struct output *run = replay("--diff", "Limits=25/10m", path_of("a.evt"), NULL);

    assert_has(run->err, "In Parameters, the value \"Limits\" is \"zwanzig\". Allowed is ");
    assert_has(run->out, "  Limits: 50/10m, 200/1h, clients:8/10m -> 25/10m\n");
    assert_has(run->out, "accounts over a limit 0 -> 2; new 2,");
    fake_registry_deny(PARAMETERS_KEY);
    run = replay("--diff", "Limits=25/10m", path_of("a.evt"), NULL);
    assert_string_equal(run->err, "replay: the registry key cannot be read: error 5\n");
    assert_string_equal(run->out, "");
    assert_int_equal(run->status, REPLAY_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_key_they_are_the_defaults, reset),
        cmocka_unit_test_setup(where_a_setting_comes_from_is_said, reset),
        cmocka_unit_test_setup(what_is_not_allowed_is_named_on_standard_error, reset),
        cmocka_unit_test_setup(a_registry_that_cannot_be_read_is_said, reset),
        cmocka_unit_test_setup(diff_starts_from_the_settings_in_force, reset),
        cmocka_unit_test_setup(diff_says_what_is_wrong_with_the_settings_in_force, reset),
    };

    return cmocka_run_group_tests(tests, NULL, clean_up);
}
