/* The frames of a journal, whole and damaged: what is read is always a prefix of what was written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/crc32c.h"
#include "incident_fixture.h"

enum { TRUTH = 50, JOURNAL_ROOM = 64 * 1024 };

/* A journal of 50 incidents, and the books that each of its frames leads to. */
static uint8_t journal[JOURNAL_ROOM];
static size_t frame_at[TRUTH + 1]; /* where each frame starts; at the end, where the last ends */
static struct incident truth[TRUTH];

static size_t append(uint8_t *to, size_t used, uint16_t kind, uint64_t sequence,
                     const void *payload, size_t size)
{
    size_t frame =
        journal_write(to + used, JOURNAL_ROOM - used, kind, sequence, payload, (uint32_t)size);
    assert_int_equal(frame, JOURNAL_HEAD_SIZE + size);
    return used + frame;
}

static int write_the_truth(void **state)
{
    (void)state;
    uint8_t payload[4096];
    size_t used = 0;
    for (uint32_t i = 0; i < TRUTH; i++) {
        struct incident incident = incident_of(i);
        incident.id = i + 1;
        incident.state = (enum incident_state)(i % INCIDENT_STATES);
        truth[i] = incident;
        frame_at[i] = used;
        size_t size = incident_encode(payload, sizeof payload, &incident);
        used = append(journal, used, JOURNAL_INCIDENT, UINT64_C(0xfffffffe) + i, payload, size);
    }
    frame_at[TRUTH] = used;
    return 0;
}

/* The bytes hold the truth up to a frame, and not a byte more is taken for good. */
static void assert_prefix(struct incident_book *book, const uint8_t *bytes, size_t size,
                          uint32_t frames)
{
    struct book_recovery recovery;
    incident_book_init(book, book->incidents);
    incident_book_recover(book, bytes, size, &recovery);
    assert_int_equal(recovery.frames, frames);
    assert_int_equal(recovery.refused, 0);
    assert_int_equal(recovery.good, frame_at[frames]);
    assert_int_equal(book->count, frames);
    assert_memory_equal(book->incidents, truth, frames * sizeof *truth);
    if (frames > 0)
        assert_int_equal(recovery.sequence, UINT64_C(0xfffffffe) + frames);
}

/* Every how many bytes something is tried: every one, and fewer where a checker makes each slow. */
static size_t stride(void)
{
    return getenv("RELAYLOCK_HISTORIES") ? 61 : 1;
}

static void every_prefix_is_read_up_to_its_last_whole_frame(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    uint32_t frames = 0;
    for (size_t size = 0; size <= frame_at[TRUTH]; size++) {
        frames += frames < TRUTH && size == frame_at[frames + 1];
        if (size % stride() == 0 || size == frame_at[frames])
            assert_prefix(&book, journal, size, frames);
    }
    assert_int_equal(frames, TRUTH);
    book_end(&book);
}

static void a_changed_byte_ends_it_before_its_frame(void **state)
{
    (void)state;
    static const uint8_t changes[] = {0x01, 0x80, 0xff};
    struct incident_book book = book_start();
    uint32_t frame = 0;
    for (size_t at = 0; at < frame_at[TRUTH]; at += stride()) {
        while (at >= frame_at[frame + 1])
            frame++;
        for (size_t c = 0; c < sizeof changes; c++) {
            journal[at] ^= changes[c];
            assert_prefix(&book, journal, frame_at[TRUTH], frame);
            journal[at] ^= changes[c];
        }
    }
    book_end(&book);
}

/* What a disk may leave of a write that the power cut off: zeros, ones, or what was there before.
 * By chance that may be the very bytes that were to be written. */
static void what_was_never_written_is_torn(void **state)
{
    (void)state;
    static uint8_t damaged[JOURNAL_ROOM];
    struct incident_book book = book_start();
    for (uint32_t frames = 1; frames < TRUTH; frames++) {
        size_t size = frame_at[frames + 1];
        for (size_t kept = frame_at[frames]; kept < size; kept += 37) {
            for (int left = 0; left < 3; left++) {
                memcpy(damaged, journal, size);
                if (left < 2)
                    memset(damaged + kept, left == 0 ? 0 : 0xff, size - kept);
                else
                    memcpy(damaged + kept, journal, size - kept);
                bool whole = memcmp(damaged, journal, size) == 0;
                assert_prefix(&book, damaged, size, whole ? frames + 1 : frames);
            }
        }
    }
    book_end(&book);
}

static void a_frame_removed_doubled_or_swapped_ends_it(void **state)
{
    (void)state;
    static uint8_t damaged[JOURNAL_ROOM];
    struct incident_book book = book_start();
    size_t whole = frame_at[TRUTH];
    for (uint32_t i = 1; i + 1 < TRUTH; i++) {
        size_t from = frame_at[i], to = frame_at[i + 1], after = frame_at[i + 2];
        memcpy(damaged, journal, from);
        memcpy(damaged + from, journal + to, whole - to);
        assert_prefix(&book, damaged, whole - (to - from), i);

        memcpy(damaged, journal, to);
        memcpy(damaged + to, journal + from, whole - from);
        assert_prefix(&book, damaged, whole + (to - from), i + 1);

        memcpy(damaged, journal, whole);
        memcpy(damaged + from, journal + to, after - to);
        memcpy(damaged + from + (after - to), journal + from, to - from);
        assert_prefix(&book, damaged, whole, i);
    }
    book_end(&book);
}

