/* Which messages are meant, and that a selection survives its way as bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/queue_selection.h"

static struct burst_list clients, unpacked_clients;

static struct message_head head_of(const char *client, const char *address, const char *sender)
{
    struct message_head head = {.received = client != NULL};
    if (client)
        message_string_set(&head.client, client, strlen(client), false);
    message_string_set(&head.address, address, strlen(address), false);
    if (sender) {
        head.return_path.there = true;
        message_string_set(&head.return_path.address, sender, strlen(sender), true);
    }
    return head;
}

static struct queue_selection of_clients(void)
{
    memset(&clients, 0, sizeof clients);
    uint32_t burst = burst_list_add(&clients, TEXT_OF(u"CONTOSO\\bob"), 100000, 100600);
    burst_list_add_client(&clients, burst, TEXT_OF(u"User"));
    burst_list_add_client(&clients, burst, TEXT_OF(u"203.0.113.9"));
    return (struct queue_selection){.kind = SELECT_CLIENTS, .clients = &clients};
}

static void expect_of_clients(const struct queue_selection *selection)
{
    struct message_head user = head_of("USER", "192.0.2.1", "a@b.example"),
                        address = head_of("other", "[203.0.113.9]", "a@b.example"),
                        other = head_of("other", "192.0.2.1", "user@b.example"),
                        unreceived = head_of(NULL, "203.0.113.9", "a@b.example");
    assert_true(queue_selection_takes(selection, &user, 100000));
    assert_true(queue_selection_takes(selection, &address, 100000));
    assert_false(queue_selection_takes(selection, &other, 100000));
    assert_false(queue_selection_takes(selection, &unreceived, 100000));
    assert_true(queue_selection_takes(selection, &user, 100000 - BURST_EARLY));
    assert_false(queue_selection_takes(selection, &user, 100000 - BURST_EARLY - 1));
    assert_true(queue_selection_takes(selection, &user, 100600 + BURST_LATE));
    assert_false(queue_selection_takes(selection, &user, 100600 + BURST_LATE + 1));
}

static void clients_are_taken_by_name_address_and_time(void **state)
{
    (void)state;
    struct queue_selection selection = of_clients();
    expect_of_clients(&selection);
}

static void a_client_at_any_time(void **state)
{
    (void)state;
    struct queue_selection selection = {.kind = SELECT_CLIENTS, .clients = &clients};
    struct message_head user = head_of("User", "192.0.2.1", NULL);
    memset(&clients, 0, sizeof clients);
    burst_list_add_client(&clients,
                          burst_list_add(&clients, TEXT_OF(u""), -SELECTION_EVER, SELECTION_EVER),
                          TEXT_OF(u"user"));
    assert_true(queue_selection_takes(&selection, &user, 0));
    assert_true(queue_selection_takes(&selection, &user, INT64_C(1) << 40));
}

static void senders_are_taken_whatever_their_case(void **state)
{
    (void)state;
    struct queue_selection selection = {.kind = SELECT_SENDER};
    struct message_head bob = head_of("x", "y", "bob@contoso.com"),
                        other = head_of("x", "y", "bob@contoso.com.example"),
                        none = head_of("x", "y", NULL), null = head_of("x", "y", ""),
                        report = head_of("x", "y", "postmaster@contoso.com");
    report.delivery_report = true;
    assert_true(queue_selection_set_sender(&selection, "<Bob@Contoso.com>"));
    assert_true(queue_selection_takes(&selection, &bob, 0));
    assert_false(queue_selection_takes(&selection, &other, 0));
    assert_false(queue_selection_takes(&selection, &none, 0));
    assert_false(queue_selection_takes(&selection, &null, 0));
    assert_false(queue_selection_takes(&selection, &report, 0));
    message_string_set(&bob.return_path.address, "BOB@contoso.COM", 15, false);
    assert_true(queue_selection_takes(&selection, &bob, 0));
    assert_true(queue_selection_set_sender(&selection, "<>"));
    assert_true(queue_selection_takes(&selection, &null, 0));
    assert_true(queue_selection_takes(&selection, &report, 0));
    assert_false(queue_selection_takes(&selection, &bob, 0));
    assert_false(queue_selection_takes(&selection, &none, 0));
}

static void a_sender_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char typed[MESSAGE_STRING_MAX + 2];
    struct queue_selection selection = {.kind = SELECT_SENDER};
    memset(typed, 'a', sizeof typed);
    typed[MESSAGE_STRING_MAX + 1] = '\0';
    assert_false(queue_selection_set_sender(&selection, typed));
    assert_int_equal(selection.sender.count, 0);
    typed[MESSAGE_STRING_MAX] = '\0';
    assert_true(queue_selection_set_sender(&selection, typed));
}

static void all_takes_what_has_no_head_as_well(void **state)
{
    (void)state;
    struct queue_selection selection = {.kind = SELECT_ALL};
    struct message_head nothing = {0};
    assert_true(queue_selection_takes(&selection, &nothing, 0));
}

static void it_is_the_same_when_unpacked(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    struct queue_selection selection = of_clients();
    struct queue_selection unpacked = {.clients = &unpacked_clients};
    struct packer packer = packer_to(bytes, sizeof bytes);
    queue_selection_pack(&packer, &selection);
    assert_false(packer.failed);
    struct packer reader = packer_from(bytes, packer.at);
    queue_selection_pack(&reader, &unpacked);
    assert_false(reader.failed);
    assert_int_equal(reader.at, packer.at);
    expect_of_clients(&unpacked);
    for (size_t size = 0; size < packer.at; size++) {
        struct packer torn = packer_from(bytes, size);
        queue_selection_pack(&torn, &unpacked);
        assert_true(torn.failed);
    }
}

static void so_is_a_sender(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    struct queue_selection selection = {.kind = SELECT_SENDER}, unpacked = {.kind = SELECT_ALL};
    struct message_head bob = head_of("x", "y", "bob@contoso.com"),
                        rob = head_of("x", "y", "rob@contoso.com");
    assert_true(queue_selection_set_sender(&selection, "bob@contoso.com"));
    struct packer packer = packer_to(bytes, sizeof bytes);
    queue_selection_pack(&packer, &selection);
    assert_false(packer.failed);
    struct packer reader = packer_from(bytes, packer.at);
    queue_selection_pack(&reader, &unpacked);
    assert_false(reader.failed);
    assert_int_equal(reader.at, packer.at);
    assert_true(queue_selection_takes(&unpacked, &bob, 0));
    assert_false(queue_selection_takes(&unpacked, &rob, 0));
}

static bool pack(struct queue_selection *selection, uint8_t *bytes, size_t capacity, size_t *size)
{
    struct packer packer = packer_to(bytes, capacity);
    queue_selection_pack(&packer, selection);
    *size = packer.at;
    return !packer.failed;
}

/* Each client comes back with its own burst, and what was there before is gone. */
static void every_burst_comes_back_with_its_clients(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    size_t size;
    struct queue_selection selection = of_clients();
    struct queue_selection unpacked = {.clients = &unpacked_clients};
    uint32_t eve = burst_list_add(&clients, TEXT_OF(u"eve"), -SELECTION_EVER, SELECTION_EVER);
    burst_list_add_client(&clients, eve, TEXT_OF(u"PC7"));
    clients.bursts[2].first_time = clients.bursts[2].last_time = 7; /* behind the last ones */
    clients.clients[3].hash = 7;
    assert_true(pack(&selection, bytes, sizeof bytes, &size));
    memset(&unpacked_clients, 0x5a, sizeof unpacked_clients);
    struct packer reader = packer_from(bytes, size);
    queue_selection_pack(&reader, &unpacked);
    assert_false(reader.failed);
    assert_int_equal(unpacked.kind, SELECT_CLIENTS);
    assert_int_equal(unpacked_clients.count, 2);
    assert_int_equal(unpacked_clients.client_count, 3);
    assert_false(unpacked_clients.crowded);
    assert_int_equal(unpacked_clients.bursts[0].messages, 0);
    for (uint32_t i = 0; i < 2; i++) {
        const struct burst *one = &clients.bursts[i], *other = &unpacked_clients.bursts[i];
        assert_true(text_equal(text_of(one->account), text_of(other->account)));
        assert_true(one->first_time == other->first_time && one->last_time == other->last_time);
    }
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(clients.clients[i].hash == unpacked_clients.clients[i].hash);
        assert_int_equal(unpacked_clients.clients[i].burst, i < 2 ? 0 : eve);
    }
    assert_int_equal(unpacked_clients.bursts[2].first_time, 0);
    assert_int_equal(unpacked_clients.clients[3].hash, 0);
}

