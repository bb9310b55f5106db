/* What a verb asks of the service, as bytes and back; and every byte of it is checked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/quarantine_request.h"

static struct burst_list clients, read_clients;
static uint8_t bytes[QUARANTINE_REQUEST_SIZE_MAX];
static struct quarantine_request request, read;
static size_t size;

static int set_up(void **state)
{
    (void)state;
    memset(&clients, 0, sizeof clients);
    burst_list_add_client(&clients, burst_list_add(&clients, TEXT_OF(u"bob"), 5, 6),
                          TEXT_OF(u"User"));
    request = (struct quarantine_request){
        .number = 77,
        .task = QUARANTINE_GIVE_BACK,
        .selection = {.kind = SELECT_CLIENTS, .clients = &clients},
        .why = MANIFEST_BY_ACCOUNT,
        .what = u"CONTOSO\\bob",
        .limit = 10000,
        .id = "20261129-082000",
    };
    size = quarantine_request_encode(bytes, sizeof bytes, &request);
    read = (struct quarantine_request){.selection.clients = &read_clients};
    return 0;
}

static void it_is_the_same_when_read(void **state)
{
    (void)state;
    assert_true(size > 0);
    assert_true(quarantine_request_decode(&read, bytes, size));
    assert_int_equal(read.number, 77);
    assert_int_equal(read.task, QUARANTINE_GIVE_BACK);
    assert_int_equal(read.why, MANIFEST_BY_ACCOUNT);
    assert_true(text_equal(text_of(read.what), text_of(request.what)));
    assert_int_equal(read.limit, 10000);
    assert_string_equal(read.id, request.id);
    assert_int_equal(read.selection.kind, SELECT_CLIENTS);
    assert_true(burst_list_has(&read_clients, TEXT_OF(u"USER"), TEXT_OF(u""), 5));
    assert_false(burst_list_has(&read_clients, TEXT_OF(u"other"), TEXT_OF(u""), 5));
}

static void without_a_batch_it_is_of_all(void **state)
{
    (void)state;
    request.id[0] = '\0';
    size = quarantine_request_encode(bytes, sizeof bytes, &request);
    strcpy(read.id, "20261129-082000");
    assert_true(quarantine_request_decode(&read, bytes, size));
    assert_string_equal(read.id, "");
}

static void torn_or_changed_it_is_refused(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < size; cut++)
        assert_false(quarantine_request_decode(&read, bytes, cut));
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x20;
        assert_false(quarantine_request_decode(&read, bytes, size));
        bytes[at] ^= 0x20;
    }
    assert_false(quarantine_request_decode(&read, bytes, size + 1));
}

static void what_makes_no_sense_is_not_written(void **state)
{
    (void)state;
    request.limit = 0;
    assert_int_equal(quarantine_request_encode(bytes, sizeof bytes, &request), 0);
    request.limit = MANIFEST_FILES_MAX + 1;
    assert_int_equal(quarantine_request_encode(bytes, sizeof bytes, &request), 0);
    request.limit = 1;
    strcpy(request.id, "..\\..\\20261129");
    assert_int_equal(quarantine_request_encode(bytes, sizeof bytes, &request), 0);
    assert_int_equal(quarantine_request_encode(bytes, 10, &request), 0);
}

static void it_is_written_where_it_fits(void **state)
{
    (void)state;
    for (size_t capacity = 0; capacity < size; capacity++) {
        memset(bytes, 0x5a, 2 * size);
        assert_int_equal(quarantine_request_encode(bytes, capacity, &request), 0);
        for (size_t at = capacity; at < 2 * size; at++)
            assert_int_equal(bytes[at], 0x5a);
    }
    assert_int_equal(quarantine_request_encode(bytes, size, &request), size);
}

static void its_limit_is_from_one_message_to_all_of_a_batch(void **state)
{
    static const uint32_t limits[] = {1, MANIFEST_FILES_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        request.limit = limits[i];
        size = quarantine_request_encode(bytes, sizeof bytes, &request);
        assert_true(quarantine_request_decode(&read, bytes, size));
        assert_int_equal(read.limit, limits[i]);
    }
}

static void what_nobody_knows_is_not_written(void **state)
{
    (void)state;
    request.task = QUARANTINE_TASKS;
    assert_int_equal(quarantine_request_encode(bytes, sizeof bytes, &request), 0);
    request.task = QUARANTINE_TAKE;
    request.why = MANIFEST_WHYS;
    assert_int_equal(quarantine_request_encode(bytes, sizeof bytes, &request), 0);
    request.why = MANIFEST_BY_LOCK;
    size = quarantine_request_encode(bytes, sizeof bytes, &request);
    assert_true(quarantine_request_decode(&read, bytes, size));
    assert_int_equal(read.why, MANIFEST_BY_LOCK);
    assert_int_equal(read.task, QUARANTINE_TAKE);
}

/* With a checksum that is right. */
static bool decode_payload(uint16_t kind, const uint8_t *payload, uint32_t count)
{
    static uint8_t framed[QUARANTINE_REQUEST_SIZE_MAX];
    size_t written = journal_write(framed, sizeof framed, kind, 1, payload, count);
    assert_true(written > 0);
    return quarantine_request_decode(&read, framed, written);
}

