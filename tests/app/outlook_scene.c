#include "outlook_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct outlook_scene outlook_scene;

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source;
    outlook_scene.looks++;
    *failed_call = "EvtOpenLog";
    if (!outlook_scene.look_error)
        *facts = outlook_scene.facts;
    return outlook_scene.look_error;
}

static const struct event_source_methods methods = {NULL, look, NULL, NULL};

int outlook_scene_set_up(void **state)
{
    (void)state;
    memset(&outlook_scene, 0, sizeof outlook_scene);
    recorder_start();
    fake_registry_reset();
    settings_defaults(&outlook_scene.settings);
    outlook_scene.settings.raise_logging = false;
    outlook_scene.source.methods = &methods;
    outlook_scene.reader.source = &outlook_scene.source;
    outlook_scene.clock = (struct steady){5000, 0xfff00000, BOOT, WALL};
    outlook_scene.facts =
        (struct log_facts){.size = 100 << 10, .max_size = 16 << 20, .empty = true};
    outlook_scene.view = (struct outlook_view){.clock = &outlook_scene.clock,
                                               .reader = &outlook_scene.reader,
                                               .settings = &outlook_scene.settings,
                                               .accounts = 3};
    assert_int_equal(outlook_init(&outlook_scene.outlook), ERROR_SUCCESS);
    return 0;
}

int outlook_scene_tear_down(void **state)
{
    (void)state;
    outlook_end(&outlook_scene.outlook);
    return (int)fake_registry_open_handles();
}

void outlook_scene_begin(void)
{
    outlook_recall(&outlook_scene.outlook, NULL, &outlook_scene.clock);
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
}

void outlook_scene_pass(int64_t ms)
{
    outlook_scene.clock.now += ms;
    outlook_scene.clock.tick += (uint32_t)ms;
    outlook_scene.clock.wall += ms / 1000;
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
}

void outlook_scene_live(int64_t ms)
{
    for (int64_t left = ms; left > 0; left -= OUTLOOK_PAUSE)
        outlook_scene_pass(left < OUTLOOK_PAUSE ? left : OUTLOOK_PAUSE);
}

void outlook_scene_sign_ins(uint64_t count)
{
    outlook_scene.view.counts.sign_ins += count;
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
}

void outlook_scene_put_level(const wchar_t *name, DWORD level)
{
    fake_registry_put(OUTLOOK_LEVELS, name, REG_DWORD, &level, sizeof level);
}

bool outlook_scene_says(DWORD id, size_t index, const wchar_t *text)
{
    return wcsstr(recorder_string(id, index), text) != NULL;
}

bool outlook_scene_is(DWORD id, size_t index, const wchar_t *text)
{
    return wcscmp(recorder_string(id, index), text) == 0;
}

void outlook_scene_restart(int64_t away, uint32_t boot)
{
    struct outlook_record record;
    outlook_keep(&outlook_scene.outlook, outlook_scene.clock.now, &record);
    outlook_end(&outlook_scene.outlook);
    memset(&outlook_scene.outlook, 0, sizeof outlook_scene.outlook);
    memset(&outlook_scene.view.counts, 0, sizeof outlook_scene.view.counts);
    outlook_scene.clock.now += away;
    outlook_scene.clock.tick += (uint32_t)away;
    outlook_scene.clock.wall += away / 1000;
    outlook_scene.clock.boot = boot;
    assert_int_equal(outlook_init(&outlook_scene.outlook), ERROR_SUCCESS);
    outlook_recall(&outlook_scene.outlook, &record, &outlook_scene.clock);
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
}
