/* installation_parts.h: what the files of installation.h share: steps that can be put back.
 */
#ifndef RELAYLOCK_WINDOWS_INSTALLATION_PARTS_H
#define RELAYLOCK_WINDOWS_INSTALLATION_PARTS_H

#include "installation.h"

/* Notes which setting is not allowed. Returns ERROR_INVALID_PARAMETER. */
DWORD installation_refuse(struct installation_failure *failure,
                          const struct installation_setting *setting, const char *allowed);

/* ---- the service (installation_service.c) --------------------------------------------------- */

struct installation_before; /* the configuration that a service had */

struct installation_service {
    SC_HANDLE handle;                   /* null: not opened */
    bool made;                          /* it was not there before */
    struct installation_before *before; /* null unless it was */
};

/* Makes the service with that command line, or brings the one there up to date. On failure *service
 * says what was done so far. */
DWORD installation_put_service(const wchar_t *command, struct installation_service *service,
                               struct installation_failure *failure);

/* Removes what was made, or puts back what it was before; then as below. */
void installation_undo_service(struct installation_service *service);
void installation_keep_service(struct installation_service *service);

/* ---- the registry (installation_registry.c) ------------------------------------------------- */

struct installation_change; /* a key that was made, or a value with what it was before */

/* What was changed, the latest first. Zeroed: nothing. */
struct installation_changes {
    struct installation_change *latest;
};

/* Makes a key below HKEY_LOCAL_MACHINE, or opens the one there, to set its values. path: a literal.
 * The caller closes the key. */
DWORD installation_make_key(struct installation_changes *changes, const wchar_t *path, HKEY *key,
                            struct installation_failure *failure);

/* Sets a value of that key, path being its. size in bytes. */
DWORD installation_set_value(struct installation_changes *changes, HKEY key, const wchar_t *path,
                             const wchar_t *name, DWORD type, const void *data, size_t size,
                             struct installation_failure *failure);

/* Puts everything back; or lets it stand. *changes is empty then. */
void installation_undo_changes(struct installation_changes *changes);
void installation_keep_changes(struct installation_changes *changes);

#endif
