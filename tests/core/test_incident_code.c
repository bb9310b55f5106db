/* The payloads of the journal: every field there and back, and nothing taken that makes no sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "incident_fixture.h"

/* The three kinds of records alike. */
struct record_kind {
    size_t size; /* of the struct */
    void (*fill)(void *record);
    size_t (*encode)(uint8_t *to, size_t capacity, const void *record);
    bool (*decode)(void *record, const uint8_t *from, size_t size);
    size_t padding; /* bytes of the struct that are no field's, where int64_t is aligned to 8 */
};

static void fill_incident(void *record)
{
    incident_fill(record);
}

static size_t encode_incident(uint8_t *to, size_t capacity, const void *record)
{
    return incident_encode(to, capacity, record);
}

static bool decode_incident(void *record, const uint8_t *from, size_t size)
{
    return incident_decode(record, from, size);
}

static void fill_restart(void *record)
{
    restart_record_fill(record);
}

static size_t encode_restart(uint8_t *to, size_t capacity, const void *record)
{
    return restart_record_encode(to, capacity, record);
}

static bool decode_restart(void *record, const uint8_t *from, size_t size)
{
    return restart_record_decode(record, from, size);
}

static void fill_position(void *record)
{
    position_record_fill(record);
}

static size_t encode_position(uint8_t *to, size_t capacity, const void *record)
{
    return position_record_encode(to, capacity, record);
}

static bool decode_position(void *record, const uint8_t *from, size_t size)
{
    return position_record_decode(record, from, size);
}

static const struct record_kind kinds[] = {
    {sizeof(struct incident), fill_incident, encode_incident, decode_incident, 38},
    {sizeof(struct restart_record), fill_restart, encode_restart, decode_restart, 10},
    {sizeof(struct position_record), fill_position, encode_position, decode_position, 7},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

union any_record {
    struct incident incident;
    struct restart_record restart;
    struct position_record position;
    uint8_t bytes[1];
};

static uint8_t payload[JOURNAL_PAYLOAD_MAX + 1];

/* ---- there and back ------------------------------------------------------------------------- */

/* Each byte of a filled struct matters, but for padding: changed, the payload changes or is
 * refused. A new field that is not packed adds to the bytes that do not matter. */
static void no_field_is_forgotten(void **state)
{
    (void)state;
    static uint8_t changed[JOURNAL_PAYLOAD_MAX];
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record;
        memset(&record, 0, sizeof record);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(payload, sizeof payload, &record), silent = 0;
        assert_int_not_equal(size, 0);
        for (size_t at = 0; at < kinds[k].size; at++) {
            record.bytes[at] ^= 1; /* false is true then, and the other way round */
            size_t now = kinds[k].encode(changed, sizeof changed, &record);
            silent += now == size && memcmp(changed, payload, size) == 0;
            record.bytes[at] ^= 1;
        }
        assert_int_equal(silent, kinds[k].padding);
    }
}

static void every_field_comes_back(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record, read;
        memset(&record, 0, sizeof record);
        memset(&read, 0, sizeof read);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(payload, sizeof payload, &record);
        assert_in_range(size, 1, JOURNAL_PAYLOAD_MAX);
        assert_true(kinds[k].decode(&read, payload, size));
        assert_memory_equal(&read, &record, kinds[k].size);
    }
}

static void empty_records_come_back(void **state)
{
    (void)state;
    for (size_t k = 1; k < KINDS; k++) {
        static union any_record record, read;
        memset(&record, 0, sizeof record);
        memset(&read, 0xff, sizeof read);
        size_t size = kinds[k].encode(payload, sizeof payload, &record);
        assert_true(kinds[k].decode(&read, payload, size));
        assert_memory_equal(&read, &record, kinds[k].size);
    }
}

static void what_does_not_fit_is_not_written(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record;
        memset(&record, 0, sizeof record);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(NULL, 0, &record);
        memset(payload, 0x5a, sizeof payload);
        assert_int_equal(kinds[k].encode(payload, size - 1, &record), 0);
        for (size_t i = 0; i <= size; i++)
            assert_int_equal(payload[i], 0x5a);
        assert_int_equal(kinds[k].encode(payload, size, &record), size);
        assert_int_equal(payload[size], 0x5a);
    }
}

/* ---- hostile payloads ----------------------------------------------------------------------- */

