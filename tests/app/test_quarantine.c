/* Messages taken out, given back, deleted; what bounds it, and what must stay where it is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "quarantine_scene.h"

static void what_is_meant_is_taken_and_given_back(void **state)
{
    (void)state;
    scene_take();
    assert_null(scene_result.call);
    assert_string_equal(scene_result.id, "20261129-082000");
    assert_int_equal(scene_result.count.moved, HALF);
    assert_int_equal(scene_result.batches, 1);
    scene_expect_places(0, HALF);
    assert_int_equal(wcscmp(fake_files_protection(SCENE_BATCH), ADMINISTRATORS_ONLY), 0);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF);
    scene_expect_places(HALF, 0);
    assert_int_equal(scene_batches(), 0);
}

static void nothing_meant_makes_no_batch(void **state)
{
    (void)state;
    scene_order.selection = (struct queue_selection){.kind = SELECT_SENDER};
    assert_true(queue_selection_set_sender(&scene_order.selection, "nobody@example.org"));
    scene_take();
    assert_null(scene_result.call);
    assert_string_equal(scene_result.id, "");
    assert_int_equal(scene_result.count.moved, 0);
    assert_false(fake_files_exists(SCENE_ROOT));
    scene_expect_places(HALF, 0);
}

static void counting_changes_nothing(void **state)
{
    (void)state;
    quarantine_count(&scene_queues, &scene_order.selection, false, &scene_result);
    assert_int_equal(scene_result.count.moved, HALF);
    assert_true(scene_result.count.bytes > 0);
    assert_false(fake_files_exists(SCENE_ROOT));
    scene_expect_places(HALF, 0);
}

static void counting_may_be_bounded(void **state)
{
    (void)state;
    scene_tick_step = QUARANTINE_BUDGET / 4;
    quarantine_count(&scene_queues, &scene_order.selection, true, &scene_result);
    assert_true(scene_result.time_over);
    assert_null(scene_result.call);
    assert_in_range(scene_result.count.moved, 1, HALF - 1);
    quarantine_count(&scene_queues, &scene_order.selection, false, &scene_result);
    assert_false(scene_result.time_over);
    assert_int_equal(scene_result.count.moved, HALF);
}

static void part_is_given_back_and_the_rest_later(void **state)
{
    (void)state;
    static struct burst_list list;
    struct queue_selection selection = {.kind = SELECT_SENDER};
    scene_order.selection = (struct queue_selection){.kind = SELECT_ALL};
    scene_take();
    assert_int_equal(scene_result.count.moved, TEN);
    assert_true(queue_selection_set_sender(&selection, "BOB@contoso.com"));
    quarantine_give_back(&scene_queues, scene_batch(), &selection, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF);
    assert_int_equal(scene_look(false).queued, HALF);
    assert_int_equal(scene_look(true).kept, HALF);
    memset(&list, 0, sizeof list);
    burst_list_add_client(&list,
                          burst_list_add(&list, TEXT_OF(u""), -SELECTION_EVER, SELECTION_EVER),
                          TEXT_OF(u"192.0.2.1"));
    selection = (struct queue_selection){.kind = SELECT_CLIENTS, .clients = &list};
    quarantine_give_back(&scene_queues, scene_batch(), &selection, &scene_result);
    assert_int_equal(scene_result.count.moved, HALF);
    scene_expect_places(HALF, 0);
    assert_int_equal(scene_batches(), 0);
}

static void of_two_batches_one_is_given_back(void **state)
{
    (void)state;
    static const struct queue_selection all = {.kind = SELECT_ALL};
    char first[MANIFEST_ID_SIZE];
    scene_order.limit = 2;
    scene_take();
    strcpy(first, scene_result.id);
    assert_true(scene_result.limit_reached);
    assert_int_equal(scene_result.count.moved, 2);
    scene_take();
    assert_string_equal(scene_result.id, "20261129-082001");
    assert_int_equal(scene_batches(), 2);
    quarantine_give_back(&scene_queues, first, &all, &scene_result);
    assert_int_equal(scene_result.count.moved, 2);
    assert_int_equal(scene_batches(), 1);
    scene_expect_places(3, 2);
    quarantine_give_back(&scene_queues, first, &all, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, 0);
}

static void a_batch_is_looked_for(void **state)
{
    (void)state;
    assert_false(quarantine_has(&scene_queues, "20261129-082000"));
    scene_take();
    assert_true(quarantine_has(&scene_queues, "20261129-082000"));
    assert_false(quarantine_has(&scene_queues, "20261129-082001"));
    fake_files_remove(SCENE_BATCH L"\\manifest"); /* damaged, but messages lie there */
    assert_true(quarantine_has(&scene_queues, "20261129-082000"));
    scene_expect_places(0, HALF);
}

/* SMTP is not kept waiting: what was moved until then is put down, the rest stays. */
static void after_ten_seconds_it_stops(void **state)
{
    (void)state;
    scene_tick_step = QUARANTINE_BUDGET / 4;
    scene_take();
    assert_true(scene_result.time_over);
    assert_true(scene_result.count.moved > 0 && scene_result.count.moved < HALF);
    uint32_t moved = scene_result.count.moved;
    scene_expect_places(HALF - moved, moved);
    assert_int_equal(scene_open_intents(), 0);
    scene_tick_step = QUARANTINE_BUDGET;
    scene_give_back();
    assert_true(scene_result.time_over);
    scene_expect_places(HALF - moved, moved);
    scene_tick_step = 0;
    scene_give_back();
    assert_false(scene_result.time_over);
    scene_expect_places(HALF, 0);
}

