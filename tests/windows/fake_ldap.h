/* fake_ldap.h: one directory behind the calls of ldap_session.h, for write_right.h.
 *
 * As learn.microsoft.com describes wldap32: a session that was not signed in finds nothing, what a
 * search brings must be freed by ldap_msgfree and values by ldap_value_free, a search may bring a
 * message also when it fails, an attribute without values is not there.
 */
#ifndef RELAYLOCK_TESTS_FAKE_LDAP_H
#define RELAYLOCK_TESTS_FAKE_LDAP_H

#include "windows/ldap_session.h"

struct fake_ldap {
    const wchar_t *writable[5]; /* the attributes that whoever asks may write, then null */
    bool no_entry;              /* the search finds nothing */
    const char *fail_call;      /* every call of this name fails; null: none */
    ULONG fail_error;
    bool fails_with_message; /* a search that fails brings a message even so */
    unsigned calls;
    char host[64], asked_for[256];
    unsigned sessions, messages, values; /* open, not freed */
};
extern struct fake_ldap fake_ldap;

/* Puts its calls into ldap_session_calls. */
void fake_ldap_reset(void);
void fake_ldap_assert_closed(void);

/* The table of Windows, as far as it is needed. */
ULONG LDAPAPI fake_ldap_map_error(ULONG code);

#endif