static void a_payload_cut_short_or_with_more_is_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record, before;
        memset(&record, 0, sizeof record);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(payload, sizeof payload, &record);
        memset(&record, 0xa5, sizeof record);
        before = record;
        payload[size] = 0;
        for (size_t cut = 0; cut <= size + 1; cut++) {
            if (cut == size)
                continue;
            assert_false(kinds[k].decode(&record, payload, cut));
            if (cut % 64 == 0)
                assert_memory_equal(&record, &before, sizeof record);
        }
    }
}

/* Whatever a changed byte makes of a payload: it is refused, and the record stays as it was, or it
 * is taken, and then the very same bytes are written of it again. */
static void a_changed_byte_is_refused_or_means_what_it_says(void **state)
{
    (void)state;
    static uint8_t again[JOURNAL_PAYLOAD_MAX];
    unsigned refused = 0, taken = 0;
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record;
        memset(&record, 0, sizeof record);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(payload, sizeof payload, &record);
        /* Of the long lists of names the first will do. */
        size_t end = size < 2500 ? size : 2500;
        for (size_t at = 1; at < end; at++) {
            static const uint8_t changes[] = {0x01, 0x80, 0xff, 0x55};
            for (size_t c = 0; c < sizeof changes; c++) {
                payload[at] ^= changes[c];
                if (kinds[k].decode(&record, payload, size)) {
                    assert_int_equal(kinds[k].encode(again, sizeof again, &record), size);
                    assert_memory_equal(again, payload, size);
                    taken++;
                } else {
                    refused++;
                }
                payload[at] ^= changes[c];
            }
        }
    }
    assert_true(refused > 200 && taken > 10000);
}

/* What a program of a later version appended is passed over; version 0 there never was. */
static void a_later_version_is_read_as_far_as_it_is_known(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        static union any_record record, read;
        memset(&record, 0, sizeof record);
        memset(&read, 0, sizeof read);
        kinds[k].fill(&record);
        size_t size = kinds[k].encode(payload, sizeof payload, &record);
        payload[0] = 2;
        payload[size] = 0x77;
        assert_true(kinds[k].decode(&read, payload, size + 1));
        assert_memory_equal(&read, &record, kinds[k].size);
        assert_true(kinds[k].decode(&read, payload, size));
        payload[0] = 0;
        assert_false(kinds[k].decode(&read, payload, size));
    }
}

/* The first payload of the format, byte by byte: old journals must be read for ever. */
static void version_1_is_what_it_was(void **state)
{
    (void)state;
    static const uint8_t expected[] = {
        1,                                              /* version */
        0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x02, 0x00, /* steady: now */
        0x04, 0x03, 0x02, 0x01,                         /* tick */
        0x0d, 0x0c, 0x0b, 0x0a,                         /* boot */
        0xe5, 0xb3, 0x3e, 0x4b, 0,    0,    0,    0,    /* wall */
        0x2a, 0,    0,    0,    0,    0,    0,    0,    /* record */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* time: -1 */
        3,    0,    'A',  0,    'p',  0,    'p',  0,    /* channel */
        1,                                              /* clean */
    };
    const struct position_record record = {
        .steady = {0x2334455667788, 0x01020304, 0x0a0b0c0d, 0x4b3eb3e5},
        .record = 42,
        .time = -1,
        .channel = u"App",
        .clean = true};
    assert_int_equal(position_record_encode(payload, sizeof payload, &record), sizeof expected);
    assert_memory_equal(payload, expected, sizeof expected);
}

/* ---- values out of their bounds, one at a time ---------------------------------------------- */

static void assert_refused(const struct incident *incident)
{
    assert_int_equal(incident_encode(payload, sizeof payload, incident), 0);
}

static void assert_taken(const struct incident *incident)
{
    struct incident read;
    size_t size = incident_encode(payload, sizeof payload, incident);
    assert_int_not_equal(size, 0);
    assert_true(incident_decode(&read, payload, size));
}

static struct incident good(void)
{
    struct incident incident = incident_of(1);
    incident.id = 1;
    return incident;
}

