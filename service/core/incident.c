#include "incident.h"

#include <string.h>

#define BIT(state) (1u << (state))

bool incident_may_follow(enum incident_state from, enum incident_state to)
{
    static const unsigned next[INCIDENT_STATES] = {
        [INCIDENT_DECIDED] = BIT(INCIDENT_LOCKED) | BIT(INCIDENT_FAILED) | BIT(INCIDENT_RELEASED),
        [INCIDENT_LOCKED] = BIT(INCIDENT_RESTARTED) | BIT(INCIDENT_RELEASED),
        [INCIDENT_RESTARTED] =
            BIT(INCIDENT_LOCKED) | BIT(INCIDENT_CONTAINED) | BIT(INCIDENT_RELEASED),
        [INCIDENT_CONTAINED] = BIT(INCIDENT_RESTARTED) | BIT(INCIDENT_RELEASED),
        [INCIDENT_FLAGGED] = BIT(INCIDENT_RELEASED),
        [INCIDENT_FAILED] = BIT(INCIDENT_RELEASED),
    };
    return from == to || (next[from] & BIT(to)) != 0;
}

bool incident_is_open(const struct incident *incident)
{
    return incident->state == INCIDENT_DECIDED || incident->state == INCIDENT_LOCKED ||
           incident->state == INCIDENT_RESTARTED;
}

bool incident_holds(const struct incident *incident)
{
    return incident_is_open(incident) || incident->state == INCIDENT_CONTAINED;
}

const char *incident_state_name(enum incident_state state)
{
    static const char *const names[INCIDENT_STATES] = {
        [INCIDENT_DECIDED] = "decided",     [INCIDENT_LOCKED] = "locked",
        [INCIDENT_RESTARTED] = "restarted", [INCIDENT_CONTAINED] = "contained",
        [INCIDENT_FLAGGED] = "flagged",     [INCIDENT_FAILED] = "failed",
        [INCIDENT_RELEASED] = "released",
    };
    return names[state];
}

const char *incident_ending_name(enum incident_ending ending)
{
    static const char *const names[ENDINGS] = {
        [ENDING_NONE] = "none",
        [ENDING_GIVEN_UP] = "given up",
        [ENDING_LAST_ADMIN] = "last administrator",
        [ENDING_ALREADY] = "disabled before",
        [ENDING_PAUSED] = "paused",
        [ENDING_BY_REQUEST] = "by request",
        [ENDING_BY_TIME] = "by time",
        [ENDING_BY_OTHERS] = "by others",
    };
    return names[ending];
}

const char *incident_escalation_name(enum incident_escalation escalation)
{
    static const char *const names[ESCALATIONS] = {
        [ESCALATION_NONE] = "none",           [ESCALATION_VERIFIED] = "verified",
        [ESCALATION_RESTARTED] = "restarted", [ESCALATION_SERVICES] = "services",
        [ESCALATION_ALERTED] = "alerted",
    };
    return names[escalation];
}

bool incident_is_of(const struct incident *incident, const uint8_t *sid, uint32_t sid_size)
{
    const struct verdict *verdict = &incident->verdict;
    return sid_size > 0 && verdict->sid_size == sid_size &&
           memcmp(verdict->sid, sid, sid_size) == 0;
}
