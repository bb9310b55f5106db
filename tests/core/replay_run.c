#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <io.h>
#include <process.h>
#define dup     _dup
#define dup2    _dup2
#define close   _close
#define fileno  _fileno
#define getpid  _getpid
#define TMP_DIR getenv("TEMP")
#else
#include <unistd.h>
#define TMP_DIR (getenv("TMPDIR") != NULL ? getenv("TMPDIR") : P_tmpdir)
#endif

#include "app/replay.h"
#include "replay_run.h"

enum { ARGUMENTS_MAX = 16, DAY = 86400 };

/* ---- files ---------------------------------------------------------------------------------- */

const char *path_of(const char *name)
{
    static char paths[16][512];
    static const char *const names[] = {"a.evt",        "b.evt",        "c.evt",   "none.evt",
                                        "folder",       "out",          "err",     "folder/b.EVT",
                                        "folder/a.evt", "folder/c.txt", "settings"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            snprintf(paths[i], sizeof paths[i], "%s/relaylock-%d-%s", TMP_DIR, (int)getpid(), name);
            return paths[i];
        }
    }
    fail_msg("no such name: %s", name);
    return NULL;
}

void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(path_of(name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void save(struct evt_builder *builder, const char *name)
{
    evt_close(builder, false);
    write_file(name, builder->file, builder->size);
    evt_free(builder);
}

void save_history(const char *name)
{
    struct evt_builder builder;

    open_log(&builder);
    for (uint32_t day = 0; day < 3; day++) {
        for (uint32_t user = 0; user < 9; user++) {
            const char16_t account[] = {u'X', u'\\', (char16_t)(u'a' + user), 0};

            add(&builder, START + day * DAY + user * 100, account, 3 + (int)user, 1);
        }
        add(&builder, START + day * DAY + 2000, u"X\\bad", day == 2 ? 60 : 2, day == 2 ? 6 : 1);
    }
    save(&builder, name);
}

void save_bursts(const char *name)
{
    struct evt_builder builder;

    open_log(&builder);
    add(&builder, START, u"X\\bob", 60, 1);
    add(&builder, START + 100, u"X\\carol", 30, 1);
    add(&builder, START + 200, u"X\\dave", 90, 1);
    save(&builder, name);
}

int remove_files(void **state)
{
    static const char *const names[] = {"a.evt", "b.evt", "c.evt", "out", "err", "settings"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove(path_of(names[i]));
    }
    return 0;
}

/* ---- running the verb ----------------------------------------------------------------------- */

int redirect(FILE *stream, const char *name)
{
    fflush(stream);
    int kept = dup(fileno(stream));
    FILE *file = fopen(path_of(name), "w");

    assert_true(kept >= 0);
    assert_non_null(file);
    assert_true(dup2(fileno(file), fileno(stream)) >= 0);
    fclose(file);
    return kept;
}

void restore(FILE *stream, int kept, const char *name, char text[OUTPUT_MAX])
{
    fflush(stream);
    assert_true(dup2(kept, fileno(stream)) >= 0);
    close(kept);
    FILE *file = fopen(path_of(name), "r");

    assert_non_null(file);
    text[fread(text, 1, OUTPUT_MAX - 1, file)] = '\0';
    fclose(file);
}

const struct run *run_with(int argc, char **argv)
{
    static struct run run;
    int out = redirect(stdout, "out"), err = redirect(stderr, "err");

    run.status = replay_main(argc, argv);
    restore(stdout, out, "out", run.out);
    restore(stderr, err, "err", run.err);
    return &run;
}

const struct run *replay(const char *first, ...)
{
    char copies[ARGUMENTS_MAX][512];
    char *argv[ARGUMENTS_MAX + 1];
    int argc = 0;
    va_list arguments;

    snprintf(copies[argc++], sizeof copies[0], "replay");
    va_start(arguments, first);
    for (const char *argument = first; argument != NULL;
         argument = va_arg(arguments, const char *)) {
        assert_true(argc < ARGUMENTS_MAX);
        snprintf(copies[argc++], sizeof copies[0], "%s", argument);
    }
    va_end(arguments);
    for (int i = 0; i < argc; i++) {
        argv[i] = copies[i];
    }
    argv[argc] = NULL;
    return run_with(argc, argv);
}

/* ---- logs ----------------------------------------------------------------------------------- */

void open_log(struct evt_builder *builder)
{
    evt_open(builder, RING, EVT_HEADER_SIZE, 1);
}

void add(struct evt_builder *builder, uint32_t time, const char16_t *account, int count,
         int clients)
{
    for (int i = 0; i < count; i++) {
        const char16_t name[] = {u'c', (char16_t)(u'a' + i % clients), 0};

        evt_sign_in(builder, time + (uint32_t)i, text_of(name), text_of(account));
    }
}
