/* console_stream.c: see console.h. Standard output and standard error where they are consoles.
 *
 * Apart from console.c, since only a program that is linked with --wrap has __real_fputc and the
 * others.
 */
#include "console.h"
#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 1024 /* units */, LETTER = 4 /* bytes */ };

static struct stream {
    FILE *file; /* null: no console */
    HANDLE console;
    bool failed;
    char letter[LETTER + 1]; /* as much as has come of one */
    size_t bytes;
    char16_t line[LINE]; /* not shown yet: whole letters */
    size_t count;
} streams[2];

static struct stream *taken(const FILE *file)
{
    for (size_t i = 0; file && i < sizeof streams / sizeof *streams; i++)
        if (streams[i].file == file)
            return &streams[i];
    return NULL;
}

static void show(struct stream *stream)
{
    struct text line = {stream->line, stream->count};
    if (!console_write(console_calls.WriteConsoleW, stream->console, line))
        stream->failed = true;
    stream->count = 0;
}

/* What has come of a letter is all that comes. As in msvcrt's text mode, a line feed brings a
 * carriage return with it. */
static void end_letter(struct stream *stream)
{
    const char *at = stream->letter, *end = at + stream->bytes;
    stream->letter[stream->bytes] = '\0';
    while (at < end) {
        bool line_ends = *at == '\n';
        size_t units;
        if (stream->count > LINE - 2)
            show(stream);
        if (line_ends)
            stream->line[stream->count++] = u'\r';
        at += text_take_utf8(stream->line + stream->count, &units, at);
        stream->count += units;
        if (line_ends)
            show(stream);
    }
    stream->bytes = 0;
}

static void put_byte(struct stream *stream, char byte)
{
    unsigned char value = (unsigned char)byte;
    if ((value & 0xC0) != 0x80)
        end_letter(stream);
    stream->letter[stream->bytes++] = byte;
    unsigned char first = (unsigned char)stream->letter[0];
    if (stream->bytes >= (first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : LETTER))
        end_letter(stream);
}

/* Whether nothing has failed. One lock for both, so that each may show what the other has. */
static bool put(struct stream *stream, const char *bytes, size_t size)
{
    _lock_file(stdout);
    show(&streams[stream == streams]);
    for (size_t i = 0; i < size; i++)
        put_byte(stream, bytes[i]);
    bool good = !stream->failed;
    _unlock_file(stdout);
    return good;
}

static bool flush(struct stream *stream)
{
    _lock_file(stdout);
    show(stream);
    bool good = !stream->failed;
    _unlock_file(stdout);
    if (!good)
        errno = EIO;
    return good;
}

void console_take(void)
{
    FILE *const files[] = {stdout, stderr};
    memset(streams, 0, sizeof streams);
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        DWORD mode;
        streams[i].console = (HANDLE)_get_osfhandle(_fileno(files[i]));
        if (console_calls.GetConsoleMode(streams[i].console, &mode))
            streams[i].file = files[i];
    }
}

/* ---- in the place of msvcrt's ---------------------------------------------------------------- */

/* The linker's names. It asks for those of the functions that compilers know by themselves only
 * after -flto has thrown away what nobody used (gcc.gnu.org/bugzilla/show_bug.cgi?id=88643). */
#define WRAP __attribute__((used))

/* NOLINTBEGIN(clang-diagnostic-reserved-identifier) */
int __real_fputc(int byte, FILE *file);
int __real_fputs(const char *text, FILE *file);
size_t __real_fwrite(const void *bytes, size_t size, size_t count, FILE *file);
int __real_fflush(FILE *file);

WRAP int __wrap_fputc(int byte, FILE *file)
{
    struct stream *stream = taken(file);
    if (!stream)
        return __real_fputc(byte, file);
    return put(stream, &(char){(char)byte}, 1) ? (unsigned char)byte : EOF;
}

WRAP int __wrap_putchar(int byte)
{
    return __wrap_fputc(byte, stdout);
}

WRAP int __wrap_fputs(const char *text, FILE *file)
{
    struct stream *stream = taken(file);
    if (!stream)
        return __real_fputs(text, file);
    return put(stream, text, strlen(text)) ? 0 : EOF;
}

WRAP size_t __wrap_fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
    struct stream *stream = taken(file);
    if (!stream)
        return __real_fwrite(bytes, size, count, file);
    return put(stream, bytes, size * count) ? count : 0;
}

WRAP int __wrap_fflush(FILE *file)
{
    struct stream *stream = taken(file);
    if (!stream)
        return __real_fflush(file);
    return flush(stream) ? 0 : EOF;
}
/* NOLINTEND(clang-diagnostic-reserved-identifier) */
