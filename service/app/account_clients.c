#include "account_clients.h"

#include "../core/identity.h"
#include "../windows/deadline.h"
#include "log_reader.h"

static bool is_of(const struct verdict *verdict, struct text account)
{
    struct text domain, user, name = text_of(verdict->name);
    if (text_equal_fold(account, text_of(verdict->account)))
        return true;
    account_name_split(name, &domain, &user);
    return user.count > 0 && (text_equal_fold(account, name) || text_equal_fold(account, user));
}

static void add_verdict(const struct verdict *verdict, struct burst_list *list, uint32_t burst)
{
    for (uint32_t i = 0; i < verdict->top_count; i++)
        burst_list_add_client(list, burst, text_of(verdict->top[i].name));
}

/* Reads to the end of the log as it is, or until the deadline. */
static void read_all(struct event_source *source, const struct verdict *verdict,
                     struct burst_list *list, uint32_t burst, HANDLE deadline)
{
    struct relay_event events[EVENT_SOURCE_BATCH];
    struct event_source_change change;
    size_t count;
    while (source->methods->next(source, events, &count, &change) == ERROR_SUCCESS &&
           !event_source_is_stopped(deadline)) {
        for (size_t i = 0; i < count; i++) {
            if (!is_of(verdict, events[i].account) || events[i].time < verdict->first_time)
                continue;
            burst_list_add_client(list, burst, events[i].client);
            if (events[i].time > list->bursts[burst].last_time)
                list->bursts[burst].last_time = events[i].time;
        }
    }
}

/* Opening takes as long as it takes to find the start in the log: the deadline is for both. */
static void read_log(const struct response_policy *policy, const struct verdict *verdict,
                     struct burst_list *list, uint32_t burst, HANDLE deadline)
{
    const struct event_source_options options = {.channel = policy->channel,
                                                 .provider = policy->provider,
                                                 .event_id = (uint16_t)policy->event_id,
                                                 .since = verdict->first_time,
                                                 .stop = deadline};
    struct event_source *source;
    char why[LOG_READER_WHY_SIZE];
    const char *call;
    DWORD refused;
    if (log_reader_choose(policy->reader, &options, &source, why, &refused, &call))
        return;
    read_all(source, verdict, list, burst, deadline);
    source->methods->close(source);
}

void account_clients_read(const struct response_policy *policy, const struct verdict *verdict,
                          struct burst_list *list, uint32_t burst, DWORD patience)
{
    add_verdict(verdict, list, burst);
    HANDLE deadline = patience != 0 ? deadline_begin(patience) : NULL;
    if (!deadline)
        return;
    read_log(policy, verdict, list, burst, deadline);
    deadline_end(deadline);
}
