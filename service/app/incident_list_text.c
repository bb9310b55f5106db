/* incident_list.h for people. */
#include "incident_list.h"

#include <inttypes.h>
#include <string.h>
#include "../core/event_time.h"
#include "shown.h"

static void put_text(const char16_t *text, FILE *out)
{
    char buffer[SHOWN_MAX];
    fputs(shown(text_of(text), buffer), out);
}

static void put_argument(const char16_t *text, FILE *out)
{
    char buffer[SHOWN_MAX];
    fputs(shown_argument(text_of(text), buffer), out);
}

static void put_time(int64_t seconds, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(seconds, text);
    fputs(text, out);
}

/* A reading of the steady clock. */
static void put_reading(const struct incident_list *list, int64_t at, FILE *out)
{
    int64_t wall;
    if (incident_list_wall(list, at, &wall))
        put_time(wall, out);
    else
        fputs("a time that is not known", out);
}

static void put_label(const char *label, FILE *out)
{
    fprintf(out, "  %-9s ", label);
}

static void put_heading(const struct incident *incident, FILE *out)
{
    static const char *const states[INCIDENT_STATES] = {
        [INCIDENT_DECIDED] = "to be locked",
        [INCIDENT_LOCKED] = "locked; SMTP is still to be restarted",
        [INCIDENT_RESTARTED] = "locked; watched for sign-ins that go on",
        [INCIDENT_CONTAINED] = "locked; contained",
        [INCIDENT_FLAGGED] = "not locked",
        [INCIDENT_FAILED] = "not locked",
        [INCIDENT_RELEASED] = "released",
    };
    fprintf(out, "#%" PRIu64 " ", incident->id);
    put_text(incident->verdict.name, out);
    fprintf(out, ": %s", states[incident->state]);
    if (incident->ending != ENDING_NONE)
        fprintf(out, " (%s)", incident_ending_name(incident->ending));
    else if (incident->verdict.flag != FLAG_NOT)
        fprintf(out, " (%s)", incident_list_flag(incident->verdict.flag));
    fputs(incident->again ? "; crossed again within a day of its release\n" : "\n", out);
}

static void put_steps(const struct incident *incident, FILE *out)
{
    const struct {
        const char *name;
        int64_t wall;
    } steps[] = {{"decided", incident->decided_wall},
                 {"locked", incident->locked_wall},
                 {"SMTP restarted", incident->restarted_wall},
                 {incident_state_name(incident->state),
                  incident_is_open(incident) ? 0 : incident->closed_wall}};
    const char *between = "";
    put_label("when", out);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].wall == 0)
            continue;
        fprintf(out, "%s%s ", between, steps[i].name);
        put_time(steps[i].wall, out);
        between = ", ";
    }
    fputc('\n', out);
}

/* Until when its account stays locked. */
static void put_end(const struct incident_list *list, const struct incident *incident, FILE *out)
{
    if (!incident_holds(incident) || incident->state == INCIDENT_DECIDED)
        return;
    put_label("until", out);
    if (incident->release_wanted) {
        fputs("it can be released, which was asked for\n", out);
    } else if (incident->release_at != 0 && !incident->stay_told) {
        put_reading(list, incident->release_at, out);
        fputs(" (LockMinutes)\n", out);
    } else {
        fputs("you type: relaylock release ", out);
        put_argument(incident->verdict.name, out);
        fputs(incident->stay_told ? " (MaxAutoReleases is spent)\n" : "\n", out);
    }
}

static void put_why(const struct verdict *verdict, FILE *out)
{
    char limit[LIMIT_TEXT_SIZE];
    limit_to_text(&verdict->limit, limit);
    put_label("why", out);
    fprintf(out, "limit %s crossed with %" PRIu32 "; sign-ins %" PRIu32 ", clients %" PRIu32, limit,
            verdict->count, verdict->sign_ins, verdict->clients);
    for (uint32_t i = 0; i < verdict->top_count; i++) {
        fputs(i == 0 ? ": " : ", ", out);
        put_text(verdict->top[i].name, out);
        fprintf(out, " (%" PRIu32 ")", verdict->top[i].sign_ins);
    }
    fputc('\n', out);
}

