#include "client_book.h"

#include "slot_table.h"

struct name {
    uint64_t hash;
    char16_t units[CLIENT_SHOWN_MAX]; /* terminated */
};

struct client_book {
    struct hash_key key;
    struct slot_table slots; /* a number and one: they are handed out in order */
    struct name *names;      /* by slot */
};

static uint64_t aligned(uint64_t size)
{
    return (size + 15) & ~UINT64_C(15);
}

size_t client_book_size(uint32_t most)
{
    if (most == 0 || most > CLIENT_BOOK_NAMES_MAX) {
        return 0;
    }
    return (size_t)(aligned(sizeof(struct client_book)) + aligned(slot_table_size(most)) +
                    sizeof(struct name) * ((uint64_t)most + 1));
}

struct client_book *client_book_init(void *memory, size_t size, uint32_t most,
                                     const struct hash_key *key)
{
    struct client_book *book = memory;

    if (client_book_size(most) == 0 || size < client_book_size(most)) {
        return NULL;
    }
    uint8_t *slots = (uint8_t *)memory + aligned(sizeof *book);

    *book = (struct client_book){.key = *key};
    slot_table_init(&book->slots, slots, most);
    book->names = (struct name *)(void *)(slots + aligned(slot_table_size(most)));
    return book;
}

uint32_t client_book_number(struct client_book *book, struct text name, uint64_t *hash)
{
    uint64_t known = text_hash_fold(name, &book->key);
    uint32_t slot = slot_table_first(&book->slots, known);

    while (slot != 0 && book->names[slot].hash != known) {
        slot = slot_table_next(&book->slots, slot);
    }
    *hash = known;
    if (slot != 0) {
        return slot - 1;
    }
    slot = slot_table_take(&book->slots, known);
    if (slot == 0) {
        return CLIENT_BOOK_NONE;
    }
    book->names[slot].hash = known;
    text_copy(book->names[slot].units, CLIENT_SHOWN_MAX, name);
    return slot - 1;
}

uint32_t client_book_count(const struct client_book *book)
{
    return book->slots.used;
}

struct text client_book_name(const struct client_book *book, uint32_t number)
{
    return text_of(book->names[number + 1].units);
}
