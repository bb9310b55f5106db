/* test_plan.c: what the installer's properties ask for, and what they may be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <wchar.h>
#include "../../installer/plan.h"
#include "fake_session.h"

static struct plan plan;

static void assert_text(const wchar_t *found, const wchar_t *expected)
{
    if (wcscmp(found, expected) != 0)
        fail_msg("\"%ls\" instead of \"%ls\"", found, expected);
}

static void begin(void)
{
    fake_session_reset();
    plan.setting_count = 99;
}

static void without_properties_nothing_is_asked_for(void **state)
{
    (void)state;
    begin();
    assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_SUCCESS);
    assert_int_equal(plan.setting_count, 0);
    assert_int_equal(plan.start, PLAN_START_AS_BEFORE);
    assert_int_equal(fake_session_errors(), 0);
    wchar_t *note = plan_note(&plan);
    struct installation_setting settings[PLAN_SETTINGS];
    assert_non_null(note);
    assert_int_equal(plan_read_note(note, settings), 0);
    free(note);
    plan_free(&plan);
}

static void every_property_counts(void **state)
{
    (void)state;
    begin();
    fake_session_set(L"LOCKACTION", L"flag");
    fake_session_set(L"LIMITS", L"80/10m,300/1h");
    fake_session_set(L"EXEMPT", L"CONTOSO\\news=letter;svc-*");
    fake_session_set(L"OBSERVE", L"1");
    fake_session_set(L"STARTSERVICE", L"0");
    assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_SUCCESS);
    assert_int_equal(plan.start, PLAN_START_NO);

    wchar_t *note = plan_note(&plan);
    plan_free(&plan);
    assert_non_null(note);
    struct installation_setting settings[PLAN_SETTINGS];
    size_t count = plan_read_note(note, settings);
    assert_int_equal(count, 4);
    static const wchar_t *const expected[][2] = {{L"Action", L"flag"},
                                                 {L"Limits", L"80/10m,300/1h"},
                                                 {L"Exempt", L"CONTOSO\\news=letter;svc-*"},
                                                 {L"Observe", L"1"}};
    for (size_t i = 0; i < count; i++) {
        assert_text(settings[i].name, expected[i][0]);
        assert_text(settings[i].value, expected[i][1]);
    }
    free(note);
    assert_int_equal(fake_session_open_records(), 0);
}

static void switches_are_0_or_1(void **state)
{
    (void)state;
    begin();
    fake_session_set(L"STARTSERVICE", L"1");
    assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_SUCCESS);
    assert_int_equal(plan.start, PLAN_START_YES);
    plan_free(&plan);
}

static void a_wrong_value_is_named_with_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const wchar_t *property, *value, *said;
    } cases[] = {
        {L"LOCKACTION", L"kill",
         L"The property LOCKACTION cannot be \"kill\"; allowed: flag, disable or password. Nothing "
         L"was changed."},
        {L"LIMITS", L"50/10m,0/1h",
         L"The property LIMITS cannot be \"50/10m,0/1h\"; allowed: 1 to "},
        {L"EXEMPT", L"a\nb",
         L"The property EXEMPT cannot be \"a{U+000A}b\"; allowed: at most 256 "},
        {L"OBSERVE", L"yes", L"The property OBSERVE cannot be \"yes\"; allowed: 0 or 1. Nothing "},
        {L"STARTSERVICE", L"2", L"The property STARTSERVICE cannot be \"2\"; allowed: 0 or 1. "},
        {L"STARTSERVICE", L"10", L"The property STARTSERVICE cannot be \"10\"; allowed: 0 or 1. "},
        {L"STARTSERVICE", L"01", L"The property STARTSERVICE cannot be \"01\"; allowed: 0 or 1. "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        fake_session_set(L"LIMITS", L"80/10m"); /* freed as well */
        fake_session_set(cases[i].property, cases[i].value);
        assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_INSTALL_FAILURE);
        assert_int_equal(fake_session_errors(), 1);
        if (wcsncmp(fake_session_error(), cases[i].said, wcslen(cases[i].said)) != 0)
            fail_msg("said: %ls", fake_session_error());
        assert_int_equal(fake_session_open_records(), 0);
        assert_int_equal(plan.setting_count, 0);
    }
}

static void a_long_wrong_value_is_cut(void **state)
{
    (void)state;
    static wchar_t value[30000];
    begin();
    wmemset(value, L'x', sizeof value / sizeof *value - 1);
    fake_session_set(L"LIMITS", value);
    assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_INSTALL_FAILURE);
    assert_true(wcslen(fake_session_error()) < 1024);
    assert_non_null(wcsstr(fake_session_error(), L"x\x2026\"; allowed: 1 to 16 limits"));
}

/* Whichever call of Windows Installer fails: the installation ends, and what it was is said unless
 * that is what fails. */
static void a_call_that_fails_ends_it(void **state)
{
    (void)state;
    unsigned n = 1;
    for (;; n++) {
        begin();
        fake_session_set(L"LIMITS", L"80/10m");
        fake_session_fail(n);
        UINT error = plan_make(FAKE_SESSION, &plan);
        if (!fake_session_failed())
            break;
        assert_string_equal(fake_session_failed(), "MsiGetProperty");
        assert_int_equal(error, ERROR_INSTALL_FAILURE);
        assert_int_equal(fake_session_errors(), 1);
        assert_non_null(wcsstr(fake_session_error(), L"MsiGetProperty for "));
        assert_non_null(wcsstr(fake_session_error(), L" failed with error 6"));
        assert_int_equal(fake_session_open_records(), 0);
    }
    assert_int_equal(n, 2 * 5 + 1); /* each property is asked for its length, then for itself */
    plan_free(&plan);
    for (unsigned failing = 3; failing <= 6; failing++) { /* MsiCreateRecord and what follows */
        begin();
        fake_session_set(L"LOCKACTION", L"kill");
        fake_session_fail(failing);
        assert_int_equal(plan_make(FAKE_SESSION, &plan), ERROR_INSTALL_FAILURE);
        assert_non_null(fake_session_failed());
        assert_int_equal(fake_session_errors(), 0);
        assert_int_equal(fake_session_open_records(), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_properties_nothing_is_asked_for),
        cmocka_unit_test(every_property_counts),
        cmocka_unit_test(switches_are_0_or_1),
        cmocka_unit_test(a_wrong_value_is_named_with_what_is_allowed),
        cmocka_unit_test(a_long_wrong_value_is_cut),
        cmocka_unit_test(a_call_that_fails_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
