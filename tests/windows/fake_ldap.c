#include "fake_ldap.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "core/text.h"

struct fake_ldap fake_ldap;

static struct {
    LDAP handle;
    bool version3, is_signed, bounded, connected, signed_in;
} session;
static LDAPMessage result, entry;
static wchar_t texts[6][64];
static PWCHAR values[7];

static bool must_fail(const char *call)
{
    fake_ldap.calls++;
    return fake_ldap.fail_call && strcmp(fake_ldap.fail_call, call) == 0;
}

static void is_open(const LDAP *ldap)
{
    assert_ptr_equal(ldap, &session.handle);
    assert_int_equal(fake_ldap.sessions, 1);
}

static LDAP *LDAPAPI init(PWCHAR host, ULONG port)
{
    if (must_fail("ldap_initW"))
        return NULL;
    assert_int_equal(port, LDAP_PORT);
    text_to_utf8(fake_ldap.host, sizeof fake_ldap.host, text_of(host));
    memset(&session, 0, sizeof session);
    fake_ldap.sessions++;
    return &session.handle;
}

static ULONG LDAPAPI set_option(LDAP *ldap, int option, const void *value)
{
    is_open(ldap);
    if (must_fail("ldap_set_optionW"))
        return fake_ldap.fail_error;
    if (option == LDAP_OPT_PROTOCOL_VERSION)
        session.version3 = *(const ULONG *)value == LDAP_VERSION3;
    else if (option == LDAP_OPT_SIGN)
        session.is_signed = value == LDAP_OPT_ON;
    else if (option == LDAP_OPT_TIMELIMIT)
        session.bounded = *(const ULONG *)value > 0;
    else if (option == LDAP_OPT_REFERRALS)
        assert_ptr_equal(value, LDAP_OPT_OFF);
    else
        fail_msg("option %d", option);
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI connect(LDAP *ldap, struct l_timeval *patience)
{
    is_open(ldap);
    assert_true(patience->tv_sec > 0);
    if (must_fail("ldap_connect"))
        return fake_ldap.fail_error;
    session.connected = true;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI bind(LDAP *ldap, PWCHAR name, PWCHAR credentials, ULONG method)
{
    is_open(ldap);
    if (must_fail("ldap_bind_sW"))
        return fake_ldap.fail_error;
    assert_true(!name && !credentials && session.version3 && session.is_signed);
    assert_true(session.bounded && session.connected);
    assert_int_equal(method, LDAP_AUTH_NEGOTIATE);
    session.signed_in = true;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI search(LDAP *ldap, PWCHAR base, ULONG scope, PWCHAR filter, PWCHAR *attributes,
                            ULONG types_only, PLDAPControlW *server_controls,
                            PLDAPControlW *client_controls, struct l_timeval *patience,
                            ULONG size_limit, LDAPMessage **message)
{
    is_open(ldap);
    assert_true(!server_controls && !client_controls && size_limit == 0);
    bool fails = must_fail("ldap_search_ext_sW");
    *message = NULL;
    if (fails && !fake_ldap.fails_with_message)
        return fake_ldap.fail_error;
    assert_true(session.signed_in && patience->tv_sec > 0);
    assert_int_equal(scope, LDAP_SCOPE_BASE);
    assert_int_equal(types_only, 0);
    assert_true(wcscmp(filter, L"(objectClass=*)") == 0);
    assert_true(wcscmp(attributes[0], L"allowedAttributesEffective") == 0 && !attributes[1]);
    text_to_utf8(fake_ldap.asked_for, sizeof fake_ldap.asked_for, text_of(base));
    fake_ldap.messages++;
    *message = &result;
    return fails ? fake_ldap.fail_error : LDAP_SUCCESS;
}

static LDAPMessage *LDAPAPI first_entry(LDAP *ldap, LDAPMessage *message)
{
    is_open(ldap);
    assert_ptr_equal(message, &result);
    return must_fail("ldap_first_entry") || fake_ldap.no_entry ? NULL : &entry;
}

static PWCHAR *LDAPAPI get_values(LDAP *ldap, LDAPMessage *message, PWCHAR name)
{
    is_open(ldap);
    assert_ptr_equal(message, &entry);
    assert_true(wcscmp(name, L"allowedAttributesEffective") == 0);
    if (must_fail("ldap_get_values") || !fake_ldap.writable[0])
        return NULL;
    wcscpy(texts[0], L"displayName");
    for (size_t i = 0; i < 5 && fake_ldap.writable[i]; i++)
        wcscpy(texts[i + 1], fake_ldap.writable[i]);
    for (size_t i = 0; i < 6; i++)
        values[i] = i == 0 || fake_ldap.writable[i - 1] != NULL ? texts[i] : NULL;
    fake_ldap.values++;
    return values;
}

static ULONG LDAPAPI value_free(PWCHAR *freed)
{
    assert_ptr_equal(freed, values);
    fake_ldap.values--;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI msgfree(LDAPMessage *message)
{
    assert_ptr_equal(message, &result);
    fake_ldap.messages--;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI unbind(LDAP *ldap)
{
    is_open(ldap);
    fake_ldap.sessions--;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI last_code(void)
{
    return fake_ldap.fail_error;
}

ULONG LDAPAPI fake_ldap_map_error(ULONG code)
{
    switch (code) {
    case LDAP_SUCCESS:
        return ERROR_SUCCESS;
    case LDAP_SERVER_DOWN:
        return ERROR_BAD_NET_RESP;
    case LDAP_TIMEOUT:
        return ERROR_TIMEOUT;
    case LDAP_INSUFFICIENT_RIGHTS:
        return ERROR_ACCESS_DENIED;
    case LDAP_NO_SUCH_OBJECT:
        return ERROR_DS_NO_SUCH_OBJECT;
    default:
        return ERROR_DS_GENERIC_ERROR;
    }
}

void fake_ldap_reset(void)
{
    memset(&fake_ldap, 0, sizeof fake_ldap);
    ldap_session_calls = (struct ldap_session_calls){
        .loaded = true,
        .ldap_initW = init,
        .ldap_set_optionW = set_option,
        .ldap_connect = connect,
        .ldap_bind_sW = bind,
        .ldap_search_ext_sW = search,
        .ldap_first_entry = first_entry,
        .ldap_get_valuesW = get_values,
        .ldap_value_freeW = value_free,
        .ldap_msgfree = msgfree,
        .ldap_unbind = unbind,
        .LdapGetLastError = last_code,
        .LdapMapErrorToWin32 = fake_ldap_map_error,
    };
}

void fake_ldap_assert_closed(void)
{
    assert_int_equal(fake_ldap.sessions + fake_ldap.messages + fake_ldap.values, 0);
}
