/* lockdown_world_services.h: the services of a lockdown_world: SMTP with a dependent, and any
 * other, which smtp_service.h's functions restart; and the waiting for them.
 */
#ifndef TESTS_APP_LOCKDOWN_WORLD_SERVICES_H
#define TESTS_APP_LOCKDOWN_WORLD_SERVICES_H

/* All of them run, in a world that is zeroed; they are put into lockdown_calls. */
void world_services_reset(void);

#endif
