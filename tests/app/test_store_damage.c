/* test_store_damage.c: journals that are torn, changed or somebody else's, and disks that fill up
 * at any byte, through the store: what is good is kept, what is not is set aside, nothing is
 * guessed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "store_fixture.h"

#define TORN FAKE_FILES_FOLDER L"\\journal.torn-1"

enum { INCIDENTS = 6, WHOLE_MAX = 16384, FRAMES_MAX = 32 };

/* A good journal, and where its frames end. */
static uint8_t whole[WHOLE_MAX];
static size_t whole_size, ends[FRAMES_MAX + 1], frame_count;

static int make_journal(void **state)
{
    struct journal_frame frame;
    const uint8_t *bytes;
    (void)state;
    store_reset();
    store_put_journal_of(INCIDENTS);
    bytes = fake_files_content(STORE_JOURNAL, &whole_size);
    assert_in_range(whole_size, 1, WHOLE_MAX);
    memcpy(whole, bytes, whole_size);
    struct journal_reader reader = {.bytes = whole, .size = whole_size};
    while (journal_next(&reader, &frame) && frame_count < FRAMES_MAX)
        ends[++frame_count] = reader.at;
    assert_int_equal(ends[frame_count], whole_size);
    assert_true(frame_count >= INCIDENTS);
    incident_store_end(&store);
    return 0;
}

/* How many bytes of whole frames lie before one that is not as it was. */
static size_t good_before(size_t changed)
{
    size_t frames = 0;
    while (frames < frame_count && ends[frames + 1] <= changed)
        frames++;
    return ends[frames];
}

static void begin_with(const void *bytes, size_t size)
{
    store_reset();
    fake_files_make_folder(STORE_FOLDER);
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(STORE_JOURNAL, bytes, size);
}

/* The store opens with what the good part of these bytes holds; the rest lies beside it. */
static void assert_recovers(const uint8_t *bytes, size_t size, size_t good)
{
    struct incident_book expected = book_start();
    struct book_recovery recovery;
    size_t found;
    begin_with(bytes, size);
    store_assert_opens();
    incident_book_recover(&expected, whole, good, &recovery);
    assert_int_equal(recovery.good, good);
    assert_books_equal(&expected, &store.book);
    book_end(&expected);
    assert_int_equal(recorder_count(MSG_STORE_TORN), good < size);
    if (good < size) {
        const uint8_t *torn = fake_files_content(TORN, &found);
        assert_non_null(torn);
        assert_int_equal(found, size - good);
        assert_memory_equal(torn, bytes + good, found);
        store_assert_said(MSG_STORE_TORN, 3, L"journal.torn-1");
    }
    struct incident incident = incident_of(INCIDENTS + 1);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    store_assert_kept();
}

static void a_journal_cut_anywhere_is_kept_up_to_there(void **state)
{
    (void)state;
    for (size_t size = 0; size <= whole_size; size++)
        assert_recovers(whole, size, size == whole_size ? size : good_before(size));
}

static void a_bit_changed_anywhere_ends_what_is_kept(void **state)
{
    static uint8_t bytes[WHOLE_MAX];
    (void)state;
    for (size_t at = 0; at < whole_size; at++) {
        memcpy(bytes, whole, whole_size);
        bytes[at] ^= (uint8_t)(1u << at % 8);
        assert_recovers(bytes, whole_size, good_before(at));
    }
}

/* ---- changed while it runs ------------------------------------------------------------------ */

/* Closed by a put that failed; the journal can be changed by others from now on. */
static void close_it(void)
{
    struct position_record position = {.record = 5};
    fake_calls_break(&fake_files_calls, "WriteFile", ERROR_IO_DEVICE);
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_IO_DEVICE);
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_false(store.open);
}

/* The journal is another one while the store runs: its own book counts, and what was there is set
 * aside. */
static void what_it_had_made_durable_is_not_forgotten(void **state)
{
    static const char theirs[] = "Dear diary, this is no journal at all.";
    static uint8_t bytes[WHOLE_MAX];
    (void)state;
    for (size_t way = 0; way < 2 * frame_count + 1; way++) {
        size_t changed = way / 2 < frame_count ? ends[way / 2] : 0;
        begin_with(whole, whole_size);
        store_assert_opens();
        close_it();
        memcpy(bytes, whole, whole_size);
        bytes[changed] ^= 0x20;
        if (way == 2 * frame_count)
            fake_files_put(STORE_JOURNAL, theirs, sizeof theirs);
        else
            fake_files_put(STORE_JOURNAL, bytes, way % 2 ? whole_size : changed);
        assert_true(store_open_later());
        assert_int_equal(store.book.count, INCIDENTS);
        assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
        store_assert_kept();
    }
}

