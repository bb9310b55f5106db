/* logon_domains.h: of which domain an account is whose name is signed in over SMTP without one.
 *
 * IIS takes such a name to the domain that its virtual server has for that, DefaultLogonDomain in
 * the metabase; without it to this computer's own accounts, or on a domain controller to its
 * domain's (technet cc739712). */
#ifndef RELAYLOCK_WINDOWS_LOGON_DOMAINS_H
#define RELAYLOCK_WINDOWS_LOGON_DOMAINS_H

#include <windows.h>
#include <stdbool.h>

enum {
    LOGON_DOMAINS_MAX = 16, /* one of each virtual server; more are left out */
    LOGON_DOMAIN_MAX = 256  /* units, terminator included */
};

struct logon_domains {
    bool own_order; /* one of them has this computer's name for it, or "\", which means any */
    unsigned count;
    wchar_t names[LOGON_DOMAINS_MAX][LOGON_DOMAIN_MAX]; /* the others': NetBIOS or DNS; each once */
};

/* Those that the virtual servers of this host have. For own_order, and where there are none,
 * Windows' own order holds. ERROR_SUCCESS, also where there is no metabase; or an error, and *found
 * is untouched. */
DWORD logon_domains_read(struct logon_domains *found);

#endif
