#include "replay_diff.h"
#include "replay_text.h"
#include "shown.h"

#include <inttypes.h>

#include "../core/event_time.h"

static void show_value(const struct settings *settings, size_t index, FILE *out)
{
    char value[SETTING_VALUE_TEXT_SIZE];

    settings_show(settings, index, value);
    shown_put_utf8(value[0] != '\0' ? value : "(none)", out);
}

static void show_limits(const struct limit_set *set, FILE *out)
{
    fputs(set == NULL ? "the general ones" : "", out);
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        char limit[LIMIT_TEXT_SIZE];

        limit_to_text(&set->limits[i], limit);
        fprintf(out, "%s%s", i > 0 ? ", " : "", limit);
    }
}

static void show_settings(const struct replay_report *report, FILE *out)
{
    const struct settings *before = report->settings, *after = report->diff->after.settings;
    struct replay_setting_change change;
    size_t at = 0;
    bool same = true;

    while (replay_diff_next_setting(report->diff, before, &at, &change)) {
        if (change.after == NULL) {
            fprintf(out, "  %s: ", setting_table[change.index].name);
            show_value(before, change.index, out);
            fputs(" -> ", out);
            show_value(after, change.index, out);
        } else {
            fputs("  limits of ", out);
            shown_put(change.account, out);
            fputs(": ", out);
            show_limits(change.before, out);
            fputs(" -> ", out);
            show_limits(change.after, out);
        }
        fputc('\n', out);
        same = false;
    }
    fputs(same ? "  none: the settings are the same\n" : "", out);
}

static void show_row(const struct replay_row *row, FILE *out)
{
    char time[EVENT_TIME_TEXT_SIZE] = "-", limit[LIMIT_TEXT_SIZE] = "-";

    if (row != NULL) {
        event_time_to_text(row->time, time);
        limit_to_text(&row->limit, limit);
    }
    fprintf(out, "%-20s  %-16s  %-22s  ", time, limit,
            row != NULL ? replay_action_of(row->flag) : "-");
}

void replay_diff_show(const struct replay_report *report, FILE *out)
{
    const struct replay_diff *diff = report->diff;

    fputs("\ndiff: settings that change, present -> new\n", out);
    show_settings(report, out);
    if (diff->change_count > 0) {
        fprintf(out, "\n%-20s  %-16s  %-22s  %-20s  %-16s  %-22s  %-7s  %s\n", "PRESENT", "LIMIT",
                "ACTION", "NEW", "LIMIT", "ACTION", "CHANGE", "ACCOUNT");
    }
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct replay_change *change = &diff->changes[i];
        const struct replay_row *row = change->before != NULL ? change->before : change->after;

        show_row(change->before, out);
        show_row(change->after, out);
        fprintf(out, "%-7s  ", replay_change_word(change->kind));
        shown_put((struct text){row->account, row->account_units}, out);
        fputc('\n', out);
    }
    fprintf(out,
            "\ndiff: accounts over a limit %" PRIu64 " -> %" PRIu64 "; new %" PRIu64
            ", gone %" PRIu64 ", sooner %" PRIu64 ", later %" PRIu64 ", other action %" PRIu64
            ", same %" PRIu64 "\n",
            (uint64_t)report->row_count, (uint64_t)diff->after.row_count,
            diff->counts[REPLAY_CHANGE_NEW], diff->counts[REPLAY_CHANGE_GONE],
            diff->counts[REPLAY_CHANGE_SOONER], diff->counts[REPLAY_CHANGE_LATER],
            diff->counts[REPLAY_CHANGE_ACTION], diff->counts[REPLAY_CHANGE_NONE]);
}
