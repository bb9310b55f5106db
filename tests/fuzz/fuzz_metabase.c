/* fuzz_metabase.c: hostile bytes as MetaBase.xml. libFuzzer; the first byte says in what way.
 *
 * Whatever comes in: fed whole or in pieces, the same is told; what is told is bounded, terminated
 * and not empty. Of a file that was written as IIS does, all that is looked for is told, in its
 * order, and nothing else.
 */
#include <stdlib.h>
#include <string.h>
#include "core/metabase_scan.h"
#include "input.h"
#include "must.h"

enum { TOLD_MAX = 1 << 16, FILE_MAX = 1 << 17, ELEMENTS_MAX = 20, ATTRIBUTES_MAX = 8 };

/* What was told: of each, the setting's number and the terminated value. */
struct told {
    char bytes[TOLD_MAX];
    size_t used;
};

static struct told whole, pieces, written;
static char file[FILE_MAX];
static size_t file_used;

static void put_told(struct told *told, enum metabase_setting setting, const char *value)
{
    size_t size = strlen(value) + 1;
    must(setting < METABASE_SETTINGS, "a setting that is none");
    must(size > 1 && size <= METABASE_VALUE_MAX, "a value out of its bounds");
    must(told->used + 1 + size <= TOLD_MAX, "more is told than there is");
    told->bytes[told->used++] = (char)setting;
    memcpy(told->bytes + told->used, value, size);
    told->used += size;
}

static void tell(void *context, enum metabase_setting setting, const char *value)
{
    put_told(context, setting, value);
}

static void scan(struct told *told, const void *bytes, size_t size, size_t piece)
{
    /* In a block of their own, so that the sanitizers see what is kept of a piece that is gone. */
    struct metabase_scan scan;
    told->used = 0;
    metabase_scan_init(&scan, tell, told);
    for (size_t at = 0; at < size; at += piece) {
        size_t count = size - at < piece ? size - at : piece;
        char *block = malloc(count);
        must(block != NULL, "no memory");
        memcpy(block, (const char *)bytes + at, count);
        metabase_scan_feed(&scan, block, count);
        free(block);
    }
}

static bool is_same(const struct told *a, const struct told *b)
{
    return a->used == b->used && memcmp(a->bytes, b->bytes, a->used) == 0;
}

static void check(const void *bytes, size_t size, size_t piece)
{
    scan(&whole, bytes, size, size + 1);
    scan(&pieces, bytes, size, piece);
    must(is_same(&whole, &pieces), "what is told depends on the pieces");
}

/* ---- as IIS writes it -------------------------------------------------------------------------
 */

static void put(const char *bytes)
{
    size_t size = strlen(bytes);
    must(file_used + size <= FILE_MAX, "no room for a file");
    memcpy(file + file_used, bytes, size);
    file_used += size;
}

static void put_value(const char *value)
{
    for (; *value; value++) {
        const char plain[2] = {*value, '\0'};
        put(*value == '&'    ? "&amp;"
            : *value == '<'  ? "&lt;"
            : *value == '>'  ? "&gt;"
            : *value == '"'  ? "&quot;"
            : *value == '\'' ? "&apos;"
                             : plain);
    }
}

static const char *const names[] = {
    "QueueDirectory", "FullyQualifiedDomainName", "DefaultDomain",        "DefaultLogonDomain",
    "Location",       "PickupDirectory",          "QueueDirectoryAndMore"};

/* As an attribute of its own, or of a Custom element. */
static void put_attribute(struct input *input, bool wanted, bool custom)
{
    uint8_t which = input_u8(input) % (sizeof names / sizeof *names);
    const uint8_t *bytes;
    char value[256];
    size_t size = input_bytes(input, input_u8(input), &bytes);
    memcpy(value, bytes, size);
    value[size] = '\0';
    put(input_u8(input) % 2 == 0 ? "\r\n\t\t" : " ");
    put(custom ? "Name=\"" : "");
    put(names[which]);
    put(custom ? "\" ID=\"1\" Value=\"" : "=\"");
    size_t start = file_used;
    put_value(value);
    size_t written_size = file_used - start;
    put("\"");
    if (wanted && which < METABASE_SETTINGS && written_size > 0 &&
        written_size < METABASE_VALUE_MAX)
        put_told(&written, (enum metabase_setting)which, value);
}

static void write_file(struct input *input)
{
    static const char *const elements[] = {"IIsSmtpService", "IIsSmtpServer", "IIsWebServer",
                                           "IIsSmtpServerX", "Custom"};
    bool wanted = false;
    file_used = written.used = 0;
    put("<?xml version =\"1.0\"?>\r\n<configuration xmlns=\"urn:microsoft\">\r\n<MBProperty>\r\n");
    for (int i = 0; i < ELEMENTS_MAX && input->left > 0; i++) {
        uint8_t which = input_u8(input) % (sizeof elements / sizeof *elements);
        bool custom = which == 4;
        uint8_t attributes = input_u8(input) % ATTRIBUTES_MAX;
        wanted = custom ? wanted : which < 2;
        put("<");
        put(elements[which]);
        for (int j = 0; j < attributes; j++)
            put_attribute(input, wanted, custom);
        put(custom ? " />\r\n" : "\r\n>\r\n");
    }
    put("</MBProperty>\r\n</configuration>\r\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (size == 0)
        return 0;
    uint8_t how = input_u8(&input);
    if (how % 2 == 0) {
        check(input.at, input.left, 1 + how / 2u);
        return 0;
    }
    write_file(&input);
    check(file, file_used, 1 + how / 2u);
    must(is_same(&whole, &written), "other settings than were written");
    return 0;
}
