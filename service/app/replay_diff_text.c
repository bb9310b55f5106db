#include "replay_diff.h"
#include "replay_text.h"

#include <inttypes.h>

#include "../core/event_time.h"

static void show_value(const struct settings *settings, size_t index, FILE *out)
{
    char value[SETTING_VALUE_TEXT_SIZE];

    settings_show(settings, index, value);
    replay_show(value[0] != '\0' ? value : "(none)", out);
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

static void show_settings(const struct settings *before, const struct settings *after, FILE *out)
{
    bool same = true;

    for (size_t i = 0; i < setting_count; i++) {
        if (!settings_same(before, after, i)) {
            fprintf(out, "  %s: ", setting_table[i].name);
            show_value(before, i, out);
            fputs(" -> ", out);
            show_value(after, i, out);
            fputc('\n', out);
            same = false;
        }
    }
    /* Nothing on a command line takes limits of an account away. */
    for (size_t i = 0; i < after->override_count; i++) {
        const struct limit_set *now = &after->overrides[i].limits;
        const struct limit_set *then = settings_account_limits(before, after->overrides[i].account);

        if (then == NULL || !limit_set_same(then, now)) {
            fputs("  limits of ", out);
            replay_show_text(after->overrides[i].account, out);
            fputs(": ", out);
            show_limits(then, out);
            fputs(" -> ", out);
            show_limits(now, out);
            fputc('\n', out);
            same = false;
        }
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
    show_settings(report->settings, diff->after.settings, out);
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
        replay_show_text((struct text){row->account, row->account_units}, out);
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
