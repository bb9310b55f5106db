/* limit.h: how many sign-ins or client names an account may have within a window.
 *
 * Written COUNT/WINDOW (sign-ins) or clients:COUNT/WINDOW (distinct client names); WINDOW is a
 * number of seconds or a number with s, m, h or d. "50/10m": the 50th sign-in within ten minutes
 * crosses the limit.
 */
#ifndef RELAYLOCK_CORE_LIMIT_H
#define RELAYLOCK_CORE_LIMIT_H

#include "text.h"

enum {
    LIMIT_COUNT_MAX = 10000,
    LIMIT_WINDOW_MAX = 7 * 24 * 3600, /* seconds */
    LIMIT_SET_MAX = 16,
    LIMIT_TEXT_SIZE = 32
};

enum limit_subject { LIMIT_SIGN_INS, LIMIT_CLIENTS };

struct limit {
    enum limit_subject subject;
    uint32_t count;  /* 1 to LIMIT_COUNT_MAX; 2 at least for clients */
    uint32_t window; /* seconds, 1 to LIMIT_WINDOW_MAX */
};

struct limit_set {
    struct limit limits[LIMIT_SET_MAX];
    uint32_t count;
};

/* One limit; false and *limit untouched when text is none. Spaces around it are ignored. */
bool limit_parse(struct text text, struct limit *limit);

/* Limits separated by commas, semicolons or NUL (a REG_MULTI_SZ); 1 to LIMIT_SET_MAX of them, the
 * same one given twice counts once. False and *set untouched when one of them is wrong. */
bool limit_set_parse(struct text text, struct limit_set *set);

/* As written: the window in the largest unit that divides it, "50/10m". Terminated ASCII. */
void limit_to_text(const struct limit *limit, char text[LIMIT_TEXT_SIZE]);

/* A window alone, "10m": read and written by the same rules. */
bool limit_window_parse(struct text text, uint32_t *window);
void limit_window_to_text(uint32_t window, char text[LIMIT_TEXT_SIZE]);

/* Whether two sets are the same limits in the same order. */
bool limit_set_same(const struct limit_set *one, const struct limit_set *other);

/* The longest window in the set, seconds; 0 for an empty set. */
uint32_t limit_set_longest(const struct limit_set *set);

#endif
