#include "evt_listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_time.h"
#include "saved_log_fixture.h"

/* ---- listing -------------------------------------------------------------------------------- */

/* A text in one line: control characters as '~'. */
static void print_text(struct text text)
{
    static char utf8[4 * EVT_RECORD_MAX];

    text_to_utf8(utf8, sizeof utf8, text);
    for (char *at = utf8; *at != '\0'; at++) {
        putchar((unsigned char)*at < ' ' ? '~' : *at);
    }
}

/* S-1-... (learn.microsoft.com sid-components), or nothing. */
static void print_sid(const struct event_record *record)
{
    const uint8_t *start = record->end + 4 - record->size;
    uint32_t size = evt_get_u32(start + 40);
    const uint8_t *sid = start + evt_get_u32(start + 44);

    if (size < 8) {
        return;
    }
    printf("S-%d-%d", sid[0], sid[7]); /* the other bytes of an authority are 0 in practice */
    for (uint32_t i = 0; i < sid[1] && 8 + 4 * i + 4 <= size; i++) {
        printf("-%" PRIu32, evt_get_u32(sid + 8 + 4 * i));
    }
}

static void list_record(const struct event_record *record)
{
    char generated[EVENT_TIME_TEXT_SIZE], written[EVENT_TIME_TEXT_SIZE];
    struct text string;

    event_time_to_text(record->generated, generated);
    event_time_to_text(record->written, written);
    printf("%" PRIu32 "|%s|%s|0x%08" PRIx32 "|%d|%d|%d|", record->number, generated, written,
           record->event_id, record->type, record->category, record->string_count);
    print_text(record->source);
    putchar('|');
    print_text(record->computer);
    putchar('|');
    print_sid(record);
    for (uint32_t i = 0; event_record_string(record, i, &string); i++) {
        putchar('|');
        print_text(string);
    }
    putchar('\n');
}

static int list_records(const char *path)
{
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    struct saved_log log;
    struct event_record record;
    struct memory_file memory = {.bytes = bytes, .size = size};
    const struct saved_log_file file = memory_file(&memory);

    if (bytes == NULL || !saved_log_open(&log, &file, saved_log_window)) {
        free(bytes);
        return 1;
    }
    while (saved_log_next(&log, &record)) {
        list_record(&record);
    }
    free(bytes);
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Records of all shapes: with and without a SID, data, strings. */
static void add_variety(struct evt_builder *builder, uint32_t count, uint32_t seed)
{
    static const uint8_t sid[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    static const struct text words[] = {TEXT_OF(u"one"),           TEXT_OF(u"two words"),
                                        TEXT_OF(u"\u00e9t\u00e9"), TEXT_OF(u"CONTOSO\\bob"),
                                        TEXT_OF(u"pc.example"),    TEXT_OF(u"x")};

    for (uint32_t i = 0; i < count; i++) {
        seed = seed * 1664525 + 1013904223;
        struct evt_entry entry = {.generated = 1300000000 + 60 * i,
                                  .written = 1300000000 + 60 * i + seed % 3,
                                  .event_id = (seed >> 9) & 0xc000ffff,
                                  .type = (uint16_t)(1u << (seed >> 5) % 5),
                                  .category = (uint16_t)(seed >> 11),
                                  .source = words[(seed >> 13) % 6],
                                  .computer = TEXT_OF(u"MAIL1"),
                                  .string_count = (uint16_t)((seed >> 17) % 5)};

        for (uint16_t k = 0; k < entry.string_count; k++) {
            entry.strings[k] = words[(seed >> k) % 6];
        }
        if (entry.string_count > 0 && (seed >> 21) % 3 == 0) { /* else evtexport stops there */
            entry.sid = sid;
            entry.sid_size = sizeof sid;
        }
        if ((seed >> 23) % 3 == 0) {
            entry.data = sid;
            entry.data_size = seed % sizeof sid;
        }
        evt_add(builder, &entry);
    }
}

/* A log that goes round once, so that a record lies across the file's end; `number` moves that end
 * on by a word at a time, from 56 bytes behind the record's beginning (before that there would be
 * filler, where evtexport stops reading) to 4 before its end. */
static void build_split(struct evt_builder *builder, uint32_t number)
{
    enum { SMALL = 4096, BEFORE = 3, COUNT = 12, LEAST = EVENT_RECORD_FIXED_SIZE };
    struct evt_builder measured;
    size_t place = EVT_HEADER_SIZE, size;

    evt_open(&measured, SMALL, EVT_HEADER_SIZE, 1);
    add_variety(&measured, COUNT, number);
    for (int i = 0; i < BEFORE; i++) {
        place += evt_get_u32(measured.file + place);
    }
    size = evt_get_u32(measured.file + place);
    evt_free(&measured);
    size_t behind = LEAST + 4 * (number % ((size - LEAST) / 4));

    evt_open(builder, SMALL, SMALL - (place - EVT_HEADER_SIZE) - behind, 1 + number);
    add_variety(builder, COUNT, number);
}

static int write_log(const char *path, const char *kind, const char *number)
{
    static const char *const kinds[] = {"fresh", "split", "dirty", "torn", "endless", "holed"};
    enum { FRESH, SPLIT, DIRTY, TORN, ENDLESS, HOLED, KINDS };
    struct evt_builder builder;
    uint32_t which = (uint32_t)atoi(number);
    size_t is = 0, at = EVT_HEADER_SIZE;
    FILE *file = fopen(path, "wb");

    while (is < KINDS && strcmp(kind, kinds[is]) != 0) {
        is++;
    }
    if (file == NULL || is == KINDS) {
        return 1;
    }
    if (is == SPLIT || is == DIRTY) {
        build_split(&builder, which);
    } else {
        evt_open(&builder, 2 * RING, EVT_HEADER_SIZE, 1);
        add_variety(&builder, is == FRESH ? which : 20, which);
    }
    evt_close(&builder, is == DIRTY);
    size_t size = builder.size;

    for (uint32_t i = 0; is >= TORN && i < (is == HOLED ? which % 19 : 5); i++) {
        at += evt_get_u32(builder.file + at);
    }
    if (is == TORN) {
        size = at + 4 * (which % (EVENT_RECORD_FIXED_SIZE / 4));
    } else if (is == ENDLESS) {
        memset(builder.file + builder.end, 0, EVT_END_SIZE);
    } else if (is == HOLED) {
        memset(builder.file + at, 0xee, evt_get_u32(builder.file + at));
    }
    bool written = fwrite(builder.file, 1, size, file) == size;

    evt_free(&builder);
    return fclose(file) == 0 && written ? 0 : 1;
}

int evt_listing(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "list") == 0) {
        return list_records(argv[2]);
    }
    if (argc == 5 && strcmp(argv[1], "write") == 0) {
        return write_log(argv[2], argv[3], argv[4]);
    }
    return 1;
}
