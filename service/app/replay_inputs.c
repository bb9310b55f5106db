#include "replay_inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input_file.h"
#include "replay_queried.h"
#include "replay_saved.h"

struct opening {
    struct replay_inputs *inputs;
    const struct replay_search *search;
    struct replay_reader *reader;
    replay_complain *complain;
    void *context;
};

#ifdef _WIN32

static const char channel_prefix[] = "channel:";

/* Whether a file is an event log of Windows Vista or later (.evtx). */
static bool is_newer(const char *path)
{
    static const char evtx[] = "ElfFile"; /* terminator included: MS-EVEN6 2.2 */
    char error[REPLAY_ERROR_SIZE], start[sizeof evtx];
    struct input_file file;

    if (!input_file_open(&file, path, error)) {
        return false; /* whoever opens it next will say why */
    }
    bool newer = file.size >= sizeof start &&
                 input_file_read(&file, 0, start, sizeof start, error) &&
                 memcmp(start, evtx, sizeof start) == 0;

    input_file_close(&file);
    return newer;
}

/* What wevtapi is to read: a channel, or a newer file. False for anything else. */
static bool open_queried(const struct opening *opening, const char *path,
                         struct replay_input **input, char error[REPLAY_ERROR_SIZE])
{
    bool channel = strncmp(path, channel_prefix, sizeof channel_prefix - 1) == 0;

    if (!channel && !is_newer(path)) {
        return false;
    }
    *input = replay_queried_open(channel ? path + sizeof channel_prefix - 1 : path, !channel,
                                 opening->search, error);
    return true;
}

#else

static bool open_queried(const struct opening *opening, const char *path,
                         struct replay_input **input, char error[REPLAY_ERROR_SIZE])
{
    (void)opening;
    (void)path;
    (void)input;
    (void)error;
    return false; /* there is no wevtapi; replay_saved_open says what a newer file is */
}

#endif

static void open_input(const struct opening *opening, const char *path, bool standard_input)
{
    char error[REPLAY_ERROR_SIZE];
    struct replay_input *input = NULL;

    if (standard_input || !open_queried(opening, path, &input, error)) {
        input = replay_saved_open(standard_input ? NULL : path, opening->search, error);
    }
    if (input == NULL) {
        opening->complain(opening->context, path, error);
    } else if (!replay_reader_add(opening->reader, input, path)) {
        input->methods->close(input);
        snprintf(error, sizeof error, "one input too many; there is room for %d",
                 REPLAY_INPUTS_MAX);
        opening->complain(opening->context, path, error);
    }
}

/* Keeps a path that was found. False when memory is out, or when there are too many. */
static bool keep(void *context, const char *path)
{
    struct replay_inputs *inputs = context;
    size_t size = strlen(path) + 1;

    if (inputs->count == inputs->room) {
        size_t room = inputs->room == 0 ? 64 : inputs->room * 2;
        char **larger = room <= (size_t)2 * REPLAY_INPUTS_MAX
                            ? realloc(inputs->paths, room * sizeof *larger)
                            : NULL;

        if (larger == NULL) {
            return false;
        }
        inputs->paths = larger;
        inputs->room = room;
    }
    char *copy = malloc(size);

    if (copy == NULL) {
        return false;
    }
    memcpy(copy, path, size);
    inputs->paths[inputs->count++] = copy;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* True when the argument is a folder, which is done with then. */
static bool open_folder(const struct opening *opening, const char *path)
{
    struct replay_inputs *inputs = opening->inputs;
    char error[REPLAY_ERROR_SIZE];
    size_t before = inputs->count;
    bool listed = input_file_list(path, keep, inputs, error);

    if (!listed && error[0] == '\0' && inputs->count == before) {
        return false;
    }
    if (!listed) {
        opening->complain(opening->context, path,
                          error[0] != '\0' ? error
                                           : "the folder holds more than there is room for");
    }
    if (inputs->count == before) {
        if (listed) {
            opening->complain(opening->context, path, "the folder holds no event log (.evt)");
        }
        return true;
    }
    if (inputs->count > before) {
        qsort(inputs->paths + before, inputs->count - before, sizeof *inputs->paths, by_name);
    }
    for (size_t i = before; i < inputs->count; i++) {
        open_input(opening, inputs->paths[i], false);
    }
    return true;
}

void replay_inputs_open(struct replay_inputs *inputs, const char *const *arguments, size_t count,
                        const struct replay_search *search, struct replay_reader *reader,
                        replay_complain *complain, void *context)
{
    const struct opening opening = {inputs, search, reader, complain, context};

    for (size_t i = 0; i < count; i++) {
        if (strcmp(arguments[i], "-") == 0) {
            open_input(&opening, "standard input", true);
        } else if (!open_folder(&opening, arguments[i])) {
            open_input(&opening, arguments[i], false);
        }
    }
}

void replay_inputs_free(struct replay_inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        free(inputs->paths[i]);
    }
    free(inputs->paths);
    inputs->paths = NULL;
    inputs->count = inputs->room = 0;
}
