/* What a quarantine's manifest refuses: at each bound, and one beyond it; nothing that is refused
 * is written, and nothing that is read is believed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/quarantine_manifest.h"

enum { BATCH = 1, INTENT, RESULT, PURGE, UNKNOWN };
enum { ROOM = 32 << 20 };

static struct manifest_entry entries[MANIFEST_FILES_MAX];
static struct manifest manifest = {.entries = entries};
static struct manifest_chunk chunk;
static struct manifest_file file;
static uint8_t *bytes;
static size_t size;
static uint64_t sequence;

static const struct manifest_batch batch = {
    .id = "20261129-082000", .why = MANIFEST_BY_CLIENT, .what = u"User", .queue = u"C:\\Queue"};

static void begin(void)
{
    sequence = 1;
    size = manifest_write_batch(bytes, ROOM, sequence++, &batch);
    assert_true(size > 0);
}

static void put(uint16_t kind, const void *payload, uint32_t count)
{
    size_t written = journal_write(bytes + size, ROOM - size, kind, sequence++, payload, count);
    assert_true(written > 0);
    size += written;
}

static void put_chunk(void)
{
    size_t written = manifest_chunk_finish(&chunk, sequence++);
    assert_true(written > 0);
    memcpy(bytes + size, chunk.frame, written);
    size += written;
}

static void intend(uint32_t count)
{
    manifest_chunk_begin(&chunk, false);
    for (uint32_t i = 0; i < count; i++)
        assert_true(manifest_chunk_add_file(&chunk, &file));
    put_chunk();
}

static void result(uint32_t count)
{
    static const enum manifest_place all_in[MANIFEST_CHUNK_MAX];
    size += manifest_write_result(bytes + size, ROOM - size, sequence++, all_in, count);
}

/* Two messages, in the batch. */
static void begin_with_two(void)
{
    begin();
    intend(2);
    result(2);
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.good, size);
    assert_int_equal(manifest.count, 2);
}

static void expect_good(size_t good)
{
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.good, good);
}

static int set_up(void **state)
{
    (void)state;
    bytes = calloc(1, ROOM);
    memset(&file, 0, sizeof file);
    memcpy(file.name, u"x.eml", sizeof u"x.eml");
    return bytes == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    free(bytes);
    return 0;
}

static void a_batch_is_written_where_it_fits(void **state)
{
    (void)state;
    begin();
    for (size_t capacity = 0; capacity < size; capacity++) {
        memset(bytes, 0x5a, 2 * size);
        assert_int_equal(manifest_write_batch(bytes, capacity, 1, &batch), 0);
        for (size_t at = capacity; at < 2 * size; at++)
            assert_int_equal(bytes[at], 0x5a);
    }
    assert_int_equal(manifest_write_batch(bytes, size, 1, &batch), size);
}

static void a_batch_that_would_be_refused_is_not_written(void **state)
{
    struct manifest_batch wrong = batch;
    (void)state;
    memcpy(wrong.id, "20261129_082000", sizeof wrong.id);
    assert_int_equal(manifest_write_batch(bytes, ROOM, 1, &wrong), 0);
    wrong = batch;
    wrong.why = MANIFEST_WHYS;
    assert_int_equal(manifest_write_batch(bytes, ROOM, 1, &wrong), 0);
}

/* The payload of a good one, changed, with a checksum that is right. */
static void a_batch_that_makes_no_sense_is_not_read(void **state)
{
    enum { ID_AT = 0, WHY_AT = MANIFEST_ID_SIZE + 8 };
    uint8_t payload[256];
    (void)state;
    begin();
    uint32_t count = (uint32_t)(size - JOURNAL_HEAD_SIZE);
    memset(payload, 0, sizeof payload);
    memcpy(payload, bytes + JOURNAL_HEAD_SIZE, count);
    size = 0;
    put(BATCH, payload, count);
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.batch.why, MANIFEST_BY_CLIENT);
    size = 0;
    put(BATCH, payload, count + 1);
    assert_false(manifest_read(&manifest, bytes, size));
    size = 0;
    put(BATCH, payload, count - 1);
    assert_false(manifest_read(&manifest, bytes, size));
    size = 0;
    put(INTENT, payload, count);
    assert_false(manifest_read(&manifest, bytes, size));
    payload[WHY_AT] = MANIFEST_WHYS;
    size = 0;
    put(BATCH, payload, count);
    assert_false(manifest_read(&manifest, bytes, size));
    payload[WHY_AT] = MANIFEST_BY_LOCK;
    payload[ID_AT] = '.';
    size = 0;
    put(BATCH, payload, count);
    assert_false(manifest_read(&manifest, bytes, size));
}

