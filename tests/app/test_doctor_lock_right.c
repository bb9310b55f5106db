/* The doctor looks whether the account that he was asked about may be locked, and for whom that
 * holds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../windows/fake_directory.h"
#include "../windows/fake_ldap.h"
#include "doctor_scene.h"

#define SAYS_HOW "docs/security.md says how."
#define NOT_YET  "; the service will run as LocalSystem, unless you let it log on as another account"

static struct fake_domain *contoso;
static struct fake_user *svc;

static int set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    fake_ldap_reset();
    contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"DC1");
    fake_add_user(contoso, L"bob", 1105);
    svc = fake_add_user(contoso, L"svc", 1106);
    fake_add_user(fake_local(), L"scanner", 1001);
    doctor_scene_begin();
    memcpy(doctor.who.sid, fake.own_sid, sizeof doctor.who.sid);
    doctor.service.known = doctor.service.installed = true;
    return 0;
}

/* Nothing was written, or kept. */
static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
    assert_int_equal(fake.buffers, 0);
    fake_ldap_assert_closed();
    return 0;
}

static void ask_right(const wchar_t *name)
{
    doctor.asked = name;
    doctor_scene_look(doctor_look_account);
    assert_true(doctor.account.found);
    doctor_scene_look(doctor_look_right);
}

static void local_system_has_the_right_here(void **state)
{
    (void)state;
    ask_right(L"scanner");
    assert_line("right", FINDING_OK, "the service, as LocalSystem, may disable EXCH1\\scanner", "");
    contoso->controllers[0].name = L"EXCH1"; /* this computer is the controller */
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_OK, "the service, as LocalSystem, may disable CONTOSO\\bob", "");
}

static void run_as_the_service(void)
{
    wcscpy(doctor.service.account, L"CONTOSO\\svc");
    fake_sid(contoso, svc->rid, doctor.who.sid);
    strcpy(doctor.who.name, "CONTOSO\\svc");
}

/* Whatever the locator names: the controller that does not advertise itself is written itself. */
static void a_controller_looks_at_itself(void **state)
{
    (void)state;
    fake.is_controller = true;
    contoso->controllers[0].down = true;
    fake_add_controller(contoso, L"EXCH1");
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_OK,
                "this computer, a controller of the domain CONTOSO answers", "");
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_OK, "the service, as LocalSystem, may disable CONTOSO\\bob", "");
    doctor_scene_look(doctor_look_account);
    assert_line("account", FINDING_OK,
                "CONTOSO\\bob (S-1-5-21-1001-77-4000000000-1105) on this computer: enabled, would "
                "be locked when it crosses a limit",
                "");
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
    run_as_the_service();
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_OK, "CONTOSO\\svc may disable CONTOSO\\bob", "");
}

static void local_system_is_a_computer_elsewhere(void **state)
{
    (void)state;
    ask_right(L"CONTOSO\\bob");
    assert_line(
        "right", FINDING_WARNING,
        "the service runs as LocalSystem, which on \\\\DC1 is this computer's own account: "
        "whether that may disable CONTOSO\\bob cannot be told from here",
        "Let the service log on as an account of the domain that has this right; " SAYS_HOW);
    assert_int_equal(fake_ldap.calls, 0);
}

static void let_write(const wchar_t *one, const wchar_t *two, const wchar_t *three)
{
    fake_ldap.writable[0] = one;
    fake_ldap.writable[1] = two;
    fake_ldap.writable[2] = three;
}

/* One of each of the three property sets, as a controller wants for the call that is made. */
static void the_directory_says_who_may(void **state)
{
    (void)state;
    run_as_the_service();
    let_write(L"scriptPath", L"userAccountControl", L"Description");
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_OK, "CONTOSO\\svc may disable CONTOSO\\bob", "");
    assert_string_equal(fake_ldap.asked_for,
                        "<SID=010500000000000515000000e90300004d00000000286bee51040000>");
    assert_string_equal(fake_ldap.host, "DC1");
    doctor.settings.action = LOCK_FLAG;
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_OK, "CONTOSO\\svc may mark CONTOSO\\bob", "");
    static const wchar_t *const sets[] = {L"scriptPath", L"userAccountControl", L"description"};
    for (size_t i = 0; i < 4; i++) { /* each of them missing, and all: then there is no attribute */
        let_write(sets[i % 3], i < 3 ? sets[(i + 1) % 3] : NULL, NULL);
        if (i == 3)
            let_write(NULL, NULL, NULL);
        doctor_scene_look(doctor_look_right);
        assert_line("right", FINDING_PROBLEM, "CONTOSO\\svc may not mark CONTOSO\\bob",
                    "Delegate this right to the account that the service logs on as; " SAYS_HOW);
    }
}

