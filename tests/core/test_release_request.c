/* What the release verb asks and is answered, as bytes; and which incidents it means. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/journal.h"
#include "core/release_request.h"
#include "core/text.h"

static struct incident incidents[BOOK_INCIDENTS_MAX];
static struct incident_book book;
static uint64_t ids[BOOK_INCIDENTS_MAX];
static uint32_t count;

static struct incident *add(enum incident_state state, uint8_t who, const char16_t *name)
{
    struct incident *incident = &incidents[book.count++];
    *incident = (struct incident){
        .id = book.count,
        .state = state,
        .locked_at = 1000 + book.count,
        .change.made = true,
        .verdict = {.sid_size = 12, .sid = {1, 1, 0, 0, 0, 0, 0, 5, who}},
    };
    text_copy(incident->verdict.name, ACCOUNT_SHOWN_MAX, text_of(name));
    text_copy(incident->verdict.account, ACCOUNT_SHOWN_MAX, text_of(name));
    return incident;
}

static int set_up(void **state)
{
    (void)state;
    incident_book_init(&book, incidents);
    return 0;
}

static enum release_match match(const char16_t *account)
{
    struct release_request request = {.target = RELEASE_ACCOUNT};
    text_copy(request.account, RELEASE_ACCOUNT_MAX, text_of(account));
    count = 99;
    return release_request_match(&request, &book, ids, &count);
}

static void expect(const char16_t *account, uint64_t id)
{
    assert_int_equal(match(account), RELEASE_FOUND);
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], id);
}

static void an_account_is_found_by_every_name_of_it(void **state)
{
    (void)state;
    struct incident *bob = add(INCIDENT_CONTAINED, 1, u"CONTOSO\\bob");
    text_copy(bob->verdict.account, ACCOUNT_SHOWN_MAX, TEXT_OF(u"bob@contoso.example"));
    add(INCIDENT_LOCKED, 2, u"CONTOSO\\al%ice");
    expect(u"CONTOSO\\bob", 1);
    expect(u"contoso\\BOB", 1);
    expect(u"bob@contoso.example", 1);
    expect(u"bob", 1);
    expect(u"#1", 1);
    expect(u"CONTOSO\\al%ice", 2);
    expect(u"CONTOSO\\al{U+0025}ice", 2); /* as it is shown */
    expect(u"al{U+0025}ice", 2);
    static const char16_t *const others[] = {
        u"bo", u"CONTOSO", u"OTHER\\bob", u"bob@other", u"#3", u"#0",  u"1",
        u"#",  u"#1b",     u"",           u"\\bob",     u"b*", u" bob"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(match(others[i]), RELEASE_NONE);
        assert_int_equal(count, 0);
    }
}

static void a_number_is_a_name_and_no_incident(void **state)
{
    (void)state;
    add(INCIDENT_LOCKED, 1, u"CONTOSO\\bob");
    add(INCIDENT_LOCKED, 2, u"CONTOSO\\1");
    expect(u"1", 2);
    expect(u"#1", 1);
    /* What is asked for with a domain is no user of any domain. */
    add(INCIDENT_LOCKED, 3, u"CONTOSO\\carol@x");
    assert_int_equal(match(u"carol@x"), RELEASE_NONE);
    expect(u"contoso\\carol@x", 3);
    assert_int_equal(match(u"2"), RELEASE_NONE); /* bob is not taken for him */
    add(INCIDENT_LOCKED, 4, u"CONTOSO\\x\\dave");
    assert_int_equal(match(u"x\\dave"), RELEASE_NONE);
}

static void the_same_user_of_two_domains_must_be_told_apart(void **state)
{
    (void)state;
    add(INCIDENT_LOCKED, 1, u"CONTOSO\\bob");
    add(INCIDENT_LOCKED, 2, u"FABRIKAM\\bob");
    assert_int_equal(match(u"bob"), RELEASE_AMBIGUOUS);
    expect(u"fabrikam\\bob", 2);
}

static void of_one_account_all_that_can_be_released_is(void **state)
{
    (void)state;
    struct incident *flag = add(INCIDENT_FLAGGED, 1, u"CONTOSO\\bob");
    flag->verdict.flag = FLAG_BUDGET;
    flag->change.marked = true;
    add(INCIDENT_RELEASED, 1, u"CONTOSO\\bob");
    add(INCIDENT_LOCKED, 1, u"CONTOSO\\bob");
    assert_int_equal(match(u"bob"), RELEASE_FOUND);
    assert_int_equal(count, 2);
    assert_int_equal(ids[0], 1);
    assert_int_equal(ids[1], 3);
    assert_int_equal(match(u"#2"), RELEASE_NONE); /* released already */
}

