#include "lab_handles.h"

#include <stdint.h>

enum { FIRST = 1024, SHIFT = 24, INDEX_MASK = (1 << SHIFT) - 1 };

struct entry {
    void *object;
    unsigned kind; /* 0: free */
    unsigned age;  /* how often the entry was used: tells old handles from new ones */
    unsigned next_free;
};

static struct entry *entries; /* entry 0 stays unused: it ends the list of free ones */
static unsigned count;
static unsigned free_list;
static SRWLOCK lock = SRWLOCK_INIT;

static BOOL grow(void)
{
    unsigned more = count == 0 ? FIRST : count * 2;
    struct entry *larger =
        entries == NULL
            ? HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, more * sizeof *entries)
            : HeapReAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, entries, more * sizeof *entries);
    if (larger == NULL || more > INDEX_MASK)
        return FALSE;
    entries = larger;
    for (unsigned i = more - 1; i >= (count == 0 ? 1 : count); i--) {
        entries[i].next_free = free_list;
        free_list = i;
    }
    count = more;
    return TRUE;
}

HANDLE lab_handle_new(unsigned kind, void *object)
{
    HANDLE handle = NULL;
    AcquireSRWLockExclusive(&lock);
    if (free_list != 0 || grow()) {
        unsigned index = free_list;
        struct entry *entry = &entries[index];
        free_list = entry->next_free;
        *entry = (struct entry){object, kind, (entry->age + 1) & 0x7fff, 0};
        handle = (HANDLE)(((uintptr_t)entry->age << SHIFT | index) << 2);
    }
    ReleaseSRWLockExclusive(&lock);
    return handle;
}

/* The entry of a handle; null when it names none. The lock must be held. */
static struct entry *find(HANDLE handle)
{
    uintptr_t value = (uintptr_t)handle >> 2;
    unsigned index = (unsigned)(value & INDEX_MASK);
    if (((uintptr_t)handle & 3) != 0 || index == 0 || index >= count)
        return NULL;
    struct entry *entry = &entries[index];
    return entry->kind != 0 && value >> SHIFT == entry->age ? entry : NULL;
}

void *lab_handle_object(HANDLE handle, unsigned kind)
{
    AcquireSRWLockShared(&lock);
    struct entry *entry = find(handle);
    void *object = entry != NULL && entry->kind == kind ? entry->object : NULL;
    ReleaseSRWLockShared(&lock);
    return object;
}

unsigned lab_handle_kind(HANDLE handle)
{
    AcquireSRWLockShared(&lock);
    struct entry *entry = find(handle);
    unsigned kind = entry == NULL ? 0 : entry->kind;
    ReleaseSRWLockShared(&lock);
    return kind;
}

void *lab_handle_close(HANDLE handle)
{
    void *object = NULL;
    AcquireSRWLockExclusive(&lock);
    struct entry *entry = find(handle);
    if (entry != NULL) {
        object = entry->object;
        entry->kind = 0;
        entry->next_free = free_list;
        free_list = (unsigned)(entry - entries);
    }
    ReleaseSRWLockExclusive(&lock);
    return object;
}
