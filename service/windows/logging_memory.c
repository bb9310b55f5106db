#include "logging_memory.h"

#include "memory_key.h"
#include "registry_gone.h"

struct logging_memory_calls logging_memory_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegEnumValueW = RegEnumValueW,
    .RegEnumKeyExW = RegEnumKeyExW,
    .RegDeleteValueW = RegDeleteValueW,
    .RegDeleteKeyW = RegDeleteKeyW,
    .RegCloseKey = RegCloseKey,
};

#define LOGGING_NAME L"Logging"

DWORD logging_failure_set(struct logging_failure *failure, DWORD error, const char *call,
                          const wchar_t *const *parts)
{
    size_t used = 0;
    failure->call = call;
    failure->object[0] = 0;
    for (; *parts && used + 2 < LOGGING_OBJECT_MAX; parts++) {
        if (used > 0)
            failure->object[used++] = L'\\';
        used += text_copy(failure->object + used, LOGGING_OBJECT_MAX - used, text_of(*parts));
    }
    return error;
}

/* provider and name may be null. */
static DWORD fail(struct logging_failure *failure, LSTATUS error, const char *call,
                  const wchar_t *provider, const wchar_t *name)
{
    const wchar_t *const parts[] = {L"RelayLock\\" LOGGING_NAME, provider ? provider : name,
                                    provider ? name : NULL, NULL};
    return logging_failure_set(failure, (DWORD)error, call, parts);
}

static LSTATUS open_logging(REGSAM rights, HKEY *key)
{
    return logging_memory_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, LOGGING_KEY, 0, rights, key);
}

/* ---- single values --------------------------------------------------------------------------- */

/* What a value says; one that makes no sense says nothing. */
static struct raised_level decode(struct text text)
{
    struct raised_level remembered = {0};
    raised_level_from_text(&remembered, text);
    return remembered;
}

enum { PATH_MAX_UNITS = ARRAYSIZE(LOGGING_NAME) + DIAGNOSTICS_PROVIDER_MAX };
_Static_assert((int)PATH_MAX_UNITS <= (int)MEMORY_KEY_PATH_MAX,
               "the path of a provider's key fits");

/* The key of a provider below that of RelayLock; provider null: Logging itself. */
static void path_of(const wchar_t *provider, wchar_t path[PATH_MAX_UNITS])
{
    size_t used = text_copy(path, PATH_MAX_UNITS, TEXT_OF(LOGGING_NAME));
    if (provider) {
        path[used++] = L'\\';
        text_copy(path + used, DIAGNOSTICS_PROVIDER_MAX, text_of(provider));
    }
}

DWORD logging_memory_read(const wchar_t *provider, const wchar_t *name,
                          struct raised_level *remembered, struct logging_failure *failure)
{
    wchar_t path[PATH_MAX_UNITS], data[RAISED_TEXT_MAX];
    const char *call;
    struct text text;
    path_of(provider, path);
    DWORD error = memory_key_read(path, name, data, RAISED_TEXT_MAX, &text, &call);
    if (error != ERROR_SUCCESS)
        return fail(failure, (LSTATUS)error, call, provider, name);
    *remembered = decode(text);
    return ERROR_SUCCESS;
}

/* size: bytes. */
static DWORD write_value(const wchar_t *provider, const wchar_t *name, DWORD type, const void *data,
                         DWORD size, struct logging_failure *failure)
{
    wchar_t path[PATH_MAX_UNITS];
    const char *call;
    path_of(provider, path);
    DWORD error = memory_key_write(path, name, type, data, size, &call);
    return error == ERROR_SUCCESS ? ERROR_SUCCESS
                                  : fail(failure, (LSTATUS)error, call, provider, name);
}

