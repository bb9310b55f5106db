#include "queue_report.h"

#include <string.h>

struct making {
    struct queue_report *report;
    uint64_t left; /* messages to look for own domains in */
};

bool queue_report_add_folder(struct queue_report *report, const char *path)
{
    size_t size = strlen(path) + 1;
    for (uint32_t i = 0; i < report->folder_count; i++)
        if (strcmp(report->folders[i].path, path) == 0)
            return true;
    if (report->folder_count == QUEUE_FOLDERS_MAX || size > QUEUE_FOLDER_PATH_MAX)
        return false;
    memcpy(report->folders[report->folder_count++].path, path, size);
    return true;
}

static bool find_own(void *context, const struct queue_file *file)
{
    struct making *making = context;
    own_domains_find(&making->report->own, file->head);
    return --making->left > 0;
}

static bool add_message(void *context, const struct queue_file *file)
{
    struct making *making = context;
    struct queue_report *report = making->report;
    const struct queue_message message = {
        .head = file->head, .size = file->size, .written = file->written};
    own_domains_find(&report->own, file->head);
    queue_tally_add(&report->tally, &report->own, &report->bursts, &message);
    return true;
}

/* As queue_diagnosis_make wants it. */
static uint64_t count_unread(const struct queue_report *report)
{
    uint64_t unread = 0;
    for (uint32_t i = 0; i < report->folder_count; i++) {
        const struct queue_folder *folder = &report->folders[i];
        if (folder->failed)
            return UINT64_MAX;
        unread += folder->count.failed + folder->count.in_use;
    }
    return unread;
}

void queue_report_make(struct queue_report *report)
{
    struct making making = {.report = report, .left = QUEUE_SAMPLE};
    /* What kind a message is depends on the own domains, so these are looked for first. */
    for (uint32_t i = 0; i < report->folder_count && making.left > 0; i++) {
        struct queue_folder_count passed = {0};
        char ignored[QUEUE_FOLDER_ERROR_SIZE];
        queue_folder_walk(report->folders[i].path, true, find_own, &making, &passed, ignored);
    }
    queue_tally_init(&report->tally);
    for (uint32_t i = 0; i < report->folder_count; i++) {
        struct queue_folder *folder = &report->folders[i];
        folder->failed = !queue_folder_walk(folder->path, true, add_message, &making,
                                            &folder->count, folder->error);
    }
    queue_diagnosis_make(&report->diagnosis, &report->tally, &report->own, count_unread(report));
}
