/* The doctor looks at the domain, at who is protected, and at an account. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "../windows/fake_directory.h"
#include "../windows/fake_ldap.h"
#include "doctor_scene.h"

#define UNKNOWN                                                                                    \
    "Is the name right (DOMAIN\\user)? Does a domain controller answer? What Windows does not "    \
    "know is only ever flagged."

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