/* Without its first frames it is a good journal, of which nobody can tell what came before. */
static void the_first_frame_may_have_any_sequence(void **state)
{
    (void)state;
    struct journal_reader reader = {.bytes = journal + frame_at[3],
                                    .size = frame_at[TRUTH] - frame_at[3]};
    struct journal_frame frame;
    for (uint32_t i = 3; i < TRUTH; i++) {
        assert_true(journal_next(&reader, &frame));
        assert_int_equal(frame.sequence, UINT64_C(0xfffffffe) + i);
    }
    assert_false(journal_next(&reader, &frame));
    assert_int_equal(reader.at, reader.size);
    assert_int_equal(reader.frames, TRUTH - 3);
}

static void an_unknown_kind_is_good_and_kept_by_nobody(void **state)
{
    (void)state;
    uint8_t bytes[JOURNAL_ROOM];
    struct incident_book book = book_start(), expected = book_start();
    struct book_recovery recovery;
    size_t first = frame_at[1];
    memcpy(bytes, journal, first);
    size_t used = append(bytes, first, 5, 0xffffffff, "later", 5);
    used = append(bytes, used, UINT16_MAX, UINT64_C(0x100000000), NULL, 0);
    used = append(bytes, used, 0, UINT64_C(0x100000001), "?", 1);
    incident_book_recover(&book, bytes, used, &recovery);
    assert_int_equal(recovery.frames, 4);
    assert_int_equal(recovery.refused, 0);
    assert_int_equal(recovery.good, used);
    assert_int_equal(recovery.sequence, UINT64_C(0x100000002));
    incident_book_recover(&expected, journal, first, &recovery);
    assert_books_equal(&book, &expected);
    book_end(&book);
    book_end(&expected);
}

/* A frame whose payload makes no sense is passed over: what follows was written after it. */
static void a_payload_without_sense_is_counted_and_passed_over(void **state)
{
    (void)state;
    static uint8_t bytes[JOURNAL_ROOM];
    static const uint16_t known[] = {JOURNAL_INCIDENT, JOURNAL_RESTART, JOURNAL_POSITION,
                                     JOURNAL_OUTLOOK};
    static const uint8_t large[BOOK_OUTLOOK_MAX + 1] = {1};
    struct incident_book book = book_start();
    struct book_recovery recovery;
    uint8_t payload[4096];
    size_t used = 0;
    for (uint64_t i = 0; i < 4; i++)
        used = append(bytes, used, known[i], i, large, sizeof large);
    size_t size = incident_encode(payload, sizeof payload, &truth[7]);
    used = append(bytes, used, JOURNAL_INCIDENT, 4, payload, size);
    incident_book_recover(&book, bytes, used, &recovery);
    assert_int_equal(recovery.frames, 5);
    assert_int_equal(recovery.refused, 4);
    assert_int_equal(recovery.good, used);
    assert_int_equal(book.count, 1);
    assert_memory_equal(&book.incidents[0], &truth[7], sizeof truth[7]);
    assert_true(book.restart.phase == RESTART_NONE && book.outlook.size == 0);
    book_end(&book);
}

/* ---- single frames -------------------------------------------------------------------------- */

static void a_frame_is_what_the_header_says(void **state)
{
    (void)state;
    static const uint8_t head[] = {'R', 'L', 'J', '1', 2, 0, 0, 0,    3,    0,
                                   0,   0,   8,   7,   6, 5, 4, 0x83, 0x02, 0x01};
    uint8_t frame[JOURNAL_HEAD_SIZE + 3];
    assert_int_equal(
        journal_write(frame, sizeof frame, JOURNAL_RESTART, UINT64_C(0x0102830405060708), "abc", 3),
        sizeof frame);
    assert_memory_equal(frame, head, sizeof head);
    assert_memory_equal(frame + JOURNAL_HEAD_SIZE, "abc", 3);
    uint32_t crc = crc32c(crc32c(0, head, sizeof head), "abc", 3);
    for (int i = 0; i < 4; i++)
        assert_int_equal(frame[20 + i], crc >> (8 * i) & 0xff);

    struct journal_reader reader = {.bytes = frame, .size = sizeof frame};
    struct journal_frame read;
    assert_true(journal_next(&reader, &read));
    assert_int_equal(read.kind, JOURNAL_RESTART);
    assert_int_equal(read.sequence, UINT64_C(0x0102830405060708));
    assert_int_equal(read.size, 3);
    assert_ptr_equal(read.payload, frame + JOURNAL_HEAD_SIZE);
}

