/* ldap_session.h: a session with the directory of a domain controller, signed in as the process is.
 *
 * wldap32.dll is loaded from the system directory when it is first needed, and never imported.
 * Packets are signed, as a controller may ask for that. Every step has a time limit,
 * LDAP_SESSION_SECONDS; what it takes to find the host's address has none of ours.
 *
 * Sources: learn.microsoft.com winldap.h ("Getting and Setting Session Options": LDAP_OPT_TIMELIMIT
 * bounds binds and searches), nf-winldap-ldapmaperrortowin32.
 */
#ifndef RELAYLOCK_WINDOWS_LDAP_SESSION_H
#define RELAYLOCK_WINDOWS_LDAP_SESSION_H

#include <windows.h>
#include <winldap.h>
#include <stdbool.h>

enum { LDAP_SESSION_SECONDS = 5 };

/* The functions of wldap32, null until they are loaded; tests put others here, and set loaded. */
struct ldap_session_calls {
    LDAP *(LDAPAPI *ldap_initW)(PWCHAR, ULONG);
    ULONG(LDAPAPI *ldap_set_optionW)(LDAP *, int, const void *);
    ULONG(LDAPAPI *ldap_connect)(LDAP *, struct l_timeval *);
    ULONG(LDAPAPI *ldap_bind_sW)(LDAP *, PWCHAR, PWCHAR, ULONG);
    ULONG(LDAPAPI *ldap_search_ext_sW)
    (LDAP *, PWCHAR, ULONG, PWCHAR, PWCHAR *, ULONG, PLDAPControlW *, PLDAPControlW *,
     struct l_timeval *, ULONG, LDAPMessage **);
    LDAPMessage *(LDAPAPI *ldap_first_entry)(LDAP *, LDAPMessage *);
    LDAPMessage *(LDAPAPI *ldap_next_entry)(LDAP *, LDAPMessage *);
    PWCHAR(LDAPAPI *ldap_get_dnW)(LDAP *, LDAPMessage *);
    VOID(LDAPAPI *ldap_memfreeW)(PWCHAR);
    PWCHAR *(LDAPAPI *ldap_get_valuesW)(LDAP *, LDAPMessage *, PWCHAR);
    ULONG(LDAPAPI *ldap_value_freeW)(PWCHAR *);
    ULONG(LDAPAPI *ldap_msgfree)(LDAPMessage *);
    ULONG(LDAPAPI *ldap_unbind)(LDAP *);
    ULONG(LDAPAPI *LdapGetLastError)(void);
    ULONG(LDAPAPI *LdapMapErrorToWin32)(ULONG);
    bool loaded;
};
extern struct ldap_session_calls ldap_session_calls;

struct ldap_session {
    LDAP *ldap;
    const char *call; /* made last, a literal */
};

/* Opens a session with the controller ("\\\\NAME" or "NAME"); ended by ldap_session_close.
 * ERROR_SUCCESS, or the error of the call that failed, as Windows has it, whose name (a literal)
 * goes to *failed_call; there is nothing to close then. */
DWORD ldap_session_open(struct ldap_session *session, const wchar_t *server,
                        const char **failed_call);

/* Asks for one attribute of the objects in scope that the filter matches. Returns a code of LDAP;
 * whatever it is, *found is to be freed (ldap_msgfree) unless it is null. */
ULONG ldap_session_search(struct ldap_session *session, const wchar_t *base, ULONG scope,
                          const wchar_t *filter, const wchar_t *attribute, LDAPMessage **found);

/* Closes the session. Returns what its last call came to, code of LDAP, as an error of Windows; the
 * name of a call that failed goes to *failed_call. */
DWORD ldap_session_close(struct ldap_session *session, ULONG code, const char **failed_call);

#endif
