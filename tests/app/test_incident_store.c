/* test_incident_store.c: what is put is kept, what was kept is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "store_fixture.h"

/* ---- what is put ---------------------------------------------------------------------------- */

static void it_makes_its_folder_and_starts_empty(void **state)
{
    (void)state;
    store_reset();
    struct incident incident = incident_of(1);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_INVALID_HANDLE);
    assert_int_equal(incident.id, 0);
    assert_int_equal(incident_store_wait(&store), 0);
    store_assert_opens();
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_int_equal(store.book.count, 0);
    assert_true(store.recovered);
    store_assert_kept();
    assert_int_equal(recorder_count(MSG_STORE_CLOSED) + recorder_count(MSG_STORE_OPEN) +
                         recorder_count(MSG_STORE_TORN),
                     0);
}

static void a_put_is_durable_when_it_returns(void **state)
{
    const struct fake_cut cut = {.bytes = FAKE_CUT_LOST};
    (void)state;
    store_reset();
    store_assert_opens();
    struct incident incident = incident_of(1);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(incident.id, 1);
    incident.state = INCIDENT_LOCKED;
    incident.change.made = true;
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    struct incident another = incident_of(2);
    assert_int_equal(incident_store_put(&store, &another), ERROR_SUCCESS);
    assert_int_equal(another.id, 2);
    fake_files_power_cut(&cut);
    store_dies();

    store_begin();
    store_assert_opens();
    assert_int_equal(store.book.count, 2);
    assert_int_equal(incident_book_find(&store.book, 1)->state, INCIDENT_LOCKED);
    assert_int_equal(incident_book_find(&store.book, 2)->state, INCIDENT_DECIDED);
    assert_int_equal(incident_book_next_id(&store.book), 3);
    assert_int_equal(recorder_count(MSG_STORE_TORN), 0);
    incident_store_end(&store);
}

static void records_of_every_kind_are_kept(void **state)
{
    static struct restart_record restart;
    static struct position_record position;
    static struct outlook_record outlook;
    static struct incident incident;
    (void)state;
    store_reset();
    store_assert_opens();
    restart_record_fill(&restart);
    position_record_fill(&position);
    incident_fill(&incident);
    incident.id = 0;
    outlook.size = BOOK_OUTLOOK_MAX;
    memset(outlook.bytes, 7, outlook.size);
    assert_int_equal(incident_store_put_restart(&store, &restart), ERROR_SUCCESS);
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
    assert_int_equal(incident_store_put_outlook(&store, &outlook), ERROR_SUCCESS);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(store.book.restart.phase, restart.phase);
    assert_int_equal(store.book.position.record, position.record);
    assert_int_equal(store.book.outlook.size, outlook.size);
    store_assert_kept();
}

static void an_outlook_may_be_empty(void **state)
{
    static const struct outlook_record empty, some = {.bytes = {1, 2, 3}, .size = 3};
    (void)state;
    store_reset();
    store_assert_opens();
    assert_int_equal(incident_store_put_outlook(&store, &some), ERROR_SUCCESS);
    assert_int_equal(incident_store_put_outlook(&store, &empty), ERROR_SUCCESS);
    assert_int_equal(store.book.outlook.size, 0);
    store_assert_kept();
}

static void what_makes_no_sense_is_not_written(void **state)
{
    static struct outlook_record outlook = {.size = BOOK_OUTLOOK_MAX + 1};
    static const struct restart_record restart = {.dependent_count = BOOK_DEPENDENTS_MAX + 1};
    static const struct position_record position = {.steady = {.now = -1}};
    (void)state;
    store_reset();
    store_assert_opens();
    struct incident incident = incident_of(1);
    incident.state = INCIDENT_FLAGGED;
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    uint64_t size = store.file.size, sequence = store.sequence;

    incident.state = INCIDENT_LOCKED; /* cannot follow flagged */
    assert_int_equal(incident_store_put(&store, &incident), ERROR_INVALID_PARAMETER);
    struct incident wrong = incident_of(2);
    wrong.verdict.sid_size = 5;
    assert_int_equal(incident_store_put(&store, &wrong), ERROR_INVALID_PARAMETER);
    assert_int_equal(wrong.id, 0);
    assert_int_equal(incident_store_put_outlook(&store, &outlook), ERROR_INVALID_PARAMETER);
    assert_int_equal(incident_store_put_restart(&store, &restart), ERROR_INVALID_PARAMETER);
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_INVALID_PARAMETER);

    assert_true(store.open);
    assert_int_equal(store.file.size, size);
    assert_int_equal(store.sequence, sequence);
    assert_int_equal(store.book.incidents[0].state, INCIDENT_FLAGGED);
    store_assert_kept();
    assert_int_equal(recorder_count(MSG_STORE_FULL), 0);
}

