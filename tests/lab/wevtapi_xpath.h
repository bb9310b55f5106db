/* wevtapi_xpath.h: the XPath that the lab understands.
 *
 *   query       = '*' [ '[System[' or ']]' ]
 *   or          = and { 'or' and }
 *   and         = term { 'and' term }
 *   term        = '(' or ')' | 'Provider[' names ']' | 'TimeCreated[' times ']' | number-test
 *   names       = '@Name' '=' literal { 'or' '@Name' '=' literal }
 *   times       = '@SystemTime' op literal { 'and' '@SystemTime' op literal }
 *   number-test = ('EventID' | 'EventRecordID' | 'Level' | 'Task') op number
 *
 * What is not of this subset is an invalid query, never one that matches something else.
 */
#ifndef RELAYLOCK_LAB_WEVTAPI_XPATH_H
#define RELAYLOCK_LAB_WEVTAPI_XPATH_H

#include "wevtapi.h"

enum { WEVTAPI_NODES = 128, WEVTAPI_LITERAL = 260 };

enum wevtapi_node_kind { ALWAYS, OR, AND, PROVIDER, TIME, NUMBER };
enum wevtapi_comparison { EQUAL, UNEQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };
enum wevtapi_field { EVENT_ID, RECORD_ID, LEVEL, TASK };

struct wevtapi_node {
    enum wevtapi_node_kind kind;
    enum wevtapi_comparison comparison;
    enum wevtapi_field field;
    unsigned left, right; /* of OR and AND */
    uint64_t number;      /* or time */
    wchar_t name[WEVTAPI_LITERAL];
};

struct wevtapi_query {
    unsigned count;
    unsigned root;
    struct wevtapi_node nodes[WEVTAPI_NODES];
};

/* Adds an XPath query to a query, as an alternative to what it has already. False: it is none. */
bool wevtapi_xpath_parse(struct wevtapi_query *query, const wchar_t *text);

#endif
