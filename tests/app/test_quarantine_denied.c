/* The quarantine meets messages that are being deleted, and says whose right it is refused for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "app/quarantine_job.h"
#include "quarantine_scene.h"
#include "report_recorder.h"
#include "windows/disk_file.h"
#include "windows/message_files.h"

/* ---- what denies access --------------------------------------------------------------------- */

enum { EVERYBODY = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static HANDLE reader; /* of another process */
static unsigned waits;

static void WINAPI wait_for_reader(DWORD ms)
{
    assert_int_equal(ms, MESSAGE_FILES_WAIT);
    waits++;
    if (reader)
        fake_files_close_elsewhere(reader);
    reader = NULL;
}

/* A batch of the messages whose numbers are even, up to the move. */
static void begin_batch(struct quarantine_batch *batch, struct quarantine_count *count)
{
    struct manifest_batch what = {.id = "20261129-082000", .queue = SCENE_QUEUE};
    memset(count, 0, sizeof *count);
    assert_int_equal(quarantine_batch_create(batch, &what), ERROR_SUCCESS);
    for (unsigned i = 0; i < TEN; i += 2) {
        struct manifest_file file = {0};
        wcscpy(file.name, wcsrchr(scene_message(i), L'\\') + 1);
        assert_int_equal(quarantine_batch_add(batch, &file, count), ERROR_SUCCESS);
    }
    message_files_calls.Sleep = wait_for_reader;
    waits = 0;
}

static void one_that_is_being_deleted_counts_as_gone(void **state)
{
    static struct quarantine_batch batch;
    struct quarantine_count count;
    (void)state;
    begin_batch(&batch, &count);
    reader = fake_files_open_elsewhere(scene_message(2), GENERIC_READ, EVERYBODY);
    assert_true(disk_file_calls.DeleteFileW(scene_message(2)));
    assert_int_equal(quarantine_batch_move(&batch, &count), ERROR_SUCCESS);
    assert_int_equal(quarantine_batch_close(&batch), ERROR_SUCCESS);
    assert_int_equal(waits, 1);
    assert_int_equal(count.moved, HALF - 1);
    assert_int_equal(count.gone, 1);
    assert_int_equal(count.failed, 0);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void a_batch_waits_no_longer_than_a_few_times(void **state)
{
    static struct quarantine_batch batch;
    struct quarantine_count count;
    (void)state;
    begin_batch(&batch, &count);
    for (unsigned i = 0; i < TEN; i += 2)
        fake_files_deny(scene_message(i), true);
    assert_int_equal(quarantine_batch_move(&batch, &count), ERROR_SUCCESS);
    assert_int_equal(quarantine_batch_close(&batch), ERROR_SUCCESS);
    assert_int_equal(waits, MESSAGE_FILES_WAITS_MAX);
    assert_int_equal(count.moved, 0);
    assert_int_equal(count.failed, HALF);
    assert_int_equal(count.error, ERROR_ACCESS_DENIED);
}

/* ---- what is refused ------------------------------------------------------------------------ */

#define USER      L"S-1-5-21-1-2-3-1000"
#define CONTINUED ADMINISTRATORS_ONLY L"(A;OICI;FA;;;" USER L")" /* Explorer's "Continue" */

static void expect_named(const wchar_t *object)
{
    assert_int_equal(scene_result.error, ERROR_INVALID_SECURITY_DESCR);
    recorder_start();
    report_quarantine_finished(&scene_result);
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"checking the rights of " USER);
    recorder_expect(MSG_QUARANTINE_FAILED, 1, object);
}

static void the_refusal_names_whose_right_it_is(void **state)
{
    (void)state;
    fake_files_make_folder(SCENE_ROOT);
    fake_files_protect(SCENE_ROOT, CONTINUED);
    scene_take();
    expect_named(SCENE_BATCH);
    fake_files_protect(SCENE_ROOT, ADMINISTRATORS_ONLY);
    scene_take();
    assert_null(scene_result.call);
    fake_files_protect(SCENE_BATCH, CONTINUED);
    scene_give_back();
    expect_named(SCENE_BATCH);
    fake_files_protect(SCENE_BATCH, ADMINISTRATORS_ONLY);
    fake_files_protect(SCENE_BATCH L"\\manifest", CONTINUED);
    scene_give_back();
    expect_named(SCENE_BATCH);
    static struct quarantine_job job;
    job.result = scene_result;
    quarantine_job_answer(&job, 0);
    assert_non_null(strstr(job.answer.text, "checking the rights of S-1-5-21-1-2-3-1000 failed"));
    /* It is taken back, and nothing is lost. */
    fake_files_protect(SCENE_BATCH L"\\manifest", ADMINISTRATORS_ONLY);
    scene_give_back();
    assert_null(scene_result.call);
    scene_expect_places(HALF, 0);
}

static void the_folders_are_hidden_from_explorer(void **state)
{
    const DWORD both = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    WIN32_FILE_ATTRIBUTE_DATA found;
    (void)state;
    scene_take();
    const wchar_t *const folders[] = {SCENE_ROOT, SCENE_BATCH};
    for (size_t i = 0; i < ARRAYSIZE(folders); i++) {
        assert_true(
            disk_file_calls.GetFileAttributesExW(folders[i], GetFileExInfoStandard, &found));
        assert_int_equal(found.dwFileAttributes & both, both);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, scene_quarantine_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_that_is_being_deleted_counts_as_gone),
        TEST(a_batch_waits_no_longer_than_a_few_times),
        TEST(the_refusal_names_whose_right_it_is),
        TEST(the_folders_are_hidden_from_explorer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