static void a_full_book_refuses_new_ones_only(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(BOOK_INCIDENTS_MAX);
    store_assert_opens();
    struct incident incident = incident_of(7777);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_NOT_ENOUGH_QUOTA);
    assert_int_equal(incident.id, 0);
    assert_true(store.open);
    assert_int_equal(recorder_count(MSG_STORE_FULL), 1);
    store_assert_said(MSG_STORE_FULL, 0, L"1000");
    store_assert_said(MSG_STORE_FULL, 1, L"user7777");
    struct incident first = *incident_book_find(&store.book, 1);
    first.state = INCIDENT_FAILED;
    assert_int_equal(incident_store_put(&store, &first), ERROR_SUCCESS);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(incident.id, BOOK_INCIDENTS_MAX + 1);
    assert_null(incident_book_find(&store.book, 1));
    store_assert_kept();
}

/* ---- what recovery finds -------------------------------------------------------------------- */

static void what_is_torn_is_set_aside_and_told(void **state)
{
    size_t size;
    (void)state;
    store_reset();
    store_put_journal_of(3);
    const uint8_t *content = fake_files_content(STORE_JOURNAL, &size);
    uint8_t *torn = malloc(size + 4);
    memcpy(torn, content, size);
    memcpy(torn + size, "RLJ1", 4);
    fake_files_put(STORE_JOURNAL, torn, size + 4);
    free(torn);
    store_assert_opens();
    assert_int_equal(store.book.count, 3);
    assert_int_equal(store.file.size, size);
    assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
    store_assert_said(MSG_STORE_TORN, 0, STORE_FOLDER);
    store_assert_said(MSG_STORE_TORN, 1, L"5"); /* position, restart, three incidents */
    store_assert_said(MSG_STORE_TORN, 2, L"4");
    store_assert_said(MSG_STORE_TORN, 3, L"journal.torn-1");
    store_assert_said(MSG_STORE_TORN, 4, L"0");
    fake_files_content(STORE_FOLDER L"\\journal.torn-1", &size);
    assert_int_equal(size, 4);
    struct incident incident = incident_of(4);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    store_assert_kept();
    assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
}

static void a_tail_that_cannot_be_kept_closes_it(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(0);
    fake_files_put(STORE_JOURNAL, "this is no journal", 18);
    fake_calls_break(&fake_files_calls, "GetFileAttributesExW", ERROR_NOT_READY);
    assert_false(incident_store_open(&store));
    store_assert_said(MSG_STORE_CLOSED, 1, L"GetFileAttributesExW");
    assert_int_equal(recorder_count(MSG_STORE_TORN), 0);
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_true(store_open_later());
    assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
    store_assert_said(MSG_STORE_TORN, 2, L"18");
    store_assert_kept();
}

static void what_is_torn_is_told_once_however_often_it_fails(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        store_reset();
        store_put_journal_of(0);
        fake_files_put(STORE_JOURNAL, "this is no journal", 18);
        fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, false);
        bool opened = incident_store_open(&store);
        fake_calls_fail(&fake_files_calls, 0, 0, false);
        assert_true(opened || store_open_later());
        assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
        store_assert_kept();
        if (opened)
            break;
    }
}

static void entries_that_make_no_sense_are_counted_and_kept(void **state)
{
    uint8_t bytes[512];
    (void)state;
    store_reset();
    store_put_journal_of(0);
    size_t size = journal_write(bytes, sizeof bytes, JOURNAL_INCIDENT, 5, "?", 1);
    size += journal_write(bytes + size, sizeof bytes - size, JOURNAL_POSITION, 6, "?", 1);
    fake_files_put(STORE_JOURNAL, bytes, size);
    store_assert_opens();
    assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
    store_assert_said(MSG_STORE_TORN, 1, L"0");
    store_assert_said(MSG_STORE_TORN, 2, L"0");
    store_assert_said(MSG_STORE_TORN, 3, L"(nothing)");
    store_assert_said(MSG_STORE_TORN, 4, L"2");
    assert_int_equal(store.file.size, size);
    assert_int_equal(store.sequence, 7);
    store_assert_kept();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_makes_its_folder_and_starts_empty),
        cmocka_unit_test(a_put_is_durable_when_it_returns),
        cmocka_unit_test(records_of_every_kind_are_kept),
        cmocka_unit_test(an_outlook_may_be_empty),
        cmocka_unit_test(what_makes_no_sense_is_not_written),
        cmocka_unit_test(a_full_book_refuses_new_ones_only),
        cmocka_unit_test(what_is_torn_is_set_aside_and_told),
        cmocka_unit_test(a_tail_that_cannot_be_kept_closes_it),
        cmocka_unit_test(what_is_torn_is_told_once_however_often_it_fails),
        cmocka_unit_test(entries_that_make_no_sense_are_counted_and_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
