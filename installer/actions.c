#include "actions.h"

#include <stdio.h>
#include <stdlib.h>
#include "plan.h"
#include "restart.h"
#include "snapshot.h"
#include "../service/app/uninstallation.h"
#include "../service/windows/installation_parts.h"
#include "../service/windows/service_change.h"
#include "../service/windows/service_view.h"
#include "../service/windows/smtp_service.h"
#include "../service/windows/state_directory.h"

enum {
    TEXT_MAX = INSTALLATION_TEXT_MAX + 128,
    PROGRAM_FILES = 0x26 /* CSIDL_PROGRAM_FILES of shlobj.h: those of our own bitness */
};

static const wchar_t restart_action[] = L"RelayLockRestart", install_action[] = L"RelayLockInstall",
                     take_back_action[] = L"RelayLockTakeBack", start_action[] = L"RelayLockStart";
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

static UINT leave_settings(MSIHANDLE session, const struct plan *plan)
{
    wchar_t *note = plan_note(plan);
    UINT error = leave(session, install_action, note);
    free(note);
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

/* What can be seen of the service: whether it is there, and whether it runs. */
struct sight {
    bool there, runs;
};

static DWORD look(struct sight *sight, struct installation_failure *failure)
{
    struct service_view view;
    const char *call;
    DWORD error = service_view_look(INSTALLATION_SERVICE, 0, &view, &call);
    if (error && error != ERROR_SERVICE_DOES_NOT_EXIST)
        return installation_fail(failure, call, INSTALLATION_SERVICE, error);
    *sight = (struct sight){.there = !error, .runs = !error && view.state != SERVICE_STOPPED};
    return ERROR_SUCCESS;
}

static UINT leave_all(MSIHANDLE session, const struct plan *plan)
{
    struct installation_failure failure;
    struct sight sight;
    DWORD unseen = look(&sight, &failure);
    if (unseen)
        return fail(session, L"What is installed cannot be seen", &failure, unseen);
    UINT error = leave(session, restart_action, sight.runs ? yes : no);
    if (!error)
        error = leave_settings(session, plan);
    if (!error)
        error = leave_snapshot(session, plan, sight.runs);
    return error;
}

UINT __stdcall RelayLockPlan(MSIHANDLE session)
{
    struct plan plan;
    UINT error = plan_make(session, &plan);
    if (error)
        return error;
    error = leave_all(session, &plan);
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

/* As the note says; where there is none, as the action that stopped it has left it. */
static bool is_to_start(MSIHANDLE session)
{
    wchar_t *note = read_note(session);
    bool told = note && *note ? wcscmp(note, yes) == 0 : restart_is_wanted();
    free(note);
    return told;
}

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
    DWORD error = is_to_start(session) ? start_service(&failure) : ERROR_SUCCESS;
    if (error)
        log_failure(session, L"The service is not started again", &failure, error);
    restart_forget();
    return ERROR_SUCCESS;
}

UINT __stdcall RelayLockStop(MSIHANDLE session)
{
    struct installation_failure failure;
    struct sight sight;
    restart_forget(); /* of an installer that was ended */
    DWORD error = look(&sight, &failure);
    if (!error && sight.runs)
        error = restart_want(&failure);
    if (!error)
        error = installation_stop_service(&failure);
    if (error == ERROR_TIMEOUT)
        return session_fail(session, L"The service RelayLock does not stop. It may be restarting "
                                     L"SMTP, which takes some minutes at most: try again then.");
    return error ? fail(session, L"The service cannot be stopped", &failure, error) : ERROR_SUCCESS;
}

UINT __stdcall RelayLockStart(MSIHANDLE session)
{
    struct installation_failure failure;
    DWORD error = is_to_start(session) ? start_service(&failure) : ERROR_SUCCESS;
    if (error)
        return fail(session, L"The service does not start", &failure, error);
    restart_forget();
    return ERROR_SUCCESS;
}

/* ---- install -------------------------------------------------------------------------------- */

UINT __stdcall RelayLockTakeBack(MSIHANDLE session)
{
    struct installation_failure failure;
    wchar_t *note = read_note(session);
    if (!note)
        return ERROR_SUCCESS;
    DWORD error = installation_stop_service(&failure); /* the file that it runs is put back next */
    if (error)
        log_failure(session, L"The service is not stopped", &failure, error);
    error = snapshot_restore(note, &failure);
    if (error)
        log_failure(session, L"The installation is not wholly taken back", &failure, error);
    free(note);
    return ERROR_SUCCESS;
}

/* Where the package puts the program: that cannot be chosen, so nobody needs to say it. */
static DWORD install(const struct installation_setting *settings, size_t count,
                     struct installation_failure *failure)
{
    static const wchar_t name[] = L"\\RelayLock\\relaylock.exe";
    wchar_t path[MAX_PATH + ARRAYSIZE(name)];
    const char *call;
    DWORD error = state_directory_known_folder(PROGRAM_FILES, path, &call);
    if (error)
        return installation_fail(failure, call, L"Program Files", error);
    wmemcpy(path + wcslen(path), name, ARRAYSIZE(name));
    return installation_install(path, settings, count, failure);
}

UINT __stdcall RelayLockInstall(MSIHANDLE session)
{
    struct installation_setting settings[PLAN_SETTINGS];
    struct installation_failure failure;
    wchar_t *note = read_note(session);
    if (!note)
        return ERROR_INSTALL_FAILURE;
    size_t count = plan_read_note(note, settings);
    DWORD error = install(settings, count, &failure);
    UINT result =
        error ? fail(session, L"The service is not installed", &failure, error) : ERROR_SUCCESS;
    free(note);
    return result;
}

UINT __stdcall RelayLockRepair(MSIHANDLE session)
{
    struct installation_failure failure;
    struct sight sight;
    DWORD error = look(&sight, &failure);
    if (!error)
        error = install(NULL, 0, &failure);
    if (!error && !sight.there) /* a service that is new is started */
        error = restart_want(&failure);
    return error ? fail(session, L"The service is not repaired", &failure, error) : ERROR_SUCCESS;
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
    restart_forget();
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
