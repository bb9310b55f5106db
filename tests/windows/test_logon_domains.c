/* The domains of names without one, as IIS's metabase has them; every call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "fake_files.h"
#include "windows/logon_domains.h"
#include "windows/queue_directories.h"

#define FOLDER   L"C:\\Windows\\System32\\Inetsrv"
#define METABASE FOLDER L"\\MetaBase.xml"

static struct logon_domains found;

static DWORD WINAPI expand(LPCWSTR from, LPWSTR to, DWORD units)
{
    assert_int_equal(wcsncmp(from, L"%SystemRoot%", 12), 0);
    return (DWORD)swprintf(to, units, L"C:\\Windows%ls", from + 12) + 1;
}

static DWORD WINAPI expand_nothing(LPCWSTR from, LPWSTR to, DWORD units)
{
    (void)from, (void)to, (void)units;
    SetLastError(ERROR_ACCESS_DENIED);
    return 0;
}

static BOOL WINAPI get_name(COMPUTER_NAME_FORMAT format, LPWSTR to, LPDWORD units)
{
    const wchar_t *name = format == ComputerNameNetBIOS ? L"EXCH1" : L"exch1.contoso.com";
    assert_true(wcslen(name) < *units);
    wcscpy(to, name);
    *units = (DWORD)wcslen(name);
    return TRUE;
}

static int set_up(void **state)
{
    (void)state;
    static const wchar_t *const folders[] = {L"C:\\Windows", L"C:\\Windows\\System32", FOLDER};
    fake_files_reset();
    for (size_t i = 0; i < ARRAYSIZE(folders); i++)
        fake_files_make_folder(folders[i]);
    queue_directories_calls.ExpandEnvironmentStringsW = expand;
    queue_directories_calls.GetComputerNameExW = get_name;
    memset(&found, 0, sizeof found);
    found.count = 3; /* of before */
    return 0;
}

static DWORD read_metabase(const char *settings)
{
    static char text[8192];
    int size = snprintf(text, sizeof text, "<configuration>%s</configuration>\r\n", settings);
    fake_files_put(METABASE, text, (size_t)size);
    DWORD error = logon_domains_read(&found);
    assert_int_equal(fake_files_open_handles(), 0);
    return error;
}

static void assert_domain(unsigned index, const wchar_t *expected)
{
    assert_true(index < found.count);
    assert_int_equal(wcscmp(found.names[index], expected), 0);
}

static void each_domain_is_there_once(void **state)
{
    (void)state;
    assert_int_equal(read_metabase("<IIsSmtpService DefaultDomain=\"no.contoso.com\">"
                                   "<Custom Name=\"DefaultLogonDomain\" Value=\"CONTOSO\"/>"
                                   "</IIsSmtpService>"
                                   "<IIsSmtpServer DefaultLogonDomain=\"contoso\"/>"
                                   "<IIsSmtpServer DefaultLogonDomain=\" fabrikam.com \"/>"
                                   "<IIsWebServer DefaultLogonDomain=\"W3\"/>"),
                     ERROR_SUCCESS);
    assert_int_equal(found.count, 2);
    assert_domain(0, L"CONTOSO");
    assert_domain(1, L"fabrikam.com");
    assert_false(found.own_order);
}

static void this_computer_and_any_domain_are_windows_own_order(void **state)
{
    static const char *const domains[] = {"exch1", "EXCH1.contoso.com", "\\", " "};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(domains); i++) {
        char settings[256];
        snprintf(settings, sizeof settings,
                 "<IIsSmtpServer DefaultLogonDomain=\"CONTOSO\"/>"
                 "<IIsSmtpServer DefaultLogonDomain=\"%s\"/>",
                 domains[i]);
        assert_int_equal(read_metabase(settings), ERROR_SUCCESS);
        assert_int_equal(found.count, 1);
        assert_true(found.own_order);
    }
}

static void there_is_room_for_16_of_255_units(void **state)
{
    (void)state;
    static char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text,
                                   "<IIsSmtpServer DefaultLogonDomain=\"%0256d\"/>"
                                   "<IIsSmtpServer DefaultLogonDomain=\"%0255d\"/>",
                                   0, 0);
    for (int i = 2; i <= LOGON_DOMAINS_MAX + 1; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "<IIsSmtpServer DefaultLogonDomain=\"D%d\"/>", i);
    assert_int_equal(read_metabase(text), ERROR_SUCCESS);
    assert_int_equal(found.count, LOGON_DOMAINS_MAX);
    assert_int_equal(wcslen(found.names[0]), 255);
    assert_domain(LOGON_DOMAINS_MAX - 1, L"D16");
}

static void a_host_without_iis_has_none(void **state)
{
    (void)state;
    assert_int_equal(logon_domains_read(&found), ERROR_SUCCESS);
    assert_int_equal(found.count, 0);
}

static void what_fails_leaves_all_as_it_was(void **state)
{
    (void)state;
    static const char text[] = "<IIsSmtpServer DefaultLogonDomain=\"CONTOSO\"/>";
    unsigned failed = 0;
    for (unsigned nth = 1; nth <= 4; nth++) {
        set_up(state);
        fake_calls_fail(&fake_files_calls, nth, ERROR_SHARING_VIOLATION, false);
        DWORD error = read_metabase(text);
        failed += error == ERROR_SHARING_VIOLATION;
        assert_int_equal(found.count, error == ERROR_SUCCESS ? 1 : 3);
    }
    assert_true(failed >= 2);
    queue_directories_calls.ExpandEnvironmentStringsW = expand_nothing;
    found.count = 3;
    assert_int_equal(read_metabase(text), ERROR_ACCESS_DENIED);
    assert_int_equal(found.count, 3);
}

/* As it may be while IIS copies a new one over it: of no length, cut, or with zeros for the rest.
 */
static void a_file_that_is_being_written_tells_nothing(void **state)
{
    static const char whole[] = "<configuration><IIsSmtpServer DefaultLogonDomain=\"CONTOSO\"/>"
                                "<</configuration>";
    (void)state;
    for (size_t size = 0; size <= sizeof whole - 1; size++) {
        char text[sizeof whole + 8] = {0};
        memcpy(text, whole, size);
        fake_files_put(METABASE, text, size % 2 ? size : sizeof text);
        found.count = 3;
        bool written = size == sizeof whole - 1;
        assert_int_equal(logon_domains_read(&found), written ? ERROR_SUCCESS : ERROR_HANDLE_EOF);
        assert_int_equal(found.count, written ? 1 : 3);
    }
}

/* Its end may lie in two reads. */
static void the_end_may_be_read_in_parts(void **state)
{
    static char text[65536 + 32];
    (void)state;
    for (size_t before = 0; before <= 17; before++) {
        memset(text, ' ', sizeof text);
        memcpy(text + 65536 - before, "</configuration>", 16);
        fake_files_put(METABASE, text, sizeof text);
        assert_int_equal(logon_domains_read(&found), ERROR_SUCCESS);
        assert_int_equal(found.count, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_domain_is_there_once),
        TEST(this_computer_and_any_domain_are_windows_own_order),
        TEST(there_is_room_for_16_of_255_units),
        TEST(a_host_without_iis_has_none),
        TEST(what_fails_leaves_all_as_it_was),
        TEST(a_file_that_is_being_written_tells_nothing),
        TEST(the_end_may_be_read_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
