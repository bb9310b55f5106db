/* test_store_trouble.c: when the journal cannot be kept, that is said once, and mended by itself.
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

#define STRANGER L"S-1-5-21-1-2-3-1000"

static HANDLE other;

static void of_a_stranger(void)
{
    fake_files_protect(STORE_FOLDER, L"O:" STRANGER L"D:P(A;OICI;FA;;;SY)");
}
static void open_to_a_stranger(void)
{
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;" STRANGER L")");
}
static void safe_again(void)
{
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
}
static void journal_of_a_stranger(void)
{
    fake_files_protect(STORE_JOURNAL, L"O:" STRANGER L"D:(A;;FA;;;SY)");
}
static void journal_open_to_a_stranger(void)
{
    fake_files_protect(STORE_JOURNAL, L"O:BAD:(A;;FA;;;SY)(A;ID;FA;;;" STRANGER L")");
}
static void journal_safe_again(void)
{
    fake_files_protect(STORE_JOURNAL, L"O:BAD:(A;;FA;;;SY)");
}
static void hard_linked(void)
{
    fake_files_hard_link(L"C:\\ProgramData\\mine", STORE_JOURNAL);
}
static void link_removed(void)
{
    fake_files_remove(L"C:\\ProgramData\\mine");
}
static void folder_a_link(void)
{
    fake_files_remove(STORE_FOLDER);
    fake_files_make_folder(L"C:\\ProgramData\\theirs");
    fake_files_link(STORE_FOLDER, L"C:\\ProgramData\\theirs");
}
static void folder_gone(void)
{
    fake_files_remove(STORE_FOLDER);
}
static void owned_by_another(void)
{
    other = fake_files_open_elsewhere(STORE_JOURNAL, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ);
    assert_non_null(other);
}
static void left_by_the_other(void)
{
    fake_files_close_elsewhere(other);
}
static void disk_full(void)
{
    fake_files_room(100);
}
static void disk_free(void)
{
    fake_files_room(SIZE_MAX);
}
static void write_protected(void)
{
    fake_files_write_protect(true);
}
static void writable(void)
{
    fake_files_write_protect(false);
}
static void denied(void)
{
    fake_files_deny(STORE_FOLDER, true);
}
static void allowed(void)
{
    fake_files_deny(STORE_FOLDER, false);
}
static void read_only(void)
{
    fake_files_read_only(STORE_JOURNAL, true);
}
static void no_longer_read_only(void)
{
    fake_files_read_only(STORE_JOURNAL, false);
}
static void nowhere(void)
{
    fake_calls_break(&fake_files_calls, "SHGetFolderPathW", ERROR_FILE_NOT_FOUND);
}
static void somewhere(void)
{
    fake_calls_break(&fake_files_calls, NULL, 0);
}

static const struct {
    void (*happens)(void);
    void (*mended)(void);
    const wchar_t *call;
    DWORD error;
} troubles[] = {
    {of_a_stranger, safe_again, L"checking the owner", ERROR_INVALID_OWNER},
    {open_to_a_stranger, safe_again, L"checking the rights of " STRANGER,
     ERROR_INVALID_SECURITY_DESCR},
    {journal_of_a_stranger, journal_safe_again, L"checking the owner", ERROR_INVALID_OWNER},
    {journal_open_to_a_stranger, journal_safe_again, L"checking the rights of " STRANGER,
     ERROR_INVALID_SECURITY_DESCR},
    {hard_linked, link_removed, L"checking for hard links", ERROR_CANT_ACCESS_FILE},
    {folder_a_link, folder_gone, L"checking for a reparse point", ERROR_CANT_ACCESS_FILE},
    {owned_by_another, left_by_the_other, L"CreateFileW", ERROR_SHARING_VIOLATION},
    {disk_full, disk_free, L"SetEndOfFile", ERROR_DISK_FULL},
    {write_protected, writable, L"CreateFileW", ERROR_WRITE_PROTECT},
    {denied, allowed, L"CreateFileW", ERROR_ACCESS_DENIED},
    {read_only, no_longer_read_only, L"CreateFileW", ERROR_ACCESS_DENIED},
    {nowhere, somewhere, L"SHGetFolderPathW", ERROR_FILE_NOT_FOUND},
};

static void trouble_at_the_start_is_named_once_and_passes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(troubles); i++) {
        store_reset();
        store_put_journal_of(3);
        troubles[i].happens();
        assert_false(incident_store_open(&store));
        assert_int_equal(store.error, troubles[i].error);
        assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
        store_assert_said(MSG_STORE_CLOSED, 0,
                          troubles[i].happens == nowhere ? L"(not found)" : STORE_FOLDER);
        store_assert_said(MSG_STORE_CLOSED, 1, troubles[i].call);
        assert_int_equal(wcstoul(recorder_string(MSG_STORE_CLOSED, 2), NULL, 10),
                         troubles[i].error);
        struct incident incident = incident_of(9);
        assert_int_equal(incident_store_put(&store, &incident), troubles[i].error);
        for (int tries = 0; tries < 5; tries++)
            assert_false(store_open_later());
        assert_int_equal(fake_files_open_handles(), 0);
        assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);

        troubles[i].mended();
        assert_true(store_open_later());
        assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
        store_assert_said(MSG_STORE_OPEN, 0, STORE_FOLDER);
        assert_int_equal(store.book.count, troubles[i].happens == folder_a_link ? 0 : 3);
        assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
        store_assert_kept();
    }
}

static void pauses_grow_to_a_minute(void **state)
{
    static const DWORD pauses[] = {1000,  2000,  4000,  8000,  16000,
                                   32000, 60000, 60000, 60000, 60000};
    (void)state;
    store_reset();
    store_put_journal_of(1);
    of_a_stranger();
    assert_false(incident_store_open(&store));
    for (size_t i = 0; i < ARRAYSIZE(pauses); i++) {
        unsigned made = fake_files_calls.made;
        assert_int_equal(incident_store_wait(&store), pauses[i]);
        store_tick += pauses[i] - 1;
        assert_int_equal(incident_store_wait(&store), 1);
        assert_false(incident_store_open(&store));
        assert_int_equal(fake_files_calls.made, made);
        store_tick += 1;
        assert_int_equal(incident_store_wait(&store), 0);
        assert_false(incident_store_open(&store));
        assert_true(fake_files_calls.made > made);
    }
    store_tick += 100000; /* nobody asked for long */
    assert_int_equal(incident_store_wait(&store), 0);
    safe_again();
    assert_true(incident_store_open(&store));
    struct position_record position = {.record = 5};
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
    assert_int_equal(store.pause, 0);
    incident_store_end(&store);
}

