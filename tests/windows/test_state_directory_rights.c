/* test_state_directory_rights.c: whose right it is that the state folder is refused for, and what
 * keeps Explorer from giving it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"
#include "state_directory_fixture.h"

#define USER_TEXT "S-1-5-21-1-2-3-1000"
#define USER      L"" USER_TEXT
#define CLOSED    L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
#define CONTINUED CLOSED L"(A;OICI;FA;;;" USER L")" /* what Explorer's "Continue" makes of it */

static const uint8_t local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};

static const char *call;
static char who[SID_TEXT_SIZE];

static int set_up(void **state)
{
    (void)state;
    make_state_directory(&call);
    fake_files_put(FILE_, "x", 1);
    strcpy(who, "untouched");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)fake_files_open_handles();
}

static void assert_of(const wchar_t *path, const void *account, DWORD error, const char *expected)
{
    assert_int_equal(state_directory_check_for(path, account, who, &call), error);
    assert_string_equal(who, expected);
}

/* ---- whose right it is ---------------------------------------------------------------------- */

static void a_strangers_right_is_named_in_folder_and_file(void **state)
{
    (void)state;
    assert_of(FOLDER, NULL, ERROR_SUCCESS, "");
    fake_files_protect(FOLDER, CONTINUED);
    assert_of(FOLDER, NULL, ERROR_INVALID_SECURITY_DESCR, USER_TEXT);
    assert_string_equal(call, "checking the rights");
    assert_of(FILE_, NULL, ERROR_SUCCESS, "");
    fake_files_protect(FILE_, L"O:BAD:(A;;FA;;;SY)(A;ID;FA;;;" USER L")");
    assert_of(FILE_, NULL, ERROR_INVALID_SECURITY_DESCR, USER_TEXT);
    /* Windows Vista and Server 2008 give no more than to read and execute. */
    fake_files_protect(FOLDER, CLOSED L"(A;OICI;0x1200a9;;;" USER L")");
    assert_of(FOLDER, NULL, ERROR_SUCCESS, "");
}

static void the_first_of_several_is_named(void **state)
{
    (void)state;
    fake_files_protect(FOLDER, CLOSED L"(A;;0x1200a9;;;BU)(A;OICI;FA;;;" USER L")(A;;FA;;;WD)");
    assert_of(FOLDER, NULL, ERROR_INVALID_SECURITY_DESCR, USER_TEXT);
}

static void an_owner_or_a_right_of_everybody_without_a_list_has_no_name(void **state)
{
    (void)state;
    fake_files_protect(FOLDER, L"O:" USER L"D:P(A;OICI;FA;;;" USER L")");
    assert_of(FOLDER, NULL, ERROR_INVALID_OWNER, "");
    fake_files_protect(FOLDER, L"O:BA");
    assert_of(FOLDER, NULL, ERROR_INVALID_SECURITY_DESCR, "");
}

/* Who clicked "Continue" believes it himself, since he may do as he likes; the service does not. */
static void the_right_of_who_asks_is_seen_by_the_eyes_of_the_service(void **state)
{
    (void)state;
    fake_files_run_as(USER, true);
    fake_files_protect(FOLDER, CONTINUED);
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    assert_of(FOLDER, NULL, ERROR_SUCCESS, "");
    assert_of(FOLDER, local_system, ERROR_INVALID_SECURITY_DESCR, USER_TEXT);
}

static void a_look_that_fails_says_why(void **state)
{
    (void)state;
    unsigned before = fake_files_calls.made;
    assert_of(FOLDER, NULL, ERROR_SUCCESS, "");
    unsigned count = fake_files_calls.made - before;
    assert_true(count >= 6);
    for (unsigned n = 1; n <= count; n++) {
        fake_files_calls.failed = NULL;
        fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, false);
        DWORD error = state_directory_check_for(FOLDER, NULL, who, &call);
        assert_non_null(fake_files_calls.failed);
        bool closing = strcmp(fake_files_calls.failed, "CloseHandle") == 0;
        assert_int_equal(error, closing ? ERROR_SUCCESS : ERROR_NOT_READY);
        assert_int_equal(fake_files_open_handles(), 0);
    }
}

