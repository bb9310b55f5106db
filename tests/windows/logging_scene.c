#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_calls.h"
#include "fake_registry.h"
#include "logging_scene.h"
#include "windows/boot.h"

struct logging_scene logging_scene;

static void hear(void *context, const struct logging_step *step)
{
    (void)context;
    logging_scene.heard[step->outcome]++;
    logging_scene.last = *step;
    wcscpy(logging_scene.last_name, step->name);
}

const struct logging_listener logging_scene_listener = {hear, NULL};

void scene_put_at(const wchar_t *key, const wchar_t *name, DWORD level)
{
    fake_registry_put(key, name, REG_DWORD, &level, sizeof level);
}

void scene_put(const wchar_t *name, DWORD level)
{
    scene_put_at(LEVELS, name, level);
}

DWORD scene_level_at(const wchar_t *key, const wchar_t *name)
{
    DWORD type, size;
    const void *data = fake_registry_get(key, name, &type, &size);
    assert_non_null(data);
    assert_int_equal(type, REG_DWORD);
    assert_int_equal(size, sizeof(DWORD));
    return *(const DWORD *)data;
}

DWORD scene_level(const wchar_t *name)
{
    return scene_level_at(LEVELS, name);
}

const wchar_t *scene_remembered(const wchar_t *name)
{
    DWORD type, size;
    const wchar_t *text = fake_registry_get(MEMORY, name, &type, &size);
    if (!text)
        return L"";
    assert_int_equal(type, REG_SZ);
    assert_int_equal(text[size / sizeof *text - 1], 0);
    return text;
}

void scene_assert_remembered(const wchar_t *name, const wchar_t *text)
{
    if (wcscmp(scene_remembered(name), text) != 0)
        fail_msg("%ls: \"%ls\", not \"%ls\"", name, scene_remembered(name), text);
}

DWORD scene_raise(void)
{
    return logging_raise(PROVIDER, false, &logging_scene_listener, &logging_scene.failure);
}

DWORD scene_raise_anew(void)
{
    return logging_raise(PROVIDER, true, &logging_scene_listener, &logging_scene.failure);
}

DWORD scene_restore(void)
{
    return logging_restore(&logging_scene_listener, &logging_scene.failure);
}

void logging_scene_begin(void)
{
    fake_registry_reset();
    fake_registry_make(BOOT_KEY_ABOVE);
    scene_put(L"1 Routing Engine/Service", 1);
    scene_put(SMTP, 0);
    scene_put(SIGN_IN, 3);
    memset(&logging_scene, 0, sizeof logging_scene);
}

int logging_scene_set_up(void **state)
{
    (void)state;
    logging_scene_begin();
    return 0;
}

int logging_scene_tear_down(void **state)
{
    (void)state;
    fake_calls_hook(NULL, NULL);
    return (int)fake_registry_open_handles();
}

void scene_assert_as_before(void)
{
    assert_int_equal(scene_level(SMTP), 0);
    assert_int_equal(scene_level(SIGN_IN), 3);
    assert_int_equal(scene_level(L"1 Routing Engine/Service"), 1);
    assert_false(fake_registry_has(MEMORY));
}
