/* The Guest accounts disabled and enabled: by their id, changed by others, cut short at every call.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "hardening_scene.h"

static void guests_are_disabled_and_enabled_by_their_id(void **state)
{
    (void)state;
    hardened_assert_look(HARDENING_GUEST, HARDENING_OPEN, false,
                         "enabled (\"Gast\" on this computer)");
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_DONE);
    assert_int_equal(guest->flags, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    scene_assert_wide(hardened_memory(L"Guest"),
                      L"set from 513 to 515 of S-1-5-21-1000-77-4000000000-501 on this computer");
    hardened_assert_look(HARDENING_GUEST, HARDENING_CLOSED, true,
                         "disabled (\"Gast\" on this computer)");
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_NOTHING);

    assert_int_equal(hardened_set(HARDENING_DOMAIN_GUEST), HARDENING_DONE);
    scene_assert_wide(
        hardened_memory(L"DomainGuest"),
        L"set from 513 to 515 of S-1-5-21-1001-77-4000000000-501 on \\\\dc1.contoso.example");
    hardened_assert_look(HARDENING_DOMAIN_GUEST, HARDENING_CLOSED, true,
                         "disabled (\"Invitado\" on \\\\dc1.contoso.example)");

    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_DONE);
    assert_int_equal(guest->flags, SCENE_FLAGS);
    assert_int_equal(domain_guest->flags, SCENE_FLAGS | UF_ACCOUNTDISABLE);
    assert_null(hardened_memory(L"Guest"));
    assert_int_equal(hardened_undo(HARDENING_DOMAIN_GUEST), HARDENING_DONE);
    assert_int_equal(domain_guest->flags, SCENE_FLAGS);
    assert_int_equal(bob->writes + local_bob->writes, 0);
}

static void a_guest_that_was_disabled_stays_so(void **state)
{
    (void)state;
    guest->flags |= UF_ACCOUNTDISABLE;
    hardened_assert_look(HARDENING_GUEST, HARDENING_CLOSED, false,
                         "disabled (\"Gast\" on this computer)");
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_NOTHING);
    assert_null(hardened_memory(L"Guest"));
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_NOTHING);
    assert_int_equal(guest->writes, 0);
}

static void a_guest_that_somebody_changed_stays(void **state)
{
    (void)state;
    hardened_set(HARDENING_GUEST);
    guest->flags |= UF_DONT_EXPIRE_PASSWD;
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_CHANGED);
    assert_true(guest->flags & UF_ACCOUNTDISABLE);
    assert_null(hardened_memory(L"Guest"));

    guest->flags = SCENE_FLAGS;
    hardened_set(HARDENING_GUEST);
    guest->flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    hardened_assert_look(HARDENING_GUEST, HARDENING_OPEN, false,
                         "enabled (\"Gast\" on this computer)");
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_NOTHING);
    assert_null(hardened_memory(L"Guest"));
}

static void the_guest_of_another_domain_is_not_touched(void **state)
{
    (void)state;
    hardened_set(HARDENING_DOMAIN_GUEST);
    contoso->id = 4711; /* the host has joined another one */
    hardened_assert_look(HARDENING_DOMAIN_GUEST, HARDENING_CLOSED, false,
                         "disabled (\"Invitado\" on \\\\dc1.contoso.example)");
    assert_int_equal(hardened_undo(HARDENING_DOMAIN_GUEST), HARDENING_CHANGED);
    assert_true(domain_guest->flags & UF_ACCOUNTDISABLE);
}

static void guests_where_something_is_missing(void **state)
{
    (void)state;
    fake.is_controller = true;
    hardened_assert_look(HARDENING_DOMAIN_GUEST, HARDENING_ABSENT, false,
                         "the same account as Guest");
    hardened_assert_look(HARDENING_GUEST, HARDENING_OPEN, false,
                         "enabled (\"Invitado\" on this computer)");
    fake.is_controller = false;
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    hardened_assert_look(HARDENING_DOMAIN_GUEST, HARDENING_UNTOLD, false,
                         "can't tell: NetUserModalsGet failed with error 1722");
    assert_int_equal(hardened_set(HARDENING_DOMAIN_GUEST), HARDENING_FAILED);
    assert_string_equal(hardened_failure.call, "NetUserModalsGet");
    fake.domain_count = 1;
    assert_int_equal(hardened_set(HARDENING_DOMAIN_GUEST), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_NO_SUCH_DOMAIN);
    fake_registry_remove(BOOT_KEY_ABOVE);
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_FILE_NOT_FOUND);
    assert_string_equal(hardened_failure.object, "RelayLock\\Hardening");
    assert_int_equal(guest->writes, 0);
}

