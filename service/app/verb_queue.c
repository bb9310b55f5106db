#define _POSIX_C_SOURCE 200809L
#include "verb_queue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "present_settings.h"
#include "queue_bursts.h"
#include "queue_places.h"
#include "shown.h"
#include "usage.h"

struct request {
    bool json;
    struct queue_bursts_sources sources;
};

static bool is_option(const char *argument, const char *name)
{
    return strcmp(argument, name) == 0;
}

static bool take_value(struct request *request, struct queue_report *report, const char *option,
                       const char *value)
{
    if (is_option(option, "--own-domain"))
        return own_domains_name(&report->own, value);
    if (is_option(option, "--journal") && !request->sources.journal) {
        request->sources.journal = value;
        return true;
    }
    return is_option(option, "--log") && queue_bursts_name_log(&request->sources, value);
}

static bool parse(struct request *request, struct queue_report *report, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        if (is_option(arguments[i], "--json")) {
            request->json = true;
        } else if (arguments[i][0] == '-') {
            if (i + 1 == count || !take_value(request, report, arguments[i], arguments[i + 1]))
                return false;
            i++;
        } else if (arguments[i][0] == '\0' || !queue_report_add_folder(report, arguments[i])) {
            return false;
        }
    }
    return report->folder_count > 0 || queue_places_has_own;
}

/* Says what could not be read. Whether that is next to nothing. */
static bool tell_failures(const struct queue_report *report)
{
    bool whole = true;
    uint64_t failed = 0, files = 0;
    for (uint32_t i = 0; i < report->folder_count; i++) {
        const struct queue_folder *folder = &report->folders[i];
        failed += folder->count.failed;
        files += folder->count.files;
        if (!folder->failed && folder->count.failed == 0)
            continue;
        fputs("relaylock queue: ", stderr);
        shown_put_utf8(folder->path, stderr);
        if (folder->count.failed > 0)
            fprintf(stderr, ": message files that cannot be read: %" PRIu64 "; the first: %s",
                    folder->count.failed, folder->count.error);
        if (folder->failed)
            fprintf(stderr, ": %s", folder->error);
        fputc('\n', stderr);
        whole = whole && !folder->failed;
    }
    return whole && failed * 100 <= files;
}

static int run(const struct request *request, struct queue_report *report,
               const struct settings *settings)
{
    report->elsewhere = report->folder_count > 0 || request->sources.journal;
    queue_places_find(report, settings);
    if (report->folder_count == 0) {
        fputs("relaylock queue: no queue folder was found; name one: relaylock queue FOLDER\n",
              stderr);
        return QUEUE_UNSURE;
    }
    report->now = (int64_t)time(NULL);
    bool whole = queue_bursts_find(report, settings, &request->sources);
    queue_report_make(report);
    if (request->json)
        queue_report_json(report, stdout);
    else
        queue_report_text(report, stdout);
    whole = tell_failures(report) && whole;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "relaylock queue: the result could not be written\n");
        return QUEUE_UNSURE;
    }
    switch (report->diagnosis.verdict) {
    case QUEUE_VERDICT_NORMAL:
        return whole ? QUEUE_NORMAL : QUEUE_UNSURE;
    case QUEUE_VERDICT_UNKNOWN:
        return QUEUE_UNSURE;
    default:
        return QUEUE_ATTACK;
    }
}

int verb_queue(int count, char **arguments)
{
    int status = QUEUE_UNSURE;
    struct request request = {0};
    size_t problems;
    struct queue_report *report = calloc(1, sizeof *report);
    struct settings *settings = malloc(sizeof *settings);
    if (!report || !settings)
        fprintf(stderr, "relaylock queue: no memory\n");
    else if (!parse(&request, report, count, arguments))
        status = usage_wrong(
            arguments[0], queue_places_has_own
                              ? "[--json] [--own-domain NAME]... [--log FILE]... [--journal FILE] "
                                "[FOLDER]..."
                              : "[--json] [--own-domain NAME]... [--log FILE]... [--journal FILE] "
                                "FOLDER...");
    else if (present_settings_read("relaylock queue", settings, NULL, &problems))
        status = run(&request, report, settings);
    free(settings);
    free(report);
    return status;
}