static void values_out_of_their_bounds_are_refused(void **state)
{
    (void)state;
    struct incident incident = good();
    assert_taken(&incident);
#define REFUSED(member, value)                                                                     \
    (incident = good(), incident.member = (value), assert_refused(&incident))
#define TAKEN(member, value) (incident = good(), incident.member = (value), assert_taken(&incident))
    REFUSED(id, 0);
    TAKEN(id, INCIDENT_ID_MAX);
    REFUSED(id, INCIDENT_ID_MAX + 1);
    TAKEN(state, INCIDENT_RELEASED);
    REFUSED(state, INCIDENT_STATES);
    TAKEN(ending, ENDING_BY_OTHERS);
    REFUSED(ending, ENDINGS);
    TAKEN(action, LOCK_PASSWORD);
    REFUSED(action, LOCK_PASSWORD + 1);
    TAKEN(escalation, ESCALATION_ALERTED);
    REFUSED(escalation, ESCALATIONS);
    TAKEN(verdict.kind, IDENTITY_ASSUMED);
    REFUSED(verdict.kind, IDENTITY_ASSUMED + 1);
    TAKEN(verdict.flag, FLAG_QUEUE);
    REFUSED(verdict.flag, FLAG_QUEUE + 1);
    TAKEN(verdict.limit.subject, LIMIT_CLIENTS);
    REFUSED(verdict.limit.subject, LIMIT_CLIENTS + 1);
    REFUSED(verdict.limit.count, 0);
    TAKEN(verdict.limit.count, 1);
    TAKEN(verdict.limit.count, LIMIT_COUNT_MAX);
    REFUSED(verdict.limit.count, LIMIT_COUNT_MAX + 1);
    REFUSED(verdict.limit.window, 0);
    TAKEN(verdict.limit.window, 1);
    TAKEN(verdict.limit.window, LIMIT_WINDOW_MAX);
    REFUSED(verdict.limit.window, LIMIT_WINDOW_MAX + 1);
    REFUSED(verdict.top_count, VERDICT_TOP_CLIENTS + 1);
    REFUSED(locked_at, -1);
    TAKEN(locked_at, STEADY_MAX);
    REFUSED(locked_at, STEADY_MAX + 1);
    TAKEN(leak_wall, -STEADY_MAX);
    REFUSED(leak_wall, INT64_MIN);
    REFUSED(leak_wall, INT64_MAX);
#undef REFUSED
#undef TAKEN
}

static void a_sid_is_none_or_whole(void **state)
{
    (void)state;
    static const struct {
        uint32_t size;
        uint8_t revision, count;
        bool good;
    } cases[] = {{0, 0, 0, true},   {28, 1, 5, true},   {28, 1, 4, false}, {28, 1, 6, false},
                 {24, 1, 5, false}, {28, 2, 5, false},  {8, 1, 0, false},  {12, 1, 1, true},
                 {68, 1, 15, true}, {69, 1, 15, false}, {1, 1, 5, false},  {72, 1, 16, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct incident incident = good();
        incident.verdict.sid_size = cases[i].size;
        incident.verdict.sid[0] = cases[i].revision;
        incident.verdict.sid[1] = cases[i].count;
        if (cases[i].good)
            assert_taken(&incident);
        else
            assert_refused(&incident);
    }
}

static void lists_are_bounded(void **state)
{
    (void)state;
    static struct restart_record record;
    record.dependent_count = BOOK_DEPENDENTS_MAX + 1;
    assert_int_equal(restart_record_encode(NULL, 0, &record), 0);
    record = (struct restart_record){.recent_count = BOOK_RESTARTS_MAX + 1};
    assert_int_equal(restart_record_encode(NULL, 0, &record), 0);
    record = (struct restart_record){.phase = RESTART_STOPPED + 1};
    assert_int_equal(restart_record_encode(NULL, 0, &record), 0);

    /* The same in bytes: version, phase, no service, then the number of dependents. */
    record = (struct restart_record){0};
    size_t size = restart_record_encode(payload, sizeof payload, &record);
    for (uint32_t count = 1; count != 0; count *= 2) {
        for (int i = 0; i < 4; i++)
            payload[4 + i] = (uint8_t)(count >> (8 * i));
        assert_false(restart_record_decode(&record, payload, size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_field_is_forgotten),
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(empty_records_come_back),
        cmocka_unit_test(what_does_not_fit_is_not_written),
        cmocka_unit_test(a_payload_cut_short_or_with_more_is_refused),
        cmocka_unit_test(a_changed_byte_is_refused_or_means_what_it_says),
        cmocka_unit_test(a_later_version_is_read_as_far_as_it_is_known),
        cmocka_unit_test(version_1_is_what_it_was),
        cmocka_unit_test(values_out_of_their_bounds_are_refused),
        cmocka_unit_test(a_sid_is_none_or_whole),
        cmocka_unit_test(lists_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
