/* incident_list.h for programs. */
#include "incident_list.h"

#include "../core/sid.h"
#include "json_put.h"

/* A reading of the steady clock. */
static void put_reading(struct json_put *json, const char *key, const struct incident_list *list,
                        int64_t at)
{
    int64_t wall = 0;
    bool known = incident_list_wall(list, at, &wall);
    json_put_time_if(json, key, known, wall);
}

static void put_verdict(struct json_put *json, const struct verdict *verdict)
{
    static const char *const kinds[] = {
        [IDENTITY_UNRESOLVED] = "unresolved", [IDENTITY_USER] = "user",
        [IDENTITY_MACHINE] = "machine",       [IDENTITY_PROTECTED] = "protected",
        [IDENTITY_ASSUMED] = "assumed",
    };
    char sid[SID_TEXT_SIZE], limit[LIMIT_TEXT_SIZE];
    if (verdict->sid_size > 0)
        sid_to_text(verdict->sid, sid);
    limit_to_text(&verdict->limit, limit);
    json_put_text(json, "account", text_of(verdict->name));
    json_put_text(json, "written", text_of(verdict->account));
    json_put_word(json, "kind", kinds[verdict->kind]);
    json_put_word(json, "sid", verdict->sid_size > 0 ? sid : NULL);
    json_put_word(json, "flagged", incident_list_flag(verdict->flag));
    json_put_word(json, "limit", limit);
    json_put_number(json, "count", verdict->count);
    json_put_number(json, "sign_ins", verdict->sign_ins);
    json_put_number(json, "clients", verdict->clients);
    json_put_array(json, "top");
    for (uint32_t i = 0; i < verdict->top_count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "client", text_of(verdict->top[i].name));
        json_put_number(json, "sign_ins", verdict->top[i].sign_ins);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_number(json, "first_record", verdict->first_record);
    json_put_number(json, "last_record", verdict->last_record);
    json_put_time(json, "first_time", verdict->first_time);
    json_put_time(json, "last_time", verdict->last_time);
}

static void put_gap(struct json_put *json, const struct incident *incident)
{
    if (incident->gap_last == 0) {
        json_put_null(json, "gap");
        return;
    }
    json_put_array(json, "gap");
    json_put_number(json, NULL, incident->gap_first);
    json_put_number(json, NULL, incident->gap_last);
    json_put_array_end(json);
}

static void put_times(struct json_put *json, const struct incident_list *list,
                      const struct incident *incident)
{
    json_put_time_if(json, "decided", incident->decided_wall != 0, incident->decided_wall);
    json_put_time_if(json, "locked", incident->locked_wall != 0, incident->locked_wall);
    json_put_time_if(json, "restarted", incident->restarted_wall != 0, incident->restarted_wall);
    json_put_time_if(json, "closed", incident->closed_wall != 0, incident->closed_wall);
    put_reading(json, "release", list, incident->release_at);
    json_put_switch(json, "release_wanted", incident->release_wanted);
    json_put_switch(json, "release_forced", incident->release_forced);
    json_put_switch(json, "stays_locked", incident->stay_told);
}

static void put_change(struct json_put *json, const struct incident_change *change)
{
    json_put_object(json, "change");
    json_put_switch(json, "intended", change->intended);
    json_put_switch(json, "made", change->made);
    json_put_switch(json, "marked", change->marked);
    json_put_number(json, "flags_before", change->flags_before);
    json_put_number(json, "flags_after", change->flags_after);
    json_put_text(json, "server", text_of(change->server));
    json_put_text(json, "user", text_of(change->user));
    json_put_object_end(json);
}

static void put_retry(struct json_put *json, const struct incident_list *list,
                      const struct incident_retry *retry)
{
    if (retry->tries == 0) {
        json_put_null(json, "retry");
        return;
    }
    json_put_object(json, "retry");
    json_put_number(json, "tries", retry->tries);
    put_reading(json, "first", list, retry->first_at);
    put_reading(json, "next", list, retry->next_at);
    json_put_number(json, "error", retry->error);
    json_put_object_end(json);
}

static void put_figures(struct json_put *json, const struct incident_figures *figures)
{
    json_put_object(json, "figures");
    json_put_number(json, "lock_delay_ms", figures->lock_delay);
    json_put_number(json, "smtp_down_ms", figures->smtp_down);
    json_put_number(json, "sign_ins", figures->sign_ins);
    json_put_number(json, "leaks", figures->leaks);
    json_put_object_end(json);
}

static void put_leak(struct json_put *json, const struct incident_list *list,
                     const struct incident *incident)
{
    if (incident->figures.leaks == 0) {
        json_put_null(json, "leak");
        return;
    }
    json_put_object(json, "leak");
    json_put_word(json, "answer", incident_escalation_name(incident->escalation));
    json_put_switch(json, "answered", !incident->leak_open);
    put_reading(json, "read", list, incident->leak_at);
    json_put_time(json, "time", incident->leak_wall);
    json_put_number(json, "record", incident->leak_record);
    json_put_object_end(json);
}

static void put_incident(struct json_put *json, const struct incident_list *list,
                         const struct incident *incident)
{
    static const char *const actions[] = {
        [LOCK_FLAG] = "flag", [LOCK_DISABLE] = "disable", [LOCK_PASSWORD] = "password"};
    json_put_object(json, NULL);
    json_put_number(json, "id", incident->id);
    json_put_word(json, "state", incident_state_name(incident->state));
    json_put_word(json, "ending",
                  incident->ending != ENDING_NONE ? incident_ending_name(incident->ending) : NULL);
    json_put_word(json, "action", actions[incident->action]);
    put_verdict(json, &incident->verdict);
    put_gap(json, incident);
    json_put_switch(json, "again", incident->again);
    put_times(json, list, incident);
    put_change(json, &incident->change);
    put_retry(json, list, &incident->retry);
    put_figures(json, &incident->figures);
    put_leak(json, list, incident);
    json_put_object_end(json);
}

static void put_restart(struct json_put *json, const struct incident_list *list)
{
    const struct restart_record *restart = &list->book->restart;
    if (restart->phase == RESTART_NONE) {
        json_put_null(json, "restart");
        return;
    }
    json_put_object(json, "restart");
    json_put_text(json, "service", text_of(restart->service));
    json_put_switch(json, "stopped", restart->phase == RESTART_STOPPED);
    put_reading(json, "begun", list, restart->begun_at);
    json_put_object_end(json);
}

void incident_list_json(const struct incident_list *list, FILE *out)
{
    const struct position_record *position = &list->book->position;
    struct json_put json = {.out = out};
    json_put_object(&json, NULL);
    json_put_number(&json, "version", 1);
    json_put_switch(&json, "torn", list->torn);
    json_put_time_if(&json, "as_of", position->steady.wall != 0, position->steady.wall);
    json_put_text(&json, "channel", text_of(position->channel));
    json_put_number(&json, "record", position->record);
    json_put_number(&json, "open", list->open);
    json_put_number(&json, "locked", list->locked);
    json_put_number(&json, "left_out", list->left_out);
    put_restart(&json, list);
    json_put_array(&json, "incidents");
    for (uint32_t i = 0; i < list->count; i++) {
        json_put_line(&json);
        put_incident(&json, list, list->rows[i]);
    }
    json_put_array_end(&json);
    json_put_object_end(&json);
    fputc('\n', out);
}
