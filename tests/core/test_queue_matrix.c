/* test_queue_matrix.c: over 400 queues of every kind, made by chance (queue_maker.h), and what the
 * diagnosis says of each: none may be taken for another.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/queue_diagnosis.h"
#include "queue_maker.h"

enum {
    EACH = 30, /* queues of each kind */
    WRITTEN_LATER = 3600
};

/* What whoever looks at a queue knows beside it. */
enum {
    KNOWS_DOMAINS = 1, /* all own domains are named */
    KNOWS_LOG = 2,     /* the event log, with the stolen account's clients */
    HOST_IS_LOCAL = 4  /* and the server's name says nothing */
};

struct kind {
    const char *name;
    enum queue_verdict verdict;
    unsigned knows;
    bool or_unsure;   /* can't tell is right as well */
    uint32_t domains; /* the office's; 0: as many as are known */
    bool by_turns;    /* sometimes the domains are known, sometimes the log */
    bool honest, newsletter, relay, attack, garbage;
    bool no_reports; /* of the relay's messages all have arrived so far */
    bool inward;     /* they name people here */
    int senders;     /* of the relay; -1: any */
    uint32_t hidden, broken;
};

static const struct kind kinds[] = {
    {.name = "an office's mail",
     .verdict = QUEUE_VERDICT_NORMAL,
     .knows = KNOWS_DOMAINS,
     .honest = true},
    {.name = "an office's mail, and a newsletter",
     .verdict = QUEUE_VERDICT_NORMAL,
     .knows = KNOWS_DOMAINS | KNOWS_LOG,
     .honest = true,
     .newsletter = true,
     .broken = 5},
    {.name = "a relay, with the log",
     .verdict = QUEUE_VERDICT_RELAY,
     .knows = KNOWS_LOG,
     .honest = true,
     .relay = true,
     .senders = -1,
     .hidden = 50,
     .broken = 5},
    {.name = "a relay, with the own domains",
     .verdict = QUEUE_VERDICT_RELAY,
     .knows = KNOWS_DOMAINS,
     .honest = true,
     .relay = true,
     .senders = MAKER_ONE,
     .hidden = 20},
    {.name = "a relay, as it lies there",
     .verdict = QUEUE_VERDICT_RELAY,
     .honest = true,
     .relay = true,
     .senders = MAKER_RANDOM,
     .hidden = 20,
     .broken = 20},
    {.name = "a non-delivery attack",
     .verdict = QUEUE_VERDICT_NON_DELIVERY,
     .honest = true,
     .attack = true,
     .broken = 5},
    {.name = "a non-delivery attack, with the log",
     .verdict = QUEUE_VERDICT_NON_DELIVERY,
     .knows = KNOWS_DOMAINS | KNOWS_LOG,
     .honest = true,
     .attack = true,
     .broken = 20},
    {.name = "both",
     .verdict = QUEUE_VERDICT_BOTH,
     .by_turns = true,
     .honest = true,
     .relay = true,
     .attack = true,
     .senders = MAKER_RANDOM,
     .broken = 10},
    {.name = "one outsider's relay, and nothing known",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .relay = true,
     .no_reports = true,
     .senders = MAKER_ONE},
    {.name = "the same, and a non-delivery attack",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .relay = true,
     .no_reports = true,
     .attack = true,
     .senders = MAKER_ONE},
    {.name = "a relay under invented names of ours",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .knows = KNOWS_DOMAINS,
     .honest = true,
     .relay = true,
     .senders = MAKER_OWN_NAMES,
     .hidden = 20},
    {.name = "the same, with the log",
     .verdict = QUEUE_VERDICT_RELAY,
     .knows = KNOWS_LOG,
     .honest = true,
     .relay = true,
     .senders = MAKER_OWN_NAMES},
    {.name = "the same, and a non-delivery attack",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .knows = KNOWS_DOMAINS,
     .relay = true,
     .attack = true,
     .senders = MAKER_OWN_NAMES},
    {.name = "a relay whose messages name people here",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .knows = KNOWS_DOMAINS,
     .relay = true,
     .no_reports = true,
     .inward = true,
     .senders = MAKER_RANDOM},
    /* What nobody can tell for sure, but must not be taken for something else. */
    {.name = "an office of more domains than are known",
     .verdict = QUEUE_VERDICT_NORMAL,
     .or_unsure = true,
     .domains = 3,
     .honest = true,
     .broken = 5},
    {.name = "a non-delivery attack on such an office",
     .verdict = QUEUE_VERDICT_NON_DELIVERY,
     .or_unsure = true,
     .domains = 3,
     .honest = true,
     .attack = true},
    {.name = "an office whose server has a local name",
     .verdict = QUEUE_VERDICT_NORMAL,
     .or_unsure = true,
     .knows = HOST_IS_LOCAL,
     .honest = true,
     .newsletter = true},
    {.name = "what are no messages",
     .verdict = QUEUE_VERDICT_UNKNOWN,
     .knows = KNOWS_DOMAINS,
     .garbage = true},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct maker maker;
static struct message_parser parser;
static struct own_domains own;
static struct burst_list bursts;
static struct queue_tally tally;

static bool learning;

static void add(int64_t time)
{
    message_parser_init(&parser);
    message_parser_feed(&parser, maker.message,
                        maker.size < MESSAGE_READ_MAX ? maker.size : MESSAGE_READ_MAX);
    message_parser_end(&parser);
    const struct queue_message message = {
        .head = &parser.head, .size = maker.size, .written = time + WRITTEN_LATER};
    own_domains_find(&own, &parser.head);
    if (!learning)
        queue_tally_add(&tally, &own, &bursts, &message);
}

static void know(unsigned knows)
{
    memset(&own, 0, sizeof own);
    memset(&bursts, 0, sizeof bursts);
    for (uint32_t i = 0; (knows & KNOWS_DOMAINS) != 0 && i < maker.domain_count; i++)
        assert_true(own_domains_name(&own, maker.domains[i]));
    if ((knows & KNOWS_LOG) == 0)
        return;
    /* Another account's burst, from elsewhere, and one of long ago. */
    uint32_t other =
        burst_list_add(&bursts, TEXT_OF(u"CONTOSO\\other"), maker.now - 80000, maker.now - 70000);
    burst_list_add_client(&bursts, other, TEXT_OF(u"somewhere-else"));
    uint32_t old =
        burst_list_add(&bursts, TEXT_OF(u"CONTOSO\\old"), maker.now - 9000000, maker.now - 8990000);
    burst_list_add_client(&bursts, old, TEXT_OF(u"PC1"));
    uint32_t stolen =
        burst_list_add(&bursts, TEXT_OF(u"CONTOSO\\bob"), maker.now - 86400, maker.now);
    for (uint32_t i = 0; i < maker.client_count; i++) {
        char16_t name[MAKER_NAME_MAX];
        assert_true(text_from_utf8(name, MAKER_NAME_MAX, maker.clients[i], NULL));
        burst_list_add_client(&bursts, stolen, text_of(name));
    }
}

struct amounts {
    uint32_t honest, newsletter, relay, relay_reports, attack, attack_messages, garbage;
};

static struct amounts choose(const struct kind *kind)
{
    struct amounts amounts = {0};
    if (kind->honest)
        amounts.honest = maker_spread(&maker, 1, 600);
    if (kind->newsletter)
        amounts.newsletter = maker_spread(&maker, 100, 800);
    /* An attack fills a queue: there is more of it than of honest mail, be it twice or 50 times. */
    uint32_t least = amounts.honest < 150 ? 150 : amounts.honest;
    if (kind->relay) {
        amounts.relay = maker_spread(&maker, least, 1000);
        amounts.relay_reports = kind->no_reports ? 0 : maker_below(&maker, amounts.relay * 2 / 3);
    }
    if (kind->attack) {
        amounts.attack = maker_spread(&maker, least, 1000);
        amounts.attack_messages = maker_below(&maker, amounts.attack / 3);
    }
    if (kind->garbage)
        amounts.garbage = maker_spread(&maker, 1, 300);
    return amounts;
}

static void make(const struct amounts *amounts, uint64_t seed)
{
    const struct {
        uint32_t count;
        int64_t (*one)(struct maker *maker);
    } parts[] = {
        {amounts->honest, maker_honest},        {amounts->newsletter, maker_newsletter},
        {amounts->relay, maker_relay},          {amounts->relay_reports, maker_relay_report},
        {amounts->attack, maker_attack_report}, {amounts->attack_messages, maker_attack_message},
        {amounts->garbage, maker_garbage}};
    maker.state = seed;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (uint32_t n = 0; n < parts[i].count; n++)
            add(parts[i].one(&maker));
    }
}