DWORD logging_memory_write(const wchar_t *provider, const wchar_t *name,
                           const struct raised_level *remembered, struct logging_failure *failure)
{
    char16_t text[RAISED_TEXT_MAX];
    size_t count = raised_level_to_text(remembered, text);
    return write_value(provider, name, REG_SZ, text, (DWORD)((count + 1) * sizeof *text), failure);
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct walk {
    bool forget;
    logging_memory_visit *visit;
    void *context;
    DWORD error; /* the first one */
    struct logging_failure *failure;
    struct logging_failure another; /* of those behind it */
};

/* Where the next failure is described. */
static struct logging_failure *place(struct walk *walk)
{
    return walk->error == ERROR_SUCCESS ? walk->failure : &walk->another;
}

/* Takes note of how a step ended, and says whether it went well. */
static bool went_well(struct walk *walk, DWORD error)
{
    if (walk->error == ERROR_SUCCESS)
        walk->error = error;
    return error == ERROR_SUCCESS;
}

/* The same of a call, but for one on what is gone. */
static bool call_went_well(struct walk *walk, LSTATUS error, const char *call,
                           const wchar_t *provider, const wchar_t *name)
{
    if (error == ERROR_SUCCESS || registry_gone(error))
        return true;
    return went_well(walk, fail(place(walk), error, call, provider, name));
}

static bool walk_value(struct walk *walk, HKEY key, const wchar_t *provider, const wchar_t *name,
                       const struct raised_level *remembered)
{
    DWORD error = walk->visit(walk->context, provider, name, remembered, place(walk));
    if (!went_well(walk, error))
        return false;
    return !walk->forget || call_went_well(walk, logging_memory_calls.RegDeleteValueW(key, name),
                                           "RegDeleteValueW", provider, name);
}

/* Whether all went well. What is deleted is no longer at its index, but the next one is. */
static bool walk_values(struct walk *walk, HKEY key, const wchar_t *provider)
{
    bool all_well = true;
    for (DWORD turn = 0, index = 0; turn < DIAGNOSTICS_VALUES_MAX; turn++) {
        wchar_t name[DIAGNOSTIC_NAME_MAX], data[RAISED_TEXT_MAX];
        DWORD count = DIAGNOSTIC_NAME_MAX, type = REG_NONE, size = sizeof data;
        struct raised_level remembered = {0};
        LSTATUS error = logging_memory_calls.RegEnumValueW(key, index, name, &count, NULL, &type,
                                                           (BYTE *)data, &size);
        if (error == ERROR_NO_MORE_ITEMS)
            break;
        if (error == ERROR_SUCCESS)
            remembered = decode(memory_key_text(type, data, size));
        else if (error != ERROR_MORE_DATA) /* over-long: none of ours */
            return call_went_well(walk, error, "RegEnumValueW", provider, NULL);
        bool well =
            remembered.state == RAISED_NEVER || walk_value(walk, key, provider, name, &remembered);
        all_well = all_well && well;
        if (remembered.state == RAISED_NEVER || !well || !walk->forget)
            index++;
    }
    return all_well;
}

/* Whether the provider's key is gone now. */
static bool walk_provider(struct walk *walk, HKEY logging, const wchar_t *provider)
{
    const REGSAM rights = KEY_QUERY_VALUE | (walk->forget ? KEY_SET_VALUE : 0);
    HKEY key;
    LSTATUS error = logging_memory_calls.RegOpenKeyExW(logging, provider, 0, rights, &key);
    if (error != ERROR_SUCCESS) {
        call_went_well(walk, error, "RegOpenKeyExW", provider, NULL);
        return false;
    }
    bool all_well = walk_values(walk, key, provider);
    logging_memory_calls.RegCloseKey(key);
    return walk->forget && all_well &&
           call_went_well(walk, logging_memory_calls.RegDeleteKeyW(logging, provider),
                          "RegDeleteKeyW", provider, NULL);
}

DWORD logging_memory_walk(bool forget, logging_memory_visit *visit, void *context,
                          struct logging_failure *failure)
{
    struct walk walk = {.forget = forget, .visit = visit, .context = context, .failure = failure};
    HKEY logging;
    LSTATUS error = open_logging(KEY_ENUMERATE_SUB_KEYS, &logging);
    if (error != ERROR_SUCCESS) {
        call_went_well(&walk, error, "RegOpenKeyExW", NULL, NULL);
        return walk.error;
    }
    for (DWORD turn = 0, index = 0; turn < LOGGING_PROVIDERS_MAX; turn++) {
        wchar_t provider[DIAGNOSTICS_PROVIDER_MAX];
        DWORD count = DIAGNOSTICS_PROVIDER_MAX;
        error = logging_memory_calls.RegEnumKeyExW(logging, index, provider, &count, NULL, NULL,
                                                   NULL, NULL);
        if (error == ERROR_NO_MORE_ITEMS)
            break;
        if (error != ERROR_SUCCESS) {
            call_went_well(&walk, error, "RegEnumKeyExW", NULL, NULL);
            break;
        }
        if (!walk_provider(&walk, logging, provider))
            index++;
    }
    logging_memory_calls.RegCloseKey(logging);
    return walk.error;
}

/* ---- LeftAlone ------------------------------------------------------------------------------- */

DWORD logging_memory_is_left_alone(bool *left_alone, struct logging_failure *failure)
{
    HKEY key;
    LSTATUS error = open_logging(KEY_QUERY_VALUE, &key);
    if (error != ERROR_SUCCESS && !registry_gone(error))
        return fail(failure, error, "RegOpenKeyExW", NULL, NULL);
    if (error == ERROR_SUCCESS) {
        error =
            logging_memory_calls.RegQueryValueExW(key, LOGGING_LEFT_ALONE, NULL, NULL, NULL, NULL);
        logging_memory_calls.RegCloseKey(key);
    }
    if (error != ERROR_SUCCESS && !registry_gone(error))
        return fail(failure, error, "RegQueryValueExW", NULL, LOGGING_LEFT_ALONE);
    *left_alone = error == ERROR_SUCCESS;
    return ERROR_SUCCESS;
}

DWORD logging_memory_leave_alone(struct logging_failure *failure)
{
    const DWORD yes = 1;
    return write_value(NULL, LOGGING_LEFT_ALONE, REG_DWORD, &yes, sizeof yes, failure);
}

DWORD logging_memory_stop_leaving_alone(struct logging_failure *failure)
{
    const char *call;
    DWORD error = memory_key_forget(LOGGING_NAME, LOGGING_LEFT_ALONE, &call);
    return error == ERROR_SUCCESS ? ERROR_SUCCESS
                                  : fail(failure, (LSTATUS)error, call, NULL, LOGGING_LEFT_ALONE);
}
