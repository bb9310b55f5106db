#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"

void fixture_prepare(struct fixture *fixture, const char16_t *limits)
{
    memset(fixture, 0, sizeof *fixture);
    assert_true(limit_set_parse(text_of(limits), &fixture->limits));
    fixture->settings = (struct guard_settings){
        .limits = &fixture->limits, .max_accounts = 64, .max_locks_per_hour = 5};
}

void fixture_start(struct fixture *fixture)
{
    size_t size = guard_size(&fixture->settings);
    assert_true(size > 0);
    fixture->memory = calloc(1, size);
    assert_non_null(fixture->memory);
    fixture->guard = guard_init(fixture->memory, size, &fixture->settings,
                                &(struct hash_key){0x0706050403020100, 0x0f0e0d0c0b0a0908});
    assert_non_null(fixture->guard);
}

void fixture_end(struct fixture *fixture)
{
    free(fixture->memory);
    fixture->memory = NULL;
    fixture->guard = NULL;
}

struct identity fixture_user(const char16_t *name, uint32_t number)
{
    static const uint8_t domain[24] = {1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 9, 8, 7, 6};
    struct identity identity = {.kind = IDENTITY_USER, .sid_size = 28, .name = text_of(name)};
    memcpy(identity.sid, domain, sizeof domain);
    for (unsigned i = 0; i < 4; i++)
        identity.sid[24 + i] = (uint8_t)(number >> (8 * i));
    return identity;
}

struct identity fixture_unresolved(const char16_t *name)
{
    return (struct identity){.kind = IDENTITY_UNRESOLVED, .name = text_of(name)};
}

enum guard_outcome fixture_feed(struct fixture *fixture, int64_t seconds,
                                const struct identity *identity, const char16_t *client)
{
    struct relay_event event = {.record = ++fixture->record,
                                .time = FIXTURE_START + seconds,
                                .client = text_of(client),
                                .method = TEXT_OF(u"LOGIN"),
                                .account = identity->name};
    fixture->place = (struct guard_place){.slot = 0};
    return guard_feed_at(fixture->guard, &event, identity, &fixture->place, &fixture->verdict);
}

void fixture_feed_counted(struct fixture *fixture, uint32_t count, int64_t seconds,
                          const struct identity *identity, const char16_t *client)
{
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(fixture_feed(fixture, seconds, identity, client), GUARD_COUNTED);
}

enum guard_outcome fixture_feed_fresh(struct fixture *fixture, int64_t seconds, uint32_t number)
{
    char16_t name[12] = u"n";
    size_t used = 1;
    do
        name[used++] = (char16_t)(u'0' + number % 10);
    while ((number /= 10) > 0);
    name[used] = 0;
    struct identity identity = fixture_unresolved(name);
    return fixture_feed(fixture, seconds, &identity, name);
}

struct guard_counters fixture_counters(const struct fixture *fixture)
{
    struct guard_counters counters;
    guard_count(fixture->guard, &counters);
    return counters;
}
