/* The manifest, torn at every byte and with every byte changed: what it tells is what was put down,
 * and never more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/quarantine_manifest.h"

enum { FILES = 10, ROOM = 1 << 20 };

static struct manifest_entry entries[MANIFEST_FILES_MAX];
static struct manifest manifest = {.entries = entries};
static struct manifest_chunk chunk;
static struct manifest_file file;
static uint8_t bytes[ROOM];
static size_t size;
static uint64_t sequence;

static const struct manifest_batch batch = {.id = "20261129-082000",
                                            .time = 1795940400,
                                            .why = MANIFEST_BY_LOCK,
                                            .what = u"CONTOSO\\bob",
                                            .queue = u"C:\\Mailroot\\vsi 1\\Queue"};

static void make_file(unsigned number)
{
    char name[32];
    memset(&file, 0, sizeof file);
    snprintf(name, sizeof name, "NTFS_%04u.EML", number);
    assert_true(text_from_utf8(file.name, MANIFEST_NAME_MAX, name, NULL));
    file.size = 1000 + number;
    file.written = -5 + (int64_t)number;
    file.came = number;
    file.received = number % 2 == 0;
    file.has_sender = number % 3 != 0;
    file.report = number % 5 == 1;
    message_string_set(&file.client, "User", 4, false);
    message_string_set(&file.address, "192.0.2.1", 9, false);
    message_string_set(&file.sender, "a@b.example", 11, false);
}

static void begin(void)
{
    sequence = 7;
    size = manifest_write_batch(bytes, ROOM, sequence++, &batch);
    assert_true(size > 0);
}

static void put(size_t written)
{
    assert_true(written > 0);
    size += written;
    sequence++;
}

static void intend(unsigned first, unsigned count)
{
    manifest_chunk_begin(&chunk, false);
    for (unsigned i = first; i < first + count; i++) {
        make_file(i);
        assert_true(manifest_chunk_add_file(&chunk, &file));
    }
    size_t written = manifest_chunk_finish(&chunk, sequence);
    memcpy(bytes + size, chunk.frame, written);
    put(written);
}

static void intend_back(const uint32_t *indexes, unsigned count)
{
    manifest_chunk_begin(&chunk, true);
    for (unsigned i = 0; i < count; i++)
        assert_true(manifest_chunk_add_index(&chunk, indexes[i]));
    size_t written = manifest_chunk_finish(&chunk, sequence);
    memcpy(bytes + size, chunk.frame, written);
    put(written);
}

static void result(const enum manifest_place *places, uint32_t count)
{
    put(manifest_write_result(bytes + size, ROOM - size, sequence, places, count));
}

static const enum manifest_place all_in[MANIFEST_CHUNK_MAX];

/* A batch of ten in two chunks, of which the last stayed, and two were given back. */
static void whole_story(void)
{
    static const enum manifest_place last_stayed[] = {MANIFEST_IN_BATCH, MANIFEST_IN_BATCH,
                                                      MANIFEST_IN_BATCH, MANIFEST_IN_QUEUE};
    static const enum manifest_place back[] = {MANIFEST_IN_QUEUE, MANIFEST_IN_QUEUE};
    begin();
    intend(0, 6);
    result(all_in, 6);
    intend(6, 4);
    result(last_stayed, 4);
    intend_back((const uint32_t[]){1, 7}, 2);
    result(back, 2);
}

static void it_is_the_same_when_read(void **state)
{
    (void)state;
    whole_story();
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.good, size);
    assert_int_equal(manifest.sequence, sequence);
    assert_string_equal(manifest.batch.id, batch.id);
    assert_int_equal(manifest.batch.time, batch.time);
    assert_int_equal(manifest.batch.why, batch.why);
    assert_true(text_equal(text_of(manifest.batch.what), text_of(batch.what)));
    assert_true(text_equal(text_of(manifest.batch.queue), text_of(batch.queue)));
    assert_int_equal(manifest.count, FILES);
    assert_int_equal(manifest.open_count, 0);
    for (uint32_t i = 0; i < FILES; i++) {
        struct manifest_file read;
        bool queued = i == 1 || i == 7 || i == 9;
        assert_int_equal(entries[i].place, queued ? MANIFEST_IN_QUEUE : MANIFEST_IN_BATCH);
        make_file(i);
        memset(&read, 0, sizeof read);
        assert_true(manifest_file_at(&manifest, bytes, i, &read));
        assert_memory_equal(&read, &file, sizeof read);
    }
}

/* Cut off anywhere, it tells what the whole frames before told; and what was announced last is
 * open. */