static void assert_named(const char *expected)
{
    static const wchar_t *const paths[] = {L"C:\\none", FOLDER, FILE_, NULL};
    char text[STATE_DIRECTORY_CHECK_MAX];
    assert_string_equal(state_directory_name_check("checking the rights",
                                                   ERROR_INVALID_SECURITY_DESCR, paths, text),
                        expected);
    assert_string_equal(
        state_directory_name_check("checking the owner", ERROR_INVALID_OWNER, paths, text),
        "checking the owner");
}

static void what_is_told_names_it_wherever_it_is_found(void **state)
{
    (void)state;
    assert_named("checking the rights"); /* it was taken back meanwhile */
    fake_files_protect(FILE_, L"O:BAD:(A;;FA;;;BU)");
    assert_named("checking the rights of S-1-5-32-545");
    fake_files_protect(FOLDER, CONTINUED);
    assert_named("checking the rights of " USER_TEXT);
    fake_files_deny(FOLDER, true);
    fake_files_deny(FILE_, true);
    assert_named("checking the rights");
}

/* ---- what keeps Explorer away --------------------------------------------------------------- */

enum { HIDDEN_SYSTEM = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM };

static DWORD attributes_of(const wchar_t *path)
{
    return fake_file_attributes(fake_names_find(path));
}

static void what_is_made_is_hidden_and_a_system_folder(void **state)
{
    (void)state;
    assert_int_equal(attributes_of(FOLDER), FILE_ATTRIBUTE_DIRECTORY | HIDDEN_SYSTEM);
    assert_int_equal(state_directory_create_new(FOLDER L"\\batch", &call), ERROR_SUCCESS);
    assert_int_equal(attributes_of(FOLDER L"\\batch"), FILE_ATTRIBUTE_DIRECTORY | HIDDEN_SYSTEM);
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
}

static void what_was_there_keeps_its_attributes(void **state)
{
    (void)state;
    fake_files_remove(FOLDER);
    fake_files_make_folder(FOLDER);
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(attributes_of(FOLDER), FILE_ATTRIBUTE_DIRECTORY);
}

static BOOL WINAPI refuse_attributes(LPCWSTR path, DWORD attributes)
{
    (void)path, (void)attributes;
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

static void without_them_it_is_made_all_the_same(void **state)
{
    (void)state;
    fake_files_remove(FOLDER);
    state_directory_calls.SetFileAttributesW = refuse_attributes;
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
}

/* ---- where a file lies ---------------------------------------------------------------------- */

#define VOLUME L"\\Device\\HarddiskVolume1\\"

static const wchar_t *const *names;

static DWORD WINAPI opened_as(HANDLE handle, LPWSTR path, DWORD room, DWORD flags)
{
    (void)handle, (void)flags;
    assert_true(wcslen(*names) < room);
    wcscpy(path, *names);
    return (DWORD)wcslen(*names++);
}

static DWORD place_of(const wchar_t *const spelled[2])
{
    state_directory_calls.GetFinalPathNameByHandleW = opened_as;
    names = spelled;
    DWORD error = state_directory_check_place(NULL, NULL, &call);
    assert_ptr_equal(names, spelled + 2);
    return error;
}

static void one_folder_spelled_in_two_ways_is_one(void **state)
{
    static const wchar_t *const same[] = {VOLUME L"ProgramData\\RelayLock",
                                          VOLUME L"PROGRAMDATA\\relaylock\\Journal"};
    static const wchar_t *const other[] = {VOLUME L"ProgramData\\RelayLock",
                                           VOLUME L"PROGRAMDATA\\relay-lock\\Journal"};
    (void)state;
    assert_int_equal(place_of(same), ERROR_SUCCESS);
    assert_int_equal(place_of(other), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(call, "checking where it lies");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_strangers_right_is_named_in_folder_and_file),
        TEST(the_first_of_several_is_named),
        TEST(an_owner_or_a_right_of_everybody_without_a_list_has_no_name),
        TEST(the_right_of_who_asks_is_seen_by_the_eyes_of_the_service),
        TEST(a_look_that_fails_says_why),
        TEST(what_is_told_names_it_wherever_it_is_found),
        TEST(what_is_made_is_hidden_and_a_system_folder),
        TEST(what_was_there_keeps_its_attributes),
        TEST(without_them_it_is_made_all_the_same),
        TEST(one_folder_spelled_in_two_ways_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
