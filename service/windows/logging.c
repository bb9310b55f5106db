#include "logging.h"

/* One of Exchange's values, and whom to tell what comes of it. */
struct subject {
    const wchar_t *provider, *name;
    const struct logging_listener *listener;
    struct logging_failure *failure;
};

/* A call on Exchange's own values; name may be null. */
static DWORD fail(const struct subject *subject, DWORD error, const char *call)
{
    const wchar_t *const parts[] = {subject->provider, L"Diagnostics", subject->name, NULL};
    return logging_failure_set(subject->failure, error, call, parts);
}

static void tell(const struct subject *subject, enum logging_outcome outcome, uint32_t from,
                 uint32_t to)
{
    const struct logging_step step = {outcome, subject->provider, subject->name, from, to};
    subject->listener->hear(subject->listener->context, &step);
}

static DWORD remember(const struct subject *subject, enum raised_state state, uint32_t before)
{
    const struct raised_level remembered = {state, before};
    return logging_memory_write(subject->provider, subject->name, &remembered, subject->failure);
}

/* ---- raise ----------------------------------------------------------------------------------- */

static DWORD raise_level(const struct subject *subject, uint32_t before)
{
    const char *call;
    DWORD error = remember(subject, RAISED_BEGUN, before);
    if (error != ERROR_SUCCESS)
        return error;
    error = diagnostics_set(subject->provider, subject->name, DIAGNOSTIC_LEVEL_MAXIMUM, &call);
    if (error != ERROR_SUCCESS)
        return fail(subject, error, call);
    tell(subject, LOGGING_RAISED, before, DIAGNOSTIC_LEVEL_MAXIMUM);
    return remember(subject, RAISED_DONE, before);
}

/* May fail: without it a change would be taken for what was found. */
static void note_found(const struct subject *subject)
{
    struct logging_failure ignored;
    const struct raised_level found = {RAISED_FOUND, DIAGNOSTIC_LEVEL_MAXIMUM};
    logging_memory_write(subject->provider, subject->name, &found, &ignored);
}

/* By a process that did not come to the end of it. */
static DWORD note_done(const struct subject *subject, uint32_t before)
{
    DWORD error = remember(subject, RAISED_DONE, before);
    if (error == ERROR_SUCCESS)
        tell(subject, LOGGING_RAISED, before, DIAGNOSTIC_LEVEL_MAXIMUM);
    return error;
}

/* It is looked at once more: another process has perhaps raised it since it was. */
static DWORD note_changed(const struct subject *subject, uint32_t before)
{
    const char *call;
    uint32_t level;
    DWORD error = diagnostics_get(subject->provider, subject->name, &level, &call);
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
        return fail(subject, error, call);
    if (level == DIAGNOSTIC_LEVEL_MAXIMUM)
        return ERROR_SUCCESS;
    error = remember(subject, RAISED_CHANGED, before);
    if (error == ERROR_SUCCESS)
        tell(subject, LOGGING_CHANGED, DIAGNOSTIC_LEVEL_MAXIMUM, level);
    return error;
}

static DWORD keep_raised(const struct subject *subject, uint32_t level, bool anew)
{
    struct raised_level remembered;
    bool left_alone;
    DWORD error =
        logging_memory_read(subject->provider, subject->name, &remembered, subject->failure);
    if (error != ERROR_SUCCESS)
        return error;
    if (anew && level < DIAGNOSTIC_LEVEL_MAXIMUM)
        remembered.state = RAISED_NEVER;
    enum raised_step step = raised_level_next(&remembered, level);
    if (step == RAISED_STEP_NONE)
        return ERROR_SUCCESS;
    /* looked at last: who puts levels back sets it first */
    error = logging_memory_is_left_alone(&left_alone, subject->failure);
    if (error != ERROR_SUCCESS || left_alone)
        return error;
    if (step == RAISED_STEP_RAISE)
        return raise_level(subject, level);
    if (step == RAISED_STEP_NOTE_DONE)
        return note_done(subject, remembered.before);
    if (step == RAISED_STEP_NOTE_CHANGED)
        return note_changed(subject, remembered.before);
    note_found(subject);
    return ERROR_SUCCESS;
}

