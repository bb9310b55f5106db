/* fuzz_message_head.c: hostile bytes as a mail message. libFuzzer; the first byte says how they are
 * cut.
 *
 * Whatever comes in: fed whole or in pieces, it comes to the same; what is kept is within bounds;
 * it is tallied, diagnosed and written as one JSON value.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/json_check.h"
#include "app/queue_report.h"
#include "must.h"

static struct message_parser whole, pieces;
static struct queue_report report;
static char written[1 << 20];

static void parse(struct message_parser *parser, const uint8_t *bytes, size_t size, size_t piece)
{
    bool going = true;
    message_parser_init(parser);
    for (size_t at = 0; going && at < size; at += piece)
        going = message_parser_feed(parser, bytes + at, size - at < piece ? size - at : piece);
    message_parser_end(parser);
}

static void check_string(const struct message_string *a, const struct message_string *b)
{
    char16_t units[MESSAGE_STRING_MAX + 1];
    must(message_string_equal(a, b) && a->cut == b->cut, "a string that depends on the pieces");
    must(a->count <= MESSAGE_STRING_MAX, "a string that is too long");
    must(message_string_text(a, units).count <= a->count, "a text that is longer than its bytes");
}

static void compare(const struct message_head *a, const struct message_head *b)
{
    must(a->fields == b->fields && a->ended == b->ended && a->recipients == b->recipients &&
             a->domain_count == b->domain_count && a->received == b->received &&
             a->dated == b->dated && a->date == b->date && a->list == b->list &&
             a->automatic == b->automatic && a->delivery_report == b->delivery_report,
         "a head that depends on the pieces");
    must(a->domain_count <= MESSAGE_DOMAINS_MAX && a->domain_count <= a->recipients,
         "too many domains");
    for (uint32_t i = 0; i < a->domain_count; i++)
        check_string(&a->domains[i], &b->domains[i]);
    check_string(&a->from.address, &b->from.address);
    check_string(&a->sender.address, &b->sender.address);
    check_string(&a->return_path.address, &b->return_path.address);
    check_string(&a->subject, &b->subject);
    check_string(&a->client, &b->client);
    check_string(&a->address, &b->address);
    check_string(&a->host, &b->host);
    check_string(&a->failed, &b->failed);
}

/* What it comes to, with others like it. */
static void diagnose(size_t size)
{
    const struct queue_message message = {.head = &whole.head, .size = size, .written = 1262401445};
    memset(&report.own, 0, sizeof report.own);
    own_domains_name(&report.own, "contoso.com");
    own_domains_find(&report.own, &whole.head);
    queue_tally_init(&report.tally);
    for (int i = 0; i < 60; i++)
        queue_tally_add(&report.tally, &report.own, &report.bursts, &message);
    uint64_t sum = 0;
    for (int kind = 0; kind < QUEUE_KINDS; kind++)
        sum += report.tally.kinds[kind];
    must(sum == 60 && report.tally.messages == 60, "a message of no kind");
    queue_diagnosis_make(&report.diagnosis, &report.tally, &report.own, 0);
    FILE *out = fmemopen(written, sizeof written, "w");
    must(out != NULL, "no memory");
    queue_report_json(&report, out);
    must(fclose(out) == 0 && json_check(written), "no JSON");
    out = fmemopen(written, sizeof written, "w");
    must(out != NULL, "no memory");
    queue_report_text(&report, out);
    fclose(out);
    for (const char *at = written; *at; at++)
        must((unsigned char)*at >= ' ' || *at == '\n', "a control character was shown");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    parse(&whole, bytes + 1, size - 1, size);
    parse(&pieces, bytes + 1, size - 1, 1 + bytes[0] % 64);
    compare(&whole.head, &pieces.head);
    diagnose(size);
    return 0;
}
