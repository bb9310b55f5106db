/* guard_fixture.h: guards in memory of their own, fed in one line. */
#ifndef RELAYLOCK_TESTS_GUARD_FIXTURE_H
#define RELAYLOCK_TESTS_GUARD_FIXTURE_H

#include "core/guard.h"

enum { FIXTURE_START = 1262401445 /* 2010-01-02T03:04:05Z */ };

struct fixture {
    struct guard_settings settings;
    struct limit_set limits;
    void *memory;
    struct guard *guard;
    uint64_t record; /* of the last event */
    struct verdict verdict;
    struct guard_place place; /* of the last sign-in */
};

/* Settings with these limits, room for 64 accounts and a budget of 5. Change fixture->settings as
 * needed, then fixture_start. */
void fixture_prepare(struct fixture *fixture, const char16_t *limits);
void fixture_start(struct fixture *fixture);
void fixture_end(struct fixture *fixture);

/* CONTOSO\<name> as Windows would have resolved it: the SID stands for number. */
struct identity fixture_user(const char16_t *name, uint32_t number);
struct identity fixture_unresolved(const char16_t *name);

/* A sign-in seconds after the start; with the identity's name as account. */
enum guard_outcome fixture_feed(struct fixture *fixture, int64_t seconds,
                                const struct identity *identity, const char16_t *client);

/* The same count times, all to be GUARD_COUNTED. */
void fixture_feed_counted(struct fixture *fixture, uint32_t count, int64_t seconds,
                          const struct identity *identity, const char16_t *client);

/* One of an account without a SID, whose name stands for number. */
enum guard_outcome fixture_feed_fresh(struct fixture *fixture, int64_t seconds, uint32_t number);

struct guard_counters fixture_counters(const struct fixture *fixture);

#endif