static void a_guest_that_may_not_be_written_is_not_remembered(void **state)
{
    (void)state;
    fake_local()->deny_writing = true;
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_FAILED);
    assert_int_equal(hardened_failure.error, ERROR_ACCESS_DENIED);
    assert_string_equal(hardened_failure.call, "NetUserSetInfo");
    assert_null(hardened_memory(L"Guest"));
    fake_local()->deny_writing = false;
    hardened_set(HARDENING_GUEST);
    fake_local()->deny_writing = true;
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_FAILED);
    assert_non_null(hardened_memory(L"Guest"));
    fake_local()->deny_writing = false;
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_DONE);
    assert_int_equal(guest->flags, SCENE_FLAGS);
}

/* It was written, and then could not be read back: who knows. */
static void a_guest_that_may_be_written_is_remembered(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 3,
                        ERROR_ACCESS_DENIED); /* the second is of an administrator */
    assert_int_equal(hardened_set(HARDENING_GUEST), HARDENING_FAILED);
    assert_string_equal(hardened_failure.call, "NetUserGetInfo");
    assert_true(guest->flags & UF_ACCOUNTDISABLE);
    assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_DONE);
    assert_int_equal(guest->flags, SCENE_FLAGS);
}

/* The calls on the registry count, too. */
static void registry_call(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    (void)call;
    (void)moment;
    scene_point();
}

static bool ends_at(unsigned at, void (*work)(void))
{
    fake_calls_hook(registry_call, NULL);
    bool came_to_its_end = scene_run_until(at, work);
    fake_calls_hook(NULL, NULL);
    fake_registry_kill();
    return !came_to_its_end;
}

static void set_guest(void)
{
    hardened_set(HARDENING_GUEST);
}

static void undo_guest(void)
{
    hardened_undo(HARDENING_GUEST);
}

/* At whichever call the program ends, doing it again completes it, and undoing it undoes all. */
static void guest_when_the_program_ends_at_any_call(void **state)
{
    (void)state;
    for (unsigned at = 1;; at++) {
        bool ended = ends_at(at, set_guest);
        enum hardening_result again = hardened_set(HARDENING_GUEST);
        assert_true(again == HARDENING_DONE || again == HARDENING_NOTHING);
        assert_true(guest->flags & UF_ACCOUNTDISABLE);
        assert_int_equal(wcsncmp(hardened_memory(L"Guest"), L"set from 513 to 515 ", 20), 0);
        assert_int_equal(hardened_undo(HARDENING_GUEST), HARDENING_DONE);
        assert_int_equal(guest->flags, SCENE_FLAGS);
        assert_null(hardened_memory(L"Guest"));
        if (!ended) {
            assert_true(at > 10);
            break;
        }
    }
    for (unsigned at = 1;; at++) {
        hardened_set(HARDENING_GUEST);
        bool ended = ends_at(at, undo_guest);
        hardened_undo(HARDENING_GUEST);
        assert_int_equal(guest->flags, SCENE_FLAGS);
        assert_null(hardened_memory(L"Guest"));
        if (!ended) {
            assert_true(at > 10);
            break;
        }
    }
}

static void guest_when_any_call_on_the_memory_fails(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        unsigned calls = fake_registry_calls();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        hardened_set(HARDENING_GUEST);
        bool failed = fake_registry_calls() - calls >= n;
        fake_registry_fail(0, ERROR_SUCCESS);
        assert_true(guest->flags == SCENE_FLAGS || hardened_memory(L"Guest") != NULL);
        hardened_undo(HARDENING_GUEST);
        assert_int_equal(guest->flags, SCENE_FLAGS);
        assert_null(hardened_memory(L"Guest"));
        if (!failed) {
            assert_true(n > 8);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(guests_are_disabled_and_enabled_by_their_id,
                                        hardening_set_up, hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_guest_that_was_disabled_stays_so, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_guest_that_somebody_changed_stays, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(the_guest_of_another_domain_is_not_touched,
                                        hardening_set_up, hardening_tear_down),
        cmocka_unit_test_setup_teardown(guests_where_something_is_missing, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_guest_that_may_not_be_written_is_not_remembered,
                                        hardening_set_up, hardening_tear_down),
        cmocka_unit_test_setup_teardown(a_guest_that_may_be_written_is_remembered, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(guest_when_the_program_ends_at_any_call, hardening_set_up,
                                        hardening_tear_down),
        cmocka_unit_test_setup_teardown(guest_when_any_call_on_the_memory_fails, hardening_set_up,
                                        hardening_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
