/* make_office.c: writes two weeks of a small company as a saved event log: make_office FILE
 *
 * What docs/replay.md shows. People come and go with the working day; a scanner and a shop send all
 * day; in the second week two accounts are abused at night, one fast from a few places, one from
 * many. The same every time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/evt_builder.h"

enum {
    START = 1263772800, /* 2010-01-18, a Monday */
    DAY = 86400,
    DAYS = 14,
    STEP = 60, /* seconds in which everybody has had his turn */
    PEOPLE = 160,
    LOG_SIZE = 24 * 1024 * 1024
};

static uint32_t random_state = 7;

/* 0 to below - 1 */
static uint32_t random_below(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * below >> 32);
}

static void sign_in(struct evt_builder *log, uint32_t time, const char *client, const char *account)
{
    char16_t units[2][64];
    size_t client_count = 0, account_count = 0;

    text_from_utf8(units[0], 64, client, &client_count);
    text_from_utf8(units[1], 64, account, &account_count);
    evt_sign_in(log, time, (struct text){units[0], client_count},
                (struct text){units[1], account_count});
}

/* How many of 10,000 people sign in within a minute of the week, by the hour. */
static uint32_t habit(uint32_t time)
{
    static const uint8_t hours[24] = {1,  1,  0,  0,  1,  3,  12, 45, 90, 80, 70, 60,
                                      40, 65, 75, 70, 60, 40, 18, 10, 7,  6,  4,  2};
    bool weekend = (time - START) / DAY % 7 >= 5;

    return weekend ? hours[time / 3600 % 24] / 12u : hours[time / 3600 % 24] * 2u;
}

/* Each has his second of the minute. */
static void add_people(struct evt_builder *log, uint32_t time)
{
    static const char *const names[] = {"a.weber", "b.novak",  "c.rossi",  "d.keller",
                                        "e.lund",  "f.dubois", "g.okafor", "h.tanaka",
                                        "i.silva", "j.murphy", "k.yilmaz", "l.andersen",
                                        "m.haas",  "n.petrov", "o.costa",  "p.laine"};
    uint32_t second = time % STEP;
    char name[64], client[64];

    for (uint32_t i = second * PEOPLE / STEP; i < (second + 1) * PEOPLE / STEP; i++) {
        /* Some send ten times as much as others. */
        if (random_below(20000) < habit(time) * (1 + i % 16 * i % 11)) {
            snprintf(name, sizeof name, "CONTOSO\\%s%u", names[i % 16], (unsigned)(i / 16 + 1));
            snprintf(client, sizeof client, random_below(8) ? "pc-%03u" : "phone-%03u",
                     (unsigned)i);
            sign_in(log, time, client, name);
        }
    }
}

static void add_machines(struct evt_builder *log, uint32_t time)
{
    uint32_t hour = time / 3600 % 24;

    if (hour >= 7 && hour < 18 && random_below(100) < 1) {
        sign_in(log, time, "scanner-2nd-floor", "CONTOSO\\scanner");
    }
    if (random_below(100) < 3) {
        sign_in(log, time, "web01", "CONTOSO\\shop");
    }
}

static void add_abuse(struct evt_builder *log, uint32_t time)
{
    char client[64];
    uint32_t since = time - START;

    if (since >= 8 * DAY + 7980 && since < 8 * DAY + 7980 + 4 * 3600 && time % 3 == 0) {
        snprintf(client, sizeof client, "[203.0.113.%u]", (unsigned)(1 + random_below(5)));
        sign_in(log, time, client, "CONTOSO\\reception");
    }
    if (since >= 11 * DAY + 79200 && since < 12 * DAY + 30000 && random_below(100) == 0) {
        snprintf(client, sizeof client, "[198.51.100.%u]", (unsigned)(1 + random_below(200)));
        sign_in(log, time, client, "training@contoso.com");
    }
}

int main(int count, char **arguments)
{
    struct evt_builder log;

    if (count != 2) {
        fprintf(stderr, "usage: make_office FILE\n");
        return 2;
    }
    evt_open(&log, LOG_SIZE, EVT_HEADER_SIZE, 1);
    for (uint32_t time = START; time < START + DAYS * DAY; time++) {
        add_people(&log, time);
        add_machines(&log, time);
        add_abuse(&log, time);
    }
    evt_close(&log, false);
    FILE *file = fopen(arguments[1], "wb");
    bool good =
        file != NULL && fwrite(log.file, 1, log.end + EVT_END_SIZE, file) == log.end + EVT_END_SIZE;

    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    if (!good) {
        fprintf(stderr, "make_office: %s cannot be written\n", arguments[1]);
    }
    evt_free(&log);
    return good ? 0 : 1;
}
