#include "log_access.h"

#include <sddl.h>
#include <stdio.h>
#include <string.h>

#include "../core/text.h"
#include "last_error.h"

struct log_access_calls log_access_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegCloseKey = RegCloseKey,
};

enum { PATH_MAX_UNITS = 64 + 256, SDDL_MAX = 2048 /* units, terminator included */ };

static const DWORD writing = 0x2 | GENERIC_WRITE | GENERIC_ALL;

/* Writes *sddl, terminated: the value, or what is in force without it. */
static DWORD read_sddl(const wchar_t *log, wchar_t sddl[SDDL_MAX], const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    DWORD type, size = (SDDL_MAX - 1) * sizeof *sddl;
    HKEY key;
    size_t used = text_copy(path, PATH_MAX_UNITS,
                            TEXT_OF(u"SYSTEM\\CurrentControlSet\\Services\\EventLog\\"));
    text_copy(path + used, PATH_MAX_UNITS - used, text_of(log));
    *failed_call = "RegOpenKeyEx";
    DWORD error =
        (DWORD)log_access_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE, &key);
    if (error)
        return error;
    *failed_call = "RegQueryValueEx";
    error = (DWORD)log_access_calls.RegQueryValueExW(key, L"CustomSD", NULL, &type, (BYTE *)sddl,
                                                     &size);
    log_access_calls.RegCloseKey(key);
    if (error == ERROR_FILE_NOT_FOUND) {
        text_copy(sddl, SDDL_MAX, text_of(L"" LOG_ACCESS_INITIAL));
        return ERROR_SUCCESS;
    }
    if (!error && type != REG_SZ)
        error = ERROR_INVALID_DATATYPE;
    if (!error)
        sddl[size / sizeof *sddl] = 0;
    return error;
}

static bool is_trusted(const char *sid)
{
    /* SYSTEM, Administrators, Server Operators, SERVICE, LOCAL SERVICE, NETWORK SERVICE, WRITE
     * RESTRICTED; and services by their own SIDs */
    static const char *const trusted[] = {"S-1-5-18", "S-1-5-32-544", "S-1-5-32-549", "S-1-5-6",
                                          "S-1-5-19", "S-1-5-20",     "S-1-5-33"};
    bool is = strncmp(sid, "S-1-5-80-", 9) == 0;
    for (size_t i = 0; i < ARRAYSIZE(trusted); i++)
        is = is || strcmp(sid, trusted[i]) == 0;
    return is;
}

static void name(const char *sid, char who[SID_TEXT_SIZE])
{
    static const char *const names[][2] = {
        {"S-1-1-0", "Everyone"},        {"S-1-5-2", "NETWORK"},
        {"S-1-5-3", "BATCH"},           {"S-1-5-4", "INTERACTIVE"},
        {"S-1-5-7", "ANONYMOUS LOGON"}, {"S-1-5-11", "Authenticated Users"},
        {"S-1-5-32-545", "Users"},      {"S-1-5-32-546", "Guests"}};
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        if (strcmp(sid, names[i][0]) == 0)
            sid = names[i][1];
    snprintf(who, SID_TEXT_SIZE, "%s", sid);
}

/* Whether an entry lets somebody else write. What is denied is not looked at: that is no reason to
 * call a log closed. */
static bool lets_write(const ACCESS_ALLOWED_ACE *entry, char who[SID_TEXT_SIZE])
{
    const size_t sid_at = offsetof(ACCESS_ALLOWED_ACE, SidStart);
    char sid[SID_TEXT_SIZE];
    if (entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE || (entry->Mask & writing) == 0 ||
        entry->Header.AceSize < sid_at ||
        sid_size(&entry->SidStart, entry->Header.AceSize - sid_at) == 0)
        return false;
    sid_to_text(&entry->SidStart, sid);
    if (is_trusted(sid))
        return false;
    name(sid, who);
    return true;
}

DWORD log_access_find(const wchar_t *log, bool *open, char who[SID_TEXT_SIZE],
                      const char **failed_call)
{
    wchar_t sddl[SDDL_MAX];
    PSECURITY_DESCRIPTOR descriptor;
    BOOL present, defaulted;
    ACL *list = NULL;
    void *entry;
    bool found = false;
    DWORD error = read_sddl(log, sddl, failed_call);
    if (error)
        return error;
    *failed_call = "reading CustomSD";
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        return last_error();
    if (!GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted))
        error = last_error();
    if (!error && (!present || !list)) {
        found = true;
        snprintf(who, SID_TEXT_SIZE, "Everyone");
    }
    for (DWORD i = 0; !error && !found && i < list->AceCount; i++)
        found = GetAce(list, i, &entry) && lets_write(entry, who);
    LocalFree(descriptor);
    if (!error)
        *open = found;
    return error;
}
