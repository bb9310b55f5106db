/* test_store_faults.c: whatever call fails, and wherever the process dies or the power goes: what
 * was put is there, and nothing else is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "store_fixture.h"

/* What a lock-down puts, step by step, and the books that it leaves: books[n] after n puts. */
enum { STEPS = 7 };
static struct incident_book books[STEPS + 1];

static DWORD put_state(uint64_t id, enum incident_state state)
{
    struct incident incident = *incident_book_find(&store.book, id);
    incident.state = state;
    return incident_store_put(&store, &incident);
}

static DWORD put_step(size_t step)
{
    static struct incident first, second;
    struct restart_record restart = {.phase = RESTART_STOPPING, .service = u"SMTPSVC"};
    const struct position_record position = {.record = 77, .channel = u"Application"};
    switch (step) {
    case 0:
        first = incident_of(1);
        return incident_store_put(&store, &first);
    case 1:
        return put_state(1, INCIDENT_LOCKED);
    case 2:
        second = incident_of(2);
        return incident_store_put(&store, &second);
    case 3:
        return incident_store_put_restart(&store, &restart);
    case 4:
        return put_state(1, INCIDENT_RESTARTED);
    case 5:
        return put_state(2, INCIDENT_FAILED);
    default:
        return incident_store_put_position(&store, &position);
    }
}

static void copy_book(struct incident_book *to, const struct incident_book *from)
{
    struct incident *incidents = to->incidents;
    memcpy(incidents, from->incidents, from->count * sizeof *incidents);
    *to = *from;
    to->incidents = incidents;
}

static bool same_books(const struct incident_book *a, const struct incident_book *b)
{
    static uint8_t bytes[2][65536];
    uint64_t next;
    size_t size = incident_book_write(a, bytes[0], sizeof bytes[0], 0, &next);
    return size == incident_book_write(b, bytes[1], sizeof bytes[1], 0, &next) &&
           memcmp(bytes[0], bytes[1], size) == 0;
}

static int make_books(void **state)
{
    (void)state;
    store_reset();
    store_assert_opens();
    for (size_t step = 0; step <= STEPS; step++) {
        books[step] = book_start();
        copy_book(&books[step], &store.book);
        if (step < STEPS)
            assert_int_equal(put_step(step), ERROR_SUCCESS);
    }
    for (size_t step = 0; step < STEPS; step++)
        assert_false(same_books(&books[step], &books[step + 1]));
    incident_store_end(&store);
    return 0;
}

static int free_books(void **state)
{
    (void)state;
    for (size_t step = 0; step <= STEPS; step++)
        book_end(&books[step]);
    return 0;
}

/* ---- dying ---------------------------------------------------------------------------------- */

static size_t done; /* puts that returned success */

static void put_all(void)
{
    done = 0;
    store_assert_opens();
    for (size_t step = 0; step < STEPS; step++) {
        assert_int_equal(put_step(step), ERROR_SUCCESS);
        done++;
    }
}

/* The next process finds what the one before was told is durable, or the put it died in, too. */
static void assert_found(void)
{
    store_dies();
    store_begin();
    store_assert_opens();
    bool found = same_books(&store.book, &books[done]) ||
                 (done < STEPS && same_books(&store.book, &books[done + 1]));
    if (!found)
        fail_msg("after %u puts the book is none of theirs", (unsigned)done);
    store_assert_kept();
}

static void a_process_that_dies_anywhere_loses_nothing(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        store_reset();
        bool lived = fake_calls_lives(n, put_all);
        assert_found();
        if (lived) {
            assert_int_equal(done, STEPS);
            assert_true(n > 2 * (20 + 3 * STEPS));
            break;
        }
    }
}

static void what_is_torn_is_told_wherever_the_process_dies(void **state)
{
    bool lived = false;
    (void)state;
    for (unsigned n = 1; !lived; n++) {
        store_reset();
        store_put_journal_of(0);
        fake_files_put(STORE_JOURNAL, "this is no journal", 18);
        lived = fake_calls_lives(n, put_all);
        assert_found();
        assert_in_range(recorder_count(MSG_STORE_TORN), 1, 3);
    }
}

static void power_that_fails_anywhere_loses_nothing(void **state)
{
    static const struct fake_cut cuts[] = {
        {FAKE_CUT_LOST, 0, 0},          {FAKE_CUT_LOST, 0, SIZE_MAX},
        {FAKE_CUT_KEPT, 0, SIZE_MAX},   {FAKE_CUT_KEPT, 0, 1},
        {FAKE_CUT_TORN, 1, SIZE_MAX},   {FAKE_CUT_TORN, JOURNAL_HEAD_SIZE, SIZE_MAX},
        {FAKE_CUT_TORN, 100, SIZE_MAX}, {FAKE_CUT_HOLE, 0, SIZE_MAX},
    };
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(cuts); i++)
        for (unsigned n = 1;; n++) {
            store_reset();
            bool lived = fake_calls_lives(n, put_all);
            fake_files_power_cut(&cuts[i]);
            assert_found();
            if (lived)
                break;
        }
}

/* ---- failing -------------------------------------------------------------------------------- */

static void whatever_call_fails_it_goes_on_by_itself(void **state)
{
    (void)state;
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1;; n++) {
            store_reset();
            fake_calls_fail(&fake_files_calls, n, ERROR_IO_DEVICE, late != 0);
            for (size_t step = 0; step < STEPS; step++) {
                while (!store_open_later())
                    ;
                /* What a put that failed left may be found when it is read anew. */
                if (!same_books(&store.book, &books[step + 1]) && put_step(step) != ERROR_SUCCESS) {
                    assert_false(store.open);
                    assert_int_equal(fake_files_open_handles(), 0);
                    step--;
                }
            }
            assert_books_equal(&store.book, &books[STEPS]);
            assert_int_equal(recorder_count(MSG_STORE_CLOSED), recorder_count(MSG_STORE_OPEN));
            assert_true(recorder_count(MSG_STORE_CLOSED) <= 1);
            bool reached = fake_files_calls.made >= fake_files_calls.fail_at;
            fake_files_calls.fail_at = 0;
            store_assert_kept();
            if (!reached)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_dies_anywhere_loses_nothing),
        cmocka_unit_test(what_is_torn_is_told_wherever_the_process_dies),
        cmocka_unit_test(power_that_fails_anywhere_loses_nothing),
        cmocka_unit_test(whatever_call_fails_it_goes_on_by_itself),
    };
    return cmocka_run_group_tests(tests, make_books, free_books);
}
