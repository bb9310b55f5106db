/* fake_exchange.h: a domain controller's directory behind wldap32, in memory.
 *
 * As learn.microsoft.com winldap.h describes it: a session is made, connected, bound; a search
 * finds the objects in scope that its filter matches, and only to those who have bound (the root,
 * rootDSE, to anybody); values are an array that ends with null, null when there are none; what was
 * handed out is counted until freed. Filters are the two that an Exchange script uses:
 * (objectClass=*) and (objectCategory=NAME). Any call that can fail can be made to (fake_calls.h),
 * with a code of LDAP.
 */
#ifndef RELAYLOCK_TESTS_FAKE_EXCHANGE_H
#define RELAYLOCK_TESTS_FAKE_EXCHANGE_H

#include "fake_calls.h"
#include "windows/ldap_session.h"

enum { FAKE_EXCHANGE_OBJECTS_MAX = 16, FAKE_EXCHANGE_ATTRIBUTES_MAX = 4 };

struct fake_exchange_attribute {
    const wchar_t *name, *value;
};

struct fake_exchange_object {
    const wchar_t *dn;
    const wchar_t *category;
    struct fake_exchange_attribute attributes[FAKE_EXCHANGE_ATTRIBUTES_MAX];
};

struct fake_exchange {
    struct fake_exchange_object objects[FAKE_EXCHANGE_OBJECTS_MAX]; /* the first is rootDSE */
    size_t object_count;
    struct fake_calls calls;
    wchar_t host[64]; /* that was asked for */
    ULONG version, time_limit;
    bool follows_referrals, signs;
    LONG connect_seconds, search_seconds;
    int sessions, results, names, values; /* handed out and not given back */
};
extern struct fake_exchange fake_exchange;

/* A directory with a rootDSE whose configuration is CN=Configuration,DC=contoso,DC=example. Puts
 * its calls into ldap_session_calls. */
void fake_exchange_reset(void);

struct fake_exchange_object *fake_exchange_add(const wchar_t *dn, const wchar_t *category);

#endif
