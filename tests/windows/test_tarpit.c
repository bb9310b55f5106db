/* TarpitTime: read, written, deleted, and each call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_registry.h"
#include "windows/tarpit.h"

static struct tarpit tarpit;
static const char *failed_call;

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    fake_registry_make(TARPIT_KEY);
    tarpit = (struct tarpit){true, 77};
    failed_call = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)fake_registry_open_handles();
}

static void put(DWORD seconds)
{
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_DWORD, &seconds, sizeof seconds);
}

static void it_is_read(void **state)
{
    (void)state;
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_SUCCESS);
    assert_false(tarpit.exists);
    assert_int_equal(tarpit.seconds, 0);
    put(9);
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_SUCCESS);
    assert_true(tarpit.exists);
    assert_int_equal(tarpit.seconds, 9);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_SZ, L"5", 4);
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_INVALID_DATA);
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_DWORD, L"5", 2);
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_INVALID_DATA);
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_QWORD, L"5555", 8);
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_INVALID_DATA);
    assert_string_equal(failed_call, "RegQueryValueExW");
    assert_int_equal(tarpit.seconds, 77);
}

static void it_is_written_to_disk(void **state)
{
    const struct tarpit wanted = {true, 5};
    DWORD type, size;
    (void)state;
    assert_int_equal(tarpit_write(&wanted, &failed_call), ERROR_SUCCESS);
    const DWORD *value = fake_registry_get(TARPIT_KEY, TARPIT_NAME, &type, &size);
    assert_non_null(value);
    assert_int_equal(type, REG_DWORD);
    assert_int_equal(size, sizeof *value);
    assert_int_equal(*value, 5);
    assert_true(fake_registry_on_disk(TARPIT_KEY, TARPIT_NAME));
}

static void it_is_deleted_and_may_be_gone(void **state)
{
    const struct tarpit none = {false, 0};
    DWORD type, size;
    (void)state;
    put(5);
    assert_int_equal(tarpit_write(&none, &failed_call), ERROR_SUCCESS);
    assert_null(fake_registry_get(TARPIT_KEY, TARPIT_NAME, &type, &size));
    assert_int_equal(tarpit_write(&none, &failed_call), ERROR_SUCCESS);
}

static void no_smtp_service_no_value(void **state)
{
    const struct tarpit wanted = {true, 5};
    (void)state;
    fake_registry_remove(TARPIT_KEY);
    size_t keys = fake_registry_keys();
    assert_int_equal(tarpit_read(&tarpit, &failed_call), ERROR_FILE_NOT_FOUND);
    assert_int_equal(tarpit_write(&wanted, &failed_call), ERROR_FILE_NOT_FOUND);
    assert_int_equal(fake_registry_keys(), keys);
}

/* n-th call of each of the three jobs. */
static void each_call_failing_is_told(void **state)
{
    static const struct {
        int job; /* 0: read, 1: write, 2: delete */
        unsigned n;
        const char *call;
    } cases[] = {
        {0, 1, "RegOpenKeyExW"},   {0, 2, "RegQueryValueExW"}, {1, 1, "RegOpenKeyExW"},
        {1, 2, "RegSetValueExW"},  {1, 3, "RegFlushKey"},      {2, 1, "RegOpenKeyExW"},
        {2, 2, "RegDeleteValueW"}, {2, 3, "RegFlushKey"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tarpit wanted = {cases[i].job == 1, 5};
        put(3);
        fake_registry_fail(cases[i].n, ERROR_ACCESS_DENIED);
        DWORD error = cases[i].job == 0 ? tarpit_read(&tarpit, &failed_call)
                                        : tarpit_write(&wanted, &failed_call);
        assert_int_equal(error, ERROR_ACCESS_DENIED);
        assert_string_equal(failed_call, cases[i].call);
        assert_int_equal(tarpit.seconds, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_number_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_written_to_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_deleted_and_may_be_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_smtp_service_no_value, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_call_failing_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
