/* test_queue_directories.c: the queue folders of hosts of every kind; every call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "windows/queue_directories.h"
#include "fake_files.h"
#include "fake_registry.h"

#define METABASE L"C:\\Windows\\System32\\Inetsrv\\MetaBase.xml"
#define SETUP    L"SOFTWARE\\Microsoft\\Exchange\\Setup"

static struct queue_directories found;
static const wchar_t *host, *domain;
static bool no_environment;

static DWORD WINAPI expand(LPCWSTR from, LPWSTR to, DWORD units)
{
    static const struct {
        const wchar_t *name, *value;
    } variables[] = {{L"%SystemRoot%", L"C:\\Windows"},
                     {L"%ProgramFiles%", L"C:\\Program Files"},
                     {L"%SystemDrive%", L"C:"}};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        size_t count = wcslen(variables[i].name);
        if (wcsncmp(from, variables[i].name, count) == 0 && !no_environment)
            return (DWORD)swprintf(to, units, L"%ls%ls", variables[i].value, from + count) + 1;
    }
    SetLastError(ERROR_ACCESS_DENIED);
    return 0;
}

static BOOL WINAPI get_name(COMPUTER_NAME_FORMAT format, LPWSTR to, LPDWORD units)
{
    const wchar_t *name = format == ComputerNameDnsDomain ? domain : host;
    assert_true(format == ComputerNameDnsDomain || format == ComputerNameDnsFullyQualified);
    if (!name) {
        SetLastError(ERROR_GEN_FAILURE);
        return FALSE;
    }
    if (wcslen(name) + 1 > *units) {
        *units = (DWORD)wcslen(name) + 1;
        SetLastError(ERROR_MORE_DATA);
        return FALSE;
    }
    wcscpy(to, name);
    *units = (DWORD)wcslen(name);
    return TRUE;
}

/* With all folders above it. */
static void make_folder(const wchar_t *path)
{
    wchar_t part[400];
    for (const wchar_t *at = wcschr(path, L'\\'); at; at = wcschr(at + 1, L'\\')) {
        swprintf(part, 400, L"%.*ls", (int)(at - path), path);
        if (!fake_files_exists(part))
            fake_files_make_folder(part);
    }
    fake_files_make_folder(path);
}

static void put_metabase(const char *text)
{
    if (!fake_files_exists(L"C:\\Windows\\System32\\Inetsrv"))
        make_folder(L"C:\\Windows\\System32\\Inetsrv");
    fake_files_put(METABASE, text, strlen(text));
}

static void put_services(DWORD type, const wchar_t *path)
{
    fake_registry_put(SETUP, L"Services", type, path, (DWORD)((wcslen(path) + 1) * 2));
}

static int start(void **state)
{
    (void)state;
    fake_registry_reset();
    fake_files_reset();
    queue_directories_calls.ExpandEnvironmentStringsW = expand;
    queue_directories_calls.GetComputerNameExW = get_name;
    host = domain = NULL;
    no_environment = false;
    return 0;
}

static void find(void)
{
    memset(&found, 0xff, sizeof found);
    queue_directories_find(&found);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(fake_registry_open_handles(), 0);
}

static void assert_found(unsigned index, const wchar_t *path)
{
    assert_true(index < found.count);
    assert_int_equal(wcscmp(found.paths[index], path), 0);
}

static void a_host_without_smtp_has_none(void **state)
{
    (void)state;
    find();
    assert_int_equal(found.count, 0);
    assert_int_equal(found.name_count, 0);
    no_environment = true;
    find();
    assert_int_equal(found.count, 0);
}

static void the_usual_places(void **state)
{
    (void)state;
    make_folder(L"C:\\Program Files\\Exchsrvr\\Mailroot\\vsi 1\\Queue");
    make_folder(L"C:\\Program Files\\Exchsrvr\\Mailroot\\vsi 16\\Queue");
    make_folder(L"C:\\Program Files\\Exchsrvr\\Mailroot\\vsi 17\\Queue");
    make_folder(L"C:\\Inetpub\\Mailroot\\Queue");
    find();
    assert_int_equal(found.count, 3);
    assert_found(0, L"C:\\Program Files\\Exchsrvr\\Mailroot\\vsi 1\\Queue");
    assert_found(1, L"C:\\Program Files\\Exchsrvr\\Mailroot\\vsi 16\\Queue");
    assert_found(2, L"C:\\Inetpub\\Mailroot\\Queue");
}

