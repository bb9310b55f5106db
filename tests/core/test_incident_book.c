#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "incident_fixture.h"

/* A new incident of an account in a state, put into the book. Returns its id; 0: not taken. */
static uint64_t add(struct incident_book *book, uint32_t number, enum incident_state state)
{
    struct incident incident = incident_of(number);
    incident.state = state;
    bool takes = incident_book_takes(book, &incident);
    uint64_t next = incident_book_next_id(book);
    bool put = incident_book_put(book, &incident);
    assert_int_equal(put, takes);
    assert_int_equal(incident.id, put ? next : 0);
    return incident.id;
}

static uint64_t add_unresolved(struct incident_book *book, uint32_t number)
{
    struct incident incident = incident_of(number);
    incident.state = INCIDENT_FLAGGED;
    incident.verdict.kind = IDENTITY_UNRESOLVED;
    incident.verdict.sid_size = 0;
    assert_true(incident_book_put(book, &incident));
    return incident.id;
}

static void change(struct incident_book *book, uint64_t id, enum incident_state state)
{
    struct incident incident = *incident_book_find(book, id);
    incident.state = state;
    assert_true(incident_book_put(book, &incident));
}

static void ids_are_given_in_order_from_1(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    assert_int_equal(incident_book_next_id(&book), 1);
    for (uint64_t id = 1; id <= 5; id++)
        assert_int_equal(add(&book, (uint32_t)id, INCIDENT_DECIDED), id);
    assert_int_equal(book.last_id, 5);
    for (uint64_t id = 1; id <= 5; id++)
        assert_int_equal(incident_book_find(&book, id)->id, id);
    assert_null(incident_book_find(&book, 0));
    assert_null(incident_book_find(&book, 6));
    book_end(&book);
}

static void an_older_id_goes_to_its_place(void **state)
{
    (void)state;
    static const uint64_t ids[] = {10, 3, 7};
    static const uint64_t in_order[] = {3, 7, 10};
    struct incident_book book = book_start();
    for (uint32_t i = 0; i < 3; i++) {
        struct incident incident = incident_of(i);
        incident.id = ids[i];
        assert_true(incident_book_put(&book, &incident));
        assert_int_equal(book.last_id, 10);
    }
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(book.incidents[i].id, in_order[i]);
    assert_int_equal(add(&book, 4, INCIDENT_DECIDED), 11);
    book_end(&book);
}

static void a_put_replaces_the_one_of_its_id(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    for (uint32_t i = 1; i <= 3; i++)
        add(&book, i, INCIDENT_DECIDED);
    struct incident incident = *incident_book_find(&book, 2);
    incident.state = INCIDENT_LOCKED;
    incident.locked_at = 4711;
    assert_true(incident_book_put(&book, &incident));
    assert_int_equal(book.count, 3);
    assert_memory_equal(incident_book_find(&book, 2), &incident, sizeof incident);
    assert_int_equal(incident_book_find(&book, 1)->locked_at, 0);
    assert_int_equal(incident_book_find(&book, 3)->locked_at, 0);
    book_end(&book);
}

static void what_may_not_follow_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    uint64_t id = add(&book, 1, INCIDENT_RELEASED);
    struct incident incident = *incident_book_find(&book, id);
    incident.state = INCIDENT_LOCKED;
    assert_false(incident_book_takes(&book, &incident));
    assert_false(incident_book_put(&book, &incident));
    assert_int_equal(incident_book_find(&book, id)->state, INCIDENT_RELEASED);
    incident.state = INCIDENT_RELEASED;
    incident.stay_told = true;
    assert_true(incident_book_put(&book, &incident));
    book_end(&book);
}

static void what_cannot_be_kept_is_refused(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    struct incident incident = incident_of(1);
    incident.leak_at = -1;
    assert_false(incident_book_takes(&book, &incident));
    assert_false(incident_book_put(&book, &incident));
    assert_int_equal(incident.id, 0);
    assert_int_equal(book.count, 0);
    incident = incident_of(1);
    incident.id = INCIDENT_ID_MAX;
    assert_true(incident_book_put(&book, &incident));
    assert_int_equal(add(&book, 2, INCIDENT_DECIDED), 0); /* no id is left */
    assert_int_equal(book.count, 1);
    book_end(&book);
}

