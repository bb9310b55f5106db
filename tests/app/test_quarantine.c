/* Messages taken out, given back, deleted; what bounds it, and what somebody may have planted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "quarantine_scene.h"

enum { TEN = 10, HALF = TEN / 2 };

#define BATCH               SCENE_ROOT L"\\20261129-082000"
#define ADMINISTRATORS_ONLY L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

static void expect_places(unsigned user_queued, unsigned user_kept)
{
    struct scene_places user = scene_look(true), others = scene_look(false);
    assert_int_equal(user.queued, user_queued);
    assert_int_equal(user.kept, user_kept);
    assert_int_equal(others.kept + others.nowhere, 0);
    assert_int_equal(fake_files_open_handles(), 0);
}

static int set_up(void **state)
{
    (void)state;
    scene_quarantine(TEN, false);
    return 0;
}

static void what_is_meant_is_taken_and_given_back(void **state)
{
    (void)state;
    scene_take();
    assert_null(scene_result.call);
    assert_string_equal(scene_result.id, "20261129-082000");
    assert_int_equal(scene_result.count.moved, HALF);
    assert_int_equal(scene_result.batches, 1);
    expect_places(0, HALF);
    assert_int_equal(wcscmp(fake_files_protection(BATCH), ADMINISTRATORS_ONLY), 0);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF);
    expect_places(HALF, 0);
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
    expect_places(HALF, 0);
}

static void counting_changes_nothing(void **state)
{
    (void)state;
    quarantine_count(&scene_queues, &scene_order.selection, &scene_result);
    assert_int_equal(scene_result.count.moved, HALF);
    assert_true(scene_result.count.bytes > 0);
    assert_false(fake_files_exists(SCENE_ROOT));
    expect_places(HALF, 0);
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
    expect_places(HALF, 0);
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
    expect_places(3, 2);
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
    fake_files_remove(BATCH L"\\manifest"); /* damaged, but messages lie there */
    assert_true(quarantine_has(&scene_queues, "20261129-082000"));
    expect_places(0, HALF);
}

/* ---- two queue folders beside each other ---------------------------------------------------- */

#define BESIDE L"C:\\Mailroot\\vsi 1\\Queue2"

static const char beside_text[] = "Received: from User ([192.0.2.1]) by mail.contoso.com with SMTP;"
                                  "\r\n\t Sat, 2 Jan 2010 03:04:05 +0000\r\n\r\nbody\r\n";

static void put_beside(void)
{
    fake_files_make_folder(BESIDE);
    fake_files_put(BESIDE L"\\NTFS_beside.EML", beside_text, sizeof beside_text - 1);
    wcscpy(scene_queues.paths[scene_queues.count++], BESIDE);
}

static void count_batch(void *context, const struct quarantine_batch *batch, const char *id,
                        DWORD error)
{
    unsigned *listed = context;
    assert_int_equal(error, ERROR_SUCCESS);
    assert_string_equal(id, batch->manifest.batch.id);
    assert_int_equal(wcscmp(batch->queue, batch->manifest.batch.queue), 0);
    ++*listed;
}

static void expect_beside(bool queued)
{
    assert_int_equal(fake_files_exists(BESIDE L"\\NTFS_beside.EML"), queued);
    assert_false(fake_files_exists(SCENE_QUEUE L"\\NTFS_beside.EML"));
}

static void folders_beside_each_other_have_their_own_batches(void **state)
{
    (void)state;
    unsigned listed = 0;
    put_beside();
    scene_take();
    assert_null(scene_result.call);
    assert_string_equal(scene_result.id, "20261129-082000");
    assert_true(scene_result.more_ids);
    assert_int_equal(scene_result.count.moved, HALF + 1);
    expect_places(0, HALF);
    expect_beside(false);
    quarantine_list(&scene_queues, count_batch, &listed, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(listed, 2);
    scene_queues.count = 1;
    assert_true(quarantine_has(&scene_queues, "20261129-082000"));
    assert_false(quarantine_has(&scene_queues, "20261129-082001"));
    scene_queues.count = 2;
    quarantine_finish(&scene_queues, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_batches(), 2);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF + 1);
    expect_places(HALF, 0);
    expect_beside(true);
    assert_int_equal(scene_batches(), 0);
}

static void of_folders_beside_each_other_one_batch_is_given_back(void **state)
{
    (void)state;
    static const struct queue_selection all = {.kind = SELECT_ALL};
    put_beside();
    scene_take();
    quarantine_give_back(&scene_queues, "20261129-082001", &all, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, 1);
    expect_beside(true);
    expect_places(0, HALF);
    assert_false(quarantine_has(&scene_queues, "20261129-082001"));
    quarantine_purge(&scene_queues, "20261129-082000", &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.batches, 1);
    assert_int_equal(scene_result.count.moved, HALF);
    expect_beside(true);
    assert_int_equal(scene_batches(), 0);
}

