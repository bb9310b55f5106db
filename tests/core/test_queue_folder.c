/* test_queue_folder.c: the message files of a folder on this system's disk. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "app/queue_folder.h"
#include "output.h"

#ifdef _WIN32
#include <direct.h>
#define mkdir(path, mode) _mkdir(path)
#define rmdir             _rmdir
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

#define MESSAGE "From: a@b.com\r\nTo: c@d.com\r\n\r\nbody\r\n"

static char folder[OUTPUT_PATH_MAX], error[QUEUE_FOLDER_ERROR_SIZE];
static struct queue_folder_count count;
static size_t heads, told_max;
static char names[64];

static const char *in_folder(const char *name)
{
    static char path[OUTPUT_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    output_file(in_folder(name), text, strlen(text));
}

static int make_folder(void **state)
{
    (void)state;
    output_path(folder, "queue-folder");
    rmdir(folder);
    memset(&count, 0, sizeof count);
    heads = 0;
    told_max = SIZE_MAX;
    names[0] = 0;
    return mkdir(folder, 0700);
}

/* Fails when something else was left there. */
static int remove_folder(void **state)
{
    static const char *const all[] = {"NTFS_1.EML", "b.eml", "c.txt", "link.eml"};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        remove(in_folder(all[i]));
    rmdir(in_folder("sub.eml"));
    return rmdir(folder);
}

static bool take(void *context, const struct queue_file *file)
{
    assert_ptr_equal(context, &count);
    assert_int_equal(strncmp(file->path, folder, strlen(folder)), 0);
    assert_string_equal(file->path + strlen(file->path) - strlen(file->name), file->name);
    assert_int_equal(file->size, strlen(MESSAGE));
    assert_true(file->written > (int64_t)time(NULL) - 600);
    assert_true(file->written <= (int64_t)time(NULL) + 1);
    heads += file->head != NULL;
    if (file->head) {
        assert_true(message_string_is(&file->head->from.address, "a@b.com"));
        assert_int_equal(file->head->recipients, 1);
    }
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s ", file->name);
    return count.files < told_max;
}

static void message_files_are_told(void **state)
{
    (void)state;
    put("NTFS_1.EML", MESSAGE);
    put("b.eml", MESSAGE);
    put("c.txt", MESSAGE);
    mkdir(in_folder("sub.eml"), 0700);
    assert_true(queue_folder_walk(folder, true, take, &count, &count, error));
    assert_int_equal(count.files, 2);
    assert_int_equal(count.bytes, 2 * strlen(MESSAGE));
    assert_int_equal(heads, 2);
    assert_non_null(strstr(names, "NTFS_1.EML "));
    assert_non_null(strstr(names, "b.eml "));
    assert_int_equal(count.gone + count.in_use + count.failed + count.links, 0);
}

static void files_are_counted_without_their_heads(void **state)
{
    (void)state;
    put("NTFS_1.EML", MESSAGE);
    put("b.eml", MESSAGE);
    assert_true(queue_folder_walk(folder, false, take, &count, &count, error));
    assert_int_equal(count.files, 2);
    assert_int_equal(heads, 0);
    assert_true(queue_folder_walk(folder, false, NULL, NULL, &count, error));
    assert_int_equal(count.files, 4); /* several add up */
    assert_int_equal(count.bytes, 4 * strlen(MESSAGE));
}

static void the_walk_ends_when_told_to(void **state)
{
    (void)state;
    put("NTFS_1.EML", MESSAGE);
    put("b.eml", MESSAGE);
    told_max = 1;
    assert_true(queue_folder_walk(folder, true, take, &count, &count, error));
    assert_int_equal(count.files, 1);
}

static void a_folder_that_is_none_is_said_so(void **state)
{
    (void)state;
    assert_true(queue_folder_walk(folder, true, take, &count, &count, error));
    assert_int_equal(count.files, 0);
    assert_false(queue_folder_walk(in_folder("missing"), true, take, &count, &count, error));
    assert_true(strlen(error) > 10);
    put("b.eml", MESSAGE);
    error[0] = 0;
    assert_false(queue_folder_walk(in_folder("b.eml"), true, take, &count, &count, error));
    assert_true(strlen(error) > 10);
}

#ifndef _WIN32
static void links_pipes_and_locked_doors(void **state)
{
    char target[OUTPUT_PATH_MAX + 64];
    (void)state;
    put("b.eml", MESSAGE);
    snprintf(target, sizeof target, "%s", in_folder("b.eml"));
    assert_int_equal(symlink(target, in_folder("link.eml")), 0);
    assert_int_equal(mkfifo(in_folder("NTFS_1.EML"), 0600), 0);
    assert_true(queue_folder_walk(folder, true, take, &count, &count, error));
    assert_int_equal(count.files, 1);
    assert_int_equal(count.links, 1);
    assert_true(queue_folder_walk(folder, false, take, &count, &count, error));
    assert_int_equal(count.files, 2);
    assert_int_equal(count.links, 2);
    assert_int_equal(count.failed, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(message_files_are_told, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(files_are_counted_without_their_heads, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(the_walk_ends_when_told_to, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_that_is_none_is_said_so, make_folder,
                                        remove_folder),
#ifndef _WIN32
        cmocka_unit_test_setup_teardown(links_pipes_and_locked_doors, make_folder, remove_folder),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
