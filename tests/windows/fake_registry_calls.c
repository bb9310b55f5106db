/* fake_registry_calls.c: see fake_registry.h. The OS calls. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_registry_parts.h"
#include "windows/boot.h"
#include "windows/diagnostics.h"
#include "windows/memory_key.h"
#include "windows/tarpit.h"
#include "windows/host.h"
#include "windows/log_access.h"
#include "windows/logging_memory.h"
#include "windows/parameters.h"
#include "windows/policy_watch.h"
#include "windows/installation.h"
#include "windows/queue_directories.h"
#include <string.h>

static LSTATUS WINAPI open_key(HKEY parent, LPCWSTR path, DWORD options, REGSAM rights, PHKEY key)
{
    assert_int_equal(options, 0);
    if (registry_must_fail("RegOpenKeyEx"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t found = registry_walk(registry_handle_of(parent)->key, path, false, NULL);
    if (found == SIZE_MAX)
        return ERROR_FILE_NOT_FOUND;
    if (registry_keys[found].denied)
        return ERROR_ACCESS_DENIED;
    *key = registry_open(found, rights);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI create_key(HKEY parent, LPCWSTR path, DWORD reserved, LPWSTR class_name,
                                 DWORD options, REGSAM rights,
                                 const LPSECURITY_ATTRIBUTES attributes, PHKEY key,
                                 LPDWORD disposition)
{
    bool made = false;

    assert_true(reserved == 0 && !class_name && !attributes);
    assert_true(options == REG_OPTION_NON_VOLATILE || options == REG_OPTION_VOLATILE);
    if (registry_must_fail("RegCreateKeyEx"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t first = registry_key_count,
           found = registry_walk(registry_handle_of(parent)->key, path, true, &made);
    if (registry_keys[found].denied)
        return ERROR_ACCESS_DENIED;
    if (made && options != REG_OPTION_VOLATILE &&
        registry_keys[registry_keys[first].parent].is_volatile) {
        registry_remove_key(first);
        return ERROR_CHILD_MUST_BE_VOLATILE;
    }
    for (size_t i = first; i < registry_key_count; i++)
        registry_keys[i].is_volatile = options == REG_OPTION_VOLATILE;
    *key = registry_open(found, rights);
    if (disposition)
        *disposition = made ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI query_value(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type,
                                  LPBYTE data, LPDWORD size)
{
    assert_null(reserved);
    if (registry_must_fail("RegQueryValueEx"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_QUERY_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    const struct registry_value *value = registry_find_value(registry_handle_of(key)->key, name);
    if (!value)
        return ERROR_FILE_NOT_FOUND;
    if (type)
        *type = value->type;
    DWORD room = size ? *size : 0;
    if (size)
        *size = value->size;
    if (!data)
        return ERROR_SUCCESS;
    if (room < value->size)
        return ERROR_MORE_DATA;
    memcpy(data, value->data, value->size);
    return ERROR_SUCCESS;
}

/* Names go into *count units, terminator included, and come back without it. */
static LSTATUS give_name(const wchar_t *name, wchar_t *to, DWORD *count)
{
    if (wcslen(name) + 1 > *count)
        return ERROR_MORE_DATA;
    wcscpy(to, name);
    *count = (DWORD)wcslen(name);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI enum_value(HKEY key, DWORD index, LPWSTR name, LPDWORD count,
                                 LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    assert_null(reserved);
    assert_int_equal(!data, !size);
    if (registry_must_fail("RegEnumValue"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_QUERY_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    for (size_t i = 0; i < registry_value_count; i++) {
        if (registry_values[i].key != registry_handle_of(key)->key || index-- > 0)
            continue;
        if (type)
            *type = registry_values[i].type;
        status = give_name(registry_values[i].name, name, count);
        if (status != ERROR_SUCCESS || !data)
            return status;
        DWORD room = *size;
        *size = registry_values[i].size;
        if (room < registry_values[i].size)
            return ERROR_MORE_DATA;
        memcpy(data, registry_values[i].data, registry_values[i].size);
        return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

/* Each asking is answered once; who asks again before that leaks memory of the system. */
static LSTATUS WINAPI notify_change(HKEY key, BOOL subtree, DWORD filter, HANDLE event, BOOL async)
{
    assert_true(async && event);
    assert_true(filter &&
                !(filter & ~(DWORD)(REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET)));
    if (registry_must_fail("RegNotifyChangeKeyValue"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_NOTIFY);
    if (status != ERROR_SUCCESS)
        return status;
    assert_null(registry_handle_of(key)->changed);
    registry_handle_of(key)->subtree = subtree;
    registry_handle_of(key)->filter = filter;
    registry_handle_of(key)->changed = event;
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI enum_key(HKEY key, DWORD index, LPWSTR name, LPDWORD count, LPDWORD reserved,
                               LPWSTR class_name, LPDWORD class_count, PFILETIME written)
{
    assert_true(!reserved && !class_name && !class_count && !written);
    if (registry_must_fail("RegEnumKeyEx"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_ENUMERATE_SUB_KEYS);
    if (status != ERROR_SUCCESS)
        return status;
    for (size_t i = 1; i < registry_key_count; i++)
        if (registry_keys[i].exists && registry_keys[i].parent == registry_handle_of(key)->key &&
            index-- == 0)
            return give_name(registry_keys[i].name, name, count);
    return ERROR_NO_MORE_ITEMS;
}

static LSTATUS WINAPI set_value_call(HKEY key, LPCWSTR name, DWORD reserved, DWORD type,
                                     const BYTE *data, DWORD size)
{
    assert_int_equal(reserved, 0);
    if (registry_must_fail("RegSetValueEx"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_SET_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    registry_set_value(registry_handle_of(key)->key, name, type, data, size);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI delete_value(HKEY key, LPCWSTR name)
{
    if (registry_must_fail("RegDeleteValue"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_SET_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    struct registry_value *value = registry_find_value(registry_handle_of(key)->key, name);
    if (!value)
        return ERROR_FILE_NOT_FOUND;
    registry_drop_value(value);
    registry_tell_change(registry_handle_of(key)->key, REG_NOTIFY_CHANGE_LAST_SET);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI flush_key(HKEY key)
{
    if (registry_must_fail("RegFlushKey"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(key, KEY_QUERY_VALUE);
    for (size_t i = 0; status == ERROR_SUCCESS && i < registry_value_count; i++)
        registry_values[i].on_disk = true;
    return status;
}

static LSTATUS WINAPI delete_key(HKEY parent, LPCWSTR path)
{
    if (registry_must_fail("RegDeleteKey"))
        return registry_fail_error();
    REGISTRY_HELD;
    LSTATUS status = registry_check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t key = registry_walk(registry_handle_of(parent)->key, path, false, NULL);
    if (key == SIZE_MAX)
        return ERROR_FILE_NOT_FOUND;
    for (size_t i = 1; i < registry_key_count; i++)
        if (registry_keys[i].exists && registry_keys[i].parent == key)
            return ERROR_ACCESS_DENIED;
    if (registry_keys[key].denied)
        return ERROR_ACCESS_DENIED;
    registry_remove_key(key);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI close_key(HKEY key)
{
    assert_true(key != HKEY_LOCAL_MACHINE);
    registry_close(key);
    return registry_must_fail("RegCloseKey") ? registry_fail_error() : ERROR_SUCCESS;
}

void registry_calls_install(void)
{
    parameters_calls = (struct parameters_calls){
        .RegOpenKeyExW = open_key,
        .RegQueryValueExW = query_value,
        .RegEnumValueW = enum_value,
        .RegEnumKeyExW = enum_key,
        .RegCloseKey = close_key,
    };
    diagnostics_calls = (struct diagnostics_calls){
        .RegOpenKeyExW = open_key,
        .RegEnumValueW = enum_value,
        .RegQueryValueExW = query_value,
        .RegSetValueExW = set_value_call,
        .RegFlushKey = flush_key,
        .RegNotifyChangeKeyValue = notify_change,
        .RegCloseKey = close_key,
    };
    queue_directories_calls.RegOpenKeyExW = open_key;
    queue_directories_calls.RegQueryValueExW = query_value;
    queue_directories_calls.RegCloseKey = close_key;
    policy_watch_calls = (struct policy_watch_calls){
        .RegOpenKeyExW = open_key,
        .RegNotifyChangeKeyValue = notify_change,
        .RegCloseKey = close_key,
    };
    installation_calls.RegCreateKeyExW = create_key;
    installation_calls.RegOpenKeyExW = open_key;
    installation_calls.RegQueryValueExW = query_value;
    installation_calls.RegSetValueExW = set_value_call;
    installation_calls.RegDeleteValueW = delete_value;
    installation_calls.RegEnumKeyExW = enum_key;
    installation_calls.RegDeleteKeyW = delete_key;
    installation_calls.RegCloseKey = close_key;
    memory_key_calls = (struct memory_key_calls){
        .RegOpenKeyExW = open_key,
        .RegCreateKeyExW = create_key,
        .RegQueryValueExW = query_value,
        .RegSetValueExW = set_value_call,
        .RegDeleteValueW = delete_value,
        .RegFlushKey = flush_key,
        .RegCloseKey = close_key,
    };
    tarpit_calls = (struct tarpit_calls){
        .RegOpenKeyExW = open_key,
        .RegQueryValueExW = query_value,
        .RegSetValueExW = set_value_call,
        .RegDeleteValueW = delete_value,
        .RegFlushKey = flush_key,
        .RegCloseKey = close_key,
    };
    logging_memory_calls = (struct logging_memory_calls){
        .RegOpenKeyExW = open_key,
        .RegQueryValueExW = query_value,
        .RegEnumValueW = enum_value,
        .RegEnumKeyExW = enum_key,
        .RegDeleteValueW = delete_value,
        .RegDeleteKeyW = delete_key,
        .RegCloseKey = close_key,
    };
    host_calls = (struct host_calls){
        .RegOpenKeyExW = open_key,
        .RegQueryValueExW = query_value,
        .RegCloseKey = close_key,
    };
    log_access_calls = (struct log_access_calls){
        .RegOpenKeyExW = open_key,
        .RegQueryValueExW = query_value,
        .RegCloseKey = close_key,
    };
    boot_calls = (struct boot_calls){
        .RegOpenKeyExW = open_key,
        .RegCreateKeyExW = create_key,
        .RegQueryValueExW = query_value,
        .RegSetValueExW = set_value_call,
        .RegCloseKey = close_key,
    };
}
