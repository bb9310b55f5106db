/* fake_registry.c: see fake_registry.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_registry.h"
#include "fake_calls.h"
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
#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 8192, VALUES_MAX = 8192, HANDLES_MAX = 16384, HANDLE_BASE = 0x9000, ROOT = 0 };

struct key {
    bool exists, denied, is_volatile;
    size_t parent;
    wchar_t name[256];
};

struct value {
    size_t key;
    wchar_t *name;
    DWORD type, size;
    BYTE *data;
    bool on_disk;
};

struct handle {
    bool open;
    size_t key;
    REGSAM rights;
    HANDLE changed; /* to be signalled at the next change; null: not asked for */
    bool subtree;   /* of this key and of all below */
    DWORD filter;   /* of what: REG_NOTIFY_CHANGE_... */
};

static struct key keys[KEYS_MAX];
static size_t key_count;
static struct value values[VALUES_MAX];
static size_t value_count;
static struct handle handles[HANDLES_MAX];
static size_t handle_count;

static unsigned calls, fail_at, before_at;
static LSTATUS fail_error;
static const char *failed;
static void (*before)(void *context);
static void *before_context;

/* ---- keys and values ------------------------------------------------------------------------ */

static size_t find_child(size_t parent, const wchar_t *name, size_t length)
{
    for (size_t i = 1; i < key_count; i++)
        if (keys[i].exists && keys[i].parent == parent && wcslen(keys[i].name) == length &&
            _wcsnicmp(keys[i].name, name, length) == 0)
            return i;
    return SIZE_MAX;
}

/* Another thread may wait for the event, and ask again at once. */
static void signal(struct handle *handle)
{
    HANDLE changed = handle->changed;
    handle->changed = NULL;
    if (changed)
        SetEvent(changed);
}

static bool is_below(size_t key, size_t above)
{
    while (key != above && key != ROOT)
        key = keys[key].parent;
    return key == above;
}

/* Tells who asked for that kind of change, in the key. */
static void signal_change(size_t key, DWORD kind)
{
    for (size_t i = 0; i < handle_count; i++) {
        struct handle *handle = &handles[i];
        if (handle->open && (handle->filter & kind) &&
            (handle->key == key || (handle->subtree && is_below(key, handle->key))))
            signal(handle);
    }
}

/* The key of a path; made where it is missing when `make` says so. SIZE_MAX: none. */
static size_t walk(size_t from, const wchar_t *path, bool make, bool *made)
{
    while (from != SIZE_MAX && path && *path) {
        size_t length = wcscspn(path, L"\\");
        size_t child = find_child(from, path, length);
        if (child == SIZE_MAX && make) {
            assert_true(key_count < KEYS_MAX && length < 256);
            child = key_count++;
            keys[child] = (struct key){.exists = true, .parent = from};
            wmemcpy(keys[child].name, path, length);
            signal_change(from, REG_NOTIFY_CHANGE_NAME);
            if (made)
                *made = true;
        }
        from = child;
        path += length;
        if (*path == L'\\')
            path++;
    }
    return from;
}

static struct value *find_value(size_t key, const wchar_t *name)
{
    for (size_t i = 0; i < value_count; i++)
        if (values[i].key == key && _wcsicmp(values[i].name, name ? name : L"") == 0)
            return &values[i];
    return NULL;
}

static void drop_value(struct value *value)
{
    free(value->name);
    free(value->data);
    *value = values[--value_count];
}

static void set_value(size_t key, const wchar_t *name, DWORD type, const void *data, DWORD size)
{
    struct value *value = find_value(key, name);

    if (value)
        drop_value(value);
    assert_true(value_count < VALUES_MAX);
    value = &values[value_count++];
    *value = (struct value){
        .key = key, .name = _wcsdup(name), .type = type, .size = size, .data = malloc(size + 1)};
    memcpy(value->data, data, size);
    signal_change(key, REG_NOTIFY_CHANGE_LAST_SET);
}

static void remove_key(size_t key)
{
    for (size_t i = 1; i < key_count; i++)
        if (keys[i].exists && keys[i].parent == key)
            remove_key(i);
    for (size_t i = value_count; i-- > 0;)
        if (values[i].key == key)
            drop_value(&values[i]);
    keys[key].exists = false;
    signal_change(keys[key].parent, REG_NOTIFY_CHANGE_NAME);
    for (size_t i = 0; i < handle_count; i++)
        if (handles[i].open && handles[i].key == key)
            signal(&handles[i]);
}

void fake_registry_make(const wchar_t *path)
{
    walk(ROOT, path, true, NULL);
}

void fake_registry_put(const wchar_t *path, const wchar_t *name, DWORD type, const void *data,
                       DWORD size)
{
    set_value(walk(ROOT, path, true, NULL), name, type, data, size);
}

void fake_registry_remove(const wchar_t *path)
{
    size_t key = walk(ROOT, path, false, NULL);

    if (key != SIZE_MAX)
        remove_key(key);
}

