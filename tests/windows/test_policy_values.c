/* test_policy_values.c: what Group Policy writes for each policy of the templates is the setting
 * that the administrator meant. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "../core/policy_template.h"
#include "fake_registry.h"
#include "windows/parameters.h"

enum { WIDE_MAX = 1024 };

static struct policy_template templates[2]; /* of .admx, of .adm */
static struct settings settings;
static struct setting_origins origins;

static int read_templates(void **state)
{
    (void)state;
    policy_template_read_admx(&templates[0]);
    policy_template_read_adm(&templates[1]);
    return 0;
}

static DWORD widen(wchar_t to[WIDE_MAX], const char *ascii)
{
    DWORD count = 0;
    do {
        assert_true(count < WIDE_MAX);
        to[count] = (unsigned char)ascii[count];
    } while (ascii[count++]);
    return count;
}

static void put(const struct template_policy *policy, const char *name, DWORD type,
                const void *data, DWORD size)
{
    wchar_t key[WIDE_MAX], value[WIDE_MAX];
    widen(key, policy->key);
    widen(value, name);
    fake_registry_put(key, value, type, data, size);
}

/* As Group Policy does, for a policy that is enabled and filled in so; what is filled in has its
 * items separated by ", ". */
static void enable(const struct template_policy *policy, const char *filled)
{
    wchar_t text[WIDE_MAX];
    DWORD count = widen(text, filled), number;
    switch (policy->kind) {
    case TEMPLATE_SWITCH:
    case TEMPLATE_NUMBER:
        number = policy_template_number(filled);
        put(policy, policy->value, REG_DWORD, &number, sizeof number);
        break;
    case TEMPLATE_WORD:
    case TEMPLATE_TEXT:
        put(policy, policy->value, REG_SZ, text, count * (DWORD)sizeof *text);
        break;
    case TEMPLATE_LINES: {
        DWORD used = 0;
        for (DWORD i = 0; i < count; i++)
            if (text[i] == L',')
                text[used++] = 0;
            else if (text[i] != L' ')
                text[used++] = text[i];
        text[used++] = 0;
        put(policy, policy->value, REG_MULTI_SZ, text, used * (DWORD)sizeof *text);
        break;
    }
    case TEMPLATE_PAIRS:
        put(policy, "CONTOSO\\ann", REG_SZ, text, count * (DWORD)sizeof *text);
        break;
    }
}

static void read_back(size_t expected_problems)
{
    size_t problems = 0;
    assert_int_equal(parameters_read(&settings, &origins, &problems, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(problems, expected_problems);
}

/* Enabled and filled in so, it is the setting. */
static void expect(const struct template_policy *policy, const char *filled)
{
    char16_t name[WIDE_MAX];
    char shown[SETTING_VALUE_TEXT_SIZE];
    widen(name, policy->value);
    size_t index = setting_find(text_of(name));
    fake_registry_reset();
    enable(policy, filled);
    read_back(0);
    settings_show(&settings, index, shown);
    assert_string_equal(shown, filled);
    for (size_t i = 0; i < setting_count; i++)
        assert_int_equal(origins.settings[i], i == index ? SETTING_BY_POLICY : SETTING_BY_DEFAULT);
}

static void expect_number(const struct template_policy *policy, unsigned long number)
{
    char text[16];
    snprintf(text, sizeof text, "%lu", number);
    expect(policy, text);
}

/* The value of a text depends on the setting; one that is not its default. */
static const char *sample(const struct template_policy *policy)
{
    if (strcmp(policy->name, "Limits") == 0)
        return "77/10m, clients:4/2h";
    if (strcmp(policy->name, "QueueDirectory") == 0)
        return "D:\\Mail\\Queue";
    return strcmp(policy->name, "Exempt") == 0 ? "CONTOSO\\fax, svc-*" : "OneService";
}

static void each_field_is_the_setting(void **state)
{
    (void)state;
    for (size_t form = 0; form < 2; form++)
        for (size_t i = 0; i < setting_count; i++) {
            const struct template_policy *policy = &templates[form].policies[i];
            switch (policy->kind) {
            case TEMPLATE_SWITCH:
                expect_number(policy, 1);
                expect_number(policy, 0);
                break;
            case TEMPLATE_NUMBER:
                expect_number(policy, policy->low);
                expect_number(policy, policy->high);
                expect(policy, policy->initial);
                break;
            case TEMPLATE_WORD:
                for (size_t j = 0; j < policy->word_count; j++)
                    expect(policy, policy->words[j]);
                break;
            case TEMPLATE_TEXT:
            case TEMPLATE_LINES:
                expect(policy, sample(policy));
                if (policy->initial[0])
                    expect(policy, policy->initial);
                if (!policy->required)
                    expect(policy, "");
                break;
            case TEMPLATE_PAIRS:
                fail();
            }
        }
}

static void what_a_field_does_not_take_is_no_setting(void **state)
{
    (void)state;
    for (size_t form = 0; form < 2; form++)
        for (size_t i = 0; i < setting_count; i++) {
            const struct template_policy *policy = &templates[form].policies[i];
            char above[16];
            fake_registry_reset();
            if (policy->kind != TEMPLATE_NUMBER)
                continue;
            snprintf(above, sizeof above, "%lu", policy->high + 1);
            enable(policy, above);
            read_back(1);
        }
}

static void accounts_are_given_limits(void **state)
{
    (void)state;
    for (size_t form = 0; form < 2; form++) {
        fake_registry_reset();
        enable(&templates[form].policies[setting_count], "500/10m, clients:9/1h");
        read_back(0);
        const struct limit_set *limits =
            settings_account_limits(&settings, TEXT_OF(u"CONTOSO\\ann"));
        assert_non_null(limits);
        assert_int_equal(limits->count, 2);
        assert_int_equal(origins.accounts[0], SETTING_BY_POLICY);
    }
}

static void all_of_them_together_are_all_settings(void **state)
{
    (void)state;
    for (size_t form = 0; form < 2; form++) {
        const struct policy_template *policies = &templates[form];
        fake_registry_reset();
        for (size_t i = 0; i < setting_count; i++) {
            const struct template_policy *policy = &policies->policies[i];
            enable(policy, policy->kind == TEMPLATE_SWITCH  ? "1"
                           : policy->kind == TEMPLATE_LINES ? sample(policy)
                                                            : policy->initial);
        }
        read_back(0);
        for (size_t i = 0; i < setting_count; i++)
            assert_int_equal(origins.settings[i], SETTING_BY_POLICY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_is_the_setting),
        cmocka_unit_test(what_a_field_does_not_take_is_no_setting),
        cmocka_unit_test(accounts_are_given_limits),
        cmocka_unit_test(all_of_them_together_are_all_settings),
    };
    return cmocka_run_group_tests(tests, read_templates, NULL);
}
