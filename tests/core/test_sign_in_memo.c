#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/sign_in_memo.h"
#include "evt_builder.h"

static uint64_t memory_of_memo[2 * 1024 * 1024 / 8];
static uint8_t bytes[EVT_RECORD_MAX];

static struct sign_in_memo *new_memo(void)
{
    uint8_t *at = (uint8_t *)memory_of_memo;

    assert_true(sign_in_memo_size() + 64 <= sizeof memory_of_memo);
    memset(memory_of_memo, 0, sizeof memory_of_memo);
    return sign_in_memo_init(at + (64 - (uintptr_t)at % 64));
}

static struct event_record decode(const struct evt_entry *entry, uint32_t number)
{
    struct event_record record;
    size_t size = evt_record(entry, number, bytes);

    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    return record;
}

static struct evt_entry sign_in(struct text client, struct text account)
{
    return (struct evt_entry){.generated = 7,
                              .source = TEXT_OF(u"S"),
                              .computer = TEXT_OF(u"MAIL1"),
                              .strings = {client, TEXT_OF(u"LOGIN"), account},
                              .string_count = 3};
}

/* Takes a record; what the memo says must be what the decoder does. */
static struct sign_in_mark take(struct sign_in_memo *memo, const struct evt_entry *entry,
                                uint32_t number)
{
    struct event_record record = decode(entry, number);
    struct relay_event by_memo, by_decoder;
    struct sign_in_mark mark;
    bool good = event_record_to_relay_event(&record, &by_decoder);

    assert_int_equal(
        sign_in_memo_take(memo, &record, sign_in_memo_expect(memo, &record), &by_memo, &mark),
        good);
    assert_true(mark.place < SIGN_IN_MEMO_PLACES);
    if (!good) {
        assert_int_equal(mark.serial, 0);
        return mark;
    }
    if (mark.serial != 0) {
        memset(&by_memo, 0, sizeof by_memo);
        sign_in_mark_texts(&mark, record.strings, &by_memo);
    }
    assert_ptr_equal(by_memo.client.at, by_decoder.client.at);
    assert_int_equal(by_memo.client.count, by_decoder.client.count);
    assert_ptr_equal(by_memo.method.at, by_decoder.method.at);
    assert_int_equal(by_memo.method.count, by_decoder.method.count);
    assert_ptr_equal(by_memo.account.at, by_decoder.account.at);
    assert_int_equal(by_memo.account.count, by_decoder.account.count);
    return mark;
}

static bool same(struct sign_in_mark a, struct sign_in_mark b)
{
    return a.serial == b.serial && a.place == b.place;
}

static void test_the_same_strings_have_the_same_mark(void **state)
{
    struct sign_in_memo *memo = new_memo();
    const struct evt_entry bob = sign_in(TEXT_OF(u"pc1.example"), TEXT_OF(u"CONTOSO\\bob"));
    const struct evt_entry others[] = {
        sign_in(TEXT_OF(u"pc2.example"), TEXT_OF(u"CONTOSO\\bob")),
        sign_in(TEXT_OF(u"pc1.example"), TEXT_OF(u"CONTOSO\\BOB")),
        sign_in(TEXT_OF(u"pc1.exampl"), TEXT_OF(u"eCONTOSO\\bob")),
        sign_in(TEXT_OF(u""), TEXT_OF(u"CONTOSO\\bob")),
    };
    struct sign_in_mark mark = take(memo, &bob, 1);

    (void)state;
    assert_true(mark.serial != 0);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct sign_in_mark other = take(memo, &others[i], 2);

        assert_true(other.serial != 0 && other.serial != mark.serial);
        assert_true(same(take(memo, &others[i], 3), other));
        assert_true(same(take(memo, &bob, 4), mark));
    }
}

static void test_short_and_long_ones_are_not_remembered(void **state)
{
    struct sign_in_memo *memo = new_memo();
    static char16_t name[100];

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        name[i] = u'n';
    }
    /* Three terminators and LOGIN are 8 units; 88 are remembered in all. */
    for (size_t count = 1; count < 100; count++) {
        const struct evt_entry entry = sign_in(TEXT_OF(u""), (struct text){name, count});

        assert_int_equal(take(memo, &entry, 1).serial != 0, count <= 80);
    }
}

/* The same bytes in a record that has only two strings are no sign-in. */
static void test_the_number_of_strings_counts(void **state)
{
    struct sign_in_memo *memo = new_memo();
    struct evt_entry entry = sign_in(TEXT_OF(u"pc1.example"), TEXT_OF(u"CONTOSO\\bob"));
    struct sign_in_mark mark = take(memo, &entry, 1);
    struct event_record record = decode(&entry, 2);
    struct relay_event event;

    (void)state;
    assert_true(mark.serial != 0);
    record.string_count = 2;
    assert_false(
        sign_in_memo_take(memo, &record, sign_in_memo_expect(memo, &record), &event, &mark));
    assert_int_equal(mark.serial, 0);
}

