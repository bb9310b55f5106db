/* directory.h: where an account is held: its name, the server that may change it, its state there.
 *
 * Sources: learn.microsoft.com nf-winbase-lookupaccountsidw, nf-dsgetdc-dsgetdcnamew,
 * nf-lmaccess-netusergetinfo; domain.md 9. All through account_calls (account.h); any of it may
 * block for as long as the network lets it. Functions return ERROR_SUCCESS, or the error of the
 * call that failed, whose name goes to *failed_call (a literal); outputs are untouched then.
 */
#ifndef RELAYLOCK_WINDOWS_DIRECTORY_H
#define RELAYLOCK_WINDOWS_DIRECTORY_H

#include "account.h"

enum {
    DIRECTORY_DOMAIN_MAX = 256,  /* terminator included */
    DIRECTORY_COMMENT_MAX = 1024 /* units of a comment, the schema's bound of "description" */
};

struct directory_name {
    wchar_t domain[DIRECTORY_DOMAIN_MAX]; /* the NetBIOS name of a domain or computer */
    wchar_t name[UNLEN + 1];              /* sAMAccountName */
    SID_NAME_USE use;
};

/* The state of a user, as far as it matters here. */
struct directory_user {
    DWORD flags; /* UF_... */
    uint8_t sid[IDENTITY_SID_MAX];
    size_t sid_size; /* 0: the server is older than Windows XP and tells the RID only */
    DWORD rid;
    wchar_t comment[DIRECTORY_COMMENT_MAX + 1];
    size_t comment_count; /* DIRECTORY_COMMENT_MAX + 1: longer than that, and cut */
};

/* The name that server ("" for this computer) has for a SID. */
DWORD directory_find_name(const wchar_t *server, const uint8_t *sid, struct directory_name *name,
                          const char **failed_call);

/* The NetBIOS name of the domain that this computer is a member or a controller of; "" when it is
 * in none (nf-lmjoin-netgetjoininformation). Asks no controller. */
DWORD directory_find_own_domain(wchar_t domain[DIRECTORY_DOMAIN_MAX], const char **failed_call);

/* Whether a server's name, "\\\\NAME" or "", is this computer's own. False also when it cannot be
 * told. */
bool directory_is_this_computer(const wchar_t *server);

/* The server whose database holds the accounts of domain: "" (this computer's own accounts) when
 * domain is this computer's name or BUILTIN, otherwise a domain controller; null: the domain that
 * this computer belongs to (ERROR_NO_SUCH_DOMAIN also when it belongs to none).
 * ACCOUNT_WRITABLE: one that can be written to; "" if this computer is such a controller of domain
 * (nf-dsrole-dsrolegetprimarydomaininformation), since DsGetDcName names another one while this one
 * does not advertise itself, and there LocalSystem is but this computer's account. One that is
 * read-only, or whose directory is stopped, is passed over; where it cannot be told, DsGetDcName is
 * asked. ACCOUNT_USED: none is preferred, so that it is the one that the locator has cached and all
 * on this host use (nf-dsgetdc-dsgetdcnamew); of a domain that ours trusts it is the nearest, while
 * sign-ins go by way of our own domain's controller. rediscover: look for one anew, whatever is
 * cached. */
DWORD directory_find_server(const wchar_t *domain, enum account_place place, bool rediscover,
                            wchar_t server[ACCOUNT_SERVER_MAX], const char **failed_call);

/* Whether the error says that a server could not be reached, or is the wrong one to write to, so
 * that another one may do better. */
bool directory_unreachable(DWORD error);

/* Whether the error of a write says that it was refused, or never sent, so that for certain nothing
 * of it was done (nf-lmaccess-netusersetinfo). Of any other it is not known: a write may have taken
 * effect whose answer was lost. */
bool directory_refused(DWORD error);

/* Reads a user at level 23, or 20 where a server does not know 23 (before Windows XP): the levels
 * that ask for no more than is needed here, so that no more rights are needed. */
DWORD directory_read_user(const wchar_t *server, const wchar_t *name, struct directory_user *user,
                          const char **failed_call);

/* Whether what was read by name is the account of that SID and not a twin of the same name. With
 * the RID only, twins in two domains can still be told apart unless their RIDs are equal. */
bool directory_user_is(const struct directory_user *user, const uint8_t *sid);

/* The SID of the account with that RID in the server's own database, that of this computer or of
 * the domain that it is a controller of (ns-lmaccess-user_modals_info_2); whether there is such an
 * account is not looked at. *size in bytes. */
DWORD directory_make_sid(const wchar_t *server, uint32_t rid, uint8_t sid[IDENTITY_SID_MAX],
                         size_t *size, const char **failed_call);

/* A server's name as the Net functions take it: null for this computer. */
const wchar_t *directory_server_argument(const wchar_t *server);

#endif