static void strings_are_as_long_as_they_may_be(void **state)
{
    struct message_string *const strings[] = {&file.client, &file.address, &file.sender};
    (void)state;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        manifest_chunk_begin(&chunk, false);
        strings[i]->count = MESSAGE_STRING_MAX;
        assert_true(manifest_chunk_add_file(&chunk, &file));
        strings[i]->count = MESSAGE_STRING_MAX + 1;
        assert_false(manifest_chunk_add_file(&chunk, &file));
        assert_int_equal(chunk.count, 1);
        strings[i]->count = 0;
    }
}

/* A string's length is put down before it; of one that is too long nothing is taken. */
static void a_string_that_is_too_long_is_not_read(void **state)
{
    static uint8_t payload[1024];
    (void)state;
    begin();
    size_t good = size;
    file.client.count = MESSAGE_STRING_MAX;
    memset(file.client.at, 'c', MESSAGE_STRING_MAX);
    intend(1);
    uint32_t count = (uint32_t)(size - good - JOURNAL_HEAD_SIZE);
    memcpy(payload, bytes + good + JOURNAL_HEAD_SIZE, count);
    size_t at = (size_t)((uint8_t *)memchr(payload, MESSAGE_STRING_MAX, count) - payload);
    payload[at] = MESSAGE_STRING_MAX + 1;
    memmove(payload + at + 2, payload + at + 1, count - at - 1);
    size = good;
    put(INTENT, payload, count + 1);
    expect_good(good);
}

static void results_are_of_so_many_as_an_intent_may_have(void **state)
{
    static const enum manifest_place all_in[MANIFEST_CHUNK_MAX + 1];
    (void)state;
    assert_int_equal(manifest_write_result(bytes, ROOM, 1, all_in, MANIFEST_CHUNK_MAX + 1), 0);
    begin();
    intend(MANIFEST_CHUNK_MAX);
    result(MANIFEST_CHUNK_MAX);
    expect_good(size);
    assert_int_equal(manifest.count, MANIFEST_CHUNK_MAX);
    assert_int_equal(manifest.open_count, 0);
}

static void a_result_knows_two_places(void **state)
{
    (void)state;
    begin();
    intend(2);
    size_t good = size;
    put(RESULT, "\0\2", 2);
    expect_good(good);
    assert_int_equal(manifest.open_count, 2);
    size = good;
    sequence--;
    put(RESULT, "\0\1", 2);
    expect_good(size);
    assert_int_equal(entries[0].place, MANIFEST_IN_BATCH);
    assert_int_equal(entries[1].place, MANIFEST_IN_QUEUE);
}

static void an_intent_to_give_back_names_messages_that_there_are(void **state)
{
    (void)state;
    begin_with_two();
    size_t good = size;
    put(INTENT, "\1\1\0\0\0\2\0\0\0", 9);
    expect_good(good);
    size = good;
    sequence--;
    put(INTENT, "\1\1\0\0\0\1\0\0\0x", 10); /* and more than it says */
    expect_good(good);
    size = good;
    sequence--;
    put(INTENT, "\1\2\0\0\0\1\0\0\0", 9); /* or less */
    expect_good(good);
    assert_int_equal(manifest.open_count, 0);
    size = good;
    sequence--;
    put(INTENT, "\1\1\0\0\0\1\0\0\0", 9);
    expect_good(size);
    assert_int_equal(manifest.open_count, 1);
    assert_int_equal(manifest.open[0], 1);
}

static void an_intent_of_nothing_or_too_much_is_refused(void **state)
{
    static uint8_t back[5 + 4 * (MANIFEST_CHUNK_MAX + 1)] = {1};
    (void)state;
    begin_with_two();
    size_t good = size;
    put(INTENT, "\1\0\0\0\0", 5);
    expect_good(good);
    size = good;
    sequence--;
    put(INTENT, "\0\0\0\0\0", 5);
    expect_good(good);
    size = good;
    sequence--;
    back[1] = 1; /* 257 */
    back[2] = 1;
    put(INTENT, back, sizeof back);
    expect_good(good);
    size = good;
    sequence--;
    back[1] = 0; /* 256 */
    put(INTENT, back, sizeof back - 4);
    expect_good(size);
    assert_int_equal(manifest.open_count, MANIFEST_CHUNK_MAX);
}

static void a_chunk_takes_so_many_indexes(void **state)
{
    (void)state;
    manifest_chunk_begin(&chunk, true);
    for (uint32_t i = 0; i < MANIFEST_CHUNK_MAX; i++)
        assert_true(manifest_chunk_add_index(&chunk, i));
    assert_false(manifest_chunk_add_index(&chunk, 0));
    assert_int_equal(chunk.count, MANIFEST_CHUNK_MAX);
}

