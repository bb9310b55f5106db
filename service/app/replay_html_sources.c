#include "replay_html_sources.h"

#include <inttypes.h>

#include "replay_activity.h"
#include "replay_html_put.h"

static void put_gap(const struct replay_report *report, const struct replay_gap *gap, FILE *out)
{
    fputs("<tr><td>", out);
    replay_html_path(report->files[gap->file].path, out);
    fputs("</td><td>", out);
    replay_html_time(gap->before, out);
    fputs("</td><td>", out);
    replay_html_time(gap->after, out);
    fputs("</td><td>", out);
    if (gap->kind == REPLAY_GAP_DAMAGE) {
        fprintf(out, "damage: %" PRIu64 " bytes passed over at offset %" PRIu64, gap->bytes,
                gap->offset);
    } else if (gap->first == gap->last) {
        fprintf(out, "record %" PRIu64 " is missing", gap->first);
    } else if (gap->first < gap->last) {
        fprintf(out, "records %" PRIu64 " to %" PRIu64 " are missing", gap->first, gap->last);
    } else {
        fputs("records are missing, it is not known how many", out);
    }
    fputs("</td></tr>\n", out);
}

static void put_gaps(const struct replay_report *report, FILE *out)
{
    const struct replay_activity *activity = report->activity;

    fputs("<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\">Gaps in the logs</h2>\n", out);
    if (activity->gap_count == 0) {
        fputs("<p>None.</p>\n</section>\n", out);
        return;
    }
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"gaps\"><table>"
          "<thead><tr><th scope=\"col\">File</th><th scope=\"col\">After (UTC)</th>"
          "<th scope=\"col\">Before</th><th scope=\"col\">What</th></tr></thead><tbody>\n",
          out);
    for (uint64_t i = 0; i < activity->gap_count && i < REPLAY_GAPS_KEPT; i++) {
        put_gap(report, &activity->gaps[i], out);
    }
    fputs("</tbody></table></div>\n", out);
    if (activity->gap_count > REPLAY_GAPS_KEPT) {
        fputs("<p class=\"note\">And ", out);
        replay_html_count(activity->gap_count - REPLAY_GAPS_KEPT, out);
        fputs(" more.</p>\n", out);
    }
    fputs("</section>\n", out);
}

static void put_file(const struct replay_file *file, FILE *out)
{
    fputs("<tr><th scope=\"row\">", out);
    replay_html_path(file->path, out);
    fputs("</th><td class=\"n\">", out);
    replay_html_count(file->records, out);
    fputs("</td><td class=\"n\">", out);
    replay_html_count(file->matched, out);
    fputs("</td><td class=\"n\">", out);
    replay_html_count(file->malformed, out);
    fputs("</td><td>", out);
    if (file->records > 0) {
        replay_html_time(file->first_time, out);
        fputs("</td><td>", out);
        replay_html_time(file->last_time, out);
    } else {
        fputs("</td><td>", out);
    }
    fputs("</td></tr>\n", out);
}

static void put_files(const struct replay_report *report, FILE *out)
{
    fputs("<section aria-labelledby=\"files\">\n<h2 id=\"files\">Files</h2>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"files\"><table>"
          "<thead><tr><th scope=\"col\">File</th><th scope=\"col\" class=\"n\">Records</th>"
          "<th scope=\"col\" class=\"n\">Sign-ins</th><th scope=\"col\" class=\"n\">Malformed</th>"
          "<th scope=\"col\">First (UTC)</th><th scope=\"col\">Last</th></tr></thead><tbody>\n",
          out);
    for (size_t i = 0; i < report->file_count; i++) {
        put_file(&report->files[i], out);
    }
    fputs("</tbody></table></div>\n<p class=\"note\">All together: ", out);
    replay_html_counted(report->records, "record", "records", out);
    fputs(", what several files hold counted once; ", out);
    replay_html_count(report->matched, out);
    fputs(" of them sign-ins.</p>\n</section>\n", out);
}

static void put_settings(const struct replay_report *report, FILE *out)
{
    const struct settings *settings = report->settings;

    fputs(
        "<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">Settings</h2>\n"
        "<table><thead><tr><th scope=\"col\">Setting</th><th scope=\"col\">Value</th></tr></thead>"
        "<tbody>\n",
        out);
    for (size_t i = 0; i < setting_count; i++) {
        char value[SETTING_VALUE_TEXT_SIZE];

        settings_show(settings, i, value);
        if (value[0] != '\0') {
            fprintf(out, "<tr><th scope=\"row\">%s</th><td>", setting_table[i].name);
            replay_html_value(value, out);
            fputs("</td></tr>\n", out);
        }
    }
    for (size_t i = 0; i < settings->override_count; i++) {
        const struct guard_override *override = &settings->overrides[i];

        fputs("<tr><th scope=\"row\">Limits of ", out);
        replay_html_name(override->account, out);
        fputs("</th><td>", out);
        replay_html_limits(&override->limits, out);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody></table>\n</section>\n", out);
}

void replay_html_sources(const struct replay_report *report, FILE *out)
{
    put_gaps(report, out);
    put_files(report, out);
    put_settings(report, out);
}
