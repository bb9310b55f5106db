/* protection.h: who may change a file or folder: its owner, and whom its DACL lets.
 *
 * Three are trusted: SYSTEM, the alias Administrators, and the account this process runs as. An
 * owner counts as one who may change, since he may always change the DACL. Who owns what an
 * administrator's process makes depends on the system (Administrators on servers, the user himself
 * elsewhere, "System objects: Default owner"); so what RelayLock makes is given to Administrators
 * outright, whoever of them ran it, and the service believes it whatever account it runs as. A
 * process that may not do so, since it is no administrator's, cannot make the folder; in one that
 * it was given rights to it owns the files that it makes.
 *
 * Inherited entries count as all others do. Of entries that only new files inherit, CREATOR OWNER's
 * are fine: whoever may make files is trusted. A file system without security shows everybody as
 * the owner and is refused. Sources: learn.microsoft.com "Owner of a New Object",
 * nf-aclapi-getsecurityinfo, "File Security and Access Rights", MS-DTYP 2.4.4.
 */
#ifndef RELAYLOCK_WINDOWS_PROTECTION_H
#define RELAYLOCK_WINDOWS_PROTECTION_H

#include <windows.h>
#include <accctrl.h>
#include <stdint.h>
#include "../core/sid.h"

/* The OS calls; tests put others here. */
struct protection_calls {
    DWORD(WINAPI *GetSecurityInfo)
    (HANDLE, SE_OBJECT_TYPE, SECURITY_INFORMATION, PSID *, PSID *, PACL *, PACL *,
     PSECURITY_DESCRIPTOR *);
    HLOCAL(WINAPI *LocalFree)(HLOCAL);
    BOOL(WINAPI *OpenProcessToken)(HANDLE, DWORD, PHANDLE);
    BOOL(WINAPI *GetTokenInformation)(HANDLE, TOKEN_INFORMATION_CLASS, LPVOID, DWORD, PDWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
};
extern struct protection_calls protection_calls;

/* Whether nobody but the three may change what is open as object, a handle with READ_CONTROL.
 * ERROR_SUCCESS; ERROR_INVALID_OWNER, ERROR_INVALID_SECURITY_DESCR: somebody else may, *failed_call
 * then names what was checked; or the error of *failed_call. */
DWORD protection_check(HANDLE object, const char **failed_call);

/* The same by the eyes of another account (a SID; null: the process's own): what it would find. For
 * ERROR_INVALID_SECURITY_DESCR *who is whose right it is, the first one's SID; "" when everybody
 * has it or it is not understood. */
DWORD protection_check_for(HANDLE object, const void *account, char who[SID_TEXT_SIZE],
                           const char **failed_call);

/* What a new file or folder is made with: attributes goes to CreateFile or CreateDirectory. Points
 * into itself; not to be copied. */
struct protection {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    union {
        ACL list;
        uint8_t bytes[64];
    } rights;
};

/* A file that Administrators own, with the rights that its folder passes on. Making it fails with
 * ERROR_INVALID_OWNER where the process is no administrator's: make it without attributes then. */
DWORD protection_of_file(struct protection *protection, const char **failed_call);

/* A folder that Administrators own; full control for SYSTEM and Administrators, passed on to what
 * is made in it; nothing inherited. ERROR_INVALID_OWNER as above. */
DWORD protection_of_folder(struct protection *protection, const char **failed_call);

#endif
