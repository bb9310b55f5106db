#include "write_right.h"

#include "../core/identity.h"
#include "../core/text.h"
#include "last_error.h"
#include "ldap_session.h"

struct write_right_calls write_right_calls = {.CheckTokenMembership = CheckTokenMembership};

static const wchar_t effective[] = L"allowedAttributesEffective";

enum { NAME_SIZE = 8 + 2 * IDENTITY_SID_MAX };

/* "<SID=0105...>": the account's name in the directory, whatever domain or folder it is in. */
static void name_of(const uint8_t *sid, size_t size, wchar_t name[NAME_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t used = text_copy(name, NAME_SIZE, TEXT_OF(u"<SID="));
    for (size_t i = 0; i < size && i < IDENTITY_SID_MAX; i++) {
        name[used++] = (wchar_t)digits[sid[i] >> 4];
        name[used++] = (wchar_t)digits[sid[i] & 0xf];
    }
    name[used++] = L'>';
    name[used] = 0;
}

static bool is_listed(PWCHAR *values, const wchar_t *attribute)
{
    bool listed = false;
    for (; *values && !listed; values++)
        listed = text_equal_fold(text_of(*values), text_of(attribute));
    return listed;
}

/* Without a single attribute that may be written there are no values. */
static ULONG read_entry(const struct ldap_session *session, LDAPMessage *message,
                        const wchar_t *const *attributes, bool *may)
{
    LDAPMessage *entry = ldap_session_calls.ldap_first_entry(session->ldap, message);
    if (!entry)
        return LDAP_NO_SUCH_OBJECT;
    PWCHAR *values = ldap_session_calls.ldap_get_valuesW(session->ldap, entry, (PWCHAR)effective);
    bool all = values != NULL;
    for (; all && *attributes; attributes++)
        all = is_listed(values, *attributes);
    if (values)
        ldap_session_calls.ldap_value_freeW(values);
    *may = all;
    return LDAP_SUCCESS;
}

static ULONG ask(struct ldap_session *session, const wchar_t *name,
                 const wchar_t *const *attributes, bool *may)
{
    LDAPMessage *message;
    ULONG code = ldap_session_search(session, name, LDAP_SCOPE_BASE, L"(objectClass=*)", effective,
                                     &message);
    if (code == LDAP_SUCCESS)
        code = read_entry(session, message, attributes, may);
    if (message)
        ldap_session_calls.ldap_msgfree(message);
    return code;
}

DWORD write_right_of_attributes(const wchar_t *server, const uint8_t *sid, size_t size,
                                const wchar_t *const *attributes, bool *may,
                                const char **failed_call)
{
    wchar_t name[NAME_SIZE];
    struct ldap_session session;
    name_of(sid, size, name);
    DWORD error = ldap_session_open(&session, server, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    return ldap_session_close(&session, ask(&session, name, attributes, may), failed_call);
}

DWORD write_right_is_administrator(bool *is, const char **failed_call)
{
    static _Alignas(DWORD)
        uint8_t administrators[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0};
    BOOL member;
    *failed_call = "CheckTokenMembership";
    if (!write_right_calls.CheckTokenMembership(NULL, administrators, &member))
        return last_error();
    *is = member != FALSE;
    return ERROR_SUCCESS;
}