static void put_evidence(const struct incident *incident, FILE *out)
{
    const struct verdict *verdict = &incident->verdict;
    put_label("evidence", out);
    fprintf(out, "records %" PRIu64 " to %" PRIu64 ", ", verdict->first_record,
            verdict->last_record);
    put_time(verdict->first_time, out);
    fputs(" to ", out);
    put_time(verdict->last_time, out);
    if (!text_equal(text_of(verdict->account), text_of(verdict->name))) {
        fputs(", written as ", out);
        put_text(verdict->account, out);
    }
    if (incident->gap_last != 0)
        fprintf(out, "; records %" PRIu64 " to %" PRIu64 " are missing from the log",
                incident->gap_first, incident->gap_last);
    fputc('\n', out);
}

static void put_change(const struct incident *incident, FILE *out)
{
    const struct incident_change *change = &incident->change;
    if (!change->intended && !change->made && !change->marked)
        return;
    put_label("changed", out);
    put_text(change->user, out);
    fputs(" on ", out);
    if (change->server[0] != 0)
        put_text(change->server, out);
    else
        fputs("this computer", out);
    fputc(':', out);
    if (change->intended && !change->made)
        fputs(" about to be", out);
    if ((change->intended || change->made) && incident->action == LOCK_PASSWORD)
        fputs(" given a random password", out);
    else if (change->intended || change->made)
        fprintf(out, " disabled (userAccountControl was 0x%" PRIX32 ")", change->flags_before);
    if (change->marked)
        fputs(change->intended || change->made ? ", comment marked" : " comment marked", out);
    fputc('\n', out);
}

static void put_figures(const struct incident *incident, FILE *out)
{
    const struct incident_figures *figures = &incident->figures;
    if (incident->locked_wall == 0)
        return;
    put_label("figures", out);
    fprintf(out,
            "%" PRIu32 ".%03" PRIu32 " s from the crossing to the lock, SMTP down for %" PRIu32
            ".%03" PRIu32 " s; sign-ins until the lock %" PRIu32 ", after it %" PRIu32 "\n",
            figures->lock_delay / 1000, figures->lock_delay % 1000, figures->smtp_down / 1000,
            figures->smtp_down % 1000, figures->sign_ins, figures->leaks);
}

static void put_leaks(const struct incident *incident, FILE *out)
{
    if (incident->figures.leaks == 0)
        return;
    put_label("leaks", out);
    fprintf(out, "the last in record %" PRIu64 " at ", incident->leak_record);
    put_time(incident->leak_wall, out);
    fprintf(out, "; answered: %s%s\n", incident_escalation_name(incident->escalation),
            incident->leak_open ? ", the last not yet" : "");
}

static void put_retry(const struct incident_list *list, const struct incident *incident, FILE *out)
{
    const struct incident_retry *retry = &incident->retry;
    if (retry->tries == 0)
        return;
    put_label("failed", out);
    fprintf(out, "tries %" PRIu32 ", the first at ", retry->tries);
    put_reading(list, retry->first_at, out);
    fprintf(out, ", the last with error %" PRIu32, retry->error);
    if (incident_holds(incident)) {
        fputs("; next at ", out);
        put_reading(list, retry->next_at, out);
    }
    fputc('\n', out);
}

static void put_summary(const struct incident_list *list, FILE *out)
{
    const struct restart_record *restart = &list->book->restart;
    const struct position_record *position = &list->book->position;
    fprintf(out, "Accounts locked: %" PRIu32 ". Incidents open: %" PRIu32 ".", list->locked,
            list->open);
    if (position->steady.wall != 0) {
        fputs(" As of ", out);
        put_time(position->steady.wall, out);
        if (position->record != 0) { /* else nothing was read yet */
            fprintf(out, ", record %" PRIu64 " of ", position->record);
            put_text(position->channel, out);
        }
        fputc('.', out);
    }
    fputc('\n', out);
    if (restart->phase != RESTART_NONE) {
        fputs("A restart of ", out);
        put_text(restart->service, out);
        fputs(restart->phase == RESTART_STOPPED ? " is under way: it is stopped.\n"
                                                : " is under way: it is being stopped.\n",
              out);
    }
}

void incident_list_text(const struct incident_list *list, FILE *out)
{
    put_summary(list, out);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct incident *incident = list->rows[i];
        fputc('\n', out);
        put_heading(incident, out);
        put_steps(incident, out);
        put_end(list, incident, out);
        put_why(&incident->verdict, out);
        put_evidence(incident, out);
        put_change(incident, out);
        put_figures(incident, out);
        put_leaks(incident, out);
        put_retry(list, incident, out);
    }
    if (list->left_out > 0)
        fprintf(out, "\nLeft out: %" PRIu32 " that ended earlier. See: relaylock incidents --all\n",
                list->left_out);
}
