/* bench_guard.c: what a sign-in costs in the guard. 10 million events in order over 2,000 honest
 * accounts under the default limits, resolved to SIDs, a tenth of them from a second client; at the
 * rate of a quiet host, and at one that keeps every account at half its limits. */
#define _POSIX_C_SOURCE 199309L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "core/guard.h"

enum { EVENTS = 10000000, ACCOUNTS = 2000 };

static struct {
    char16_t name[24], client[2][32];
    struct text account, clients[2];
    struct identity identity;
} accounts[ACCOUNTS];

static void make_accounts(void)
{
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        char text[32];
        snprintf(text, sizeof text, "CONTOSO\\user%04u", i);
        text_from_utf8(accounts[i].name, 24, text, NULL);
        snprintf(text, sizeof text, "workstation-%04u", i);
        text_from_utf8(accounts[i].client[0], 32, text, NULL);
        snprintf(text, sizeof text, "laptop-%04u.contoso.com", i);
        text_from_utf8(accounts[i].client[1], 32, text, NULL);
        accounts[i].account = text_of(accounts[i].name);
        accounts[i].clients[0] = text_of(accounts[i].client[0]);
        accounts[i].clients[1] = text_of(accounts[i].client[1]);
        struct identity *identity = &accounts[i].identity;
        *identity = (struct identity){
            .kind = IDENTITY_USER, .sid_size = 28, .name = text_of(accounts[i].name)};
        memset(identity->sid, 0x15, 24);
        memcpy(identity->sid + 24, &i, 4);
    }
}

/* Feeds the events at a steady rate, prints the cost. False: no memory. */
static bool measure(const struct guard_settings *settings, unsigned per_second)
{
    size_t size = guard_size(settings);
    void *memory = calloc(1, size);
    struct guard *guard =
        memory ? guard_init(memory, size, settings, &(struct hash_key){1, 2}) : NULL;
    if (!guard)
        return false;
    struct verdict verdict;
    struct timespec start, end;
    uint32_t state = 1;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (uint32_t i = 0; i < EVENTS; i++) {
        state = state * 1664525u + 1013904223u;
        uint32_t who = (uint32_t)((uint64_t)state * ACCOUNTS >> 32);
        struct relay_event event = {.record = i + 1,
                                    .time = INT64_C(1262304000) + i / per_second,
                                    .client = accounts[who].clients[state % 10240 < 1024],
                                    .account = accounts[who].account};
        guard_feed(guard, &event, &accounts[who].identity, &verdict);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);

    double seconds =
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    struct guard_counters counters;
    guard_count(guard, &counters);
    printf("guard: %2u sign-ins/s: %.2f M events/s, %.1f ns/event, %" PRIu64 " verdicts\n",
           per_second, EVENTS / seconds / 1e6, seconds * 1e9 / EVENTS, counters.verdicts);
    free(memory);
    return true;
}

int main(void)
{
    struct limit_set limits;
    if (!limit_set_parse(TEXT_OF(u"50/10m,200/1h,clients:8/10m"), &limits))
        return 1;
    struct guard_settings settings = {
        .limits = &limits, .max_accounts = 65536, .max_locks_per_hour = 5};
    size_t size = guard_size(&settings);
    printf("guard: %zu bytes for %u accounts, %zu each\n", size, (unsigned)settings.max_accounts,
           (size + settings.max_accounts - 1) / settings.max_accounts);
    make_accounts();
    return measure(&settings, 5) && measure(&settings, 60) ? 0 : 1;
}