static void exchange_says_where_it_is(void **state)
{
    (void)state;
    make_folder(L"C:\\Mail\\Mailroot\\vsi 2\\Queue");
    put_services(REG_SZ, L"C:\\Mail\\");
    find();
    assert_int_equal(found.count, 1);
    assert_found(0, L"C:\\Mail\\Mailroot\\vsi 2\\Queue");
    /* What is no path, or of no use as one. */
    put_services(REG_BINARY, L"C:\\Mail");
    find();
    assert_int_equal(found.count, 0);
    wchar_t longer[600];
    wmemset(longer, L'x', 599);
    longer[599] = 0;
    put_services(REG_SZ, longer);
    find();
    assert_int_equal(found.count, 0);
    fake_registry_put(SETUP, L"Services", REG_SZ, L"C:\0Mail", 14);
    find();
    assert_int_equal(found.count, 0);
    fake_registry_deny(SETUP);
    find();
    assert_int_equal(found.count, 0);
}

static void the_metabase_goes_first(void **state)
{
    (void)state;
    make_folder(L"C:\\Queues\\one");
    make_folder(L"C:\\Inetpub\\Mailroot\\Queue");
    fake_files_put(L"C:\\Queues\\file", "", 0);
    put_metabase("<IIsSmtpService Location =\"/LM/SmtpSvc\" DefaultDomain=\"mail.contoso.com\"/>"
                 "<IIsSmtpServer Location =\"/LM/SmtpSvc/1\" QueueDirectory=\"C:\\Queues\\one\\\" "
                 "FullyQualifiedDomainName=\"MAIL.contoso.com\"/>"
                 "<IIsSmtpServer QueueDirectory=\"C:\\inetpub\\mailroot\\queue\"/>"
                 "<IIsSmtpServer QueueDirectory=\"C:\\Queues\\missing\"/>"
                 "<IIsSmtpServer QueueDirectory=\"C:\\Queues\\file\"/>");
    host = L"server01.contoso.local";
    domain = L"";
    find();
    assert_int_equal(found.count, 2);
    assert_found(0, L"C:\\Queues\\one");
    assert_found(1, L"C:\\inetpub\\mailroot\\queue"); /* once, however it is written */
    assert_int_equal(found.name_count, 2);
    assert_int_equal(wcscmp(found.names[0], L"mail.contoso.com"), 0);
    assert_int_equal(wcscmp(found.names[1], L"server01.contoso.local"), 0);
}

static void more_than_there_is_room_for_is_left_out(void **state)
{
    static char text[40000];
    size_t used = 0;
    wchar_t path[64];
    (void)state;
    make_folder(L"C:\\Q");
    for (int i = 0; i < QUEUE_DIRECTORIES_MAX + 4; i++) {
        swprintf(path, 64, L"C:\\Q\\%d", i);
        make_folder(path);
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "<IIsSmtpServer QueueDirectory=\"C:\\Q\\%d\" "
                                 "DefaultDomain=\"d%d.com\"/>",
                                 i, i);
    }
    put_metabase(text);
    find();
    assert_int_equal(found.count, QUEUE_DIRECTORIES_MAX);
    assert_int_equal(found.name_count, QUEUE_DIRECTORY_NAMES_MAX);
}

/* One source that fails leaves the others. */
static void every_call_may_fail(void **state)
{
    unsigned worst = 3;
    (void)state;
    for (unsigned n = 1; n <= 60; n++) {
        start(NULL);
        make_folder(L"C:\\Queues\\one");
        make_folder(L"C:\\Mail\\Mailroot\\vsi 1\\Queue");
        make_folder(L"C:\\Inetpub\\Mailroot\\Queue");
        put_metabase("<IIsSmtpServer QueueDirectory=\"C:\\Queues\\one\"/>");
        put_services(REG_SZ, L"C:\\Mail");
        if (n <= 40)
            fake_calls_fail(&fake_files_calls, n, ERROR_GEN_FAILURE, false);
        else
            fake_registry_fail(n - 40, ERROR_GEN_FAILURE);
        find();
        assert_in_range(found.count, 2, 3);
        worst = found.count < worst ? found.count : worst;
    }
    assert_int_equal(worst, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_host_without_smtp_has_none, start),
        cmocka_unit_test_setup(the_usual_places, start),
        cmocka_unit_test_setup(exchange_says_where_it_is, start),
        cmocka_unit_test_setup(the_metabase_goes_first, start),
        cmocka_unit_test_setup(more_than_there_is_room_for_is_left_out, start),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
