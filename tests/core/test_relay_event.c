/* Records as sign-ins: which are, and what they must hold. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_record.h"
#include "full_record.h"

static struct event_record decoded(const uint8_t *bytes, size_t size)
{
    struct event_record record;

    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    return record;
}

static void test_filter_takes_provider_and_code(void **state)
{
    const struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                               .event_id = 1708};
    struct evt_entry entry = full_record;
    size_t size;
    uint8_t *bytes;
    const struct {
        struct text source;
        uint32_t event_id;
        bool match;
    } cases[] = {
        {TEXT_OF(u"MSExchangeTransport"), 1708, true},
        {TEXT_OF(u"msexchangetransport"), 0x400006ac, true},
        {TEXT_OF(u"MSExchangeTransport"), 0xe00006ac, true}, /* severity, customer bit */
        {TEXT_OF(u"MSExchangeTransport"), 1709, false},
        {TEXT_OF(u"MSExchangeTransport"), 1708u << 16, false},
        {TEXT_OF(u"MSExchangeTransport2"), 1708, false},
        {TEXT_OF(u"MSExchangeTranspor"), 1708, false},
        {TEXT_OF(u"MSExchangeTransporT2"), 1708, false},
        {TEXT_OF(u"MSExchangeIS"), 1708, false},
        {TEXT_OF(u""), 1708, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        entry.source = cases[i].source;
        entry.event_id = cases[i].event_id;
        bytes = build_record(&entry, &size);
        struct event_record record = decoded(bytes, size);

        assert_int_equal(event_record_matches(&record, &filter), cases[i].match);
        free(bytes);
    }
}

static void test_sign_in_of_a_record(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    struct event_record record = decoded(bytes, size);
    struct relay_event event;

    (void)state;
    assert_true(event_record_to_relay_event(&record, &event));
    assert_int_equal(event.record, 42);
    assert_int_equal(event.time, 1262401445);
    assert_true(text_equal(event.client, TEXT_OF(u"client.example")));
    assert_true(text_equal(event.method, TEXT_OF(u"LOGIN")));
    assert_true(text_equal(event.account, TEXT_OF(u"CONTOSO\\bob")));
    assert_true(text_equal(event.origin, TEXT_OF(u"MAIL1")));
    free(bytes);
}

static void test_times_after_2038(void **state)
{
    struct evt_entry entry = full_record;
    size_t size;
    struct relay_event event;

    (void)state;
    entry.generated = UINT32_MAX;
    uint8_t *bytes = build_record(&entry, &size);
    struct event_record record = decoded(bytes, size);

    assert_true(event_record_to_relay_event(&record, &event));
    assert_true(event.time == UINT32_MAX);
    free(bytes);
}

/* Malformed or not, the record can be named. */
static void assert_sign_in(const struct evt_entry *entry, bool well_formed)
{
    size_t size;
    uint8_t *bytes = build_record(entry, &size);
    struct event_record record = decoded(bytes, size);
    struct relay_event event;
    const struct text *const strings[] = {&event.client, &event.method, &event.account};

    memset(&event, 0x5a, sizeof event);
    assert_int_equal(event_record_to_relay_event(&record, &event), well_formed);
    for (size_t i = 0; i < 3; i++) {
        bool is_there = i < entry->string_count;

        assert_true(text_equal(*strings[i], is_there ? entry->strings[i] : (struct text){NULL, 0}));
    }
    assert_int_equal(event.record, 42);
    assert_int_equal(event.time, entry->generated);
    assert_true(text_equal(event.origin, entry->computer));
    free(bytes);
}

static void test_malformed_sign_ins(void **state)
{
    static char16_t wide[RELAY_CLIENT_MAX + 1];
    struct evt_entry entry = full_record;
    const size_t bounds[] = {RELAY_CLIENT_MAX, RELAY_METHOD_MAX, RELAY_ACCOUNT_MAX};

    (void)state;
    /* More than a line of SMTP holds (RFC 5321 4.5.3.1.4), which a client says its name in. */
    assert_true(RELAY_CLIENT_MAX > 512);
    for (size_t i = 0; i <= RELAY_CLIENT_MAX; i++) {
        wide[i] = u'w';
    }
    for (uint16_t count = 0; count < 3; count++) {
        entry.string_count = count;
        assert_sign_in(&entry, false);
    }
    entry.string_count = 3;
    for (size_t i = 0; i < 3; i++) {
        entry.strings[i] = (struct text){wide, bounds[i]};
        assert_sign_in(&entry, true);
        entry.strings[i].count++;
        assert_sign_in(&entry, false);
        entry.strings[i] = TEXT_OF(u"");
        assert_sign_in(&entry, i == 0); /* only what the client says may be empty */
        entry.strings[i] = full_record.strings[i];
    }
}

