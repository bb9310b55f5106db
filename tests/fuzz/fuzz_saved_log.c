/* fuzz_saved_log.c: hostile bytes as a saved event log. libFuzzer; the first byte says in what way.
 *
 * Whatever comes in: the walk ends, every record is one that the decoder takes, all bytes are
 * accounted for, and the quick ways (records decoded by likeness, sign-ins known by their bytes, a
 * window taken away and given back) say the same as the plain ones.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../core/memory_file.h"
#include "core/saved_log.h"
#include "core/sign_in_memo.h"
#include "must.h"

enum { SIZE_MOST = 8192, RECORDS_MOST = SIZE_MOST / EVENT_RECORD_MIN_SIZE + 2 };

static uint64_t window[SAVED_LOG_WINDOW_SIZE / 8], other_window[SAVED_LOG_WINDOW_SIZE / 8];
static uint64_t file_words[SIZE_MOST / 8 + 8];

/* What the plain walk found. */
static struct plain {
    uint32_t numbers[RECORDS_MOST], sizes[RECORDS_MOST];
    size_t count;
    uint64_t skipped;
    bool incomplete;
} plain;

static void check_record(const struct event_record *record)
{
    struct event_record again;
    const uint8_t *start = record->end + sizeof(uint32_t) - record->size;
    struct text string;

    must(event_record_decode(start, record->size, &again) == EVENT_RECORD_OK, "no record");
    must(again.number == record->number && again.event_id == record->event_id &&
             again.generated == record->generated && again.written == record->written &&
             again.string_count == record->string_count && again.strings == record->strings &&
             again.strings_size == record->strings_size && again.end == record->end &&
             again.source.at == record->source.at && again.source.count == record->source.count &&
             again.computer.at == record->computer.at &&
             again.computer.count == record->computer.count,
         "decoded otherwise the second time");
    for (uint32_t i = 0; i < record->string_count && event_record_string(record, i, &string); i++) {
        must((const uint8_t *)(string.at + string.count) < record->end,
             "a string that does not end");
    }
}

static bool same_text(struct text a, struct text b)
{
    return a.at == b.at && a.count == b.count;
}

/* Holds the memo against the decoder. */
static void check_sign_in(const struct event_record *record)
{
    static struct sign_in_memo *memo;
    struct relay_event by_memo, by_decoder;
    struct sign_in_mark mark;

    if (memo == NULL) {
        memo = sign_in_memo_init(aligned_alloc(64, (sign_in_memo_size() + 63) / 64 * 64));
        memset(memo, 0, sign_in_memo_size());
    }
    bool good = event_record_to_relay_event(record, &by_decoder);

    must(sign_in_memo_take(memo, record, sign_in_memo_expect(memo, record), &by_memo, &mark) ==
             good,
         "a sign-in for one, not for all");
    if (mark.serial != 0) {
        sign_in_mark_texts(&mark, record->strings, &by_memo);
    }
    must(!good || (same_text(by_memo.client, by_decoder.client) &&
                   same_text(by_memo.method, by_decoder.method) &&
                   same_text(by_memo.account, by_decoder.account)),
         "another sign-in");
}

static void walk_plainly(const struct saved_log *opened)
{
    struct saved_log log = *opened;
    struct event_record record;
    uint64_t bytes = 0, before = opened->skipped; /* of the header */

    plain.count = 0;
    while (saved_log_next(&log, &record)) {
        must(plain.count < RECORDS_MOST, "more records than there can be");
        check_record(&record);
        check_sign_in(&record);
        plain.numbers[plain.count] = record.number;
        plain.sizes[plain.count++] = record.size;
        bytes += record.size;
        must(log.skipped - before == log.passed, "passed over and not said");
        before = log.skipped;
    }
    must(!saved_log_next(&log, &record), "a record behind the end");
    must(!log.failed, "a file that can be read could not be");
    /* What is neither is filler, at most once. */
    bytes += log.skipped - opened->skipped;
    must(bytes <= log.length && log.length - bytes < 56, "bytes that nobody accounts for");
    must((log.damaged == 0) == (log.skipped == 0), "damage without a place");
    plain.skipped = log.skipped;
    plain.incomplete = log.incomplete;
}

static void walk_quickly(const struct saved_log *opened, uint8_t how)
{
    const struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                               .event_id = 1708};
    struct saved_log log = *opened;
    struct event_found found[8];
    struct event_shapes shapes;
    size_t count = 0;

    event_shapes_init(&shapes, &filter);
    while (saved_log_next(&log, &found[0].record)) {
        size_t beside =
            (how & 2) != 0 ? saved_log_next_beside(&log, &shapes, found + 1, how % 7 + 1) : 0;

        for (size_t i = 0; i <= beside; i++) {
            const struct event_record *record = &found[i].record;

            must(count < plain.count && plain.numbers[count] == record->number &&
                     plain.sizes[count] == record->size,
                 "another record by the quick way");
            must(i == 0 || found[i].matches == event_record_matches(record, &filter),
                 "another event by the quick way");
            check_record(record);
            check_sign_in(record);
            count++;
        }
        if ((how & 1) != 0 && count % 3 == 0) {
            saved_log_take_window(&log);
            saved_log_give_window(&log, count % 2 == 0 ? window : other_window);
        }
    }
    must(count == plain.count && log.skipped == plain.skipped && log.incomplete == plain.incomplete,
         "another end by the quick way");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t header[] = {48, 0, 0, 0, 'L', 'f', 'L', 'e'};
    uint8_t *file = (uint8_t *)file_words, how = size > 0 ? data[0] : 0;
    struct saved_log log;

    if (size < 2 || size > SIZE_MOST) {
        return 0;
    }
    memcpy(file, data + 1, size - 1);
    if ((how & 0x80) == 0 && size - 1 >= sizeof header) {
        memcpy(file, header, sizeof header); /* so that not every change of these is in vain */
    }
    struct memory_file memory = {.bytes = file, .size = size - 1};
    const struct saved_log_file source = memory_file(&memory);

    must_fill(&log, sizeof log);
    if (!saved_log_open(&log, &source, window)) {
        must_stay(&log, sizeof log, "no log, and yet written");
        return 0;
    }
    /* Without a header all is also searched for where it ends, and for a record. */
    must(memory.bytes_read <= (log.skipped > 0 || log.incomplete ? 6 : 4) * memory.size + 4096,
         "too much is read to find the ends");
    walk_plainly(&log);
    walk_quickly(&log, how);
    return 0;
}
