/* smtp_restart_scene.h: a restart of SMTPSVC in the fake manager of smtp_scene.h, and what it told.
 */
#ifndef RELAYLOCK_TESTS_SMTP_RESTART_SCENE_H
#define RELAYLOCK_TESTS_SMTP_RESTART_SCENE_H

#include "windows/smtp_service.h"
#include "smtp_scene.h"

enum { RESTART_STEPS_MAX = 64 };

/* Of the last restart(): what it came to, and the steps it told, in their order. */
extern struct smtp_outcome restart_outcome;
extern enum smtp_step restart_steps[RESTART_STEPS_MAX];
extern size_t restart_step_count;

/* Restarts SMTPSVC; whatever comes of it, no handle stays open. */
enum smtp_result restart(void);

/* How often it told a step. */
size_t restart_steps_of(enum smtp_step step);

#endif
