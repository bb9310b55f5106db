/* doctor_scene.h: a doctor to be asked, and what he says, line by line. */
#ifndef RELAYLOCK_TESTS_DOCTOR_SCENE_H
#define RELAYLOCK_TESTS_DOCTOR_SCENE_H

#include "app/doctor.h"

extern struct doctor doctor;
extern struct findings findings;

/* A doctor with the default settings at 2010-01-02T03:04:05Z, run by CONTOSO\admin from
 * C:\Program Files\RelayLock\relaylock.exe, and no findings. */
void doctor_scene_begin(void);

/* Asks one check anew. */
void doctor_scene_look(void (*look)(struct doctor *, struct findings *));

/* The line of a check: its state, what it found and what mends it ("> COMMAND", a step, or "" for
 * nothing), word by word; and that there is no such line. */
void assert_line(const char *check, enum finding_state state, const char *found, const char *mend);
void assert_no_line(const char *check);

#endif