static void diagnose(const struct kind *kind, uint64_t seed, struct queue_diagnosis *diagnosis)
{
    unsigned knows = kind->knows;
    if (kind->by_turns)
        knows = seed % 3 == 0 ? 0 : seed % 3 == 1 ? KNOWS_DOMAINS : KNOWS_LOG;
    uint32_t domains = (knows & KNOWS_DOMAINS) != 0 ? 1 + (uint32_t)(seed % 3) : 1;
    maker_init(&maker, seed, kind->domains > 0 ? kind->domains : domains,
               (knows & HOST_IS_LOCAL) != 0);
    if (kind->senders >= 0)
        maker.senders = (enum maker_senders)kind->senders;
    maker.hidden = kind->hidden > 0 ? maker_below(&maker, kind->hidden) : 0;
    maker.broken = kind->broken;
    maker.inward = kind->inward;
    struct amounts amounts = choose(kind);
    know(knows);
    queue_tally_init(&tally);
    /* Twice, as the verb does it: the own domains first. */
    learning = true;
    make(&amounts, seed * 1000003);
    learning = false;
    make(&amounts, seed * 1000003);
    queue_diagnosis_make(diagnosis, &tally, &own, 0);
}

/* Under valgrind, which sets this, a tenth of them must do. */
static uint64_t number_of_each(void)
{
    return getenv("RELAYLOCK_HISTORIES") ? EACH / 10 : EACH;
}

