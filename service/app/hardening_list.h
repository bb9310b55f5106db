/* hardening_list.h: the settings of the host that close the door to abuse, as they stand, printed
 * for people and for programs. docs/harden.md shows both and says what each field means.
 */
#ifndef RELAYLOCK_APP_HARDENING_LIST_H
#define RELAYLOCK_APP_HARDENING_LIST_H

#include <stdbool.h>
#include <stdio.h>

enum hardening_item {
    HARDENING_TARPIT,
    HARDENING_GUEST,
    HARDENING_DOMAIN_GUEST,
    HARDENING_RECIPIENTS,
    HARDENING_RELAYING,
    HARDENING_ITEMS,
    HARDENING_SETTABLE = HARDENING_RECIPIENTS /* so many, the first, can be set and undone */
};

enum {
    HARDENING_TARPIT_SECONDS = 5, /* as Knowledge Base 842851 has it */
    HARDENING_NOW_MAX = 768       /* bytes of UTF-8, terminator included */
};

enum hardening_standing {
    HARDENING_CLOSED, /* as recommended */
    HARDENING_OPEN,
    HARDENING_UNTOLD, /* it could not be found out */
    HARDENING_ABSENT  /* the host has no such thing */
};

struct hardening_view {
    enum hardening_standing standing;
    bool ours;                   /* it stands as RelayLock has set it */
    char now[HARDENING_NOW_MAX]; /* how it stands, fit to be shown */
};

/* The name of an item, as it is typed. */
const char *hardening_name(enum hardening_item item);

/* The item of a name, letters folded; HARDENING_ITEMS when there is none. */
enum hardening_item hardening_named(const char *name);

/* For people: a line an item, then what there is to know. */
void hardening_list_text(const struct hardening_view views[HARDENING_ITEMS], FILE *out);

/* One JSON document, "version":1; later versions of the program may add fields. */
void hardening_list_json(const struct hardening_view views[HARDENING_ITEMS], FILE *out);

#endif