static void a_folder_that_goes_is_made_again(void **state)
{
    (void)state;
    begin_with(whole, whole_size);
    store_assert_opens();
    close_it();
    fake_files_remove(STORE_FOLDER);
    assert_true(store_open_later());
    assert_int_equal(store.book.count, INCIDENTS);
    assert_int_equal(wcsncmp(fake_files_protection(STORE_FOLDER), L"O:BAD:P", 7), 0);
    store_assert_kept();
}

static void a_strangers_file_in_its_place_is_refused_until_it_goes(void **state)
{
    (void)state;
    begin_with(whole, whole_size);
    store_assert_opens();
    close_it();
    fake_files_protect(STORE_JOURNAL, L"O:S-1-5-21-1-2-3-1000D:(A;;FA;;;WD)");
    for (int tries = 0; tries < 5; tries++)
        assert_false(store_open_later());
    assert_int_equal(store.error, ERROR_INVALID_OWNER);
    assert_int_equal(store.book.count, INCIDENTS);
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    fake_files_remove(STORE_JOURNAL);
    assert_true(store_open_later());
    assert_int_equal(store.book.count, INCIDENTS);
    store_assert_kept();
}

/* ---- disks ---------------------------------------------------------------------------------- */

static size_t size_of_a_put(void)
{
    struct incident incident = incident_of(INCIDENTS + 1);
    begin_with(whole, whole_size);
    store_assert_opens();
    uint64_t before = store.file.size;
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    size_t size = (size_t)(store.file.size - before);
    incident_store_end(&store);
    return size;
}

/* The put fails at that byte. When it cannot even be taken back, the next opening sets it aside. */
static void fill_up_at(size_t byte, bool stuck)
{
    struct incident incident = incident_of(INCIDENTS + 1);
    begin_with(whole, whole_size);
    store_assert_opens();
    fake_files_room(byte);
    if (stuck)
        fake_calls_break(&fake_files_calls, "SetEndOfFile", ERROR_IO_DEVICE);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_DISK_FULL);
    assert_false(store.open);
    assert_int_equal(store.book.count, INCIDENTS);
    store_assert_said(MSG_STORE_CLOSED, 1, L"WriteFile");
    for (int tries = 0; tries < 3; tries++)
        assert_false(store_open_later());
    fake_calls_break(&fake_files_calls, NULL, 0);
    fake_files_room(SIZE_MAX);
    assert_true(store_open_later());
    assert_int_equal(store.book.count, INCIDENTS);
    assert_int_equal(recorder_count(MSG_STORE_TORN), stuck && byte > 0);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    store_assert_kept();
}

static void a_disk_full_at_any_byte_of_a_put_loses_nothing(void **state)
{
    (void)state;
    size_t size = size_of_a_put();
    assert_in_range(size, 100, 4096);
    for (size_t byte = 0; byte < size; byte++) {
        fill_up_at(byte, false);
        fill_up_at(byte, true);
    }
}

static void a_disk_that_becomes_read_only_closes_it_for_so_long(void **state)
{
    struct incident incident = incident_of(INCIDENTS + 1);
    (void)state;
    begin_with(whole, whole_size);
    store_assert_opens();
    fake_files_write_protect(true);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_WRITE_PROTECT);
    store_assert_said(MSG_STORE_CLOSED, 1, L"WriteFile");
    for (int tries = 0; tries < 10; tries++)
        assert_false(store_open_later());
    fake_files_write_protect(false);
    assert_true(store_open_later());
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    store_assert_kept();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_journal_cut_anywhere_is_kept_up_to_there),
        cmocka_unit_test(a_bit_changed_anywhere_ends_what_is_kept),
        cmocka_unit_test(what_it_had_made_durable_is_not_forgotten),
        cmocka_unit_test(a_folder_that_goes_is_made_again),
        cmocka_unit_test(a_strangers_file_in_its_place_is_refused_until_it_goes),
        cmocka_unit_test(a_disk_full_at_any_byte_of_a_put_loses_nothing),
        cmocka_unit_test(a_disk_that_becomes_read_only_closes_it_for_so_long),
    };
    return cmocka_run_group_tests(tests, make_journal, NULL);
}