static void a_disk_that_fills_up_closes_it_until_there_is_room(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(2);
    store_assert_opens();
    fake_files_room(10);
    struct incident incident = incident_of(3);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_DISK_FULL);
    assert_int_equal(incident.id, 0);
    assert_false(store.open);
    assert_int_equal(store.book.count, 2);
    assert_int_equal(fake_files_open_handles(), 0);
    store_assert_said(MSG_STORE_CLOSED, 1, L"WriteFile");
    assert_int_equal(incident_store_wait(&store), 1000);
    for (int tries = 0; tries < 20; tries++)
        assert_false(store_open_later());
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 0);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_DISK_FULL);

    fake_files_room(SIZE_MAX);
    assert_true(store_open_later());
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    assert_int_equal(store.book.count, 2);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    assert_int_equal(incident.id, 3);
    store_assert_kept();
    assert_int_equal(recorder_count(MSG_STORE_TORN), 0);
}

/* A disk that takes bytes but does not keep them is found out before 121 is said. */
static void it_is_not_open_again_before_it_could_write(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(1);
    store_assert_opens();
    struct position_record position = {.record = 5};
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_SUCCESS);
    fake_calls_break(&fake_files_calls, "FlushFileBuffers", ERROR_IO_DEVICE);
    position.record = 6;
    assert_int_equal(incident_store_put_position(&store, &position), ERROR_IO_DEVICE);
    for (int tries = 0; tries < 10; tries++)
        assert_false(store_open_later());
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 0);
    assert_int_equal(store.pause, INCIDENT_STORE_PAUSE_MAX);
    fake_calls_break(&fake_files_calls, NULL, 0);
    assert_true(store_open_later());
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    store_assert_kept();
}

static void what_another_process_wrote_meanwhile_counts(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(2);
    store_assert_opens();
    fake_files_room(10);
    struct incident incident = incident_of(3);
    assert_int_equal(incident_store_put(&store, &incident), ERROR_DISK_FULL);
    fake_files_room(SIZE_MAX);
    store_put_journal_of(7);
    assert_true(store_open_later());
    assert_int_equal(store.book.count, 7);
    store_assert_kept();
}

/* What this process knows to be durable is not given up for a disk that has lost it. */
static void a_journal_that_lost_something_is_written_anew(void **state)
{
    size_t size;
    (void)state;
    for (size_t cut = 0; cut < 3; cut++) {
        store_reset();
        store_put_journal_of(5);
        store_assert_opens();
        struct incident third = *incident_book_find(&store.book, 3);
        third.state = INCIDENT_LOCKED;
        assert_int_equal(incident_store_put(&store, &third), ERROR_SUCCESS);
        incident_store_close(&store);
        const uint8_t *content = fake_files_content(STORE_JOURNAL, &size);
        uint8_t *lost = malloc(size);
        memcpy(lost, content, size);
        lost[cut == 0 ? 0 : cut == 1 ? size / 2 : size - 1] ^= 1; /* all, half, the end of it */
        fake_files_put(STORE_JOURNAL, lost, size);
        free(lost);
        store_assert_opens();
        assert_int_equal(store.book.count, 5);
        assert_int_equal(incident_book_find(&store.book, 3)->state, INCIDENT_LOCKED);
        assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
        assert_true(fake_files_exists(STORE_FOLDER L"\\journal.torn-1"));
        store_assert_kept();
        assert_int_equal(recorder_count(MSG_STORE_TORN), 1);
    }
}

static void a_journal_that_was_deleted_is_written_anew(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(5);
    store_assert_opens();
    struct incident third = *incident_book_find(&store.book, 3);
    third.state = INCIDENT_LOCKED;
    assert_int_equal(incident_store_put(&store, &third), ERROR_SUCCESS);
    incident_store_close(&store);
    assert_int_equal(incident_store_put(&store, &third), ERROR_INVALID_HANDLE);
    fake_files_remove(STORE_FOLDER);
    store_assert_opens();
    assert_int_equal(store.book.count, 5);
    assert_int_equal(incident_book_find(&store.book, 3)->state, INCIDENT_LOCKED);
    third.state = INCIDENT_RESTARTED;
    assert_int_equal(incident_store_put(&store, &third), ERROR_SUCCESS);
    store_assert_kept();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trouble_at_the_start_is_named_once_and_passes),
        cmocka_unit_test(pauses_grow_to_a_minute),
        cmocka_unit_test(a_disk_that_fills_up_closes_it_until_there_is_room),
        cmocka_unit_test(it_is_not_open_again_before_it_could_write),
        cmocka_unit_test(what_another_process_wrote_meanwhile_counts),
        cmocka_unit_test(a_journal_that_lost_something_is_written_anew),
        cmocka_unit_test(a_journal_that_was_deleted_is_written_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
