/* test_state_removal.c: what uninstall leaves of the state folder. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "app/state_removal.h"
#include "store_fixture.h"

static uint64_t told[8];
static size_t told_count;

static void note(void *context, const struct incident *incident)
{
    assert_ptr_equal(context, told);
    assert_true(told_count < 8);
    told[told_count++] = incident->id;
}

static struct state_removal removal;

static DWORD remove_state(void)
{
    removal = (struct state_removal){.stays_locked = note, .context = told};
    told_count = 0;
    DWORD error = state_removal_look(&removal);
    if (!error && removal.locked == 0)
        error = state_removal_delete(&removal);
    state_removal_end(&removal);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(told_count, removal.locked);
    assert_true((error == ERROR_SUCCESS) == (removal.call == NULL));
    return error;
}

static void make_folder(void)
{
    fake_files_make_folder(STORE_FOLDER);
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
}

/* A journal with one incident of each state, in their order. */
static void put_every_state(bool intended)
{
    store_reset();
    store_assert_opens();
    for (uint32_t i = 0; i < INCIDENT_STATES; i++) {
        struct incident incident = incident_of(i + 1);
        incident.state = (enum incident_state)i;
        incident.change.intended = intended && i == INCIDENT_DECIDED;
        assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    }
    incident_store_end(&store);
}

static void nothing_to_remove_is_fine(void **state)
{
    (void)state;
    fake_files_reset();
    assert_int_equal(remove_state(), ERROR_SUCCESS);
    make_folder();
    assert_int_equal(remove_state(), ERROR_SUCCESS);
    assert_false(fake_files_exists(STORE_FOLDER));
}

static void it_goes_when_no_account_is_locked(void **state)
{
    (void)state;
    store_reset();
    store_put_journal_of(5); /* decided, not begun */
    fake_files_put(STORE_FOLDER L"\\journal.torn-1", "x", 1);
    incident_store_end(&store);
    assert_int_equal(remove_state(), ERROR_SUCCESS);
    assert_int_equal(removal.locked, 0);
    assert_false(fake_files_exists(STORE_FOLDER));
}

static void it_stays_while_an_account_is_locked(void **state)
{
    (void)state;
    put_every_state(false);
    assert_int_equal(remove_state(), ERROR_SUCCESS);
    assert_int_equal(removal.locked, 3);
    assert_int_equal(told[0], INCIDENT_LOCKED + 1);
    assert_int_equal(told[1], INCIDENT_RESTARTED + 1);
    assert_int_equal(told[2], INCIDENT_CONTAINED + 1);
    assert_true(fake_files_exists(STORE_JOURNAL));
    put_every_state(true); /* a lock that may have been written */
    assert_int_equal(remove_state(), ERROR_SUCCESS);
    assert_int_equal(removal.locked, 4);
    assert_int_equal(told[0], INCIDENT_DECIDED + 1);
}

static void what_is_not_understood_is_kept(void **state)
{
    uint8_t bytes[64];
    (void)state;
    fake_files_reset();
    make_folder();
    fake_files_put(STORE_JOURNAL, "torn", 4);
    assert_int_equal(remove_state(), ERROR_FILE_CORRUPT);
    assert_string_equal(removal.call, "checking the journal");
    size_t size = journal_write(bytes, sizeof bytes, JOURNAL_INCIDENT, 5, "?", 1);
    fake_files_put(STORE_JOURNAL, bytes, size);
    assert_int_equal(remove_state(), ERROR_FILE_CORRUPT);
    assert_true(fake_files_exists(STORE_JOURNAL));
}

static void what_is_not_ours_is_kept(void **state)
{
    (void)state;
    fake_files_reset();
    make_folder();
    fake_files_put(STORE_FOLDER L"\\notes.txt", "x", 1);
    assert_int_equal(remove_state(), ERROR_DIR_NOT_EMPTY);
    assert_true(fake_files_exists(STORE_FOLDER L"\\notes.txt"));

    store_reset();
    store_assert_opens(); /* a relaylock run that goes on */
    removal = (struct state_removal){.stays_locked = note, .context = told};
    assert_int_equal(state_removal_look(&removal), ERROR_SUCCESS);
    assert_true(removal.found);
    assert_int_equal(state_removal_delete(&removal), ERROR_SHARING_VIOLATION);
    assert_string_equal(removal.call, "DeleteFileW");
    state_removal_end(&removal);
    incident_store_end(&store);
}

