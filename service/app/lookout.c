#include "lookout.h"
#include "../windows/boot.h"

void lookout_recall(struct lookout *lookout, const struct store_news *news, DWORD tick,
                    int64_t wall)
{
    if (lookout->known || (lookout->outlook.recalled && !news->open))
        return;
    lookout->known = news->open;
    lookout->clock = news->position.steady;
    steady_resume(&lookout->clock, boot_number(), tick, wall);
    outlook_recall(&lookout->outlook, news->open ? &news->outlook : NULL, &lookout->clock);
}

void lookout_advance(struct lookout *lookout, DWORD tick, int64_t wall)
{
    if (lookout->outlook.recalled)
        steady_advance(&lookout->clock, tick, wall);
}

void lookout_look(struct lookout *lookout, struct log_reader *reader,
                  const struct settings *settings, const struct detector *detector)
{
    struct guard_counters guard;
    struct lockdown_figures figures;
    struct event_source_counters log = log_reader_count_fresh(reader);
    guard_count(detector->guard, &guard);
    responder_count(detector->responder, &figures);
    const struct outlook_view view = {
        .clock = &lookout->clock,
        .reader = reader,
        .settings = settings,
        .counts = {log.matched - log.foreign, log.malformed, log.foreign, detector->alerts,
                   figures.locked, figures.released, figures.leaks, figures.restarts},
        .accounts = guard.accounts,
    };
    outlook_look(&lookout->outlook, &view);
    if (outlook_has_news(&lookout->outlook, lookout->clock.now))
        lookout_keep(lookout, detector->responder);
}

void lookout_keep(struct lookout *lookout, struct responder *responder)
{
    struct outlook_record record;
    if (!lookout->known)
        return;
    outlook_keep(&lookout->outlook, lookout->clock.now, &record);
    responder_outlook(responder, &record);
}

DWORD lookout_wait(const struct lookout *lookout)
{
    return outlook_wait(&lookout->outlook, lookout->clock.now);
}
