/* process_hardening.h: the process gives up what it never needs, so that who gets a foothold in it
 * has little use of it.
 *
 * Nothing here can fail for the caller: what this Windows does not have, or refuses, is left out.
 * All is looked up at run time (system_library.h), as Server 2003 has next to none of it.
 *
 * What is set is compatible with all that is loaded: wevtapi, netapi32, wldap32 and what these call
 * to reach a domain controller (RPC, Winsock, the SSPI packages) are DLLs of Windows that lie in
 * the system directory and make no code at run time. Not set is the signature policy, which would
 * refuse the security packages of others, the one on win32k, which shell32 needs, and the one on
 * redirection trust: nothing says that a junction by which an administrator moved ProgramData or a
 * queue counts as his when Windows did not yet note who made it. Sources:
 * learn.microsoft.com nf-processthreadsapi-setprocessmitigationpolicy and the structures it names,
 * nf-libloaderapi-setdefaultdlldirectories, nf-winbase-setdlldirectoryw,
 * nf-winbase-setsearchpathmode, nf-heapapi-heapsetinformation,
 * nf-securitybaseapi-adjusttokenprivileges.
 */
#ifndef RELAYLOCK_WINDOWS_PROCESS_HARDENING_H
#define RELAYLOCK_WINDOWS_PROCESS_HARDENING_H

#include <windows.h>

/* The OS calls; tests put others here. Null: this Windows does not have it. */
struct process_hardening_calls {
    BOOL(WINAPI *SetDllDirectoryW)(LPCWSTR);
    BOOL(WINAPI *SetDefaultDllDirectories)(DWORD);
    BOOL(WINAPI *SetSearchPathMode)(DWORD);
    BOOL(WINAPI *HeapSetInformation)(HANDLE, HEAP_INFORMATION_CLASS, PVOID, SIZE_T);
    BOOL(WINAPI *SetProcessMitigationPolicy)(DWORD policy, PVOID, SIZE_T);
    BOOL(WINAPI *OpenProcessToken)(HANDLE, DWORD, PHANDLE);
    BOOL(WINAPI *GetTokenInformation)(HANDLE, TOKEN_INFORMATION_CLASS, LPVOID, DWORD, PDWORD);
    BOOL(WINAPI *LookupPrivilegeValueW)(LPCWSTR, LPCWSTR, PLUID);
    BOOL(WINAPI *AdjustTokenPrivileges)
    (HANDLE, BOOL, PTOKEN_PRIVILEGES, DWORD, PTOKEN_PRIVILEGES, PDWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
};
extern struct process_hardening_calls process_hardening_calls;

/* Puts into the table what this Windows has beyond Server 2003. */
void process_hardening_load(void);

/* For every verb and the service, as the first thing: DLLs come from the system directory alone,
 * whoever loads them; a damaged heap ends the process; no code is made at run time, no process
 * started, no DLL taken from the network or from a file of low integrity, none put in by an
 * extension point; a handle that is not one ends the process. */
void process_hardening_apply(void);

/* For the service: of its privileges all but SeChangeNotifyPrivilege are removed, for good. Since
 * Windows Vista the service has no other from its start (installation_service.c). */
void process_hardening_drop_privileges(void);

#endif
