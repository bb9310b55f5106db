/* fake_exchange.c: see fake_exchange.h. */
#include "fake_exchange.h"
#include "fake_ldap.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct fake_exchange fake_exchange;

/* The session; LDAP is opaque to those who use it. */
struct session {
    bool connected, bound;
    ULONG error;
};

struct ldapmsg_list {
    size_t count;
    size_t objects[FAKE_EXCHANGE_OBJECTS_MAX];
    LDAPMessage entries[FAKE_EXCHANGE_OBJECTS_MAX]; /* their addresses are what callers hold */
};

static struct session session;

static LDAP *handle(void)
{
    return (LDAP *)(void *)&session;
}

static void require(bool true_of_all_callers)
{
    if (!true_of_all_callers)
        abort();
}

static ULONG enter(const char *call)
{
    return session.error = fake_calls_enter(&fake_exchange.calls, call);
}

static LDAP *LDAPAPI init(PWCHAR host, ULONG port)
{
    require(host != NULL && wcslen(host) < 64 && port == LDAP_PORT);
    if (enter("ldap_initW") != LDAP_SUCCESS)
        return NULL;
    session = (struct session){.connected = false};
    wcscpy(fake_exchange.host, host);
    fake_exchange.sessions++;
    return handle();
}

static ULONG LDAPAPI set_option(LDAP *ldap, int option, const void *value)
{
    require(ldap == handle());
    ULONG code = enter("ldap_set_optionW");
    if (code != LDAP_SUCCESS)
        return code;
    if (option == LDAP_OPT_PROTOCOL_VERSION)
        memcpy(&fake_exchange.version, value, sizeof(ULONG));
    else if (option == LDAP_OPT_REFERRALS)
        fake_exchange.follows_referrals = value != LDAP_OPT_OFF;
    else if (option == LDAP_OPT_SIGN)
        fake_exchange.signs = value == LDAP_OPT_ON;
    else if (option == LDAP_OPT_TIMELIMIT)
        memcpy(&fake_exchange.time_limit, value, sizeof(ULONG));
    else
        return LDAP_PARAM_ERROR;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI connect(LDAP *ldap, struct l_timeval *timeout)
{
    require(ldap == handle());
    fake_exchange.connect_seconds = timeout ? timeout->tv_sec : 0;
    ULONG code = enter("ldap_connect");
    session.connected = code == LDAP_SUCCESS;
    return code;
}

static ULONG LDAPAPI bind(LDAP *ldap, PWCHAR dn, PWCHAR credentials, ULONG method)
{
    require(ldap == handle());
    ULONG code = enter("ldap_bind_sW");
    if (code == LDAP_SUCCESS && !session.connected)
        code = LDAP_SERVER_DOWN;
    if (code == LDAP_SUCCESS && method != LDAP_AUTH_NEGOTIATE)
        code = LDAP_AUTH_METHOD_NOT_SUPPORTED;
    session.bound = code == LDAP_SUCCESS && dn == NULL && credentials == NULL;
    return code;
}

/* Whether the object is base itself or lies below it. */
static bool is_below(const wchar_t *dn, const wchar_t *base)
{
    size_t dn_count = wcslen(dn), base_count = wcslen(base);
    return dn_count >= base_count && _wcsicmp(dn + dn_count - base_count, base) == 0 &&
           (dn_count == base_count || dn[dn_count - base_count - 1] == L',');
}

static bool matches(const struct fake_exchange_object *object, const wchar_t *filter)
{
    wchar_t wanted[128];
    if (wcscmp(filter, L"(objectClass=*)") == 0)
        return true;
    _snwprintf(wanted, 128, L"(objectCategory=%ls)", object->category);
    return _wcsicmp(filter, wanted) == 0;
}

static void find(struct ldapmsg_list *list, const wchar_t *base, ULONG scope, const wchar_t *filter)
{
    for (size_t i = base[0] ? 1 : 0; i < fake_exchange.object_count; i++) {
        const struct fake_exchange_object *object = &fake_exchange.objects[i];
        bool in_scope = scope == LDAP_SCOPE_SUBTREE ? i > 0 && is_below(object->dn, base)
                                                    : _wcsicmp(object->dn, base) == 0;
        if (in_scope && matches(object, filter))
            list->objects[list->count++] = i;
    }
}

static bool exists(const wchar_t *dn)
{
    for (size_t i = 0; i < fake_exchange.object_count; i++)
        if (_wcsicmp(fake_exchange.objects[i].dn, dn) == 0)
            return true;
    return false;
}

/* A result may come with a code that says that it failed, and is to be freed then, too. */
static ULONG LDAPAPI search(LDAP *ldap, PWCHAR base, ULONG scope, PWCHAR filter, PWCHAR *attributes,
                            ULONG only_types, PLDAPControlW *server, PLDAPControlW *client,
                            struct l_timeval *timeout, ULONG size_limit, LDAPMessage **found)
{
    require(ldap == handle() && attributes[0] && !attributes[1] && !only_types && !size_limit);
    require(!server && !client);
    ULONG code = enter("ldap_search_ext_sW");
    fake_exchange.search_seconds = timeout ? timeout->tv_sec : 0;
    struct ldapmsg_list *list = calloc(1, sizeof *list);
    require(list != NULL);
    fake_exchange.results++;
    *found = (LDAPMessage *)(void *)list;
    if (code == LDAP_SUCCESS && !session.connected)
        code = LDAP_SERVER_DOWN;
    if (code == LDAP_SUCCESS && base[0] && !session.bound)
        code = LDAP_OPERATIONS_ERROR;
    if (code == LDAP_SUCCESS && !exists(base))
        code = LDAP_NO_SUCH_OBJECT;
    if (code == LDAP_SUCCESS)
        find(list, base, scope, filter);
    return code;
}

static LDAPMessage *LDAPAPI first_entry(LDAP *ldap, LDAPMessage *result)
{
    struct ldapmsg_list *list = (struct ldapmsg_list *)(void *)result;
    require(ldap == handle());
    if (list->count == 0)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        list->entries[i].lm_msgid = (ULONG)list->objects[i];
        list->entries[i].lm_next = i + 1 < list->count ? &list->entries[i + 1] : NULL;
    }
    return &list->entries[0];
}

