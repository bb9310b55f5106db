/* installation.c: see installation.h. */
#include "installation.h"
#include "installation_parts.h"
#include "messages.h" /* made from messages.mc */
#include "parameters.h"
#include "setting_value.h"
#include "state_directory.h"
#include <stdlib.h>
#include <wchar.h>

struct installation_calls installation_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .CreateServiceW = CreateServiceW,
    .QueryServiceConfigW = QueryServiceConfigW,
    .QueryServiceConfig2W = QueryServiceConfig2W,
    .QueryServiceObjectSecurity = QueryServiceObjectSecurity,
    .ChangeServiceConfigW = ChangeServiceConfigW,
    .ChangeServiceConfig2W = ChangeServiceConfig2W,
    .SetServiceObjectSecurity = SetServiceObjectSecurity,
    .QueryServiceStatus = QueryServiceStatus,
    .ControlService = ControlService,
    .DeleteService = DeleteService,
    .CloseServiceHandle = CloseServiceHandle,
    .RegCreateKeyExW = RegCreateKeyExW,
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegSetValueExW = RegSetValueExW,
    .RegDeleteValueW = RegDeleteValueW,
    .RegEnumKeyExW = RegEnumKeyExW,
    .RegDeleteKeyW = RegDeleteKeyW,
    .RegCloseKey = RegCloseKey,
    .GetTickCount = GetTickCount,
    .Sleep = Sleep,
};

enum { PATH_MAX_UNITS = 1024 };

/* An installation under way, and how to put back what it has done so far. */
struct installation {
    const wchar_t *exe_path;
    const struct installation_setting *wanted;
    size_t wanted_count;
    struct installation_failure *failure;

    struct settings settings; /* those in the registry, with the wanted ones */
    struct setting_value value;
    struct installation_service service;
    struct installation_changes changes;
    wchar_t directory[STATE_DIRECTORY_MAX];
    bool directory_made;
};

/* ---- settings ------------------------------------------------------------------------------- */

/* All of them, before anything is changed. */
static DWORD check_settings(struct installation *installation)
{
    size_t problems;
    if (installation->wanted_count == 0)
        return ERROR_SUCCESS;
    DWORD error = parameters_read(&installation->settings, NULL, &problems, NULL, NULL);
    if (error)
        return installation_fail(installation->failure, "reading the settings", PARAMETERS_KEY,
                                 error);
    for (size_t i = 0; i < installation->wanted_count; i++) {
        const struct installation_setting *wanted = &installation->wanted[i];
        size_t index = setting_find(text_trim(text_of(wanted->name)));
        if (index == SIZE_MAX)
            return installation_refuse(installation->failure, wanted, NULL);
        if (!settings_set(&installation->settings, index, text_of(wanted->value)))
            return installation_refuse(installation->failure, wanted, setting_table[index].allowed);
    }
    return ERROR_SUCCESS;
}

static DWORD write_setting(struct installation *installation, HKEY key, size_t index)
{
    wchar_t name[64] = L"";
    for (size_t i = 0; setting_table[index].name[i] && i < ARRAYSIZE(name) - 1; i++)
        name[i] = (unsigned char)setting_table[index].name[i];
    setting_value_make(&installation->settings, index, &installation->value);
    return installation_set_value(&installation->changes, key, PARAMETERS_KEY, name,
                                  installation->value.type, installation->value.data.bytes,
                                  installation->value.size, installation->failure);
}

static DWORD put_parameters(struct installation *installation)
{
    HKEY key;
    DWORD error =
        installation_make_key(&installation->changes, PARAMETERS_KEY, &key, installation->failure);
    if (error)
        return error;
    for (size_t i = 0; i < installation->wanted_count && !error; i++)
        error = write_setting(installation, key,
                              setting_find(text_trim(text_of(installation->wanted[i].name))));
    installation_calls.RegCloseKey(key);
    return error;
}

/* ---- the event source and the folder -------------------------------------------------------- */

/* Where Event Viewer finds the words for our ids. */
static DWORD put_source(struct installation *installation)
{
    const DWORD categories = CATEGORY_QUEUE;
    const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
    const wchar_t *exe_path = installation->exe_path;
    const size_t path_size = (wcslen(exe_path) + 1) * sizeof *exe_path;
    const struct {
        const wchar_t *name;
        DWORD type;
        const void *data;
        size_t size;
    } values[] = {{L"EventMessageFile", REG_EXPAND_SZ, exe_path, path_size},
                  {L"CategoryMessageFile", REG_EXPAND_SZ, exe_path, path_size},
                  {L"CategoryCount", REG_DWORD, &categories, sizeof categories},
                  {L"TypesSupported", REG_DWORD, &types, sizeof types}};
    HKEY key;
    DWORD error = installation_make_key(&installation->changes, INSTALLATION_SOURCE_KEY, &key,
                                        installation->failure);
    if (error)
        return error;
    for (size_t i = 0; i < ARRAYSIZE(values) && !error; i++)
        error = installation_set_value(&installation->changes, key, INSTALLATION_SOURCE_KEY,
                                       values[i].name, values[i].type, values[i].data,
                                       values[i].size, installation->failure);
    installation_calls.RegCloseKey(key);
    return error;
}

/* The folder of the journal, as the service will want it. */
static DWORD put_directory(struct installation *installation)
{
    wchar_t *directory = installation->directory;
    const char *call;
    DWORD error = state_directory_find(directory, &call);
    if (error)
        return installation_fail(installation->failure, call, L"the folder of the journal", error);
    error = state_directory_check_folder(directory, &call);
    installation->directory_made = error == ERROR_PATH_NOT_FOUND;
    if (installation->directory_made)
        error = state_directory_create(directory, &call);
    if (!error)
        error = state_directory_check(directory, &call);
    if (error)
        return installation_fail(installation->failure, call, directory, error);
    return ERROR_SUCCESS;
}

/* ---- install -------------------------------------------------------------------------------- */

static DWORD put_all(struct installation *installation, const wchar_t *command)
{
    DWORD error = installation_put_service(command, &installation->service, installation->failure);
    if (!error)
        error = put_source(installation);
    if (!error)
        error = put_parameters(installation);
    if (!error)
        error = put_directory(installation);
    if (!error) {
        installation_keep_changes(&installation->changes);
        installation_keep_service(&installation->service);
        return ERROR_SUCCESS;
    }
    const char *ignored;
    if (installation->directory_made)
        state_directory_remove(installation->directory, &ignored);
    installation_undo_changes(&installation->changes);
    installation_undo_service(&installation->service);
    return error;
}

DWORD installation_install(const wchar_t *exe_path, const struct installation_setting *settings,
                           size_t count, struct installation_failure *failure)
{
    wchar_t command[PATH_MAX_UNITS];
    size_t length = wcslen(exe_path);

    if (length == 0 || length + 3 > PATH_MAX_UNITS || wcschr(exe_path, L'"'))
        return installation_fail(failure, "installation_install", exe_path, ERROR_BAD_PATHNAME);
    struct installation *installation = calloc(1, sizeof *installation);
    if (!installation)
        return installation_fail(failure, "malloc", INSTALLATION_SERVICE, ERROR_NOT_ENOUGH_MEMORY);
    installation->exe_path = exe_path;
    installation->wanted = settings;
    installation->wanted_count = count;
    installation->failure = failure;
    command[0] = L'"'; /* a path with spaces, unquoted, would start what is at its first part */
    wmemcpy(command + 1, exe_path, length);
    wmemcpy(command + 1 + length, L"\"", 2);
    DWORD error = check_settings(installation);
    if (!error)
        error = put_all(installation, command);
    free(installation);
    return error;
}
