#include "name_book.h"

#include <string.h>

#include "identity.h"

enum {
    NETBIOS_NAME_MAX = NAME_BOOK_ADOPTION_MAX - 1,
    UNITS_PER_NAME = 64 /* on average; longer names take from what shorter ones leave */
};

/* User and domain are known by their hashes: 64 bits of a keyed hash do not meet by accident. */
struct entry {
    uint64_t user;
    uint64_t domain; /* no_domain: a bare user that no domain has adopted yet */
};

struct name {
    uint32_t first;      /* index into units */
    uint32_t count : 31; /* of its units */
    uint32_t machine : 1;
};

static const uint64_t no_domain = 0;

struct name_book {
    struct hash_key key;
    uint64_t unjoined, crowded;
    uint32_t most, count, adopted;
    uint32_t slots; /* a power of 2, at least twice most: a free one is always met */
    uint32_t units_size, units_used;
    uint32_t *index;       /* by hash of the user: a number and one; 0: free */
    struct entry *entries; /* by number */
    struct name *at;       /* by number */
    char16_t *units;
};

static uint32_t slots_for(uint32_t most)
{
    uint32_t slots = 2;

    while (slots < 2 * most) {
        slots *= 2;
    }
    return slots;
}

size_t name_book_size(uint32_t most)
{
    if (most == 0 || most > NAME_BOOK_NAMES_MAX) {
        return 0;
    }
    return sizeof(struct name_book) + slots_for(most) * sizeof(uint32_t) +
           (size_t)most *
               (sizeof(struct entry) + sizeof(struct name) + UNITS_PER_NAME * sizeof(char16_t));
}

struct name_book *name_book_init(void *memory, size_t size, uint32_t most,
                                 const struct hash_key *key)
{
    struct name_book *book = memory;

    if (name_book_size(most) == 0 || size < name_book_size(most)) {
        return NULL;
    }
    *book = (struct name_book){.key = *key,
                               .most = most,
                               .slots = slots_for(most),
                               .units_size = most * UNITS_PER_NAME,
                               .entries = (struct entry *)(book + 1)};
    book->at = (struct name *)(book->entries + most);
    book->index = (uint32_t *)(book->at + most);
    book->units = (char16_t *)(book->index + book->slots);
    return book;
}

/* What a domain is called in either form of it; empty also for ".\\user", a user of the machine
 * itself. */
static struct text label_of(struct text domain)
{
    size_t dot = text_find(domain, u'.');

    return text_slice(domain, 0, dot < NETBIOS_NAME_MAX ? dot : NETBIOS_NAME_MAX);
}

/* The hash by which a label is known. */
static uint64_t label_hash(const struct name_book *book, struct text label)
{
    if (label.count == 0) {
        return no_domain;
    }
    uint64_t hash = text_hash_fold(label, &book->key);

    return hash == no_domain ? ~hash : hash;
}

/* A name in its parts. */
struct parts {
    struct text label, user;
    bool folded; /* the label is of user@domain: NetBIOS names are in capitals */
};

static struct parts parts_of(struct text name)
{
    struct parts parts = {.folded = text_find(name, u'\\') == SIZE_MAX};
    struct text domain;

    account_name_split(name, &domain, &parts.user);
    parts.label = label_of(domain);
    return parts;
}

/* Writes LABEL\user, the label from one name, the user perhaps from where it is written to. Returns
 * how many units that is. */
static uint32_t write_joined(char16_t *to, const struct parts *parts, struct text user)
{
    size_t label = parts->label.count;

    if (user.count > 0) {
        memmove(to + label + 1, user.at, user.count * sizeof(char16_t));
    }
    for (size_t i = 0; i < label; i++) {
        to[i] = parts->folded ? text_fold_unit(parts->label.at[i]) : parts->label.at[i];
    }
    to[label] = u'\\';
    return (uint32_t)(label + 1 + user.count);
}

/* Gives a bare user the domain of another spelling, for which name_book_number has left room. */
static void adopt(struct name_book *book, struct entry *entry, uint64_t domain,
                  const struct parts *parts)
{
    struct name *name = &book->at[entry - book->entries];
    struct parts bare = parts_of((struct text){book->units + name->first, name->count});

    entry->domain = domain;
    name->count = write_joined(book->units + name->first, parts, bare.user) & 0x7fffffff;
    book->adopted++;
}

/* The entry of this account, adopted if need be; else null, and *slot is where it would go, or null
 * when it has one domain too many. */
static struct entry *find(struct name_book *book, uint64_t user, const struct parts *parts,
                          uint32_t **slot)
{
    uint64_t domain = label_hash(book, parts->label);
    uint32_t mask = book->slots - 1;
    uint32_t domains = 0;

    /* Entries are never removed, so that those of one user are met in the order of their coming. */
    for (uint32_t i = (uint32_t)user & mask; domains < NAME_BOOK_DOMAINS_MAX; i = (i + 1) & mask) {
        if (book->index[i] == 0) {
            *slot = &book->index[i];
            return NULL;
        }
        struct entry *entry = &book->entries[book->index[i] - 1];

        if (entry->user != user) {
            continue;
        }
        if (domain == no_domain || domain == entry->domain) {
            return entry;
        }
        if (entry->domain == no_domain) {
            adopt(book, entry, domain, parts);
            return entry;
        }
        domains++;
    }
    *slot = NULL;
    return NULL;
}

/* Puts a new name into the book, with room for its adoption if it has no domain yet. */
static void put(struct name_book *book, struct text name, const struct parts *parts, uint32_t room)
{
    const struct text user = parts->user;
    char16_t *units = book->units + book->units_used;
    uint32_t count = (uint32_t)name.count;

    if (parts->label.count > 0) {
        count = write_joined(units, parts, user);
    } else if (count > 0) {
        memcpy(units, name.at, count * sizeof(char16_t));
    }
    book->at[book->count] =
        (struct name){.first = book->units_used,
                      .count = count & 0x7fffffff,
                      .machine = user.count > 0 && user.at[user.count - 1] == u'$'};
    book->units_used += room;
    book->count++;
}

uint32_t name_book_number(struct name_book *book, struct text name)
{
    const struct parts parts = parts_of(name);
    uint64_t user = text_hash_fold(parts.user, &book->key);
    uint32_t *slot = NULL;
    struct entry *entry = find(book, user, &parts, &slot);

    if (entry != NULL) {
        return (uint32_t)(entry - book->entries);
    }
    size_t room = name.count + (parts.label.count == 0 ? NAME_BOOK_ADOPTION_MAX : 0);

    if (slot == NULL || book->count == book->most || room > book->units_size - book->units_used) {
        book->unjoined++;
        book->crowded += slot == NULL;
        return NAME_BOOK_NONE;
    }
    book->entries[book->count] = (struct entry){user, label_hash(book, parts.label)};
    put(book, name, &parts, (uint32_t)room);
    *slot = book->count;
    return book->count - 1;
}

bool name_book_is_machine(const struct name_book *book, uint32_t number)
{
    return book->at[number].machine;
}

uint32_t name_book_count(const struct name_book *book)
{
    return book->count;
}

struct text name_book_name(const struct name_book *book, uint32_t number)
{
    const struct name *name = &book->at[number];

    return (struct text){book->units + name->first, name->count};
}

uint32_t name_book_adopted(const struct name_book *book)
{
    return book->adopted;
}

uint64_t name_book_unjoined(const struct name_book *book)
{
    return book->unjoined;
}

uint64_t name_book_crowded(const struct name_book *book)
{
    return book->crowded;
}