static void a_sender_comes_back_as_long_as_it_may_be(void **state)
{
    (void)state;
    char typed[MESSAGE_STRING_MAX + 1];
    uint8_t bytes[1024];
    size_t size;
    struct queue_selection selection = {.kind = SELECT_SENDER}, unpacked = {.kind = SELECT_ALL};
    memset(typed, 'a', sizeof typed - 1);
    typed[MESSAGE_STRING_MAX] = '\0';
    assert_true(queue_selection_set_sender(&selection, typed));
    assert_true(pack(&selection, bytes, sizeof bytes, &size));
    struct packer reader = packer_from(bytes, size);
    queue_selection_pack(&reader, &unpacked);
    assert_false(reader.failed);
    assert_int_equal(unpacked.kind, SELECT_SENDER);
    assert_true(message_string_is(&unpacked.sender, typed));
    selection.sender.count = MESSAGE_STRING_MAX + 1;
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
}

static void what_makes_no_sense_is_not_packed(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    size_t size;
    struct queue_selection selection = of_clients();
    clients.clients[1].burst = 1; /* of one burst, the second */
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    selection = of_clients();
    clients.bursts[0].first_time = -SELECTION_EVER - 1;
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    selection = of_clients();
    clients.bursts[0].last_time = SELECTION_EVER + 1;
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    selection = of_clients();
    clients.count = 0; /* clients of no burst */
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    clients.client_count = 0;
    assert_true(pack(&selection, bytes, sizeof bytes, &size));
    clients.count = SELECTION_BURSTS_MAX;
    assert_true(pack(&selection, bytes, sizeof bytes, &size));
    clients.count = SELECTION_BURSTS_MAX + 1;
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    clients.count = 1;
    clients.client_count = BURST_CLIENTS_MAX + 1;
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
    selection = (struct queue_selection){.kind = SELECTION_KINDS};
    assert_false(pack(&selection, bytes, sizeof bytes, &size));
}

