#include "replay_explain.h"
#include "replay_text.h"
#include "shown.h"

#include <inttypes.h>

#include "../core/event_time.h"

enum { BAR = 50 };

static const char *time_text(int64_t time, char text[EVENT_TIME_TEXT_SIZE])
{
    event_time_to_text(time, text);
    return text;
}

static void show_head(const struct replay_report *report, const struct replay_explained *at,
                      FILE *out)
{
    const struct habit *habit = sweep_habits(at->sweep);
    char first[EVENT_TIME_TEXT_SIZE], last[EVENT_TIME_TEXT_SIZE];
    uint32_t from, to;

    shown_put(name_book_name(report->accounts, at->account), out);
    fprintf(out, ": sign-ins %" PRIu64 " on %" PRIu32 " days, %s to %s, clients %" PRIu64,
            habit->sign_ins, habit_days(habit), time_text(at->first, first),
            time_text(at->last, last), at->clients);
    fprintf(out, "\nbusiest hour: sign-ins %" PRIu32 " at %s, clients %" PRIu32 " at %s",
            habit->busiest[LIMIT_SIGN_INS],
            time_text(3600 * habit->busiest_hour[LIMIT_SIGN_INS], first),
            habit->busiest[LIMIT_CLIENTS],
            time_text(3600 * habit->busiest_hour[LIMIT_CLIENTS], last));
    if (habit_usual(habit, LIMIT_SIGN_INS, &from, &to)) {
        fprintf(out, "; a usual day's busiest has %" PRIu32 " to %" PRIu32 " sign-ins", from, to);
    }
    fprintf(out, "\nlimits: %s%s\n", at->own_limits ? "its own" : "the general ones",
            at->exempt    ? "; but it is exempt, and not counted"
            : at->machine ? "; but it is a computer's account, which is never locked"
                          : "");
}

static void show_limits(const struct replay_explained *at, FILE *out)
{
    fprintf(out, "\n%-16s  %7s  %-20s  %8s  %-20s  %s\n", "LIMIT", "HIGHEST", "AT", "MARGIN",
            "CROSSED AT", "RECORD");
    for (uint32_t i = 0; i < at->limits.count; i++) {
        struct replay_standing standing = replay_explain_standing(at, i);
        char limit[LIMIT_TEXT_SIZE], peak[EVENT_TIME_TEXT_SIZE], crossed[EVENT_TIME_TEXT_SIZE];

        limit_to_text(&standing.limit, limit);
        fprintf(out, "%-16s  %7" PRIu32 "  %-20s  %+8" PRId64, limit, standing.peak.count,
                time_text(standing.peak.time, peak), standing.margin);
        if (standing.crosses) {
            fprintf(out, "  %-20s  %" PRIu64, time_text(standing.crossing.time, crossed),
                    standing.crossing.record);
        }
        fputc('\n', out);
    }
}

static void show_windows(const struct replay_explained *at, FILE *out)
{
    const struct sweep_axis *windows = &sweep_grid_of(at->sweep)->windows;

    fprintf(out, "\n%-7s  %8s  %-20s  %8s  %s\n", "WINDOW", "SIGN-INS", "AT", "CLIENTS", "AT");
    for (uint32_t i = 0; i < windows->count; i++) {
        struct sweep_peak sign_ins = sweep_peak(at->sweep, LIMIT_SIGN_INS, i, 0);
        struct sweep_peak clients = sweep_peak(at->sweep, LIMIT_CLIENTS, i, 0);
        char window[LIMIT_TEXT_SIZE], one[EVENT_TIME_TEXT_SIZE], other[EVENT_TIME_TEXT_SIZE];

        limit_window_to_text(windows->at[i], window);
        fprintf(out, "%-7s  %8" PRIu32 "  %-20s  %8" PRIu32 "  %s\n", window, sign_ins.count,
                time_text(sign_ins.time, one), clients.count, time_text(clients.time, other));
    }
}

static void show_clients(const struct replay_report *report, const struct replay_explained *at,
                         FILE *out)
{
    fprintf(out, "\n%8s  %s\n", "SIGN-INS", "CLIENT");
    for (uint32_t i = 0; i < at->top_count; i++) {
        fprintf(out, "%8" PRIu64 "  ", at->top[i].sign_ins);
        shown_put(client_book_name(report->clients, at->top[i].client), out);
        fputc('\n', out);
    }
    if (at->clients > at->top_count) {
        fprintf(out, "and clients: %" PRIu64 "\n", at->clients - at->top_count);
    }
    if (at->unnumbered > 0) {
        fprintf(out, "sign-ins from clients that there was no room to name: %" PRIu64 "\n",
                at->unnumbered);
    }
}

static void show_hours(const struct replay_explained *at, FILE *out)
{
    uint64_t most = 1;

    for (int i = 0; i < REPLAY_HOURS; i++) {
        most = at->hours[i] > most ? at->hours[i] : most;
    }
    fprintf(out, "\n%4s  %8s\n", "HOUR", "SIGN-INS");
    for (int i = 0; i < REPLAY_HOURS; i++) {
        int bar = (int)((at->hours[i] * BAR + most - 1) / most);

        fprintf(out, "  %02d  %8" PRIu64 "%s%.*s\n", i, at->hours[i], bar > 0 ? "  " : "", bar,
                "##################################################");
    }
}

static void show_others(const struct replay_report *report, FILE *out)
{
    const struct replay_explain *part = report->explain;

    for (uint32_t i = 0; i < part->count; i++) {
        if (&part->at[i] != part->chosen) {
            fputs("another account of that user: ", out);
            shown_put(name_book_name(report->accounts, part->at[i].account), out);
            fputc('\n', out);
        }
    }
    if (part->not_kept > 0) {
        fprintf(out, "and further ones: %" PRIu32 "\n", part->not_kept);
    }
}

void replay_explain_show(const struct replay_report *report, FILE *out)
{
    const struct replay_explained *at = report->explain->chosen;

    fputs("\nexplain: ", out);
    if (at == NULL) {
        shown_put(report->explain->wanted, out);
        fputs(": no sign-in of that account\n", out);
    } else {
        show_head(report, at, out);
        show_limits(at, out);
        show_windows(at, out);
        show_clients(report, at, out);
        show_hours(at, out);
    }
    show_others(report, out);
}
