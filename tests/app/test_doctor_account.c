/* The doctor looks at the domain, at who is protected, at an account and at the right to lock it.
 */
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
#define UNKNOWN                                                                                    \
    "Is the name right (DOMAIN\\user)? Does a domain controller answer? What Windows does not "    \
    "know is only ever flagged."
#define NOT_YET "; the service will run as LocalSystem, unless you let it log on as another account"

static struct fake_domain *contoso;
static struct fake_user *bob, *svc, *local;
static LONG buffers;

static int set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    fake_ldap_reset();
    contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"DC1");
    fake_join_user(&fake_local()->administrators, fake_add_user(fake_local(), L"Admin", 500));
    fake_join_user(&contoso->administrators, fake_add_user(contoso, L"Chef", 500));
    bob = fake_add_user(contoso, L"bob", 1105);
    svc = fake_add_user(contoso, L"svc", 1106);
    fake_add_user(contoso, L"EXCH1$", 1107);
    local = fake_add_user(fake_local(), L"scanner", 1001);
    buffers = fake.buffers;
    doctor_scene_begin();
    memcpy(doctor.who.sid, fake.own_sid, sizeof doctor.who.sid);
    doctor.service.known = doctor.service.installed = true;
    return 0;
}

/* Nothing was written, found anew, or kept. */
static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake.calls[FAKE_USER_SET], 0);
    assert_int_equal(fake.rediscoveries, 0);
    assert_int_equal(fake.buffers, buffers);
    fake_ldap_assert_closed();
    return 0;
}

/* ---- the domain and its protected ----------------------------------------------------------- */

static void the_controller(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_OK, "\\\\DC1 of the domain CONTOSO answers", "");
    contoso->controllers[0].down = true; /* DsGetDcName remembers it still */
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_PROBLEM,
                "no domain controller of CONTOSO answers: LookupAccountSidW failed with error "
                "1722. Its accounts cannot be locked",
                "Look at network, DNS and the domain controllers: nltest /dsgetdc:CONTOSO");
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_NO_SUCH_DOMAIN);
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_PROBLEM,
                "no domain controller of CONTOSO answers: DsGetDcNameW failed with error 1355. Its "
                "accounts cannot be locked",
                "Look at network, DNS and the domain controllers: nltest /dsgetdc:CONTOSO");
    fake_directory_fail(FAKE_JOIN_INFORMATION, 1, ERROR_NOT_ENOUGH_MEMORY);
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_WARNING,
                "cannot be told: NetGetJoinInformation failed with error 8",
                "Look up the error: net helpmsg 8");
    fake.domain_count = 1;
    doctor_scene_look(doctor_look_controller);
    assert_line("controller", FINDING_OK, "this computer is in no domain", "");
}

static void who_is_protected(void **state)
{
    (void)state;
    doctor_scene_look(doctor_look_protected);
    assert_line("protected", FINDING_OK,
                "only ever flagged: EXCH1\\Admin, CONTOSO\\Chef, LocalSystem (the service), the "
                "last enabled administrator, computers",
                "");
    wcscpy(doctor.service.account, L"CONTOSO\\svc");
    fake_directory_fail(FAKE_LOOKUP_NAME, 1, ERROR_NONE_MAPPED); /* as on a controller */
    doctor_scene_look(doctor_look_protected);
    assert_line("protected", FINDING_OK,
                "only ever flagged: CONTOSO\\Chef, CONTOSO\\svc (the service), the last enabled "
                "administrator, computers",
                "");
    fake_directory_fail(FAKE_LOOKUP_SID, 2, ERROR_TRUSTED_RELATIONSHIP_FAILURE);
    doctor_scene_look(doctor_look_protected);
    assert_line("protected", FINDING_WARNING,
                "cannot be told: LookupAccountSidW failed with error 1789",
                "Look up the error: net helpmsg 1789");
    fake_directory_fail(FAKE_COMPUTER_NAME, 1, ERROR_NOT_ENOUGH_MEMORY);
    doctor_scene_look(doctor_look_protected);
    assert_line("protected", FINDING_WARNING, "cannot be told: GetComputerName failed with error 8",
                "Look up the error: net helpmsg 8");
}

/* ---- the account ---------------------------------------------------------------------------- */

static void ask_for(const wchar_t *name)
{
    doctor.asked = name;
    doctor.account.found = false;
    doctor_scene_look(doctor_look_account);
}

static void no_account_was_asked_about(void **state)
{
    (void)state;
    ask_for(NULL);
    assert_int_equal(findings.count, 0);
    doctor_scene_look(doctor_look_right);
    assert_int_equal(findings.count, 0);
}

