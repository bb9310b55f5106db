/* origin.h: from which computers sign-ins count, by the name that their records carry.
 *
 * An event that another computer writes into this one's log carries the other's name, which its
 * event log API puts there (MS-EVEN 3.1.4.13, ComputerName: the client's word, so that who speaks
 * the protocol himself can lie). A record has the computer's NetBIOS name, or its full DNS name
 * since Windows Vista; the NetBIOS name is the first 15 characters of the host name.
 */
#ifndef RELAYLOCK_CORE_ORIGIN_H
#define RELAYLOCK_CORE_ORIGIN_H

#include "text.h"

enum { ORIGIN_NAMES_MAX = 16 };

/* Zeroed: of any computer. Names are views. */
struct origin_rule {
    size_t count;
    struct text names[ORIGIN_NAMES_MAX];
};

/* Adds a name; further ones than ORIGIN_NAMES_MAX are dropped. One with a dot stands for that very
 * computer; another for every one whose first label it is. Letters are folded. */
void origin_rule_add(struct origin_rule *rule, struct text name);

/* Whether sign-ins of a computer count. A record without a name is no other computer's. */
bool origin_counts(const struct origin_rule *rule, struct text computer);

#endif
