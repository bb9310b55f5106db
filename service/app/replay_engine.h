/* replay_engine.h: counts what a reader delivers: the books of names, the guard, the verdicts, and
 * those who listen.
 */
#ifndef RELAYLOCK_APP_REPLAY_ENGINE_H
#define RELAYLOCK_APP_REPLAY_ENGINE_H

#include "replay_listener.h"
#include "replay_reader.h"
#include "replay_report.h"

struct replay_engine;

/* Sets up an engine for settings and listeners, which must outlive it. Null when memory is out;
 * *needed then is how many bytes it would take. */
struct replay_engine *replay_engine_create(const struct settings *settings,
                                           const struct replay_listeners *listeners,
                                           uint64_t *needed);
void replay_engine_destroy(struct replay_engine *engine);

/* What the inputs of the reader must look for, by its settings. */
const struct replay_search *replay_engine_search(struct replay_engine *engine);

/* Counts all that the reader delivers. The report is that of the engine, and views what the reader
 * and the engine have. False when memory for a verdict was out, and reading stopped there. */
bool replay_engine_run(struct replay_engine *engine, struct replay_reader *reader);
struct replay_report *replay_engine_report(struct replay_engine *engine);

#endif
