/* policy_words.h: what the templates of all forms say of a setting to the administrator, in
 * English.
 */
#ifndef RELAYLOCK_INSTALLER_POLICY_WORDS_H
#define RELAYLOCK_INSTALLER_POLICY_WORDS_H

#include "core/settings.h"

#define POLICY_KEY            "SOFTWARE\\Policies\\RelayLock" /* as in windows/parameters.h */
#define POLICY_ACCOUNTS_KEY   POLICY_KEY "\\Accounts"
#define POLICY_PRODUCT        "RelayLock"
#define POLICY_SUPPORTED      "RelayLock, on Windows 2000 Server or later"
#define POLICY_DESCRIPTION    "Settings of RelayLock, which locks accounts that send spam."
#define POLICY_ACCOUNTS       "Limits of single accounts"
#define POLICY_ACCOUNTS_LABEL "Accounts (DOMAIN\\user), and their limits:"

enum { POLICY_EXPLAIN_SIZE = 1024, POLICY_LABEL_SIZE = 64 };

/* What the administrator reads beside a setting: meaning, what is allowed, default, and what each
 * state of the policy does. as_list: how the items of a list are typed ("one in each line"). */
void policy_explain(char text[POLICY_EXPLAIN_SIZE], const struct setting_info *info,
                    const char *as_list);

/* The same, of the policy that gives single accounts limits of their own. */
void policy_explain_accounts(char text[POLICY_EXPLAIN_SIZE]);

/* What stands before the field: "StopTimeout (seconds):". */
void policy_label(char text[POLICY_LABEL_SIZE], const struct setting_info *info);

/* Whether it is written as a list of items; and of such a list, the most items, and the most
 * characters of all of them. */
bool policy_is_list(const struct setting_info *info);
unsigned policy_most_items(const struct setting_info *info);
unsigned policy_most_characters(const struct setting_info *info);

/* Index of the default of a SETTING_WORD among its words. */
size_t policy_default_word(const struct setting_info *info);

#endif
