#include "actions.h"

#include <stdio.h>
#include <stdlib.h>
#include "plan.h"
#include "snapshot.h"
#include "../service/app/uninstallation.h"
#include "../service/windows/installation_parts.h"
#include "../service/windows/own_service.h"
#include "../service/windows/service_change.h"
#include "../service/windows/smtp_service.h"
#include "../service/windows/write_right.h"

enum { TEXT_MAX = INSTALLATION_TEXT_MAX + 128 };

static const wchar_t restart_action[] = L"RelayLockRestart", install_action[] = L"RelayLockInstall",
                     take_back_action[] = L"RelayLockTakeBack", start_action[] = L"RelayLockStart",
                     uninstall_action[] = L"RelayLockUninstall",
                     uninstall_now_action[] = L"RelayLockUninstallNow";
static const wchar_t yes[] = L"1", no[] = L"0";

/* ---- what went wrong ------------------------------------------------------------------------ */

static void describe(const wchar_t *what, const struct installation_failure *failure, DWORD error,
                     wchar_t text[TEXT_MAX])
{
    char16_t sentence[INSTALLATION_TEXT_MAX];
    installation_describe(failure, error, sentence);
    swprintf(text, TEXT_MAX, L"%ls: %ls.", what, sentence);
}

static UINT fail(MSIHANDLE session, const wchar_t *what, const struct installation_failure *failure,
                 DWORD error)
{
    wchar_t text[TEXT_MAX];
    describe(what, failure, error, text);
    return session_fail(session, text);
}

static void log_failure(MSIHANDLE session, const wchar_t *what,
                        const struct installation_failure *failure, DWORD error)
{
    wchar_t text[TEXT_MAX];
    describe(what, failure, error, text);
    session_log(session, text);
}

static UINT fail_call(MSIHANDLE session, const wchar_t *call, UINT error)
{
    wchar_t text[TEXT_MAX];
    swprintf(text, TEXT_MAX, L"%ls failed with error %u.", call, error);
    return session_fail(session, text);
}

/* ---- before anything is changed ------------------------------------------------------------- */

/* Leaves a note, which is null when there was no memory for it. */
static UINT leave(MSIHANDLE session, const wchar_t *action, const wchar_t *note)
{
    UINT error = note ? session_note(session, action, note) : ERROR_NOT_ENOUGH_MEMORY;
    return error ? fail_call(session, L"MsiSetProperty", error) : ERROR_SUCCESS;
}

static UINT leave_program(MSIHANDLE session, const struct plan *plan)
{
    static const wchar_t name[] = L"relaylock.exe";
    UINT error;
    wchar_t *path = NULL, *note = NULL;
    wchar_t *folder = session_property(session, L"ProgramFolder", &error); /* ends in a backslash */
    if (!folder)
        return fail_call(session, L"MsiGetProperty", error);
    const size_t room = wcslen(folder) + ARRAYSIZE(name);
    path = calloc(room, sizeof *path);
    if (path) {
        size_t used = text_copy(path, room, text_of(folder));
        text_copy(path + used, room - used, text_of(name));
        note = plan_note(plan, path);
    }
    error = leave(session, install_action, note);
    free(note);
    free(path);
    free(folder);
    return error;
}

static UINT leave_snapshot(MSIHANDLE session, const struct plan *plan, bool runs)
{
    struct installation_failure failure;
    DWORD error;
    wchar_t *note = snapshot_take(&error, &failure);
    if (!note)
        return fail(session, L"What is installed cannot be seen", &failure, error);
    bool start = plan->start == PLAN_START_YES ||
                 (plan->start == PLAN_START_AS_BEFORE && (runs || !snapshot_has_service(note)));
    error = leave(session, take_back_action, note);
    if (!error)
        error = leave(session, start_action, start ? yes : no);
    free(note);
    return error;
}

static UINT leave_all(MSIHANDLE session, const struct plan *plan, bool removes)
{
    const bool runs = own_service_is_running();
    const wchar_t *keep = plan->keep_state ? yes : no;
    UINT error = leave(session, restart_action, runs ? yes : no);
    if (!error)
        error = leave(session, uninstall_action, keep);
    if (!error)
        error = leave(session, uninstall_now_action, keep);
    if (!error && !removes)
        error = leave_program(session, plan);
    if (!error && !removes)
        error = leave_snapshot(session, plan, runs);
    return error;
}

/* Whether a property is set. */
static UINT is_set(MSIHANDLE session, const wchar_t *property, bool *set)
{
    UINT error;
    wchar_t *value = session_property(session, property, &error);
    if (!value)
        return fail_call(session, L"MsiGetProperty", error);
    *set = *value != L'\0';
    free(value);
    return ERROR_SUCCESS;
}

/* Anybody may have a package repaired that is installed, and hand properties on to where that is
 * done with the rights of the system, since ours are in SecureCustomProperties ("Restricted Public
 * Properties", learn.microsoft.com). */
static UINT check_caller(MSIHANDLE session, const struct plan *plan)
{
    const char *call;
    bool installed, administrator = false;
    if (plan->setting_count == 0 && plan->start == PLAN_START_AS_BEFORE)
        return ERROR_SUCCESS;
    UINT error = is_set(session, L"Installed", &installed);
    if (error || !installed)
        return error;
    DWORD unknown = write_right_is_administrator(&administrator, &call);
    if (unknown)
        return fail_call(session, L"CheckTokenMembership", unknown);
    return administrator
               ? ERROR_SUCCESS
               : session_fail(session, L"Only an administrator changes what is installed: type it "
                                       L"in an administrator's command prompt. Nothing was "
                                       L"changed.");
}

