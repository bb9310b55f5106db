#include "replay_json.h"
#include "replay_sweep.h"

static void put_crossing(struct json_put *json, const char *key, const struct replay_report *report,
                         const struct sweep_crossing *crossing)
{
    json_put_object(json, key);
    replay_json_account(json, "account", report, crossing->account);
    json_put_number(json, "record", crossing->record);
    json_put_time(json, "time", crossing->time);
    json_put_number(json, "seconds", crossing->took);
    json_put_object_end(json);
}

static void put_cell(struct json_put *json, const struct replay_report *report,
                     const struct limit *limit, const struct sweep_cell *cell)
{
    json_put_object(json, NULL);
    replay_json_limit(json, "limit", limit);
    json_put_number(json, "accounts", cell->accounts);
    json_put_array(json, "first");
    for (uint32_t i = 0; i < cell->listed; i++) {
        put_crossing(json, NULL, report, &cell->crossings[i]);
    }
    json_put_array_end(json);
    json_put_object_end(json);
}

static void put_limits(struct json_put *json, const struct replay_report *report)
{
    const struct sweep *sweep = report->sweep->sweep;
    const struct sweep_grid *grid = sweep_grid_of(sweep);

    json_put_array(json, "limits");
    for (int i = 0; i < 2; i++) {
        enum limit_subject subject = (enum limit_subject)i;

        for (uint32_t window = 0; window < grid->windows.count; window++) {
            for (uint32_t count = 0; count < grid->counts[i].count; count++) {
                struct limit limit = sweep_grid_limit(grid, subject, count, window);
                struct sweep_cell cell = sweep_cell(sweep, subject, count, window);

                put_cell(json, report, &limit, &cell);
            }
        }
    }
    json_put_array_end(json);
}

static void put_standing_out(struct json_put *json, const struct replay_report *report)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep *sweep = report->sweep->sweep;
    const struct habit *habits = sweep_habits(sweep);

    json_put_number(json, "honest", proposal->honest);
    json_put_array(json, "standing_out");
    for (uint32_t i = 0; i < sweep_accounts(sweep); i++) {
        if (habits[i].sign_ins == 0 || habit_is_honest(&habits[i], &proposal->peers)) {
            continue;
        }
        json_put_object(json, NULL);
        replay_json_account(json, "account", report, i);
        json_put_number(json, "sign_ins", habits[i].sign_ins);
        json_put_number(json, "days", habit_days(&habits[i]));
        replay_json_busiest(json, "busiest_hour", &habits[i], LIMIT_SIGN_INS);
        replay_json_busiest(json, "most_clients", &habits[i], LIMIT_CLIENTS);
        json_put_switch(json, "locked", sweep_proposal_catches(proposal, sweep, i));
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_highest(struct json_put *json, const struct replay_report *report,
                        const struct sweep_lowest *lowest)
{
    if (lowest->busiest == SWEEP_NOBODY) {
        json_put_null(json, "highest");
        return;
    }
    json_put_object(json, "highest");
    replay_json_account(json, "account", report, lowest->busiest);
    json_put_number(json, "count", lowest->peak.count);
    json_put_time(json, "time", lowest->peak.time);
    json_put_object_end(json);
}

static void put_lowest(struct json_put *json, const struct replay_report *report,
                       const struct sweep_lowest *lowest)
{
    if (lowest->found) {
        replay_json_limit(json, "limit", &lowest->limit);
        json_put_number(json, "margin", lowest->limit.count - lowest->peak.count);
        json_put_number(json, "accounts", lowest->caught);
    } else {
        json_put_null(json, "limit");
        json_put_null(json, "margin");
        json_put_null(json, "accounts");
    }
    json_put_switch(json, "proposed", lowest->proposed);
    put_highest(json, report, lowest);
    if (lowest->catches_worst) {
        put_crossing(json, "worst", report, &lowest->worst);
    } else {
        json_put_null(json, "worst");
    }
}

static void put_lowest_limits(struct json_put *json, const struct replay_report *report)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep_grid *grid = sweep_grid_of(report->sweep->sweep);

    json_put_array(json, "lowest");
    for (int i = 0; i < 2; i++) {
        for (uint32_t window = 0; grid->counts[i].count > 0 && window < grid->windows.count;
             window++) {
            json_put_object(json, NULL);
            json_put_word(json, "subject", i == LIMIT_CLIENTS ? "clients" : "sign-ins");
            json_put_number(json, "window", grid->windows.at[window]);
            put_lowest(json, report, &proposal->lowest[i][window]);
            json_put_object_end(json);
        }
    }
    json_put_array_end(json);
}

static void put_worst(struct json_put *json, const struct replay_report *report)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;

    if (proposal->worst == SWEEP_NOBODY) {
        json_put_null(json, "worst");
        return;
    }
    json_put_object(json, "worst");
    replay_json_account(json, "account", report, proposal->worst);
    if (proposal->worst_by != NULL) {
        replay_json_limit(json, "by", &proposal->worst_by->limit);
    } else {
        json_put_null(json, "by");
    }
    json_put_object_end(json);
}

static void put_proposal(struct json_put *json, const struct replay_report *report)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;

    json_put_array(json, "proposal");
    for (uint32_t i = 0; i < proposal->set.count; i++) {
        replay_json_limit(json, NULL, &proposal->set.limits[i]);
    }
    json_put_array_end(json);
    json_put_number(json, "locked", proposal->caught);
    put_worst(json, report);
}

void replay_json_sweep(struct json_put *json, const struct replay_report *report)
{
    const struct replay_sweep *part = report->sweep;

    json_put_object(json, "sweep");
    put_limits(json, report);
    put_standing_out(json, report);
    put_lowest_limits(json, report);
    put_proposal(json, report);
    json_put_number(json, "own_limits", part->left_out);
    json_put_number(json, "lost", sweep_lost(part->sweep));
    json_put_number(json, "nameless", part->nameless);
    json_put_object_end(json);
}
