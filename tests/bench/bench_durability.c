/* bench_durability.c: what it costs that an incident is durable: the five puts of a plain
 * lock-down, through the store and the real file, beside bare writes and flushes of the same bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include "app/incident_store.h"
#include "../core/incident_fixture.h"

enum { ROUNDS = 200, PUTS = 5 };

static wchar_t folder[MAX_PATH];
static struct incident_store store;

static DWORD find_folder(wchar_t *path, const char **failed_call)
{
    (void)failed_call;
    wcscpy(path, folder);
    return ERROR_SUCCESS;
}

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
    fprintf(stderr, "bench_durability: %s failed\n", what);
    exit(1);
}

/* Decided, about to be locked, locked, about to restart SMTP, restarted. Returns ms. */
static double put_incident(uint32_t number, size_t sizes[PUTS])
{
    struct incident incident = incident_of(number);
    struct restart_record restart = {.phase = RESTART_STOPPING, .service = L"SMTPSVC"};
    uint64_t before = store.file.size;
    double start = now();
    for (size_t i = 0; i < PUTS; i++) {
        DWORD error;
        incident.state = i < 2 ? INCIDENT_DECIDED : i < 4 ? INCIDENT_LOCKED : INCIDENT_RESTARTED;
        if (i == 3)
            error = incident_store_put_restart(&store, &restart);
        else
            error = incident_store_put(&store, &incident);
        need(error == ERROR_SUCCESS, "a put");
        sizes[i] = (size_t)(store.file.size - before);
        before = store.file.size;
    }
    return now() - start;
}

static double write_bare(HANDLE file, const size_t sizes[PUTS])
{
    static uint8_t bytes[JOURNAL_PAYLOAD_MAX];
    double start = now();
    for (size_t i = 0; i < PUTS; i++) {
        DWORD written;
        need(WriteFile(file, bytes, (DWORD)sizes[i], &written, NULL) && FlushFileBuffers(file),
             "a bare write");
    }
    return now() - start;
}

static int by_size(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double *times)
{
    qsort(times, ROUNDS, sizeof *times, by_size);
    return times[ROUNDS / 2];
}

int main(void)
{
    static double durable[ROUNDS], bare[ROUNDS];
    wchar_t path[MAX_PATH];
    const char *call;
    size_t sizes[PUTS], sum = 0;
    need(GetTempPathW(MAX_PATH - 64, folder) > 0, "GetTempPathW");
    swprintf(folder + wcslen(folder), 64, L"relaylock-bench-%lu", GetCurrentProcessId());
    incident_store_calls.state_directory_find = find_folder;
    need(incident_store_init(&store) == ERROR_SUCCESS, "incident_store_init");
    need(incident_store_open(&store), "incident_store_open");
    swprintf(path, MAX_PATH, L"%ls\\bare", folder);
    HANDLE file =
        CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    need(file != INVALID_HANDLE_VALUE, "CreateFileW");

    for (uint32_t i = 0; i < ROUNDS; i++) { /* in turns, so that both meet the same disk */
        durable[i] = put_incident(i + 1, sizes);
        bare[i] = write_bare(file, sizes);
    }
    for (size_t i = 0; i < PUTS; i++)
        sum += sizes[i];
    double one = median(durable), other = median(bare);
    printf("  one incident, %d durable puts, %u bytes  %8.3f ms\n", PUTS, (unsigned)sum, one);
    printf("  bare writes and flushes of the same     %8.3f ms  ratio %.2f\n", other, one / other);

    CloseHandle(file);
    incident_store_end(&store);
    need(journal_file_delete(folder, &call) == ERROR_SUCCESS &&
             state_directory_remove(folder, &call) == ERROR_SUCCESS,
         "clearing away");
    return 0;
}
