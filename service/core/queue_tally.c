#include "queue_tally.h"

#include <string.h>
#include "message_received.h"

enum { CLOCKS_APART = 86400 /* s: of this server and of whoever copied the file */ };

void queue_tally_init(struct queue_tally *tally)
{
    struct frequent *const all[] = {
        &tally->senders,        &tally->domains,          &tally->clients,
        &tally->subjects,       &tally->relayed_from,     &tally->relayed_to,
        &tally->failed_domains, &tally->outgoing_senders, &tally->outgoing_domains};
    tally->messages = tally->bytes = tally->largest = 0;
    tally->null_senders = tally->outgoing_lists = tally->outgoing_from_outside = 0;
    tally->oldest = tally->newest = tally->newest_slot = 0;
    memset(tally->kinds, 0, sizeof tally->kinds);
    memset(tally->slots, 0, sizeof tally->slots);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        frequent_init(all[i]);
}

/* ---- time ----------------------------------------------------------------------------------- */

int64_t queue_message_time(const struct queue_message *message)
{
    const struct message_head *head = message->head;
    return head->dated && head->date <= message->written + CLOCKS_APART ? head->date
                                                                        : message->written;
}

static void add_time(struct queue_tally *tally, int64_t time)
{
    int64_t slot = time / QUEUE_SLOT_SECONDS;
    if (tally->messages == 1) {
        tally->oldest = tally->newest = time;
        tally->newest_slot = slot;
    }
    if (time < tally->oldest)
        tally->oldest = time;
    if (time > tally->newest)
        tally->newest = time;
    if (slot - tally->newest_slot >= QUEUE_SLOTS) {
        memset(tally->slots, 0, sizeof tally->slots);
        tally->newest_slot = slot;
    }
    while (tally->newest_slot < slot)
        tally->slots[(uint64_t)++tally->newest_slot % QUEUE_RING] = 0;
    if (tally->newest_slot - slot < QUEUE_SLOTS)
        tally->slots[(uint64_t)slot % QUEUE_RING]++;
}

static uint64_t count_slots(const struct queue_tally *tally, int64_t from, int64_t to)
{
    uint64_t count = 0;
    for (int64_t back = from; back < to; back++)
        count += tally->slots[(uint64_t)(tally->newest_slot - back) % QUEUE_RING];
    return count;
}

uint64_t queue_tally_last_hour(const struct queue_tally *tally)
{
    return count_slots(tally, 0, QUEUE_HOUR_SLOTS);
}

uint64_t queue_tally_hour_before(const struct queue_tally *tally)
{
    return count_slots(tally, QUEUE_HOUR_SLOTS, INT64_C(2) * QUEUE_HOUR_SLOTS);
}

uint64_t queue_tally_last_day(const struct queue_tally *tally)
{
    return count_slots(tally, 0, QUEUE_SLOTS);
}

/* ---- kinds ---------------------------------------------------------------------------------- */

enum place { PLACE_UNKNOWN, PLACE_HERE, PLACE_OUTSIDE };

static enum place place_of(const struct own_domains *own, const struct message_string *address)
{
    struct message_string domain;
    if (own->count == 0 || !address)
        return PLACE_UNKNOWN;
    message_string_domain(address, &domain);
    if (domain.count == 0)
        return PLACE_UNKNOWN;
    return own_domains_have(own, &domain) ? PLACE_HERE : PLACE_OUTSIDE;
}

/* Where it goes: outside when any of the recipients that it names is there. */
static enum place place_of_recipients(const struct own_domains *own,
                                      const struct message_head *head)
{
    if (own->count == 0 || head->domain_count == 0)
        return PLACE_UNKNOWN;
    for (uint32_t i = 0; i < head->domain_count; i++) {
        if (!own_domains_have(own, &head->domains[i]))
            return PLACE_OUTSIDE;
    }
    return PLACE_HERE;
}

static enum queue_kind kind_of_report(const struct own_domains *own,
                                      const struct message_head *head)
{
    if (place_of_recipients(own, head) == PLACE_HERE)
        return QUEUE_REPORT_OWN;
    switch (place_of(own, &head->failed)) {
    case PLACE_HERE:
        return QUEUE_REPORT_BACKSCATTER;
    case PLACE_OUTSIDE:
        return QUEUE_REPORT_RELAYED;
    default:
        return QUEUE_REPORT_VAGUE;
    }
}

