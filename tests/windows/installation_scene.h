/* installation_scene.h: a host that RelayLock is installed on: its services, registry and disk, all
 * of them fakes, and whether they are as they were.
 */
#ifndef RELAYLOCK_TESTS_INSTALLATION_SCENE_H
#define RELAYLOCK_TESTS_INSTALLATION_SCENE_H

#include <windows.h>
#include <stdbool.h>
#include "fake_files.h"
#include "fake_registry.h"
#include "fake_services.h"
#include "windows/installation.h"

#define SCENE_EXE     L"C:\\Program Files\\RelayLock\\relaylock.exe"
#define SCENE_COMMAND L"\"C:\\Program Files\\RelayLock\\relaylock.exe\""

extern struct installation_failure scene_failure;

/* A host without RelayLock, of before Windows Vista or not. */
void scene_new_host(bool old);

/* One that has an earlier RelayLock, of which the administrator has changed all that he could. */
void scene_used_host(bool old);

/* Keeps what the host is now; later: that it is so again, key by key, and nothing left open. */
void scene_remember(void);
void scene_assert_as_remembered(void);
void scene_assert_closed(void);

/* Installs without settings; it succeeds. */
void scene_install(void);

struct fake_service *scene_service(void);

/* One value of a key, and its data. */
void scene_assert_value(const wchar_t *key, const wchar_t *name, DWORD type, const void *data,
                        size_t size);
void scene_assert_number(const wchar_t *key, const wchar_t *name, DWORD expected);

#endif