static void test_well_formed_looks_at_every_string(void **state)
{
    struct text fit = TEXT_OF(u"fit"), broken = TEXT_OF(u"un\0fit"), absent = {NULL, 0};
    struct relay_event event = {.client = fit, .method = fit, .account = fit};
    struct text *strings[] = {&event.client, &event.method, &event.account};

    (void)state;
    assert_true(relay_event_well_formed(&event));
    for (size_t i = 0; i < 3; i++) {
        *strings[i] = broken;
        assert_false(relay_event_well_formed(&event));
        *strings[i] = absent;
        assert_false(relay_event_well_formed(&event));
        *strings[i] = fit;
    }
}

/* A client chooses the case of a mechanism's name, and nobody its other characters. */
static void test_methods_that_can_be(void **state)
{
    static const struct {
        const char16_t *method;
        bool possible;
    } cases[] = {
        {u"LOGIN", true},         {u"login", true},
        {u"NTLM", true},          {u"GSSAPI", true},
        {u"SCRAM-SHA-1", true},   {u"X_TEST", true},
        {u"X-EXPS GSSAPI", true}, {u"AUTH=LOGIN", true},
        {u"\"LOGIN\"", true},     {u"", false},
        {u"LOGIN\n", false},      {u"L\u00d6GIN", false},
        {u"CONTOSO\\bob", false}, {u"bob@contoso", false},
        {u"%1", false},           {u"LOGIN\u202e", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct relay_event event = {.client = TEXT_OF(u"pc"),
                                          .method = text_of(cases[i].method),
                                          .account = TEXT_OF(u"bob")};

        assert_int_equal(relay_event_well_formed(&event), cases[i].possible);
    }
}

/* Every unit that there is, alone and among others. */
static void test_units_that_a_method_may_have(void **state)
{
    static const char possible[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "-_ =+./\"";

    (void)state;
    for (uint32_t unit = 0; unit <= UINT16_MAX; unit++) {
        const char16_t method[] = {u'A', (char16_t)unit};
        struct relay_event event = {
            .client = TEXT_OF(u"pc"), .method = {method, 2}, .account = TEXT_OF(u"bob")};
        bool fits = unit > 0 && unit < 0x80 && strchr(possible, (int)unit) != NULL;

        assert_int_equal(relay_event_within_bounds(&event), fits);
        event.method = (struct text){method + 1, 1};
        assert_int_equal(relay_event_within_bounds(&event), fits);
    }
}

static void test_a_nul_is_found_wherever_it_is(void **state)
{
    struct relay_event event = {
        .client = TEXT_OF(u"pc"), .method = TEXT_OF(u"LOGIN"), .account = TEXT_OF(u"bob")};
    static const struct text broken[] = {TEXT_OF(u"\0"), TEXT_OF(u"\0a"), TEXT_OF(u"a\0")};

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        event.client = broken[i];
        assert_false(relay_event_well_formed(&event));
        event.client = TEXT_OF(u"");
        assert_true(relay_event_well_formed(&event));
        event.account = broken[i];
        assert_false(relay_event_well_formed(&event));
        event.account = TEXT_OF(u"b");
        assert_true(relay_event_well_formed(&event));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter_takes_provider_and_code),
        cmocka_unit_test(test_sign_in_of_a_record),
        cmocka_unit_test(test_times_after_2038),
        cmocka_unit_test(test_malformed_sign_ins),
        cmocka_unit_test(test_well_formed_looks_at_every_string),
        cmocka_unit_test(test_methods_that_can_be),
        cmocka_unit_test(test_units_that_a_method_may_have),
        cmocka_unit_test(test_a_nul_is_found_wherever_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
