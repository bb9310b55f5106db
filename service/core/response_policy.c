#include "response_policy.h"

#include <string.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE }; /* ms */

void response_policy_make(struct response_policy *policy, const struct settings *settings)
{
    *policy = (struct response_policy){
        .restart_smtp = settings->restart_smtp,
        .stop_timeout = settings->stop_timeout * SECOND,
        .cooldown = (int64_t)settings->restart_cooldown * SECOND,
        .give_up_after = (int64_t)settings->give_up_after * HOUR,
        .contain_after = (int64_t)settings->contain_after * SECOND,
        .lock_for = (int64_t)settings->lock_minutes * MINUTE,
        .max_restarts_per_hour = settings->max_restarts_per_hour,
        .max_auto_releases = settings->max_auto_releases,
        .restart_services = settings->restart_services,
        .quarantine_on_lock = settings->quarantine_on_lock,
        .quarantine_limit = settings->quarantine_limit,
        .queue_directory = settings->queue_directory,
        .reader = settings->reader,
        .event_id = settings->event_id,
    };
    memcpy(policy->channel, settings->channel, sizeof policy->channel);
    memcpy(policy->provider, settings->provider, sizeof policy->provider);
    memcpy(policy->smtp_service, settings->smtp_service, sizeof policy->smtp_service);
}
