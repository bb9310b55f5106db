#include "said_list.h"

struct said_flag said_flag_of(struct text account, const struct hash_key *key,
                              enum flag_reason flag, uint64_t record, int64_t time)
{
    return (struct said_flag){
        .account = text_hash_fold(account, key), .flag = flag, .record = record, .time = time};
}

static bool is_said(const struct said_flag *said, const struct said_flag *now, int64_t window)
{
    if (said->account != now->account || said->flag != now->flag)
        return false;
    if (now->record <= said->record && now->time <= said->time)
        return true;
    return said->recalled && now->time < said->time + window && now->time > said->time - window;
}

void said_list_add(struct said_list *list, const struct said_flag *flag)
{
    for (size_t i = 0; i < SAID_LIST_MAX; i++) {
        const struct said_flag *known = &list->flags[i];
        if (known->account == flag->account && known->flag == flag->flag &&
            known->record == flag->record && known->time == flag->time)
            return;
    }
    list->flags[list->next] = *flag;
    list->next = (list->next + 1) % SAID_LIST_MAX;
}

bool said_list_has(const struct said_list *list, const struct said_flag *flag, uint32_t window)
{
    for (size_t i = 0; i < SAID_LIST_MAX; i++) {
        if (is_said(&list->flags[i], flag, window))
            return true;
    }
    return false;
}
