/* store_fixture.c: see store_fixture.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "store_fixture.h"

struct incident_store store;
DWORD store_tick;

static DWORD WINAPI tick(void)
{
    return store_tick;
}

void store_begin(void)
{
    incident_store_calls.GetTickCount = tick;
    assert_int_equal(incident_store_init(&store), ERROR_SUCCESS);
    assert_false(store.open);
}

void store_reset(void)
{
    fake_calls_hook(NULL, NULL);
    fake_files_reset();
    recorder_start();
    store_tick = 0xfffffff0; /* it wraps soon */
    store_begin();
}

void store_dies(void)
{
    fake_calls_hook(NULL, NULL);
    fake_files_kill();
    free(store.book.incidents);
    free(store.frame);
    memset(&store, 0, sizeof store);
}

bool store_open_later(void)
{
    DWORD wait = incident_store_wait(&store);
    if (wait != INFINITE)
        store_tick += wait;
    return incident_store_open(&store);
}

void store_assert_opens(void)
{
    if (!incident_store_open(&store))
        fail_msg("the store does not open: %lu", store.error);
    assert_int_equal(incident_store_wait(&store), INFINITE);
}

void store_assert_kept(void)
{
    struct incident_store before = store;
    before.book.incidents = malloc(BOOK_INCIDENTS_MAX * sizeof(struct incident));
    assert_non_null(before.book.incidents);
    memcpy(before.book.incidents, store.book.incidents, store.book.count * sizeof(struct incident));
    incident_store_end(&store);
    assert_int_equal(fake_files_open_handles(), 0);

    store_begin();
    store_assert_opens();
    assert_books_equal(&before.book, &store.book);
    free(before.book.incidents);
    incident_store_end(&store);
    assert_int_equal(fake_files_open_handles(), 0);
}

void store_put_journal_of(uint32_t incidents)
{
    struct incident_book book = book_start();
    uint64_t next;
    for (uint32_t i = 0; i < incidents; i++) {
        struct incident incident = incident_of(i + 1);
        assert_true(incident_book_put(&book, &incident));
    }
    size_t size = incident_book_write(&book, NULL, 0, 1, &next);
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    incident_book_write(&book, bytes, size, 1, &next);
    if (!fake_files_exists(STORE_FOLDER))
        fake_files_make_folder(STORE_FOLDER);
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(STORE_JOURNAL, bytes, size);
    free(bytes);
    book_end(&book);
}

void store_assert_said(DWORD id, size_t index, const wchar_t *text)
{
    if (wcscmp(recorder_string(id, index), text) != 0)
        fail_msg("event %lu says \"%ls\", not \"%ls\"", id & 0xffff, recorder_string(id, index),
                 text);
}
