#include "replay_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "replay_csv.h"
#include "replay_json.h"
#include "replay_text.h"
#include "terminal.h"

static void (*const writers[])(const struct replay_report *report, FILE *out) = {
    [REPLAY_FORMAT_TEXT] = replay_text_write,
    [REPLAY_FORMAT_JSON] = replay_json_write,
    [REPLAY_FORMAT_CSV] = replay_csv_write,
};

static void listen(struct replay_parts *parts, struct replay_listener listener)
{
    parts->listeners.at[parts->listeners.count++] = listener;
}

static bool no_memory(const char *part, const struct settings *settings)
{
    fprintf(stderr, "replay: no memory for %s with MaxAccounts=%" PRIu32 "; set fewer\n", part,
            settings->max_accounts);
    return false;
}

bool replay_parts_open(struct replay_parts *parts, const struct replay_options *options)
{
    const struct settings *settings = &options->settings;

    *parts = (struct replay_parts){.listeners = {.count = 0}};
    if (terminal_is(stderr)) {
        replay_progress_open(&parts->progress, stderr, terminal_clock);
        listen(parts, replay_progress_listener(&parts->progress));
    }
    if (options->sweep) {
        if (!replay_sweep_open(&parts->sweep, settings, &options->grid)) {
            return no_memory("--sweep", settings);
        }
        listen(parts, replay_sweep_listener(&parts->sweep));
    }
    if (options->explained[0] != 0) {
        if (!replay_explain_open(&parts->explain, settings, text_of(options->explained))) {
            return no_memory("--explain", settings);
        }
        listen(parts, replay_explain_listener(&parts->explain));
    }
    if (options->diff) {
        if (!replay_diff_open(&parts->diff, &options->changed)) {
            return no_memory("--diff", &options->changed);
        }
        listen(parts, replay_diff_listener(&parts->diff));
    }
    if (options->html != NULL) {
        if (!replay_page_open(&parts->page, options->html, settings)) {
            return false;
        }
        listen(parts, replay_page_listener(&parts->page));
        parts->listeners.nearest = true;
    }
    return true;
}

static bool finish_sweep(struct replay_sweep *part)
{
    uint64_t lost = sweep_lost(part->sweep);

    replay_sweep_finish(part);
    if (lost > 0 || part->nameless > 0) {
        fprintf(stderr,
                "replay: the sweep lacks sign-ins for lack of room: %" PRIu64
                ", of accounts without a number: %" PRIu64 "; raise MaxAccounts with --set\n",
                lost, part->nameless);
    }
    return lost == 0 && part->nameless == 0;
}

static bool finish_explain(struct replay_explain *part)
{
    replay_explain_finish(part);
    if (part->lost > 0) {
        fprintf(stderr, "replay: --explain lacks sign-ins for lack of room: %" PRIu64 "\n",
                part->lost);
    }
    return part->lost == 0;
}

static bool finish_diff(struct replay_diff *part, const struct replay_report *report)
{
    if (!replay_diff_finish(part, report) || part->cut) {
        fputs("replay: no memory to compare all verdicts\n", stderr);
        return false;
    }
    if (part->after.guard.lost > 0) {
        fprintf(stderr,
                "replay: under the new settings MaxAccounts is too small for this log: losses "
                "%" PRIu64 "; raise it with --diff\n",
                part->after.guard.lost);
    }
    return part->after.guard.lost == 0;
}

bool replay_parts_finish(struct replay_parts *parts, const struct replay_options *options,
                         struct replay_report *report)
{
    bool whole = true;

    if (options->sweep) {
        whole = finish_sweep(&parts->sweep) && whole;
        report->sweep = &parts->sweep;
    }
    if (options->explained[0] != 0) {
        whole = finish_explain(&parts->explain) && whole;
        report->explain = &parts->explain;
    }
    if (options->diff) {
        whole = finish_diff(&parts->diff, report) && whole;
        report->diff = &parts->diff;
    }
    report->activity = parts->page.activity;
    replay_progress_close(&parts->progress);
    return whole;
}

bool replay_parts_write(struct replay_parts *parts, const struct replay_options *options,
                        const struct replay_report *report)
{
    bool paged = options->html == NULL || replay_page_write(&parts->page, report);

    writers[options->format](report, stdout);
    return replay_parts_flush() && paged;
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
    replay_explain_close(&parts->explain);
    replay_diff_close(&parts->diff);
    replay_page_close(&parts->page);
    parts->listeners.count = 0;
}
