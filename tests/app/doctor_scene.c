#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "doctor_scene.h"

struct doctor doctor;
struct findings findings;

void doctor_scene_begin(void)
{
    memset(&doctor, 0, sizeof doctor);
    memset(&findings, 0, sizeof findings);
    settings_defaults(&doctor.settings);
    doctor.now = 1262401445;
    wcscpy(doctor.exe, L"C:\\Program Files\\RelayLock\\relaylock.exe");
    wcscpy(doctor.service.account, L"LocalSystem");
    strcpy(doctor.who.name, "CONTOSO\\admin");
    doctor.who.known = doctor.who.administrator = true;
}

void doctor_scene_look(void (*look)(struct doctor *, struct findings *))
{
    memset(&findings, 0, sizeof findings);
    look(&doctor, &findings);
}

static const struct finding *line_of(const char *check)
{
    for (uint32_t i = 0; i < findings.count; i++)
        if (strcmp(findings.at[i].check, check) == 0)
            return &findings.at[i];
    return NULL;
}

void assert_line(const char *check, enum finding_state state, const char *found, const char *mend)
{
    static const enum finding_cure cures[] = {CURE_NONE, CURE_STEP, CURE_COMMAND};
    bool command = mend[0] == '>';
    const struct finding *line = line_of(check);
    if (!line)
        fail_msg("there is no line %s", check);
    assert_string_equal(line->found, found);
    assert_string_equal(line->mend, command ? mend + 2 : mend);
    assert_int_equal(line->cure, cures[command ? 2 : mend[0] != '\0']);
    assert_int_equal(line->state, state);
    assert_true((state == FINDING_OK) == (line->cure == CURE_NONE));
}

void assert_no_line(const char *check)
{
    const struct finding *line = line_of(check);
    if (line)
        fail_msg("there is a line %s: %s", check, line->found);
}