static void what_makes_no_sense_is_not_read(void **state)
{
    enum { REQUEST = 66 };
    static uint8_t payload[QUARANTINE_REQUEST_SIZE_MAX];
    uint32_t count = (uint32_t)(size - JOURNAL_HEAD_SIZE);
    (void)state;
    memcpy(payload, bytes + JOURNAL_HEAD_SIZE, count);
    assert_true(decode_payload(REQUEST, payload, count));
    assert_false(decode_payload(REQUEST, payload, count + 1));
    assert_false(decode_payload(REQUEST, payload, count - 1));
    assert_false(decode_payload(REQUEST, payload, 0));
    assert_false(decode_payload(REQUEST + 1, payload, count));
    payload[count - MANIFEST_ID_SIZE] = 'x'; /* its batch's id */
    assert_false(decode_payload(REQUEST, payload, count));
}

/* It is a file of one frame. */
static void two_of_them_are_none(void **state)
{
    (void)state;
    size += journal_write(bytes + size, sizeof bytes - size, 66, 2, "x", 1);
    assert_false(quarantine_request_decode(&read, bytes, size));
}

/* As many clients as there may be. */
static void the_largest_one_fits(void **state)
{
    (void)state;
    clients.count = SELECTION_BURSTS_MAX;
    clients.client_count = BURST_CLIENTS_MAX;
    for (size_t i = 0; i < SELECTION_BURSTS_MAX; i++)
        for (size_t unit = 0; unit < ACCOUNT_SHOWN_MAX - 1; unit++)
            clients.bursts[i].account[unit] = u'x';
    for (size_t unit = 0; unit < MANIFEST_WHAT_MAX - 1; unit++)
        request.what[unit] = u'y';
    size = quarantine_request_encode(bytes, sizeof bytes, &request);
    assert_true(size > 0);
    assert_true(quarantine_request_decode(&read, bytes, size));
    assert_int_equal(read_clients.client_count, BURST_CLIENTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_the_same_when_read, set_up),
        cmocka_unit_test_setup(without_a_batch_it_is_of_all, set_up),
        cmocka_unit_test_setup(torn_or_changed_it_is_refused, set_up),
        cmocka_unit_test_setup(what_makes_no_sense_is_not_written, set_up),
        cmocka_unit_test_setup(it_is_written_where_it_fits, set_up),
        cmocka_unit_test_setup(its_limit_is_from_one_message_to_all_of_a_batch, set_up),
        cmocka_unit_test_setup(what_nobody_knows_is_not_written, set_up),
        cmocka_unit_test_setup(what_makes_no_sense_is_not_read, set_up),
        cmocka_unit_test_setup(two_of_them_are_none, set_up),
        cmocka_unit_test_setup(the_largest_one_fits, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
