#include "process_cost.h"
#include <psapi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

enum { TEXT_MAX = 16384, HANDLES_MAX = 4 << 20 /* bytes */ };

/* Undocumented in the headers, stable since Windows XP: SystemExtendedHandleInformation. */
enum { EXTENDED_HANDLES = 64 };
struct handle_entry {
    PVOID object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT trace, type;
    ULONG attributes, reserved;
};
struct handle_list {
    ULONG_PTR count, reserved;
    struct handle_entry entries[1];
};

static DWORD count_handles(DWORD id)
{
    DWORD found = 0;
    ULONG size;
    struct handle_list *list = malloc(HANDLES_MAX);
    if (list && NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)EXTENDED_HANDLES, list,
                                         HANDLES_MAX, &size) == 0)
        for (ULONG_PTR i = 0; i < list->count; i++)
            found += list->entries[i].process == id;
    free(list);
    return found;
}

static bool read_text(const char *path, char text[TEXT_MAX])
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = fread(text, 1, TEXT_MAX - 1, file);
    fclose(file);
    text[size] = 0;
    return size > 0;
}

/* Whether a process of Linux is of the same Wine prefix as this one. */
static bool is_of_our_prefix(unsigned long id)
{
    char path[MAX_PATH], text[TEXT_MAX], ours[MAX_PATH + 16] = "WINEPREFIX=";
    DWORD got = GetEnvironmentVariableA("WINEPREFIX", ours + strlen(ours), MAX_PATH);
    snprintf(path, sizeof path, "Z:\\proc\\%lu\\environ", id);
    if (got == 0 || got >= MAX_PATH || !read_text(path, text))
        return false;
    for (const char *at = text; *at; at += strlen(at) + 1)
        if (strcmp(at, ours) == 0)
            return true;
    return false;
}

/* The newest process of that name in our prefix; 0: none, or no Linux. */
static unsigned long unix_process(const char *file_name)
{
    WIN32_FIND_DATAA found;
    char path[MAX_PATH], text[TEXT_MAX];
    unsigned long newest = 0;
    HANDLE search = FindFirstFileA("Z:\\proc\\*", &found);
    if (search == INVALID_HANDLE_VALUE)
        return 0;
    do {
        unsigned long id = strtoul(found.cFileName, NULL, 10);
        snprintf(path, sizeof path, "Z:\\proc\\%lu\\comm", id);
        if (id > newest && read_text(path, text) &&
            strncmp(text, file_name, strlen(file_name)) == 0 && is_of_our_prefix(id))
            newest = id;
    } while (FindNextFileA(search, &found));
    FindClose(search);
    return newest;
}

/* Nanoseconds that all its threads were on a processor. */
static double unix_cpu(unsigned long id)
{
    WIN32_FIND_DATAA found;
    char path[MAX_PATH], text[TEXT_MAX];
    double sum = 0;
    snprintf(path, sizeof path, "Z:\\proc\\%lu\\task\\*", id);
    HANDLE search = FindFirstFileA(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return 0;
    do {
        snprintf(path, sizeof path, "Z:\\proc\\%lu\\task\\%s\\schedstat", id, found.cFileName);
        if (found.cFileName[0] != '.' && read_text(path, text))
            sum += strtod(text, NULL);
    } while (FindNextFileA(search, &found));
    FindClose(search);
    return sum;
}

/* What no file stands behind: a log that the lab's DLLs map is nobody's private memory. */
static double unix_memory(unsigned long id)
{
    static const char *const parts[] = {"Anonymous:", "Swap:"};
    char path[MAX_PATH], text[TEXT_MAX];
    double sum = 0;
    snprintf(path, sizeof path, "Z:\\proc\\%lu\\smaps_rollup", id);
    if (!read_text(path, text))
        return 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *at = strstr(text, parts[i]);
        sum += at ? strtod(at + strlen(parts[i]), NULL) * 1024.0 : 0;
    }
    return sum;
}

static double ticks(FILETIME time)
{
    return (double)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

bool process_cost_read(DWORD id, const char *file_name, struct process_cost *cost)
{
    FILETIME created, ended, kernel, user;
    PROCESS_MEMORY_COUNTERS_EX memory = {.cb = sizeof memory};
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id);
    if (!process)
        return false;
    bool known = GetProcessTimes(process, &created, &ended, &kernel, &user) &&
                 GetProcessMemoryInfo(process, (PROCESS_MEMORY_COUNTERS *)&memory, sizeof memory) &&
                 memory.PrivateUsage > 0;
    CloseHandle(process);
    *cost = (struct process_cost){.handles = count_handles(id)};
    if (known) {
        cost->cpu = (ticks(kernel) + ticks(user)) / 1e7;
        cost->memory = (double)memory.PrivateUsage;
        return true;
    }
    unsigned long unix_id = unix_process(file_name);
    cost->cpu = unix_cpu(unix_id) / 1e9;
    cost->memory = unix_memory(unix_id);
    return unix_id != 0;
}
