#include "hardening_list.h"

#include <string.h>
#include "../core/ascii.h"
#include "json_put.h"

enum { ORDER_MAX = 64 /* the longest command, terminator included */ };

static const struct {
    const char *name, *recommended;
} items[HARDENING_ITEMS] = {
    [HARDENING_TARPIT] = {"TarpitTime", "5 s"},
    [HARDENING_GUEST] = {"Guest", "disabled"},
    [HARDENING_DOMAIN_GUEST] = {"DomainGuest", "disabled"},
    [HARDENING_RECIPIENTS] = {"RecipientFilter", "on"},
    [HARDENING_RELAYING] = {"AuthenticatedRelay", "your choice"},
};

const char *hardening_name(enum hardening_item item)
{
    return items[item].name;
}

static bool same_name(const char *a, const char *b)
{
    while (*a && ascii_fold(*a) == ascii_fold(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

enum hardening_item hardening_named(const char *name)
{
    int item = 0;
    while (item < HARDENING_ITEMS && !same_name(items[item].name, name))
        item++;
    return (enum hardening_item)item;
}

/* Which order there is to give for an item; null: none. */
static const char *order_for(enum hardening_item item, const struct hardening_view *view)
{
    if (item >= HARDENING_SETTABLE)
        return NULL;
    if (view->ours)
        return "undo";
    return view->standing == HARDENING_OPEN ? "set" : NULL;
}

void hardening_list_text(const struct hardening_view views[HARDENING_ITEMS], FILE *out)
{
    for (int i = 0; i < HARDENING_ITEMS; i++) {
        const struct hardening_view *view = &views[i];
        const char *order = order_for((enum hardening_item)i, view);
        fprintf(out, "%-18s  %s; recommended: %s", items[i].name, view->now, items[i].recommended);
        if (view->ours)
            fprintf(out, "; set by RelayLock");
        if (order)
            fprintf(out, "; to %s: relaylock harden %s %s", order, order, items[i].name);
        else if (i >= HARDENING_SETTABLE)
            fprintf(out, "; by hand, see below");
        fprintf(out, "\n");
    }
    fprintf(
        out,
        "\nTarpitTime delays each refusal (5.x.x) by so many seconds: only against\n"
        "non-delivery attacks and the harvesting of addresses. Sessions that signed in are\n"
        "not delayed. Windows Server 2003 SP1; SMTP reads it when it starts.\n"
        "\nGuest, while enabled, lets strangers sign in and relay.\n"
        "\nRecipientFilter refuses mail to recipients that do not exist, which ends\n"
        "non-delivery attacks; sessions that signed in bypass it. In Exchange System Manager:\n"
        "  1. Global Settings, Message Delivery, Properties, Recipient Filtering:\n"
        "     check \"Filter recipients who are not in the Directory\".\n"
        "  2. Servers, this server, Protocols, SMTP, each virtual server that takes mail from\n"
        "     the Internet, Properties, General, Advanced, Edit: check \"Apply Recipient "
        "Filter\".\n"
        "\nAuthenticatedRelay: while those who sign in may relay, a stolen password sends spam.\n"
        "Without it they cannot, and neither can POP3 and IMAP4 users send mail to the\n"
        "outside; so RelayLock never sets it. In Exchange System Manager: the virtual server,\n"
        "Properties, Access, Relay: \"Allow all computers which successfully authenticate to\n"
        "relay, regardless of the list above\".\n");
}

/* The command of an order, of which key is the word. */
static void put_order(struct json_put *json, const char *key, bool given, const char *name)
{
    char command[ORDER_MAX];
    snprintf(command, sizeof command, "relaylock harden %s %s", key, name);
    json_put_word(json, key, given ? command : NULL);
}

void hardening_list_json(const struct hardening_view views[HARDENING_ITEMS], FILE *out)
{
    static const char *const standings[] = {
        [HARDENING_CLOSED] = "closed",
        [HARDENING_OPEN] = "open",
        [HARDENING_UNTOLD] = "untold",
        [HARDENING_ABSENT] = "absent",
    };
    struct json_put json = {.out = out};
    json_put_object(&json, NULL);
    json_put_number(&json, "version", 1);
    json_put_array(&json, "items");
    for (int i = 0; i < HARDENING_ITEMS; i++) {
        const struct hardening_view *view = &views[i];
        bool order = order_for((enum hardening_item)i, view) != NULL;
        json_put_line(&json);
        json_put_object(&json, NULL);
        json_put_word(&json, "name", items[i].name);
        json_put_utf8(&json, "now", view->now);
        json_put_word(&json, "recommended", items[i].recommended);
        json_put_word(&json, "standing", standings[view->standing]);
        json_put_switch(&json, "by_relaylock", view->ours);
        put_order(&json, "set", order && !view->ours, items[i].name);
        put_order(&json, "undo", order && view->ours, items[i].name);
        json_put_object_end(&json);
    }
    json_put_array_end(&json);
    json_put_object_end(&json);
    fputc('\n', out);
}
