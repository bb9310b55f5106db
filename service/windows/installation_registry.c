/* installation_registry.c: see installation_parts.h. Keys and values, made so that they can be put
 * back, and keys removed. */
#include "installation_parts.h"
#include "boot.h"
#include "hardening_memory.h"
#include "logging_memory.h"
#include "parameters.h"
#include "registry_gone.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum {
    KEY_NAME_MAX = 256,
    VALUE_MAX = 1024 * 1024, /* bytes of a value that is kept for being put back */
    KEY_DEPTH_MAX = 512      /* the registry's own limit on the levels of a tree */
};

struct installation_change {
    struct installation_change *earlier;
    const wchar_t *path;
    wchar_t name[KEY_NAME_MAX]; /* of a value; "": the key itself was made */
    bool existed;               /* the value, with what follows */
    DWORD type, size;
    BYTE data[];
};

/* ---- changes -------------------------------------------------------------------------------- */

/* A change that has room for size bytes, not among the others yet; null without memory. */
static struct installation_change *new_change(const wchar_t *path, const wchar_t *name, DWORD size)
{
    struct installation_change *change = calloc(1, sizeof *change + size);
    if (change) {
        change->path = path;
        text_copy(change->name, KEY_NAME_MAX, text_of(name));
        change->size = size;
    }
    return change;
}

static void add(struct installation_changes *changes, struct installation_change *change)
{
    change->earlier = changes->latest;
    changes->latest = change;
}

DWORD installation_make_key(struct installation_changes *changes, const wchar_t *path, HKEY *key,
                            struct installation_failure *failure)
{
    DWORD disposition = REG_OPENED_EXISTING_KEY;
    struct installation_change *change = new_change(path, L"", 0);
    if (!change)
        return installation_fail(failure, "malloc", path, ERROR_NOT_ENOUGH_MEMORY);
    LSTATUS status = installation_calls.RegCreateKeyExW(
        HKEY_LOCAL_MACHINE, path, 0, NULL, REG_OPTION_NON_VOLATILE, KEY_SET_VALUE | KEY_QUERY_VALUE,
        NULL, key, &disposition);
    if (status == ERROR_SUCCESS && disposition == REG_CREATED_NEW_KEY)
        add(changes, change);
    else
        free(change);
    if (status != ERROR_SUCCESS)
        return installation_fail(failure, "RegCreateKeyEx", path, (DWORD)status);
    return ERROR_SUCCESS;
}

/* What the value is now, for putting it back. Null, and the error: ERROR_NOT_ENOUGH_MEMORY, also
 * for one that is too large, or of RegQueryValueEx. */
static struct installation_change *read_value(HKEY key, const wchar_t *path, const wchar_t *name,
                                              DWORD *error)
{
    DWORD size = 0;
    LSTATUS status = installation_calls.RegQueryValueExW(key, name, NULL, NULL, NULL, &size);
    bool existed = status == ERROR_SUCCESS;
    *error = existed || status == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : (DWORD)status;
    struct installation_change *change =
        *error || size > VALUE_MAX ? NULL : new_change(path, name, size);
    if (!change && !*error)
        *error = ERROR_NOT_ENOUGH_MEMORY;
    if (!change || !existed)
        return change;
    change->existed = true;
    *error = (DWORD)installation_calls.RegQueryValueExW(key, name, NULL, &change->type,
                                                        change->data, &change->size);
    if (!*error)
        return change;
    free(change);
    return NULL;
}

DWORD installation_set_value(struct installation_changes *changes, HKEY key, const wchar_t *path,
                             const wchar_t *name, DWORD type, const void *data, size_t size,
                             struct installation_failure *failure)
{
    DWORD error;
    struct installation_change *change = read_value(key, path, name, &error);
    if (!change)
        return installation_fail(failure, "RegQueryValueEx", path, error);
    error = (DWORD)installation_calls.RegSetValueExW(key, name, 0, type, data, (DWORD)size);
    if (error) {
        free(change);
        return installation_fail(failure, "RegSetValueEx", path, error);
    }
    add(changes, change);
    return ERROR_SUCCESS;
}

static void undo(const struct installation_change *change)
{
    HKEY key;
    if (!change->name[0]) {
        installation_calls.RegDeleteKeyW(HKEY_LOCAL_MACHINE, change->path);
        return;
    }
    if (installation_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, change->path, 0, KEY_SET_VALUE,
                                         &key) != ERROR_SUCCESS)
        return;
    if (change->existed)
        installation_calls.RegSetValueExW(key, change->name, 0, change->type, change->data,
                                          change->size);
    else
        installation_calls.RegDeleteValueW(key, change->name);
    installation_calls.RegCloseKey(key);
}

static void end(struct installation_changes *changes, bool put_back)
{
    while (changes->latest) {
        struct installation_change *change = changes->latest;
        changes->latest = change->earlier;
        if (put_back)
            undo(change);
        free(change);
    }
}

void installation_undo_changes(struct installation_changes *changes)
{
    end(changes, true);
}

void installation_keep_changes(struct installation_changes *changes)
{
    end(changes, false);
}

/* ---- removing ------------------------------------------------------------------------------- */

static bool is_gone(DWORD error)
{
    return error == ERROR_SUCCESS || registry_gone((LSTATUS)error);
}

/* Deletes a key and all below: RegDeleteTree came with Windows Vista. */
/* NOLINTNEXTLINE(misc-no-recursion): no deeper than KEY_DEPTH_MAX */
static DWORD delete_tree(HKEY parent, const wchar_t *name, unsigned depth, const char **call)
{
    wchar_t child[KEY_NAME_MAX];
    HKEY key;

    *call = "RegOpenKeyEx";
    if (depth == KEY_DEPTH_MAX)
        return ERROR_INVALID_DATA;
    DWORD error =
        (DWORD)installation_calls.RegOpenKeyExW(parent, name, 0, KEY_ENUMERATE_SUB_KEYS, &key);
    if (error != ERROR_SUCCESS)
        return is_gone(error) ? ERROR_SUCCESS : error;
    while (error == ERROR_SUCCESS) {
        DWORD count = ARRAYSIZE(child);
        *call = "RegEnumKeyEx";
        error =
            (DWORD)installation_calls.RegEnumKeyExW(key, 0, child, &count, NULL, NULL, NULL, NULL);
        if (error == ERROR_SUCCESS)
            error = delete_tree(key, child, depth + 1, call);
    }
    installation_calls.RegCloseKey(key);
    if (error != ERROR_NO_MORE_ITEMS && !is_gone(error))
        return error;
    *call = "RegDeleteKey";
    error = (DWORD)installation_calls.RegDeleteKeyW(parent, name);
    return is_gone(error) ? ERROR_SUCCESS : error;
}

DWORD installation_remove_keys(struct installation_failure *failure)
{
    /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): keys are put together of several texts */
    static const wchar_t *const keys[] = {PARAMETERS_KEY, BOOT_KEY, LOGGING_KEY, HARDENING_KEY,
                                          INSTALLATION_SOURCE_KEY};
    DWORD first = ERROR_SUCCESS;

    for (size_t i = 0; i < ARRAYSIZE(keys); i++) {
        const char *call;
        DWORD error = delete_tree(HKEY_LOCAL_MACHINE, keys[i], 0, &call);
        if (error != ERROR_SUCCESS && first == ERROR_SUCCESS)
            first = installation_fail(failure, call, keys[i], error);
    }
    return first;
}
