#include "frequent.h"

#include <string.h>

/* Collisions cost a comparison and nothing else. */
static const struct hash_key key = {0x6d6f7374206f6674, 0x656e207365656e20};

void frequent_init(struct frequent *frequent)
{
    frequent->total = 0;
    frequent->crowded = false;
    frequent->used = 0;
}

static uint32_t find(const struct frequent *frequent, uint64_t hash,
                     const struct message_string *name)
{
    for (uint32_t i = 0; i < frequent->used; i++) {
        if (frequent->hashes[i] == hash && message_string_equal(&frequent->names[i], name))
            return i;
    }
    return FREQUENT_MAX;
}

static uint32_t find_least(const struct frequent *frequent)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < FREQUENT_MAX; i++) {
        if (frequent->counts[i] < frequent->counts[least])
            least = i;
    }
    return least;
}

void frequent_add(struct frequent *frequent, const struct message_string *name)
{
    uint64_t hash = hash_bytes(name->at, name->count, &key);
    uint32_t at = find(frequent, hash, name);
    frequent->total++;
    if (at < FREQUENT_MAX) {
        frequent->counts[at]++;
        return;
    }
    uint64_t error = 0;
    if (frequent->used < FREQUENT_MAX) {
        at = frequent->used++;
    } else {
        at = find_least(frequent);
        error = frequent->counts[at];
        frequent->crowded = true;
    }
    frequent->hashes[at] = hash;
    frequent->counts[at] = error + 1;
    frequent->errors[at] = error;
    frequent->names[at].cut = name->cut;
    frequent->names[at].count = name->count;
    memcpy(frequent->names[at].at, name->at, name->count);
}

static bool comes_before(const struct frequent *frequent, uint32_t i,
                         const struct frequent_row *row)
{
    const struct message_string *name = &frequent->names[i];
    if (frequent->counts[i] != row->count)
        return frequent->counts[i] > row->count;
    size_t both = name->count < row->name->count ? name->count : row->name->count;
    int order = memcmp(name->at, row->name->at, both);
    return order != 0 ? order < 0 : name->count < row->name->count;
}

size_t frequent_top(const struct frequent *frequent, struct frequent_row *rows, size_t most)
{
    size_t count = 0;
    for (uint32_t i = 0; i < frequent->used; i++) {
        size_t at = count;
        while (at > 0 && comes_before(frequent, i, &rows[at - 1]))
            at--;
        if (at == most)
            continue;
        count += count < most;
        memmove(rows + at + 1, rows + at, (count - at - 1) * sizeof *rows);
        rows[at] =
            (struct frequent_row){&frequent->names[i], frequent->counts[i], frequent->errors[i]};
    }
    return count;
}

bool frequent_is_diverse(const struct frequent *frequent, uint32_t least, uint32_t share)
{
    struct frequent_row first[3];
    uint64_t most = 0;
    size_t count = frequent_top(frequent, first, sizeof first / sizeof *first);
    for (size_t i = 0; i < count; i++)
        most += first[i].count;
    return frequent->used >= least && most * 100 < frequent->total * share;
}