/* Who is no administrator of a controller may have been given the right in its directory, as
 * elsewhere; to make him one would give him all of the domain. */
static void a_controller_asks_its_own_directory(void **state)
{
    (void)state;
    fake.is_controller = true;
    fake_add_controller(contoso, L"EXCH1");
    run_as_the_service();
    doctor.who.administrator = false;
    let_write(L"scriptPath", L"userAccountControl", L"description");
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_OK, "CONTOSO\\svc may disable CONTOSO\\bob", "");
    assert_string_equal(fake_ldap.host, "EXCH1");
    let_write(NULL, NULL, NULL);
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_PROBLEM, "CONTOSO\\svc may not disable CONTOSO\\bob",
                "Delegate this right to the account that the service logs on as; " SAYS_HOW);
    fake_directory_fail(FAKE_COMPUTER_NAME, 1, ERROR_NOT_ENOUGH_MEMORY);
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_WARNING,
                "whether CONTOSO\\svc may disable CONTOSO\\bob cannot be told without doing it: "
                "GetComputerName failed with error 8",
                "Let RelayLock lock a test account, or compare the rights in the directory with "
                "those in docs/security.md.");
}

static void what_cannot_be_told_is_said_so(void **state)
{
    (void)state;
    const char *step = "Let RelayLock lock a test account, or compare the rights in the directory "
                       "with those in docs/security.md.";
    run_as_the_service();
    doctor.settings.action = LOCK_PASSWORD;
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_WARNING,
                "whether CONTOSO\\svc may set the password of CONTOSO\\bob cannot be told without "
                "doing it: a domain controller tells nobody who may reset a password",
                step);
    doctor.settings.action = LOCK_DISABLE;
    fake_ldap.fail_call = "ldap_bind_sW";
    fake_ldap.fail_error = LDAP_SERVER_DOWN;
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_WARNING,
                "whether CONTOSO\\svc may disable CONTOSO\\bob cannot be told without doing it: "
                "ldap_bind_sW on the domain controller failed with error 58",
                step);
}

static void a_right_holds_for_whom_it_was_asked(void **state)
{
    (void)state;
    wcscpy(doctor.service.account, L"CONTOSO\\svc");
    ask_right(L"CONTOSO\\bob");
    assert_line("right", FINDING_WARNING,
                "the service runs as CONTOSO\\svc; whether that may disable CONTOSO\\bob cannot be "
                "told by CONTOSO\\admin",
                "Ask as that account: runas \"/user:CONTOSO\\svc\" \"cmd /k \\\"\\\"C:\\Program "
                "Files\\RelayLock\\relaylock.exe\\\" doctor --account \\\"CONTOSO\\bob\\\"\\\"\"");
    doctor.service.installed = false;
    wcscpy(doctor.service.account, L"LocalSystem");
    let_write(L"scriptPath", L"userAccountControl", L"description");
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_OK, "CONTOSO\\admin may disable CONTOSO\\bob" NOT_YET, "");
}

static void a_local_account_needs_an_administrator(void **state)
{
    (void)state;
    struct fake_user *worker = fake_add_user(fake_local(), L"worker", 1003);
    wcscpy(doctor.service.account, L".\\worker");
    fake_sid(fake_local(), worker->rid, doctor.who.sid);
    strcpy(doctor.who.name, "EXCH1\\worker");
    ask_right(L"scanner");
    assert_line("right", FINDING_OK, "EXCH1\\worker may disable EXCH1\\scanner", "");
    doctor.who.administrator = false;
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_PROBLEM, "EXCH1\\worker may not disable EXCH1\\scanner",
                "The account that the service logs on as must be an administrator of this "
                "computer.");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(local_system_has_the_right_here),      TEST(a_controller_looks_at_itself),
        TEST(local_system_is_a_computer_elsewhere), TEST(the_directory_says_who_may),
        TEST(a_controller_asks_its_own_directory),  TEST(what_cannot_be_told_is_said_so),
        TEST(a_right_holds_for_whom_it_was_asked),  TEST(a_local_account_needs_an_administrator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