static void a_payload_may_lie_in_its_place(void **state)
{
    (void)state;
    uint8_t apart[JOURNAL_HEAD_SIZE + 5], in_place[JOURNAL_HEAD_SIZE + 5];
    memcpy(in_place + JOURNAL_HEAD_SIZE, "hello", 5);
    journal_write(apart, sizeof apart, 1, 9, "hello", 5);
    journal_write(in_place, sizeof in_place, 1, 9, in_place + JOURNAL_HEAD_SIZE, 5);
    assert_memory_equal(apart, in_place, sizeof apart);
}

static void what_does_not_fit_is_not_written(void **state)
{
    (void)state;
    static uint8_t to[JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX + 1];
    static const uint8_t payload[JOURNAL_PAYLOAD_MAX + 1] = {1};
    for (size_t capacity = 0; capacity < JOURNAL_HEAD_SIZE + 2; capacity++)
        assert_int_equal(journal_write(to, capacity, 1, 1, payload, 2), 0);
    assert_int_equal(journal_write(to, sizeof to, 1, 1, payload, JOURNAL_PAYLOAD_MAX + 1), 0);
    assert_int_equal(journal_write(to, sizeof to, 1, 1, payload, UINT32_MAX), 0);
    for (size_t i = 0; i < sizeof to; i++)
        assert_int_equal(to[i], 0);
    assert_int_equal(journal_write(to, JOURNAL_HEAD_SIZE - 1, 1, 1, NULL, 0), 0);
    assert_int_equal(journal_write(to, JOURNAL_HEAD_SIZE, 1, 1, NULL, 0), JOURNAL_HEAD_SIZE);
    assert_int_equal(journal_write(to, sizeof to, 1, 1, payload, JOURNAL_PAYLOAD_MAX),
                     sizeof to - 1);
    assert_int_equal(to[sizeof to - 1], 0);
    struct journal_reader reader = {.bytes = to, .size = sizeof to - 1};
    struct journal_frame frame;
    assert_true(journal_next(&reader, &frame));
}

/* Heads with a checksum that is right and a value that is not: made by nobody but an enemy. */
static void a_forged_head_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } forged[] = {{0, 'r'}, {3, '2'}, {6, 1}, {7, 0x80}, {8, 4}, {8, 2}, {10, 1}, {11, 0xff}};
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        uint8_t bytes[JOURNAL_HEAD_SIZE + 3];
        journal_write(bytes, sizeof bytes, 1, 1, "abc", 3);
        bytes[forged[i].at] = forged[i].value;
        uint32_t crc = crc32c(crc32c(0, bytes, 20), "abc", 3);
        for (int b = 0; b < 4; b++)
            bytes[20 + b] = (uint8_t)(crc >> (8 * b));
        struct journal_reader reader = {.bytes = bytes, .size = sizeof bytes};
        struct journal_frame frame = {.sequence = 77};
        assert_false(journal_next(&reader, &frame));
        assert_true(reader.at == 0 && frame.sequence == 77);
    }
}

static void a_payload_over_the_bound_is_refused(void **state)
{
    (void)state;
    static uint8_t bytes[JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX + 1];
    for (uint32_t size = JOURNAL_PAYLOAD_MAX; size <= JOURNAL_PAYLOAD_MAX + 1; size++) {
        journal_write(bytes, sizeof bytes, 1, 1, NULL, 0);
        for (int i = 0; i < 4; i++)
            bytes[8 + i] = (uint8_t)(size >> (8 * i));
        uint32_t crc = crc32c(crc32c(0, bytes, 20), bytes + JOURNAL_HEAD_SIZE, size);
        for (int i = 0; i < 4; i++)
            bytes[20 + i] = (uint8_t)(crc >> (8 * i));
        struct journal_reader reader = {.bytes = bytes, .size = sizeof bytes};
        struct journal_frame frame;
        assert_int_equal(journal_next(&reader, &frame), size == JOURNAL_PAYLOAD_MAX);
    }
}

static void an_empty_journal_is_whole(void **state)
{
    (void)state;
    struct journal_reader reader = {.bytes = NULL, .size = 0};
    struct journal_frame frame;
    assert_false(journal_next(&reader, &frame));
    assert_int_equal(reader.at, reader.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_is_read_up_to_its_last_whole_frame),
        cmocka_unit_test(a_changed_byte_ends_it_before_its_frame),
        cmocka_unit_test(what_was_never_written_is_torn),
        cmocka_unit_test(a_frame_removed_doubled_or_swapped_ends_it),
        cmocka_unit_test(the_first_frame_may_have_any_sequence),
        cmocka_unit_test(an_unknown_kind_is_good_and_kept_by_nobody),
        cmocka_unit_test(a_payload_without_sense_is_counted_and_passed_over),
        cmocka_unit_test(a_frame_is_what_the_header_says),
        cmocka_unit_test(a_payload_may_lie_in_its_place),
        cmocka_unit_test(what_does_not_fit_is_not_written),
        cmocka_unit_test(a_forged_head_is_refused),
        cmocka_unit_test(a_payload_over_the_bound_is_refused),
        cmocka_unit_test(an_empty_journal_is_whole),
    };
    return cmocka_run_group_tests(tests, write_the_truth, NULL);
}
