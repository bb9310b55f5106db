/* findings.h: what the doctor found, check by check, and how it is printed for people and for
 * programs. docs/doctor.md shows both and says what each check means.
 */
#ifndef RELAYLOCK_APP_FINDINGS_H
#define RELAYLOCK_APP_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "shown.h"

enum finding_state { FINDING_OK, FINDING_WARNING, FINDING_PROBLEM };

/* What mends it: a command to be typed as it is, or a step in words. */
enum finding_cure { CURE_NONE, CURE_COMMAND, CURE_STEP };

enum {
    FINDINGS_MAX = 64,       /* of a list */
    FINDING_TEXT_MAX = 1024, /* bytes of UTF-8, terminator included */
    FINDINGS_SHOWN = 8
};

struct finding {
    const char *check; /* a literal: "log" */
    enum finding_state state;
    enum finding_cure cure;
    char found[FINDING_TEXT_MAX];
    char mend[FINDING_TEXT_MAX]; /* "" with CURE_NONE */
};

/* Zeroed: none yet. */
struct findings {
    uint32_t count;
    struct finding at[FINDINGS_MAX];
    unsigned showings;
    char shown[FINDINGS_SHOWN][SHOWN_MAX]; /* in turn */
};

/* A terminated text that somebody else may have chosen, as it may be shown (shown.h). It holds for
 * the next FINDINGS_SHOWN - 1 calls of this. */
const char *findings_show(struct findings *findings, const char16_t *text);

/* Adds one; texts are as of printf, in UTF-8, and what somebody else may have chosen must have been
 * made fit to be shown (findings_show). A text that is too long ends in "..."; what does not fit
 * into the list is dropped. */
void findings_add(struct findings *findings, const char *check, enum finding_state state,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What mends the one added last. */
void findings_command(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void findings_step(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends all of another list. */
void findings_append(struct findings *findings, const struct findings *more);

uint32_t findings_count(const struct findings *findings, enum finding_state state);

/* The worst state there is; FINDING_OK without any. Its number is the exit status of the verb. */
enum finding_state findings_worst(const struct findings *findings);

/* For people: those from the index first on, and the line that sums all up. */
void findings_print(const struct findings *findings, uint32_t first, FILE *out);
void findings_print_sum(const struct findings *findings, FILE *out);

/* One JSON document, "version":1; later versions of the program may add fields and checks. */
void findings_print_json(const struct findings *findings, FILE *out);

#endif
