#include "replay_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "replay_json.h"
#include "replay_text.h"

static void (*const writers[])(const struct replay_report *report, FILE *out) = {
    [REPLAY_FORMAT_TEXT] = replay_text_write,
    [REPLAY_FORMAT_JSON] = replay_json_write,
};

static void listen(struct replay_parts *parts, struct replay_listener listener)
{
    parts->listeners.at[parts->listeners.count++] = listener;
}

bool replay_parts_open(struct replay_parts *parts, const struct replay_options *options)
{
    *parts = (struct replay_parts){.listeners = {.count = 0}};
    if (options->sweep) {
        if (!replay_sweep_open(&parts->sweep, &options->settings, &options->grid)) {
            fprintf(stderr, "replay: no memory for a sweep of MaxAccounts=%" PRIu32 "; set fewer\n",
                    options->settings.max_accounts);
            return false;
        }
        listen(parts, replay_sweep_listener(&parts->sweep));
    }
    return true;
}

bool replay_parts_write(struct replay_parts *parts, const struct replay_options *options,
                        struct replay_report *report)
{
    if (options->sweep) {
        replay_sweep_finish(&parts->sweep);
        report->sweep = &parts->sweep;
    }
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
    replay_sweep_close(&parts->sweep);
    parts->listeners.count = 0;
}