static enum queue_kind kind_of(const struct own_domains *own, const struct message_head *head)
{
    enum place from = place_of(own, message_head_sender(head));
    enum place to = place_of_recipients(own, head);
    if (from == PLACE_HERE)
        return QUEUE_OUTGOING;
    if (to == PLACE_HERE)
        return QUEUE_INCOMING;
    if (from == PLACE_UNKNOWN || to == PLACE_UNKNOWN)
        return QUEUE_UNCLEAR;
    /* Without an address it came from a folder of this server and not from a client. */
    bool brought = head->received && head->address.count > 0;
    return brought && !head->list && !head->automatic && !head->delivery_report ? QUEUE_RELAYED
                                                                                : QUEUE_LIST;
}

static bool is_of_burst(struct burst_list *bursts, const struct queue_message *message)
{
    char16_t name[MESSAGE_STRING_MAX + 1], address[MESSAGE_STRING_MAX + 1];
    const struct message_head *head = message->head;
    if (bursts->client_count == 0 || !head->received)
        return false;
    return burst_list_count(bursts, message_string_text(&head->client, name),
                            message_string_text(&head->address, address),
                            queue_message_time(message));
}

/* ---- one message ---------------------------------------------------------------------------- */

static void add_domains(struct frequent *to, const struct message_head *head)
{
    for (uint32_t i = 0; i < head->domain_count; i++)
        frequent_add(to, &head->domains[i]);
}

static void add_domain_of(struct frequent *to, const struct message_string *address)
{
    struct message_string domain;
    message_string_domain(address, &domain);
    frequent_add(to, &domain);
}

static bool is_nobody(const struct message_string *sender)
{
    static const char postmaster[] = "postmaster@";
    return sender->count == 0 || (sender->count >= sizeof postmaster - 1 &&
                                  memcmp(sender->at, postmaster, sizeof postmaster - 1) == 0);
}

static bool is_from_outside(const struct message_head *head)
{
    return head->received && head->address.count > 0 && !message_received_is_inside(&head->address);
}

static void add_by_kind(struct queue_tally *tally, enum queue_kind kind,
                        const struct message_head *head)
{
    static const struct message_string nobody;
    const struct message_string *sender = message_head_sender(head);
    if (!sender)
        sender = &nobody;
    if (kind == QUEUE_RELAYED) {
        add_domain_of(&tally->relayed_from, sender);
        frequent_add(&tally->relayed_to, &head->domains[0]); /* there is one, or it were unclear */
    } else if (kind == QUEUE_REPORT_RELAYED) {
        add_domain_of(&tally->failed_domains, &head->failed);
    } else if (kind == QUEUE_OUTGOING) {
        tally->outgoing_lists += head->list;
        tally->outgoing_from_outside += !head->list && is_from_outside(head);
        frequent_add(&tally->outgoing_senders, sender);
        add_domains(&tally->outgoing_domains, head);
    }
    if (kind > QUEUE_REPORT_OWN && !head->delivery_report && is_nobody(sender))
        tally->null_senders++;
    frequent_add(&tally->senders, sender);
    add_domains(&tally->domains, head);
    if (head->received)
        frequent_add(&tally->clients, head->client.count > 0 ? &head->client : &head->address);
    frequent_add(&tally->subjects, &head->subject);
}

enum queue_kind queue_tally_add(struct queue_tally *tally, const struct own_domains *own,
                                struct burst_list *bursts, const struct queue_message *message)
{
    const struct message_head *head = message->head;
    enum queue_kind kind = QUEUE_NO_HEAD;
    tally->messages++;
    tally->bytes += message->size;
    if (message->size > tally->largest)
        tally->largest = message->size;
    add_time(tally, queue_message_time(message));
    if (is_of_burst(bursts, message)) {
        kind = QUEUE_BURST;
    } else if (own_domains_made_report(own, head)) {
        kind = kind_of_report(own, head);
    } else if (head->fields > 0) {
        kind = kind_of(own, head);
    }
    tally->kinds[kind]++;
    if (kind != QUEUE_NO_HEAD)
        add_by_kind(tally, kind, head);
    return kind;
}

const char *queue_kind_name(enum queue_kind kind)
{
    static const char *const words[] = {
        [QUEUE_REPORT_BACKSCATTER] = "backscatter",
        [QUEUE_REPORT_RELAYED] = "relayed_reports",
        [QUEUE_REPORT_VAGUE] = "vague_reports",
        [QUEUE_REPORT_OWN] = "own_reports",
        [QUEUE_BURST] = "burst",
        [QUEUE_RELAYED] = "relayed",
        [QUEUE_OUTGOING] = "outgoing",
        [QUEUE_INCOMING] = "incoming",
        [QUEUE_LIST] = "lists",
        [QUEUE_UNCLEAR] = "unclear",
        [QUEUE_NO_HEAD] = "no_head",
    };
    return words[kind];
}
