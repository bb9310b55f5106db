#include "replay_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "replay_json.h"
#include "replay_text.h"

static void (*const writers[])(const struct replay_report *report, FILE *out) = {
    [REPLAY_FORMAT_TEXT] = replay_text_write,
    [REPLAY_FORMAT_JSON] = replay_json_write,
};

bool replay_parts_open(struct replay_parts *parts, const struct replay_options *options)
{
    (void)options;
    *parts = (struct replay_parts){.listeners = {.count = 0}};
    return true;
}

bool replay_parts_write(struct replay_parts *parts, const struct replay_options *options,
                        struct replay_report *report)
{
    (void)parts;
    writers[options->format](report, stdout);
    return replay_parts_flush();
}

bool replay_parts_flush(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "replay: the result could not be written: %s\n", strerror(errno));
        return false;
    }
    return true;
}

void replay_parts_close(struct replay_parts *parts)
{
    parts->listeners.count = 0;
}
