#include "replay_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "replay_html.h"
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

static bool open_sweep(struct replay_parts *parts, const struct replay_options *options)
{
    if (!replay_sweep_open(&parts->sweep, &options->settings, &options->grid)) {
        fprintf(stderr, "replay: no memory for a sweep of MaxAccounts=%" PRIu32 "; set fewer\n",
                options->settings.max_accounts);
        return false;
    }
    listen(parts, replay_sweep_listener(&parts->sweep));
    return true;
}

static bool fail(const char *path, const char *error)
{
    fputs("replay: --html ", stderr);
    replay_show(path, stderr);
    fprintf(stderr, ": %s\n", error);
    return false;
}

static bool open_page(struct replay_parts *parts, const struct replay_options *options)
{
    char error[NEW_FILE_ERROR_SIZE];

    parts->activity = replay_activity_open(options->settings.max_accounts);
    if (parts->activity == NULL) {
        return fail(options->html, "no memory for so many accounts; set MaxAccounts lower");
    }
    listen(parts, replay_activity_listener(parts->activity));
    parts->listeners.nearest = true;
    return new_file_begin(&parts->page, options->html, replay_html_start, error) ||
           fail(options->html, error);
}

static bool write_page(struct replay_parts *parts, const struct replay_options *options,
                       struct replay_report *report)
{
    char error[NEW_FILE_ERROR_SIZE];

    report->activity = parts->activity;
    replay_html_write(report, parts->page.out);
    return new_file_finish(&parts->page, error) || fail(options->html, error);
}

bool replay_parts_open(struct replay_parts *parts, const struct replay_options *options)
{
    *parts = (struct replay_parts){.listeners = {.count = 0}};
    return (!options->sweep || open_sweep(parts, options)) &&
           (options->html == NULL || open_page(parts, options));
}

bool replay_parts_write(struct replay_parts *parts, const struct replay_options *options,
                        struct replay_report *report)
{
    if (options->sweep) {
        replay_sweep_finish(&parts->sweep);
        report->sweep = &parts->sweep;
    }
    bool written = options->html == NULL || write_page(parts, options, report);

    writers[options->format](report, stdout);
    return replay_parts_flush() && written;
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
    new_file_abandon(&parts->page);
    replay_activity_close(parts->activity);
    parts->activity = NULL;
}
