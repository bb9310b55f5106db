/* smtp_scene.h: SMTPSVC and what depends on it, in the fake manager of services. */
#ifndef RELAYLOCK_TESTS_SMTP_SCENE_H
#define RELAYLOCK_TESTS_SMTP_SCENE_H

#include "fake_services.h"

extern struct fake_service *smtp, *first, *second;

/* An empty manager with SMTPSVC; at tick 1000. */
void scene_smtp(void);
/* And two more: second depends on first, and both on SMTPSVC. */
void scene_dependents(void);
/* The same, each taking some time to stop and to start. */
void scene_slow(void);

void scene_assert_all_run(void);

/* For fake_services_after: the operator starts a service that is stopped. */
void scene_start_it(void *service);

/* Error codes that mean something to a restart, and ERROR_SUCCESS, which failing calls may leave.
 */
enum { SCENE_CODES = 13 };
extern const DWORD scene_codes[SCENE_CODES];

#endif
