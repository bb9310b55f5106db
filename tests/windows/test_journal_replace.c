/* test_journal_replace.c: what is torn is set aside, the whole is replaced, all is removed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "windows/disk_file.h"
#include "windows/state_directory.h"
#include "journal_fixture.h"

/* ---- setting aside -------------------------------------------------------------------------- */

static DWORD set_aside(struct journal_file *file, size_t good, wchar_t *name)
{
    wchar_t made[JOURNAL_FILE_NAME_MAX];
    DWORD error = journal_file_copy_torn(file, good, made);
    if (!error)
        error = journal_file_cut_torn(file, good, made);
    if (!error)
        wcscpy(name, made);
    return error;
}

static void what_is_torn_is_kept_beside(void **state)
{
    wchar_t name[JOURNAL_FILE_NAME_MAX];
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, "good-torn", 9);
    journal_assert_opens_with("good-torn");
    assert_int_equal(set_aside(&journal, 4, name), ERROR_SUCCESS);
    assert_int_equal(wcscmp(name, L"journal.torn-1"), 0);
    assert_int_equal(journal.size, 4);
    assert_int_equal(journal_append("+new"), ERROR_SUCCESS);
    journal_cut_power(FAKE_CUT_LOST);
    journal_assert_holds(TORN L"1", "-torn");
    journal_assert_opens_with("good+new");
    journal_assert_closes();
}

static void the_oldest_of_eight_gives_way(void **state)
{
    static const wchar_t *const names[] = {L"journal.torn-1", L"journal.torn-2", L"journal.torn-3",
                                           L"journal.torn-4", L"journal.torn-5", L"journal.torn-6",
                                           L"journal.torn-7", L"journal.torn-8", L"journal.torn-1",
                                           L"journal.torn-2", L"journal.torn-3"};
    wchar_t name[JOURNAL_FILE_NAME_MAX];
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        char text[3] = {'t', (char)('a' + i), 0};
        assert_int_equal(journal_append(text), ERROR_SUCCESS);
        assert_int_equal(set_aside(&journal, 0, name), ERROR_SUCCESS);
        assert_int_equal(wcscmp(name, names[i]), 0);
    }
    journal_assert_holds(TORN L"1", "ti");
    journal_assert_holds(TORN L"3", "tk");
    journal_assert_holds(TORN L"4", "td");
    assert_false(fake_files_exists(TORN L"9"));
    fake_files_remove(TORN L"6"); /* a number that is free comes first */
    assert_int_equal(journal_append("tz"), ERROR_SUCCESS);
    assert_int_equal(set_aside(&journal, 0, name), ERROR_SUCCESS);
    assert_int_equal(wcscmp(name, L"journal.torn-6"), 0);
    journal_assert_closes();
}

static void nothing_is_cut_off_that_is_not_kept(void **state)
{
    wchar_t name[JOURNAL_FILE_NAME_MAX];
    (void)state;
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1;; n++) {
            journal_make_folder();
            fake_files_put(JOURNAL, "good-torn", 9);
            journal_assert_opens_with("good-torn");
            wcscpy(name, L"as it was");
            fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, late != 0);
            DWORD error = set_aside(&journal, 4, name);
            const char *failed = fake_files_calls.failed;
            if (error) {
                assert_non_null(failed);
                assert_string_equal(journal.failed_call, failed);
                assert_int_equal(wcscmp(name, L"as it was"), 0);
            }
            size_t left;
            fake_files_content(JOURNAL, &left);
            if (left == 4 && !(late && failed && strcmp(failed, "SetEndOfFile") == 0))
                journal_assert_holds(TORN L"1", "-torn");
            if (error && journal.handle && !late)
                assert_int_equal(left, 9);
            if (error && left == 9 && !late)
                assert_false(fake_files_exists(TORN L"1"));
            journal_file_close(&journal);
            if (journal_all_went_well()) {
                assert_int_equal(error, ERROR_SUCCESS);
                assert_true(n > 13);
                break;
            }
        }
}

/* ---- replacing ------------------------------------------------------------------------------ */

static void a_new_one_takes_its_place(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("long and old"), ERROR_SUCCESS);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_SUCCESS);
    assert_int_equal(journal.size, 3);
    assert_int_equal(journal_append("er"), ERROR_SUCCESS);
    const struct fake_cut cut = {.bytes = FAKE_CUT_LOST, .names = 0};
    fake_files_power_cut(&cut);
    journal_assert_opens_with("newer");
    journal_assert_closes();
    assert_int_equal(wcscmp(fake_files_protection(JOURNAL), L"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)"),
                     0);
}

