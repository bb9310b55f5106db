#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../windows/fake_event_log.h"
#include "queue_scene.h"
#include "windows/queue_directories.h"

struct queue_scene queue_scene;

static LSTATUS WINAPI no_key(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY opened)
{
    (void)key, (void)name, (void)options, (void)access, (void)opened;
    return ERROR_FILE_NOT_FOUND;
}

static HANDLE WINAPI no_file(LPCWSTR path, DWORD access, DWORD share,
                             LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                             HANDLE template)
{
    (void)path, (void)access, (void)share, (void)security, (void)disposition, (void)flags;
    (void)template;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return INVALID_HANDLE_VALUE;
}

static DWORD WINAPI no_attributes(LPCWSTR path)
{
    (void)path;
    SetLastError(ERROR_FILE_NOT_FOUND);
    return INVALID_FILE_ATTRIBUTES;
}

static BOOL WINAPI no_name(COMPUTER_NAME_FORMAT format, LPWSTR to, LPDWORD units)
{
    (void)format, (void)to, (void)units;
    SetLastError(ERROR_GEN_FAILURE);
    return FALSE;
}

void queue_scene_begin(LONG files)
{
    static const struct fake_queue_folder none = {0};
    queue_scene.folder = (struct fake_queue_folder){.path = SCENE_QUEUE, .files = files};
    fake_queue_reset();
    fake_event_log_begin();
    recorder_start();
    for (unsigned i = 0; i < FAKE_QUEUE_FOLDERS; i++)
        fake_queue_set(i, i == 0 ? &queue_scene.folder : &none);
    queue_directories_calls.RegOpenKeyExW = no_key;
    queue_directories_calls.CreateFileW = no_file;
    queue_directories_calls.GetFileAttributesW = no_attributes;
    queue_directories_calls.GetComputerNameExW = no_name;
    queue_scene.watch = NULL;
    queue_scene.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    settings_defaults(&queue_scene.settings);
    queue_scene.settings.max_accounts = GUARD_ACCOUNTS_MIN;
    assert_true(settings_set(&queue_scene.settings, setting_find(TEXT_OF(u"QueueDirectory")),
                             TEXT_OF(SCENE_QUEUE)));
}

void queue_scene_start(void)
{
    assert_int_equal(queue_watch_start(&queue_scene.settings, &queue_scene.watch), ERROR_SUCCESS);
}

void queue_scene_end(void)
{
    if (queue_scene.watch)
        assert_true(queue_watch_stop(queue_scene.watch, SCENE_PATIENCE));
    queue_scene.watch = NULL;
    CloseHandle(queue_scene.stop);
    for (int i = 0; i < SCENE_PATIENCE / 10 && fake_queue_open() != 0; i++)
        Sleep(10); /* for a thread that was left behind */
    assert_int_equal(fake_queue_open(), 0);
    fake_event_log_end();
}

int queue_scene_set_up(void **state)
{
    (void)state;
    queue_scene_begin(5);
    queue_scene.settings.require_queue = 20;
    return 0;
}

int queue_scene_tear_down(void **state)
{
    (void)state;
    queue_scene_end();
    return 0;
}

struct queue_view queue_scene_view(void)
{
    struct queue_view view;
    queue_watch_view(queue_scene.watch, &view);
    return view;
}

struct queue_view queue_scene_look(void)
{
    struct queue_view view;
    queue_watch_look(queue_scene.watch, queue_scene.stop, &view);
    return view;
}

void queue_scene_settle(void)
{
    assert_true(fake_queue_settle(SCENE_PATIENCE));
}

void queue_scene_expect(LONG files)
{
    for (int i = 0; i < SCENE_PATIENCE / 10; i++) {
        struct queue_view view = queue_scene_view();
        if (files < 0 ? !view.known : view.known && view.files == (uint32_t)files) {
            queue_scene_settle();
            return;
        }
        Sleep(10);
    }
    fail_msg("%s, %lu files, not %ld", queue_scene_view().known ? "known" : "not known",
             (unsigned long)queue_scene_view().files, (long)files);
}

void queue_scene_forward(DWORD ms)
{
    enum { STEP = 30000 };
    queue_scene_settle();
    for (DWORD step; ms > 0; ms -= step) {
        step = ms < STEP ? ms : STEP;
        fake_queue_forward(step);
        queue_scene_settle();
    }
}
