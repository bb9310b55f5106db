/* What is remembered in the registry: written through, read back, forgotten; each call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_registry.h"
#include "windows/boot.h"
#include "windows/hardening_memory.h"

#define ITEM L"TarpitTime"

static const struct hardening_record usual = {.known = true, .after = 5};
static struct hardening_record record;
static const char *failed_call;

static int set_up(void **state)
{
    (void)state;
    fake_registry_reset();
    fake_registry_make(BOOT_KEY_ABOVE);
    record = (struct hardening_record){.before = 77};
    failed_call = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return (int)fake_registry_open_handles();
}

static void assert_reads(bool known)
{
    assert_int_equal(hardening_memory_read(ITEM, &record, &failed_call), ERROR_SUCCESS);
    assert_int_equal(record.known, known);
}

static void what_is_written_is_on_disk_and_read_back(void **state)
{
    DWORD type, size;
    (void)state;
    assert_reads(false);
    assert_int_equal(hardening_memory_write(ITEM, &usual, &failed_call), ERROR_SUCCESS);
    assert_true(fake_registry_on_disk(HARDENING_KEY, ITEM));
    const wchar_t *text = fake_registry_get(HARDENING_KEY, ITEM, &type, &size);
    assert_int_equal(type, REG_SZ);
    assert_int_equal(size, sizeof L"set from nothing to 5");
    assert_memory_equal(text, L"set from nothing to 5", size);
    assert_reads(true);
    assert_int_equal(record.after, 5);
    assert_int_equal(hardening_memory_forget(ITEM, &failed_call), ERROR_SUCCESS);
    assert_reads(false);
    assert_int_equal(hardening_memory_forget(ITEM, &failed_call), ERROR_SUCCESS);
}

static void it_stays_over_a_boot(void **state)
{
    (void)state;
    hardening_memory_write(ITEM, &usual, &failed_call);
    fake_registry_reboot();
    assert_reads(true);
}

static void what_makes_no_sense_is_nothing(void **state)
{
    static const wchar_t text[] = L"set from nothing to 5";
    static wchar_t long_text[2 * HARDENING_TEXT_MAX];
    (void)state;
    fake_registry_put(HARDENING_KEY, ITEM, REG_SZ, text, sizeof text - sizeof *text);
    assert_reads(true); /* not terminated */
    fake_registry_put(HARDENING_KEY, ITEM, REG_EXPAND_SZ, text, sizeof text);
    assert_reads(false);
    fake_registry_put(HARDENING_KEY, ITEM, REG_SZ, text, sizeof text - 1);
    assert_reads(true); /* half a unit more */
    fake_registry_put(HARDENING_KEY, ITEM, REG_SZ, text, 0);
    assert_reads(false);
    fake_registry_put(HARDENING_KEY, ITEM, REG_SZ, text, 1);
    assert_reads(false);
    wmemset(long_text, L'5', ARRAYSIZE(long_text));
    fake_registry_put(HARDENING_KEY, ITEM, REG_SZ, long_text, sizeof long_text);
    assert_reads(false);
}

static void where_relaylock_is_not_nothing_is_made(void **state)
{
    (void)state;
    fake_registry_remove(BOOT_KEY_ABOVE);
    size_t keys = fake_registry_keys();
    assert_int_equal(hardening_memory_write(ITEM, &usual, &failed_call), ERROR_FILE_NOT_FOUND);
    assert_reads(false);
    assert_int_equal(hardening_memory_forget(ITEM, &failed_call), ERROR_SUCCESS);
    assert_int_equal(fake_registry_keys(), keys);
}

static void each_call_failing_is_told(void **state)
{
    static const char *const reading[] = {"RegOpenKeyExW", "RegQueryValueExW"};
    static const char *const writing[] = {"RegOpenKeyExW", "RegCreateKeyExW", NULL,
                                          "RegSetValueExW", "RegFlushKey"};
    static const char *const forgetting[] = {"RegOpenKeyExW", "RegDeleteValueW", "RegFlushKey"};
    (void)state;
    hardening_memory_write(ITEM, &usual, &failed_call);
    for (unsigned i = 0; i < ARRAYSIZE(reading); i++) {
        fake_registry_fail(i + 1, ERROR_ACCESS_DENIED);
        assert_int_equal(hardening_memory_read(ITEM, &record, &failed_call), ERROR_ACCESS_DENIED);
        assert_string_equal(failed_call, reading[i]);
        assert_int_equal(record.before, 77);
    }
    for (unsigned i = 0; i < ARRAYSIZE(writing); i++) {
        fake_registry_fail(i + 1, ERROR_ACCESS_DENIED);
        DWORD error = hardening_memory_write(ITEM, &usual, &failed_call);
        assert_int_equal(error, writing[i] ? ERROR_ACCESS_DENIED : ERROR_SUCCESS);
        if (writing[i]) /* the third lets go of a key */
            assert_string_equal(failed_call, writing[i]);
    }
    for (unsigned i = 0; i < ARRAYSIZE(forgetting); i++) {
        hardening_memory_write(ITEM, &usual, &failed_call);
        fake_registry_fail(i + 1, ERROR_ACCESS_DENIED);
        assert_int_equal(hardening_memory_forget(ITEM, &failed_call), ERROR_ACCESS_DENIED);
        assert_string_equal(failed_call, forgetting[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_on_disk_and_read_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(it_stays_over_a_boot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_relaylock_is_not_nothing_is_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_call_failing_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
