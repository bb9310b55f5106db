/* lab.c: the lab's tool: what goes wrong, who has an account, what the log says. */
#include "lab.h"

#include <stdio.h>
#include <string.h>

#include "lab_faults.h"

static const char usage[] =
    "lab install EXE...                     EXE... use the lab; its EventLog service is "
    "registered\n"
    "lab reset                              empty logs, built-in accounts, no faults\n"
    "lab status                             faults and logs\n"
    "lab fault NAME=VALUE...                something goes wrong (lab fault: the names)\n"
    "lab fault clear                        all is well again\n"
    "lab user add NAME [--domain] [--admin] [--disabled] [--password PASSWORD]\n"
    "lab user show|delete|enable|disable NAME [--domain]\n"
    "lab log show [N] [SOURCE]              the latest N (20), as Event Viewer would\n"
    "lab log clear [LOG]\n"
    "lab log size BYTES [--keep] [LOG]      empties it; --keep: full means full\n"
    "lab log report N SOURCE ID STRING...   writes N events\n"
    "lab log save FILE [LOG]                what EvtQueryFilePath reads\n"
    "lab log load FILE [LOG]                writes the records of an .evt that never wrapped\n";

int lab_fail(const char *call, DWORD error)
{
    fprintf(stderr, "lab: %s: error %lu\n", call, error);
    return 1;
}

static int fault(int count, wchar_t **words)
{
    for (int i = 0; i < count; i++) {
        wchar_t *value = wcschr(words[i], L'=');
        if (value != NULL)
            *value++ = 0;
        if (!lab_fault_set(words[i], value == NULL ? L"1" : value)) {
            fprintf(stderr, "lab: no such fault, or no value of it: %ls\n", words[i]);
            return 1;
        }
    }
    for (unsigned i = 0; count == 0 && lab_fault_name(i) != NULL; i++)
        printf("%ls=%ld\n", lab_fault_name(i), lab_fault((enum lab_fault)i));
    return 0;
}

static bool is(const wchar_t *word, const wchar_t *other)
{
    return _wcsicmp(word, other) == 0;
}

int wmain(int count, wchar_t **words)
{
    DWORD error = lab_open();
    if (error != ERROR_SUCCESS)
        return lab_fail("opening C:\\lab\\store", error);
    if (count >= 3 && is(words[1], L"install"))
        return lab_install(count - 2, words + 2);
    if (count == 2 && is(words[1], L"reset")) {
        error = lab_create();
        return error == ERROR_SUCCESS ? 0 : lab_fail("lab_create", error);
    }
    if (count == 2 && is(words[1], L"status"))
        return lab_show_status();
    if (count >= 2 && is(words[1], L"fault"))
        return fault(count - 2, words + 2);
    if (count >= 4 && is(words[1], L"user") && is(words[2], L"show"))
        return lab_show_user(count - 3, words + 3);
    if (count >= 4 && is(words[1], L"user"))
        return lab_change_user(count - 2, words + 2);
    if (count >= 3 && is(words[1], L"log") && is(words[2], L"show"))
        return lab_show_log(count - 3, words + 3);
    if (count >= 4 && is(words[1], L"log") && is(words[2], L"save"))
        return lab_save_log(count - 3, words + 3);
    if (count >= 4 && is(words[1], L"log") && is(words[2], L"load"))
        return lab_load_log(count - 3, words + 3);
    if (count >= 3 && is(words[1], L"log"))
        return lab_change_log(count - 2, words + 2);
    fputs(usage, stderr);
    return 2;
}
