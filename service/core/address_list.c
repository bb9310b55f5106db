#include "address_list.h"

#include <string.h>
#include "ascii.h"

void address_list_init(struct address_list *list)
{
    message_string_clear(&list->found);
    list->comments = 0;
    list->quoted = list->escaped = list->angle = list->closed = list->complete = list->ended =
        false;
}

static bool has_at(const struct message_string *word)
{
    return memchr(word->at, '@', word->count) != NULL;
}

/* A bare word that is followed by another one was part of a name, unless it is the address. */
static void put(struct address_list *list, char byte)
{
    if (list->complete && !list->angle) {
        if (has_at(&list->found))
            return;
        message_string_clear(&list->found);
    }
    list->complete = false;
    if (byte == '@' && list->found.cut)
        list->found.count = 0; /* the domain says more than the start of a name without an end */
    message_string_put(&list->found, ascii_fold(byte));
}

bool address_list_end(struct address_list *list)
{
    bool found = !list->ended && (list->closed || list->angle || has_at(&list->found));
    list->comments = 0;
    list->quoted = list->escaped = list->angle = list->closed = list->complete = false;
    list->ended = true;
    return found;
}

/* A byte outside quotes and comments. */
static bool feed_plain(struct address_list *list, char byte)
{
    switch (byte) {
    case '<':
        message_string_clear(&list->found);
        list->angle = true;
        list->closed = false;
        return false;
    case '>':
        list->closed = list->closed || list->angle;
        list->angle = false;
        return false;
    case ':':
        /* What came before it was the name of a group, or a route. */
        if (!list->closed)
            message_string_clear(&list->found);
        return false;
    case ',':
        /* A route has commas, too. */
        return !list->angle && address_list_end(list);
    case ';':
        return address_list_end(list);
    case ' ':
    case '\t':
        list->complete = list->complete || list->found.count > 0;
        return false;
    default:
        if (!list->closed)
            put(list, byte);
        return false;
    }
}

bool address_list_feed(struct address_list *list, char byte)
{
    if (list->ended) {
        list->ended = false;
        message_string_clear(&list->found);
    }
    if (list->escaped) {
        list->escaped = false;
        if (list->quoted && !list->closed)
            put(list, byte);
        return false;
    }
    if (byte == '\\' && (list->quoted || list->comments > 0)) {
        list->escaped = true;
        return false;
    }
    if (list->quoted) {
        if (byte == '"')
            list->quoted = false;
        else if (!list->closed)
            put(list, byte);
        return false;
    }
    if (byte == '(' || (list->comments > 0 && byte == ')')) {
        list->comments += byte == '(' ? 1 : (uint32_t)-1;
        return false;
    }
    if (list->comments > 0)
        return false;
    if (byte == '"') {
        list->quoted = true;
        return false;
    }
    return feed_plain(list, byte);
}
