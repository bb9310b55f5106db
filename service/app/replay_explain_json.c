#include "replay_explain.h"
#include "replay_json.h"

static void put_peak(struct json_put *json, const char *key, const struct sweep_peak *peak)
{
    json_put_object(json, key);
    json_put_number(json, "count", peak->count);
    json_put_time(json, "time", peak->time);
    json_put_object_end(json);
}

static void put_crossing(struct json_put *json, const struct replay_standing *standing)
{
    if (!standing->crosses) {
        json_put_null(json, "crossed");
        return;
    }
    json_put_object(json, "crossed");
    json_put_number(json, "record", standing->crossing.record);
    json_put_time(json, "time", standing->crossing.time);
    json_put_number(json, "seconds", standing->crossing.took);
    json_put_object_end(json);
}

static void put_limits(struct json_put *json, const struct replay_explained *at)
{
    json_put_array(json, "limits");
    for (uint32_t i = 0; i < at->limits.count; i++) {
        struct replay_standing standing = replay_explain_standing(at, i);

        json_put_object(json, NULL);
        replay_json_limit(json, "limit", &standing.limit);
        put_peak(json, "highest", &standing.peak);
        json_put_signed(json, "margin", standing.margin);
        put_crossing(json, &standing);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_windows(struct json_put *json, const struct replay_explained *at)
{
    const struct sweep_axis *windows = &sweep_grid_of(at->sweep)->windows;

    json_put_array(json, "windows");
    for (uint32_t i = 0; i < windows->count; i++) {
        struct sweep_peak sign_ins = sweep_peak(at->sweep, LIMIT_SIGN_INS, i, 0);
        struct sweep_peak clients = sweep_peak(at->sweep, LIMIT_CLIENTS, i, 0);

        json_put_object(json, NULL);
        json_put_number(json, "window", windows->at[i]);
        put_peak(json, "sign_ins", &sign_ins);
        put_peak(json, "clients", &clients);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_clients(struct json_put *json, const struct replay_report *report,
                        const struct replay_explained *at)
{
    json_put_number(json, "clients", at->clients);
    json_put_array(json, "top_clients");
    for (uint32_t i = 0; i < at->top_count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "client", client_book_name(report->clients, at->top[i].client));
        json_put_number(json, "sign_ins", at->top[i].sign_ins);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_number(json, "unnumbered", at->unnumbered);
}

static void put_hours(struct json_put *json, const struct replay_explained *at)
{
    json_put_array(json, "hours");
    for (int i = 0; i < REPLAY_HOURS; i++) {
        json_put_number(json, NULL, at->hours[i]);
    }
    json_put_array_end(json);
}

static void put_account(struct json_put *json, const struct replay_report *report,
                        const struct replay_explained *at)
{
    const struct habit *habit = sweep_habits(at->sweep);

    replay_json_account(json, "account", report, at->account);
    json_put_number(json, "sign_ins", habit->sign_ins);
    json_put_number(json, "days", habit_days(habit));
    json_put_time(json, "first", at->first);
    json_put_time(json, "last", at->last);
    json_put_switch(json, "exempt", at->exempt);
    json_put_switch(json, "machine", at->machine);
    json_put_switch(json, "own_limits", at->own_limits);
    replay_json_busiest(json, "busiest_hour", habit, LIMIT_SIGN_INS);
    replay_json_busiest(json, "most_clients", habit, LIMIT_CLIENTS);
    put_limits(json, at);
    put_windows(json, at);
    put_clients(json, report, at);
    put_hours(json, at);
}

void replay_json_explain(struct json_put *json, const struct replay_report *report)
{
    const struct replay_explain *part = report->explain;

    json_put_object(json, "explain");
    json_put_text(json, "asked", part->wanted);
    if (part->chosen != NULL) {
        put_account(json, report, part->chosen);
    } else {
        json_put_null(json, "account");
    }
    json_put_number(json, "others", part->others);
    json_put_object_end(json);
}
