/* installation_failure.c: see installation.h. What went wrong, noted and said. */
#include "installation_parts.h"
#include "state_directory.h"
#include "../core/settings.h"
#include <stdio.h>

/* ---- noted ---------------------------------------------------------------------------------- */

static void copy(wchar_t to[INSTALLATION_OBJECT_MAX], const wchar_t *from)
{
    text_copy(to, INSTALLATION_OBJECT_MAX, text_of(from));
}

DWORD installation_fail(struct installation_failure *failure, const char *call,
                        const wchar_t *object, DWORD error)
{
    *failure = (struct installation_failure){.call = call};
    copy(failure->object, object);
    return error;
}

DWORD installation_refuse(struct installation_failure *failure,
                          const struct installation_setting *setting, const char *allowed)
{
    *failure = (struct installation_failure){.allowed = allowed};
    copy(failure->object, setting->name);
    copy(failure->value, setting->value);
    return ERROR_INVALID_PARAMETER;
}

/* ---- said ----------------------------------------------------------------------------------- */

struct sentence {
    char16_t *at;
    size_t used;
};

static void say(struct sentence *sentence, const char *ascii)
{
    while (*ascii && sentence->used < INSTALLATION_TEXT_MAX - 1)
        sentence->at[sentence->used++] = (unsigned char)*ascii++;
    sentence->at[sentence->used] = 0;
}

static void say_number(struct sentence *sentence, DWORD number)
{
    char decimal[16];
    snprintf(decimal, sizeof decimal, "%lu", (unsigned long)number);
    say(sentence, decimal);
}

/* What somebody else may have chosen. */
static void say_shown(struct sentence *sentence, const wchar_t *text)
{
    say(sentence, "\"");
    size_t room = INSTALLATION_TEXT_MAX - sentence->used;
    if (room > 2) /* for it, and for what closes it */
        sentence->used += text_copy_shown(sentence->at + sentence->used, room - 1, text_of(text));
    say(sentence, "\"");
}

static void say_setting(struct sentence *sentence, const struct installation_failure *failure)
{
    if (failure->allowed) {
        say(sentence, "the setting ");
        say_shown(sentence, failure->object);
        say(sentence, " cannot be ");
        say_shown(sentence, failure->value);
        say(sentence, "; allowed: ");
        say(sentence, failure->allowed);
        return;
    }
    say(sentence, "there is no setting ");
    say_shown(sentence, failure->object);
    for (size_t i = 0; i < setting_count; i++) {
        say(sentence, i == 0 ? "; there are " : ", ");
        say(sentence, setting_table[i].name);
    }
}

void installation_describe(const struct installation_failure *failure, DWORD error,
                           char16_t text[INSTALLATION_TEXT_MAX])
{
    struct sentence sentence = {.at = text};
    if (!failure->call) {
        say_setting(&sentence, failure);
        return;
    }
    say(&sentence, failure->call);
    say(&sentence, " for ");
    say_shown(&sentence, failure->object);
    say(&sentence, " failed with error ");
    say_number(&sentence, error);
    if (error == ERROR_ACCESS_DENIED)
        say(&sentence, " (access denied): use an administrator's prompt");
    if (error == ERROR_INVALID_SECURITY_DESCR)
        say(&sentence, " (nothing in it is believed): relaylock doctor says whose right that is, "
                       "and what takes it back");
    else if (state_directory_is_refusal(error))
        say(&sentence, " (nothing in it is believed): find out who may write there; when you are "
                       "sure, delete it");
    if (error == ERROR_SERVICE_MARKED_FOR_DELETE)
        say(&sentence, " (it is being removed): close the window Services, then try again");
}