DWORD logging_raise(const wchar_t *provider, bool anew, const struct logging_listener *listener,
                    struct logging_failure *failure)
{
    struct subject subject = {.provider = provider, .listener = listener, .failure = failure};
    struct logging_failure another;
    struct diagnostic_levels levels;
    const char *call;
    DWORD error = anew ? logging_memory_stop_leaving_alone(failure) : ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
        return error;
    error = diagnostics_list(provider, &levels, &call);
    if (error != ERROR_SUCCESS)
        return fail(&subject, error, call);
    for (uint32_t i = 0; i < levels.count; i++) {
        subject.name = levels.at[i].name;
        subject.failure = error == ERROR_SUCCESS ? failure : &another;
        DWORD failed = keep_raised(&subject, levels.at[i].level, anew);
        if (error == ERROR_SUCCESS)
            error = failed;
    }
    return error;
}

/* ---- restore --------------------------------------------------------------------------------- */

static DWORD put_back(void *context, const wchar_t *provider, const wchar_t *name,
                      const struct raised_level *remembered, struct logging_failure *failure)
{
    const struct subject subject = {provider, name, context, failure};
    const char *call;
    uint32_t level;
    DWORD error = diagnostics_get(provider, name, &level, &call);
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
        return fail(&subject, error, call);
    if (!raised_level_is_ours(remembered, level)) {
        if (level != remembered->before)
            tell(&subject, LOGGING_KEPT, level, level);
        return ERROR_SUCCESS;
    }
    error = diagnostics_set(provider, name, remembered->before, &call);
    if (error != ERROR_SUCCESS)
        return fail(&subject, error, call);
    tell(&subject, LOGGING_PUT_BACK, level, remembered->before);
    return ERROR_SUCCESS;
}

DWORD logging_restore(const struct logging_listener *listener, struct logging_failure *failure)
{
    DWORD error = logging_memory_leave_alone(failure);
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
        return error;
    return logging_memory_walk(true, put_back, (void *)listener, failure);
}

/* ---- list ------------------------------------------------------------------------------------ */

struct listing {
    void (*show)(void *context, const struct logging_value *value);
    void *context;
    const wchar_t *provider;
    struct diagnostic_levels levels; /* of the provider, shown by themselves */
};

static bool is_shown(const struct listing *listing, const wchar_t *provider, const wchar_t *name)
{
    if (!text_equal_fold(text_of(provider), text_of(listing->provider)))
        return false;
    for (uint32_t i = 0; i < listing->levels.count; i++)
        if (text_equal_fold(text_of(name), text_of(listing->levels.at[i].name)))
            return true;
    return false;
}

static DWORD show_remembered(void *context, const wchar_t *provider, const wchar_t *name,
                             const struct raised_level *remembered, struct logging_failure *failure)
{
    const struct listing *listing = context;
    const struct subject subject = {provider, name, NULL, failure};
    struct logging_value value = {.provider = provider, .name = name, .remembered = *remembered};
    const char *call;
    if (is_shown(listing, provider, name))
        return ERROR_SUCCESS;
    DWORD error = diagnostics_get(provider, name, &value.level, &call);
    if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND)
        return fail(&subject, error, call);
    value.found = error == ERROR_SUCCESS;
    listing->show(listing->context, &value);
    return ERROR_SUCCESS;
}

DWORD logging_list(const wchar_t *provider,
                   void (*show)(void *context, const struct logging_value *value), void *context,
                   bool *left_alone, struct logging_failure *failure)
{
    struct listing listing = {.show = show, .context = context, .provider = provider};
    const struct subject subject = {.provider = provider, .failure = failure};
    const char *call;
    DWORD error = logging_memory_is_left_alone(left_alone, failure);
    if (error != ERROR_SUCCESS)
        return error;
    error = diagnostics_list(provider, &listing.levels, &call);
    if (error != ERROR_SUCCESS)
        return fail(&subject, error, call);
    for (uint32_t i = 0; i < listing.levels.count; i++) {
        const struct diagnostic_level *level = &listing.levels.at[i];
        struct logging_value value = {provider, level->name, true, level->level, {0}};
        error = logging_memory_read(provider, level->name, &value.remembered, failure);
        if (error != ERROR_SUCCESS)
            return error;
        show(context, &value);
    }
    return logging_memory_walk(false, show_remembered, &listing, failure);
}
