/* verb_queue.h: the verb that says what lies in the SMTP queues, which attack it is, and what to
 * do.
 *
 *     queue [--json] [--own-domain NAME]... [--log FILE]... [--journal FILE] [FOLDER]...
 *
 * Without folders those of this host are read (queue_places.h); where there are none to be found,
 * one is needed. docs/queue.md is the page for those who use it.
 */
#ifndef RELAYLOCK_APP_VERB_QUEUE_H
#define RELAYLOCK_APP_VERB_QUEUE_H

#define VERB_QUEUE_ARGUMENTS "[--json] [OPTION]... [FOLDER]..."

enum queue_status {
    QUEUE_NORMAL = 0, /* all was read, and no attack is in it */
    QUEUE_ATTACK = 1, /* a relay, a non-delivery attack, or both */
    QUEUE_USAGE = 2,  /* nothing was read */
    QUEUE_UNSURE = 3  /* can't tell; or a folder, a log, the journal, or more than one message file
                         of a hundred could not be read, and no attack was found. Standard error
                         says what could not be read */
};

/* As struct verb's run (usage.h). */
int verb_queue(int count, char **arguments);

#endif
