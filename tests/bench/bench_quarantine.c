/* bench_quarantine.c: how long SMTP waits for messages to be moved out of a queue folder that holds
 * as many others, and back, beside bare renames of as many files: bench_quarantine [MESSAGES].
 *
 * Under Wine fewer: for each name that is not there it reads the whole folder, for letters' case.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include "../core/queue_maker.h"
#include "app/quarantine.h"

enum { ROUNDS = 3 };

static unsigned messages = 10000;

static wchar_t top[MAX_PATH];
static struct quarantine_queues queues;

static double now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart * 1e3 / (double)frequency.QuadPart;
}

static void need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench_quarantine: %s failed, error %lu\n", what, GetLastError());
    exit(1);
}

static void put(const wchar_t *path, const char *bytes, size_t size)
{
    DWORD written;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    need(file != INVALID_HANDLE_VALUE && WriteFile(file, bytes, (DWORD)size, &written, NULL),
         "making a message");
    CloseHandle(file);
}

static void make_messages(void)
{
    static struct maker maker;
    maker_init(&maker, 1, 1, false);
    for (unsigned i = 0; i < 2 * messages; i++) {
        wchar_t path[2 * MAX_PATH];
        if (i % 2 == 0)
            maker_relay(&maker);
        else
            maker_honest(&maker);
        _snwprintf(path, 2 * MAX_PATH, L"%ls\\NTFS_%08x%08x.EML", queues.paths[0], 1, i);
        put(path, maker.message, maker.size);
    }
}

/* Of the relay's clients. */
static void choose(struct quarantine_order *order, struct burst_list *clients)
{
    static struct maker maker;
    maker_init(&maker, 1, 1, false);
    uint32_t burst = burst_list_add(clients, TEXT_OF(u"x"), -SELECTION_EVER, SELECTION_EVER);
    for (uint32_t i = 0; i < maker.client_count; i++) {
        char16_t name[MAKER_NAME_MAX];
        need(text_from_utf8(name, MAKER_NAME_MAX, maker.clients[i], NULL), "a client");
        burst_list_add_client(clients, burst, text_of(name));
    }
    *order = (struct quarantine_order){.why = MANIFEST_BY_ACCOUNT,
                                       .limit = MANIFEST_FILES_MAX,
                                       .selection = {.kind = SELECT_CLIENTS, .clients = clients}};
}

static void move_bare(void)
{
    wchar_t from[2 * MAX_PATH], to[2 * MAX_PATH];
    double start = now();
    for (unsigned back = 0; back < 2; back++) {
        for (unsigned i = 0; i < 2 * messages; i += 2) {
            _snwprintf(from, 2 * MAX_PATH, L"%ls\\NTFS_%08x%08x.EML", queues.paths[0], 1, i);
            _snwprintf(to, 2 * MAX_PATH, L"%ls\\NTFS_%08x%08x.EML", top, 1, i);
            need(MoveFileExW(back ? to : from, back ? from : to, 0), "MoveFileEx");
        }
        printf("%u bare renames%s: %.2f s\n", messages, back ? ", back" : "",
               (now() - start) / 1e3);
        start = now();
    }
}

int main(int count, char **arguments)
{
    static struct burst_list clients;
    static struct quarantine_result result;
    struct quarantine_order order;
    struct quarantine_count taken;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (count > 1)
        messages = strtoul(arguments[1], NULL, 10);
    need(GetTempPathW(MAX_PATH - 64, top) > 0, "GetTempPath");
    _snwprintf(top + wcslen(top), 64, L"quarantine-%lu", GetCurrentProcessId());
    need(CreateDirectoryW(top, NULL), "CreateDirectory");
    queues.count = 1;
    _snwprintf(queues.paths[0], MANIFEST_PATH_MAX, L"%ls\\Queue", top);
    need(CreateDirectoryW(queues.paths[0], NULL), "CreateDirectory");
    make_messages();
    choose(&order, &clients);
    move_bare();
    for (unsigned i = 0; i < ROUNDS; i++) {
        static const struct queue_selection all = {.kind = SELECT_ALL};
        double start = now();
        quarantine_take(&queues, &order, &result);
        double took = now() - start;
        taken = result.count;
        bool over = result.time_over;
        need(!result.call, result.call ? result.call : "taking");
        start = now();
        quarantine_give_back(&queues, "", &all, &result);
        printf("%lu of %u messages taken: %.2f s%s; %lu given back: %.2f s\n",
               (unsigned long)taken.moved, 2 * messages, took / 1e3, over ? ", time over" : "",
               (unsigned long)result.count.moved, (now() - start) / 1e3);
        need(!result.call, result.call ? result.call : "giving back");
    }
    return 0;
}
