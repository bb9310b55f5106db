/* fake_handles.c: handles to files, and who shares what; see fake_disk.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include "fake_disk.h"

enum { HANDLES_MAX = 8192, HANDLE_BASE = 0x5000 };

static struct fake_handle handles[HANDLES_MAX];
static size_t handle_count;

DWORD fake_files_slept;
static HANDLE kept; /* null: nothing is */
static unsigned kept_for;

struct fake_handle *fake_handle_of(HANDLE handle)
{
    uintptr_t index = (uintptr_t)handle - HANDLE_BASE;
    if ((uintptr_t)handle < HANDLE_BASE || index >= handle_count || !handles[index].open)
        fail_msg("a file that is not open: %p", handle);
    return &handles[index];
}

bool fake_handle_is_open(const struct fake_file *file)
{
    for (size_t i = 0; i < handle_count; i++)
        if (handles[i].open && handles[i].file == file)
            return true;
    return false;
}

HANDLE fake_handle_open(struct fake_file *file, DWORD access, DWORD share)
{
    assert_true(handle_count < HANDLES_MAX);
    handles[handle_count] =
        (struct fake_handle){.open = true, .file = file, .access = access, .share = share};
    return (HANDLE)(uintptr_t)(HANDLE_BASE + handle_count++);
}

void fake_handle_close(struct fake_handle *handle)
{
    handle->open = false;
    if (handle->file->doomed && !fake_handle_is_open(handle->file)) {
        fake_names_drop_file(handle->file);
        handle->file->doomed = false;
    }
}

/* The share modes that others must have given for this access. */
static DWORD needed_share(DWORD access)
{
    const DWORD writing = GENERIC_WRITE | FILE_WRITE_DATA | FILE_APPEND_DATA;
    return ((access & (GENERIC_READ | FILE_READ_DATA)) != 0 ? FILE_SHARE_READ : 0) |
           ((access & writing) != 0 ? FILE_SHARE_WRITE : 0) |
           ((access & DELETE) != 0 ? FILE_SHARE_DELETE : 0);
}

bool fake_handle_is_shared(const struct fake_file *file, DWORD access, DWORD share)
{
    DWORD needed = needed_share(access);
    for (size_t i = 0; i < handle_count && needed != 0; i++) {
        const struct fake_handle *other = &handles[i];
        DWORD taken = needed_share(other->access);
        if (other->open && other->file == file && taken != 0 &&
            ((needed & ~other->share) != 0 || (taken & ~share) != 0))
            return false;
    }
    return true;
}

/* ---- processes ------------------------------------------------------------------------------ */

static void close_all(bool elsewhere)
{
    for (size_t i = 0; i < handle_count; i++)
        if (handles[i].open && handles[i].elsewhere == elsewhere)
            fake_handle_close(&handles[i]);
}

void fake_files_kill(void)
{
    close_all(false);
    fake_security_kill();
    fake_folders_kill();
}

unsigned fake_files_open_handles(void)
{
    unsigned open = fake_security_open_tokens();
    for (size_t i = 0; i < handle_count; i++)
        open += handles[i].open && !handles[i].elsewhere;
    return open;
}

HANDLE fake_files_open_elsewhere(const wchar_t *path, DWORD access, DWORD share)
{
    struct fake_file *file = fake_names_find(path);
    if (!file || file->doomed || !fake_handle_is_shared(file, access, share))
        return NULL;
    HANDLE handle = fake_handle_open(file, access, share);
    fake_handle_of(handle)->elsewhere = true;
    return handle;
}

void fake_files_close_elsewhere(HANDLE handle)
{
    assert_true(fake_handle_of(handle)->elsewhere);
    fake_handle_close(fake_handle_of(handle));
}

void fake_files_keep_open(const wchar_t *path, DWORD share, unsigned sleeps)
{
    assert_null(kept);
    kept = fake_files_open_elsewhere(path, GENERIC_READ, share);
    kept_for = sleeps;
    assert_non_null(kept);
}

void WINAPI fake_sleep(DWORD ms)
{
    fake_calls_moment("Sleep", FAKE_BEFORE);
    fake_files_slept += ms;
    if (!kept || --kept_for > 0)
        return;
    fake_files_close_elsewhere(kept);
    kept = NULL;
}

void fake_handles_reset(void)
{
    handle_count = 0;
    fake_files_slept = 0;
    kept = NULL;
}

void fake_handles_power_cut(void)
{
    close_all(false);
    close_all(true);
    fake_security_kill();
}