static void every_queue_is_taken_for_what_it_is(void **state)
{
    unsigned matrix[KINDS][QUEUE_VERDICT_UNKNOWN + 1] = {0}, wrong = 0;
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (uint64_t i = 0; i < number_of_each(); i++) {
            struct queue_diagnosis diagnosis;
            uint64_t seed = kind * 1000 + i;
            diagnose(&kinds[kind], seed, &diagnosis);
            matrix[kind][diagnosis.verdict]++;
            if (diagnosis.verdict == kinds[kind].verdict ||
                (kinds[kind].or_unsure && diagnosis.verdict == QUEUE_VERDICT_UNKNOWN))
                continue;
            wrong++;
            print_error("seed %u, %s: %s", (unsigned)seed, kinds[kind].name,
                        queue_verdict_name(diagnosis.verdict));
            for (int k = 0; k < QUEUE_KINDS; k++)
                print_error(" %s %u", queue_kind_name((enum queue_kind)k),
                            (unsigned)tally.kinds[k]);
            print_error("\n");
        }
    }
    print_message("%-40s %8s %8s %8s %8s %8s\n", "", "normal", "relay", "reports", "both",
                  "unsure");
    for (size_t kind = 0; kind < KINDS; kind++) {
        const unsigned *row = matrix[kind];
        print_message("%-40s %8u %8u %8u %8u %8u\n", kinds[kind].name, row[0], row[1], row[2],
                      row[3], row[4]);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_queue_is_taken_for_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