static void the_newest_of_a_sid_is_found(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    struct incident bob = incident_of(7);
    const struct verdict *of = &bob.verdict;
    uint64_t contained = add(&book, 7, INCIDENT_CONTAINED);
    add(&book, 7, INCIDENT_RELEASED);
    add(&book, 8, INCIDENT_LOCKED);
    add_unresolved(&book, 7);
    assert_int_equal(incident_book_holding(&book, of->sid, of->sid_size)->id, contained);
    uint64_t locked = add(&book, 7, INCIDENT_LOCKED);
    assert_int_equal(incident_book_holding(&book, of->sid, of->sid_size)->id, locked);
    assert_null(incident_book_holding(&book, incident_of(9).verdict.sid, of->sid_size));
    assert_null(incident_book_holding(&book, of->sid, 0));
    change(&book, locked, INCIDENT_RELEASED);
    change(&book, contained, INCIDENT_RELEASED);
    assert_null(incident_book_holding(&book, of->sid, of->sid_size));
    book_end(&book);
}

/* ---- what makes room at 1,000 --------------------------------------------------------------- */

/* Open ones up to the given number in all. */
static void fill_up(struct incident_book *book, uint32_t all)
{
    while (book->count < all)
        assert_int_not_equal(add(book, 5000 + book->count, INCIDENT_DECIDED), 0);
}

static void the_least_worth_keeping_makes_room(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    add(&book, 1, INCIDENT_LOCKED);
    uint64_t contained = add(&book, 2, INCIDENT_CONTAINED);
    uint64_t contained_later = add(&book, 3, INCIDENT_CONTAINED);
    uint64_t released = add(&book, 4, INCIDENT_RELEASED);
    uint64_t failed = add(&book, 5, INCIDENT_FAILED);
    uint64_t asked_for = add(&book, 10, INCIDENT_FLAGGED);
    incident_book_find(&book, asked_for)->release_wanted = true;
    uint64_t flagged = add(&book, 6, INCIDENT_FLAGGED);
    uint64_t unresolved = add_unresolved(&book, 7);
    uint64_t unresolved_later = add_unresolved(&book, 8);
    add(&book, 9, INCIDENT_RESTARTED);
    fill_up(&book, BOOK_INCIDENTS_MAX);

    const uint64_t order[] = {unresolved, unresolved_later, released,       failed,
                              flagged,    contained,        contained_later};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        assert_non_null(incident_book_find(&book, order[i]));
        assert_int_not_equal(add(&book, 6000 + (uint32_t)i, INCIDENT_DECIDED), 0);
        assert_null(incident_book_find(&book, order[i]));
        assert_int_equal(book.count, BOOK_INCIDENTS_MAX);
    }
    uint64_t last = book.last_id;
    assert_non_null(incident_book_find(&book, asked_for)); /* somebody waits for it */
    assert_int_equal(add(&book, 7000, INCIDENT_DECIDED), 0);
    assert_int_equal(book.count, BOOK_INCIDENTS_MAX);
    assert_int_equal(book.last_id, last);

    change(&book, last, INCIDENT_FAILED); /* one that is there may change all the same */
    assert_int_equal(add(&book, 7001, INCIDENT_DECIDED), last + 1);
    assert_null(incident_book_find(&book, last));
    for (uint32_t i = 1; i < book.count; i++)
        assert_true(book.incidents[i - 1].id < book.incidents[i].id);
    book_end(&book);
}

static void the_oldest_of_all_makes_room_too(void **state)
{
    (void)state;
    struct incident_book book = book_start();
    uint64_t first = add(&book, 1, INCIDENT_FLAGGED);
    fill_up(&book, BOOK_INCIDENTS_MAX);
    assert_int_not_equal(add(&book, 2, INCIDENT_DECIDED), 0);
    assert_null(incident_book_find(&book, first));
    book_end(&book);
}