/* When the renaming is done it is on the disk: the old one cannot come back. */
static void note_renaming(void *context, const char *call, enum fake_moment moment)
{
    if (strcmp(call, "MoveFileExW") == 0 && moment == FAKE_AFTER) {
        assert_int_equal(fake_files_pending_names(), 0);
        *(bool *)context = true;
    }
}

/* Somebody puts another file of the same size in its place as soon as it is renamed. */
static void swap_file(void *context, const char *call, enum fake_moment moment)
{
    if (strcmp(call, "MoveFileExW") == 0 && moment == FAKE_AFTER) {
        fake_files_remove(JOURNAL);
        fake_files_put(JOURNAL, "bad", 3);
        *(bool *)context = true;
    }
}

static void a_file_that_was_put_in_between_is_not_taken(void **state)
{
    bool swapped = false;
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    fake_calls_hook(swap_file, &swapped);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_FILE_INVALID);
    assert_true(swapped);
    assert_string_equal(journal.failed_call, "checking which file it is");
    assert_null(journal.handle);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void the_renaming_is_durable_when_it_is_done(void **state)
{
    bool renamed = false;
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    fake_calls_hook(note_renaming, &renamed);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_SUCCESS);
    fake_calls_hook(NULL, NULL);
    assert_true(renamed);
    journal_assert_closes();
}

/* Renames, but not through to the disk. */
static BOOL(WINAPI *fake_move)(LPCWSTR, LPCWSTR, DWORD);
static BOOL WINAPI move_lazily(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    return fake_move(from, to, flags & ~(DWORD)MOVEFILE_WRITE_THROUGH);
}

static void a_lazy_renaming_is_flushed(void **state)
{
    const struct fake_cut cut = {.bytes = FAKE_CUT_LOST, .names = 0};
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("old"), ERROR_SUCCESS);
    fake_move = disk_file_calls.MoveFileExW;
    disk_file_calls.MoveFileExW = move_lazily;
    assert_int_equal(journal_file_replace(&journal, "newer", 5), ERROR_SUCCESS);
    disk_file_calls.MoveFileExW = fake_move;
    fake_files_power_cut(&cut);
    journal_assert_opens_with("newer");
    journal_assert_closes();
}

static void a_reader_keeps_the_old_one_in_force(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("old"), ERROR_SUCCESS);
    HANDLE reader = fake_files_open_elsewhere(
        JOURNAL, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_ACCESS_DENIED);
    assert_string_equal(journal.failed_call, "MoveFileExW");
    assert_non_null(journal.handle);
    assert_int_equal(journal_append("er"), ERROR_SUCCESS);
    fake_files_close_elsewhere(reader);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_SUCCESS);
    journal_assert_closes();
    journal_assert_holds(JOURNAL, "new");
}

/* Another process opens the journal just before this one renames over it. */
static HANDLE stranger;
static void step_in(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    if (!stranger && strcmp(call, "MoveFileExW") == 0 && moment == FAKE_BEFORE)
        stranger =
            fake_files_open_elsewhere(JOURNAL, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ);
}

static void who_comes_between_owns_it(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("old"), ERROR_SUCCESS);
    fake_calls_hook(step_in, NULL);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_ACCESS_DENIED);
    fake_calls_hook(NULL, NULL);
    assert_non_null(stranger);
    assert_null(journal.handle);
    journal_assert_holds(JOURNAL, "old");
    assert_false(fake_files_exists(JOURNAL_NEW));
    journal_assert_refused(ERROR_SHARING_VIOLATION, "CreateFileW");
}

/* Whatever fails, one of the two is in force whole, and it is the one that the result says. */
static void a_replacement_is_whole_or_was_not(void **state)
{
    (void)state;
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1;; n++) {
            journal_make_folder();
            journal_assert_opens_with("");
            assert_int_equal(journal_append("old one"), ERROR_SUCCESS);
            fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, late != 0);
            DWORD error = journal_file_replace(&journal, "new", 3);
            const char *failed = fake_files_calls.failed;
            size_t left;
            fake_files_content(JOURNAL, &left);
            if (!error || !journal.handle)
                journal_assert_holds(JOURNAL, left == 3 ? "new" : "old one");
            else
                journal_assert_holds(JOURNAL, "old one");
            if (!error)
                assert_int_equal(left, 3);
            else
                assert_string_equal(journal.failed_call, failed);
            if (journal.handle)
                assert_int_equal(journal.size, left);
            journal_file_close(&journal);
            if (journal_all_went_well()) {
                assert_int_equal(error, ERROR_SUCCESS);
                assert_true(n > 16);
                break;
            }
        }
}

