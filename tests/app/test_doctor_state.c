/* The doctor looks at the settings, the folder and the journal, on fakes; and at nothing for longer
 * than he may. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "../core/incident_fixture.h"
#include "../windows/fake_files.h"
#include "../windows/fake_registry.h"
#include "doctor_scene.h"
#include "windows/parameters.h"
#include "windows/protection.h"
#include "windows/time_limit.h"

#define FOLDER   "C:\\ProgramData\\RelayLock"
#define JOURNAL  FAKE_FILES_FOLDER L"\\journal"
#define BELIEVED FOLDER " is protected, and CONTOSO\\admin may write in it"

static const struct time_limit_calls real_calls = {CreateThread, WaitForSingleObject, CloseHandle};

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    fake_registry_reset();
    time_limit_calls = real_calls;
    doctor_scene_begin();
    doctor.service.installed = true;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)(fake_files_open_handles() + fake_registry_open_handles());
}

/* ---- settings ------------------------------------------------------------------------------- */

static void put_text(const wchar_t *key, const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(key, name, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
}

static void settings_in_force(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_settings);
    assert_line("settings", FINDING_OK,
                "limits 50/10m, 200/1h, clients:8/10m; action disable; at most 5 locks an hour",
                "");
    put_text(PARAMETERS_KEY, L"Limits", L"80/10m");
    put_text(PARAMETERS_KEY, L"Action", L"flag");
    doctor_scene_look(doctor_look_settings);
    assert_line("settings", FINDING_OK,
                "limits 80/10m; action flag (locks nobody); at most 5 locks an hour", "");
    assert_line("policy", FINDING_OK, "no Group Policy sets anything", "");
    assert_int_equal(doctor.settings.action, LOCK_FLAG);
    assert_int_equal(findings.count, 2);
    fake_registry_deny(PARAMETERS_KEY);
    doctor_scene_look(doctor_look_settings);
    assert_line("settings", FINDING_WARNING,
                "cannot be told: reading the registry failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

static void settings_that_are_refused(void **state)
{
    (void)state;
    put_text(PARAMETERS_KEY, L"Action", L"shoot");
    doctor_scene_look(doctor_look_settings);
    assert_line("settings", FINDING_WARNING,
                "Parameters, value \"Action\" is \"shoot\"; allowed is flag, disable or password. "
                "It does not count",
                "> reg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters /v "
                "Action /f & sc control RelayLock paramchange");
    assert_int_equal(findings.count, 3);
    fake_registry_remove(PARAMETERS_KEY);
    put_text(PARAMETERS_KEY, L"Akshun", L"flag");
    doctor_scene_look(doctor_look_settings);
    assert_int_equal(findings.at[0].state, FINDING_WARNING);
    assert_string_equal(findings.at[0].mend, "Correct it or delete it, in regedit.");
    fake_registry_remove(PARAMETERS_KEY);
    put_text(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", L"many");
    doctor_scene_look(doctor_look_settings);
    assert_int_equal(findings.at[0].cure, CURE_STEP);
    assert_non_null(strstr(findings.at[0].found, "Parameters\\Accounts\\bob, value \"Limits\" is "
                                                 "\"many\"; allowed is "));
}

static void settings_of_a_policy(void **state)
{
    (void)state;
    static const DWORD one = 1;
    put_text(PARAMETERS_POLICY_KEY, L"Action", L"password");
    put_text(PARAMETERS_POLICY_KEY, L"Limits", L"90/1h");
    doctor_scene_look(doctor_look_settings);
    assert_line("policy", FINDING_OK,
                "set by Group Policy: Limits, Action; limits of 0 accounts of their own", "");
    fake_registry_put(PARAMETERS_POLICY_KEY, L"Observe", REG_DWORD, &one, sizeof one);
    put_text(PARAMETERS_POLICY_KEY, L"Action", L"shoot");
    put_text(PARAMETERS_POLICY_KEY L"\\Accounts", L"bob", L"500/10m");
    doctor_scene_look(doctor_look_settings);
    assert_line("policy", FINDING_OK,
                "set by Group Policy: Limits, Observe; limits of 1 accounts of their own", "");
    assert_string_equal(findings.at[0].mend, "Correct it in the Group Policy that writes it.");
    assert_string_equal(findings.at[2].found,
                        "RelayLock only observes (setting Observe): it locks nobody");
    assert_string_equal(findings.at[2].mend,
                        "Change the setting Observe in the Group Policy that sets it.");
}

static void observing_is_told(void **state)
{
    (void)state;
    static const DWORD one = 1;
    fake_registry_put(PARAMETERS_KEY, L"Observe", REG_DWORD, &one, sizeof one);
    doctor_scene_look(doctor_look_settings);
    assert_int_equal(findings.at[1].state, FINDING_WARNING);
    assert_string_equal(findings.at[1].mend,
                        "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters "
                        "/v Observe /t REG_DWORD /d 0 /f & sc control RelayLock paramchange");
}

/* ---- the folder ----------------------------------------------------------------------------- */

static void no_folder(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_PROBLEM,
                "there is no folder " FOLDER ": without a journal RelayLock locks nobody",
                "> relaylock install");
    assert_no_line("journal");
    doctor.service.installed = false;
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_OK, "none yet: " FOLDER " is made when it is installed", "");
    assert_false(fake_files_exists(FAKE_FILES_FOLDER));
}

static void make_folder(const wchar_t *sddl)
{
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, sddl);
}

