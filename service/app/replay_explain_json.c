#include "replay_explain.h"
#include "replay_json.h"

#include <inttypes.h>

static void write_peak(const struct sweep_peak *peak, FILE *out)
{
    fprintf(out, "{\"count\":%" PRIu32 ",\"time\":", peak->count);
    replay_json_time(peak->time, out);
    fputc('}', out);
}

static void write_limits(const struct replay_explained *at, FILE *out)
{
    fputs(",\"limits\":[", out);
    for (uint32_t i = 0; i < at->limits.count; i++) {
        struct replay_standing standing = replay_explain_standing(at, i);

        fputs(i > 0 ? ",{\"limit\":" : "{\"limit\":", out);
        replay_json_limit(&standing.limit, out);
        fputs(",\"highest\":", out);
        write_peak(&standing.peak, out);
        fprintf(out, ",\"margin\":%" PRId64 ",\"crossed\":",
                (int64_t)standing.limit.count - standing.peak.count);
        if (standing.crosses) {
            fprintf(out, "{\"record\":%" PRIu64 ",\"time\":", standing.crossing.record);
            replay_json_time(standing.crossing.time, out);
            fprintf(out, ",\"seconds\":%" PRIu32 "}}", standing.crossing.took);
        } else {
            fputs("null}", out);
        }
    }
    fputc(']', out);
}

static void write_windows(const struct replay_explained *at, FILE *out)
{
    const struct sweep_axis *windows = &sweep_grid_of(at->sweep)->windows;

    fputs(",\"windows\":[", out);
    for (uint32_t i = 0; i < windows->count; i++) {
        struct sweep_peak sign_ins = sweep_peak(at->sweep, LIMIT_SIGN_INS, i, 0);
        struct sweep_peak clients = sweep_peak(at->sweep, LIMIT_CLIENTS, i, 0);

        fprintf(out, "%s{\"window\":%" PRIu32 ",\"sign_ins\":", i > 0 ? "," : "", windows->at[i]);
        write_peak(&sign_ins, out);
        fputs(",\"clients\":", out);
        write_peak(&clients, out);
        fputc('}', out);
    }
    fputc(']', out);
}

static void write_clients(const struct replay_report *report, const struct replay_explained *at,
                          FILE *out)
{
    fprintf(out, ",\"clients\":%" PRIu64 ",\"top_clients\":[", at->clients);
    for (uint32_t i = 0; i < at->top_count; i++) {
        fputs(i > 0 ? ",{\"client\":" : "{\"client\":", out);
        replay_json_text(client_book_name(report->clients, at->top[i].client), out);
        fprintf(out, ",\"sign_ins\":%" PRIu64 "}", at->top[i].sign_ins);
    }
    fprintf(out, "],\"unnumbered\":%" PRIu64, at->unnumbered);
}

static void write_hours(const struct replay_explained *at, FILE *out)
{
    fputs(",\"hours\":[", out);
    for (int i = 0; i < REPLAY_HOURS; i++) {
        fprintf(out, "%s%" PRIu64, i > 0 ? "," : "", at->hours[i]);
    }
    fputc(']', out);
}

static void write_account(const struct replay_report *report, const struct replay_explained *at,
                          FILE *out)
{
    const struct habit *habit = sweep_habits(at->sweep);

    replay_json_account(report, at->account, out);
    fprintf(out, ",\"sign_ins\":%" PRIu64 ",\"days\":%" PRIu32 ",\"first\":", habit->sign_ins,
            habit_days(habit));
    replay_json_time(at->first, out);
    fputs(",\"last\":", out);
    replay_json_time(at->last, out);
    fprintf(out, ",\"exempt\":%s,\"machine\":%s,\"own_limits\":%s", at->exempt ? "true" : "false",
            at->machine ? "true" : "false", at->own_limits ? "true" : "false");
    fputs(",\"busiest_hour\":", out);
    replay_json_busiest(habit, LIMIT_SIGN_INS, out);
    fputs(",\"most_clients\":", out);
    replay_json_busiest(habit, LIMIT_CLIENTS, out);
    write_limits(at, out);
    write_windows(at, out);
    write_clients(report, at, out);
    write_hours(at, out);
}

void replay_json_explain(const struct replay_report *report, FILE *out)
{
    const struct replay_explain *part = report->explain;

    fputs("{\"asked\":", out);
    replay_json_text(part->wanted, out);
    fputs(",\"account\":", out);
    if (part->chosen != NULL) {
        write_account(report, part->chosen, out);
    } else {
        fputs("null", out);
    }
    fprintf(out, ",\"others\":%" PRIu32 "}", part->others);
}
