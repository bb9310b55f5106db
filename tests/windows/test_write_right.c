/* Whether an account may be written, as the directory tells it: each call failing, and wldap32. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "fake_ldap.h"
#include "windows/system_library.h"
#include "windows/write_right.h"

static const uint8_t sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
static const char *call;
static bool may;

static int set_up(void **state)
{
    (void)state;
    fake_ldap_reset();
    call = NULL;
    may = false;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_ldap_assert_closed();
    return 0;
}

static DWORD ask(void)
{
    static const wchar_t *const attributes[] = {L"userAccountControl", L"description", NULL};
    return write_right_of_attributes(L"\\\\DC1", sid, sizeof sid, attributes, &may, &call);
}

static void it_is_written_or_not(void **state)
{
    (void)state;
    fake_ldap.writable[0] = L"Description";
    fake_ldap.writable[1] = L"USERACCOUNTCONTROL";
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_true(may);
    assert_string_equal(fake_ldap.asked_for, "<SID=010100000000000512000000>");
    fake_ldap.writable[1] = L"userAccountControlX";
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_false(may);
    fake_ldap.writable[0] = fake_ldap.writable[1] = NULL;
    may = true;
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_false(may);
}

static void a_failure_tells_nothing(void **state)
{
    (void)state;
    static const char *const failures[] = {"ldap_initW", "ldap_set_optionW", "ldap_connect",
                                           "ldap_bind_sW", "ldap_search_ext_sW"};
    fake_ldap.writable[0] = L"userAccountControl";
    fake_ldap.fail_error = LDAP_TIMEOUT;
    for (int with_message = 0; with_message <= 1; with_message++)
        for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
            fake_ldap.fails_with_message = with_message != 0;
            fake_ldap.fail_call = failures[i];
            assert_int_equal(ask(), ERROR_TIMEOUT);
            assert_string_equal(call, failures[i]);
            assert_false(may);
            fake_ldap_assert_closed();
        }
}

static void an_account_that_the_directory_has_not(void **state)
{
    (void)state;
    fake_ldap.no_entry = true;
    assert_int_equal(ask(), ERROR_DS_NO_SUCH_OBJECT);
    assert_string_equal(call, "ldap_search_ext_sW");
}

static HMODULE WINAPI no_library(LPCWSTR path, HANDLE file, DWORD flags)
{
    (void)file;
    (void)flags;
    assert_non_null(wcsstr(path, L"\\wldap32.dll"));
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

static void without_wldap32(void **state)
{
    (void)state;
    const struct system_library_calls before = system_library_calls;
    ldap_session_calls.loaded = false;
    system_library_calls.LoadLibraryExW = no_library;
    assert_int_equal(ask(), ERROR_MOD_NOT_FOUND);
    assert_string_equal(call, "LoadLibraryExW");
    assert_false(ldap_session_calls.loaded);
    system_library_calls = before;
}

/* The functions that are looked up are there. */
static void with_the_systems_wldap32(void **state)
{
    (void)state;
    ldap_session_calls = (struct ldap_session_calls){0};
    static const wchar_t *const none[] = {NULL};
    write_right_of_attributes(L"\\\\127.0.0.1", sid, sizeof sid, none, &may, &call);
    assert_true(ldap_session_calls.loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_written_or_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_tells_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_that_the_directory_has_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_wldap32, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_the_systems_wldap32, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
