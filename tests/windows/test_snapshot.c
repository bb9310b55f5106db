/* test_snapshot.c: what a rollback puts back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "../../installer/snapshot.h"
#include "installation_scene.h"
#include "../app/report_recorder.h"
#include "windows/boot.h"
#include "windows/parameters.h"
#include "windows/state_directory.h"

static const struct installation_setting wanted[] = {
    {L"Action", L"flag"}, {L"Limits", L"80/10m,300/1h"}, {L"Exempt", L"a,b"}};

static wchar_t *take(void)
{
    DWORD error = 99;
    recorder_start();
    wchar_t *note = snapshot_take(&error, &scene_failure);
    assert_int_equal(error, ERROR_SUCCESS);
    assert_non_null(note);
    scene_assert_closed();
    return note;
}

static void upgrade(void)
{
    assert_int_equal(
        installation_install(L"D:\\new\\relaylock.exe", wanted, ARRAYSIZE(wanted), &scene_failure),
        ERROR_SUCCESS);
}

static void a_host_without_relaylock_is_so_again(void **state)
{
    (void)state;
    scene_new_host(false);
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* not there yet */
    scene_remember();
    wchar_t *note = take();
    assert_false(snapshot_has_service(note));
    scene_assert_as_remembered(); /* taking it changes nothing */

    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* by the manager */
    upgrade();
    assert_int_not_equal(boot_number(), 0);
    assert_int_equal(snapshot_restore(note, &scene_failure), ERROR_SUCCESS);
    assert_null(scene_service());
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    scene_assert_as_remembered();
    free(note);
}

static void a_state_directory_that_was_there_stays(void **state)
{
    (void)state;
    scene_new_host(false);
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    const char *call;
    assert_int_equal(state_directory_create(FAKE_FILES_FOLDER, &call), ERROR_SUCCESS);
    wchar_t *note = take();
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    upgrade();
    assert_int_equal(snapshot_restore(note, &scene_failure), ERROR_SUCCESS);
    assert_null(scene_service());
    assert_true(fake_files_exists(FAKE_FILES_FOLDER));
    free(note);
}

/* Somebody put one there in the meantime: it was not there before, but nothing in it is deleted. */
static void a_state_directory_of_a_stranger_stays_with_all_in_it(void **state)
{
    (void)state;
    scene_new_host(false);
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    wchar_t *note = take();
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    upgrade();
    fake_files_put(FAKE_FILES_FOLDER L"\\journal", "x", 1);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)");
    assert_int_equal(snapshot_restore(note, &scene_failure), ERROR_INVALID_OWNER);
    assert_string_equal(scene_failure.call, "checking the owner");
    assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
    assert_true(fake_files_exists(FAKE_FILES_FOLDER L"\\journal"));
    assert_null(scene_service());
    scene_assert_closed();
    free(note);
}

/* An older one, with settings of every type, one of them of a type that is no setting's. */
static void older_host(void)
{
    static const wchar_t limits[] = L"9/1m\0"
                                    L"20/1h\0";
    static const DWORD number = 77;
    scene_new_host(false);
    scene_install();
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_MULTI_SZ, limits, sizeof limits);
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_DWORD, &number, sizeof number);
    fake_registry_put(PARAMETERS_KEY, L"StopTimeout", REG_DWORD, &number, sizeof number);
    fake_registry_put(INSTALLATION_SOURCE_KEY, L"CategoryCount", REG_DWORD, &number, sizeof number);
    scene_remember();
}

static void an_older_one_is_back(void **state)
{
    (void)state;
    older_host();
    wchar_t *note = take();
    assert_true(snapshot_has_service(note));
    upgrade();
    assert_int_equal(wcscmp(scene_service()->command, L"\"D:\\new\\relaylock.exe\""), 0);
    assert_int_equal(snapshot_restore(note, &scene_failure), ERROR_SUCCESS);
    scene_assert_as_remembered();
    free(note);
}

