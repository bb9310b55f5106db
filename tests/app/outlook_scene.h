/* outlook_scene.h: an outlook on a fake registry, a log whose state can be set, and a clock that is
 * put forward. What is told is recorded (report_recorder.h).
 */
#ifndef RELAYLOCK_TESTS_OUTLOOK_SCENE_H
#define RELAYLOCK_TESTS_OUTLOOK_SCENE_H

#include "../windows/fake_registry.h"
#include "app/outlook.h"
#include "report_recorder.h"

/* The key of Exchange's diagnostic levels. */
#define OUTLOOK_LEVELS L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

enum {
    WALL = 1262304000, /* the clock at first: 2010-01-01T00:00:00Z */
    BOOT = 9,          /* the number of the boot at first */
    MINUTE = 60000,    /* ms */
    HOUR = 3600000,
    DAY = 86400000
};

extern struct outlook_scene {
    struct outlook outlook;
    struct steady clock;
    struct log_reader reader;
    struct event_source source; /* that it has open */
    struct settings settings;
    struct outlook_view view; /* of all these */
    struct log_facts facts;   /* of the log */
    DWORD look_error;         /* of asking for them; 0: none */
    int looks;                /* at them, so far */
} outlook_scene;

/* Before and after each test: an empty log with room, no levels, which are not raised, and an
 * outlook that was not told yet what an earlier process kept. Fails when a key is left open. */
int outlook_scene_set_up(void **state);
int outlook_scene_tear_down(void **state);

/* There was no earlier process; it looks. */
void outlook_scene_begin(void);

/* Ends the process and starts another one, in the boot of that number and so many ms later, with
 * what was kept; it looks. */
void outlook_scene_restart(int64_t away, uint32_t boot);

/* So many ms pass, and it looks; or, as the service, every five minutes. */
void outlook_scene_pass(int64_t ms);
void outlook_scene_live(int64_t ms);

/* So many more sign-ins were read; it looks. */
void outlook_scene_sign_ins(uint64_t count);

void outlook_scene_put_level(const wchar_t *name, DWORD level);

/* Whether insertion string index (from 0) of the latest event of the id has the text in it; is it.
 */
bool outlook_scene_says(DWORD id, size_t index, const wchar_t *text);
bool outlook_scene_is(DWORD id, size_t index, const wchar_t *text);

#endif
