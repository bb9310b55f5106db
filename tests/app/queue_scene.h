/* queue_scene.h: a queue watch on fake folders (fake_queue.h), on a computer that has no other
 * folders and no journal, and an event log in memory (fake_event_log.h). */
#ifndef RELAYLOCK_TESTS_QUEUE_SCENE_H
#define RELAYLOCK_TESTS_QUEUE_SCENE_H

#include "../windows/fake_queue.h"
#include "app/queue_watch.h"
#include "report_recorder.h"

#define SCENE_QUEUE L"D:\\Mailroot\\vsi 1\\Queue"
#define SCENE_OTHER L"D:\\Mailroot\\vsi 2\\Queue"

enum { SCENE_PATIENCE = 8000 /* ms */ };

extern struct queue_scene {
    struct settings settings;
    struct queue_watch *watch;
    HANDLE stop;                     /* not set */
    struct fake_queue_folder folder; /* the one, as it was made: for fake_queue_set */
} queue_scene;

/* One folder with so many files; the settings by default, but that they name it. */
void queue_scene_begin(LONG files);
void queue_scene_start(void);

/* For cmocka: begins with 5 files, RequireQueue 20; and ends. */
int queue_scene_set_up(void **state);
int queue_scene_tear_down(void **state);

/* Stops what was started, and sees that nothing is left open. */
void queue_scene_end(void);

/* What is known; what is known after a look of now (queue_watch_look). */
struct queue_view queue_scene_view(void);
struct queue_view queue_scene_look(void);

/* Lets the watch's thread do whatever is due, until it waits or hangs. */
void queue_scene_settle(void);

/* Waits until the queue was counted with so many files, or cannot be read (-1); and settles. */
void queue_scene_expect(LONG files);

/* Puts the clock forward in steps, and lets it do what is due before and after each. */
void queue_scene_forward(DWORD ms);

#endif
