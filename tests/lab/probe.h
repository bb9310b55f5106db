/* probe.h: what the files of the lab's own test share.
 *
 * The probe uses calls that every Windows has and checks that they do what their documentation
 * says; nothing in it knows of the lab but the tool it sets faults with.
 */
#ifndef RELAYLOCK_LAB_PROBE_H
#define RELAYLOCK_LAB_PROBE_H

#include <windows.h>
#include <stdbool.h>

void probe_check(bool good, const char *what);

/* As probe_check for a call's error; the error found is printed when it is another one. */
void probe_error(DWORD found, DWORD expected, const char *what);

/* ERROR_SUCCESS for a call that succeeded, else its last error. */
DWORD probe_last(BOOL done);

/* Runs the lab's tool, or this program in another process, with these arguments; its exit code. */
DWORD probe_lab(const wchar_t *arguments);
DWORD probe_self(const wchar_t *arguments);
HANDLE probe_start(const wchar_t *arguments); /* its process, running */

/* Reports count events of a source; strings client, method and account. */
bool probe_report(const wchar_t *source, DWORD event, unsigned count);

/* An event that a probe of its own process sets once it has subscribed. */
#define PROBE_READY L"relaylock-probe-ready"

void probe_log(void);
void probe_modern(void);
void probe_state(void);   /* how full a log is */
void probe_service(void); /* the log while its service stops and starts */
void probe_own_log(void); /* a log that the registry names */
void probe_users(void);

#endif
