/* acceptance_accounts.h: test users, and the few accounts of the host that a check looks at.
 *
 * Functions without a result end the check when Windows refuses; those that return a DWORD return
 * ERROR_SUCCESS or the error.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_ACCOUNTS_H
#define RELAYLOCK_LAB_ACCEPTANCE_ACCOUNTS_H

#include <windows.h>
#include <lm.h>
#include <stdbool.h>

struct account {
    wchar_t name[UNLEN + 1];         /* sAMAccountName */
    wchar_t full[DNLEN + 2 + UNLEN]; /* DOMAIN\name, as Windows writes it */
    wchar_t server[DNLEN + 240];     /* that holds it; "" for this computer */
    wchar_t password[PWLEN + 1];     /* of a test user */
};

struct account_facts {
    DWORD flags;        /* UF_... */
    DWORD password_age; /* seconds */
    wchar_t comment[MAXCOMMENTSZ + 1];
};

#define ACCOUNT_MARK    L"[RelayLock] " /* as docs/events.md has it */
#define ACCOUNT_COMMENT L"Test user of the RelayLock acceptance program"

/* Makes a user of this computer: enabled, in no group by our doing, password random and never
 * expiring. tag (at most 8 characters) becomes part of its name. It is deleted after the check. */
void account_create(struct account *account, const wchar_t *tag);

/* The built-in Administrator (RID 500) of the domain or computer that sibling belongs to. */
void account_find_administrator(struct account *account, const struct account *sibling);

/* An account given as DOMAIN\user. */
void account_find(struct account *account, const wchar_t *full);

void account_read(const struct account *account, struct account_facts *facts);
bool account_is_disabled(const struct account *account);
void account_disable(const struct account *account);
/* Changes a flag that RelayLock never does. */
void account_change(const struct account *account);

/* Waits until it is disabled; the ms that took. Ends the check when it is not within ms. */
DWORD account_expect_disabled(const struct account *account, DWORD ms);
void account_expect_enabled(const struct account *account);

enum account_password { ACCOUNT_PASSWORD_RIGHT, ACCOUNT_PASSWORD_WRONG, ACCOUNT_PASSWORD_UNTESTED };
/* Whether this is its password, by a network logon. Untested where any password would do. */
enum account_password account_try_password(const struct account *account, const wchar_t *password);

/* For cleaning up. A user of this computer; gone already: fine. */
DWORD account_delete(const wchar_t *name);
/* DOMAIN\user, wherever it is held. */
DWORD account_enable(const wchar_t *full);
/* Takes RelayLock's mark off its comment, if it is there. */
DWORD account_unmark(const wchar_t *full);

#endif
