/* What stands behind the verbs that only Windows has: what is understood, and that nothing else is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "app/verb_arguments.h"

enum { ARGUMENTS_MAX = 6 };

/* Arguments behind the verb, ended by null. Returns how many there are, the verb included. */
static int count_of(char **arguments)
{
    int count = 1;
    while (arguments[count])
        count++;
    return count;
}

static bool release(struct release_request *request, char **arguments)
{
    *request =
        (struct release_request){.number = 7, .target = RELEASE_LATEST, .account = u"nobody"};
    return verb_arguments_release(request, count_of(arguments), arguments);
}

static void a_release_names_one_account_or_all(void **state)
{
    (void)state;
    static char *const good[][ARGUMENTS_MAX] = {
        {"release", "CONTOSO\\bob"},
        {"release", "--force", "CONTOSO\\bob"},
        {"release", "CONTOSO\\bob", "--force", "--force"},
        {"release", "--all"},
        {"release", "--force", "--all"},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct release_request request;
        assert_true(release(&request, (char **)good[i]));
        assert_true(request.number == 7 && request.force == (i == 1 || i == 2 || i == 4));
        assert_int_equal(request.target, i < 3 ? RELEASE_ACCOUNT : RELEASE_ALL);
        assert_true(
            text_equal(text_of(request.account), i < 3 ? TEXT_OF(u"CONTOSO\\bob") : TEXT_OF(u"")));
    }
}

static void a_release_of_anything_else_is_none(void **state)
{
    (void)state;
    static char longest[RELEASE_ACCOUNT_MAX + 1]; /* one unit too many */
    memset(longest, 'a', RELEASE_ACCOUNT_MAX);
    char *wrong[][ARGUMENTS_MAX] = {
        {"release"},
        {"release", "--force"},
        {"release", ""},
        {"release", "-x"},
        {"release", "bob", "alice"},
        {"release", "bob", "--all"},
        {"release", "--all", "--all"},
        {"release", longest},
        {"release", "\xff"},
        /* A name that cannot be read is no reason to release somebody else. */
        {"release", longest, "--all"},
        {"release", "\xff", "alice"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct release_request request;
        assert_false(release(&request, wrong[i]));
        assert_int_equal(request.target, RELEASE_LATEST);
        assert_true(text_equal(text_of(request.account), TEXT_OF(u"nobody")));
    }
}

static void a_doctor_is_asked_about_one_account_at_most(void **state)
{
    (void)state;
    static char *const good[][ARGUMENTS_MAX] = {
        {"doctor"},
        {"doctor", "--json"},
        {"doctor", "--account", "--json"},
        {"doctor", "--json", "--account", "bob"},
    };
    static char *const wrong[][ARGUMENTS_MAX] = {
        {"doctor", "--account"},
        {"doctor", "--account", "bob", "--account", "bob"},
        {"doctor", "--json", "--json"},
        {"doctor", "bob"},
        {"doctor", "--account", "\xc0\x80"},
    };
    struct doctor_arguments read;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(verb_arguments_doctor(&read, count_of((char **)good[i]), (char **)good[i]));
        assert_true(read.json == (i == 1 || i == 3) && read.asked == (i >= 2));
        assert_true(text_equal(text_of(read.account), i == 2   ? TEXT_OF(u"--json")
                                                      : i == 3 ? TEXT_OF(u"bob")
                                                               : TEXT_OF(u"")));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(verb_arguments_doctor(&read, count_of((char **)wrong[i]), (char **)wrong[i]));
        assert_true(text_equal(text_of(read.account), TEXT_OF(u"bob")));
    }
}

static void an_installation_takes_settings_alone(void **state)
{
    (void)state;
    static char *const good[][ARGUMENTS_MAX] = {
        {"install"}, {"install", "--set", "A=1"}, {"install", "--set", "=", "--set", "B=x=y"}};
    static char *const wrong[][ARGUMENTS_MAX] = {{"install", "--set"},
                                                 {"install", "A=1"},
                                                 {"install", "--set", "A"},
                                                 {"install", "--set", "A=1", "B=2"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(verb_arguments_are_settings(count_of((char **)good[i]), (char **)good[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(verb_arguments_are_settings(count_of((char **)wrong[i]), (char **)wrong[i]));
}

static void a_setting_is_split_at_its_first_equals_sign(void **state)
{
    (void)state;
    char16_t units[8];
    const char16_t *name = NULL, *value = NULL;
    assert_true(verb_arguments_setting("B=x=\xc3\xa4", units, 8, &name, &value));
    assert_true(text_equal(text_of(name), TEXT_OF(u"B")));
    assert_true(text_equal(text_of(value), TEXT_OF(u"x=\u00e4")));
    name = value = NULL;
    assert_false(verb_arguments_setting("B", units, 8, &name, &value));
    assert_false(verb_arguments_setting("B=\xff", units, 8, &name, &value));
    assert_false(verb_arguments_setting("B=345678", units, 8, &name, &value)); /* no room */
    assert_true(name == NULL && value == NULL);
    assert_true(verb_arguments_setting("B=34567", units, 8, &name, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_names_one_account_or_all),
        cmocka_unit_test(a_release_of_anything_else_is_none),
        cmocka_unit_test(a_doctor_is_asked_about_one_account_at_most),
        cmocka_unit_test(an_installation_takes_settings_alone),
        cmocka_unit_test(a_setting_is_split_at_its_first_equals_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
