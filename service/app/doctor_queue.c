/* doctor_queue.c: see doctor.h. The folders of the SMTP queues, which the service watches. */
#include "doctor.h"

#include <stdlib.h>
#include "queue_places.h"

static const char *show_folder(const struct queue_folder *folder, struct findings *findings)
{
    wchar_t path[QUEUE_FOLDER_PATH_MAX];
    if (!text_from_utf8(path, QUEUE_FOLDER_PATH_MAX, folder->path, NULL))
        return "a folder";
    return findings_show(findings, path);
}

/* How bad it is that a queue is not seen. */
static enum finding_state blindness(const struct settings *settings)
{
    return settings->require_queue > 0 ? FINDING_PROBLEM : FINDING_WARNING;
}

static const char *consequence(const struct settings *settings, bool others)
{
    if (settings->require_queue == 0)
        return "RelayLock does not see when it grows";
    return others ? "RelayLock locks nobody, unless the other folders hold as many files as the "
                    "setting RequireQueue says"
                  : "RelayLock locks nobody (setting RequireQueue)";
}

static void tell_none(const struct settings *settings, struct findings *findings)
{
    findings_add(findings, "queue", blindness(settings), "no SMTP queue folder was found: %s",
                 consequence(settings, false));
    findings_step(findings, "If SMTP has a queue on this computer, put its folder into the setting "
                            "QueueDirectory; otherwise put 0 into QueueAlert and RequireQueue.");
}

/* Counts its files. others: there are other folders. */
static bool look_at_folder(const struct settings *settings, struct queue_folder *folder,
                           bool others, struct findings *findings)
{
    char16_t words[QUEUE_FOLDER_ERROR_SIZE];
    if (queue_folder_walk(folder->path, false, NULL, NULL, &folder->count, folder->error))
        return true;
    if (!text_from_utf8(words, QUEUE_FOLDER_ERROR_SIZE, folder->error, NULL))
        words[0] = 0;
    findings_add(findings, "queue", blindness(settings), "%.300s cannot be read: %.200s. %s",
                 show_folder(folder, findings), findings_show(findings, words),
                 consequence(settings, others));
    findings_step(findings, "Run this in an administrator's prompt; if the folder is not there, "
                            "put the right one into the setting QueueDirectory.");
    return false;
}

static void tell_files(const struct settings *settings, const struct queue_report *report,
                       uint64_t files, struct findings *findings)
{
    const char *first = show_folder(&report->folders[0], findings);
    if (settings->queue_alert > 0 && files >= settings->queue_alert) {
        findings_add(findings, "queue", FINDING_WARNING,
                     "%llu files, past QueueAlert (%lu), in %lu folder(s): %.300s%s",
                     (unsigned long long)files, (unsigned long)settings->queue_alert,
                     (unsigned long)report->folder_count, first,
                     report->folder_count > 1 ? ", ..." : "");
        findings_command(findings, "relaylock queue");
        return;
    }
    findings_add(findings, "queue", FINDING_OK, "%llu files in %lu folder(s): %.300s%s",
                 (unsigned long long)files, (unsigned long)report->folder_count, first,
                 report->folder_count > 1 ? ", ..." : "");
}

void doctor_look_queue(struct doctor *doctor, struct findings *findings)
{
    const struct settings *settings = &doctor->settings;
    uint64_t files = 0;
    bool whole = true;
    if (settings->queue_alert == 0 && settings->require_queue == 0)
        return; /* nobody looks at it */
    struct queue_report *report = calloc(1, sizeof *report);
    if (!report) {
        doctor_cannot_tell(findings, "queue", "calloc", ERROR_NOT_ENOUGH_MEMORY);
        return;
    }
    queue_places_find(report, settings);
    for (uint32_t i = 0; i < report->folder_count; i++) {
        whole = look_at_folder(settings, &report->folders[i], report->folder_count > 1, findings) &&
                whole;
        files += report->folders[i].count.files;
    }
    if (report->folder_count == 0)
        tell_none(settings, findings);
    else if (whole)
        tell_files(settings, report, files, findings);
    free(report);
}
