/* process_cost.h: what a process of another program has used so far. */
#ifndef TESTS_BENCH_PROCESS_COST_H
#define TESTS_BENCH_PROCESS_COST_H

#include <windows.h>
#include <stdbool.h>

struct process_cost {
    double cpu;    /* seconds, user and kernel */
    double memory; /* private bytes */
    DWORD handles;
};

/* Of the process of that id and file name. Wine 8 answers GetProcessTimes and GetProcessMemoryInfo
 * for another process with zeroes; there the figures come from Linux, through drive Z:. False when
 * neither knows. */
bool process_cost_read(DWORD id, const char *file_name, struct process_cost *cost);

#endif
