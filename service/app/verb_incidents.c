#include "verb_incidents.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "incident_list.h"
#include "journal_source.h"
#include "usage.h"

enum { OWN_READS_MAX = 3 };

struct request {
    bool json, all;
    const char *path; /* null: the service's own */
};

/* A journal that was read, and the book it comes to. */
struct reading {
    uint8_t *bytes;
    size_t size;
    struct incident *incidents;
    struct incident_book book;
    struct book_recovery recovery;
    struct incident_list list;
};

static bool parse(struct request *request, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0)
            request->json = true;
        else if (strcmp(arguments[i], "--all") == 0)
            request->all = true;
        else if (arguments[i][0] == '-' || arguments[i][0] == '\0' || request->path)
            return false;
        else
            request->path = arguments[i];
    }
    return request->path || journal_source_has_own;
}

static bool read_once(struct reading *reading, const char *path)
{
    journal_source_free(reading->bytes);
    reading->bytes = NULL;
    if (!journal_source_read("incidents", path, &reading->bytes, &reading->size))
        return false;
    incident_book_init(&reading->book, reading->incidents);
    incident_book_recover(&reading->book, reading->bytes, reading->size, &reading->recovery);
    return true;
}

/* The service's own may be written to at this moment and look torn: it gets a second look. */
static bool read_whole(struct reading *reading, const char *path)
{
    int reads = path ? 1 : OWN_READS_MAX;
    for (int i = 0; i < reads; i++) {
        if (!read_once(reading, path))
            return false;
        if (reading->recovery.good == reading->size)
            break;
    }
    return true;
}

/* Says what could not be shown. Whether there is nothing to say. */
static bool report_damage(const struct reading *reading)
{
    const struct book_recovery *recovery = &reading->recovery;
    if (recovery->good < reading->size)
        fprintf(stderr,
                "relaylock incidents: the journal is torn: its last %" PRIu64 " bytes of %" PRIu64
                " are damaged; what stands before them is shown\n",
                (uint64_t)(reading->size - recovery->good), (uint64_t)reading->size);
    if (recovery->refused > 0)
        fprintf(stderr,
                "relaylock incidents: entries that make no sense, passed over: %" PRIu64
                " of %" PRIu64 "\n",
                recovery->refused, recovery->frames);
    return recovery->good == reading->size && recovery->refused == 0;
}

static int show(struct reading *reading, const struct request *request)
{
    struct incident_list *list = &reading->list;
    incident_list_make(list, &reading->book, request->all);
    list->torn = reading->recovery.good < reading->size;
    if (request->json)
        incident_list_json(list, stdout);
    else
        incident_list_text(list, stdout);
    bool whole = report_damage(reading);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "relaylock incidents: the result could not be written\n");
        return INCIDENTS_FAILED;
    }
    if (!whole)
        return INCIDENTS_FAILED;
    return list->open > 0 || list->locked > 0 ? INCIDENTS_SOME : INCIDENTS_NONE;
}

int verb_incidents(int count, char **arguments)
{
    struct request request = {0};
    if (!parse(&request, count, arguments))
        return usage_wrong(arguments[0], journal_source_has_own ? "[--json] [--all] [FILE]"
                                                                : "[--json] [--all] FILE");
    int status = INCIDENTS_FAILED;
    struct reading *reading = calloc(1, sizeof *reading);
    struct incident *incidents = calloc(BOOK_INCIDENTS_MAX, sizeof *incidents);
    if (!reading || !incidents) {
        fprintf(stderr, "relaylock incidents: no memory\n");
        goto cleanup;
    }
    reading->incidents = incidents;
    if (read_whole(reading, request.path))
        status = show(reading, &request);
    journal_source_free(reading->bytes);
cleanup:
    free(incidents);
    free(reading);
    return status;
}
