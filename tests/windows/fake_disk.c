/* fake_disk.c: see fake_disk.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "fake_disk.h"

enum { FILES_MAX = 512, CHANGES_MAX = 1024 };

/* A write, or a change of size (bytes is null; at is the new size). */
struct fake_change {
    size_t at, size;
    uint8_t *bytes;
};

static struct fake_file files[FILES_MAX];
static size_t limit; /* of the bytes of all files */
static bool write_protected;
static ULONGLONG ticks;

/* ---- files ---------------------------------------------------------------------------------- */

static void forget_changes(struct fake_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        free(file->changes[i].bytes);
    file->change_count = 0;
}

static void free_file(struct fake_file *file)
{
    forget_changes(file);
    free(file->changes);
    free(file->bytes);
    free(file->flushed);
    *file = (struct fake_file){0};
}

/* One that no name can lead to any more is free again. Files that are open are named, too, until
 * their last handle is closed. */
static struct fake_file *free_slot(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (files[i].used && !fake_names_know(&files[i]))
            free_file(&files[i]);
        if (!files[i].used)
            return &files[i];
    }
    fail_msg("more than %d files", FILES_MAX);
    return NULL;
}

struct fake_file *fake_disk_make(const wchar_t *path, bool folder, const wchar_t *sddl)
{
    struct fake_file *file = free_slot();
    *file = (struct fake_file){.used = true, .folder = folder, .written = ++ticks};
    assert_true(wcslen(sddl) < FAKE_SDDL_MAX);
    wcscpy(file->sddl, sddl);
    fake_names_add(path, file);
    return file;
}

static size_t used(void)
{
    size_t sum = 0;
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i].used && fake_names_count(&files[i]) > 0)
            sum += files[i].size;
    return sum;
}

/* The memory that a file of a size takes: the next power of two. */
static size_t capacity_of(size_t size)
{
    size_t capacity = 64;
    while (capacity < size)
        capacity *= 2;
    return capacity;
}

static void set_size(uint8_t **bytes, size_t *size, size_t new_size)
{
    if (!*bytes || capacity_of(new_size) != capacity_of(*size)) {
        *bytes = realloc(*bytes, capacity_of(new_size));
        assert_non_null(*bytes);
    }
    if (new_size > *size)
        memset(*bytes + *size, 0, new_size - *size);
    *size = new_size;
}

static void apply(uint8_t **bytes, size_t *size, const struct fake_change *change)
{
    if (!change->bytes) {
        set_size(bytes, size, change->at);
        return;
    }
    if (change->at + change->size > *size)
        set_size(bytes, size, change->at + change->size);
    memcpy(*bytes + change->at, change->bytes, change->size);
}

static void change(struct fake_file *file, size_t at, const void *bytes, size_t size)
{
    if (file->changes == NULL)
        file->changes = calloc(CHANGES_MAX, sizeof *file->changes);
    assert_true(file->changes && file->change_count < CHANGES_MAX);
    struct fake_change *made = &file->changes[file->change_count++];
    *made = (struct fake_change){.at = at, .size = size};
    if (bytes) {
        made->bytes = malloc(size);
        assert_non_null(made->bytes);
        memcpy(made->bytes, bytes, size);
    }
    apply(&file->bytes, &file->size, made);
    file->written = ++ticks;
}

/* How many bytes a file may grow by now. */
static size_t room(void)
{
    if (limit == SIZE_MAX)
        return SIZE_MAX;
    size_t taken = used();
    return limit > taken ? limit - taken : 0;
}

DWORD fake_disk_write(struct fake_file *file, size_t at, const void *bytes, size_t size)
{
    if (write_protected)
        return ERROR_WRITE_PROTECT;
    size_t growth = at + size > file->size ? at + size - file->size : 0;
    size_t over = growth > room() ? growth - room() : 0;
    if (over < size)
        change(file, at, bytes, size - over);
    return over ? ERROR_DISK_FULL : ERROR_SUCCESS;
}

DWORD fake_disk_resize(struct fake_file *file, size_t size)
{
    if (write_protected)
        return ERROR_WRITE_PROTECT;
    if (size > file->size && size - file->size > room())
        return ERROR_DISK_FULL;
    change(file, size, NULL, 0);
    return ERROR_SUCCESS;
}

void fake_disk_flush(struct fake_file *file)
{
    fake_names_flush(file);
    for (size_t i = 0; i < file->change_count; i++)
        apply(&file->flushed, &file->flushed_size, &file->changes[i]);
    forget_changes(file);
}

bool fake_disk_is_protected(void)
{
    return write_protected;
}

void fake_files_write_protect(bool on)
{
    write_protected = on;
}

void fake_files_room(size_t bytes)
{
    limit = bytes == SIZE_MAX ? SIZE_MAX : used() + bytes;
}

/* ---- the power ------------------------------------------------------------------------------ */

static size_t pending_bytes(const struct fake_file *file)
{
    size_t sum = 0;
    for (size_t i = 0; i < file->change_count; i++)
        sum += file->changes[i].size;
    return sum;
}

size_t fake_files_pending_bytes(void)
{
    size_t most = 0;
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i].used && pending_bytes(&files[i]) > most)
            most = pending_bytes(&files[i]);
    return most;
}

/* Makes what is on the disk what the cut left. Changes of size before the first byte that is lost
 * are there. */
static void cut_file(struct fake_file *file, const struct fake_cut *cut)
{
    size_t left = cut->bytes == FAKE_CUT_TORN   ? cut->torn
                  : cut->bytes == FAKE_CUT_LOST ? 0
                                                : SIZE_MAX;
    for (size_t i = 0; i < file->change_count && cut->bytes != FAKE_CUT_LOST; i++) {
        struct fake_change *one = &file->changes[i];
        if (cut->bytes == FAKE_CUT_HOLE && one->bytes)
            memset(one->bytes, 0, one->size);
        bool torn = one->bytes && one->size > left;
        if (torn)
            one->size = left;
        if (!one->bytes || one->size > 0)
            apply(&file->flushed, &file->flushed_size, one);
        if (torn)
            break;
        left -= one->size;
    }
    forget_changes(file);
    set_size(&file->bytes, &file->size, file->flushed_size);
    if (file->size > 0)
        memcpy(file->bytes, file->flushed, file->size);
    file->doomed = false;
}

void fake_files_power_cut(const struct fake_cut *cut)
{
    fake_handles_power_cut();
    fake_names_power_cut(cut->names);
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i].used)
            cut_file(&files[i], cut);
}

void fake_disk_reset(void)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i].used)
            free_file(&files[i]);
    fake_names_reset();
    limit = SIZE_MAX;
    write_protected = false;
    ticks = 0;
}