/* One whose parent is another keeps the id. */
static void folders_apart_share_an_id(void **state)
{
    (void)state;
    fake_files_make_folder(L"C:\\Mailroot\\vsi 2");
    fake_files_make_folder(L"C:\\Mailroot\\vsi 2\\Queue");
    fake_files_put(L"C:\\Mailroot\\vsi 2\\Queue\\NTFS_apart.EML", beside_text,
                   sizeof beside_text - 1);
    wcscpy(scene_queues.paths[scene_queues.count++], L"C:\\Mailroot\\vsi 2\\Queue");
    put_beside();
    scene_take();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.batches, 3);
    assert_true(fake_files_exists(
        L"C:\\Mailroot\\vsi 2\\RelayLock quarantine\\20261129-082000\\NTFS_apart.EML"));
    assert_true(fake_files_exists(SCENE_ROOT L"\\20261129-082001\\NTFS_beside.EML"));
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
    expect_places(HALF - moved, moved);
    assert_int_equal(scene_open_intents(), 0);
    scene_tick_step = QUARANTINE_BUDGET;
    scene_give_back();
    assert_true(scene_result.time_over);
    expect_places(HALF - moved, moved);
    scene_tick_step = 0;
    scene_give_back();
    assert_false(scene_result.time_over);
    expect_places(HALF, 0);
}

/* Nor does it look at the batches that are left. */
static void after_ten_seconds_no_batch_is_opened(void **state)
{
    (void)state;
    scene_take();
    HANDLE other = fake_files_open_elsewhere(BATCH L"\\manifest", GENERIC_READ | GENERIC_WRITE,
                                             FILE_SHARE_READ);
    assert_non_null(other);
    scene_tick_step = QUARANTINE_BUDGET;
    scene_give_back();
    fake_files_close_elsewhere(other);
    assert_true(scene_result.time_over);
    assert_null(scene_result.call); /* so it was not opened */
    expect_places(0, HALF);
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
    expect_places(HALF, 0);
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
    expect_places(3, HALF - 3);
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
    expect_places(HALF, 0);
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    fake_files_room(0);
    scene_take();
    assert_non_null(scene_result.call);
    assert_int_equal(scene_result.error, ERROR_DISK_FULL);
    assert_int_equal(scene_result.count.moved, 0);
    expect_places(HALF, 0);
    fake_files_room(200); /* for the beginning of a manifest */
    scene_take();
    assert_int_equal(scene_result.error, ERROR_DISK_FULL);
    expect_places(HALF, 0);
    fake_files_room(SIZE_MAX);
    scene_take();
    expect_places(0, HALF);
}

/* ---- planted -------------------------------------------------------------------------------- */

