#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <wchar.h>

#include "windows/own_names.h"

/* The names by format; null: the call fails. */
static const wchar_t *told[ComputerNameMax];

static BOOL WINAPI get_name(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
    const wchar_t *found = told[format];
    SetLastError(ERROR_MORE_DATA);
    if (!found || wcslen(found) >= *size) {
        *size = found ? (DWORD)wcslen(found) + 1 : *size;
        return FALSE;
    }
    wcscpy(name, found);
    *size = (DWORD)wcslen(found);
    return TRUE;
}

static void what_windows_does_not_tell_is_left_out(void **state)
{
    struct own_names names;
    wchar_t longest[OWN_NAME_MAX + 1] = L"";
    (void)state;
    own_names_calls.GetComputerNameExW = get_name;
    own_names_find(&names);
    assert_int_equal(names.count, 0);
    told[ComputerNamePhysicalDnsHostname] = L"exchange-server-1";
    own_names_find(&names);
    assert_int_equal(names.count, 1);
    assert_int_equal(wcscmp(names.at[0], L"exchange-server-1"), 0);
    told[ComputerNamePhysicalNetBIOS] = L"EXCHANGE-SERVER";
    told[ComputerNameNetBIOS] = L"CLUSTER";
    own_names_find(&names);
    assert_int_equal(names.count, 3);
    assert_int_equal(wcscmp(names.at[0], L"EXCHANGE-SERVER"), 0);
    assert_int_equal(wcscmp(names.at[2], L"CLUSTER"), 0);
    for (size_t i = 0; i < OWN_NAME_MAX; i++)
        longest[i] = L'x';
    told[ComputerNamePhysicalDnsHostname] = longest;
    told[ComputerNameNetBIOS] = L"";
    own_names_find(&names);
    assert_int_equal(names.count, 1);
}

static void this_computer_has_one(void **state)
{
    struct own_names names;
    (void)state;
    own_names_calls.GetComputerNameExW = GetComputerNameExW;
    own_names_find(&names);
    assert_true(names.count >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_windows_does_not_tell_is_left_out),
        cmocka_unit_test(this_computer_has_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
