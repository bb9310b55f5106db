/* logging_scene.h: a host with Exchange and RelayLock, on a fake registry, whose diagnostic levels
 * are raised and put back. */
#ifndef RELAYLOCK_TESTS_LOGGING_SCENE_H
#define RELAYLOCK_TESTS_LOGGING_SCENE_H

#include "windows/logging.h"

#define PROVIDER L"MSExchangeTransport"
#define LEVELS   L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"
#define MEMORY   LOGGING_KEY L"\\MSExchangeTransport"
#define SMTP     L"7 SMTP Protocol"
#define SIGN_IN  L"9 Authentication"

struct logging_scene {
    unsigned heard[LOGGING_KEPT + 1]; /* steps told, by outcome */
    struct logging_step last;         /* the last one; its texts are gone */
    wchar_t last_name[DIAGNOSTIC_NAME_MAX];
    struct logging_failure failure;
};
extern struct logging_scene logging_scene;
extern const struct logging_listener logging_scene_listener;

/* RelayLock and Exchange are installed; SMTP is at 0, SIGN_IN at 3. Nothing was told. */
void logging_scene_begin(void);
int logging_scene_set_up(void **state);
int logging_scene_tear_down(void **state); /* fails when a key is still open */

/* Levels, by the whole path of a key or of the provider's. */
void scene_put_at(const wchar_t *key, const wchar_t *name, DWORD level);
void scene_put(const wchar_t *name, DWORD level);
DWORD scene_level_at(const wchar_t *key, const wchar_t *name);
DWORD scene_level(const wchar_t *name);

/* The text of a value of the memory, "" when there is none. */
const wchar_t *scene_remembered(const wchar_t *name);
void scene_assert_remembered(const wchar_t *name, const wchar_t *text);

/* All levels are as at the beginning, and nothing is remembered. */
void scene_assert_as_before(void);

/* The functions of logging.h, for the provider. */
DWORD scene_raise(void);
DWORD scene_raise_anew(void);
DWORD scene_restore(void);

#endif
