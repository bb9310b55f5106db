/* fuzz_page.c: hostile bytes as a saved log, replayed and swept into a page. libFuzzer.
 *
 * Bytes that begin as a log does are one; others tell of sign-ins, of which a good log is built, so
 * that more of them end up on a page. Whatever comes in: the page is well-formed, and no element
 * and no attribute is on it but those that are written on every page.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "app/replay.h"
#include "../core/evt_builder.h"
#include "../core/markup.h"
#include "must.h"

enum { PAGE_ROOM = 4 << 20, LOG_SIZE = 1 << 20, START = 1262401445 };

static char folder[] = "/dev/shm/fuzz_page_XXXXXX";
static char log_path[64], page_path[64], explained[64], page[PAGE_ROOM];

static void clean_up(void)
{
    remove(log_path);
    remove(page_path);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    /* What replay prints is of no interest; what the sanitizers print goes past stdio. */
    stderr = fopen("/dev/null", "w");
    stdout = fopen("/dev/null", "w");
    must(stderr && stdout && mkdtemp(folder), "no folder");
    snprintf(log_path, sizeof log_path, "%s/log.evt", folder);
    snprintf(page_path, sizeof page_path, "%s/page.html", folder);
    atexit(clean_up);
    return 0;
}

static void write_log(const void *bytes, size_t size)
{
    FILE *file = fopen(log_path, "wb");
    must(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "no log");
}

/* The next count UTF-16 units of the input, or what is left. */
static struct text take_text(const uint8_t **data, size_t *size, size_t count, char16_t *units)
{
    if (count > *size / 2)
        count = *size / 2;
    memcpy(units, *data, 2 * count);
    *data += 2 * count;
    *size -= 2 * count;
    return (struct text){units, count};
}

/* Each sign-in is 3 bytes (time, units of the account and the client, how often) and the names. */
static void build_log(const uint8_t *data, size_t size)
{
    struct evt_builder log;
    char16_t units[2][16];
    uint32_t time = START;
    explained[0] = '\0';
    evt_open(&log, LOG_SIZE, EVT_HEADER_SIZE, 1);
    while (size >= 3) {
        uint8_t step = data[0], lengths = data[1], times = data[2] % 8;
        data += 3, size -= 3;
        struct text account = take_text(&data, &size, lengths % 16, units[0]);
        struct text client = take_text(&data, &size, lengths / 16, units[1]);
        if (explained[0] == '\0')
            text_to_utf8(explained, sizeof explained, account);
        time += step < 200 ? step : 1u << (step % 32);
        for (int i = 0; i <= times; i++)
            evt_sign_in(&log, time, client, account);
    }
    evt_close(&log, false);
    write_log(log.file, log.end + EVT_END_SIZE);
    evt_free(&log);
}

static void check_page(void)
{
    char error[MARKUP_ERROR_SIZE];
    FILE *file = fopen(page_path, "rb");
    must(file, "no page");
    size_t size = fread(page, 1, sizeof page, file);
    fclose(file);
    must(size < sizeof page, "a page without a bound");
    bool good = markup_is_well_formed(page, size, markup_of_pages, error);
    must(good, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *arguments[] = {"replay",    "--sweep=2,5/1m,1h/2,3",
                         "--html",    page_path,
                         "--explain", explained,
                         "--diff",    "Limits=3/1m,clients:4/1d",
                         "--diff",    "Accounts\\b=2/1h",
                         "--set",     "MaxAccounts=64",
                         "--set",     "Limits=4/10m,clients:2/1h",
                         log_path,    NULL};
    if (size >= 8 && memcmp(data + 4, "LfLe", 4) == 0)
        write_log(data, size);
    else
        build_log(data, size);
    if (explained[0] == '\0')
        strcpy(explained, "b"); /* nobody was named */
    remove(page_path);
    int status = replay_main((int)(sizeof arguments / sizeof arguments[0]) - 1, arguments);
    must(status != REPLAY_USAGE, "the arguments are wrong");
    check_page();
    return 0;
}
