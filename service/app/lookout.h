/* lookout.h: the outlook with what it looks at and where it is kept; used by the watcher alone. */
#ifndef RELAYLOCK_APP_LOOKOUT_H
#define RELAYLOCK_APP_LOOKOUT_H

#include "detector.h"
#include "outlook.h"

struct lookout {
    struct steady clock;
    struct outlook outlook;
    bool known; /* what an earlier process kept */
};

/* Goes on with what an earlier process kept in the journal, once that is open. Before, if it is
 * said to be closed, with nothing; that is not kept, for it would take the place of what is not
 * known. Does nothing after that. tick: GetTickCount; wall: seconds since 1970-01-01 UTC. */
void lookout_recall(struct lookout *lookout, const struct store_news *news, DWORD tick,
                    int64_t wall);

void lookout_advance(struct lookout *lookout, DWORD tick, int64_t wall);

/* What keeps us from seeing, and the figures of the day; gives the responder what is worth keeping.
 */
void lookout_look(struct lookout *lookout, struct log_reader *reader,
                  const struct settings *settings, const struct detector *detector);

/* Gives it to the responder whatever there is to keep, unless there may be something better. */
void lookout_keep(struct lookout *lookout, struct responder *responder);

/* ms until a look is due. */
DWORD lookout_wait(const struct lookout *lookout);

#endif
