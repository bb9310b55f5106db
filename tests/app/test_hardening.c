/* The settings that close the door: TarpitTime set, undone, changed by others, each call failing;
 * and what is only shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hardening_scene.h"

static void put_tarpit(DWORD seconds)
{
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_DWORD, &seconds, sizeof seconds);
}

/* -1: there is none */
static int tarpit(void)
{
    DWORD type, size;
    const DWORD *value = fake_registry_get(TARPIT_KEY, TARPIT_NAME, &type, &size);
    return value ? (int)*value : -1;
}

static void tarpit_is_set_and_undone(void **state)
{
    (void)state;
    hardened_assert_look(HARDENING_TARPIT, HARDENING_OPEN, false, "0 s (not set)");
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_DONE);
    assert_int_equal(tarpit(), 5);
    scene_assert_wide(hardened_memory(TARPIT_NAME), L"set from nothing to 5");
    assert_true(fake_registry_on_disk(HARDENING_KEY, TARPIT_NAME));
    hardened_assert_look(HARDENING_TARPIT, HARDENING_CLOSED, true, "5 s");
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_NOTHING);
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_DONE);
    assert_int_equal(tarpit(), -1);
    assert_null(hardened_memory(TARPIT_NAME));
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_NOTHING);

    put_tarpit(2);
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_DONE);
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_DONE);
    assert_int_equal(tarpit(), 2);
}

static void more_than_recommended_is_left_alone(void **state)
{
    (void)state;
    put_tarpit(9);
    hardened_assert_look(HARDENING_TARPIT, HARDENING_CLOSED, false, "9 s");
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_NOTHING);
    assert_null(hardened_memory(TARPIT_NAME));
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_NOTHING);
    assert_int_equal(tarpit(), 9);
}

static void a_tarpit_that_somebody_changed_stays(void **state)
{
    (void)state;
    hardened_set(HARDENING_TARPIT);
    put_tarpit(9);
    hardened_assert_look(HARDENING_TARPIT, HARDENING_CLOSED, false, "9 s");
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_CHANGED);
    assert_int_equal(tarpit(), 9);
    assert_null(hardened_memory(TARPIT_NAME));

    fake_registry_take(TARPIT_KEY, TARPIT_NAME);
    hardened_set(HARDENING_TARPIT);
    fake_registry_take(TARPIT_KEY, TARPIT_NAME);
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_NOTHING);
    assert_null(hardened_memory(TARPIT_NAME));
    hardened_set(HARDENING_TARPIT);
    put_tarpit(0);
    assert_int_equal(hardened_undo(HARDENING_TARPIT), HARDENING_CHANGED);
    assert_int_equal(tarpit(), 0);
}

static void tarpit_where_something_is_missing(void **state)
{
    (void)state;
    fake_registry_remove(BOOT_KEY_ABOVE);
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_FILE_NOT_FOUND);
    assert_string_equal(hardened_failure.object, "RelayLock\\Hardening");
    assert_int_equal(tarpit(), -1);
    assert_false(fake_registry_has(BOOT_KEY_ABOVE));

    fake_registry_make(BOOT_KEY_ABOVE);
    fake_registry_remove(TARPIT_KEY);
    hardened_assert_look(HARDENING_TARPIT, HARDENING_ABSENT, false, "no SMTP service");
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_FILE_NOT_FOUND);

    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_SZ, L"5", 4);
    hardened_assert_look(HARDENING_TARPIT, HARDENING_UNTOLD, false,
                         "can't tell: RegQueryValueExW failed with error 13");
    assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_INVALID_DATA);
}

static void a_tarpit_that_could_not_be_written_is_not_remembered(void **state)
{
    unsigned refused = 0;
    (void)state;
    for (unsigned n = 1; n < 20; n++) {
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        enum hardening_result result = hardened_set(HARDENING_TARPIT);
        fake_registry_fail(0, ERROR_SUCCESS);
        if (result == HARDENING_FAILED && tarpit() == -1 &&
            strcmp(hardened_failure.object, "SMTPSVC\\Parameters\\TarpitTime") == 0) {
            refused++;
            assert_null(hardened_memory(TARPIT_NAME));
        }
        hardened_undo(HARDENING_TARPIT);
    }
    assert_int_equal(refused, 4); /* opened and read; opened and written */
}

