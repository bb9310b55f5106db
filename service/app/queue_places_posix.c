#include "queue_places.h"

const bool queue_places_has_own = false;

void queue_places_find(struct queue_report *report, const struct settings *settings)
{
    (void)report, (void)settings;
}

void queue_places_log(const struct settings *settings, char log[QUEUE_PLACES_LOG_MAX])
{
    (void)settings;
    log[0] = '\0';
}
