#include "ldap_session.h"

#include <stddef.h>
#include "system_library.h"

struct ldap_session_calls ldap_session_calls;

#define FUNCTION(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct ldap_session_calls, name)                                           \
    }
static const struct system_library_function functions[] = {
    FUNCTION(ldap_initW),         FUNCTION(ldap_set_optionW), FUNCTION(ldap_connect),
    FUNCTION(ldap_bind_sW),       FUNCTION(ldap_first_entry), FUNCTION(ldap_next_entry),
    FUNCTION(ldap_search_ext_sW), FUNCTION(ldap_get_dnW),     FUNCTION(ldap_memfreeW),
    FUNCTION(ldap_get_valuesW),   FUNCTION(ldap_value_freeW), FUNCTION(ldap_msgfree),
    FUNCTION(ldap_unbind),        FUNCTION(LdapGetLastError), FUNCTION(LdapMapErrorToWin32),
};

static struct l_timeval time_limit(void)
{
    return (struct l_timeval){.tv_sec = LDAP_SESSION_SECONDS};
}

static DWORD load(const char **failed_call)
{
    if (ldap_session_calls.loaded)
        return ERROR_SUCCESS;
    DWORD error = system_library_load(L"wldap32.dll", functions, ARRAYSIZE(functions),
                                      &ldap_session_calls, failed_call);
    ldap_session_calls.loaded = error == ERROR_SUCCESS;
    return error;
}

static ULONG set_options(struct ldap_session *session)
{
    static const ULONG version = LDAP_VERSION3, seconds = LDAP_SESSION_SECONDS;
    const struct {
        int option;
        const void *value;
    } options[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},
        {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
        {LDAP_OPT_SIGN, LDAP_OPT_ON},
        {LDAP_OPT_TIMELIMIT, &seconds},
    };
    ULONG code = LDAP_SUCCESS;
    session->call = "ldap_set_optionW";
    for (size_t i = 0; code == LDAP_SUCCESS && i < ARRAYSIZE(options); i++)
        code =
            ldap_session_calls.ldap_set_optionW(session->ldap, options[i].option, options[i].value);
    return code;
}

static ULONG sign_in(struct ldap_session *session, const wchar_t *host)
{
    struct l_timeval limit = time_limit();
    session->call = "ldap_initW";
    session->ldap = ldap_session_calls.ldap_initW((PWCHAR)host, LDAP_PORT);
    if (session->ldap == NULL) {
        ULONG code = ldap_session_calls.LdapGetLastError();
        return code != LDAP_SUCCESS ? code : LDAP_OTHER;
    }
    ULONG code = set_options(session);
    if (code == LDAP_SUCCESS) {
        session->call = "ldap_connect";
        code = ldap_session_calls.ldap_connect(session->ldap, &limit);
    }
    if (code == LDAP_SUCCESS) {
        session->call = "ldap_bind_sW";
        code = ldap_session_calls.ldap_bind_sW(session->ldap, NULL, NULL, LDAP_AUTH_NEGOTIATE);
    }
    return code;
}

DWORD ldap_session_open(struct ldap_session *session, const wchar_t *server,
                        const char **failed_call)
{
    struct ldap_session opened = {.ldap = NULL};
    DWORD error = load(failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    ULONG code = sign_in(&opened, server + wcsspn(server, L"\\"));
    if (code != LDAP_SUCCESS)
        return ldap_session_close(&opened, code, failed_call);
    *session = opened;
    return ERROR_SUCCESS;
}

ULONG ldap_session_search(struct ldap_session *session, const wchar_t *base, ULONG scope,
                          const wchar_t *filter, const wchar_t *attribute, LDAPMessage **found)
{
    struct l_timeval limit = time_limit();
    PWCHAR attributes[] = {(PWCHAR)attribute, NULL};
    *found = NULL;
    session->call = "ldap_search_ext_sW";
    return ldap_session_calls.ldap_search_ext_sW(session->ldap, (PWCHAR)base, scope, (PWCHAR)filter,
                                                 attributes, 0, NULL, NULL, &limit, 0, found);
}

DWORD ldap_session_close(struct ldap_session *session, ULONG code, const char **failed_call)
{
    if (session->ldap != NULL)
        ldap_session_calls.ldap_unbind(session->ldap);
    if (code == LDAP_SUCCESS)
        return ERROR_SUCCESS;
    *failed_call = session->call;
    DWORD error = ldap_session_calls.LdapMapErrorToWin32(code);
    return error != ERROR_SUCCESS ? error : ERROR_GEN_FAILURE;
}