static void all_and_the_latest(void **state)
{
    (void)state;
    struct release_request request = {.target = RELEASE_LATEST};
    add(INCIDENT_LOCKED, 9, u"CONTOSO\\gone");
    book.count = 0;
    assert_int_equal(release_request_match(&request, &book, ids, &count), RELEASE_NONE);
    assert_int_equal(count, 0);
    add(INCIDENT_LOCKED, 1, u"CONTOSO\\bob");
    assert_int_equal(release_request_match(&request, &book, ids, &count), RELEASE_FOUND);
    assert_int_equal(ids[0], 1);
    add(INCIDENT_CONTAINED, 2, u"CONTOSO\\carol")->locked_at = 9000;
    add(INCIDENT_RESTARTED, 3, u"CONTOSO\\dave");
    add(INCIDENT_DECIDED, 4, u"CONTOSO\\erin")->change.made = false;
    add(INCIDENT_RELEASED, 5, u"CONTOSO\\frank")->locked_at = 9999;
    assert_int_equal(release_request_match(&request, &book, ids, &count), RELEASE_FOUND);
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], 2);
    incidents[2].locked_at = 9000; /* in the same millisecond, but later */
    assert_int_equal(release_request_match(&request, &book, ids, &count), RELEASE_FOUND);
    assert_int_equal(ids[0], 3);
    request.target = RELEASE_ALL;
    assert_int_equal(release_request_match(&request, &book, ids, &count), RELEASE_FOUND);
    assert_int_equal(count, 4);
}

static const struct release_request asked = {.number = UINT64_C(0x123456789abcdef0),
                                             .target = RELEASE_ALL,
                                             .force = true,
                                             .account = u"b\u00f6b"};

static void a_request_comes_back_and_nothing_else_passes_for_one(void **state)
{
    (void)state;
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    struct release_request read = {0};
    size_t size = release_request_encode(bytes, sizeof bytes, &asked);
    assert_in_range(size, 1, sizeof bytes);
    assert_true(release_request_decode(&read, bytes, size));
    assert_int_equal(read.number, asked.number);
    assert_int_equal(read.target, RELEASE_ALL);
    assert_true(read.force);
    assert_true(text_equal(text_of(read.account), text_of(asked.account)));
    struct release_answer answer;
    assert_false(release_answer_decode(&answer, bytes, size));
    for (size_t i = 0; i < size; i++) {
        assert_false(release_request_decode(&read, bytes, i)); /* cut */
        bytes[i] ^= 1;
        assert_false(release_request_decode(&read, bytes, size));
        bytes[i] ^= 1;
    }
    bytes[size] = 0;
    assert_false(release_request_decode(&read, bytes, size + 1));
}

/* In blocks of exactly their size, so that the sanitizers see every step outside them. */
static void a_request_that_finds_no_room_is_not_written(void **state)
{
    (void)state;
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    size_t size = release_request_encode(bytes, sizeof bytes, &asked);
    for (size_t capacity = 1; capacity <= size; capacity++) {
        uint8_t *block = malloc(capacity);
        assert_non_null(block);
        assert_int_equal(release_request_encode(block, capacity, &asked),
                         capacity < size ? 0 : size);
        free(block);
    }
}

/* Whole frames whose payload is not all of one request, or of one answer, or more than that. */
static void a_payload_is_whole_or_refused(void **state)
{
    (void)state;
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX], again[RELEASE_ANSWER_SIZE_MAX];
    static struct release_answer answer = {.number = 7, .done = true, .text = "done"}, answered;
    struct release_request request = {.number = 99};
    size_t size = release_request_encode(bytes, sizeof bytes, &asked) - JOURNAL_HEAD_SIZE;
    for (size_t payload = 0; payload <= size + 1; payload++) {
        size_t framed =
            journal_write(again, sizeof again, 64, 1, bytes + JOURNAL_HEAD_SIZE, (uint32_t)payload);
        assert_int_equal(release_request_decode(&request, again, framed), payload == size);
        assert_int_equal(request.number, payload < size ? 99 : asked.number);
    }
    answered.number = 99;
    size = release_answer_encode(bytes, sizeof bytes, &answer) - JOURNAL_HEAD_SIZE;
    for (size_t payload = 0; payload <= size + 1; payload++) {
        size_t framed =
            journal_write(again, sizeof again, 65, 1, bytes + JOURNAL_HEAD_SIZE, (uint32_t)payload);
        assert_int_equal(release_answer_decode(&answered, again, framed), payload == size);
        assert_int_equal(answered.number, payload < size ? 99 : 7);
    }
    assert_int_equal(release_answer_encode(bytes, JOURNAL_HEAD_SIZE - 1, &answer), 0);
    assert_int_equal(release_answer_encode(bytes, JOURNAL_HEAD_SIZE + size - 1, &answer), 0);
    assert_true(release_answer_encode(bytes, JOURNAL_HEAD_SIZE + size, &answer) > 0);
}