static void a_folder_that_is_not_believed(void **state)
{
    (void)state;
    const char *step = "Find out who made it or gave rights to it. When you are sure, delete it, "
                       "and make a new one with: relaylock install";
    make_folder(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)");
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_PROBLEM,
                "the folder " FOLDER " cannot be believed: S-1-1-0 has a right to change it. "
                "RelayLock locks nobody",
                "> icacls \"" FOLDER "\" /remove:g *S-1-1-0 /T");
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BUD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_PROBLEM,
                "the folder " FOLDER " cannot be believed: checking the owner failed with error "
                "1307. RelayLock locks nobody",
                step);
    fake_files_deny(FAKE_FILES_FOLDER, true);
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_WARNING,
                "cannot be told: CreateFileW failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

static void a_folder_without_a_journal(void **state)
{
    (void)state;
    make_folder(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_OK, BELIEVED, "");
    assert_line("journal", FINDING_OK, "none yet: RelayLock never ran here", "");
    assert_false(fake_files_exists(JOURNAL));
}

/* ---- the journal ---------------------------------------------------------------------------- */

enum { BYTES_MAX = 64 * 1024 };
static uint8_t bytes[BYTES_MAX + 20];

/* A journal with one locked account, as the service writes it. */
static size_t write_journal(void)
{
    uint64_t next;
    struct incident_book book = book_start();
    struct incident incident = incident_of(1);
    incident.state = INCIDENT_LOCKED;
    incident.locked_at = incident.decided_at + 1000;
    incident.locked_wall = 1262401446;
    incident.change = (struct incident_change){
        .intended = true, .made = true, .server = u"\\\\DC1", .user = u"bob"};
    assert_true(incident_book_put(&book, &incident));
    size_t size = incident_book_write(&book, bytes, BYTES_MAX, 1, &next);
    book_end(&book);
    return size;
}

static void a_journal_whole_and_damaged(void **state)
{
    (void)state;
    size_t size = write_journal();
    make_folder(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(JOURNAL, bytes, size);
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_OK, "accounts locked: 1, incidents open: 1", "");
    memset(bytes + size, 0x55, 20);
    fake_files_put(JOURNAL, bytes, size + 20);
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_WARNING,
                "accounts locked: 1, incidents open: 1; part of the journal is damaged, and does "
                "not count",
                "After a power failure nothing is to be done: the service puts the damaged part "
                "aside (event 122). Otherwise look at the disk.");
    size_t kept;
    assert_non_null(fake_files_content(JOURNAL, &kept)); /* and nobody mended it */
    assert_int_equal(kept, size + 20);
    fake_files_deny(JOURNAL, true);
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_WARNING,
                "cannot be told: CreateFileW failed with error 5 (access denied)",
                "Run this in an administrator's prompt.");
}