/* Nor does it look at the batches that are left. */
static void after_ten_seconds_no_batch_is_opened(void **state)
{
    (void)state;
    scene_take();
    HANDLE other = fake_files_open_elsewhere(SCENE_BATCH L"\\manifest",
                                             GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ);
    assert_non_null(other);
    scene_tick_step = QUARANTINE_BUDGET;
    scene_give_back();
    fake_files_close_elsewhere(other);
    assert_true(scene_result.time_over);
    assert_null(scene_result.call); /* so it was not opened */
    scene_expect_places(0, HALF);
}

static void a_purge_deletes_one_batch_for_good(void **state)
{
    (void)state;
    scene_order.limit = 2;
    scene_take();
    char first[MANIFEST_ID_SIZE];
    strcpy(first, scene_result.id);
    scene_take();
    quarantine_purge(&scene_queues, first, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, 2);
    assert_int_equal(scene_batches(), 1);
    assert_int_equal(scene_look(true).nowhere, 2);
    quarantine_purge(&scene_queues, first, &scene_result);
    assert_int_equal(scene_result.batches, 0);
}

static void a_message_of_the_name_in_the_queue_is_not_replaced(void **state)
{
    (void)state;
    scene_take();
    fake_files_put(scene_message(2), "another", 7);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.clashes, 1);
    assert_int_equal(scene_result.count.moved, HALF - 1);
    size_t size;
    assert_memory_equal(fake_files_content(scene_message(2), &size), "another", 7);
    assert_int_equal(scene_batches(), 1);
    fake_files_remove(scene_message(2));
    scene_give_back();
    assert_int_equal(scene_result.count.moved, 1);
    scene_expect_places(HALF, 0);
}

static void what_is_kept_read_only_or_linked_stays(void **state)
{
    (void)state;
    fake_files_read_only(scene_message(0), true);
    fake_files_hard_link(L"C:\\elsewhere.eml", scene_message(2));
    HANDLE kept = fake_files_open_elsewhere(scene_message(4), GENERIC_READ,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE);
    assert_non_null(kept);
    fake_files_link(SCENE_QUEUE L"\\link.eml", L"C:\\elsewhere.eml");
    scene_take();
    fake_files_close_elsewhere(kept);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.refused, 3);
    assert_int_equal(scene_result.count.in_use, 1);
    assert_int_equal(scene_result.count.moved, HALF - 3);
    assert_non_null(scene_result.count.call);
    assert_true(fake_files_exists(SCENE_QUEUE L"\\link.eml"));
    scene_expect_places(3, HALF - 3);
}

/* A batch of which nothing could be moved is none. */
static void a_batch_without_messages_is_removed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TEN; i += 2)
        fake_files_read_only(scene_message(i), true);
    scene_take();
    assert_int_equal(scene_result.count.moved, 0);
    assert_int_equal(scene_batches(), 0);
    scene_expect_places(HALF, 0);
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    fake_files_room(0);
    scene_take();
    assert_non_null(scene_result.call);
    assert_int_equal(scene_result.error, ERROR_DISK_FULL);
    assert_int_equal(scene_result.count.moved, 0);
    scene_expect_places(HALF, 0);
    fake_files_room(200); /* for the beginning of a manifest */
    scene_take();
    assert_int_equal(scene_result.error, ERROR_DISK_FULL);
    scene_expect_places(HALF, 0);
    fake_files_room(SIZE_MAX);
    scene_take();
    scene_expect_places(0, HALF);
}

static void a_message_moved_by_hand_is_where_it_is(void **state)
{
    (void)state;
    wchar_t path[QUARANTINE_FILE_MAX];
    const char *call;
    scene_take();
    wcscpy(path, SCENE_BATCH);
    wcscat(path, wcsrchr(scene_message(2), L'\\'));
    assert_int_equal(quarantine_folder_move(path, scene_message(2), false, &call), ERROR_SUCCESS);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF - 1);
    scene_expect_places(HALF, 0);
    assert_int_equal(scene_batches(), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, scene_quarantine_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_meant_is_taken_and_given_back),
        TEST(nothing_meant_makes_no_batch),
        TEST(counting_changes_nothing),
        TEST(counting_may_be_bounded),
        TEST(part_is_given_back_and_the_rest_later),
        TEST(of_two_batches_one_is_given_back),
        TEST(a_batch_is_looked_for),
        TEST(after_ten_seconds_it_stops),
        TEST(after_ten_seconds_no_batch_is_opened),
        TEST(a_purge_deletes_one_batch_for_good),
        TEST(a_message_of_the_name_in_the_queue_is_not_replaced),
        TEST(what_is_kept_read_only_or_linked_stays),
        TEST(a_batch_without_messages_is_removed),
        TEST(a_full_disk_loses_nothing),
        TEST(a_message_moved_by_hand_is_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
