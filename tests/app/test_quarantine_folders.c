/* Where batches lie: beside the queue folder, and what follows when two of these are beside each
 * other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "quarantine_scene.h"

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
    scene_expect_places(0, HALF);
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
    scene_expect_places(HALF, 0);
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
    scene_expect_places(0, HALF);
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

#define TEST(name) cmocka_unit_test_setup(name, scene_quarantine_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folders_beside_each_other_have_their_own_batches),
        TEST(of_folders_beside_each_other_one_batch_is_given_back),
        TEST(folders_apart_share_an_id),
        TEST(the_folder_is_beside_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