static void a_journal_that_is_not_believed(void **state)
{
    (void)state;
    size_t size = write_journal();
    make_folder(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(L"C:\\forged", bytes, size);
    fake_files_link(JOURNAL, L"C:\\forged");
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_PROBLEM,
                "the journal in " FOLDER " cannot be believed: checking for a reparse point failed "
                "with error 1920. RelayLock locks nobody",
                "Find out who made it or gave rights to it. When you are sure, delete it.");
}

static void any_call_may_fail(void **state)
{
    (void)state;
    size_t size = write_journal();
    make_folder(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(JOURNAL, bytes, size);
    for (unsigned n = 1;; n++) {
        unsigned made = fake_files_calls.made;
        fake_calls_fail(&fake_files_calls, n, ERROR_NOT_ENOUGH_MEMORY, false);
        doctor_scene_look(doctor_look_state);
        if (fake_files_calls.made - made < n)
            break;
        bool harmless = strcmp(fake_files_calls.failed, "CloseHandle") == 0 ||
                        strcmp(fake_files_calls.failed, "LocalFree") == 0;
        assert_int_equal(findings_worst(&findings), harmless ? FINDING_OK : FINDING_WARNING);
        assert_int_equal(fake_files_open_handles(), 0);
    }
}

/* ---- for as long as he may ------------------------------------------------------------------ */

static HANDLE gate, finished;

static void hang(struct doctor *patient, struct findings *list)
{
    WaitForSingleObject(gate, INFINITE);
    findings_add(list, "late", FINDING_OK, "%s", patient->who.name);
    SetEvent(finished);
}

static DWORD WINAPI short_wait(HANDLE handle, DWORD ms)
{
    assert_int_equal(ms, DOCTOR_PATIENCE);
    return WaitForSingleObject(handle, 50);
}

static DWORD WINAPI failing_wait(HANDLE handle, DWORD ms)
{
    (void)handle;
    (void)ms;
    SetLastError(ERROR_INVALID_HANDLE);
    return WAIT_FAILED;
}

#define HANGS "cannot be told: no answer from Windows within 10 s"
#define AGAIN "Look whether the network and the domain controllers answer, then run this again."

static void a_check_that_hangs_is_left_behind(void **state)
{
    (void)state;
    static const struct doctor_check check = {"controller", hang};
    gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    finished = CreateEventW(NULL, FALSE, FALSE, NULL);
    time_limit_calls.WaitForSingleObject = short_wait;
    assert_false(doctor_do(&check, &doctor, &findings));
    assert_line("controller", FINDING_WARNING, HANGS, AGAIN);
    SetEvent(gate); /* what it finds now goes nowhere */
    assert_int_equal(WaitForSingleObject(finished, 10000), WAIT_OBJECT_0);
    assert_int_equal(findings.count, 1);
    time_limit_calls.WaitForSingleObject = failing_wait;
    assert_false(doctor_do(&check, &doctor, &findings));
    assert_int_equal(WaitForSingleObject(finished, 10000), WAIT_OBJECT_0);
    assert_int_equal(findings.count, 2);
    time_limit_calls = real_calls;
    assert_true(doctor_do(&check, &doctor, &findings));
    assert_line("late", FINDING_OK, "CONTOSO\\admin", "");
    CloseHandle(gate);
    CloseHandle(finished);
}

static HANDLE WINAPI no_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                               LPTHREAD_START_ROUTINE start, LPVOID context, DWORD flags,
                               LPDWORD id)
{
    (void)security;
    (void)stack;
    (void)start;
    (void)context;
    (void)flags;
    (void)id;
    SetLastError(ERROR_MAX_THRDS_REACHED);
    return NULL;
}

static void no_thread_no_check(void **state)
{
    (void)state;
    time_limit_calls.CreateThread = no_thread;
    assert_true(doctor_do(&doctor_checks[0], &doctor, &findings));
    assert_line("windows", FINDING_WARNING, "cannot be told: CreateThread failed with error 164",
                "Look up the error: net helpmsg 164");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(settings_in_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_that_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_of_a_policy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(observing_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_without_a_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_journal_whole_and_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_journal_that_is_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_call_may_fail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_check_that_hangs_is_left_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_thread_no_check, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
