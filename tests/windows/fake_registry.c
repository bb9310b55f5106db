/* fake_registry.c: see fake_registry.h. Keys and values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_registry_parts.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct registry_key registry_keys[REGISTRY_KEYS_MAX];
size_t registry_key_count;
struct registry_value registry_values[REGISTRY_VALUES_MAX];
size_t registry_value_count;

static size_t find_child(size_t parent, const wchar_t *name, size_t length)
{
    for (size_t i = 1; i < registry_key_count; i++)
        if (registry_keys[i].exists && registry_keys[i].parent == parent &&
            wcslen(registry_keys[i].name) == length &&
            _wcsnicmp(registry_keys[i].name, name, length) == 0)
            return i;
    return SIZE_MAX;
}

size_t registry_walk(size_t from, const wchar_t *path, bool make, bool *made)
{
    while (from != SIZE_MAX && path && *path) {
        size_t length = wcscspn(path, L"\\");
        size_t child = find_child(from, path, length);
        if (child == SIZE_MAX && make) {
            assert_true(registry_key_count < REGISTRY_KEYS_MAX && length < 256);
            child = registry_key_count++;
            registry_keys[child] = (struct registry_key){.exists = true, .parent = from};
            wmemcpy(registry_keys[child].name, path, length);
            registry_tell_change(from, REG_NOTIFY_CHANGE_NAME);
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

struct registry_value *registry_find_value(size_t key, const wchar_t *name)
{
    for (size_t i = 0; i < registry_value_count; i++)
        if (registry_values[i].key == key &&
            _wcsicmp(registry_values[i].name, name ? name : L"") == 0)
            return &registry_values[i];
    return NULL;
}

void registry_drop_value(struct registry_value *value)
{
    free(value->name);
    free(value->data);
    *value = registry_values[--registry_value_count];
}

void registry_set_value(size_t key, const wchar_t *name, DWORD type, const void *data, DWORD size)
{
    struct registry_value *value = registry_find_value(key, name);

    if (value)
        registry_drop_value(value);
    assert_true(registry_value_count < REGISTRY_VALUES_MAX);
    value = &registry_values[registry_value_count++];
    *value = (struct registry_value){
        .key = key, .name = _wcsdup(name), .type = type, .size = size, .data = malloc(size + 1)};
    memcpy(value->data, data, size);
    registry_tell_change(key, REG_NOTIFY_CHANGE_LAST_SET);
}

void registry_remove_key(size_t key)
{
    for (size_t i = 1; i < registry_key_count; i++)
        if (registry_keys[i].exists && registry_keys[i].parent == key)
            registry_remove_key(i);
    for (size_t i = registry_value_count; i-- > 0;)
        if (registry_values[i].key == key)
            registry_drop_value(&registry_values[i]);
    registry_keys[key].exists = false;
    registry_tell_change(registry_keys[key].parent, REG_NOTIFY_CHANGE_NAME);
    registry_tell_removed(key);
}

void fake_registry_make(const wchar_t *path)
{
    REGISTRY_HELD;
    registry_walk(REGISTRY_ROOT, path, true, NULL);
}

void fake_registry_put(const wchar_t *path, const wchar_t *name, DWORD type, const void *data,
                       DWORD size)
{
    REGISTRY_HELD;
    registry_set_value(registry_walk(REGISTRY_ROOT, path, true, NULL), name, type, data, size);
}

void fake_registry_remove(const wchar_t *path)
{
    REGISTRY_HELD;
    size_t key = registry_walk(REGISTRY_ROOT, path, false, NULL);

    if (key != SIZE_MAX)
        registry_remove_key(key);
}

void fake_registry_take(const wchar_t *path, const wchar_t *name)
{
    REGISTRY_HELD;
    size_t key = registry_walk(REGISTRY_ROOT, path, false, NULL);
    struct registry_value *value = key == SIZE_MAX ? NULL : registry_find_value(key, name);

    assert_non_null(value);
    registry_drop_value(value);
    registry_tell_change(key, REG_NOTIFY_CHANGE_LAST_SET);
}

void fake_registry_deny(const wchar_t *path)
{
    REGISTRY_HELD;
    registry_keys[registry_walk(REGISTRY_ROOT, path, true, NULL)].denied = true;
}

void fake_registry_reboot(void)
{
    REGISTRY_HELD;
    fake_registry_kill();
    for (size_t i = 1; i < registry_key_count; i++)
        if (registry_keys[i].exists && registry_keys[i].is_volatile)
            registry_remove_key(i);
}

bool fake_registry_has(const wchar_t *path)
{
    REGISTRY_HELD;
    return registry_walk(REGISTRY_ROOT, path, false, NULL) != SIZE_MAX;
}

const void *fake_registry_get(const wchar_t *path, const wchar_t *name, DWORD *type, DWORD *size)
{
    REGISTRY_HELD;
    size_t key = registry_walk(REGISTRY_ROOT, path, false, NULL);
    struct registry_value *value = key == SIZE_MAX ? NULL : registry_find_value(key, name);

    if (!value)
        return NULL;
    *type = value->type;
    *size = value->size;
    return value->data;
}

bool fake_registry_on_disk(const wchar_t *path, const wchar_t *name)
{
    REGISTRY_HELD;
    size_t key = registry_walk(REGISTRY_ROOT, path, false, NULL);
    const struct registry_value *value = key == SIZE_MAX ? NULL : registry_find_value(key, name);

    return value && value->on_disk;
}

size_t fake_registry_keys(void)
{
    REGISTRY_HELD;
    size_t count = 0;

    for (size_t i = 1; i < registry_key_count; i++)
        count += registry_keys[i].exists;
    return count;
}

static void path_of(size_t key, wchar_t path[FAKE_REGISTRY_PATH_MAX])
{
    path[0] = 0;
    if (registry_keys[key].parent != REGISTRY_ROOT) {
        path_of(registry_keys[key].parent, path);
        wcscat(path, L"\\");
    }
    assert_true(wcslen(path) + wcslen(registry_keys[key].name) < FAKE_REGISTRY_PATH_MAX - 1);
    wcscat(path, registry_keys[key].name);
}

void fake_registry_each(void (*each)(void *context, const wchar_t *path, const wchar_t *name,
                                     DWORD type, const void *data, DWORD size),
                        void *context)
{
    REGISTRY_HELD;
    wchar_t path[FAKE_REGISTRY_PATH_MAX];

    for (size_t i = 1; i < registry_key_count; i++) {
        if (!registry_keys[i].exists)
            continue;
        path_of(i, path);
        each(context, path, NULL, 0, NULL, 0);
        for (size_t j = 0; j < registry_value_count; j++)
            if (registry_values[j].key == i)
                each(context, path, registry_values[j].name, registry_values[j].type,
                     registry_values[j].data, registry_values[j].size);
    }
}

void fake_registry_reset(void)
{
    registry_lock_init();
    REGISTRY_HELD;
    fake_registry_kill();
    while (registry_value_count > 0)
        registry_drop_value(&registry_values[registry_value_count - 1]);
    registry_keys[REGISTRY_ROOT] = (struct registry_key){.exists = true};
    registry_key_count = 1;
    registry_faults_reset();
    registry_calls_install();
}
