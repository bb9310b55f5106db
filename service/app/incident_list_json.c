/* incident_list.h for programs. */
#include "incident_list.h"

#include <inttypes.h>
#include "../core/event_time.h"
#include "../core/json.h"
#include "../core/sid.h"

/* Each of these writes one member of an object. All but the first of an object start with a comma,
 * which is part of the key. */
static void put_number(FILE *out, const char *key, uint64_t value)
{
    fprintf(out, "%s:%" PRIu64, key, value);
}

static void put_switch(FILE *out, const char *key, bool value)
{
    fprintf(out, "%s:%s", key, value ? "true" : "false");
}

/* ASCII that needs no escape; null: null. */
static void put_word(FILE *out, const char *key, const char *word)
{
    if (word)
        fprintf(out, "%s:\"%s\"", key, word);
    else
        fprintf(out, "%s:null", key);
}

static void put_text(FILE *out, const char *key, const char16_t *text)
{
    char escaped[3 + JSON_BYTES_PER_UNIT * INCIDENT_SERVER_MAX]; /* the longest there is */
    json_string(escaped, sizeof escaped, text_of(text));
    fprintf(out, "%s:%s", key, escaped);
}

static void put_time(FILE *out, const char *key, bool known, int64_t seconds)
{
    char text[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(seconds, text);
    put_word(out, key, known ? text : NULL);
}

/* A reading of the steady clock. */
static void put_reading(FILE *out, const char *key, const struct incident_list *list, int64_t at)
{
    int64_t wall = 0;
    bool known = incident_list_wall(list, at, &wall);
    put_time(out, key, known, wall);
}

static void put_verdict(FILE *out, const struct verdict *verdict)
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
    put_text(out, ",\"account\"", verdict->name);
    put_text(out, ",\"written\"", verdict->account);
    put_word(out, ",\"kind\"", kinds[verdict->kind]);
    put_word(out, ",\"sid\"", verdict->sid_size > 0 ? sid : NULL);
    put_word(out, ",\"flagged\"", incident_list_flag(verdict->flag));
    put_word(out, ",\"limit\"", limit);
    put_number(out, ",\"count\"", verdict->count);
    put_number(out, ",\"sign_ins\"", verdict->sign_ins);
    put_number(out, ",\"clients\"", verdict->clients);
    fputs(",\"top\":[", out);
    for (uint32_t i = 0; i < verdict->top_count; i++) {
        put_text(out, i > 0 ? ",{\"client\"" : "{\"client\"", verdict->top[i].name);
        put_number(out, ",\"sign_ins\"", verdict->top[i].sign_ins);
        fputc('}', out);
    }
    fputc(']', out);
    put_number(out, ",\"first_record\"", verdict->first_record);
    put_number(out, ",\"last_record\"", verdict->last_record);
    put_time(out, ",\"first_time\"", true, verdict->first_time);
    put_time(out, ",\"last_time\"", true, verdict->last_time);
}

static void put_times(FILE *out, const struct incident_list *list, const struct incident *incident)
{
    put_time(out, ",\"decided\"", incident->decided_wall != 0, incident->decided_wall);
    put_time(out, ",\"locked\"", incident->locked_wall != 0, incident->locked_wall);
    put_time(out, ",\"restarted\"", incident->restarted_wall != 0, incident->restarted_wall);
    put_time(out, ",\"closed\"", incident->closed_wall != 0, incident->closed_wall);
    put_reading(out, ",\"release\"", list, incident->release_at);
    put_switch(out, ",\"release_wanted\"", incident->release_wanted);
    put_switch(out, ",\"release_forced\"", incident->release_forced);
    put_switch(out, ",\"stays_locked\"", incident->stay_told);
}

static void put_change(FILE *out, const struct incident_change *change)
{
    put_switch(out, ",\"change\":{\"intended\"", change->intended);
    put_switch(out, ",\"made\"", change->made);
    put_switch(out, ",\"marked\"", change->marked);
    put_number(out, ",\"flags_before\"", change->flags_before);
    put_number(out, ",\"flags_after\"", change->flags_after);
    put_text(out, ",\"server\"", change->server);
    put_text(out, ",\"user\"", change->user);
    fputc('}', out);
}

