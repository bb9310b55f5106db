/* fake_registry_parts.h: what the files of the fake registry share; not for tests. */
#ifndef RELAYLOCK_TESTS_FAKE_REGISTRY_PARTS_H
#define RELAYLOCK_TESTS_FAKE_REGISTRY_PARTS_H

#include "fake_registry.h"
#include <stdint.h>

/* ---- fake_registry.c: keys and values ---------------------------------------------------------
 */

enum { REGISTRY_KEYS_MAX = 8192, REGISTRY_VALUES_MAX = 8192, REGISTRY_ROOT = 0 };

struct registry_key {
    bool exists, denied, is_volatile;
    size_t parent;
    wchar_t name[256];
};

struct registry_value {
    size_t key;
    wchar_t *name;
    DWORD type, size;
    BYTE *data;
    bool on_disk;
};

/* A key is named by its index, which is never used twice; the root is the first. Values move when
 * one is dropped. */
extern struct registry_key registry_keys[REGISTRY_KEYS_MAX];
extern size_t registry_key_count;
extern struct registry_value registry_values[REGISTRY_VALUES_MAX];
extern size_t registry_value_count;

/* The key of a path; made where it is missing when `make` says so. SIZE_MAX: none. */
size_t registry_walk(size_t from, const wchar_t *path, bool make, bool *made);
void registry_remove_key(size_t key); /* with all below */

/* Null: none of that name, which may be null itself: that of the key's own value. */
struct registry_value *registry_find_value(size_t key, const wchar_t *name);
void registry_set_value(size_t key, const wchar_t *name, DWORD type, const void *data, DWORD size);
void registry_drop_value(struct registry_value *value);

/* ---- fake_registry_handles.c: open keys, what they are told of, faults, lock -------------------
 */

/* To the end of the block nobody else reads or writes: a thread of the service may read while the
 * test writes. The same thread may hold it more than once. */
#define REGISTRY_HELD                                                                              \
    const bool held __attribute__((cleanup(registry_let_go), unused)) = registry_hold()
void registry_lock_init(void); /* before anything else; again does nothing */
bool registry_hold(void);
void registry_let_go(const bool *held);

struct registry_handle {
    bool open;
    size_t key;
    REGSAM rights;
    HANDLE changed; /* to be signalled at the next change; null: not asked for */
    bool subtree;   /* of this key and of all below */
    DWORD filter;   /* of what: REG_NOTIFY_CHANGE_... */
};

HKEY registry_open(size_t key, REGSAM rights);
void registry_close(HKEY key);
/* A key that is not open fails the test. */
struct registry_handle *registry_handle_of(HKEY key);
/* What a call that needs these rights to the key comes to. */
LSTATUS registry_check(HKEY key, REGSAM rights);

/* Tells who asked for it, if anybody did. */
void registry_signal(struct registry_handle *handle);
/* Tells who asked for that kind of change, in the key. */
void registry_tell_change(size_t key, DWORD kind);
/* Tells whoever has the key open that it is gone. */
void registry_tell_removed(size_t key);

void registry_faults_reset(void);
/* At the start of each call: counts it; whether it must fail, with the error. */
bool registry_must_fail(const char *call);
LSTATUS registry_fail_error(void);

/* ---- fake_registry_calls.c: the OS calls ------------------------------------------------------
 */

/* Puts them into all that fake_registry_reset names. */
void registry_calls_install(void);

#endif
