#include "exchange_directory.h"
#include "directory.h"
#include "last_error.h"
#include "ldap_session.h"
#include "../core/text.h"

enum { DN_MAX = 512 /* units of a distinguished name that is made here, terminator included */ };

/* The first value of an attribute, cut to what fits; false when there is none. */
static bool first_value(const struct ldap_session *session, LDAPMessage *entry,
                        const wchar_t *attribute, wchar_t *value, size_t capacity)
{
    PWCHAR *values = ldap_session_calls.ldap_get_valuesW(session->ldap, entry, (PWCHAR)attribute);
    bool found = values != NULL && values[0] != NULL;
    if (found)
        text_copy(value, capacity, text_of(values[0]));
    if (values != NULL)
        ldap_session_calls.ldap_value_freeW(values);
    return found;
}

/* The container of Exchange's configuration. */
static ULONG find_base(struct ldap_session *session, wchar_t base[DN_MAX])
{
    static const wchar_t below[] = L"CN=Microsoft Exchange,CN=Services,";
    static const wchar_t attribute[] = L"configurationNamingContext";
    const size_t count = ARRAYSIZE(below) - 1;
    LDAPMessage *found;
    ULONG code =
        ldap_session_search(session, L"", LDAP_SCOPE_BASE, L"(objectClass=*)", attribute, &found);
    if (code == LDAP_SUCCESS) {
        LDAPMessage *root = ldap_session_calls.ldap_first_entry(session->ldap, found);
        text_copy(base, DN_MAX, text_of(below));
        session->call = "ldap_get_valuesW";
        if (root == NULL || !first_value(session, root, attribute, base + count, DN_MAX - count))
            code = LDAP_NO_SUCH_ATTRIBUTE;
    }
    if (found != NULL)
        ldap_session_calls.ldap_msgfree(found);
    return code;
}

/* Whether the entry's object lies below the server of this pattern. */
static bool is_of(const struct ldap_session *session, LDAPMessage *entry, const wchar_t *pattern)
{
    PWCHAR dn = ldap_session_calls.ldap_get_dnW(session->ldap, entry);
    bool is = dn != NULL && text_matches(text_of(pattern), text_of(dn));
    if (dn != NULL)
        ldap_session_calls.ldap_memfreeW(dn);
    return is;
}

static void count(const struct ldap_session *session, LDAPMessage *entry,
                  struct exchange_relaying *relaying)
{
    wchar_t value[8]; /* a Boolean is TRUE or FALSE: RFC 4517 3.3.3 */
    bool told = first_value(session, entry, L"msExchSmtpRelayForAuth", value, ARRAYSIZE(value));
    if (told && text_equal_fold(text_of(value), TEXT_OF(u"TRUE")))
        relaying->allowed++;
    else if (told && text_equal_fold(text_of(value), TEXT_OF(u"FALSE")))
        relaying->refused++;
    else
        relaying->untold++;
}

static ULONG count_all(struct ldap_session *session, const wchar_t *pattern,
                       struct exchange_relaying *relaying)
{
    wchar_t base[DN_MAX];
    LDAPMessage *found;
    ULONG code = find_base(session, base);
    if (code != LDAP_SUCCESS)
        return code;
    code = ldap_session_search(session, base, LDAP_SCOPE_SUBTREE,
                               L"(objectCategory=protocolCfgSMTPServer)", L"msExchSmtpRelayForAuth",
                               &found);
    if (code == LDAP_SUCCESS) {
        *relaying = (struct exchange_relaying){0};
        for (LDAPMessage *entry = ldap_session_calls.ldap_first_entry(session->ldap, found);
             entry != NULL; entry = ldap_session_calls.ldap_next_entry(session->ldap, entry))
            if (is_of(session, entry, pattern))
                count(session, entry, relaying);
    }
    if (found != NULL)
        ldap_session_calls.ldap_msgfree(found);
    return code;
}

/* Which distinguished names are those of this computer's virtual servers. */
static DWORD make_pattern(wchar_t pattern[DN_MAX], const char **failed_call)
{
    static const wchar_t start[] = L"*,CN=SMTP,CN=Protocols,CN=";
    const size_t before = ARRAYSIZE(start) - 1;
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1;
    text_copy(pattern, DN_MAX, text_of(start));
    *failed_call = "GetComputerNameW";
    if (!account_calls.GetComputerNameW(pattern + before, &length))
        return last_error();
    text_copy(pattern + before + length, DN_MAX - before - length, TEXT_OF(u",*"));
    return ERROR_SUCCESS;
}

DWORD exchange_directory_relaying(struct exchange_relaying *relaying, const char **failed_call)
{
    wchar_t server[ACCOUNT_SERVER_MAX], pattern[DN_MAX];
    struct ldap_session session;
    DWORD error = make_pattern(pattern, failed_call);
    if (error == ERROR_SUCCESS)
        error = directory_find_server(NULL, ACCOUNT_USED, false, server, failed_call);
    if (error == ERROR_SUCCESS)
        error = ldap_session_open(&session, server, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    return ldap_session_close(&session, count_all(&session, pattern, relaying), failed_call);
}
