/* parameter_value.h: one value of the registry, read whole, and said what is wrong with it.
 *
 * Shared by the files of parameters.h alone. Calls go through parameters_calls.
 */
#ifndef RELAYLOCK_WINDOWS_PARAMETER_VALUE_H
#define RELAYLOCK_WINDOWS_PARAMETER_VALUE_H

#include "parameters.h"

enum {
    PARAMETER_VALUE_NAME_MAX = 16384, /* units; the registry's own limits, terminators included */
    PARAMETER_KEY_NAME_MAX = 256,
    PARAMETER_KEY_TEXT_MAX = PARAMETER_KEY_NAME_MAX + 32,
    PARAMETER_FOUND_MAX = 512
};

/* All memory of one reading. */
struct parameter_reading {
    struct settings settings;
    struct setting_origins origins;
    enum setting_origin origin; /* of what is being read */
    size_t problems;
    void (*refuse)(void *context, const struct parameters_problem *problem);
    void *context;
    union {
        BYTE bytes[PARAMETERS_VALUE_MAX];
        DWORD number;
        char16_t units[PARAMETERS_VALUE_MAX / sizeof(char16_t)];
    } data;
    DWORD type, size;
    char16_t found[PARAMETER_FOUND_MAX];
    char16_t value_name[PARAMETER_VALUE_NAME_MAX];
    char16_t key_name[PARAMETER_KEY_NAME_MAX];
    char16_t key_text[PARAMETER_KEY_TEXT_MAX]; /* the key that is read, for a problem */
    size_t key_text_count;
};

enum parameter_value { PARAMETER_READ, PARAMETER_ABSENT, PARAMETER_TOO_LARGE, PARAMETER_ERROR };

/* ASCII appended at index at, as far as there is room; the index behind it. */
size_t parameter_append(char16_t *to, size_t at, size_t capacity, const char *ascii);

/* One value, whole; *error is set for PARAMETER_ERROR. */
enum parameter_value parameter_read(struct parameter_reading *reading, HKEY key,
                                    const wchar_t *name, DWORD *error);

/* The value that was read as text, without the terminators, which may be there or not. False when
 * it is none: half a unit, or a NUL within a REG_SZ, behind which somebody hides something. */
bool parameter_text(const struct parameter_reading *reading, struct text *text);

/* "a REG_SZ value" */
void parameter_type_name(char *to, size_t capacity, DWORD type);

/* Tells a problem and counts it: what was found, in words of ours; as text that was read (cut, a
 * list with commas); or its kind ("a REG_BINARY value, 7 bytes"). */
void parameter_refuse(struct parameter_reading *reading, struct text value, const char *found,
                      const char *allowed);
void parameter_refuse_text(struct parameter_reading *reading, struct text value, struct text text,
                           const char *allowed);
void parameter_refuse_kind(struct parameter_reading *reading, struct text value,
                           const char *allowed);

#endif
