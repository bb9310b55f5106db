#include "replay_queried.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "../windows/queried_log.h"
#include "system_error.h"

enum { PATH_MAX_UNITS = 32768 /* learn.microsoft.com maximum-file-path-limitation */ };

struct replay_queried {
    struct replay_input input;
    const struct replay_search *search;
    struct queried_log *log;
    struct relay_event event; /* the last one; its texts hold until the next is asked for */
    bool well_formed;
    bool again; /* it was given and not taken */
    uint64_t given;
    char error[REPLAY_ERROR_SIZE]; /* why it could not be read any further; else empty */
    bool is_file;
    wchar_t path[]; /* terminated */
};

static void fill(const struct replay_queried *queried, struct replay_record *record)
{
    const struct relay_event *event = &queried->event;
    bool foreign = !origin_counts(&queried->search->shapes->filter.origins, event->origin);

    *record = (struct replay_record){.number = event->record,
                                     .time = event->time,
                                     .written = event->time,
                                     .computer = event->origin,
                                     .matched = true,
                                     .well_formed = queried->well_formed && !foreign,
                                     .foreign = foreign,
                                     .event = *event};
}

static size_t queried_next(struct replay_input *input, struct replay_record *records, size_t most)
{
    struct replay_queried *queried = (struct replay_queried *)input;
    const char *failed_call;

    (void)most; /* rendering the next event takes the texts of this one */
    records[0].passed = 0;
    if (!queried->again) {
        DWORD code = queried->error[0] != '\0'
                         ? ERROR_NO_MORE_ITEMS
                         : queried_log_next(queried->log, &queried->event, &queried->well_formed,
                                            &failed_call);

        if (code != ERROR_SUCCESS && code != ERROR_NO_MORE_ITEMS) {
            system_error_say(queried->error, sizeof queried->error, failed_call, code);
        }
        if (code != ERROR_SUCCESS) {
            return 0;
        }
        queried->given++;
    }
    queried->again = false;
    fill(queried, &records[0]);
    return 1;
}

/* What it holds is little, and cannot be had again: it keeps it. */
static void queried_rest(struct replay_input *input, size_t taken)
{
    struct replay_queried *queried = (struct replay_queried *)input;

    queried->again = taken == 0 && queried->given > 0;
}

static bool queried_wake(struct replay_input *input)
{
    (void)input;
    return true;
}

static const wchar_t *provider_of(const struct replay_queried *queried)
{
    return queried->search->shapes->filter.provider.at; /* terminated: it is that of the settings */
}

static DWORD open_log(const struct replay_queried *queried, struct queried_log **log,
                      const char **failed_call)
{
    return queried_log_open(queried->path, queried->is_file, provider_of(queried),
                            queried->search->shapes->filter.event_id, log, failed_call);
}

static bool queried_find(struct replay_input *input, uint64_t number, struct replay_key *key)
{
    struct replay_queried *queried = (struct replay_queried *)input;
    struct replay_queried found = {.search = queried->search};
    struct replay_record record;
    struct queried_log *log;
    const char *failed_call;
    bool reached = false;

    if (open_log(queried, &log, &failed_call) != ERROR_SUCCESS) {
        return false;
    }
    while (!reached &&
           queried_log_next(log, &found.event, &found.well_formed, &failed_call) == ERROR_SUCCESS) {
        reached = found.event.record >= number;
    }
    if (reached) {
        fill(&found, &record);
        *key = replay_key_of(&record);
    }
    queried_log_close(log);
    return reached;
}

static bool queried_remark(const struct replay_input *input, size_t index,
                           char text[REPLAY_ERROR_SIZE])
{
    const struct replay_queried *queried = (const struct replay_queried *)input;

    if (queried_log_is_torn(queried->log) && index-- == 0) {
        snprintf(text, REPLAY_ERROR_SIZE,
                 "incomplete: the log was cleared or overwritten while it was read");
        return true;
    }
    if (queried->error[0] != '\0' && index == 0) {
        snprintf(text, REPLAY_ERROR_SIZE, "%s", queried->error);
        return true;
    }
    return false;
}

static uint64_t queried_position(const struct replay_input *input)
{
    (void)input;
    return 0; /* wevtapi does not tell */
}

static void queried_close(struct replay_input *input)
{
    struct replay_queried *queried = (struct replay_queried *)input;

    queried_log_close(queried->log);
    free(queried);
}

static const struct replay_input_methods queried_methods = {
    .next = queried_next,
    .rest = queried_rest,
    .wake = queried_wake,
    .find = queried_find,
    .remark = queried_remark,
    .position = queried_position,
    .close = queried_close,
};

/* The name of a channel as it is, the path of a file in full. False, with an error, if it has none.
 */
static bool take_path(wchar_t wide[PATH_MAX_UNITS], const char *path, bool is_file,
                      char error[REPLAY_ERROR_SIZE])
{
    static wchar_t given[PATH_MAX_UNITS];

    if (!text_from_utf8(is_file ? given : wide, PATH_MAX_UNITS, path, NULL)) {
        snprintf(error, REPLAY_ERROR_SIZE, "the name is too long or not UTF-8");
        return false;
    }
    if (is_file) {
        DWORD count = GetFullPathNameW(given, PATH_MAX_UNITS, wide, NULL);

        if (count == 0 || count >= PATH_MAX_UNITS) {
            system_error_say(error, REPLAY_ERROR_SIZE, "GetFullPathName", GetLastError());
            return false;
        }
    }
    return true;
}

struct replay_input *replay_queried_open(const char *path, bool is_file,
                                         const struct replay_search *search,
                                         char error[REPLAY_ERROR_SIZE])
{
    static wchar_t wide[PATH_MAX_UNITS];
    const char *failed_call;

    if (!take_path(wide, path, is_file, error)) {
        return NULL;
    }
    size_t size = (text_of(wide).count + 1) * sizeof *wide;
    struct replay_queried *queried = calloc(1, sizeof *queried + size);

    if (queried == NULL) {
        snprintf(error, REPLAY_ERROR_SIZE, "no memory to read it");
        return NULL;
    }
    memcpy(queried->path, wide, size);
    queried->is_file = is_file;
    queried->search = search;
    queried->input.methods = &queried_methods;
    DWORD code = open_log(queried, &queried->log, &failed_call);

    if (code != ERROR_SUCCESS) {
        system_error_say(error, REPLAY_ERROR_SIZE, failed_call, code);
        free(queried);
        return NULL;
    }
    return &queried->input;
}
