/* The Guest accounts by their relative id, whatever they are called. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "account_scene.h"
#include "windows/guest_account.h"

static struct guest_account guest;
static const char *failed_call;

static int set_up(void **state)
{
    memset(&guest, 0xaa, sizeof guest);
    failed_call = NULL;
    return scene_set_up(state);
}

static void assert_guest_of(const struct fake_domain *domain)
{
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(domain, 501, sid);
    assert_int_equal(guest.size, sizeof sid);
    assert_memory_equal(guest.sid, sid, sizeof sid);
}

static void this_computers(void **state)
{
    (void)state;
    assert_int_equal(guest_account_find(GUEST_LOCAL, &guest, &failed_call), ERROR_SUCCESS);
    assert_guest_of(fake_local());
}

static void the_domains_from_one_that_can_be_written_to(void **state)
{
    (void)state;
    fake_add_domain(L"FABRIKAM", L"fabrikam.example");
    assert_int_equal(guest_account_find(GUEST_DOMAIN, &guest, &failed_call), ERROR_SUCCESS);
    assert_guest_of(contoso);
    assert_int_equal(fake.discovery, DS_WRITABLE_REQUIRED);
}

static void on_a_controller_both_are_one(void **state)
{
    (void)state;
    fake.is_controller = true;
    contoso->controllers[0].down = contoso->controllers[1].down = true;
    for (enum guest_place place = GUEST_LOCAL; place <= GUEST_DOMAIN; place++) {
        memset(&guest, 0xaa, sizeof guest);
        assert_int_equal(guest_account_find(place, &guest, &failed_call), ERROR_SUCCESS);
        assert_guest_of(contoso);
    }
}

static void no_domain(void **state)
{
    (void)state;
    fake.domain_count = 1;
    assert_int_equal(guest_account_find(GUEST_DOMAIN, &guest, &failed_call), ERROR_NO_SUCH_DOMAIN);
    assert_string_equal(failed_call, "DsGetDcNameW");
}

static void each_call_failing_is_told(void **state)
{
    struct guest_account untouched;
    (void)state;
    memset(&untouched, 0xaa, sizeof untouched);
    fake_directory_fail(FAKE_GET_DC, 1, ERROR_NO_LOGON_SERVERS);
    assert_int_equal(guest_account_find(GUEST_DOMAIN, &guest, &failed_call),
                     ERROR_NO_LOGON_SERVERS);
    assert_string_equal(failed_call, "DsGetDcNameW");
    fake_directory_fail(FAKE_MODALS_GET, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(guest_account_find(GUEST_DOMAIN, &guest, &failed_call), ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "NetUserModalsGet");
    contoso->controllers[0].down = true;
    assert_int_equal(guest_account_find(GUEST_DOMAIN, &guest, &failed_call),
                     RPC_S_SERVER_UNAVAILABLE);
    assert_memory_equal(&guest, &untouched, sizeof guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(this_computers, set_up, scene_tear_down),
        cmocka_unit_test_setup_teardown(the_domains_from_one_that_can_be_written_to, set_up,
                                        scene_tear_down),
        cmocka_unit_test_setup_teardown(on_a_controller_both_are_one, set_up, scene_tear_down),
        cmocka_unit_test_setup_teardown(no_domain, set_up, scene_tear_down),
        cmocka_unit_test_setup_teardown(each_call_failing_is_told, set_up, scene_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