UINT __stdcall RelayLockPlan(MSIHANDLE session)
{
    struct plan plan;
    bool removes;
    UINT error = is_set(session, L"REMOVE", &removes);
    if (!error)
        error = plan_make(session, &plan);
    if (error)
        return error;
    if (!removes)
        error = check_caller(session, &plan);
    if (!error)
        error = leave_all(session, &plan, removes);
    plan_free(&plan);
    return error;
}

/* ---- notes ---------------------------------------------------------------------------------- */

/* The note that this action was left; the caller frees it. Null: there is none, and the
 * administrator was told. */
static wchar_t *read_note(MSIHANDLE session)
{
    UINT error;
    wchar_t *note = session_property(session, L"CustomActionData", &error);
    if (!note)
        fail_call(session, L"MsiGetProperty", error);
    return note;
}

/* Whether the note says yes. */
static bool is_told(MSIHANDLE session)
{
    wchar_t *note = read_note(session);
    bool told = note && wcscmp(note, yes) == 0;
    free(note);
    return told;
}

/* ---- the service's running ------------------------------------------------------------------ */

static DWORD start_service(struct installation_failure *failure)
{
    const struct smtp_service_calls *calls = &smtp_service_calls; /* service_change's, too */
    const wchar_t *name = INSTALLATION_SERVICE;
    struct service_change change = {.abandon = NULL};
    const char *call;
    DWORD error = ERROR_SUCCESS;

    SC_HANDLE manager = calls->OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return installation_fail(failure, "OpenSCManager", name, GetLastError());
    SC_HANDLE service = calls->OpenServiceW(manager, name, SERVICE_START | SERVICE_QUERY_STATUS);
    if (!service) {
        error = installation_fail(failure, "OpenService", name, GetLastError());
    } else {
        error = service_change_start(&change, service, &call);
        if (error)
            installation_fail(failure, call, name, error);
        calls->CloseServiceHandle(service);
    }
    calls->CloseServiceHandle(manager);
    return error;
}

UINT __stdcall RelayLockRestart(MSIHANDLE session)
{
    struct installation_failure failure;
    DWORD error = is_told(session) ? start_service(&failure) : ERROR_SUCCESS;
    if (error)
        log_failure(session, L"The service is not started again", &failure, error);
    return ERROR_SUCCESS;
}

UINT __stdcall RelayLockStop(MSIHANDLE session)
{
    struct installation_failure failure;
    DWORD error = installation_stop_service(&failure);
    if (error == ERROR_TIMEOUT)
        return session_fail(session, L"The service RelayLock does not stop. It may be restarting "
                                     L"SMTP, which takes some minutes at most: try again then.");
    return error ? fail(session, L"The service cannot be stopped", &failure, error) : ERROR_SUCCESS;
}

UINT __stdcall RelayLockStart(MSIHANDLE session)
{
    struct installation_failure failure;
    DWORD error = is_told(session) ? start_service(&failure) : ERROR_SUCCESS;
    return error ? fail(session, L"The service does not start", &failure, error) : ERROR_SUCCESS;
}

/* ---- install -------------------------------------------------------------------------------- */

UINT __stdcall RelayLockTakeBack(MSIHANDLE session)
{
    struct installation_failure failure;
    wchar_t *note = read_note(session);
    if (!note)
        return ERROR_SUCCESS;
    DWORD error = snapshot_restore(note, &failure);
    if (error)
        log_failure(session, L"The installation is not wholly taken back", &failure, error);
    free(note);
    return ERROR_SUCCESS;
}

UINT __stdcall RelayLockInstall(MSIHANDLE session)
{
    struct installation_setting settings[PLAN_SETTINGS];
    struct installation_failure failure;
    size_t count;
    wchar_t *note = read_note(session);
    if (!note)
        return ERROR_INSTALL_FAILURE;
    const wchar_t *exe_path = plan_read_note(note, settings, &count);
    DWORD error = installation_install(exe_path, settings, count, &failure);
    UINT result =
        error ? fail(session, L"The service is not installed", &failure, error) : ERROR_SUCCESS;
    free(note);
    return result;
}

/* ---- uninstall ------------------------------------------------------------------------------ */

static void log_locked(void *context, const char16_t *account)
{
    const MSIHANDLE *session = context;
    wchar_t text[TEXT_MAX];
    swprintf(text, TEXT_MAX, L"Stays locked: %ls", account);
    session_log(*session, text);
}

UINT __stdcall RelayLockUninstall(MSIHANDLE session)
{
    struct uninstallation uninstallation = {.stays_locked = log_locked, .context = &session};
    struct installation_failure failure;
    uninstallation.keep_state = is_told(session);
    DWORD error = uninstallation_run(&uninstallation, &failure);
    if (error)
        fail(session, L"RelayLock is not wholly removed", &failure, error);
    if (uninstallation.kept && uninstallation.directory[0]) {
        wchar_t text[TEXT_MAX];
        swprintf(text, TEXT_MAX, L"Kept: %ls", uninstallation.directory);
        session_log(session, text);
    }
    return ERROR_SUCCESS;
}