/* Whichever call fails, what was there can be had back, and nothing is remembered for nothing. */
static void tarpit_when_any_call_fails(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        unsigned calls = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        enum hardening_result result = hardened_set(HARDENING_TARPIT);
        bool failed = fake_registry_calls() - calls >= n;
        fake_registry_fail(0, ERROR_SUCCESS);
        if (!failed) {
            assert_true(n > 10);
            break;
        }
        if (result == HARDENING_FAILED)
            assert_int_equal(hardened_failure.error, ERROR_ACCESS_DENIED);
        assert_true(tarpit() == -1 || hardened_memory(TARPIT_NAME) != NULL);
        hardened_undo(HARDENING_TARPIT);
        assert_int_equal(tarpit(), -1);
        assert_null(hardened_memory(TARPIT_NAME));
    }
    for (unsigned n = 1;; n++) {
        put_tarpit(2);
        assert_int_equal(hardened_set(HARDENING_TARPIT), HARDENING_DONE);
        unsigned calls = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        hardened_undo(HARDENING_TARPIT);
        bool failed = fake_registry_calls() - calls >= n;
        fake_registry_fail(0, ERROR_SUCCESS);
        if (!failed) {
            assert_true(n > 8);
            break;
        }
        hardened_undo(HARDENING_TARPIT);
        assert_int_equal(tarpit(), 2);
        assert_null(hardened_memory(TARPIT_NAME));
    }
}

static void relaying_is_shown(void **state)
{
    struct fake_exchange_object *server =
        fake_exchange_add(L"CN=1,CN=SMTP,CN=Protocols,CN=EXCH1,CN=Microsoft Exchange,CN=Services,"
                          L"CN=Configuration,DC=contoso,DC=example",
                          L"protocolCfgSMTPServer");
    struct fake_exchange_attribute *attribute = &server->attributes[0];
    (void)state;
    hardened_assert_look(HARDENING_RELAYING, HARDENING_UNTOLD, false,
                         "of 1 SMTP virtual servers 0 allow it, 0 refuse it, 1 can't be told");
    *attribute = (struct fake_exchange_attribute){L"msExchSmtpRelayForAuth", L"TRUE"};
    hardened_assert_look(HARDENING_RELAYING, HARDENING_OPEN, false,
                         "of 1 SMTP virtual servers 1 allow it, 0 refuse it, 0 can't be told");
    attribute->value = L"FALSE";
    hardened_assert_look(HARDENING_RELAYING, HARDENING_CLOSED, false,
                         "of 1 SMTP virtual servers 0 allow it, 1 refuse it, 0 can't be told");
    fake_exchange.object_count--;
    hardened_assert_look(HARDENING_RELAYING, HARDENING_ABSENT, false,
                         "of 0 SMTP virtual servers 0 allow it, 0 refuse it, 0 can't be told");
    fake_calls_break(&fake_exchange.calls, "ldap_connect", LDAP_TIMEOUT);
    hardened_assert_look(HARDENING_RELAYING, HARDENING_UNTOLD, false,
                         "can't tell: ldap_connect failed with error 1460");
    hardened_assert_look(HARDENING_RECIPIENTS, HARDENING_UNTOLD, false, "can't tell");
}

static void each(void *context, enum hardening_item item, const char16_t *record)
{
    char *told = context;
    sprintf(told + strlen(told), "%s: %ls\n", hardening_name(item), record);
}

static void what_is_set_is_told(void **state)
{
    char told[512] = "";
    (void)state;
    hardened_set(HARDENING_TARPIT);
    hardened_set(HARDENING_GUEST);
    fake_registry_put(HARDENING_KEY, L"DomainGuest", REG_SZ, L"nonsense", 18);
    hardening_each_set(each, told);
    assert_string_equal(told,
                        "TarpitTime: set from nothing to 5\n"
                        "Guest: set from 513 to 515 of S-1-5-21-1000-77-4000000000-501 on this "
                        "computer\n");
    fake_registry_deny(HARDENING_KEY);
    told[0] = 0;
    hardening_each_set(each, told);
    assert_string_equal(told, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tarpit_is_set_and_undone, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(more_than_recommended_is_left_alone, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_tarpit_that_somebody_changed_stays, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(tarpit_where_something_is_missing, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_tarpit_that_could_not_be_written_is_not_remembered,
                                        hardening_set_up, hardening_tear_down),
        cmocka_unit_test_setup_teardown(tarpit_when_any_call_fails, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(relaying_is_shown, hardening_set_up, hardening_tear_down),
        cmocka_unit_test_setup_teardown(what_is_set_is_told, hardening_set_up, hardening_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
