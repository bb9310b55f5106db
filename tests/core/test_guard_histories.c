/* The guard against the naive one on random histories, fed both ways: events late by up to 5 s, at
 * equal times, around window ends to the second, clocks set back and forward, several accounts,
 * limits of both kinds, per-account limits, exemptions, holds, releases, pauses and budgets all at
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"
#include "naive_guard.h"

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

static int64_t random_between(int64_t low, int64_t high)
{
    return low + (int64_t)random_below((uint32_t)(high - low + 1));
}

/* Each account in a few spellings; the spellings of one resolve to one SID. */
enum { SPELLINGS = 3 };
static const char16_t *const spellings[][SPELLINGS] = {
    {u"CONTOSO\\bob", u"contoso\\BOB", u"bob@contoso.com"},
    {u"CONTOSO\\alice", u"Alice", u"ALICE"},
    {u"CONTOSO\\svc-scan", u"svc-scan", u"SVC-Scan"},
    {u"CONTOSO\\carol", u"carol", u"Carol"},
    {u"CONTOSO\\dave", u"Contoso\\Dave", u"dave"},
    {u"CONTOSO\\MAIL01$", u"mail01$", u"MAIL01$"},
};
enum { ACCOUNTS = sizeof spellings / sizeof spellings[0] };

/* Two of them differ only behind what is kept to be shown. */
static const char16_t *const clients[] = {
    u"pc-1",
    u"PC-1",
    u"pc-2",
    u"Pc-2",
    u"",
    u"[10.0.0.1]",
    u"laptop",
    u"mail.example.org",
    u"a-name-that-is-longer-than-what-is-kept-of-it.example.org",
    u"a-name-that-is-longer-than-what-is-kept-of-it.example.net",
    u"pc-3",
    u"pc-4"};
enum { CLIENTS = sizeof clients / sizeof clients[0] };

static const uint32_t windows[] = {1,  2,  3,  4,   5,    6,    7,     10,
                                   30, 60, 61, 600, 3600, 7200, 86400, 604800};

struct scene {
    struct fixture fixture;
    struct guard_override overrides[2];
    struct text exempt[1];
    enum identity_kind kinds[ACCOUNTS];
    uint32_t account_count, client_count;
    int64_t newest; /* what the clock showed last */
    bool dense;     /* mostly equal times */
    bool talkative; /* many sign-ins from one client, now and then one from another */
    bool remembers; /* what the guard found out of each pair of names, as a replay does */
    struct guard_place places[ACCOUNTS][SPELLINGS][CLIENTS];
};

static struct naive_guard naive;

/* What came up, so that a generator that stops producing something is noticed. */
static uint32_t seen_flags[FLAG_QUEUE + 1], seen_subjects[2], seen_outcomes[GUARD_LOST + 1];
static uint64_t seen_steps, seen_spent, seen_partial, seen_again, seen_quiet;

/* Limits that let more sign-ins come than are held. */
static void patient_limits(struct limit_set *set)
{
    set->count = 1 + random_below(2);
    for (uint32_t i = 0; i < set->count; i++)
        set->limits[i] = (struct limit){.subject = LIMIT_CLIENTS,
                                        .count = 3 + random_below(5),
                                        .window = windows[6 + random_below(8)]};
}

static void random_limits(struct limit_set *set)
{
    set->count = 1 + random_below(4);
    for (uint32_t i = 0; i < set->count; i++) {
        struct limit *limit = &set->limits[i];
        limit->subject = random_below(3) == 0 ? LIMIT_CLIENTS : LIMIT_SIGN_INS;
        limit->window = windows[random_below(sizeof windows / sizeof windows[0])];
        limit->count = limit->subject == LIMIT_CLIENTS ? 2 + random_below(6)
                       : random_below(8) == 0          ? 20 + random_below(40)
                                                       : 1 + random_below(10);
    }
}