void fake_registry_take(const wchar_t *path, const wchar_t *name)
{
    size_t key = walk(ROOT, path, false, NULL);
    struct value *value = key == SIZE_MAX ? NULL : find_value(key, name);

    assert_non_null(value);
    drop_value(value);
    signal_change(key, REG_NOTIFY_CHANGE_LAST_SET);
}

void fake_registry_deny(const wchar_t *path)
{
    keys[walk(ROOT, path, true, NULL)].denied = true;
}

void fake_registry_kill(void)
{
    handle_count = 0;
}

void fake_registry_reboot(void)
{
    fake_registry_kill();
    for (size_t i = 1; i < key_count; i++)
        if (keys[i].exists && keys[i].is_volatile)
            remove_key(i);
}

bool fake_registry_has(const wchar_t *path)
{
    return walk(ROOT, path, false, NULL) != SIZE_MAX;
}

const void *fake_registry_get(const wchar_t *path, const wchar_t *name, DWORD *type, DWORD *size)
{
    size_t key = walk(ROOT, path, false, NULL);
    struct value *value = key == SIZE_MAX ? NULL : find_value(key, name);

    if (!value)
        return NULL;
    *type = value->type;
    *size = value->size;
    return value->data;
}

bool fake_registry_on_disk(const wchar_t *path, const wchar_t *name)
{
    size_t key = walk(ROOT, path, false, NULL);
    const struct value *value = key == SIZE_MAX ? NULL : find_value(key, name);

    return value && value->on_disk;
}

size_t fake_registry_keys(void)
{
    size_t count = 0;

    for (size_t i = 1; i < key_count; i++)
        count += keys[i].exists;
    return count;
}

static void path_of(size_t key, wchar_t path[FAKE_REGISTRY_PATH_MAX])
{
    path[0] = 0;
    if (keys[key].parent != ROOT) {
        path_of(keys[key].parent, path);
        wcscat(path, L"\\");
    }
    assert_true(wcslen(path) + wcslen(keys[key].name) < FAKE_REGISTRY_PATH_MAX - 1);
    wcscat(path, keys[key].name);
}

void fake_registry_each(void (*each)(void *context, const wchar_t *path, const wchar_t *name,
                                     DWORD type, const void *data, DWORD size),
                        void *context)
{
    wchar_t path[FAKE_REGISTRY_PATH_MAX];

    for (size_t i = 1; i < key_count; i++) {
        if (!keys[i].exists)
            continue;
        path_of(i, path);
        each(context, path, NULL, 0, NULL, 0);
        for (size_t j = 0; j < value_count; j++)
            if (values[j].key == i)
                each(context, path, values[j].name, values[j].type, values[j].data, values[j].size);
    }
}

/* ---- faults --------------------------------------------------------------------------------- */

void fake_registry_fail(unsigned n, LSTATUS error)
{
    fail_at = calls + n;
    fail_error = error;
}

const char *fake_registry_failed(void)
{
    return failed;
}

unsigned fake_registry_calls(void)
{
    return calls;
}

void fake_registry_before(unsigned n, void (*act)(void *context), void *context)
{
    before_at = calls + n;
    before = act;
    before_context = context;
}

static bool must_fail(const char *call)
{
    calls++;
    fake_calls_moment(call, FAKE_BEFORE);
    if (calls == before_at)
        before(before_context);
    if (calls != fail_at)
        return false;
    failed = call;
    return true;
}

/* ---- handles -------------------------------------------------------------------------------- */

unsigned fake_registry_open_handles(void)
{
    unsigned open = 0;

    for (size_t i = 0; i < handle_count; i++)
        open += handles[i].open;
    return open;
}

static struct handle *handle_of(HKEY value)
{
    static struct handle root = {.open = true, .key = ROOT, .rights = KEY_ALL_ACCESS};
    uintptr_t index = (uintptr_t)value - HANDLE_BASE;

    if (value == HKEY_LOCAL_MACHINE)
        return &root;
    if ((uintptr_t)value < HANDLE_BASE || index >= handle_count || !handles[index].open)
        fail_msg("a key that is not open: %p", (void *)value);
    return &handles[index];
}

static HKEY open_handle(size_t key, REGSAM rights)
{
    assert_true(handle_count < HANDLES_MAX);
    handles[handle_count] = (struct handle){.open = true, .key = key, .rights = rights};
    return (HKEY)(uintptr_t)(HANDLE_BASE + handle_count++);
}

static LSTATUS check(HKEY value, REGSAM rights)
{
    const struct handle *handle = handle_of(value);

    if (handle->key != ROOT && !keys[handle->key].exists)
        return ERROR_KEY_DELETED;
    return (handle->rights & rights) == rights ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
}

/* ---- the OS calls --------------------------------------------------------------------------- */