/* ---- as a journal --------------------------------------------------------------------------- */

enum { LOG_ROOM = 4 * 1024 * 1024 };

/* A book and the journal that was written beside it, frame by frame. */
struct kept {
    struct incident_book book;
    uint8_t *log;
    size_t used;
    uint64_t sequence;
};

static void keep(struct kept *kept, enum journal_kind kind, const void *payload, size_t size)
{
    assert_int_not_equal(size, 0);
    size_t frame = journal_write(kept->log + kept->used, LOG_ROOM - kept->used, (uint16_t)kind,
                                 kept->sequence++, payload, (uint32_t)size);
    assert_int_not_equal(frame, 0);
    kept->used += frame;
}

static void keep_incident(struct kept *kept, struct incident *incident)
{
    uint8_t payload[4096];
    if (!incident_book_put(&kept->book, incident))
        return;
    keep(kept, JOURNAL_INCIDENT, payload, incident_encode(payload, sizeof payload, incident));
}

/* Replaces the journal by a compacted one, as long as the book needs. */
static void compact(struct kept *kept)
{
    uint64_t next = 77;
    size_t needed = incident_book_write(&kept->book, NULL, 0, kept->sequence, &next);
    assert_int_equal(next, 77);
    kept->log[needed - 1] = 0x5a;
    assert_int_equal(incident_book_write(&kept->book, kept->log, needed - 1, kept->sequence, &next),
                     needed);
    assert_true(next == 77 && kept->log[needed - 1] == 0x5a);
    assert_int_equal(incident_book_write(&kept->book, kept->log, needed, kept->sequence, &next),
                     needed);
    kept->used = needed;
    kept->sequence = next;
}

static void assert_recovers(const struct kept *kept)
{
    struct incident_book read = book_start();
    struct book_recovery recovery;
    incident_book_recover(&read, kept->log, kept->used, &recovery);
    assert_int_equal(recovery.good, kept->used);
    assert_int_equal(recovery.refused, 0);
    assert_int_equal(recovery.sequence, kept->sequence);
    assert_books_equal(&kept->book, &read);
    assert_int_equal(read.outlook.size, kept->book.outlook.size);
    assert_memory_equal(read.outlook.bytes, kept->book.outlook.bytes, read.outlook.size);
    book_end(&read);
}

static uint64_t random_state = 3;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

/* One step of a life: a new incident, or one that is there gets on, or one of the other records. */
static void live_on(struct kept *kept)
{
    uint8_t payload[BOOK_OUTLOOK_MAX];
    uint32_t what = random_below(20);
    if (what < 10 || kept->book.count == 0) {
        struct incident incident = incident_of(random_below(300));
        incident.state = random_below(4) ? INCIDENT_DECIDED : INCIDENT_FLAGGED;
        if (incident.state == INCIDENT_FLAGGED && random_below(2))
            incident.verdict.sid_size = 0;
        keep_incident(kept, &incident);
    } else if (what < 18) {
        struct incident incident = kept->book.incidents[random_below(kept->book.count)];
        incident.state = (enum incident_state)random_below(INCIDENT_STATES);
        incident.figures.leaks++;
        keep_incident(kept, &incident);
    } else if (what == 18) {
        kept->book.position.record++;
        kept->book.restart.recent_count = random_below(BOOK_RESTARTS_MAX + 1);
        for (uint32_t i = 0; i < kept->book.restart.recent_count; i++)
            kept->book.restart.recent[i] = random_below(1000);
        static uint8_t large[JOURNAL_PAYLOAD_MAX];
        keep(kept, JOURNAL_POSITION, payload,
             position_record_encode(payload, sizeof payload, &kept->book.position));
        keep(kept, JOURNAL_RESTART, large,
             restart_record_encode(large, sizeof large, &kept->book.restart));
    } else {
        kept->book.outlook.size = 1 + random_below(BOOK_OUTLOOK_MAX);
        for (uint32_t i = 0; i < kept->book.outlook.size; i++)
            kept->book.outlook.bytes[i] = (uint8_t)random_below(256);
        keep(kept, JOURNAL_OUTLOOK, kept->book.outlook.bytes, kept->book.outlook.size);
    }
}

