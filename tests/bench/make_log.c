/* make_log.c: writes a saved event log for measuring: make_log RECORDS FILE
 *
 * Four of five records are sign-ins, of 2,000 accounts; five accounts are abused. The same every
 * time.
 */
#include <stdio.h>
#include <stdlib.h>
#include "../core/evt_builder.h"

enum { ACCOUNTS = 2000, ABUSED = 5, RECORD_ROOM = 320, START = 1262304000 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct text name_of(const char *format, uint32_t number, char16_t units[64])
{
    char bytes[64];
    size_t count = 0;
    snprintf(bytes, sizeof bytes, format, (unsigned)number);
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
    unsigned long records = count == 3 ? strtoul(arguments[1], NULL, 10) : 0;
    if (records == 0 || records > 10000000) {
        fprintf(stderr, "usage: make_log RECORDS FILE\n");
        return 2;
    }
    struct evt_builder log;
    uint32_t random = 1;
    evt_open(&log, records * RECORD_ROOM, 48, 1);
    for (unsigned long i = 0; i < records; i++) {
        uint32_t time = START + (uint32_t)(i / 20);
        char16_t account[64], client[64];
        if (i % 5 == 4) {
            add_other(&log, time);
            continue;
        }
        bool abused = next_random(&random) % 50 == 0;
        uint32_t who = next_random(&random) % (abused ? ABUSED : ACCOUNTS);
        evt_sign_in(&log, time, name_of("pc%u.example", who % 7, client),
                    name_of(abused ? "CONTOSO\\abused%u" : "CONTOSO\\user%u", who, account));
    }
    evt_close(&log, false);
    FILE *file = fopen(arguments[2], "wb");
    bool good = file && fwrite(log.file, 1, log.size, file) == log.size;
    if (file && fclose(file))
        good = false;
    if (!good)
        fprintf(stderr, "make_log: %s cannot be written\n", arguments[2]);
    evt_free(&log);
    return good ? 0 : 1;
}
