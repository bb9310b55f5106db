#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parameters_scene.h"

struct parameters_scene parameters_scene;

static void record(void *context, const struct parameters_problem *problem)
{
    struct parameters_scene *scene = context;
    assert_true(scene->problem_count < PARAMETERS_SCENE_PROBLEMS_MAX);
    struct parameters_scene_problem *to = &scene->problems[scene->problem_count++];
    to->origin = problem->origin;
    to->allowed = problem->allowed;
    text_to_utf8(to->key, sizeof to->key, problem->key);
    text_to_utf8(to->value, sizeof to->value, problem->value);
    text_to_utf8(to->found, sizeof to->found, problem->found);
    size_t index = setting_find(problem->value);
    if (index != SIZE_MAX)
        settings_show(problem->settings, index, scene->instead);
}

int parameters_scene_reset(void **state)
{
    (void)state;
    fake_registry_reset();
    return 0;
}

void parameters_scene_put_number(const wchar_t *key, const wchar_t *name, DWORD number)
{
    fake_registry_put(key, name, REG_DWORD, &number, sizeof number);
}

void parameters_scene_put_text(const wchar_t *key, const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(key, name, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
}

void parameters_scene_put_account(const wchar_t *account, const wchar_t *limits)
{
    wchar_t key[600];
    swprintf(key, ARRAYSIZE(key), L"%ls\\Accounts\\%ls", PARAMETERS_KEY, account);
    parameters_scene_put_text(key, L"Limits", limits);
}

DWORD parameters_scene_read(void)
{
    struct parameters_scene *scene = &parameters_scene;
    scene->problem_count = scene->told_count = 0;
    scene->instead[0] = 0;
    memset(&scene->settings, PARAMETERS_SCENE_FILLER, sizeof scene->settings);
    memset(&scene->origins, PARAMETERS_SCENE_FILLER, sizeof scene->origins);
    DWORD error =
        parameters_read(&scene->settings, &scene->origins, &scene->told_count, record, scene);
    assert_int_equal(fake_registry_open_handles(), 0);
    if (error == ERROR_SUCCESS)
        assert_int_equal(scene->told_count, scene->problem_count);
    return error;
}

enum setting_origin parameters_scene_origin(const wchar_t *name)
{
    return parameters_scene.origins.settings[setting_find(text_of(name))];
}

bool parameters_scene_read_fails(DWORD code)
{
    static struct settings untouched;
    DWORD error = parameters_scene_read();
    if (error == ERROR_SUCCESS)
        return false;
    memset(&untouched, PARAMETERS_SCENE_FILLER, sizeof untouched);
    assert_int_equal(error, code);
    assert_memory_equal(&parameters_scene.settings, &untouched, sizeof untouched);
    assert_memory_equal(&parameters_scene.origins, &untouched, sizeof parameters_scene.origins);
    assert_int_equal(parameters_scene.told_count, 0);
    return true;
}
