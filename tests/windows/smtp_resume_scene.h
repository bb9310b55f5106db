/* smtp_resume_scene.h: restarts of SMTPSVC, in the fake manager of smtp_scene.h, that tell before
 * what they stop; the end of a process in the middle of one; and resuming it. */
#ifndef RELAYLOCK_TESTS_SMTP_RESUME_SCENE_H
#define RELAYLOCK_TESTS_SMTP_RESUME_SCENE_H

#include "windows/smtp_service.h"
#include "smtp_scene.h"

/* What a process keeps for the one after it, and what it has to do. */
struct resume_record {
    bool begun, seen_stopped;
    struct smtp_stop_list list;
    bool needed; /* a restart */
};
extern struct resume_record resume_record;

extern struct smtp_outcome resume_outcome;           /* of the last restart or resuming */
extern unsigned resume_steps[SMTP_STEP_RUNNING + 1]; /* how often each was told, and an */
extern unsigned resume_intents;                      /* intent, since resume_begin */

/* The services of a scene of smtp_scene.h, nothing recorded, and a restart needed. */
void resume_begin(void (*scene)(void));

/* With which the two below are called: steps and intents go into resume_record. */
const struct smtp_options *resume_options(void);

/* A restart; or resumes what resume_record says. Whatever comes of it, no handle stays open. */
enum smtp_result restart_and_tell(void);
enum smtp_result resume(void);

/* As another process had left it: in that state since now, and neither stopped nor started yet. */
void put_into(struct fake_service *service, DWORD state);

/* A process that works until it is killed at a point (0: it is not). False: it was. Points are the
 * calls of the fake, before and after whatever goes into resume_record, and resume_point. */
bool resume_run_until(unsigned at, void (*work)(void));
void resume_point(void);

#endif
