#include "quarantine_scene.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_disk.h"

struct quarantine_queues scene_queues;
struct quarantine_order scene_order;
struct quarantine_result scene_result;
DWORD scene_tick, scene_tick_step;

static struct burst_list clients;
static unsigned message_count;
static bool names_are_long;

static DWORD WINAPI get_tick(void)
{
    return scene_tick += scene_tick_step;
}

static void WINAPI get_time(LPFILETIME now)
{
    /* 2026-11-29T08:20:00Z */
    const uint64_t ticks = (UINT64_C(1795940400) + UINT64_C(11644473600)) * 10000000;
    *now = (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static void find_none(struct queue_directories *found)
{
    found->count = 0;
}

static const wchar_t *name_of(unsigned number)
{
    static wchar_t name[MANIFEST_NAME_MAX];
    wchar_t padding[] =
        L"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        L"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    if (!names_are_long)
        padding[0] = 0;
    _snwprintf(name, MANIFEST_NAME_MAX, L"NTFS_%04u%ls.EML", number, padding);
    return name;
}

const wchar_t *scene_message(unsigned number)
{
    static wchar_t path[QUARANTINE_FILE_MAX];
    quarantine_folder_path(path, SCENE_QUEUE, name_of(number));
    return path;
}

static bool is_of_user(unsigned number)
{
    return number % 2 == 0;
}

static size_t content_of(unsigned number, char content[1024])
{
    char long_word[201] = "";
    if (names_are_long) {
        memset(long_word, 'y', 200);
        long_word[200] = 0;
    }
    return (size_t)snprintf(content, 1024,
                            "Received: from %s ([192.0.2.1]) by mail.contoso.com with SMTP;\r\n"
                            "\t Sat, 2 Jan 2010 03:04:05 +0000\r\n"
                            "Return-Path: <%s%s>\r\nSubject: %u\r\n\r\nbody\r\n",
                            is_of_user(number) ? "User" : "mail", long_word,
                            is_of_user(number) ? "spam@example.org" : "bob@contoso.com", number);
}

void scene_quarantine(unsigned messages, bool long_names)
{
    char content[1024];
    fake_files_reset();
    fake_calls_hook(NULL, NULL);
    quarantine_calls = (struct quarantine_calls){get_tick, get_time, find_none};
    scene_tick = scene_tick_step = 0;
    fake_files_make_folder(L"C:\\Mailroot");
    fake_files_make_folder(L"C:\\Mailroot\\vsi 1");
    fake_files_make_folder(SCENE_QUEUE);
    message_count = messages;
    names_are_long = long_names;
    for (unsigned i = 0; i < messages; i++) {
        size_t size = content_of(i, content);
        fake_files_put(scene_message(i), content, size);
    }
    memset(&scene_queues, 0, sizeof scene_queues);
    scene_queues.count = 1;
    wcscpy(scene_queues.paths[0], SCENE_QUEUE);
    memset(&clients, 0, sizeof clients);
    burst_list_add_client(
        &clients, burst_list_add(&clients, TEXT_OF(u"bob"), -SELECTION_EVER, SELECTION_EVER),
        TEXT_OF(u"User"));
    scene_order =
        (struct quarantine_order){.why = MANIFEST_BY_ACCOUNT,
                                  .what = u"CONTOSO\\bob",
                                  .limit = MANIFEST_FILES_MAX,
                                  .selection = {.kind = SELECT_CLIENTS, .clients = &clients}};
}

int scene_quarantine_set_up(void **state)
{
    (void)state;
    scene_quarantine(TEN, false);
    return 0;
}

void scene_take(void)
{
    quarantine_take(&scene_queues, &scene_order, &scene_result);
}

void scene_give_back(void)
{
    static const struct queue_selection all = {.kind = SELECT_ALL};
    quarantine_give_back(&scene_queues, "", &all, &scene_result);
}

/* ---- looking -------------------------------------------------------------------------------- */

static unsigned count_at(const wchar_t *folder, unsigned number)
{
    wchar_t path[QUARANTINE_FILE_MAX];
    char content[1024];
    size_t size, wanted = content_of(number, content);
    quarantine_folder_path(path, folder, name_of(number));
    const uint8_t *bytes = fake_files_content(path, &size);
    if (!bytes)
        return 0;
    assert_int_equal(size, wanted);
    assert_memory_equal(bytes, content, size);
    return 1;
}

/* The index-th folder of a batch. */
static bool batch_at(size_t index, wchar_t name[FAKE_PATH_MAX])
{
    return fake_names_find(SCENE_ROOT) && fake_names_in(SCENE_ROOT, index, name) != NULL;
}

struct scene_places scene_look(bool of_user)
{
    struct scene_places places = {0};
    wchar_t name[FAKE_PATH_MAX], folder[QUARANTINE_FILE_MAX];
    for (unsigned i = 0; i < message_count; i++) {
        if (is_of_user(i) != of_user)
            continue;
        unsigned queued = count_at(SCENE_QUEUE, i), kept = 0;
        for (size_t at = 0; batch_at(at, name); at++) {
            quarantine_folder_path(folder, SCENE_ROOT, name);
            kept += count_at(folder, i);
        }
        if (queued + kept > 1)
            fail_msg("message %u is in %u places", i, queued + kept);
        places.queued += queued;
        places.kept += kept;
        places.nowhere += queued + kept == 0;
    }
    return places;
}

void scene_expect_places(unsigned user_queued, unsigned user_kept)
{
    struct scene_places user = scene_look(true), others = scene_look(false);
    assert_int_equal(user.queued, user_queued);
    assert_int_equal(user.kept, user_kept);
    assert_int_equal(others.kept + others.nowhere, 0);
    assert_int_equal(fake_files_open_handles(), 0);
}

unsigned scene_batches(void)
{
    wchar_t name[FAKE_PATH_MAX];
    unsigned count = 0;
    while (batch_at(count, name))
        count++;
    return count;
}

const char *scene_batch(void)
{
    static char id[4 * FAKE_PATH_MAX];
    wchar_t name[FAKE_PATH_MAX];
    assert_true(batch_at(0, name));
    text_to_utf8(id, sizeof id, text_of(name));
    return id;
}

static void add_intents(void *context, const struct quarantine_batch *batch, const char *id,
                        DWORD error)
{
    if (error)
        fail_msg("batch %s: %s: error %lu", id, batch->failed_call, error);
    *(unsigned *)context += batch->manifest.open_count;
}

unsigned scene_open_intents(void)
{
    struct quarantine_result result;
    unsigned count = 0;
    quarantine_list(&scene_queues, add_intents, &count, &result);
    assert_null(result.call);
    return count;
}
