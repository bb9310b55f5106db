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
    };
    memcpy(policy->smtp_service, settings->smtp_service, sizeof policy->smtp_service);
}
