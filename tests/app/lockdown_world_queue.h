/* lockdown_world_queue.h: the queue of a lockdown_world, of which quarantine.h's functions take
 * messages out, and give them back. Of lockdown_world.h, world_quarantine and world_expect_queue
 * are in here, too.
 */
#ifndef TESTS_APP_LOCKDOWN_WORLD_QUEUE_H
#define TESTS_APP_LOCKDOWN_WORLD_QUEUE_H

/* WORLD_QUEUED messages lie in it, and none is kept; it is put into lockdown_calls and
 * quarantine_calls. */
void world_queue_reset(void);

#endif