static void random_settings(struct scene *scene)
{
    static const enum identity_kind kinds[] = {
        IDENTITY_USER,    IDENTITY_USER,       IDENTITY_USER,      IDENTITY_USER,
        IDENTITY_ASSUMED, IDENTITY_UNRESOLVED, IDENTITY_PROTECTED, IDENTITY_MACHINE};
    static const char16_t *const patterns[] = {u"svc-*", u"contoso\\carol", u"CONTOSO\\*", u"?ave"};
    struct guard_settings *settings = &scene->fixture.settings;
    scene->talkative = random_below(4) == 0;
    if (scene->talkative)
        patient_limits(&scene->fixture.limits);
    else
        random_limits(&scene->fixture.limits);
    settings->flag_only = random_below(10) == 0;
    settings->max_locks_per_hour = random_below(6);
    settings->override_count = random_below(3);
    for (size_t i = 0; i < settings->override_count; i++) {
        scene->overrides[i].account = text_of(patterns[random_below(4)]);
        random_limits(&scene->overrides[i].limits);
    }
    settings->exempt_count = random_below(6) == 0;
    scene->exempt[0] = text_of(patterns[random_below(2)]);
    settings->overrides = scene->overrides;
    settings->exempt = scene->exempt;
    for (size_t i = 0; i < ACCOUNTS; i++)
        scene->kinds[i] = kinds[random_below(8)];
    scene->account_count = 1 + random_below(ACCOUNTS);
    scene->client_count = 1 + random_below(CLIENTS);
    scene->dense = random_below(4) == 0;
}

/* The time of the next event: mostly near, or just at the end of a window, sometimes late, rarely
 * by a clock that was set. */
static int64_t random_time(struct scene *scene)
{
    const struct limit_set *limits = &scene->fixture.limits;
    uint32_t choice = random_below(scene->dense ? 400 : 100);
    if (choice >= 60)
        return scene->newest += choice >= 90 ? 0 : random_below(2);
    if (choice < 25)
        return scene->newest + random_between(-GUARD_LATENESS, -1);
    if (choice < 30)
        return scene->newest +=
               (int64_t)limits->limits[random_below(limits->count)].window + random_between(-1, 1);
    if (choice < 32)
        return scene->newest += random_between(0, 4000);
    if (choice < 34)
        return scene->newest -= random_between(GUARD_LATENESS + 1, 20);
    if (choice == 34)
        return scene->newest -= random_between(3000, 200000);
    if (choice == 35)
        return scene->newest += random_between(3000, 200000);
    return scene->newest += random_below(5);
}

static struct identity identity_of(const struct scene *scene, uint32_t who, struct text written)
{
    struct identity identity = fixture_user(spellings[who][0], who);
    identity.kind = scene->kinds[who];
    if (identity.kind == IDENTITY_UNRESOLVED || identity.kind == IDENTITY_ASSUMED) {
        /* By name the spellings are different accounts, but for the case of letters. */
        identity.sid_size = 0;
        identity.name = written;
    }
    return identity;
}

static uint32_t random_client(const struct scene *scene)
{
    bool usual = scene->talkative && random_below(12) > 0;
    return usual ? 0 : random_below(scene->client_count);
}

static void assert_same_verdict(const struct verdict *verdict, const struct verdict *expected)
{
    assert_int_equal(verdict->flag, expected->flag);
    assert_memory_equal(&verdict->limit, &expected->limit, sizeof verdict->limit);
    assert_int_equal(verdict->count, expected->count);
    assert_int_equal(verdict->sign_ins, expected->sign_ins);
    assert_int_equal(verdict->clients, expected->clients);
    assert_int_equal(verdict->top_count, expected->top_count);
    for (uint32_t i = 0; i < expected->top_count; i++) {
        assert_int_equal(verdict->top[i].sign_ins, expected->top[i].sign_ins);
        assert_true(text_equal_fold(text_of(verdict->top[i].name), text_of(expected->top[i].name)));
    }
    assert_int_equal(verdict->first_record, expected->first_record);
    assert_int_equal(verdict->last_record, expected->last_record);
    assert_int_equal(verdict->first_time, expected->first_time);
    assert_int_equal(verdict->last_time, expected->last_time);
    assert_int_equal(verdict->budget_spent, expected->budget_spent);
    assert_int_equal(verdict->kind, expected->kind);
    assert_int_equal(verdict->sid_size, expected->sid_size);
    assert_memory_equal(verdict->sid, expected->sid, sizeof verdict->sid);
    assert_true(text_equal(text_of(verdict->account), text_of(expected->account)));
    assert_true(text_equal(text_of(verdict->name), text_of(expected->name)));
}

static void note(const struct verdict *verdict)
{
    seen_flags[verdict->flag]++;
    seen_subjects[verdict->limit.subject]++;
    seen_spent += verdict->budget_spent;
    seen_again += verdict->count > verdict->limit.count;
    seen_partial += verdict->limit.subject == LIMIT_CLIENTS && verdict->sign_ins > HISTORY_KEPT_MIN;
}