static LSTATUS WINAPI open_key(HKEY parent, LPCWSTR path, DWORD options, REGSAM rights, PHKEY key)
{
    assert_int_equal(options, 0);
    if (must_fail("RegOpenKeyEx"))
        return fail_error;
    LSTATUS status = check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t found = walk(handle_of(parent)->key, path, false, NULL);
    if (found == SIZE_MAX)
        return ERROR_FILE_NOT_FOUND;
    if (keys[found].denied)
        return ERROR_ACCESS_DENIED;
    *key = open_handle(found, rights);
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
    if (must_fail("RegCreateKeyEx"))
        return fail_error;
    LSTATUS status = check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t first = key_count, found = walk(handle_of(parent)->key, path, true, &made);
    if (keys[found].denied)
        return ERROR_ACCESS_DENIED;
    if (made && options != REG_OPTION_VOLATILE && keys[keys[first].parent].is_volatile) {
        remove_key(first);
        return ERROR_CHILD_MUST_BE_VOLATILE;
    }
    for (size_t i = first; i < key_count; i++)
        keys[i].is_volatile = options == REG_OPTION_VOLATILE;
    *key = open_handle(found, rights);
    if (disposition)
        *disposition = made ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI query_value(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type,
                                  LPBYTE data, LPDWORD size)
{
    assert_null(reserved);
    if (must_fail("RegQueryValueEx"))
        return fail_error;
    LSTATUS status = check(key, KEY_QUERY_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    const struct value *value = find_value(handle_of(key)->key, name);
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
    if (must_fail("RegEnumValue"))
        return fail_error;
    LSTATUS status = check(key, KEY_QUERY_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    for (size_t i = 0; i < value_count; i++) {
        if (values[i].key != handle_of(key)->key || index-- > 0)
            continue;
        if (type)
            *type = values[i].type;
        status = give_name(values[i].name, name, count);
        if (status != ERROR_SUCCESS || !data)
            return status;
        DWORD room = *size;
        *size = values[i].size;
        if (room < values[i].size)
            return ERROR_MORE_DATA;
        memcpy(data, values[i].data, values[i].size);
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
    if (must_fail("RegNotifyChangeKeyValue"))
        return fail_error;
    LSTATUS status = check(key, KEY_NOTIFY);
    if (status != ERROR_SUCCESS)
        return status;
    assert_null(handle_of(key)->changed);
    handle_of(key)->subtree = subtree;
    handle_of(key)->filter = filter;
    handle_of(key)->changed = event;
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI enum_key(HKEY key, DWORD index, LPWSTR name, LPDWORD count, LPDWORD reserved,
                               LPWSTR class_name, LPDWORD class_count, PFILETIME written)
{
    assert_true(!reserved && !class_name && !class_count && !written);
    if (must_fail("RegEnumKeyEx"))
        return fail_error;
    LSTATUS status = check(key, KEY_ENUMERATE_SUB_KEYS);
    if (status != ERROR_SUCCESS)
        return status;
    for (size_t i = 1; i < key_count; i++)
        if (keys[i].exists && keys[i].parent == handle_of(key)->key && index-- == 0)
            return give_name(keys[i].name, name, count);
    return ERROR_NO_MORE_ITEMS;
}

static LSTATUS WINAPI set_value_call(HKEY key, LPCWSTR name, DWORD reserved, DWORD type,
                                     const BYTE *data, DWORD size)
{
    assert_int_equal(reserved, 0);
    if (must_fail("RegSetValueEx"))
        return fail_error;
    LSTATUS status = check(key, KEY_SET_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    set_value(handle_of(key)->key, name, type, data, size);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI delete_value(HKEY key, LPCWSTR name)
{
    if (must_fail("RegDeleteValue"))
        return fail_error;
    LSTATUS status = check(key, KEY_SET_VALUE);
    if (status != ERROR_SUCCESS)
        return status;
    struct value *value = find_value(handle_of(key)->key, name);
    if (!value)
        return ERROR_FILE_NOT_FOUND;
    drop_value(value);
    signal_change(handle_of(key)->key, REG_NOTIFY_CHANGE_LAST_SET);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI flush_key(HKEY key)
{
    if (must_fail("RegFlushKey"))
        return fail_error;
    LSTATUS status = check(key, KEY_QUERY_VALUE);
    for (size_t i = 0; status == ERROR_SUCCESS && i < value_count; i++)
        values[i].on_disk = true;
    return status;
}

static LSTATUS WINAPI delete_key(HKEY parent, LPCWSTR path)
{
    if (must_fail("RegDeleteKey"))
        return fail_error;
    LSTATUS status = check(parent, 0);
    if (status != ERROR_SUCCESS)
        return status;
    size_t key = walk(handle_of(parent)->key, path, false, NULL);
    if (key == SIZE_MAX)
        return ERROR_FILE_NOT_FOUND;
    for (size_t i = 1; i < key_count; i++)
        if (keys[i].exists && keys[i].parent == key)
            return ERROR_ACCESS_DENIED;
    if (keys[key].denied)
        return ERROR_ACCESS_DENIED;
    remove_key(key);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI close_key(HKEY key)
{
    struct handle *handle = handle_of(key);

    assert_true(key != HKEY_LOCAL_MACHINE);
    signal(handle);
    handle->open = false;
    return must_fail("RegCloseKey") ? fail_error : ERROR_SUCCESS;
}

void fake_registry_reset(void)
{
    handle_count = 0;
    while (value_count > 0)
        drop_value(&values[value_count - 1]);
    keys[ROOT] = (struct key){.exists = true};
    key_count = 1;
    calls = fail_at = before_at = 0;
    failed = NULL;
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
