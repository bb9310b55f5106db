/* make_history.c: writes a saved log with a random history of sign-ins up to now:
 *     make_history SEED NOW FILE.evt
 * and prints the limits that it is to be held against. The same for the same SEED and NOW (seconds
 * since 1970-01-01 UTC). Accounts are of no other SEED. All lies within 50 minutes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../core/evt_builder.h"

enum { SPAN = 3000, EVENTS = 400, ACCOUNTS = 6, CLIENTS = 6, LOG_SIZE = 1 << 18 };

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % bound);
}

static struct text name_of(const char *format, unsigned seed, unsigned number, char16_t units[64])
{
    char bytes[64];
    size_t count = 0;
    snprintf(bytes, sizeof bytes, format, seed, number);
    text_from_utf8(units, 64, bytes, &count);
    return (struct text){units, count};
}

static void add_other(struct evt_builder *log, uint32_t time)
{
    const struct evt_entry other = {.generated = time,
                                    .written = time,
                                    .event_id = 0x40000000u | 7002,
                                    .type = 4,
                                    .source = TEXT_OF(u"MSExchangeTransport"),
                                    .computer = TEXT_OF(u"MAIL1"),
                                    .strings = {TEXT_OF(u"mail.example"), TEXT_OF(u"RCPT")},
                                    .string_count = 2};
    evt_add(log, &other);
}

int main(int count, char **arguments)
{
    /* Each with a window that reaches over all of it: so far back the service reads when it starts.
     */
    static const char *const limits[] = {"8/5m,clients:4/10m,10000/1h", "12/20m,10000/1h",
                                         "5/1m,30/1h", "clients:3/1h", "20/1h,6/30s"};
    if (count != 4) {
        fprintf(stderr, "usage: make_history SEED NOW FILE.evt\n");
        return 2;
    }
    unsigned seed = (unsigned)strtoul(arguments[1], NULL, 10);
    uint32_t time = (uint32_t)strtoul(arguments[2], NULL, 10) - SPAN;
    struct evt_builder log;
    state = seed * 0x9e3779b97f4a7c15u + 1;
    evt_open(&log, LOG_SIZE, EVT_HEADER_SIZE, 1);
    uint32_t burst = 0, who = 0;
    for (unsigned i = 0; i < EVENTS; i++) {
        char16_t account[64], client[64];
        time += burst > 0 ? below(4) : below(2 * SPAN / EVENTS - 2);
        if (below(8) == 0)
            add_other(&log, time);
        if (burst > 0)
            burst--;
        else if (below(40) == 0)
            burst = below(30);
        who = burst > 0 ? who : below(ACCOUNTS);
        evt_sign_in(&log, time,
                    name_of("pc%u-%u.example", seed, below(burst > 0 ? 2 : CLIENTS), client),
                    name_of(below(2) ? "h%u-user%u" : "H%u-User%u", seed, who, account));
    }
    evt_close(&log, false);
    FILE *file = fopen(arguments[3], "wb");
    bool good = file && fwrite(log.file, 1, log.size, file) == log.size;
    if (file && fclose(file))
        good = false;
    evt_free(&log);
    if (!good) {
        fprintf(stderr, "make_history: %s cannot be written\n", arguments[3]);
        return 1;
    }
    puts(limits[seed % (sizeof limits / sizeof *limits)]);
    return 0;
}
