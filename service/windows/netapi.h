/* netapi.h: the functions of netapi32.dll that RelayLock uses, loaded from the system directory
 * when the first is called.
 *
 * netapi32 is not among Windows' known DLLs (Knowledge Base 164501): as an import it, and what it
 * imports, would be looked for beside the exe first, before any code of ours runs, and whoever may
 * write there would run code as the service (learn.microsoft.com
 * dynamic-link-library-search-order).
 *
 * Arguments and results are those of the function of that name; where netapi32 cannot be loaded,
 * the result is the error of that (system_library.h), and nothing else is done. The two of a role
 * are DsRoleGetPrimaryDomainInformation and DsRoleFreeMemory.
 */
#ifndef RELAYLOCK_WINDOWS_NETAPI_H
#define RELAYLOCK_WINDOWS_NETAPI_H

#include <windows.h>
#include <lm.h>
#include <dsgetdc.h>
#include <dsrole.h>

DWORD WINAPI netapi_get_dc_name(LPCWSTR computer, LPCWSTR domain, GUID *domain_id, LPCWSTR site,
                                ULONG flags, PDOMAIN_CONTROLLER_INFOW *found);
DWORD WINAPI netapi_get_role(LPCWSTR server, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL level, PBYTE *buffer);
void WINAPI netapi_free_role(PVOID buffer);
NET_API_STATUS WINAPI netapi_get_join_information(LPCWSTR server, LPWSTR *name,
                                                  PNETSETUP_JOIN_STATUS status);
NET_API_STATUS WINAPI netapi_user_get_info(LPCWSTR server, LPCWSTR user, DWORD level,
                                           LPBYTE *buffer);
NET_API_STATUS WINAPI netapi_user_set_info(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE buffer,
                                           LPDWORD wrong_parameter);
NET_API_STATUS WINAPI netapi_user_modals_get(LPCWSTR server, DWORD level, LPBYTE *buffer);
NET_API_STATUS WINAPI netapi_local_group_get_members(LPCWSTR server, LPCWSTR group, DWORD level,
                                                     LPBYTE *buffer, DWORD most, LPDWORD read,
                                                     LPDWORD total, PDWORD_PTR resume);
NET_API_STATUS WINAPI netapi_group_get_users(LPCWSTR server, LPCWSTR group, DWORD level,
                                             LPBYTE *buffer, DWORD most, LPDWORD read,
                                             LPDWORD total, PDWORD_PTR resume);
NET_API_STATUS WINAPI netapi_buffer_free(LPVOID buffer);

#endif