static LDAPMessage *LDAPAPI next_entry(LDAP *ldap, LDAPMessage *entry)
{
    require(ldap == handle());
    return entry->lm_next;
}

static PWCHAR LDAPAPI get_dn(LDAP *ldap, LDAPMessage *entry)
{
    require(ldap == handle());
    if (enter("ldap_get_dnW") != LDAP_SUCCESS)
        return NULL;
    fake_exchange.names++;
    return _wcsdup(fake_exchange.objects[entry->lm_msgid].dn);
}

static VOID LDAPAPI free_name(PWCHAR name)
{
    fake_exchange.names--;
    free(name);
}

static PWCHAR *LDAPAPI get_values(LDAP *ldap, LDAPMessage *entry, PWCHAR name)
{
    const struct fake_exchange_object *object = &fake_exchange.objects[entry->lm_msgid];
    require(ldap == handle());
    if (enter("ldap_get_valuesW") != LDAP_SUCCESS)
        return NULL;
    for (size_t i = 0; i < FAKE_EXCHANGE_ATTRIBUTES_MAX; i++) {
        const struct fake_exchange_attribute *attribute = &object->attributes[i];
        if (attribute->name == NULL || _wcsicmp(attribute->name, name) != 0)
            continue;
        PWCHAR *values = calloc(2, sizeof *values);
        require(values != NULL);
        values[0] = _wcsdup(attribute->value);
        fake_exchange.values++;
        return values;
    }
    session.error = LDAP_NO_SUCH_ATTRIBUTE;
    return NULL;
}

static ULONG LDAPAPI free_values(PWCHAR *values)
{
    fake_exchange.values--;
    free(values[0]);
    free(values);
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI free_result(LDAPMessage *result)
{
    require(result != NULL);
    fake_exchange.results--;
    free(result);
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI unbind(LDAP *ldap)
{
    require(ldap == handle());
    fake_exchange.sessions--;
    return LDAP_SUCCESS;
}

static ULONG LDAPAPI last_code(void)
{
    return session.error;
}

void fake_exchange_reset(void)
{
    memset(&fake_exchange, 0, sizeof fake_exchange);
    fake_exchange.follows_referrals = true;
    ldap_session_calls = (struct ldap_session_calls){
        .ldap_initW = init,
        .ldap_set_optionW = set_option,
        .ldap_connect = connect,
        .ldap_bind_sW = bind,
        .ldap_search_ext_sW = search,
        .ldap_first_entry = first_entry,
        .ldap_next_entry = next_entry,
        .ldap_get_dnW = get_dn,
        .ldap_memfreeW = free_name,
        .ldap_get_valuesW = get_values,
        .ldap_value_freeW = free_values,
        .ldap_msgfree = free_result,
        .ldap_unbind = unbind,
        .LdapGetLastError = last_code,
        .LdapMapErrorToWin32 = fake_ldap_map_error,
        .loaded = true,
    };
    fake_exchange_add(L"", L"")->attributes[0] = (struct fake_exchange_attribute){
        L"configurationNamingContext", L"CN=Configuration,DC=contoso,DC=example"};
    fake_exchange_add(L"CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=example",
                      L"msExchConfigurationContainer");
}

struct fake_exchange_object *fake_exchange_add(const wchar_t *dn, const wchar_t *category)
{
    require(fake_exchange.object_count < FAKE_EXCHANGE_OBJECTS_MAX);
    struct fake_exchange_object *object = &fake_exchange.objects[fake_exchange.object_count++];
    *object = (struct fake_exchange_object){.dn = dn, .category = category};
    return object;
}