/* Even if they look like one. */
static void what_goes_back_is_no_file(void **state)
{
    static uint8_t packed[256];
    uint32_t index;
    size_t at = 0;
    (void)state;
    manifest_chunk_begin(&chunk, false);
    size_t head = chunk.size;
    assert_true(manifest_chunk_add_file(&chunk, &file));
    memcpy(packed, chunk.frame + JOURNAL_HEAD_SIZE + head, chunk.size - head);
    assert_true(manifest_chunk_next(&chunk, &at, &file));
    manifest_chunk_begin(&chunk, true);
    for (size_t i = 0; i < sizeof packed; i += sizeof index) {
        memcpy(&index, packed + i, sizeof index);
        assert_true(manifest_chunk_add_index(&chunk, index));
    }
    at = 0;
    assert_false(manifest_chunk_next(&chunk, &at, &file));
}

static void an_empty_chunk_has_no_file(void **state)
{
    (void)state;
    size_t at = 0;
    memset(&chunk, 0, sizeof chunk);
    manifest_chunk_begin(&chunk, false);
    assert_false(manifest_chunk_next(&chunk, &at, &file));
}

static void a_kind_that_nobody_knows_ends_what_is_good(void **state)
{
    (void)state;
    begin_with_two();
    size_t good = size;
    put(UNKNOWN, NULL, 0);
    expect_good(good);
    size = good;
    sequence--;
    put(0, NULL, 0);
    expect_good(good);
    size = good;
    sequence--;
    put(BATCH, bytes + JOURNAL_HEAD_SIZE, 40); /* another beginning */
    expect_good(good);
}

/* What was open when all was deleted may be settled even so. */
static void a_result_may_follow_a_purge(void **state)
{
    (void)state;
    begin();
    intend(1);
    put(PURGE, NULL, 0);
    result(1);
    expect_good(size);
    assert_true(manifest.purging);
    assert_int_equal(manifest.open_count, 0);
}

static void a_batch_has_so_many_messages(void **state)
{
    (void)state;
    begin();
    for (uint32_t count = 0; count < MANIFEST_FILES_MAX;) {
        uint32_t left = MANIFEST_FILES_MAX - count;
        uint32_t next = left < MANIFEST_CHUNK_MAX ? left : MANIFEST_CHUNK_MAX;
        intend(next);
        result(next);
        count += next;
    }
    expect_good(size);
    assert_int_equal(manifest.count, MANIFEST_FILES_MAX);
    size_t good = size;
    intend(1);
    expect_good(good);
    assert_int_equal(manifest.count, MANIFEST_FILES_MAX);
}

static void a_manifest_of_more_bytes_than_there_may_be_is_refused(void **state)
{
    (void)state;
    uint8_t *large = calloc(1, (size_t)MANIFEST_SIZE_MAX + 1);
    assert_non_null(large);
    assert_true(manifest_write_batch(large, ROOM, 1, &batch) > 0);
    assert_true(manifest_read(&manifest, large, MANIFEST_SIZE_MAX));
    assert_false(manifest_read(&manifest, large, (size_t)MANIFEST_SIZE_MAX + 1));
    free(large);
}

/* As when somebody has changed the file meanwhile. */
static void a_message_whose_bytes_have_changed_is_not_read(void **state)
{
    (void)state;
    begin_with_two();
    assert_true(manifest_file_at(&manifest, bytes, 1, &file));
    uint8_t *sender = bytes + entries[1].at + (chunk.size - 5) / 2 - 4;
    *sender = MESSAGE_STRING_MAX; /* as if it went on behind what is good */
    assert_false(manifest_file_at(&manifest, bytes, 1, &file));
    *sender = 0;
    assert_true(manifest_file_at(&manifest, bytes, 1, &file));
    bytes[entries[1].at] = 0xff;
    bytes[entries[1].at + 1] = 0xff;
    assert_false(manifest_file_at(&manifest, bytes, 1, &file));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_batch_is_written_where_it_fits),
        TEST(a_batch_that_would_be_refused_is_not_written),
        TEST(a_batch_that_makes_no_sense_is_not_read),
        TEST(strings_are_as_long_as_they_may_be),
        TEST(a_string_that_is_too_long_is_not_read),
        TEST(results_are_of_so_many_as_an_intent_may_have),
        TEST(a_result_knows_two_places),
        TEST(an_intent_to_give_back_names_messages_that_there_are),
        TEST(an_intent_of_nothing_or_too_much_is_refused),
        TEST(a_chunk_takes_so_many_indexes),
        TEST(what_goes_back_is_no_file),
        TEST(an_empty_chunk_has_no_file),
        TEST(a_kind_that_nobody_knows_ends_what_is_good),
        TEST(a_result_may_follow_a_purge),
        TEST(a_batch_has_so_many_messages),
        TEST(a_manifest_of_more_bytes_than_there_may_be_is_refused),
        TEST(a_message_whose_bytes_have_changed_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