/* Sign-in number `number` of many. */
static struct evt_entry numbered(uint32_t number, char16_t account[18])
{
    memcpy(account, u"CONTOSO\\user_____", 18 * sizeof *account);
    for (uint32_t digit = 0; digit < 5; digit++, number /= 10) {
        account[16 - digit] = (char16_t)(u'0' + number % 10);
    }
    return sign_in(TEXT_OF(u"pc1.example"), text_of(account));
}

/* Strings that go on where the data is said to begin are known by more than their bytes. */
static void test_strings_that_reach_into_the_data_are_not_remembered(void **state)
{
    struct sign_in_memo *memo = new_memo();
    const struct evt_entry entry = sign_in(TEXT_OF(u"pc1.example"), TEXT_OF(u"CONTOSO\\bob"));
    struct event_record record = decode(&entry, 1);
    struct relay_event event;
    struct sign_in_mark mark;

    (void)state;
    record.strings_size -= 8;
    assert_true(
        sign_in_memo_take(memo, &record, sign_in_memo_expect(memo, &record), &event, &mark));
    assert_int_equal(mark.serial, 0);
    assert_true(text_equal(event.account, TEXT_OF(u"CONTOSO\\bob")));
    /* Nor are they taken for one of the others, when these have all places. */
    char16_t account[18];

    for (uint32_t i = 0; i < SIGN_IN_MEMO_PLACES; i++) {
        const struct evt_entry other = numbered(i, account);

        assert_true(take(memo, &other, i).serial != 0);
    }
    record = decode(&entry, 1);
    record.strings_size -= 8;
    assert_true(
        sign_in_memo_take(memo, &record, sign_in_memo_expect(memo, &record), &event, &mark));
    assert_int_equal(mark.serial, 0);
}

/* Far more sign-ins than there are places: whoever gives way has another mark when it comes back.
 */
static void test_a_mark_never_stands_for_two(void **state)
{
    enum { MANY = 3 * SIGN_IN_MEMO_PLACES };
    struct sign_in_memo *memo = new_memo();
    static uint64_t serials[MANY];
    static uint32_t owner[SIGN_IN_MEMO_PLACES]; /* by place: who was seen there last, and one */
    uint32_t known = 0;

    (void)state;
    for (uint32_t i = 0; i < 2 * MANY; i++) {
        uint32_t who = i < MANY ? i : (i * 7919u) % MANY;
        char16_t account[] = u"CONTOSO\\user_____";

        for (uint32_t digit = 0, rest = who; digit < 5; digit++, rest /= 10) {
            account[16 - digit] = (char16_t)(u'0' + rest % 10);
        }
        const struct evt_entry entry = sign_in(TEXT_OF(u"pc1.example"), text_of(account));
        struct sign_in_mark mark = take(memo, &entry, i);

        assert_true(mark.serial != 0);
        if (mark.serial == serials[who]) {
            assert_int_equal(owner[mark.place], who + 1);
            known++;
        } else {
            for (uint32_t other = who > 50 ? who - 50 : 0; other < who; other++) {
                assert_true(serials[other] != mark.serial);
            }
        }
        serials[who] = mark.serial;
        owner[mark.place] = who + 1;
    }
    assert_true(known > 1000);
}

/* Sign-ins of which the same is expected, so that they compete for places: four are remembered at
 * once, and a fifth takes the place of the first. */
static void test_those_that_compete_are_remembered_by_four(void **state)
{
    enum { EACH = 5, MANY = 99999, EXPECTED = 4 * SIGN_IN_MEMO_PLACES };
    static uint32_t seen[EXPECTED], of[EXPECTED][EACH];
    struct sign_in_memo *memo = new_memo();
    struct sign_in_mark marks[EACH];
    char16_t account[18];
    uint32_t found = EXPECTED;

    (void)state;
    for (uint32_t i = 0; i < MANY && found == EXPECTED; i++) {
        const struct evt_entry entry = numbered(i, account);
        struct event_record record = decode(&entry, 1);
        uint32_t expected = sign_in_memo_expect(memo, &record);

        assert_true(expected < EXPECTED);
        of[expected][seen[expected]++] = i;
        if (seen[expected] == EACH) {
            found = expected;
        }
    }
    assert_true(found < EXPECTED);
    for (uint32_t i = 0; i < EACH; i++) {
        const struct evt_entry entry = numbered(of[found][i], account);

        marks[i] = take(memo, &entry, i);
        assert_int_equal(marks[i].serial, i + 1);
    }
    for (uint32_t i = 1; i < EACH; i++) {
        const struct evt_entry entry = numbered(of[found][i], account);

        assert_true(same(take(memo, &entry, EACH + i), marks[i]));
    }
    const struct evt_entry entry = numbered(of[found][0], account);

    assert_int_equal(take(memo, &entry, 2 * EACH).serial, EACH + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_strings_have_the_same_mark),
        cmocka_unit_test(test_short_and_long_ones_are_not_remembered),
        cmocka_unit_test(test_the_number_of_strings_counts),
        cmocka_unit_test(test_strings_that_reach_into_the_data_are_not_remembered),
        cmocka_unit_test(test_a_mark_never_stands_for_two),
        cmocka_unit_test(test_those_that_compete_are_remembered_by_four),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