static void what_does_not_fit_writes_nothing_beyond_its_room(void **state)
{
    (void)state;
    static const struct release_answer answer = {.number = 7, .done = true, .text = "done"};
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    for (size_t capacity = 0; capacity < JOURNAL_HEAD_SIZE + 20; capacity++) {
        memset(bytes, 0x5a, sizeof bytes);
        assert_int_equal(release_request_encode(bytes, capacity, &asked) != 0,
                         capacity >= JOURNAL_HEAD_SIZE + 18);
        for (size_t i = capacity; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 0x5a);
        assert_int_equal(release_answer_encode(bytes, capacity, &answer) != 0,
                         capacity >= JOURNAL_HEAD_SIZE + 17);
        for (size_t i = capacity; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 0x5a);
    }
}

/* A whole frame, but its text leaves no room for the terminator. */
static void an_answer_too_long_for_its_text_is_refused(void **state)
{
    (void)state;
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX], payload[8 + 1 + 4 + RELEASE_ANSWER_TEXT_MAX + 1];
    static struct release_answer answer;
    memset(payload + 13, 'x', sizeof payload - 13);
    for (uint32_t length = RELEASE_ANSWER_TEXT_MAX - 1; length <= RELEASE_ANSWER_TEXT_MAX + 1;
         length++) {
        payload[9] = (uint8_t)length;
        payload[10] = (uint8_t)(length >> 8);
        size_t size = journal_write(bytes, sizeof bytes, 65, 1, payload, 13 + length);
        assert_int_equal(release_answer_decode(&answer, bytes, size),
                         length < RELEASE_ANSWER_TEXT_MAX);
        assert_int_equal(strlen(answer.text), RELEASE_ANSWER_TEXT_MAX - 1);
    }
}

static void the_longest_account_fits(void **state)
{
    (void)state;
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    struct release_request request = {.target = RELEASE_ACCOUNT}, read;
    for (size_t i = 0; i < RELEASE_ACCOUNT_MAX - 1; i++)
        request.account[i] = u'x';
    size_t size = release_request_encode(bytes, sizeof bytes, &request);
    assert_true(release_request_decode(&read, bytes, size));
    assert_int_equal(text_of(read.account).count, RELEASE_ACCOUNT_MAX - 1);
}

static void an_answer_comes_back_up_to_its_bound(void **state)
{
    (void)state;
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    static struct release_answer answer = {.number = 7, .done = true}, read;
    for (size_t length = 0; length < RELEASE_ANSWER_TEXT_MAX;
         length = length < 4 ? length + 1 : length * 2 - 1) {
        memset(answer.text, 'x', length);
        answer.text[length] = '\0';
        size_t size = release_answer_encode(bytes, sizeof bytes, &answer);
        assert_true(size > 0);
        memset(&read, 0xff, sizeof read);
        assert_true(release_answer_decode(&read, bytes, size));
        assert_int_equal(read.number, 7);
        assert_true(read.done);
        assert_string_equal(read.text, answer.text);
    }
    memset(answer.text, 'x', RELEASE_ANSWER_TEXT_MAX - 1);
    size_t size = release_answer_encode(bytes, sizeof bytes, &answer);
    assert_true(release_answer_decode(&read, bytes, size));
    struct release_request request;
    assert_false(release_request_decode(&request, bytes, size));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_account_is_found_by_every_name_of_it),
        TEST(a_number_is_a_name_and_no_incident),
        TEST(the_same_user_of_two_domains_must_be_told_apart),
        TEST(of_one_account_all_that_can_be_released_is),
        TEST(all_and_the_latest),
        TEST(a_request_comes_back_and_nothing_else_passes_for_one),
        TEST(a_request_that_finds_no_room_is_not_written),
        TEST(a_payload_is_whole_or_refused),
        TEST(what_does_not_fit_writes_nothing_beyond_its_room),
        TEST(an_answer_too_long_for_its_text_is_refused),
        TEST(the_longest_account_fits),
        TEST(an_answer_comes_back_up_to_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
