/* test_policy_template.c: the templates of Group Policy have every setting, as the table has it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/settings.h"
#include "policy_template.h"

#define KEY "SOFTWARE\\Policies\\RelayLock"

enum { ADM_TEXT_MAX = 1023 /* the editor of Windows Server 2003 */ };

static struct policy_template admx, adm;

static int read_templates(void **state)
{
    (void)state;
    policy_template_read_admx(&admx);
    policy_template_read_adm(&adm);
    return 0;
}

/* For each setting and its policy in the one and the other. */
static void each(void (*check)(const struct setting_info *info,
                               const struct template_policy *policy, bool is_adm))
{
    for (size_t i = 0; i < setting_count; i++) {
        check(&setting_table[i], &admx.policies[i], false);
        check(&setting_table[i], &adm.policies[i], true);
    }
}

static void every_setting_has_its_policy_and_no_other_is_there(void **state)
{
    (void)state;
    assert_int_equal(admx.count, setting_count + 1);
    assert_int_equal(adm.count, setting_count + 1);
    for (size_t i = 0; i < setting_count; i++) {
        assert_string_equal(admx.policies[i].name, setting_table[i].name);
        assert_string_equal(adm.policies[i].name, setting_table[i].name);
    }
    assert_string_equal(admx.policies[setting_count].name, "Accounts");
    assert_string_equal(adm.policies[setting_count].name, "Accounts");
}

static void check_place(const struct setting_info *info, const struct template_policy *policy,
                        bool is_adm)
{
    (void)is_adm;
    assert_string_equal(policy->key, KEY);
    assert_string_equal(policy->value, info->name);
    assert_string_equal(policy->title, info->name);
    assert_string_equal(policy->category, "RelayLock");
    assert_non_null(strstr(policy->supported, "RelayLock"));
}

static void each_writes_its_value_into_the_policys_key(void **state)
{
    (void)state;
    each(check_place);
}

static void check_kind(const struct setting_info *info, const struct template_policy *policy,
                       bool is_adm)
{
    enum template_kind kind = TEMPLATE_SWITCH;
    switch (info->type) {
    case SETTING_NUMBER:
        kind = TEMPLATE_NUMBER;
        break;
    case SETTING_SWITCH:
        break;
    case SETTING_WORD:
        kind = TEMPLATE_WORD;
        break;
    case SETTING_NAME:
        kind = TEMPLATE_TEXT;
        break;
    case SETTING_LIMITS:
    case SETTING_NAMES:
    case SETTING_SERVICES:
    case SETTING_FOLDERS: /* the older editor has no field of several lines */
        kind = is_adm ? TEMPLATE_TEXT : TEMPLATE_LINES;
        break;
    }
    assert_int_equal(policy->kind, kind);
    /* What may be empty by the table may be left empty. */
    if (kind != TEMPLATE_SWITCH)
        assert_int_equal(policy->required, info->initial[0] != 0);
}

static void each_type_has_its_field(void **state)
{
    (void)state;
    each(check_kind);
}

static void check_bounds(const struct setting_info *info, const struct template_policy *policy,
                         bool is_adm)
{
    if (policy->kind == TEMPLATE_NUMBER) {
        assert_int_equal(policy->low, info->low);
        assert_int_equal(policy->high, info->high);
    } else if (info->type == SETTING_NAME) {
        assert_int_equal(policy->most, SETTING_TEXT_MAX - 1);
    } else if (policy->kind == TEMPLATE_LINES) {
        size_t items = info->type == SETTING_LIMITS  ? LIMIT_SET_MAX
                       : info->type == SETTING_NAMES ? GUARD_EXEMPT_MAX
                                                     : SETTING_SERVICES_MAX;
        assert_int_equal(policy->items, items);
        assert_in_range(policy->most, items * 10, 65536);
    } else if (policy->kind == TEMPLATE_TEXT) {
        assert_true(is_adm);
        assert_int_equal(policy->most, ADM_TEXT_MAX);
    } else if (policy->kind == TEMPLATE_WORD) {
        for (size_t i = 0; i < policy->word_count; i++)
            assert_string_equal(policy->words[i], info->words[i]);
        assert_null(info->words[policy->word_count]);
    }
}

