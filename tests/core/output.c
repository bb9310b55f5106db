#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "output.h"

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
#define TMP_DIR (getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir)
#endif

const char *output_path(char path[OUTPUT_PATH_MAX], const char *name)
{
    snprintf(path, OUTPUT_PATH_MAX, "%s/relaylock-%d-%s", TMP_DIR, (int)getpid(), name);
    return path;
}

void output_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(size > 0 ? fwrite(bytes, 1, size, file) : 0, size);
    assert_int_equal(fclose(file), 0);
}

/* A stream that goes to a file for a while. */
struct diverted {
    FILE *stream;
    int kept;
    char path[OUTPUT_PATH_MAX];
};

static void divert(struct diverted *diverted, FILE *stream, const char *name)
{
    diverted->stream = stream;
    fflush(stream);
    diverted->kept = dup(fileno(stream));
    assert_true(diverted->kept >= 0);
    FILE *file = fopen(output_path(diverted->path, name), "w");
    assert_non_null(file);
    assert_true(dup2(fileno(file), fileno(stream)) >= 0);
    fclose(file);
}

static void bring_back(struct diverted *diverted, char *to)
{
    fflush(diverted->stream);
    assert_true(dup2(diverted->kept, fileno(diverted->stream)) >= 0);
    close(diverted->kept);
    FILE *file = fopen(diverted->path, "r");
    assert_non_null(file);
    size_t count = fread(to, 1, OUTPUT_ROOM - 1, file);
    fclose(file);
    remove(diverted->path);
    assert_true(count < OUTPUT_ROOM - 1);
    to[count] = '\0';
}

void output_run(struct output *output, int (*verb)(int, char **), int count, char **arguments)
{
    struct diverted out, err;
    divert(&out, stdout, "out");
    divert(&err, stderr, "err");
    output->status = verb(count, arguments);
    bring_back(&out, output->out);
    bring_back(&err, output->err);
}

void output_of(struct output *output, int (*verb)(int, char **), const char *const *arguments)
{
    static char texts[OUTPUT_ARGUMENTS_MAX][OUTPUT_PATH_MAX];
    char *copies[OUTPUT_ARGUMENTS_MAX + 1] = {NULL};
    int count = 0;
    for (; arguments[count]; count++) {
        assert_true(count < OUTPUT_ARGUMENTS_MAX);
        snprintf(texts[count], OUTPUT_PATH_MAX, "%s", arguments[count]);
        copies[count] = texts[count];
    }
    output_run(output, verb, count, copies);
}