static void torn_it_tells_what_came_before(void **state)
{
    (void)state;
    struct journal_frame frame;
    whole_story();
    struct journal_reader frames = {.bytes = bytes, .size = size};
    size_t ends[8] = {0}, end_count = 0;
    while (journal_next(&frames, &frame))
        ends[end_count++] = frames.at;
    assert_int_equal(end_count, 7);
    static const uint32_t counts[] = {0, 6, 6, 10, 10, 10, 10}, open[] = {0, 6, 0, 4, 0, 2, 0};
    for (size_t cut = 0; cut <= size; cut++) {
        size_t passed = 0;
        while (passed < end_count && ends[passed] <= cut)
            passed++;
        assert_int_equal(manifest_read(&manifest, bytes, cut), passed > 0);
        if (passed == 0)
            continue;
        assert_int_equal(manifest.good, ends[passed - 1]);
        assert_int_equal(manifest.count, counts[passed - 1]);
        assert_int_equal(manifest.open_count, open[passed - 1]);
    }
}

static void a_byte_that_changed_ends_what_is_good(void **state)
{
    (void)state;
    whole_story();
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x41;
        if (manifest_read(&manifest, bytes, size))
            assert_true(manifest.good <= at);
        bytes[at] ^= 0x41;
    }
}

/* What the manifest cannot know is settled by what is found, and is then known. */
static void what_is_open_is_settled(void **state)
{
    (void)state;
    static const enum manifest_place found[] = {MANIFEST_IN_BATCH, MANIFEST_IN_QUEUE};
    begin();
    intend(0, 2);
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.open_count, 2);
    assert_int_equal(manifest.open[1], 1);
    assert_int_equal(entries[0].place, MANIFEST_IN_QUEUE);
    result(found, 2);
    manifest_settle(&manifest, found);
    assert_int_equal(entries[0].place, MANIFEST_IN_BATCH);
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.open_count, 0);
    assert_int_equal(entries[0].place, MANIFEST_IN_BATCH);
    assert_int_equal(entries[1].place, MANIFEST_IN_QUEUE);
}

static void expect_refused(void)
{
    size_t good = manifest.good;
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.good, good);
}

static void good_so_far(void)
{
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.good, size);
}

static void frames_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    begin();
    good_so_far();
    result(all_in, 1); /* of no intent */
    expect_refused();
    begin();
    intend_back((const uint32_t[]){0}, 1); /* of nothing */
    expect_refused();
    begin();
    intend(0, 1);
    good_so_far();
    intend(1, 2); /* before the result of the first */
    expect_refused();
    begin();
    intend(0, 2);
    good_so_far();
    result(all_in, 3); /* of three */
    expect_refused();
    begin();
    intend(0, 1);
    result(all_in, 1);
    good_so_far();
    result(all_in, 0); /* of nothing that is open */
    expect_refused();
    begin();
    intend(0, 2);
    result(all_in, 2);
    put(manifest_write_purge(bytes + size, ROOM - size, sequence));
    good_so_far();
    assert_true(manifest.purging);
    intend(2, 1); /* while it is being deleted */
    expect_refused();
    size = manifest_write_purge(bytes, ROOM, 1);
    assert_false(manifest_read(&manifest, bytes, size)); /* of no batch */
}

/* Behind the last good one, with a checksum that is right. */
static void put_frame(uint16_t kind, const void *payload, uint32_t count)
{
    put(journal_write(bytes + size, ROOM - size, kind, sequence, payload, count));
}

static void a_frame_that_is_refused_leaves_no_trace(void **state)
{
    enum { INTENT = 2, PURGE = 4 };
    (void)state;
    begin();
    intend(0, 2);
    result(all_in, 2);
    good_so_far();
    manifest_chunk_begin(&chunk, false);
    make_file(7);
    assert_true(manifest_chunk_add_file(&chunk, &file));
    manifest_chunk_finish(&chunk, sequence);
    put_frame(INTENT, chunk.frame + JOURNAL_HEAD_SIZE, (uint32_t)chunk.size + 1);
    expect_refused();
    assert_int_equal(manifest.count, 2);
    assert_int_equal(manifest.open_count, 0);
    begin();
    put_frame(PURGE, NULL, 0);
    good_so_far();
    put_frame(PURGE, "x", 1);
    expect_refused();
    assert_true(manifest.purging);
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "..\\x.eml", "a/x.eml", "x.eml:y.eml", ".eml",   "x.exe", "manifest", "x\x01.eml",
        "/x.eml",    "\\x.eml", ":x.eml",      "x.emlx", "x.em",  "\x1f.eml", ""};
    static const char *const plain[] = {"x.eml", "a b.EML", " .eml", ".eml.eml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make_file(1);
        assert_true(text_from_utf8(file.name, MANIFEST_NAME_MAX, names[i], NULL));
        manifest_chunk_begin(&chunk, false);
        assert_false(manifest_chunk_add_file(&chunk, &file));
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        make_file(1);
        assert_true(text_from_utf8(file.name, MANIFEST_NAME_MAX, plain[i], NULL));
        assert_true(manifest_chunk_add_file(&chunk, &file));
    }
    assert_int_equal(chunk.count, sizeof plain / sizeof *plain);
}