static void a_journal_and_its_book_stay_the_same(void **state)
{
    (void)state;
    struct kept kept = {.book = book_start(), .log = malloc(LOG_ROOM), .sequence = 100};
    assert_non_null(kept.log);
    for (uint32_t i = 0; i < 8000; i++) {
        live_on(&kept);
        if (i % 500 == 499)
            assert_recovers(&kept);
        if (i % 1700 == 1699) {
            compact(&kept);
            assert_recovers(&kept);
        }
    }
    assert_int_equal(kept.book.count, BOOK_INCIDENTS_MAX);
    assert_true(kept.book.last_id > BOOK_INCIDENTS_MAX + 500);
    free(kept.log);
    book_end(&kept.book);
}

static void what_finds_no_room_in_a_book_is_refused_when_it_is_read(void **state)
{
    (void)state;
    struct kept kept = {.book = book_start(), .log = malloc(LOG_ROOM), .sequence = 1};
    struct incident_book read = book_start();
    struct book_recovery recovery;
    uint8_t payload[4096];
    assert_non_null(kept.log);
    for (uint32_t i = 1; i <= BOOK_INCIDENTS_MAX + 1; i++) {
        struct incident incident = incident_of(i);
        incident.id = i;
        incident.state = INCIDENT_DECIDED;
        keep(&kept, JOURNAL_INCIDENT, payload, incident_encode(payload, sizeof payload, &incident));
    }
    incident_book_recover(&read, kept.log, kept.used, &recovery);
    assert_int_equal(recovery.frames, BOOK_INCIDENTS_MAX + 1);
    assert_int_equal(recovery.refused, 1);
    assert_int_equal(read.count, BOOK_INCIDENTS_MAX);
    assert_int_equal(read.last_id, BOOK_INCIDENTS_MAX);
    free(kept.log);
    book_end(&kept.book);
    book_end(&read);
}

static void an_empty_book_is_written_and_read(void **state)
{
    (void)state;
    struct kept kept = {.book = book_start(), .log = malloc(LOG_ROOM), .sequence = UINT64_MAX};
    assert_non_null(kept.log);
    compact(&kept);
    assert_recovers(&kept);
    free(kept.log);
    book_end(&kept.book);
}

static void the_largest_book_fits_a_journal(void **state)
{
    (void)state;
    struct kept kept = {.book = book_start(), .log = malloc(LOG_ROOM), .sequence = 1};
    assert_non_null(kept.log);
    static struct incident incident;
    incident_fill(&incident);
    for (uint32_t i = 0; i < BOOK_INCIDENTS_MAX; i++) {
        incident.id = i + 1;
        assert_true(incident_book_put(&kept.book, &incident));
    }
    restart_record_fill(&kept.book.restart);
    position_record_fill(&kept.book.position);
    kept.book.outlook.size = BOOK_OUTLOOK_MAX;
    memset(kept.book.outlook.bytes, 0x77, BOOK_OUTLOOK_MAX);
    compact(&kept);
    assert_true(kept.used < 3 * 1024 * 1024);
    assert_recovers(&kept);
    free(kept.log);
    book_end(&kept.book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_given_in_order_from_1),
        cmocka_unit_test(an_older_id_goes_to_its_place),
        cmocka_unit_test(a_put_replaces_the_one_of_its_id),
        cmocka_unit_test(what_may_not_follow_is_refused_and_changes_nothing),
        cmocka_unit_test(what_cannot_be_kept_is_refused),
        cmocka_unit_test(the_newest_of_a_sid_is_found),
        cmocka_unit_test(the_least_worth_keeping_makes_room),
        cmocka_unit_test(the_oldest_of_all_makes_room_too),
        cmocka_unit_test(a_journal_and_its_book_stay_the_same),
        cmocka_unit_test(what_finds_no_room_in_a_book_is_refused_when_it_is_read),
        cmocka_unit_test(an_empty_book_is_written_and_read),
        cmocka_unit_test(the_largest_book_fits_a_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
