#include "queue_selection.h"

#include <string.h>

bool queue_selection_set_sender(struct queue_selection *selection, const char *typed)
{
    struct message_string sender;
    size_t count = strlen(typed);
    if (count >= 2 && typed[0] == '<' && typed[count - 1] == '>') {
        typed++;
        count -= 2;
    }
    message_string_set(&sender, typed, count, true);
    if (sender.cut)
        return false;
    selection->sender = sender;
    return true;
}

static bool is_of_client(struct burst_list *clients, const struct message_head *head, int64_t time)
{
    char16_t name[MESSAGE_STRING_MAX + 1], address[MESSAGE_STRING_MAX + 1];
    return head->received && burst_list_has(clients, message_string_text(&head->client, name),
                                            message_string_text(&head->address, address), time);
}

static bool is_of_sender(const struct message_string *wanted, const struct message_head *head)
{
    const struct message_string *sender = message_head_sender(head);
    struct message_string folded;
    if (wanted->count == 0 && head->delivery_report)
        return true;
    if (!sender)
        return false;
    message_string_set(&folded, sender->at, sender->count, true);
    return message_string_equal(&folded, wanted);
}

bool queue_selection_takes(const struct queue_selection *selection, const struct message_head *head,
                           int64_t time)
{
    switch (selection->kind) {
    case SELECT_CLIENTS:
        return is_of_client(selection->clients, head, time);
    case SELECT_SENDER:
        return is_of_sender(&selection->sender, head);
    case SELECT_ALL:
        return true;
    case SELECTION_KINDS:
        break;
    }
    return false;
}

static void pack_burst(struct packer *packer, struct burst *burst)
{
    pack_text(packer, burst->account, ACCOUNT_SHOWN_MAX);
    pack_signed(packer, &burst->first_time, -SELECTION_EVER, SELECTION_EVER);
    pack_signed(packer, &burst->last_time, -SELECTION_EVER, SELECTION_EVER);
}

static void pack_clients(struct packer *packer, struct burst_list *list)
{
    if (packer->unpacking)
        memset(list, 0, sizeof *list);
    pack_number(packer, &list->count, 0, SELECTION_BURSTS_MAX);
    pack_number(packer, &list->client_count, 0, BURST_CLIENTS_MAX);
    for (uint32_t i = 0; !packer->failed && i < list->count; i++)
        pack_burst(packer, &list->bursts[i]);
    for (uint32_t i = 0; !packer->failed && i < list->client_count; i++) {
        pack_u64(packer, &list->clients[i].hash);
        pack_number(packer, &list->clients[i].burst, 0, list->count - 1);
    }
    pack_require(packer, list->count > 0 || list->client_count == 0);
}

void queue_selection_pack(struct packer *packer, struct queue_selection *selection)
{
    uint32_t count = selection->sender.count;
    selection->kind = pack_enum(packer, selection->kind, SELECTION_KINDS);
    pack_number(packer, &count, 0, MESSAGE_STRING_MAX);
    if (packer->failed)
        return;
    selection->sender.count = (uint8_t)count;
    pack_bytes(packer, (uint8_t *)selection->sender.at, count);
    if (selection->kind == SELECT_CLIENTS)
        pack_clients(packer, selection->clients);
}
