#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "installation_scene.h"
#include "windows/parameters.h"

enum { LINES_MAX = 256, LINE_MAX = 2048 };

struct installation_failure scene_failure;

static struct {
    struct fake_service service; /* all zero: there is none */
    char *lines[LINES_MAX];      /* of the registry, sorted */
    size_t line_count;
    bool folder;
} remembered;

void scene_new_host(bool old)
{
    fake_services_reset(0);
    fake_services_before_vista(old);
    fake_registry_reset();
    fake_files_reset();
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application");
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* by the manager */
    memset(&scene_failure, 0xCC, sizeof(scene_failure));
}

struct fake_service *scene_service(void)
{
    return fake_services_find(L"RelayLock");
}

void scene_install(void)
{
    assert_int_equal(installation_install(SCENE_EXE, NULL, 0, &scene_failure), ERROR_SUCCESS);
}

static void set_text(wchar_t to[FAKE_TEXT_MAX], const wchar_t *text)
{
    memset(to, 0, FAKE_TEXT_MAX * sizeof(*to));
    wcscpy(to, text);
}

void scene_used_host(bool old)
{
    static const wchar_t message_file[] = L"D:\\old\\relaylock.exe";
    static const wchar_t exempt[] = L"CONTOSO\\newsletter\0";
    static const DWORD four = 4;
    scene_new_host(old);
    scene_install();
    struct fake_service *service = scene_service();
    set_text(service->display, L"Relay Lock");
    set_text(service->command, message_file);
    set_text(service->account, L"CONTOSO\\relaylock");
    memcpy(service->dependencies, L"EventLog\0Tcpip\0", sizeof L"EventLog\0Tcpip\0");
    memset(service->description, 0, sizeof(service->description));
    service->start_type = SERVICE_DEMAND_START;
    service->error_control = SERVICE_ERROR_IGNORE;
    service->action_count = 1;
    memset(&service->actions[1], 0, 2 * sizeof(service->actions[1]));
    service->reset_period = 60;
    service->dacl.acl.AceCount = 1; /* SYSTEM alone */
    service->failure_actions_flag = service->delayed = false;
    memset(service->privileges, 0, sizeof(service->privileges));
    service->sid_type = SERVICE_SID_TYPE_NONE;
    service->preshutdown = 0;
    fake_registry_put(INSTALLATION_SOURCE_KEY, L"EventMessageFile", REG_SZ, message_file,
                      sizeof(message_file));
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, &four, sizeof(four));
    fake_registry_put(PARAMETERS_KEY, L"Exempt", REG_MULTI_SZ, exempt, sizeof(exempt));
}

/* ---- as it was ------------------------------------------------------------------------------ */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_line(void *context, const wchar_t *path, const wchar_t *name, DWORD type,
                     const void *data, DWORD size)
{
    char line[LINE_MAX];
    int count = snprintf(line, sizeof line, "%ls %ls %lu ", path, name ? name : L"(key)", type);
    (void)context;
    for (DWORD i = 0; i < size; i++)
        count +=
            snprintf(line + count, sizeof line - (size_t)count, "%02x", ((const BYTE *)data)[i]);
    assert_in_range(count, 1, LINE_MAX - 1);
    assert_true(remembered.line_count < LINES_MAX);
    remembered.lines[remembered.line_count++] = _strdup(line);
}

static void forget(void)
{
    while (remembered.line_count > 0)
        free(remembered.lines[--remembered.line_count]);
}

void scene_remember(void)
{
    const struct fake_service *service = scene_service();
    forget();
    memset(&remembered.service, 0, sizeof(remembered.service));
    if (service)
        remembered.service = *service;
    fake_registry_each(add_line, NULL);
    qsort(remembered.lines, remembered.line_count, sizeof(*remembered.lines), compare_lines);
    remembered.folder = fake_files_exists(FAKE_FILES_FOLDER);
}

void scene_assert_closed(void)
{
    assert_int_equal(fake_services_open_handles(), 0);
    assert_int_equal(fake_registry_open_handles(), 0);
    assert_int_equal(fake_files_open_handles(), 0);
}

void scene_assert_as_remembered(void)
{
    char *lines[LINES_MAX];
    const size_t line_count = remembered.line_count;
    const struct fake_service service = remembered.service;
    const bool folder = remembered.folder;
    memcpy(lines, remembered.lines, sizeof lines);
    remembered.line_count = 0;
    scene_remember();
    for (size_t i = 0; i < line_count && i < remembered.line_count; i++)
        assert_string_equal(remembered.lines[i], lines[i]);
    assert_int_equal(remembered.line_count, line_count);
    assert_memory_equal(&remembered.service, &service, sizeof service);
    assert_int_equal(remembered.folder, folder);
    for (size_t i = 0; i < line_count; i++)
        free(lines[i]);
    scene_assert_closed();
}

/* ---- values --------------------------------------------------------------------------------- */

void scene_assert_value(const wchar_t *key, const wchar_t *name, DWORD type, const void *data,
                        size_t size)
{
    DWORD found_type, found_size;
    const void *found = fake_registry_get(key, name, &found_type, &found_size);
    assert_non_null(found);
    assert_int_equal(found_type, type);
    assert_int_equal(found_size, size);
    assert_memory_equal(found, data, size);
}

void scene_assert_number(const wchar_t *key, const wchar_t *name, DWORD expected)
{
    scene_assert_value(key, name, REG_DWORD, &expected, sizeof(expected));
}