static void a_chunk_takes_so_many_and_gives_them_again(void **state)
{
    (void)state;
    size_t at = 0;
    unsigned count = 0;
    manifest_chunk_begin(&chunk, false);
    for (;; count++) {
        make_file(count);
        if (!manifest_chunk_add_file(&chunk, &file))
            break;
    }
    assert_int_equal(count, MANIFEST_CHUNK_MAX);
    for (unsigned i = 0; i < count; i++) {
        struct manifest_file read;
        memset(&read, 0, sizeof read);
        make_file(i);
        assert_true(manifest_chunk_next(&chunk, &at, &read));
        assert_memory_equal(&read, &file, sizeof read);
    }
    assert_false(manifest_chunk_next(&chunk, &at, &file));
}

/* The longest of everything: fewer in a chunk, and none is lost. */
static void a_chunk_of_the_longest_files_is_full_earlier(void **state)
{
    (void)state;
    unsigned count = 0;
    make_file(0);
    for (size_t i = 0; i < MANIFEST_NAME_MAX - 5; i++)
        file.name[i] = u'x';
    memcpy(file.name + MANIFEST_NAME_MAX - 5, u".eml", 5 * sizeof(char16_t));
    file.client.count = file.address.count = file.sender.count = MESSAGE_STRING_MAX;
    manifest_chunk_begin(&chunk, false);
    while (manifest_chunk_add_file(&chunk, &file))
        count++;
    assert_true(count > 40 && count < MANIFEST_CHUNK_MAX);
    begin();
    size_t written = manifest_chunk_finish(&chunk, sequence);
    memcpy(bytes + size, chunk.frame, written);
    put(written);
    assert_true(manifest_read(&manifest, bytes, size));
    assert_int_equal(manifest.count, count);
}

static void ids_are_times(void **state)
{
    (void)state;
    char id[MANIFEST_ID_SIZE];
    memset(id, 'x', sizeof id);
    manifest_id_of(1262401445, id);
    assert_string_equal(id, "20100102-030405");
    assert_true(manifest_is_id(id));
    static const char *const others[] = {"",
                                         "20100102-03040",
                                         "20100102-0304055",
                                         "20100102_030405",
                                         "2010010a-030405",
                                         "..\\..\\..\\..\\...."};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(manifest_is_id(others[i]));
    manifest_id_of(1569063549, id);
    assert_string_equal(id, "20190921-105909");
    assert_true(manifest_is_id(id));
}

static void every_place_of_an_id_has_its_digit(void **state)
{
    (void)state;
    for (size_t at = 0; at < MANIFEST_ID_SIZE - 1; at++) {
        char id[MANIFEST_ID_SIZE] = "20261129-082000";
        for (char byte = '0' - 1; byte <= '9' + 1; byte++) {
            bool right = at != 8 && byte >= '0' && byte <= '9';
            id[at] = byte;
            assert_int_equal(manifest_is_id(id), right);
        }
    }
}

static void a_head_is_kept_as_far_as_it_is_asked_for(void **state)
{
    (void)state;
    struct message_head head = {.received = true, .delivery_report = true}, kept;
    message_string_set(&head.client, "mail", 4, false);
    message_string_set(&head.address, "192.0.2.1", 9, false);
    head.from.there = true;
    message_string_set(&head.from.address, "a@b.example", 11, true);
    manifest_file_describe(&file, &head);
    manifest_file_head(&file, &kept);
    assert_true(kept.received && kept.delivery_report);
    assert_true(message_string_is(&kept.client, "mail"));
    assert_true(message_string_is(&kept.address, "192.0.2.1"));
    assert_true(message_string_is(message_head_sender(&kept), "a@b.example"));
    head.from.there = head.received = head.delivery_report = false;
    manifest_file_describe(&file, &head);
    manifest_file_head(&file, &kept);
    assert_null(message_head_sender(&kept));
    assert_int_equal(file.sender.count, 0);
    assert_false(kept.received || kept.delivery_report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_same_when_read),
        cmocka_unit_test(torn_it_tells_what_came_before),
        cmocka_unit_test(a_byte_that_changed_ends_what_is_good),
        cmocka_unit_test(what_is_open_is_settled),
        cmocka_unit_test(frames_that_make_no_sense_are_refused),
        cmocka_unit_test(a_frame_that_is_refused_leaves_no_trace),
        cmocka_unit_test(names_that_lead_elsewhere_are_refused),
        cmocka_unit_test(a_chunk_takes_so_many_and_gives_them_again),
        cmocka_unit_test(a_chunk_of_the_longest_files_is_full_earlier),
        cmocka_unit_test(ids_are_times),
        cmocka_unit_test(every_place_of_an_id_has_its_digit),
        cmocka_unit_test(a_head_is_kept_as_far_as_it_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