static void a_sender_is_in_both_brackets_or_in_none(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *sender;
    } cases[] = {{"<a@b>", "a@b"}, {"<a@b", "<a@b"}, {"a@b>", "a@b>"}, {"<", "<"},
                 {">", ">"},       {"", ""},         {"<>", ""},       {"<<>>", "<>"},
                 {"<A>", "a"},     {"=a>", "=a>"},   {"<a?", "<a?"}};
    struct queue_selection selection = {.kind = SELECT_SENDER};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(queue_selection_set_sender(&selection, cases[i].typed));
        assert_true(message_string_is(&selection.sender, cases[i].sender));
    }
}

static void of_no_kind_none_is_meant(void **state)
{
    (void)state;
    struct queue_selection selection = {.kind = SELECTION_KINDS};
    struct message_head bob = head_of("x", "y", "");
    assert_false(queue_selection_takes(&selection, &bob, 0));
}

/* As many as there may be fit into a frame of the journal's kind. */
static void the_largest_one_can_be_packed(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    struct queue_selection selection = {.kind = SELECT_CLIENTS, .clients = &clients};
    memset(&clients, 0, sizeof clients);
    clients.count = SELECTION_BURSTS_MAX;
    clients.client_count = BURST_CLIENTS_MAX;
    for (size_t i = 0; i < SELECTION_BURSTS_MAX; i++)
        for (size_t unit = 0; unit < ACCOUNT_SHOWN_MAX - 1; unit++)
            clients.bursts[i].account[unit] = u'x';
    struct packer packer = packer_to(bytes, sizeof bytes - 2048);
    queue_selection_pack(&packer, &selection);
    assert_false(packer.failed);
    clients.clients[7].burst = SELECTION_BURSTS_MAX; /* of no burst */
    packer = packer_to(bytes, sizeof bytes);
    queue_selection_pack(&packer, &selection);
    assert_true(packer.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_are_taken_by_name_address_and_time),
        cmocka_unit_test(a_client_at_any_time),
        cmocka_unit_test(senders_are_taken_whatever_their_case),
        cmocka_unit_test(a_sender_that_is_too_long_is_refused),
        cmocka_unit_test(all_takes_what_has_no_head_as_well),
        cmocka_unit_test(it_is_the_same_when_unpacked),
        cmocka_unit_test(so_is_a_sender),
        cmocka_unit_test(every_burst_comes_back_with_its_clients),
        cmocka_unit_test(a_sender_comes_back_as_long_as_it_may_be),
        cmocka_unit_test(what_makes_no_sense_is_not_packed),
        cmocka_unit_test(a_sender_is_in_both_brackets_or_in_none),
        cmocka_unit_test(of_no_kind_none_is_meant),
        cmocka_unit_test(the_largest_one_can_be_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
