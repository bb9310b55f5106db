#include <stdlib.h>
#include <string.h>
#include "memory_store.h"

struct memory_store memory_store;

static void point(void)
{
    if (memory_store.point)
        memory_store.point();
}

static void hold(void)
{
    while (InterlockedCompareExchange(&memory_store.held, 1, 0) != 0)
        Sleep(1);
}

static void let_go(void)
{
    InterlockedExchange(&memory_store.held, 0);
}

static DWORD find(wchar_t *path, const char **call)
{
    (void)call;
    wcscpy(path, L"C:\\State");
    return ERROR_SUCCESS;
}

static DWORD check(const wchar_t *path, const char **call)
{
    (void)path;
    *call = "checking the owner";
    return memory_store.open_error;
}

static DWORD open_file(struct journal_file *file, const wchar_t *directory, uint8_t **bytes,
                       size_t *size)
{
    (void)directory;
    point();
    file->failed_call = "CreateFile";
    if (memory_store.open_error)
        return memory_store.open_error;
    file->handle = GetCurrentProcess();
    file->size = *size = memory_store.size;
    *bytes = malloc(memory_store.size + 1);
    if (!*bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(*bytes, memory_store.bytes, memory_store.size);
    return ERROR_SUCCESS;
}

static void free_bytes(uint8_t *bytes)
{
    free(bytes);
}

static void close_file(struct journal_file *file)
{
    file->handle = NULL;
}

static DWORD write_at(struct journal_file *file, size_t at, const void *bytes, size_t size)
{
    file->failed_call = "WriteFile";
    if (memory_store.write_error && memory_store.writes_left == 0)
        return memory_store.write_error;
    if (memory_store.write_error)
        memory_store.writes_left--;
    if (at + size > sizeof memory_store.bytes)
        return ERROR_DISK_FULL;
    point();
    hold();
    memcpy(memory_store.bytes + at, bytes, size);
    file->size = memory_store.size = at + size;
    let_go();
    memory_store.writes++;
    point();
    return ERROR_SUCCESS;
}

static DWORD append(struct journal_file *file, const void *bytes, size_t size)
{
    return write_at(file, memory_store.size, bytes, size);
}

static DWORD copy_torn(struct journal_file *file, size_t good, wchar_t *name)
{
    (void)file, (void)good;
    wcscpy(name, L"journal.torn-1");
    return ERROR_SUCCESS;
}

static DWORD cut_torn(struct journal_file *file, size_t good, const wchar_t *name)
{
    (void)name;
    hold();
    file->size = memory_store.size = good;
    let_go();
    return ERROR_SUCCESS;
}

static DWORD replace(struct journal_file *file, const void *bytes, size_t size)
{
    return write_at(file, 0, bytes, size);
}

static DWORD WINAPI tick(void)
{
    return memory_store.tick();
}

void memory_store_reset(void)
{
    memset(&memory_store, 0, sizeof memory_store);
    memory_store.tick = GetTickCount;
    incident_store_calls = (struct incident_store_calls){.state_directory_find = find,
                                                         .state_directory_create = check,
                                                         .state_directory_check = check,
                                                         .journal_file_open = open_file,
                                                         .journal_file_free = free_bytes,
                                                         .journal_file_close = close_file,
                                                         .journal_file_append = append,
                                                         .journal_file_copy_torn = copy_torn,
                                                         .journal_file_cut_torn = cut_torn,
                                                         .journal_file_replace = replace,
                                                         .GetTickCount = tick};
}

static bool is_settled(void)
{
    static struct incident incidents[BOOK_INCIDENTS_MAX];
    static struct incident_book book;
    struct book_recovery recovery;
    incident_book_init(&book, incidents);
    hold();
    incident_book_recover(&book, memory_store.bytes, memory_store.size, &recovery);
    let_go();
    for (uint32_t i = 0; i < book.count; i++)
        if (book.incidents[i].state == INCIDENT_DECIDED ||
            book.incidents[i].state == INCIDENT_LOCKED)
            return false;
    return true;
}

bool memory_store_settle(DWORD ms)
{
    for (DWORD begun = GetTickCount(); !is_settled(); Sleep(10))
        if (GetTickCount() - begun > ms)
            return false;
    return true;
}
