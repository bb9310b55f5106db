#include "protection.h"

#include <aclapi.h>
#include <stdbool.h>

#include "last_error.h"

struct protection_calls protection_calls = {
    .GetSecurityInfo = GetSecurityInfo,
    .LocalFree = LocalFree,
    .OpenProcessToken = OpenProcessToken,
    .GetTokenInformation = GetTokenInformation,
    .CloseHandle = CloseHandle,
};

/* Rights to change what a file or folder holds, the thing itself, or who has rights. */
enum {
    CHANGING = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES |
               FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER
};
static const DWORD changing = (DWORD)CHANGING | GENERIC_WRITE | GENERIC_ALL;

/* S-1-5-18, S-1-5-32-544, S-1-3-0, S-1-3-4 */
static _Alignas(DWORD) const uint8_t local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
static _Alignas(DWORD) const uint8_t administrators[] = {1,  2, 0, 0, 0,  0, 0, 5,
                                                         32, 0, 0, 0, 32, 2, 0, 0};
static const uint8_t creator_owner[] = {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
static const uint8_t owner_rights[] = {1, 1, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0};

/* The account that the process runs as. */
union process_user {
    TOKEN_USER user;
    uint8_t bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
};

static DWORD read_user(union process_user *user, const char **failed_call)
{
    HANDLE token;
    DWORD size, error = ERROR_SUCCESS;
    if (!protection_calls.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        *failed_call = "OpenProcessToken";
        return last_error();
    }
    if (!protection_calls.GetTokenInformation(token, TokenUser, user, sizeof *user, &size)) {
        *failed_call = "GetTokenInformation";
        error = last_error();
    }
    protection_calls.CloseHandle(token);
    return error;
}

static bool is_trusted(const void *sid, const void *account)
{
    return sid_equal(sid, local_system) || sid_equal(sid, administrators) ||
           sid_equal(sid, account);
}

/* Whether an entry gives nobody but the trusted a right to change; who is it otherwise. One of a
 * kind that is not known may give anything, to anybody. */
static bool is_harmless(const ACE_HEADER *head, const void *account, char who[SID_TEXT_SIZE])
{
    const ACCESS_ALLOWED_ACE *entry = (const void *)head;
    const size_t sid_at = offsetof(ACCESS_ALLOWED_ACE, SidStart);
    if (head->AceType == ACCESS_DENIED_ACE_TYPE || head->AceType == ACCESS_DENIED_CALLBACK_ACE_TYPE)
        return true;
    if ((head->AceType != ACCESS_ALLOWED_ACE_TYPE &&
         head->AceType != ACCESS_ALLOWED_CALLBACK_ACE_TYPE) ||
        head->AceSize < sid_at || sid_size(&entry->SidStart, head->AceSize - sid_at) == 0)
        return false;
    if ((entry->Mask & changing) == 0 || is_trusted(&entry->SidStart, account) ||
        sid_equal(&entry->SidStart, owner_rights))
        return true;
    if ((head->AceFlags & INHERIT_ONLY_ACE) != 0 && sid_equal(&entry->SidStart, creator_owner))
        return true;
    sid_to_text(&entry->SidStart, who);
    return false;
}

/* A missing DACL lets everybody do everything. */
static bool is_closed(ACL *list, const void *account, char who[SID_TEXT_SIZE])
{
    for (DWORD i = 0; list && i < list->AceCount; i++) {
        void *entry;
        if (!GetAce(list, i, &entry) || !is_harmless(entry, account, who))
            return false;
    }
    return list != NULL;
}

DWORD protection_check_for(HANDLE object, const void *account, char who[SID_TEXT_SIZE],
                           const char **failed_call)
{
    union process_user user;
    PSID owner = NULL;
    ACL *list = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    DWORD error = account ? ERROR_SUCCESS : read_user(&user, failed_call);
    if (error)
        return error;
    if (!account)
        account = user.user.User.Sid;
    who[0] = '\0';
    error = protection_calls.GetSecurityInfo(object, SE_FILE_OBJECT,
                                             OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                                             &owner, NULL, &list, NULL, &descriptor);
    if (error) {
        *failed_call = "GetSecurityInfo";
        return error;
    }
    if (sid_size(owner, SECURITY_MAX_SID_SIZE) == 0 || !is_trusted(owner, account)) {
        *failed_call = "checking the owner";
        error = ERROR_INVALID_OWNER;
    } else if (!is_closed(list, account, who)) {
        *failed_call = "checking the rights";
        error = ERROR_INVALID_SECURITY_DESCR;
    }
    protection_calls.LocalFree(descriptor);
    return error;
}

DWORD protection_check(HANDLE object, const char **failed_call)
{
    char ignored[SID_TEXT_SIZE];
    return protection_check_for(object, NULL, ignored, failed_call);
}

/* ---- for what is made ----------------------------------------------------------------------- */

DWORD protection_of_file(struct protection *protection, const char **failed_call)
{
    SECURITY_DESCRIPTOR *descriptor = &protection->descriptor;
    protection->attributes = (SECURITY_ATTRIBUTES){.nLength = sizeof protection->attributes,
                                                   .lpSecurityDescriptor = descriptor};
    if (!InitializeSecurityDescriptor(descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorOwner(descriptor, (PSID)administrators, FALSE)) {
        *failed_call = "SetSecurityDescriptorOwner";
        return last_error();
    }
    return ERROR_SUCCESS;
}

static bool grant(ACL *list, const void *sid)
{
    return AddAccessAllowedAceEx(list, ACL_REVISION, OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE,
                                 FILE_ALL_ACCESS, (PSID)sid);
}

DWORD protection_of_folder(struct protection *protection, const char **failed_call)
{
    ACL *list = &protection->rights.list;
    SECURITY_DESCRIPTOR *descriptor = &protection->descriptor;
    DWORD error = protection_of_file(protection, failed_call);
    if (error)
        return error;
    if (!InitializeAcl(list, sizeof protection->rights, ACL_REVISION) ||
        !grant(list, local_system) || !grant(list, administrators) ||
        !SetSecurityDescriptorDacl(descriptor, TRUE, list, FALSE) ||
        !SetSecurityDescriptorControl(descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED)) {
        *failed_call = "SetSecurityDescriptorDacl";
        return last_error();
    }
    return ERROR_SUCCESS;
}