/* Each call that can fail while it is taken: it is said which, and nothing is changed. */
static void a_failure_to_see_is_told(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        DWORD error = ERROR_SUCCESS;
        older_host();
        fake_services_fail(n, ERROR_ACCESS_DENIED);
        wchar_t *note = snapshot_take(&error, &scene_failure);
        if (!fake_services_failed()) {
            assert_true(n > 3);
            free(note);
            break;
        }
        if (strcmp(fake_services_failed(), "CloseServiceHandle") != 0) {
            assert_null(note);
            assert_int_equal(error, ERROR_ACCESS_DENIED);
            assert_string_equal(scene_failure.call, fake_services_failed());
        }
        free(note);
        scene_assert_as_remembered();
    }
    for (unsigned n = 1;; n++) {
        DWORD error = ERROR_SUCCESS;
        older_host();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        wchar_t *note = snapshot_take(&error, &scene_failure);
        if (!fake_registry_failed()) {
            assert_true(n > 8);
            free(note);
            break;
        }
        if (strcmp(fake_registry_failed(), "RegCloseKey") != 0) {
            assert_null(note);
            assert_int_equal(error, ERROR_ACCESS_DENIED);
            assert_string_equal(scene_failure.call, fake_registry_failed());
        }
        free(note);
        scene_assert_as_remembered();
    }
}

/* One thing that cannot be put back does not keep the rest from it. */
static void the_rest_is_put_back(void **state)
{
    (void)state;
    unsigned n = 1;
    for (;; n++) {
        older_host();
        wchar_t *note = take();
        upgrade();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        DWORD error = snapshot_restore(note, &scene_failure);
        free(note);
        if (!fake_registry_failed())
            break;
        if (strcmp(fake_registry_failed(), "RegCloseKey") != 0) {
            assert_int_equal(error, ERROR_ACCESS_DENIED);
            assert_string_equal(scene_failure.call, fake_registry_failed());
        }
        assert_int_equal(wcscmp(scene_service()->command, SCENE_COMMAND), 0);
        DWORD type, size;
        unsigned back = 0;
        const DWORD *action = fake_registry_get(PARAMETERS_KEY, L"Action", &type, &size);
        back += action && type == REG_DWORD && *action == 77;
        const DWORD *count =
            fake_registry_get(INSTALLATION_SOURCE_KEY, L"CategoryCount", &type, &size);
        back += count && *count == 77;
        assert_true(back >= 1);
        scene_assert_closed();
    }
    assert_true(n > 16);
    older_host();
    wchar_t *note = take();
    upgrade();
    fake_services_fail(1, ERROR_ACCESS_DENIED);
    assert_int_equal(snapshot_restore(note, &scene_failure), ERROR_ACCESS_DENIED);
    assert_string_equal(scene_failure.call, "OpenSCManager");
    free(note);
    scene_assert_number(PARAMETERS_KEY, L"Action", 77);
}

static void what_is_no_note_is_refused(void **state)
{
    (void)state;
    static const wchar_t *const wrong[] = {
        L"",
        L"none",
        L"service \"x\"",
        L"service \"x\"\nstate\n1 0",
        L"service \"x\"\nstate\n1",
        L"service \"x\"\nstate\nx",
        L"service \"x\"\nstate\nnone\nnone\nnone\nnone\nnone\nnone\nnone"};
    for (size_t i = 0; i < ARRAYSIZE(wrong); i++) {
        older_host();
        assert_int_equal(snapshot_restore(wrong[i], &scene_failure), ERROR_INVALID_DATA);
        assert_string_equal(scene_failure.call, "reading the note");
        assert_non_null(scene_service());
        scene_assert_closed();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_without_relaylock_is_so_again),
        cmocka_unit_test(a_state_directory_that_was_there_stays),
        cmocka_unit_test(a_state_directory_of_a_stranger_stays_with_all_in_it),
        cmocka_unit_test(an_older_one_is_back),
        cmocka_unit_test(a_failure_to_see_is_told),
        cmocka_unit_test(the_rest_is_put_back),
        cmocka_unit_test(what_is_no_note_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
