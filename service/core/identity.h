/* identity.h: who a name in an event stands for.
 *
 * The name is chosen by a remote party until proven otherwise (domain.md 1). Windows proves it by
 * resolving it to a SID; all spellings of one SID are one account. What cannot be resolved is
 * counted by its folded name and only ever flagged.
 */
#ifndef RELAYLOCK_CORE_IDENTITY_H
#define RELAYLOCK_CORE_IDENTITY_H

#include "text.h"

enum { IDENTITY_SID_MAX = 68 }; /* SECURITY_MAX_SID_SIZE, bytes */

enum identity_kind {
    IDENTITY_UNRESOLVED, /* no SID: counted by folded name */
    IDENTITY_USER,
    IDENTITY_MACHINE,   /* name ends in '$': a computer's own account; perhaps without a SID */
    IDENTITY_PROTECTED, /* RID 500 or the account that the service itself runs as */
    IDENTITY_ASSUMED    /* no resolver at hand (replay): believed to be a user of that name */
};

struct identity {
    enum identity_kind kind;
    uint32_t sid_size; /* bytes; 0 without a SID. In a replay the account's number stands for it */
    uint8_t sid[IDENTITY_SID_MAX];
    /* What it is counted by: DOMAIN\user when Windows resolved it, else the name as written.
     * A view owned by whoever made the identity. */
    struct text name;
};

/* The domain and user parts of DOMAIN\user (at the first backslash) and user@domain (at the last
 * at sign); a bare user has an empty domain. Views into name. */
void account_name_split(struct text name, struct text *domain, struct text *user);

/* Whether the user part ends in '$'. */
bool account_name_is_machine(struct text name);

/* Whether a pattern of the Exempt list, or the name of an Accounts subkey, means this account.
 * A pattern with a domain is held against the whole name, one without against the user part.
 * user@dns.domain in a pattern matches only a name written so. '*' and '?' are wildcards. */
bool account_name_matches(struct text pattern, struct text name);

#endif
