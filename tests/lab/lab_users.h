/* lab_users.h: the accounts of the lab: this computer's own and those of its domain.
 *
 * This computer is a member of the domain LAB (lab.example), whose domain controllers are LABDC
 * and, by a fault, LABDC2, which may lag behind it. Each has the built-in accounts and groups of
 * Windows. Every function wants the store locked, unless it says otherwise.
 */
#ifndef RELAYLOCK_LAB_USERS_H
#define RELAYLOCK_LAB_USERS_H

#include "lab_store.h"

#define LAB_DOMAIN_NAME L"LAB"
#define LAB_DOMAIN_DNS  L"lab.example"
#define LAB_DC_NAME     L"LABDC"
#define LAB_DC2_NAME    L"LABDC2"

enum { LAB_SID_MAX = 68, LAB_RID_USERS_FIRST = 1000 };

/* Fills an empty database: built-in accounts and groups, the computers' own accounts. */
void lab_users_create(void);

const struct lab_principal *lab_principal(unsigned slot);

/* The slot of a principal by name (letter case aside) or by relative id; LAB_PRINCIPALS when there
 * is none. Kinds is a set of bits 1 << LAB_USER and so on. */
enum {
    LAB_USERS = 1 << LAB_USER,
    LAB_GROUPS = 1 << LAB_GLOBAL_GROUP,
    LAB_ALIASES = 1 << LAB_ALIAS,
    LAB_ANYBODY = LAB_USERS | LAB_GROUPS | LAB_ALIASES
};
unsigned lab_principal_by_name(enum lab_domain domain, const wchar_t *name, unsigned kinds);
unsigned lab_principal_by_rid(enum lab_domain domain, uint32_t rid);

/* By SID, in whichever database; LAB_PRINCIPALS when the SID is none of the lab's accounts. Aliases
 * are BUILTIN SIDs, which each computer has: domain says whose. */
unsigned lab_principal_by_sid(enum lab_domain domain, const uint8_t *sid);

/* Puts a principal in force in a slot. */
void lab_principal_set(unsigned slot, const struct lab_principal *principal);

/* The same of what a domain controller has that lags: which is all that the domain had when it
 * began to, and what was written on it since. */
const struct lab_principal *lab_principal_behind(unsigned slot);
void lab_principal_set_behind(unsigned slot, const struct lab_principal *principal);

/* The controller begins to lag; and hears, and is heard, of all: of a user written here and there
 * the one written more often holds, then the one written later. Real ones tell single attributes
 * apart (MS-DRSR, AttributeStamp). */
void lab_users_lag(void);
void lab_users_replicate(void);

/* A new user's slot; LAB_PRINCIPALS when the store is full. Gives it a relative id. */
unsigned lab_user_add(struct lab_principal *user);
void lab_user_delete(unsigned slot);

/* Puts members in and out. */
bool lab_is_member(const struct lab_principal *member, const struct lab_principal *group);

/* The SID, in its binary form; bytes. */
DWORD lab_sid(const struct lab_principal *principal, uint8_t sid[LAB_SID_MAX]);
DWORD lab_domain_sid(enum lab_domain domain, uint8_t sid[LAB_SID_MAX]);

/* The name of the domain that a principal belongs to: COMPUTER, LAB or BUILTIN. */
const wchar_t *lab_domain_of(const struct lab_principal *principal);

/* Whether the user, were it disabled or gone, would leave the computer without an enabled
 * administrator. */
bool lab_is_last_administrator(unsigned slot);

/* Sets the password; and whether it is the one given. */
void lab_password_set(struct lab_principal *user, const wchar_t *password);
bool lab_password_is(const struct lab_principal *user, const wchar_t *password);

#endif