static void put_retry(FILE *out, const struct incident_list *list,
                      const struct incident_retry *retry)
{
    if (retry->tries == 0) {
        fputs(",\"retry\":null", out);
        return;
    }
    put_number(out, ",\"retry\":{\"tries\"", retry->tries);
    put_reading(out, ",\"first\"", list, retry->first_at);
    put_reading(out, ",\"next\"", list, retry->next_at);
    put_number(out, ",\"error\"", retry->error);
    fputc('}', out);
}

static void put_figures(FILE *out, const struct incident_figures *figures)
{
    put_number(out, ",\"figures\":{\"lock_delay_ms\"", figures->lock_delay);
    put_number(out, ",\"smtp_down_ms\"", figures->smtp_down);
    put_number(out, ",\"sign_ins\"", figures->sign_ins);
    put_number(out, ",\"leaks\"", figures->leaks);
    fputc('}', out);
}

static void put_leak(FILE *out, const struct incident_list *list, const struct incident *incident)
{
    if (incident->figures.leaks == 0) {
        fputs(",\"leak\":null", out);
        return;
    }
    put_word(out, ",\"leak\":{\"answer\"", incident_escalation_name(incident->escalation));
    put_switch(out, ",\"answered\"", !incident->leak_open);
    put_reading(out, ",\"read\"", list, incident->leak_at);
    put_time(out, ",\"time\"", true, incident->leak_wall);
    put_number(out, ",\"record\"", incident->leak_record);
    fputc('}', out);
}

static void put_incident(FILE *out, const struct incident_list *list,
                         const struct incident *incident)
{
    static const char *const actions[] = {
        [LOCK_FLAG] = "flag", [LOCK_DISABLE] = "disable", [LOCK_PASSWORD] = "password"};
    put_number(out, "{\"id\"", incident->id);
    put_word(out, ",\"state\"", incident_state_name(incident->state));
    put_word(out, ",\"ending\"",
             incident->ending != ENDING_NONE ? incident_ending_name(incident->ending) : NULL);
    put_word(out, ",\"action\"", actions[incident->action]);
    put_verdict(out, &incident->verdict);
    if (incident->gap_last != 0)
        fprintf(out, ",\"gap\":[%" PRIu64 ",%" PRIu64 "]", incident->gap_first, incident->gap_last);
    else
        fputs(",\"gap\":null", out);
    put_switch(out, ",\"again\"", incident->again);
    put_times(out, list, incident);
    put_change(out, &incident->change);
    put_retry(out, list, &incident->retry);
    put_figures(out, &incident->figures);
    put_leak(out, list, incident);
    fputc('}', out);
}

static void put_restart(FILE *out, const struct incident_list *list)
{
    const struct restart_record *restart = &list->book->restart;
    if (restart->phase == RESTART_NONE) {
        fputs(",\"restart\":null", out);
        return;
    }
    put_text(out, ",\"restart\":{\"service\"", restart->service);
    put_switch(out, ",\"stopped\"", restart->phase == RESTART_STOPPED);
    put_reading(out, ",\"begun\"", list, restart->begun_at);
    fputc('}', out);
}

void incident_list_json(const struct incident_list *list, FILE *out)
{
    const struct position_record *position = &list->book->position;
    put_number(out, "{\"version\"", 1);
    put_switch(out, ",\"torn\"", list->torn);
    put_time(out, ",\"as_of\"", position->steady.wall != 0, position->steady.wall);
    put_text(out, ",\"channel\"", position->channel);
    put_number(out, ",\"record\"", position->record);
    put_number(out, ",\"open\"", list->open);
    put_number(out, ",\"locked\"", list->locked);
    put_number(out, ",\"left_out\"", list->left_out);
    put_restart(out, list);
    fputs(",\"incidents\":[", out);
    for (uint32_t i = 0; i < list->count; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_incident(out, list, list->rows[i]);
    }
    fputs("]}\n", out);
}
