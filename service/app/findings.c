#include "findings.h"

#include <stdarg.h>
#include <string.h>

const char *findings_show(struct findings *findings, const char16_t *text)
{
    return shown(text_of(text), findings->shown[findings->showings++ % FINDINGS_SHOWN]);
}

/* A text that was cut ends in "...", and never in half a character. */
static void put(char text[FINDING_TEXT_MAX], const char *format, va_list arguments)
{
    static const char more[] = "...";
    int needed = vsnprintf(text, FINDING_TEXT_MAX, format, arguments);
    if (needed < FINDING_TEXT_MAX)
        return;
    size_t end = FINDING_TEXT_MAX - sizeof more;
    while ((text[end] & 0xc0) == 0x80)
        end--;
    memcpy(text + end, more, sizeof more);
}

void findings_add(struct findings *findings, const char *check, enum finding_state state,
                  const char *format, ...)
{
    va_list arguments;
    if (findings->count == FINDINGS_MAX)
        return;
    struct finding *finding = &findings->at[findings->count++];
    *finding = (struct finding){.check = check, .state = state};
    va_start(arguments, format);
    put(finding->found, format, arguments);
    va_end(arguments);
}

static void put_cure(struct findings *findings, enum finding_cure cure, const char *format,
                     va_list arguments)
{
    if (findings->count == 0)
        return;
    struct finding *finding = &findings->at[findings->count - 1];
    finding->cure = cure;
    put(finding->mend, format, arguments);
}

void findings_command(struct findings *findings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_cure(findings, CURE_COMMAND, format, arguments);
    va_end(arguments);
}

void findings_step(struct findings *findings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_cure(findings, CURE_STEP, format, arguments);
    va_end(arguments);
}

void findings_append(struct findings *findings, const struct findings *more)
{
    for (uint32_t i = 0; i < more->count && findings->count < FINDINGS_MAX; i++)
        findings->at[findings->count++] = more->at[i];
}

uint32_t findings_count(const struct findings *findings, enum finding_state state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->at[i].state == state;
    return count;
}

enum finding_state findings_worst(const struct findings *findings)
{
    enum finding_state worst = FINDING_OK;
    for (uint32_t i = 0; i < findings->count; i++)
        if (findings->at[i].state > worst)
            worst = findings->at[i].state;
    return worst;
}