static void the_fields_have_the_bounds_of_the_table(void **state)
{
    (void)state;
    each(check_bounds);
}

static void check_initial(const struct setting_info *info, const struct template_policy *policy,
                          bool is_adm)
{
    (void)is_adm;
    if (policy->kind == TEMPLATE_SWITCH || policy->kind == TEMPLATE_LINES)
        assert_string_equal(policy->initial, ""); /* these cannot be filled in beforehand */
    else
        assert_string_equal(policy->initial, info->initial);
}

static void the_fields_have_the_default_at_first(void **state)
{
    (void)state;
    each(check_initial);
}

/* As .adm can write it: no double quote within a text. */
static void without_quotes(char *to, size_t size, const char *from)
{
    size_t used = 0;
    for (; *from; from++) {
        used +=
            (size_t)snprintf(to + used, size - used, *from == '"' ? "(double quote)" : "%c", *from);
        assert_true(used < size);
    }
}

static void check_words(const struct setting_info *info, const struct template_policy *policy,
                        bool is_adm)
{
    char allowed[1024], line[1100];
    without_quotes(allowed, sizeof allowed, info->allowed);
    assert_int_equal(strncmp(policy->explain, info->meaning, strlen(info->meaning)), 0);
    snprintf(line, sizeof line, "\n\nAllowed: %s", is_adm ? allowed : info->allowed);
    assert_non_null(strstr(policy->explain, line));
    snprintf(line, sizeof line, ".\nDefault: %s%s", info->initial[0] ? info->initial : "none",
             info->unit[0] ? " " : ".\n");
    assert_non_null(strstr(policy->explain, line));
    assert_non_null(strstr(policy->explain, "Enabled: "));
    assert_non_null(strstr(policy->explain, "ot configured: what is set on the computer counts"));
    assert_true(strlen(policy->explain) <= ADM_TEXT_MAX);
    if (policy->kind != TEMPLATE_SWITCH)
        assert_int_equal(strncmp(policy->label, info->name, strlen(info->name)), 0);
}

static void the_explanation_says_all_that_the_table_says(void **state)
{
    (void)state;
    each(check_words);
}

static void accounts_are_pairs_below_the_policys_key(void **state)
{
    (void)state;
    const struct template_policy *policies[] = {&admx.policies[setting_count],
                                                &adm.policies[setting_count]};
    for (size_t i = 0; i < 2; i++) {
        const struct template_policy *policy = policies[i];
        assert_int_equal(policy->kind, TEMPLATE_PAIRS);
        assert_string_equal(policy->key, KEY "\\Accounts");
        assert_non_null(strstr(policy->explain, setting_table[0].allowed));
        assert_non_null(strstr(policy->explain, "256 accounts"));
        assert_non_null(strstr(policy->explain, "Default: none"));
        assert_true(strlen(policy->explain) <= ADM_TEXT_MAX);
        assert_string_equal(policy->explain, policies[0]->explain);
        assert_string_equal(policy->category, "RelayLock");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_has_its_policy_and_no_other_is_there),
        cmocka_unit_test(each_writes_its_value_into_the_policys_key),
        cmocka_unit_test(each_type_has_its_field),
        cmocka_unit_test(the_fields_have_the_bounds_of_the_table),
        cmocka_unit_test(the_fields_have_the_default_at_first),
        cmocka_unit_test(the_explanation_says_all_that_the_table_says),
        cmocka_unit_test(accounts_are_pairs_below_the_policys_key),
    };
    return cmocka_run_group_tests(tests, read_templates, NULL);
}