/* Of a journal with locked accounts nobody is told, and of all that lies there nothing goes. */
static void assert_not_believed(DWORD error, const char *check)
{
    assert_int_equal(remove_state(), error);
    assert_string_equal(removal.call, check);
    assert_true(removal.found);
    assert_int_equal(removal.locked, 0);
    assert_true(fake_files_exists(STORE_FOLDER));
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_true(fake_files_exists(STORE_FOLDER L"\\release"));
}

static void put_forged(void)
{
    put_every_state(false);
    fake_files_put(STORE_FOLDER L"\\release", "x", 1);
}

static void a_folder_that_others_may_change_is_not_believed(void **state)
{
    (void)state;
    put_forged();
    fake_files_protect(STORE_FOLDER, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    assert_not_believed(ERROR_INVALID_OWNER, "checking the owner");
    fake_files_protect(STORE_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BU)");
    assert_not_believed(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
}

static void a_way_to_another_folder_is_not_gone(void **state)
{
    (void)state;
    put_forged();
    fake_files_remove(STORE_FOLDER);
    fake_files_make_folder(L"C:\\theirs");
    fake_files_put(L"C:\\theirs\\journal", "x", 1);
    fake_files_link(STORE_FOLDER, L"C:\\theirs");
    assert_int_equal(remove_state(), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(removal.call, "checking for a reparse point");
    assert_true(fake_files_exists(L"C:\\theirs\\journal"));
    assert_true(fake_files_exists(STORE_FOLDER));
}

static void a_journal_that_is_not_ours_is_not_believed(void **state)
{
    (void)state;
    put_forged();
    fake_files_hard_link(L"C:\\journal", STORE_JOURNAL);
    assert_not_believed(ERROR_CANT_ACCESS_FILE, "checking for hard links");
    fake_files_remove(STORE_JOURNAL);
    fake_files_link(STORE_JOURNAL, L"C:\\journal");
    assert_not_believed(ERROR_CANT_ACCESS_FILE, "checking for a reparse point");
    fake_files_remove(L"C:\\journal");
    put_forged();
    fake_files_protect(STORE_JOURNAL, L"O:BAD:P(A;;FA;;;SY)(A;;FA;;;BU)");
    assert_not_believed(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
}

static void the_folder_cannot_be_exchanged_between_look_and_delete(void **state)
{
    const DWORD all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    (void)state;
    fake_files_reset();
    make_folder();
    removal = (struct state_removal){.stays_locked = note, .context = told};
    assert_int_equal(state_removal_look(&removal), ERROR_SUCCESS);
    assert_null(fake_files_open_elsewhere(STORE_FOLDER, DELETE, all));
    assert_int_equal(state_removal_delete(&removal), ERROR_SUCCESS);
    assert_false(fake_files_exists(STORE_FOLDER));
    assert_int_equal(fake_files_open_handles(), 0);
    state_removal_end(&removal);
}

static void whatever_fails_is_named_and_can_be_done_again(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        store_reset();
        store_put_journal_of(2);
        incident_store_end(&store);
        fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, false);
        DWORD error = remove_state();
        if (fake_files_calls.made < fake_files_calls.fail_at) {
            assert_int_equal(error, ERROR_SUCCESS);
            assert_true(n > 15);
            break;
        }
        if (error && error != ERROR_NOT_ENOUGH_MEMORY) {
            assert_int_equal(error, ERROR_NOT_READY);
            assert_string_equal(removal.call, fake_files_calls.failed);
        }
        assert_int_equal(remove_state(), ERROR_SUCCESS);
        assert_false(fake_files_exists(STORE_FOLDER));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_remove_is_fine),
        cmocka_unit_test(it_goes_when_no_account_is_locked),
        cmocka_unit_test(it_stays_while_an_account_is_locked),
        cmocka_unit_test(what_is_not_understood_is_kept),
        cmocka_unit_test(what_is_not_ours_is_kept),
        cmocka_unit_test(a_folder_that_others_may_change_is_not_believed),
        cmocka_unit_test(a_way_to_another_folder_is_not_gone),
        cmocka_unit_test(a_journal_that_is_not_ours_is_not_believed),
        cmocka_unit_test(the_folder_cannot_be_exchanged_between_look_and_delete),
        cmocka_unit_test(whatever_fails_is_named_and_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
