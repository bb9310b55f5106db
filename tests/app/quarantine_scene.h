/* quarantine_scene.h: a queue folder of messages on the disk of fake_files, to be quarantined. */
#ifndef RELAYLOCK_TESTS_QUARANTINE_SCENE_H
#define RELAYLOCK_TESTS_QUARANTINE_SCENE_H

#include "app/quarantine.h"

#define SCENE_QUEUE L"C:\\Mailroot\\vsi 1\\Queue"
#define SCENE_ROOT  L"C:\\Mailroot\\vsi 1\\RelayLock quarantine"
#define SCENE_BATCH SCENE_ROOT L"\\20261129-082000" /* the first that is made */

/* How a quarantine and what is in it are protected. */
#define ADMINISTRATORS_ONLY L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

enum { SCENE_MESSAGES_MAX = 80, TEN = 10, HALF = TEN / 2 };

/* Each even message is of the client "User" and the sender spam@example.org, the others are of
 * "mail" and bob@contoso.com. long_names: so long that a chunk takes fewer than 60 of them. */
void scene_quarantine(unsigned messages, bool long_names);

/* For cmocka: TEN messages of short names; HALF of them are of the client "User". */
int scene_quarantine_set_up(void **state);

extern struct quarantine_queues scene_queues;
extern struct quarantine_order scene_order; /* all of the client "User" */
extern struct quarantine_result scene_result;
extern DWORD scene_tick, scene_tick_step; /* ms; each look at it adds the step */

void scene_take(void);
void scene_give_back(void); /* all of all batches */

/* Messages of a client that lie in the queue folder, and in batches. Fails the test when one is in
 * two places or changed. */
struct scene_places {
    unsigned queued, kept, nowhere;
};
struct scene_places scene_look(bool of_user);

/* So many of the client "User" are in the queue folder, and so many in batches; of the others all
 * are in the queue folder, and nothing is left open. */
void scene_expect_places(unsigned user_queued, unsigned user_kept);

/* Path of a message in the queue folder; good until the next call. */
const wchar_t *scene_message(unsigned number);
unsigned scene_batches(void);      /* folders of batches */
const char *scene_batch(void);     /* the id of the first */
unsigned scene_open_intents(void); /* of all batches; fails the test when one cannot be read */

#endif