static void replace_all(void)
{
    journal_file_replace(&journal, "new", 3);
}

static void the_power_leaves_one_of_the_two(void **state)
{
    static const enum fake_cut_bytes kinds[] = {FAKE_CUT_LOST, FAKE_CUT_KEPT, FAKE_CUT_TORN,
                                                FAKE_CUT_HOLE};
    (void)state;
    for (size_t kind = 0; kind < ARRAYSIZE(kinds); kind++)
        for (size_t names = 0; names <= 4; names++)
            for (unsigned n = 1;; n++) {
                journal_make_folder();
                journal_assert_opens_with("");
                assert_int_equal(journal_append("old one"), ERROR_SUCCESS);
                bool lived = fake_calls_lives(n, replace_all);
                const struct fake_cut cut = {.bytes = kinds[kind], .torn = 1, .names = names};
                fake_files_power_cut(&cut);
                assert_int_equal(journal_open(), ERROR_SUCCESS);
                bool is_new = journal_size == 3 && memcmp(journal_bytes, "new", 3) == 0;
                assert_true(is_new ||
                            (journal_size == 7 && memcmp(journal_bytes, "old one", 7) == 0));
                journal_file_free(journal_bytes);
                journal_assert_closes();
                if (lived) {
                    assert_true(is_new);
                    break;
                }
            }
}

/* ---- for others ----------------------------------------------------------------------------- */

static void uninstall_deletes_all_of_it(void **state)
{
    const char *call;
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, "x", 1);
    fake_files_put(JOURNAL_NEW, "x", 1);
    fake_files_put(TORN L"1", "x", 1);
    fake_files_put(TORN L"8", "x", 1);
    fake_files_put(FAKE_FILES_FOLDER L"\\mine.txt", "x", 1);
    assert_int_equal(journal_file_delete(FAKE_FILES_FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_remove(FAKE_FILES_FOLDER, &call), ERROR_DIR_NOT_EMPTY);
    assert_string_equal(call, "RemoveDirectoryW");
    fake_files_remove(FAKE_FILES_FOLDER L"\\mine.txt");
    assert_int_equal(journal_file_delete(FAKE_FILES_FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_remove(FAKE_FILES_FOLDER, &call), ERROR_SUCCESS);
    assert_false(fake_files_exists(FAKE_FILES_FOLDER));

    journal_make_folder();
    fake_files_put(TORN L"5", "x", 1);
    fake_files_read_only(TORN L"5", true);
    assert_int_equal(journal_file_delete(FAKE_FILES_FOLDER, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "DeleteFileW");
}

static void showing_one_that_is_not_there_is_an_error(void **state)
{
    const char *call;
    (void)state;
    journal_make_folder();
    journal_bytes = (uint8_t *)1;
    journal_size = 77;
    assert_int_equal(journal_file_read(JOURNAL, &journal_bytes, &journal_size, &call),
                     ERROR_FILE_NOT_FOUND);
    assert_string_equal(call, "CreateFileW");
    assert_true(journal_bytes == (uint8_t *)1 && journal_size == 77);
    assert_false(fake_files_exists(JOURNAL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_torn_is_kept_beside),
        cmocka_unit_test(the_oldest_of_eight_gives_way),
        cmocka_unit_test(nothing_is_cut_off_that_is_not_kept),
        cmocka_unit_test(a_new_one_takes_its_place),
        cmocka_unit_test(a_file_that_was_put_in_between_is_not_taken),
        cmocka_unit_test(the_renaming_is_durable_when_it_is_done),
        cmocka_unit_test(a_lazy_renaming_is_flushed),
        cmocka_unit_test(a_reader_keeps_the_old_one_in_force),
        cmocka_unit_test(who_comes_between_owns_it),
        cmocka_unit_test(a_replacement_is_whole_or_was_not),
        cmocka_unit_test(the_power_leaves_one_of_the_two),
        cmocka_unit_test(uninstall_deletes_all_of_it),
        cmocka_unit_test(showing_one_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
