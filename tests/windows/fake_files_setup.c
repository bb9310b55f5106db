/* fake_files_setup.c: what a test finds and arranges on the disk; see fake_files.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"

static struct fake_file *found(const wchar_t *path)
{
    struct fake_file *file = fake_names_find(path);
    if (!file)
        fail_msg("no file %ls", path);
    return file;
}

static struct fake_file *make(const wchar_t *path, bool folder)
{
    wchar_t sddl[FAKE_SDDL_MAX], parent[FAKE_PATH_MAX];
    assert_true(wcslen(path) < FAKE_PATH_MAX);
    wcscpy(parent, path);
    *wcsrchr(parent, L'\\') = 0;
    fake_security_of_new(found(parent), folder, NULL, sddl);
    struct fake_file *file = fake_disk_make(path, folder, sddl);
    fake_names_settle();
    return file;
}

void fake_files_make_folder(const wchar_t *path)
{
    make(path, true);
}

void fake_files_put(const wchar_t *path, const void *bytes, size_t size)
{
    struct fake_file *file = fake_names_find(path);
    if (!file)
        file = make(path, false);
    fake_disk_put(file, bytes, size);
}

void fake_files_remove(const wchar_t *path)
{
    const struct fake_file *file = fake_names_find(path);
    if (!file)
        return;
    if (file->folder)
        fake_names_drop_below(path);
    fake_names_drop(path);
    fake_names_settle();
}

void fake_files_link(const wchar_t *path, const wchar_t *target)
{
    const struct fake_file *to = fake_names_find(target);
    wcscpy(make(path, to && to->folder)->target, target);
}

void fake_files_hard_link(const wchar_t *path, const wchar_t *of)
{
    fake_names_add(path, found(of));
    fake_names_settle();
}

void fake_files_protect(const wchar_t *path, const wchar_t *sddl)
{
    assert_true(wcslen(sddl) < FAKE_SDDL_MAX);
    wcscpy(found(path)->sddl, sddl);
}

void fake_files_deny(const wchar_t *path, bool denied)
{
    found(path)->denied = denied;
}

void fake_files_read_only(const wchar_t *path, bool read_only)
{
    found(path)->read_only = read_only;
}

void fake_files_date(const wchar_t *path, ULONGLONG written)
{
    found(path)->written = written;
}

bool fake_files_exists(const wchar_t *path)
{
    return fake_names_find(path) != NULL;
}

const uint8_t *fake_files_content(const wchar_t *path, size_t *size)
{
    const struct fake_file *file = fake_names_find(path);
    if (!file)
        return NULL;
    *size = file->size;
    return file->bytes ? file->bytes : (const uint8_t *)"";
}

const wchar_t *fake_files_protection(const wchar_t *path)
{
    static wchar_t sddl[FAKE_SDDL_MAX];
    wcscpy(sddl, found(path)->sddl);
    return sddl;
}