static void accounts_of_all_kinds(void **state)
{
    (void)state;
    ask_for(L"bob@contoso.example");
    assert_line("account", FINDING_OK,
                "CONTOSO\\bob (S-1-5-21-1001-77-4000000000-1105) on \\\\DC1: enabled, would be "
                "locked when it crosses a limit",
                "");
    assert_true(doctor.account.found);
    local->flags |= UF_ACCOUNTDISABLE;
    ask_for(L"scanner");
    assert_line("account", FINDING_OK,
                "EXCH1\\scanner (S-1-5-21-1000-77-4000000000-1001) on this computer: disabled, "
                "would be locked when it crosses a limit",
                "");
    ask_for(L"CONTOSO\\Chef");
    assert_line("account", FINDING_OK,
                "CONTOSO\\Chef (S-1-5-21-1001-77-4000000000-500) on \\\\DC1: enabled, the built-in "
                "administrator: only ever flagged",
                "");
    ask_for(L"CONTOSO\\EXCH1$");
    assert_line("account", FINDING_OK,
                "CONTOSO\\EXCH1$ (S-1-5-21-1001-77-4000000000-1107) on \\\\DC1: enabled, a "
                "computer's: only ever flagged",
                "");
    wcscpy(doctor.service.account, L"CONTOSO\\svc");
    ask_for(L"svc");
    assert_line("account", FINDING_OK,
                "CONTOSO\\svc (S-1-5-21-1001-77-4000000000-1106) on \\\\DC1: enabled, whom the "
                "service runs as: only ever flagged",
                "");
}

static void an_account_that_is_spared(void **state)
{
    (void)state;
    struct fake_user *last = fake_add_user(fake_local(), L"last", 1002);
    fake.users[0].flags |= UF_ACCOUNTDISABLE; /* Admin */
    fake_join_user(&fake_local()->administrators, last);
    ask_for(L"last");
    assert_line("account", FINDING_OK,
                "EXCH1\\last (S-1-5-21-1000-77-4000000000-1002) on this computer: enabled, the "
                "last enabled administrator: only ever flagged",
                "");
    doctor.settings.exempt[0] = TEXT_OF(u"LA*");
    doctor.settings.exempt_count = 1;
    ask_for(L"last");
    assert_line("account", FINDING_OK,
                "EXCH1\\last (S-1-5-21-1000-77-4000000000-1002) on this computer: enabled, exempt: "
                "it is not counted",
                "");
}

static void an_account_that_cannot_be_found(void **state)
{
    (void)state;
    ask_for(L"nobody");
    assert_line("account", FINDING_PROBLEM, "nobody is no account that Windows knows", UNKNOWN);
    ask_for(L"");
    assert_line("account", FINDING_PROBLEM, " is no account that Windows knows", UNKNOWN);
    ask_for(L"CONTOSO"); /* a domain */
    assert_line("account", FINDING_PROBLEM, "CONTOSO is no account that Windows knows", UNKNOWN);
    contoso->controllers[0].down = true;
    ask_for(L"CONTOSO\\b\x202eob%");
    assert_line("account", FINDING_PROBLEM,
                "CONTOSO\\b{U+202E}ob{U+0025} cannot be resolved: LookupAccountName failed with "
                "error 1789",
                UNKNOWN);
    assert_false(doctor.account.found);
}

static void an_account_that_cannot_be_read(void **state)
{
    (void)state;
    bob->unreadable = true;
    ask_for(L"CONTOSO\\bob");
    assert_line("account", FINDING_PROBLEM, "CONTOSO\\bob: NetUserGetInfo failed with error 5",
                "See the line \"controller\"; then look up the error: net helpmsg 5");
    assert_false(doctor.account.found);
    doctor_scene_look(doctor_look_right);
    assert_int_equal(findings.count, 0);
}

/* ---- the right ------------------------------------------------------------------------------ */

static void ask_right(const wchar_t *name)
{
    ask_for(name);
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
    ask_for(L"CONTOSO\\bob");
    assert_line("account", FINDING_OK,
                "CONTOSO\\bob (S-1-5-21-1001-77-4000000000-1105) on this computer: enabled, would "
                "be locked when it crosses a limit",
                "");
    assert_int_equal(fake.calls[FAKE_GET_DC], 0);
    run_as_the_service();
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_OK, "CONTOSO\\svc may disable CONTOSO\\bob", "");
    doctor.who.administrator = false;
    doctor_scene_look(doctor_look_right);
    assert_line("right", FINDING_PROBLEM, "CONTOSO\\svc may not disable CONTOSO\\bob",
                "The account that the service logs on as must be an administrator of this "
                "computer.");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_controller, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_protected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_account_was_asked_about, set_up, tear_down),
        cmocka_unit_test_setup_teardown(accounts_of_all_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_that_is_spared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_that_cannot_be_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_that_cannot_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_system_has_the_right_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_controller_looks_at_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_system_is_a_computer_elsewhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_directory_says_who_may, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_told_is_said_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_right_holds_for_whom_it_was_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_local_account_needs_an_administrator, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
