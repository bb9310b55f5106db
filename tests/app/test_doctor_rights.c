/* The doctor says whose right it is that the folder or the journal is not believed for, and what
 * takes it back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <wchar.h>
#include "../windows/fake_directory.h"
#include "../windows/fake_files.h"
#include "doctor_scene.h"

#define FOLDER    "C:\\ProgramData\\RelayLock"
#define JOURNAL   FAKE_FILES_FOLDER L"\\journal"
#define USER_TEXT "S-1-5-21-1-2-3-1105"
#define USER      L"" USER_TEXT
#define CLOSED    L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
#define CONTINUED CLOSED L"(A;OICI;FA;;;" USER L")" /* what Explorer's "Continue" makes of it */

#define CURE "> icacls \"" FOLDER "\" /remove:g *" USER_TEXT " /T"

static int set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    fake_files_reset();
    doctor_scene_begin();
    doctor.service.installed = true;
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, CLOSED);
    fake_files_put(JOURNAL, "", 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)fake_files_open_handles();
}

static void assert_mended(void)
{
    fake_files_protect(FAKE_FILES_FOLDER, CLOSED);
    fake_files_protect(JOURNAL, L"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)");
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_OK, FOLDER " is protected, and CONTOSO\\admin may write in it",
                "");
    assert_line("journal", FINDING_OK, "accounts locked: 0, incidents open: 0", "");
}

static void assert_folder_refused(void)
{
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_PROBLEM,
                "the folder " FOLDER " cannot be believed: " USER_TEXT " has a right to change it. "
                "RelayLock locks nobody",
                CURE);
    assert_no_line("journal");
}

static void a_right_to_the_folder_is_taken_back_by_the_command(void **state)
{
    (void)state;
    fake_files_protect(FAKE_FILES_FOLDER, CONTINUED);
    fake_files_protect(JOURNAL, L"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;" USER L")");
    assert_folder_refused();
    assert_mended();
}

static void also_one_to_the_journal_alone(void **state)
{
    (void)state;
    fake_files_protect(JOURNAL, L"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;;FA;;;" USER L")");
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_PROBLEM,
                "the journal in " FOLDER " cannot be believed: " USER_TEXT
                " has a right to change it. RelayLock locks nobody",
                CURE);
    assert_mended();
}

/* He may do as he likes, and believes it; the service, LocalSystem, does not. */
static void also_when_it_is_the_right_of_who_asks(void **state)
{
    (void)state;
    fake_files_run_as(USER, true);
    fake_files_protect(FAKE_FILES_FOLDER, CONTINUED);
    assert_folder_refused();
    fake_files_protect(FAKE_FILES_FOLDER, CLOSED);
    fake_files_protect(JOURNAL, L"O:BAD:(A;ID;FA;;;SY)(A;;FA;;;" USER L")");
    doctor_scene_look(doctor_look_state);
    assert_line("journal", FINDING_PROBLEM,
                "the journal in " FOLDER " cannot be believed: " USER_TEXT
                " has a right to change it. RelayLock locks nobody",
                CURE);
    assert_mended();
}

/* What somebody put there in the journal's place is not given rights to by hand. */
static void a_junction_is_no_matter_of_rights(void **state)
{
    (void)state;
    fake_files_remove(FAKE_FILES_FOLDER);
    fake_files_make_folder(L"C:\\theirs");
    fake_files_link(FAKE_FILES_FOLDER, L"C:\\theirs");
    fake_files_protect(FAKE_FILES_FOLDER, CONTINUED);
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_PROBLEM,
                "the folder " FOLDER
                " cannot be believed: checking for a reparse point failed with "
                "error 1920. RelayLock locks nobody",
                "Find out who made it or gave rights to it. When you are sure, delete it, and make "
                "a new one with: relaylock install");
}

#define SVC L"S-1-5-21-1001-77-4000000000-1106"
static const wchar_t of_svc[] = CLOSED L"(A;OICI;FA;;;" SVC L")";

static void let_the_service_run_as_svc(void)
{
    struct fake_domain *contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"DC1");
    fake_add_user(contoso, L"svc", 1106);
    wcscpy(doctor.service.account, L"CONTOSO\\svc");
}

static void assert_is_the_services(const char *check, const char *what)
{
    char found[200];
    snprintf(found, sizeof found,
             "the %s " FOLDER " is believed by the service, as it is CONTOSO\\svc's to change, but "
             "not by CONTOSO\\admin",
             what);
    doctor_scene_look(doctor_look_state);
    assert_line(check, FINDING_WARNING, found,
                "Ask as that account: runas \"/user:CONTOSO\\svc\" cmd");
}

/* Nobody is told to take that right back, or to delete what the service goes by. */
static void what_is_the_services_own_is_no_strangers(void **state)
{
    (void)state;
    let_the_service_run_as_svc();
    fake_files_protect(FAKE_FILES_FOLDER, of_svc);
    assert_is_the_services("state", "folder");
    assert_no_line("journal");
    fake_files_protect(FAKE_FILES_FOLDER, CLOSED);
    fake_files_protect(JOURNAL, L"O:" SVC L"D:(A;ID;FA;;;SY)(A;ID;FA;;;BA)"); /* he made it */
    assert_is_the_services("journal", "journal in");
}

static void who_the_service_is_may_not_be_known(void **state)
{
    (void)state;
    let_the_service_run_as_svc();
    fake_files_protect(FAKE_FILES_FOLDER, of_svc);
    fake_directory_fail(FAKE_LOOKUP_NAME, 1, RPC_S_SERVER_UNAVAILABLE);
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_WARNING,
                "cannot be told: LookupAccountName failed with error 1722",
                "Look up the error: net helpmsg 1722");
    fake_files_run_as(SVC, true); /* who believes it goes by that */
    fake_directory_fail(FAKE_LOOKUP_NAME, 1, RPC_S_SERVER_UNAVAILABLE);
    doctor_scene_look(doctor_look_state);
    assert_line("state", FINDING_OK, FOLDER " is protected, and CONTOSO\\admin may write in it",
                "");
    assert_line("journal", FINDING_OK, "accounts locked: 0, incidents open: 0", "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_right_to_the_folder_is_taken_back_by_the_command),
        TEST(also_one_to_the_journal_alone),
        TEST(also_when_it_is_the_right_of_who_asks),
        TEST(a_junction_is_no_matter_of_rights),
        TEST(what_is_the_services_own_is_no_strangers),
        TEST(who_the_service_is_may_not_be_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
