/* What the directory says of this host's SMTP virtual servers, and each call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "account_scene.h"
#include "fake_exchange.h"
#include "windows/exchange_directory.h"
#include "windows/system_library.h"

#define ORGANIZATION                                                                               \
    L"CN=Servers,CN=First Administrative Group,CN=Administrative Groups,CN=Contoso,"               \
    L"CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=example"
#define SERVER(number, name) L"CN=" number L",CN=SMTP,CN=Protocols,CN=" name L"," ORGANIZATION

static struct exchange_relaying relaying;
static const char *failed_call;

static void add(const wchar_t *dn, const wchar_t *value)
{
    struct fake_exchange_object *object = fake_exchange_add(dn, L"protocolCfgSMTPServer");
    if (value)
        object->attributes[0] = (struct fake_exchange_attribute){L"msExchSmtpRelayForAuth", value};
}

static int set_up(void **state)
{
    scene_set_up(state);
    fake_exchange_reset();
    relaying = (struct exchange_relaying){77, 77, 77};
    failed_call = NULL;
    return 0;
}

static int tear_down(void **state)
{
    assert_int_equal(fake_exchange.sessions, 0);
    assert_int_equal(fake_exchange.results, 0);
    assert_int_equal(fake_exchange.names, 0);
    assert_int_equal(fake_exchange.values, 0);
    return scene_tear_down(state);
}

static DWORD ask(void)
{
    return exchange_directory_relaying(&relaying, &failed_call);
}

static void assert_counts(unsigned allowed, unsigned refused, unsigned untold)
{
    assert_int_equal(relaying.allowed, allowed);
    assert_int_equal(relaying.refused, refused);
    assert_int_equal(relaying.untold, untold);
}

static void only_this_hosts_servers_count(void **state)
{
    (void)state;
    add(SERVER(L"1", L"exch1"), L"TRUE");
    add(SERVER(L"2", L"EXCH1"), L"FALSE");
    add(SERVER(L"3", L"EXCH1"), NULL);
    add(SERVER(L"4", L"EXCH1"), L"TRUE, perhaps");
    add(SERVER(L"1", L"EXCH10"), L"TRUE");
    add(SERVER(L"1", L"EXCH"), L"TRUE");
    fake_exchange_add(SERVER(L"1", L"EXCH1"), L"protocolCfgPOPServer")->attributes[0] =
        (struct fake_exchange_attribute){L"msExchSmtpRelayForAuth", L"TRUE"};
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_counts(1, 1, 2);
}

static void the_controller_that_is_used_is_asked_within_bounds(void **state)
{
    (void)state;
    contoso->used = 1;
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_counts(0, 0, 0);
    scene_assert_wide(fake_exchange.host, L"dc2.contoso.example");
    assert_int_equal(fake_exchange.version, LDAP_VERSION3);
    assert_false(fake_exchange.follows_referrals);
    assert_true(fake_exchange.signs);
    assert_int_equal(fake_exchange.time_limit, LDAP_SESSION_SECONDS);
    assert_int_equal(fake_exchange.connect_seconds, LDAP_SESSION_SECONDS);
    assert_int_equal(fake_exchange.search_seconds, LDAP_SESSION_SECONDS);
}

static void each_call_failing_is_told(void **state)
{
    static const char *const calls[] = {
        "ldap_initW",       "ldap_set_optionW",   "ldap_set_optionW", "ldap_set_optionW",
        "ldap_set_optionW", "ldap_connect",       "ldap_bind_sW",     "ldap_search_ext_sW",
        "ldap_get_valuesW", "ldap_search_ext_sW",
    };
    (void)state;
    add(SERVER(L"1", L"EXCH1"), L"TRUE");
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        fake_calls_fail(&fake_exchange.calls, i + 1, LDAP_TIMEOUT, false);
        DWORD error = ask();
        assert_string_equal(failed_call, calls[i]);
        assert_int_equal(error, strcmp(calls[i], "ldap_get_valuesW") == 0 ? ERROR_DS_GENERIC_ERROR
                                                                          : ERROR_TIMEOUT);
        assert_counts(77, 77, 77);
    }
}

static void a_server_that_cannot_be_read_is_untold(void **state)
{
    (void)state;
    add(SERVER(L"1", L"EXCH1"), L"TRUE");
    fake_calls_fail(&fake_exchange.calls, 12, LDAP_INSUFFICIENT_RIGHTS, false);
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_string_equal(fake_exchange.calls.failed, "ldap_get_valuesW");
    assert_counts(0, 0, 1);
    fake_calls_fail(&fake_exchange.calls, 11, LDAP_NO_MEMORY, false);
    assert_int_equal(ask(), ERROR_SUCCESS);
    assert_string_equal(fake_exchange.calls.failed, "ldap_get_dnW");
    assert_counts(0, 0, 0);
}

static void a_directory_without_exchange_is_told(void **state)
{
    (void)state;
    fake_exchange.object_count = 1;
    assert_int_equal(ask(), ERROR_DS_NO_SUCH_OBJECT);
    assert_string_equal(failed_call, "ldap_search_ext_sW");
    fake_exchange.objects[0].attributes[0].name = NULL;
    assert_int_equal(ask(), ERROR_DS_GENERIC_ERROR);
    assert_string_equal(failed_call, "ldap_get_valuesW");
}

static void a_host_without_a_domain_is_told(void **state)
{
    (void)state;
    fake.domain_count = 1;
    assert_int_equal(ask(), ERROR_NO_SUCH_DOMAIN);
    assert_string_equal(failed_call, "DsGetDcNameW");
    fake_directory_fail(FAKE_COMPUTER_NAME, 1, ERROR_GEN_FAILURE);
    assert_int_equal(ask(), ERROR_GEN_FAILURE);
    assert_string_equal(failed_call, "GetComputerNameW");
    assert_int_equal(fake_exchange.calls.made, 0);
}

static HMODULE WINAPI load_nothing(LPCWSTR path, HANDLE file, DWORD flags)
{
    (void)path;
    (void)file;
    (void)flags;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

static void the_library_is_asked_for_once_it_is_needed(void **state)
{
    const struct system_library_calls real = system_library_calls;
    (void)state;
    ldap_session_calls.loaded = false;
    system_library_calls.LoadLibraryExW = load_nothing;
    DWORD error = ask();
    system_library_calls = real;
    assert_int_equal(error, ERROR_MOD_NOT_FOUND);
    assert_string_equal(failed_call, "LoadLibraryExW");
    assert_int_equal(fake_exchange.calls.made, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_this_hosts_servers_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_controller_that_is_used_is_asked_within_bounds, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_call_failing_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_cannot_be_read_is_untold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_directory_without_exchange_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_host_without_a_domain_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_library_is_asked_for_once_it_is_needed, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
