/* exchange_directory.h: what Active Directory says of this host's SMTP virtual servers. Only read.
 *
 * Every step but the search for a domain controller (directory.h) has a time limit
 * (ldap_session.h).
 *
 * Sources: technet bb123978 (where a virtual server's object lies, by the
 * server's name); Exchange Server Analyzer 90819727 (msExchSmtpRelayForAuth). Of recipient filters
 * the schema has names (msExchRecipTurfListOptions, msExchServerBindingsFiltering), and no page was
 * found that says what their values mean: they are not read.
 */
#ifndef RELAYLOCK_WINDOWS_EXCHANGE_DIRECTORY_H
#define RELAYLOCK_WINDOWS_EXCHANGE_DIRECTORY_H

#include <windows.h>

/* This host's SMTP virtual servers, by whether those who sign in may relay. */
struct exchange_relaying {
    unsigned allowed;
    unsigned refused;
    unsigned untold; /* the attribute is not there, or may not be read */
};

/* ERROR_SUCCESS, or the error of the call that failed, as Windows has it, whose name goes to
 * *failed_call; *relaying is untouched then. ERROR_NO_SUCH_DOMAIN as in directory.h. */
DWORD exchange_directory_relaying(struct exchange_relaying *relaying, const char **failed_call);

#endif
