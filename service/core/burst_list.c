#include "burst_list.h"

/* Whoever chooses names that collide makes one client of them, and finds himself accused of more.
 */
static const struct hash_key key = {0x77686f2077617320, 0x6974207468656e3f};

static struct text without_brackets(struct text name)
{
    if (name.count > 2 && name.at[0] == u'[' && name.at[name.count - 1] == u']')
        return text_slice(name, 1, name.count - 2);
    return name;
}

static uint64_t hash_of(struct text name, char16_t kept[CLIENT_SHOWN_MAX])
{
    size_t count = text_copy(kept, CLIENT_SHOWN_MAX, without_brackets(name));
    return text_hash_fold((struct text){kept, count}, &key);
}

uint32_t burst_list_add(struct burst_list *list, struct text account, int64_t first, int64_t last)
{
    char16_t kept[ACCOUNT_SHOWN_MAX];
    struct text name = {kept, text_copy(kept, ACCOUNT_SHOWN_MAX, account)};
    uint32_t i = 0;
    while (i < list->count && !text_equal_fold(text_of(list->bursts[i].account), name))
        i++;
    struct burst *burst = &list->bursts[i];
    if (i == BURSTS_MAX) {
        list->crowded = true;
        return BURST_NONE;
    }
    if (i == list->count) {
        list->count++;
        *burst = (struct burst){.first_time = first, .last_time = last};
        text_copy(burst->account, ACCOUNT_SHOWN_MAX, name);
    }
    if (first < burst->first_time)
        burst->first_time = first;
    if (last > burst->last_time)
        burst->last_time = last;
    return i;
}

void burst_list_add_client(struct burst_list *list, uint32_t burst, struct text client)
{
    char16_t kept[CLIENT_SHOWN_MAX];
    if (client.count == 0)
        return;
    uint64_t hash = hash_of(client, kept);
    for (uint32_t i = 0; i < list->client_count; i++) {
        if (list->clients[i].hash == hash && list->clients[i].burst == burst)
            return;
    }
    if (list->client_count == BURST_CLIENTS_MAX) {
        list->crowded = true;
        return;
    }
    struct burst_client *added = &list->clients[list->client_count++];
    *added = (struct burst_client){.hash = hash, .burst = burst};
    text_copy(added->name, CLIENT_SHOWN_MAX, client);
    list->bursts[burst].clients++;
}

/* The next client of that name, from index on, whose burst a message of that time may be of;
 * client_count: there is none. */
static uint32_t next_match(const struct burst_list *list, uint64_t hash, int64_t time,
                           uint32_t index)
{
    for (; index < list->client_count; index++) {
        const struct burst_client *client = &list->clients[index];
        const struct burst *burst = &list->bursts[client->burst];
        if (client->hash == hash && time >= burst->first_time - BURST_EARLY &&
            time <= burst->last_time + BURST_LATE)
            break;
    }
    return index;
}

static uint32_t first_match(const struct burst_list *list, struct text name, struct text address,
                            int64_t time, uint64_t *hash)
{
    const struct text names[] = {name, address};
    char16_t kept[CLIENT_SHOWN_MAX];
    uint32_t found = list->client_count;
    for (size_t i = 0; i < 2 && found == list->client_count; i++) {
        if (names[i].count == 0)
            continue;
        *hash = hash_of(names[i], kept);
        found = next_match(list, *hash, time, 0);
    }
    return found;
}

bool burst_list_has(const struct burst_list *list, struct text name, struct text address,
                    int64_t time)
{
    uint64_t hash;
    return first_match(list, name, address, time, &hash) < list->client_count;
}

bool burst_list_count(struct burst_list *list, struct text name, struct text address, int64_t time)
{
    uint64_t hash = 0;
    uint32_t first = first_match(list, name, address, time, &hash);
    for (uint32_t i = first; i < list->client_count; i = next_match(list, hash, time, i + 1)) {
        list->clients[i].messages++;
        list->bursts[list->clients[i].burst].messages++;
    }
    return first < list->client_count;
}
