/* What somebody may have planted for the quarantine, or holds while it is at work: nothing is moved
 * by it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "quarantine_scene.h"

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
    fake_files_protect(SCENE_BATCH L"\\manifest", ADMINISTRATORS_ONLY L"(A;;FA;;;BU)");
    expect_batch_refused(ERROR_INVALID_SECURITY_DESCR);
    fake_files_protect(SCENE_BATCH L"\\manifest", ADMINISTRATORS_ONLY);
    fake_files_hard_link(L"C:\\elsewhere", SCENE_BATCH L"\\manifest");
    expect_batch_refused(ERROR_CANT_ACCESS_FILE);
    fake_files_remove(L"C:\\elsewhere");
    fake_files_put(SCENE_BATCH L"\\manifest", "junk", 4);
    expect_batch_refused(ERROR_FILE_CORRUPT);
    fake_files_remove(SCENE_BATCH L"\\manifest");
    expect_batch_refused(ERROR_FILE_CORRUPT);
}

static void a_batch_that_somebody_works_on_is_left(void **state)
{
    (void)state;
    scene_take();
    HANDLE other = fake_files_open_elsewhere(SCENE_BATCH L"\\manifest",
                                             GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ);
    assert_non_null(other);
    expect_batch_refused(ERROR_SHARING_VIOLATION);
    quarantine_finish(&scene_queues, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_open_intents(), 0); /* it can be read all the same */
    fake_files_close_elsewhere(other);
    scene_give_back();
    scene_expect_places(HALF, 0);
}

/* While it is at work nobody can put another folder in the place of its own. */
static HANDLE stolen;
static void steal(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    if (strcmp(call, "MoveFileExW") != 0 || moment != FAKE_BEFORE)
        return;
    const wchar_t *const folders[] = {SCENE_QUEUE, SCENE_ROOT, SCENE_BATCH};
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
    scene_expect_places(0, HALF);
}

#define TEST(name) cmocka_unit_test_setup(name, scene_quarantine_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_junction_for_the_quarantine_is_refused),
        TEST(a_quarantine_of_somebody_else_is_refused),
        TEST(a_junction_for_the_queue_is_refused),
        TEST(a_manifest_that_others_may_have_written_is_refused),
        TEST(a_batch_that_somebody_works_on_is_left),
        TEST(the_folders_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