static void step(struct scene *scene)
{
    struct fixture *fixture = &scene->fixture;
    uint32_t who = random_below(scene->account_count), spelling = random_below(SPELLINGS);
    uint32_t client = random_client(scene);
    struct text written = text_of(spellings[who][spelling]);
    struct identity identity = identity_of(scene, who, written);
    uint32_t choice = random_below(200);
    if (choice < 4) {
        static const enum flag_reason reasons[] = {FLAG_NOT, FLAG_NOT, FLAG_OBSERVE, FLAG_STORE};
        enum flag_reason reason = reasons[random_below(4)];
        guard_hinder(fixture->guard, reason);
        naive_guard_hinder(&naive, reason);
    } else if (choice >= 190 && choice < 194) {
        static const uint32_t bounds[] = {0, 0, 60, 600, UINT32_MAX};
        uint32_t window = bounds[random_below(5)];
        guard_corroborate(fixture->guard, window);
        naive_guard_corroborate(&naive, window);
    } else if (choice < 7) {
        bool known = naive_guard_release(&naive, &identity);
        assert_int_equal(guard_release(fixture->guard, &identity), known);
    } else if (choice == 7) {
        naive_guard_hold(&naive, &identity);
        assert_true(guard_hold(fixture->guard, &identity));
    }
    struct relay_event event = {.record = ++fixture->record,
                                .time = random_time(scene),
                                .client = text_of(clients[client]),
                                .method = TEXT_OF(u"LOGIN"),
                                .account = written};
    struct verdict expected;
    enum guard_outcome right = naive_guard_feed(&naive, &event, &identity, &expected), outcome;
    struct guard_place *place = &scene->places[who][spelling][client];
    guard_expect(fixture->guard, place); /* changes nothing, whatever has become of the place */
    if (!scene->remembers) {
        outcome = guard_feed(fixture->guard, &event, &identity, &fixture->verdict);
    } else if (guard_feed_quietly(fixture->guard, event.record, event.time, place)) {
        assert_true(right == GUARD_COUNTED || right == GUARD_HELD);
        outcome = right;
        seen_quiet++;
    } else {
        outcome = guard_feed_at(fixture->guard, &event, &identity, place, &fixture->verdict);
    }
    assert_int_equal(outcome, right);
    seen_outcomes[outcome]++;
    if (outcome == GUARD_VERDICT) {
        assert_same_verdict(&fixture->verdict, &expected);
        note(&expected);
    }
}

static void assert_same_end(const struct scene *scene)
{
    struct guard_counters counters = fixture_counters(&scene->fixture);
    assert_int_equal(counters.events, naive.counters.events);
    assert_int_equal(counters.exempt, naive.counters.exempt);
    assert_int_equal(counters.verdicts, naive.counters.verdicts);
    assert_int_equal(counters.locks, naive.counters.locks);
    assert_int_equal(counters.clock_steps, naive.counters.clock_steps);
    assert_int_equal(counters.budget_left, naive_guard_budget_left(&naive));
    assert_int_equal(counters.lost, 0);
    seen_steps += counters.clock_steps;
}

static void run_history(uint64_t seed)
{
    static struct scene scene;
    random_state = seed * 0x9e3779b97f4a7c15 + 1;
    fixture_prepare(&scene.fixture, u"1/1s");
    random_settings(&scene);
    scene.newest = FIXTURE_START;
    scene.remembers = seed % 2 == 1;
    memset(scene.places, 0, sizeof scene.places);
    fixture_start(&scene.fixture);
    naive_guard_init(&naive, &scene.fixture.settings);
    uint32_t length = scene.talkative || random_below(10) == 0 ? 400 : 10 + random_below(100);
    for (uint32_t i = 0; i < length; i++)
        step(&scene);
    assert_same_end(&scene);
    fixture_end(&scene.fixture);
}

static void the_guard_agrees_with_the_naive_one(void **state)
{
    (void)state;
    const char *asked = getenv("RELAYLOCK_HISTORIES");
    unsigned long count = asked ? strtoul(asked, NULL, 10) : 10000;
    assert_true(count > 0);
    for (unsigned long i = 0; i < count; i++)
        run_history(i);

    /* Nothing of what should come up may have stopped doing so. */
    unsigned long least = count / 100;
    for (int flag = FLAG_NOT; flag <= FLAG_QUEUE; flag++)
        assert_true(seen_flags[flag] >= least);
    for (int outcome = GUARD_COUNTED; outcome < GUARD_LOST; outcome++)
        assert_true(seen_outcomes[outcome] >= least);
    assert_true(seen_subjects[LIMIT_SIGN_INS] >= least && seen_subjects[LIMIT_CLIENTS] >= least);
    assert_true(seen_steps >= least && seen_spent >= least && seen_again >= least);
    assert_true(seen_partial >= least / 10);
    assert_true(seen_quiet >= count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_guard_agrees_with_the_naive_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
