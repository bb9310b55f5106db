#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include "../service/core/checked.h"
#include "../service/core/settings.h"

static const struct {
    const wchar_t *property, *setting;
} names[PLAN_SETTINGS] = {{L"LOCKACTION", L"Action"},
                          {L"LIMITS", L"Limits"},
                          {L"EXEMPT", L"Exempt"},
                          {L"OBSERVE", L"Observe"}};

static UINT unreadable(MSIHANDLE session, const wchar_t *property, UINT error)
{
    wchar_t text[128];
    swprintf(text, ARRAYSIZE(text), L"MsiGetProperty for %ls failed with error %u", property,
             error);
    return session_fail(session, text);
}

static UINT refuse(MSIHANDLE session, const wchar_t *property, const wchar_t *value,
                   const char *allowed)
{
    wchar_t shown[256], text[1024];
    text_copy_shown(shown, ARRAYSIZE(shown), text_of(value));
    swprintf(text, ARRAYSIZE(text),
             L"The property %ls cannot be \"%ls\"; allowed: %hs. Nothing was changed.", property,
             shown, allowed);
    return session_fail(session, text);
}

/* 0, 1, or -1 when it is not given. */
static UINT read_switch(MSIHANDLE session, const wchar_t *property, int *given)
{
    UINT error;
    wchar_t *value = session_property(session, property, &error);
    if (!value)
        return unreadable(session, property, error);
    if (!*value)
        *given = -1;
    else if (wcscmp(value, L"0") == 0 || wcscmp(value, L"1") == 0)
        *given = *value - L'0';
    else
        error = refuse(session, property, value, "0 or 1");
    free(value);
    return error;
}

static UINT read_setting(MSIHANDLE session, size_t i, struct settings *settings, struct plan *plan)
{
    UINT error;
    wchar_t *value = session_property(session, names[i].property, &error);
    if (!value)
        return unreadable(session, names[i].property, error);
    if (!*value) {
        free(value);
        return ERROR_SUCCESS;
    }
    size_t index = setting_find(text_of(names[i].setting));
    if (!settings_set(settings, index, text_of(value))) {
        error = refuse(session, names[i].property, value, setting_table[index].allowed);
        free(value);
        return error;
    }
    plan->settings[plan->setting_count++] =
        (struct installation_setting){.name = names[i].setting, .value = value};
    return ERROR_SUCCESS;
}

static UINT read_settings(MSIHANDLE session, struct plan *plan)
{
    struct settings *settings = malloc(sizeof *settings);
    if (!settings)
        return session_fail(session, L"There is no memory.");
    settings_defaults(settings);
    UINT error = ERROR_SUCCESS;
    for (size_t i = 0; i < PLAN_SETTINGS && !error; i++)
        error = read_setting(session, i, settings, plan);
    free(settings);
    return error;
}

UINT plan_make(MSIHANDLE session, struct plan *plan)
{
    int start = -1;
    *plan = (struct plan){.start = PLAN_START_AS_BEFORE};
    UINT error = read_settings(session, plan);
    if (!error)
        error = read_switch(session, L"STARTSERVICE", &start);
    if (error) {
        plan_free(plan);
        return error;
    }
    if (start >= 0)
        plan->start = start ? PLAN_START_YES : PLAN_START_NO;
    return ERROR_SUCCESS;
}

void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->setting_count; i++)
        free((wchar_t *)plan->settings[i].value);
    plan->setting_count = 0;
}

/* ---- the note: lines NAME=VALUE; no setting has a line break in it -------------------------- */

wchar_t *plan_note(const struct plan *plan)
{
    size_t room = 1;
    bool counted = true;
    for (size_t i = 0; i < plan->setting_count; i++)
        counted = counted && checked_add(&room, wcslen(plan->settings[i].name) + 2) &&
                  checked_add(&room, wcslen(plan->settings[i].value));
    size_t size = room;
    wchar_t *note = counted && checked_multiply(&size, sizeof *note) ? malloc(size) : NULL;
    if (!note)
        return NULL;
    size_t used = 0;
    note[0] = L'\0';
    for (size_t i = 0; i < plan->setting_count; i++) {
        const struct text parts[] = {text_of(plan->settings[i].name), TEXT_OF(u"="),
                                     text_of(plan->settings[i].value), TEXT_OF(u"\n")};
        for (size_t j = 0; j < ARRAYSIZE(parts); j++)
            used += text_copy(note + used, room - used, parts[j]);
    }
    return note;
}

size_t plan_read_note(wchar_t *note, struct installation_setting settings[PLAN_SETTINGS])
{
    size_t count = 0;
    for (wchar_t *line = note, *end; count < PLAN_SETTINGS; line = end + 1) {
        wchar_t *equals = wcschr(line, L'=');
        end = wcschr(line, L'\n');
        if (!equals || !end || equals > end)
            break;
        *equals = *end = L'\0';
        settings[count++] = (struct installation_setting){.name = line, .value = equals + 1};
    }
    return count;
}
