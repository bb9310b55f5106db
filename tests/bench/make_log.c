/* make_log.c: writes a saved event log for measuring: make_log RECORDS FILE
 * or its sign-ins as lines of text:                   make_log RECORDS FILE text
 *
 * Four of five records are sign-ins, of 2,000 accounts; five accounts are abused. The same every
 * time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/evt_builder.h"
#include "core/event_time.h"

enum {
    ACCOUNTS = 2000,
    ABUSED = 5,
    RECORD_ROOM = 240,       /* bytes; no record is longer */
    RECORDS_MOST = 17000000, /* so that offsets fit in 32 bits */
    START = 1262304000
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct text text_from(const char *bytes, char16_t units[64])
{
    size_t count = 0;
    text_from_utf8(units, 64, bytes, &count);
    return (struct text){units, count};
}

static void add_other(struct evt_builder *log, uint32_t time)
{
    const struct evt_entry other = {
        .generated = time,
        .written = time,
        .event_id = 0x40000000u | 7002,
        .type = 4,
        .source = TEXT_OF(u"MSExchangeTransport"),
        .computer = TEXT_OF(u"MAIL1"),
        .strings = {TEXT_OF(u"mail.contoso.example"), TEXT_OF(u"RCPT TO:<user@contoso.example>")},
        .string_count = 2};
    evt_add(log, &other);
}

/* The sign-in of a record: who, from where. */
struct sign_in {
    char client[40], account[32];
};

static struct sign_in next_sign_in(uint32_t *random)
{
    struct sign_in sign_in;
    bool abused = next_random(random) % 50 == 0;
    uint32_t who = next_random(random) % (abused ? ABUSED : ACCOUNTS);
    snprintf(sign_in.client, sizeof sign_in.client, "workstation-%u.contoso.example",
             (unsigned)who % 7);
    snprintf(sign_in.account, sizeof sign_in.account,
             abused ? "CONTOSO\\abused%u" : "CONTOSO\\user%u", (unsigned)who);
    return sign_in;
}

static bool write_text(FILE *file, unsigned long records)
{
    uint32_t random = 1;
    for (unsigned long i = 0; i < records; i++) {
        char time[EVENT_TIME_TEXT_SIZE];
        if (i % 5 == 4)
            continue;
        struct sign_in sign_in = next_sign_in(&random);
        event_time_to_text(START + (int64_t)(i / 20), time);
        time[10] = ' ';
        time[19] = '\0';
        fprintf(file, "%s MAIL1 MSExchangeTransport: 1708 client %s method LOGIN user %s\n", time,
                sign_in.client, sign_in.account);
    }
    return !ferror(file);
}

static bool write_log(FILE *file, unsigned long records)
{
    struct evt_builder log;
    uint32_t random = 1;
    evt_open(&log, records * RECORD_ROOM + 128, EVT_HEADER_SIZE, 1);
    for (unsigned long i = 0; i < records; i++) {
        uint32_t time = START + (uint32_t)(i / 20);
        char16_t account[64], client[64];
        if (i % 5 == 4) {
            add_other(&log, time);
            continue;
        }
        struct sign_in sign_in = next_sign_in(&random);
        evt_sign_in(&log, time, text_from(sign_in.client, client),
                    text_from(sign_in.account, account));
    }
    evt_close(&log, false);
    size_t size = log.end + EVT_END_SIZE;
    bool good = fwrite(log.file, 1, size, file) == size;
    evt_free(&log);
    return good;
}

int main(int count, char **arguments)
{
    unsigned long records = count >= 3 ? strtoul(arguments[1], NULL, 10) : 0;
    bool text = count == 4 && strcmp(arguments[3], "text") == 0;
    if (records == 0 || records > RECORDS_MOST || (count != 3 && !text)) {
        fprintf(stderr, "usage: make_log RECORDS FILE [text]\n");
        return 2;
    }
    FILE *file = fopen(arguments[2], "wb");
    bool good = file && (text ? write_text : write_log)(file, records);
    if (file && fclose(file))
        good = false;
    if (!good)
        fprintf(stderr, "make_log: %s cannot be written\n", arguments[2]);
    return good ? 0 : 1;
}
