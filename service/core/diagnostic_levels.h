/* diagnostic_levels.h: how much Exchange logs, category by category, and whether that is enough.
 *
 * The registry has one value a category, "<number> <Category>". The numbers follow no scheme, so
 * that a category is known by the end of its value's name. Levels: 0 none, 1 minimum, 3 medium, 5
 * maximum, 7 field engineering. Event 1708 is of the category SMTP Protocol in every sample known,
 * while the procedure that RelayLock automates raises Authentication: which of them it is differs
 * or is not known, so that there is reason to complain only when neither is at the maximum. Source:
 * domain.md 1 and 2.
 */
#ifndef RELAYLOCK_CORE_DIAGNOSTIC_LEVELS_H
#define RELAYLOCK_CORE_DIAGNOSTIC_LEVELS_H

#include "text.h"

enum {
    DIAGNOSTIC_LEVEL_MAXIMUM = 5,
    DIAGNOSTIC_LEVELS_MAX = 4, /* values that are kept; the rest is passed over */
    DIAGNOSTIC_NAME_MAX = 64,  /* units of a value's name, terminator included */
    DIAGNOSTIC_LEVEL_TEXT_SIZE = 40
};

struct diagnostic_level {
    char16_t name[DIAGNOSTIC_NAME_MAX]; /* of the value as it is, terminated; not sanitised */
    uint32_t level;
};

/* Zeroed: none found. */
struct diagnostic_levels {
    struct diagnostic_level at[DIAGNOSTIC_LEVELS_MAX];
    uint32_t count;
};

/* Takes a value of the key if it is one of the two categories; blanks around its name do not count,
 * and are kept. */
void diagnostic_levels_add(struct diagnostic_levels *levels, struct text name, uint32_t level);

/* The highest level found; 0 without any. */
uint32_t diagnostic_levels_highest(const struct diagnostic_levels *levels);

/* A level in words: "5 (Maximum)"; one that has no word in Exchange System Manager: "4". */
void diagnostic_level_to_text(uint32_t level, char text[DIAGNOSTIC_LEVEL_TEXT_SIZE]);

/* Whether there may be no event 1708: values were found, and all are below the maximum. */
bool diagnostic_levels_too_low(const struct diagnostic_levels *levels);

#endif