static void expect_refused(DWORD error)
{
    scene_take();
    assert_non_null(scene_result.call);
    assert_int_equal(scene_result.error, error);
    assert_int_equal(scene_result.count.moved, 0);
    assert_int_equal(scene_look(true).queued, HALF);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void a_junction_for_the_quarantine_is_refused(void **state)
{
    (void)state;
    fake_files_make_folder(L"C:\\elsewhere");
    fake_files_link(SCENE_ROOT, L"C:\\elsewhere");
    expect_refused(ERROR_CANT_ACCESS_FILE);
    assert_string_equal(scene_result.call, "checking for a reparse point");
}

static void a_quarantine_of_somebody_else_is_refused(void **state)
{
    (void)state;
    fake_files_make_folder(SCENE_ROOT);
    fake_files_protect(SCENE_ROOT, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    expect_refused(ERROR_INVALID_OWNER);
    fake_files_protect(SCENE_ROOT, ADMINISTRATORS_ONLY L"(A;OICI;FA;;;BU)");
    expect_refused(ERROR_INVALID_SECURITY_DESCR);
}

static void a_junction_for_the_queue_is_refused(void **state)
{
    (void)state;
    fake_files_link(L"C:\\Mailroot\\vsi 1\\Junction", SCENE_QUEUE);
    wcscpy(scene_queues.paths[0], L"C:\\Mailroot\\vsi 1\\Junction");
    struct manifest_batch what = {.id = "20261129-082000",
                                  .queue = L"C:\\Mailroot\\vsi 1\\Junction"};
    static struct quarantine_batch batch;
    assert_int_equal(quarantine_batch_create(&batch, &what), ERROR_CANT_ACCESS_FILE);
    quarantine_batch_close(&batch);
    assert_int_equal(scene_batches(), 0);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void expect_batch_refused(DWORD error)
{
    scene_give_back();
    assert_non_null(scene_result.call);
    assert_int_equal(scene_result.error, error);
    assert_int_equal(scene_look(true).kept, HALF);
    quarantine_purge(&scene_queues, "20261129-082000", &scene_result);
    assert_int_equal(scene_result.error, error);
    assert_int_equal(scene_look(true).kept, HALF);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void a_manifest_that_others_may_have_written_is_refused(void **state)
{
    (void)state;
    scene_take();
    fake_files_protect(BATCH L"\\manifest", ADMINISTRATORS_ONLY L"(A;;FA;;;BU)");
    expect_batch_refused(ERROR_INVALID_SECURITY_DESCR);
    fake_files_protect(BATCH L"\\manifest", ADMINISTRATORS_ONLY);
    fake_files_hard_link(L"C:\\elsewhere", BATCH L"\\manifest");
    expect_batch_refused(ERROR_CANT_ACCESS_FILE);
    fake_files_remove(L"C:\\elsewhere");
    fake_files_put(BATCH L"\\manifest", "junk", 4);
    expect_batch_refused(ERROR_FILE_CORRUPT);
    fake_files_remove(BATCH L"\\manifest");
    expect_batch_refused(ERROR_FILE_CORRUPT);
}

static void a_batch_that_somebody_works_on_is_left(void **state)
{
    (void)state;
    scene_take();
    HANDLE other = fake_files_open_elsewhere(BATCH L"\\manifest", GENERIC_READ | GENERIC_WRITE,
                                             FILE_SHARE_READ);
    assert_non_null(other);
    expect_batch_refused(ERROR_SHARING_VIOLATION);
    quarantine_finish(&scene_queues, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_open_intents(), 0); /* it can be read all the same */
    fake_files_close_elsewhere(other);
    scene_give_back();
    expect_places(HALF, 0);
}

/* While it is at work nobody can put another folder in the place of its own. */
static HANDLE stolen;
static void steal(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    if (strcmp(call, "MoveFileExW") != 0 || moment != FAKE_BEFORE)
        return;
    const wchar_t *const folders[] = {SCENE_QUEUE, SCENE_ROOT, BATCH};
    for (size_t i = 0; i < 3; i++)
        stolen =
            stolen
                ? stolen
                : fake_files_open_elsewhere(folders[i], DELETE,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
}

static void the_folders_are_held(void **state)
{
    (void)state;
    fake_calls_hook(steal, NULL);
    scene_take();
    fake_calls_hook(NULL, NULL);
    assert_null(stolen);
    expect_places(0, HALF);
}

static void a_message_moved_by_hand_is_where_it_is(void **state)
{
    (void)state;
    wchar_t path[QUARANTINE_FILE_MAX];
    const char *call;
    scene_take();
    wcscpy(path, BATCH);
    wcscat(path, wcsrchr(scene_message(2), L'\\'));
    assert_int_equal(quarantine_folder_move(path, scene_message(2), false, &call), ERROR_SUCCESS);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF - 1);
    expect_places(HALF, 0);
    assert_int_equal(scene_batches(), 0);
}

static void the_folder_is_beside_the_queue(void **state)
{
    (void)state;
    wchar_t root[QUARANTINE_FOLDER_MAX];
    assert_true(quarantine_folder_root(L"D:\\Queue\\", root));
    assert_int_equal(wcscmp(root, L"D:\\RelayLock quarantine"), 0);
    assert_false(quarantine_folder_root(L"Queue", root));
    assert_false(quarantine_folder_root(L"", root));
    assert_true(quarantine_folder_is_same(L"D:\\Queue", L"d:\\QUEUE\\"));
    assert_false(quarantine_folder_is_same(L"D:\\Queue1", L"D:\\Queue2"));
    assert_false(quarantine_folder_is_same(L"D:\\Queue", L"D:\\Queue2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_meant_is_taken_and_given_back, set_up),
        cmocka_unit_test_setup(nothing_meant_makes_no_batch, set_up),
        cmocka_unit_test_setup(counting_changes_nothing, set_up),
        cmocka_unit_test_setup(part_is_given_back_and_the_rest_later, set_up),
        cmocka_unit_test_setup(of_two_batches_one_is_given_back, set_up),
        cmocka_unit_test_setup(a_batch_is_looked_for, set_up),
        cmocka_unit_test_setup(folders_beside_each_other_have_their_own_batches, set_up),
        cmocka_unit_test_setup(of_folders_beside_each_other_one_batch_is_given_back, set_up),
        cmocka_unit_test_setup(folders_apart_share_an_id, set_up),
        cmocka_unit_test_setup(after_ten_seconds_it_stops, set_up),
        cmocka_unit_test_setup(after_ten_seconds_no_batch_is_opened, set_up),
        cmocka_unit_test_setup(a_purge_deletes_one_batch_for_good, set_up),
        cmocka_unit_test_setup(a_message_of_the_name_in_the_queue_is_not_replaced, set_up),
        cmocka_unit_test_setup(what_is_kept_read_only_or_linked_stays, set_up),
        cmocka_unit_test_setup(a_batch_without_messages_is_removed, set_up),
        cmocka_unit_test_setup(a_full_disk_loses_nothing, set_up),
        cmocka_unit_test_setup(a_junction_for_the_quarantine_is_refused, set_up),
        cmocka_unit_test_setup(a_quarantine_of_somebody_else_is_refused, set_up),
        cmocka_unit_test_setup(a_junction_for_the_queue_is_refused, set_up),
        cmocka_unit_test_setup(a_manifest_that_others_may_have_written_is_refused, set_up),
        cmocka_unit_test_setup(a_batch_that_somebody_works_on_is_left, set_up),
        cmocka_unit_test_setup(the_folders_are_held, set_up),
        cmocka_unit_test_setup(a_message_moved_by_hand_is_where_it_is, set_up),
        cmocka_unit_test_setup(the_folder_is_beside_the_queue, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
