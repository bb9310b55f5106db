/* message_head_fixture.h: heads fed whole and in pieces of every size, which must come to the same.
 * Whatever fails here fails the test.
 */
#ifndef RELAYLOCK_TESTS_MESSAGE_HEAD_FIXTURE_H
#define RELAYLOCK_TESTS_MESSAGE_HEAD_FIXTURE_H

#include "core/message_head.h"

/* Of the head that was parsed last. */
extern struct message_parser parser;
extern const struct message_head *const head;

/* Leaves it as it is after all of its bytes, whole. */
void parse(const char *text);
void parse_bytes(const char *bytes, size_t size);

/* In pieces of piece bytes only. */
void feed_in_pieces(const char *bytes, size_t size, size_t piece);

void assert_is(const struct message_string *string, const char *expected);

#endif
