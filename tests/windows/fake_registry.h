/* fake_registry.h: HKEY_LOCAL_MACHINE in memory.
 *
 * Keys and values as learn.microsoft.com describes them (RegOpenKeyEx, RegCreateKeyEx,
 * RegQueryValueEx, RegEnumValue, RegEnumKeyEx, RegSetValueEx, RegDeleteValue, RegDeleteKey,
 * RegFlushKey, RegNotifyChangeKeyValue): names whatever their
 * case, sizes in bytes for data and units for names, a key with subkeys can't be deleted, one that
 * is deleted while open answers ERROR_KEY_DELETED, a volatile key is gone after a boot and has only
 * volatile ones below it. Handles carry rights and are counted. Any call can be made to fail, and
 * something can happen just before any call; the hook of fake_calls.h runs then, too.
 */
#ifndef RELAYLOCK_TESTS_FAKE_REGISTRY_H
#define RELAYLOCK_TESTS_FAKE_REGISTRY_H

#include <windows.h>
#include <stdbool.h>

/* An empty registry. Puts its calls into parameters_calls, diagnostics_calls, policy_watch_calls,
 * queue_directories_calls, installation_calls, logging_memory_calls, memory_key_calls,
 * tarpit_calls, host_calls and boot_calls. */
void fake_registry_reset(void);

/* By a path below HKEY_LOCAL_MACHINE; what is missing on the way is made. */
void fake_registry_make(const wchar_t *path);
void fake_registry_put(const wchar_t *path, const wchar_t *name, DWORD type, const void *data,
                       DWORD size);
void fake_registry_take(const wchar_t *path, const wchar_t *name); /* a value that is there */
void fake_registry_remove(const wchar_t *path);                    /* with all below */
void fake_registry_deny(const wchar_t *path); /* it can't be opened from now on */

void fake_registry_kill(void);   /* the process died: its handles are closed */
void fake_registry_reboot(void); /* that, and volatile keys are gone */

bool fake_registry_has(const wchar_t *path);
/* The data of a value; null when there is none. */
const void *fake_registry_get(const wchar_t *path, const wchar_t *name, DWORD *type, DWORD *size);
/* Whether the value is as it is on disk, too: nothing was written to it since the last RegFlushKey,
 * which is for all of the hive. */
bool fake_registry_on_disk(const wchar_t *path, const wchar_t *name);
size_t fake_registry_keys(void); /* in all, without the root */
/* Every key (name is null), and every value. */
enum { FAKE_REGISTRY_PATH_MAX = 4096 };
void fake_registry_each(void (*each)(void *context, const wchar_t *path, const wchar_t *name,
                                     DWORD type, const void *data, DWORD size),
                        void *context);

/* The n-th call from now (1 is the next) fails with error, without effect; RegCloseKey lets go all
 * the same. */
void fake_registry_fail(unsigned n, LSTATUS error);
const char *fake_registry_failed(void); /* the call that was failed so; null: none was */
unsigned fake_registry_calls(void);     /* since reset */
/* Before the n-th call from now, act is called. */
void fake_registry_before(unsigned n, void (*act)(void *context), void *context);

unsigned fake_registry_open_handles(void);

#endif
