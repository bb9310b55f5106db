/* acceptance_services.h: services through the SCM, and the two stand-ins.
 *
 * The stand-in for SMTPSVC and a service that depends on it; they are told what to do through their
 * Parameters (stand_in.h). Functions that return a DWORD return ERROR_SUCCESS or the error of the
 * call that failed; those named expect_ end the check instead.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_SERVICES_H
#define RELAYLOCK_LAB_ACCEPTANCE_SERVICES_H

#include <windows.h>
#include <stdbool.h>
#include "stand_in.h"

#define SERVICE_SMTP      L"RelayLockTestSmtp"
#define SERVICE_DEPENDENT L"RelayLockTestDependent"
#define SERVICES_KEY      L"SYSTEM\\CurrentControlSet\\Services\\"

enum { SERVICE_NONE = 0 /* the state of a service that is not there */ };

/* Beside the state: what kept it from being read, in *error unless that is null. */
DWORD service_state(const wchar_t *name, DWORD *error);
DWORD service_status(const wchar_t *name, SERVICE_STATUS_PROCESS *status);
bool service_wait(const wchar_t *name, DWORD state, DWORD ms);

DWORD service_start(const wchar_t *name);
DWORD service_control(const wchar_t *name, DWORD code, SERVICE_STATUS *status);
/* Opens its process, for the caller to close. ERROR_SERVICE_NOT_ACTIVE: it has none. */
DWORD service_process(const wchar_t *name, DWORD access, HANDLE *process);
/* Ends its process. Has it none: fine. */
DWORD service_kill(const wchar_t *name);
/* Asks to stop and waits; a process that has not stopped after ms is ended. Stopped already, or no
 * such service: fine. */
DWORD service_put_down(const wchar_t *name, DWORD ms);
/* Puts it down and deletes it. Gone already: fine. */
DWORD service_remove(const wchar_t *name, DWORD ms);

void service_expect(const wchar_t *name, DWORD state, DWORD ms);
const wchar_t *service_state_word(DWORD state);

/* Registers both stand-ins; they run stand_in.exe beside this program. */
DWORD stand_ins_install(void);
/* Well-behaved, both running, nothing in the history. */
DWORD stand_ins_make_ready(void);
DWORD stand_ins_remove(void);
/* Takes back what they were told, so that a hanging one lets go. */
void stand_ins_release(void);

/* Tells a stand-in (STAND_IN_... value names); ends the check on failure. */
void stand_in_tell(const wchar_t *service, const wchar_t *value, DWORD number);

struct stand_in_history {
    struct stand_in_record records[STAND_IN_HISTORY_MAX];
    size_t count;
};
void stand_in_history(const wchar_t *service, struct stand_in_history *history);
/* How often a step was taken. */
size_t stand_in_steps(const wchar_t *service, enum stand_in_step step);
/* When it was taken last; 0 if never. 100 ns since 1601. */
uint64_t stand_in_last(const wchar_t *service, enum stand_in_step step);

#endif
