/* The incident store's journal is compacted as it grows: when, that its size stays bounded, and
 * that nothing is lost by it, whatever fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store_fixture.h"

/* A journal that says the same a hundred times, as large as a put leads to its compaction. */
static void put_long_journal(void)
{
    static uint8_t bytes[INCIDENT_STORE_COMPACT + 65536];
    uint8_t payload[8192];
    size_t used = 0;
    uint64_t sequence = 1000;
    struct incident incident = incident_of(1);
    incident.id = 1;
    size_t size = incident_encode(payload, sizeof payload, &incident);
    while (used < INCIDENT_STORE_COMPACT)
        used += journal_write(bytes + used, sizeof bytes - used, JOURNAL_INCIDENT, sequence++,
                              payload, (uint32_t)size);
    store_put_journal_of(0);
    fake_files_put(STORE_JOURNAL, bytes, used);
}

static void a_long_journal_is_compacted_when_it_opens(void **state)
{
    (void)state;
    store_reset();
    put_long_journal();
    store_assert_opens();
    assert_true(store.file.size < 4096);
    assert_int_equal(store.book.count, 1);
    assert_true(store.sequence > 1000);
    store_assert_kept();
}

static void its_size_stays_bounded(void **state)
{
    uint64_t most = 0;
    size_t compacted = 0;
    (void)state;
    store_reset();
    store_put_journal_of(1);
    store_assert_opens();
    for (uint64_t i = 1; i <= 30000; i++) {
        const struct position_record position = {.record = i, .channel = u"Application"};
        uint64_t before = store.file.size;
        assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
        compacted += store.file.size < before;
        most = store.file.size > most ? store.file.size : most;
    }
    assert_true(compacted >= 2);
    assert_true(most >= INCIDENT_STORE_COMPACT && most < INCIDENT_STORE_COMPACT + 4096);
    assert_int_equal(store.book.position.record, 30000);
    store_assert_kept();
}

/* A large book is not compacted over and over: only when it has doubled. */
static void a_large_book_is_given_room(void **state)
{
    static struct incident incident;
    (void)state;
    store_reset();
    store_assert_opens();
    for (uint32_t i = 0; i < 900; i++) {
        incident_fill(&incident);
        incident.id = 0;
        assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    }
    incident_store_end(&store);
    store_begin();
    store_assert_opens();
    uint64_t needed = store.file.size;
    assert_true(needed > INCIDENT_STORE_COMPACT);
    size_t puts = 0;
    for (uint64_t before = 0; before <= store.file.size; puts++) {
        before = store.file.size;
        incident.id = 1 + puts % 900;
        assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    }
    assert_true(puts >= 899 && puts <= 902);
    store_assert_kept();
}

/* Somebody reads the journal, so it cannot be replaced: it grows a little until he has finished. */
static void a_reader_only_puts_it_off(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(1);
    fake_files_put(STORE_JOURNAL, "", 0);
    put_long_journal();
    HANDLE reader = fake_files_open_elsewhere(
        STORE_JOURNAL, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    store_assert_opens();
    uint64_t size = store.file.size;
    assert_true(size >= INCIDENT_STORE_COMPACT);
    const struct position_record position = {.record = 7, .channel = u"Application"};
    unsigned made = fake_files_calls.made;
    for (int i = 0; i < 10; i++)
        assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
    assert_int_equal(fake_files_calls.made, made + 30); /* seek, write, flush: no other try yet */
    fake_files_close_elsewhere(reader);
    while (store.file.size >= size) {
        assert_true(store.file.size < size + INCIDENT_STORE_COMPACT / 4 + 4096);
        assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
    }
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 0);
    store_assert_kept();
}

/* At its bound it must be compacted; what keeps it from that is told. */
static void at_its_bound_it_closes_and_says_why(void **state)
{
    (void)state;
    store_reset();
    put_long_journal();
    HANDLE reader = fake_files_open_elsewhere(
        STORE_JOURNAL, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    store_assert_opens();
    static struct restart_record restart;
    restart_record_fill(&restart); /* the largest there is */
    while (incident_store_put_restart(&store, &restart) == ERROR_SUCCESS)
        assert_true(store.file.size <= JOURNAL_FILE_MAX);
    assert_true(store.file.size > JOURNAL_FILE_MAX - 2 * JOURNAL_PAYLOAD_MAX);
    store_assert_said(MSG_STORE_CLOSED, 1, L"MoveFileExW");
    assert_false(store_open_later());
    fake_files_close_elsewhere(reader);
    assert_true(store_open_later());
    assert_true(store.file.size < 65536);
    assert_int_equal(incident_store_put_restart(&store, &restart), ERROR_SUCCESS);
    store_assert_kept();
}

static void compaction_that_dies_or_fails_anywhere_loses_nothing(void **state)
{
    static const struct fake_cut cuts[] = {{FAKE_CUT_LOST, 0, 0}, {FAKE_CUT_HOLE, 0, SIZE_MAX}};
    (void)state;
    for (size_t way = 0; way <= ARRAYSIZE(cuts); way++)
        for (unsigned n = 1;; n++) {
            store_reset();
            put_long_journal();
            bool lived = fake_calls_lives(n, store_assert_opens);
            if (way < ARRAYSIZE(cuts))
                fake_files_power_cut(&cuts[way]);
            store_dies();
            store_begin();
            store_assert_opens();
            assert_int_equal(store.book.count, 1);
            assert_int_equal(store.book.incidents[0].state, INCIDENT_DECIDED);
            assert_int_equal(recorder_count(MSG_STORE_TORN), 0);
            store_assert_kept();
            if (lived)
                break;
        }
    for (unsigned n = 1;; n++) {
        store_reset();
        put_long_journal();
        fake_calls_fail(&fake_files_calls, n, ERROR_IO_DEVICE, false);
        while (!store_open_later())
            ;
        assert_int_equal(store.book.count, 1);
        bool reached = fake_files_calls.made >= fake_files_calls.fail_at;
        fake_files_calls.fail_at = 0;
        store_assert_kept();
        if (!reached)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_journal_is_compacted_when_it_opens),
        cmocka_unit_test(its_size_stays_bounded),
        cmocka_unit_test(a_large_book_is_given_room),
        cmocka_unit_test(a_reader_only_puts_it_off),
        cmocka_unit_test(at_its_bound_it_closes_and_says_why),
        cmocka_unit_test(compaction_that_dies_or_fails_anywhere_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
