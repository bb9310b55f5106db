#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <direct.h>
#include <io.h>
#include <process.h>
#define access            _access
#define getpid            _getpid
#define mkdir(path, mode) _mkdir(path)
#define rmdir             _rmdir
#define TMP_DIR           getenv("TEMP")
#else
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#define TMP_DIR (getenv("TMPDIR") != NULL ? getenv("TMPDIR") : P_tmpdir)
#endif

#include "app/new_file.h"

static char folder[200], path[240], part[256], error[NEW_FILE_ERROR_SIZE];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/relaylock-new-file-%d", TMP_DIR, (int)getpid());
    snprintf(path, sizeof path, "%s/page.html", folder);
    snprintf(part, sizeof part, "%s.part", path);
    error[0] = '\0';
    remove(part); /* of a run that failed */
    rmdir(folder);
    return mkdir(folder, 0700);
}

/* Fails when something else was left there. */
static int remove_folder(void **state)
{
    (void)state;
    remove(path);
    return rmdir(folder);
}

static void put(const char *where, const char *text)
{
    FILE *file = fopen(where, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *where, const char *text)
{
    char bytes[64];
    FILE *file = fopen(where, "rb");

    assert_non_null(file);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(bytes, text);
}

static bool is_there(const char *where)
{
    return access(where, 0) == 0;
}

static void test_appears_when_it_is_finished(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    assert_true(new_file_begin(&file, path, "page", error));
    fputs("page\n1", file.out);
    assert_false(is_there(path));
    assert_true(is_there(part));
    assert_true(new_file_finish(&file, error));
    assert_null(file.out);
    assert_holds(path, "page\n1");
    assert_false(is_there(part));
}

static void test_replaces_its_own_kind(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    put(path, "page\nold and longer");
    assert_true(new_file_begin(&file, path, "page", error));
    fputs("page\nnew", file.out);
    assert_holds(path, "page\nold and longer");
    assert_true(new_file_finish(&file, error));
    assert_holds(path, "page\nnew");
}

static void test_replaces_nothing_else(void **state)
{
    static const char *const others[] = {"", "pag", "Page\n", "\x30\0\0\0LfLe"};
    struct new_file file = {.out = NULL};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put(path, others[i]);
        assert_false(new_file_begin(&file, path, "page", error));
        assert_string_equal(error,
                            "there is such a file already, and not one that may be replaced");
        assert_null(file.out);
        assert_holds(path, others[i]);
        assert_false(is_there(part));
    }
}

static void test_given_up_leaves_what_was_there(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    put(path, "page\nold");
    assert_true(new_file_begin(&file, path, "page", error));
    fputs("page\nnew", file.out);
    new_file_abandon(&file);
    assert_null(file.out);
    assert_holds(path, "page\nold");
    assert_false(is_there(part));
    new_file_abandon(&file);
}

static void test_a_part_of_somebody_else_stays(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    put(part, "somebody's");
    assert_false(new_file_begin(&file, path, "page", error));
    assert_non_null(strstr(error, " of .part: "));
    assert_holds(part, "somebody's");
    remove(part);
}

static void test_folders_are_no_files(void **state)
{
    struct new_file file = {.out = NULL};
    char inside[300];

    (void)state;
    assert_false(new_file_begin(&file, folder, "page", error));
    assert_true(error[0] != '\0');
    snprintf(inside, sizeof inside, "%s/none/page.html", folder);
    error[0] = '\0';
    assert_false(new_file_begin(&file, inside, "page", error));
    assert_true(error[0] != '\0');
}

#ifdef _WIN32

static void test_devices_are_no_files(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    assert_false(new_file_begin(&file, "NUL", "page", error));
    assert_string_equal(error, "not a file");
}

/* Whatever the code page: the name is UTF-8. */
static void test_any_name(void **state)
{
    struct new_file file = {.out = NULL};
    wchar_t wide[256];
    char named[256];

    (void)state;
    snprintf(named, sizeof named, "%s/\xc3\xb6\xe2\x82\xac.html", folder);
    swprintf(wide, 256, L"%hs/\u00f6\u20ac.html", folder);
    assert_true(new_file_begin(&file, named, "page", error));
    fputs("page", file.out);
    assert_true(new_file_finish(&file, error));
    assert_int_equal(_wremove(wide), 0);
    assert_false(new_file_begin(&file, "\xff", "page", error));
    assert_string_equal(error, "the name is too long or not UTF-8");
}

#else

static void test_devices_are_no_files(void **state)
{
    struct new_file file = {.out = NULL};
    char pipe[260];

    (void)state;
    assert_false(new_file_begin(&file, "/dev/null", "page", error));
    assert_string_equal(error, "not a file");
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(new_file_begin(&file, pipe, "page", error));
    assert_string_equal(error, "not a file");
    remove(pipe);
}

/* As on a full disk: no file may grow beyond 4 KB. In time for the end there may be room again. */
static void fail_half_way(bool room_at_the_end)
{
    const struct rlimit little = {.rlim_cur = 4096, .rlim_max = RLIM_INFINITY};
    struct new_file file = {.out = NULL};
    struct rlimit before;

    put(path, "page\nold");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_true(new_file_begin(&file, path, "page", error));
    for (int i = 0; i < 100; i++) {
        fprintf(file.out, "%0100d", i);
    }
    if (room_at_the_end) {
        setrlimit(RLIMIT_FSIZE, &before);
    }
    bool finished = new_file_finish(&file, error);

    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(finished);
    assert_memory_equal(error, "write: ", 7);
    assert_holds(path, "page\nold");
    assert_false(is_there(part));
}

static void test_what_fails_half_way_is_removed(void **state)
{
    (void)state;
    fail_half_way(false);
    fail_half_way(true);
}

static void test_no_place_to_go_to(void **state)
{
    struct new_file file = {.out = NULL};

    (void)state;
    assert_true(new_file_begin(&file, path, "page", error));
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(new_file_finish(&file, error));
    assert_memory_equal(error, "rename: ", 8);
    assert_false(is_there(part));
    rmdir(path);
}

#endif

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(test_appears_when_it_is_finished),
        FILE_TEST(test_replaces_its_own_kind),
        FILE_TEST(test_replaces_nothing_else),
        FILE_TEST(test_given_up_leaves_what_was_there),
        FILE_TEST(test_a_part_of_somebody_else_stays),
        FILE_TEST(test_folders_are_no_files),
        FILE_TEST(test_devices_are_no_files),
#ifdef _WIN32
        FILE_TEST(test_any_name),
#else
        FILE_TEST(test_what_fails_half_way_is_removed),
        FILE_TEST(test_no_place_to_go_to),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
