/* journal_fixture.c: see journal_fixture.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include "journal_fixture.h"
#include "windows/state_directory.h"

struct journal_file journal;
uint8_t *journal_bytes;
size_t journal_size;

void journal_make_folder(void)
{
    const char *call;
    fake_calls_hook(NULL, NULL);
    fake_files_reset();
    assert_int_equal(state_directory_create(FAKE_FILES_FOLDER, &call), ERROR_SUCCESS);
}

DWORD journal_open(void)
{
    journal_bytes = NULL;
    journal_size = 0;
    return journal_file_open(&journal, FAKE_FILES_FOLDER, &journal_bytes, &journal_size);
}

void journal_assert_opens_with(const char *content)
{
    assert_int_equal(journal_open(), ERROR_SUCCESS);
    assert_int_equal(journal_size, strlen(content));
    assert_int_equal(journal.size, journal_size);
    assert_memory_equal(journal_bytes ? (const char *)journal_bytes : "", content, journal_size);
    assert_true(journal_size > 0 || !journal_bytes);
    journal_file_free(journal_bytes);
}

void journal_assert_holds(const wchar_t *path, const char *content)
{
    size_t found;
    const uint8_t *held = fake_files_content(path, &found);
    assert_non_null(held);
    assert_int_equal(found, strlen(content));
    assert_memory_equal(held, content, found);
}

bool journal_all_went_well(void)
{
    return fake_files_calls.made < fake_files_calls.fail_at;
}

void journal_assert_closes(void)
{
    journal_file_close(&journal);
    assert_null(journal.handle);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_false(fake_files_exists(JOURNAL_NEW));
}

void journal_assert_refused(DWORD error, const char *call)
{
    journal_bytes = (uint8_t *)1;
    journal_size = 77;
    assert_int_equal(journal_file_open(&journal, FAKE_FILES_FOLDER, &journal_bytes, &journal_size),
                     error);
    assert_string_equal(journal.failed_call, call);
    assert_null(journal.handle);
    assert_true(journal_bytes == (uint8_t *)1 && journal_size == 77);
    assert_int_equal(fake_files_open_handles(), 0);
}

DWORD journal_append(const char *text)
{
    return journal_file_append(&journal, text, strlen(text));
}

void journal_cut_power(enum fake_cut_bytes kept)
{
    const struct fake_cut cut = {.bytes = kept, .names = SIZE_MAX};
    fake_files_power_cut(&cut);
}
