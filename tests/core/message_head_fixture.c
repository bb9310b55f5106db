#include "message_head_fixture.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_MAX = 8192 };

struct message_parser parser;
const struct message_head *const head = &parser.head;

void assert_is(const struct message_string *string, const char *expected)
{
    if (!message_string_is(string, expected))
        fail_msg("\"%.*s\" instead of \"%s\"", string->count, string->at, expected);
}

/* Each piece in a block of exactly its size, so that the sanitizers see every step outside it. */
static bool feed_block(const char *bytes, size_t size)
{
    char *block = malloc(size);
    assert_non_null(block);
    memcpy(block, bytes, size);
    bool going = message_parser_feed(&parser, block, size);
    free(block);
    return going;
}

void feed_in_pieces(const char *bytes, size_t size, size_t piece)
{
    bool going = true;
    message_parser_init(&parser);
    for (size_t at = 0; going && at < size; at += piece)
        going = feed_block(bytes + at, size - at < piece ? size - at : piece);
    message_parser_end(&parser);
}

/* All that a head says, one after the other. */
static size_t describe(const struct message_head *from, char to[DESCRIPTION_MAX])
{
    const struct message_string *const strings[] = {
        &from->from.address, &from->sender.address, &from->return_path.address,
        &from->subject,      &from->client,         &from->address,
        &from->host,         &from->failed};
    size_t used = (size_t)snprintf(to, DESCRIPTION_MAX, "%u %d %d %d %d %u %u %d %d %lld %d %d %d",
                                   from->fields, from->ended, from->from.there, from->sender.there,
                                   from->return_path.there, from->recipients, from->domain_count,
                                   from->received, from->dated, (long long)from->date, from->list,
                                   from->automatic, from->delivery_report);
    for (size_t i = 0; i < sizeof strings / sizeof *strings + from->domain_count; i++) {
        const struct message_string *string =
            i < from->domain_count ? &from->domains[i] : strings[i - from->domain_count];
        to[used++] = string->cut ? '!' : '|';
        memcpy(to + used, string->at, string->count);
        used += string->count;
    }
    return used;
}

void parse_bytes(const char *bytes, size_t size)
{
    static char whole[DESCRIPTION_MAX], pieces[DESCRIPTION_MAX];
    for (size_t piece = 1; piece < size && piece < 200; piece += piece < 20 ? 1 : 37) {
        feed_in_pieces(bytes, size, piece);
        size_t count = describe(&parser.head, pieces);
        feed_in_pieces(bytes, size, size + 1);
        assert_int_equal(describe(&parser.head, whole), count);
        assert_memory_equal(whole, pieces, count);
    }
    feed_in_pieces(bytes, size, size + 1);
}

void parse(const char *text)
{
    parse_bytes(text, strlen(text));
}
