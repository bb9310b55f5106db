/* parameters_scene.h: the settings as they are read from a registry in memory (fake_registry.h),
 * and what is refused of them. */
#ifndef RELAYLOCK_TESTS_PARAMETERS_SCENE_H
#define RELAYLOCK_TESTS_PARAMETERS_SCENE_H

#include "fake_registry.h"
#include "windows/parameters.h"

enum { PARAMETERS_SCENE_PROBLEMS_MAX = 512 };

/* A struct parameters_problem, its texts as UTF-8, cut. */
struct parameters_scene_problem {
    enum setting_origin origin;
    char key[400], value[400], found[2000];
    const char *allowed;
};

extern struct parameters_scene {
    struct settings settings;
    struct setting_origins origins;
    struct parameters_scene_problem problems[PARAMETERS_SCENE_PROBLEMS_MAX]; /* that were told */
    size_t problem_count;
    char instead[SETTING_VALUE_TEXT_SIZE]; /* of the last of a setting: what counts without it */
    size_t told_count;                     /* as parameters_read counts them; 0 before */
} parameters_scene;

/* An empty registry; a cmocka setup. */
int parameters_scene_reset(void **state);

void parameters_scene_put_number(const wchar_t *key, const wchar_t *name, DWORD number);
void parameters_scene_put_text(const wchar_t *key, const wchar_t *name, const wchar_t *text);
/* The key of an account below PARAMETERS_KEY. */
void parameters_scene_put_account(const wchar_t *account, const wchar_t *limits);

/* Reads all into what was filled with PARAMETERS_SCENE_FILLER, and sees that no key is left open
 * and that each problem was told. */
#define PARAMETERS_SCENE_FILLER 0xCC
DWORD parameters_scene_read(void);

enum setting_origin parameters_scene_origin(const wchar_t *name);

/* Reads with a call that fails by a code, and sees that nothing was touched. False: it went well
 * all the same. */
bool parameters_scene_read_fails(DWORD code);

#endif
