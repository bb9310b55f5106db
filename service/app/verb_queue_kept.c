/* verb_queue_kept.c: `queue list` and `queue purge`. SMTP has no part in either. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/event_time.h"
#include "../windows/report.h"
#include "json_put.h"
#include "present_settings.h"
#include "quarantine_job.h"
#include "shown.h"
#include "usage.h"
#include "verbs_windows.h"

/* What of the batches was told. */
struct list {
    struct json_put *json; /* null: for people */
    const char *only;      /* the id of the batch that is meant; null: all */
    uint32_t batches, messages;
    bool failed;
};

static const char *why_word(enum manifest_why why)
{
    static const char *const words[] = {[MANIFEST_BY_ACCOUNT] = "account",
                                        [MANIFEST_BY_CLIENT] = "client",
                                        [MANIFEST_BY_SENDER] = "sender",
                                        [MANIFEST_BY_ALL] = "all",
                                        [MANIFEST_BY_LOCK] = "lock"};
    return words[why];
}

static void put_text(const struct quarantine_batch *batch)
{
    char time[EVENT_TIME_TEXT_SIZE], buffer[SHOWN_MAX];
    const struct manifest *manifest = &batch->manifest;
    event_time_to_text(manifest->batch.time, time);
    printf("%s  %s  %7" PRIu32 " of %7" PRIu32 " messages  %s %s\n", manifest->batch.id, time,
           batch->held, manifest->count, why_word(manifest->batch.why),
           shown(text_of(manifest->batch.what), buffer));
    printf("                 from %s\n", shown(text_of(manifest->batch.queue), buffer));
    if (manifest->open_count > 0 || manifest->purging)
        printf("                 being worked on, or left in the middle: the next quarantine, "
               "restore or purge finishes it\n");
}

static void put_json(struct json_put *json, const struct quarantine_batch *batch)
{
    const struct manifest *manifest = &batch->manifest;
    json_put_object(json, NULL);
    json_put_word(json, "batch", manifest->batch.id);
    json_put_time(json, "time", manifest->batch.time);
    json_put_word(json, "why", why_word(manifest->batch.why));
    json_put_text(json, "what", text_of(manifest->batch.what));
    json_put_text(json, "queue", text_of(manifest->batch.queue));
    json_put_number(json, "messages", batch->held);
    json_put_number(json, "taken", manifest->count);
    json_put_switch(json, "unfinished", manifest->open_count > 0 || manifest->purging);
    json_put_object_end(json);
}

static void tell(void *context, const struct quarantine_batch *batch, const char *id, DWORD error)
{
    struct list *list = context;
    char buffer[SHOWN_MAX];
    if (list->only && strcmp(list->only, id) != 0)
        return;
    if (error) {
        fprintf(stderr, "relaylock queue: %s: %s failed with error %lu\n",
                shown(text_of(batch->folder), buffer), batch->failed_call, error);
        list->failed = true;
        return;
    }
    if (list->json)
        put_json(list->json, batch);
    else if (!list->only)
        put_text(batch);
    list->batches++;
    list->messages += batch->held;
}

static bool find_queues(struct quarantine_queues *queues)
{
    size_t problems;
    struct settings *settings = malloc(sizeof *settings);
    bool read = settings && present_settings_read("relaylock queue", settings, NULL, &problems);
    if (!settings)
        fprintf(stderr, "relaylock queue: no memory\n");
    if (read)
        quarantine_find_queues(&settings->queue_directory, queues);
    free(settings);
    return read;
}

int verb_queue_list(int count, char **arguments)
{
    static struct quarantine_queues queues;
    struct quarantine_result result;
    struct json_put json = {.out = stdout};
    bool for_programs = count == 2 && strcmp(arguments[1], "--json") == 0;
    struct list list = {.json = for_programs ? &json : NULL};
    if (count > 1 + for_programs)
        return usage_wrong("queue list", "perhaps --json");
    if (!find_queues(&queues))
        return EXIT_FAILED;
    if (for_programs) {
        json_put_object(&json, NULL);
        json_put_number(&json, "version", 1);
        json_put_array(&json, "batches");
    }
    quarantine_list(&queues, tell, &list, &result);
    if (for_programs) {
        json_put_array_end(&json);
        json_put_object_end(&json);
        putchar('\n');
    } else if (list.batches == 0 && !list.failed) {
        printf("Nothing lies in the quarantine.\n");
    }
    return quarantine_complain(&result) || list.failed ? EXIT_FAILED : EXIT_DONE;
}

/* Deletes it, by the second word. */
static int purge(const struct quarantine_queues *queues, const char *id)
{
    struct quarantine_result result;
    quarantine_purge(queues, id, &result);
    report_quarantine_purged(id, &result);
    report_close();
    printf("%" PRIu32 " messages (%" PRIu64 " KB) were deleted for good.\n", result.count.moved,
           result.count.bytes / 1024);
    return quarantine_complain(&result) ? EXIT_FAILED : EXIT_DONE;
}

int verb_queue_purge(int count, char **arguments)
{
    static struct quarantine_queues queues;
    struct quarantine_result result;
    bool yes = count == 3 && strcmp(arguments[2], "--yes") == 0;
    struct list list = {.only = count > 1 ? arguments[1] : NULL};
    if (count < 2 || count > 2 + yes || !manifest_is_id(arguments[1]))
        return usage_wrong("queue purge", "BATCH --yes; see: relaylock queue list");
    if (!find_queues(&queues))
        return EXIT_FAILED;
    quarantine_finish(&queues, &result);
    report_quarantine_finished(&result);
    quarantine_list(&queues, tell, &list, &result);
    if (list.batches == 0 && !list.failed)
        fprintf(stderr, "relaylock queue: there is no batch %s; see: relaylock queue list\n",
                list.only);
    if (quarantine_complain(&result) || list.failed || list.batches == 0)
        return EXIT_FAILED;
    if (yes)
        return purge(&queues, list.only);
    printf("Nothing was deleted. To delete its %" PRIu32
           " messages for good, type: relaylock queue purge %s --yes\n",
           list.messages, list.only);
    return EXIT_FAILED;
}
