/* lab_change.c: what the lab's tool changes. */
#include "lab.h"

#include <lm.h>
#include <stdio.h>
#include <string.h>

#include "lab_log.h"
#include "lab_users.h"

enum { START_WAIT = 10000 /* ms */ };

static DWORD override(const wchar_t *exe)
{
    static const wchar_t *const dlls[] = {L"advapi32", L"netapi32", L"wevtapi"};
    wchar_t path[MAX_PATH + 64];
    HKEY key;
    _snwprintf(path, sizeof path / sizeof *path, L"Software\\Wine\\AppDefaults\\%ls\\DllOverrides",
               exe);
    DWORD error =
        (DWORD)RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    for (size_t i = 0; error == ERROR_SUCCESS && i < sizeof dlls / sizeof *dlls; i++)
        error = (DWORD)RegSetValueExW(key, dlls[i], 0, REG_SZ, (const BYTE *)L"native",
                                      sizeof L"native");
    RegCloseKey(key);
    return error;
}

static const wchar_t service_path[] = L"C:\\lab\\lab_eventlog.exe";

static bool is_ours(SC_HANDLE service)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        uint8_t bytes[8192];
    } found;
    DWORD needed;
    return QueryServiceConfigW(service, &found.config, sizeof found, &needed) &&
           _wcsicmp(found.config.lpBinaryPathName, service_path) == 0;
}

/* Wine's own service of that name logs nothing. Ours takes its place, from the next start of Wine
 * on when the other one runs: that one cannot be stopped. */
static DWORD install_service(SC_HANDLE manager, SC_HANDLE *service)
{
    *service = OpenServiceW(manager, L"EventLog", SERVICE_ALL_ACCESS);
    if (*service == NULL) {
        *service = CreateServiceW(manager, L"EventLog", L"Event Log", SERVICE_ALL_ACCESS,
                                  SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                                  SERVICE_ERROR_NORMAL, service_path, NULL, NULL, NULL, NULL, NULL);
        return *service == NULL ? GetLastError() : ERROR_SUCCESS;
    }
    if (is_ours(*service))
        return ERROR_SUCCESS;
    if (!ChangeServiceConfigW(*service, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                              SERVICE_NO_CHANGE, service_path, NULL, NULL, NULL, NULL, NULL, NULL))
        return GetLastError();
    return ERROR_SUCCESS_RESTART_REQUIRED;
}

static DWORD start_service(SC_HANDLE service)
{
    SERVICE_STATUS status;
    DWORD start = GetTickCount();
    while (QueryServiceStatus(service, &status) && status.dwCurrentState != SERVICE_RUNNING) {
        if (status.dwCurrentState == SERVICE_STOPPED && !StartServiceW(service, 0, NULL) &&
            GetLastError() != ERROR_SERVICE_ALREADY_RUNNING &&
            GetLastError() != ERROR_SERVICE_DATABASE_LOCKED)
            return GetLastError();
        if (GetTickCount() - start > START_WAIT)
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        Sleep(20);
    }
    return ERROR_SUCCESS;
}

int lab_install(int count, wchar_t **words)
{
    for (int i = 0; i < count; i++) {
        DWORD error = override(words[i]);
        if (error != ERROR_SUCCESS)
            return lab_fail("RegSetValueEx", error);
    }
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if (manager == NULL)
        return lab_fail("OpenSCManager", GetLastError());
    SC_HANDLE service;
    DWORD error = install_service(manager, &service);
    if (error == ERROR_SUCCESS)
        error = start_service(service);
    if (service != NULL)
        CloseServiceHandle(service);
    CloseServiceHandle(manager);
    if (error == ERROR_SUCCESS_RESTART_REQUIRED)
        return LAB_RESTART;
    return error == ERROR_SUCCESS ? 0 : lab_fail("the EventLog service", error);
}

struct user_options {
    enum lab_domain domain;
    bool administrator;
    bool disabled;
    const wchar_t *password;
};

static bool parse_user_options(int count, wchar_t **words, struct user_options *options)
{
    *options = (struct user_options){.domain = LAB_COMPUTER, .password = L"Correct horse 1"};
    for (int i = 0; i < count; i++) {
        if (wcscmp(words[i], L"--domain") == 0)
            options->domain = LAB_DOMAIN;
        else if (wcscmp(words[i], L"--admin") == 0)
            options->administrator = true;
        else if (wcscmp(words[i], L"--disabled") == 0)
            options->disabled = true;
        else if (wcscmp(words[i], L"--password") == 0 && i + 1 < count)
            options->password = words[++i];
        else
            return false;
    }
    return true;
}

static int add_user(const wchar_t *name, const struct user_options *options)
{
    struct lab_principal user = {.domain = options->domain,
                                 .flags = UF_SCRIPT | UF_NORMAL_ACCOUNT |
                                          (options->disabled ? UF_ACCOUNTDISABLE : 0u)};
    if (wcslen(name) >= LAB_ACCOUNT_NAME ||
        lab_principal_by_name(options->domain, name, LAB_ANYBODY) < LAB_PRINCIPALS)
        return lab_fail("user add", NERR_UserExists);
    wcscpy(user.name, name);
    lab_password_set(&user, options->password);
    if (options->administrator) {
        unsigned group = lab_principal_by_name(options->domain, L"Administrators", LAB_ALIASES);
        user.member_of |= UINT64_C(1) << lab_principal(group)->group_bit;
    }
    return lab_user_add(&user) < LAB_PRINCIPALS ? 0 : lab_fail("user add", ERROR_NOT_ENOUGH_MEMORY);
}

static int change_existing(const wchar_t *verb, unsigned slot)
{
    struct lab_principal user = *lab_principal(slot);
    if (wcscmp(verb, L"delete") == 0) {
        lab_user_delete(slot);
        return 0;
    }
    if (wcscmp(verb, L"enable") == 0)
        user.flags &= ~(uint32_t)UF_ACCOUNTDISABLE;
    else if (wcscmp(verb, L"disable") == 0)
        user.flags |= UF_ACCOUNTDISABLE;
    else
        return lab_fail("user: the verb", ERROR_INVALID_PARAMETER);
    lab_principal_set(slot, &user);
    return 0;
}

int lab_change_user(int count, wchar_t **words)
{
    struct user_options options;
    if (!parse_user_options(count - 2, words + 2, &options))
        return lab_fail("user: the options", ERROR_INVALID_PARAMETER);
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return lab_fail("lab_lock", error);
    unsigned slot = lab_principal_by_name(options.domain, words[1], LAB_USERS);
    int result;
    if (wcscmp(words[0], L"add") == 0)
        result = add_user(words[1], &options);
    else if (slot == LAB_PRINCIPALS)
        result = lab_fail("user", NERR_UserNotFound);
    else
        result = change_existing(words[0], slot);
    lab_unlock();
    return result;
}

static int report(int count, wchar_t **words)
{
    const wchar_t *log = L"Application";
    if (wcscmp(words[1], L"--log") == 0 && count >= 6) {
        log = words[2];
        words += 2;
        count -= 2;
    }
    unsigned long events = wcstoul(words[1], NULL, 0);
    unsigned slot = lab_log_slot(log);
    struct lab_report event = {.source = words[2],
                               .type = EVENTLOG_INFORMATION_TYPE,
                               .category = 1,
                               .event = wcstoul(words[3], NULL, 0),
                               .string_count = (WORD)(count - 4),
                               .strings = (const wchar_t *const *)(words + 4)};
    if (slot == LAB_LOGS)
        return lab_fail("log report: the log", ERROR_FILE_NOT_FOUND);
    for (unsigned long i = 0; i < events; i++) {
        DWORD error = lab_lock_log();
        if (error != ERROR_SUCCESS)
            return lab_fail("lab_lock_log", error);
        error = lab_log_append(slot, &event);
        lab_unlock();
        if (error == ERROR_LOG_FILE_FULL)
            return 0;
        if (error != ERROR_SUCCESS)
            return lab_fail("lab_log_append", error);
    }
    return 0;
}

/* What the registry says of a log, as Windows has it (learn.microsoft.com eventlog-key). */
static DWORD write_key(unsigned slot, DWORD size, bool keep)
{
    wchar_t path[128 + LAB_LOG_NAME], file[LAB_LOG_FILE];
    DWORD retention = keep ? MAXDWORD : 0;
    HKEY key;
    _snwprintf(path, sizeof path / sizeof *path,
               L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\%ls", lab_store->logs[slot].name);
    lab_log_file(slot, file);
    LSTATUS error =
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (error != ERROR_SUCCESS)
        return (DWORD)error;
    error = RegSetValueExW(key, L"MaxSize", 0, REG_DWORD, (const BYTE *)&size, sizeof size);
    if (error == ERROR_SUCCESS)
        error = RegSetValueExW(key, L"Retention", 0, REG_DWORD, (const BYTE *)&retention,
                               sizeof retention);
    if (error == ERROR_SUCCESS)
        error = RegSetValueExW(key, L"File", 0, REG_EXPAND_SZ, (const BYTE *)file,
                               (DWORD)((wcslen(file) + 1) * sizeof *file));
    RegCloseKey(key);
    return (DWORD)error;
}

static int configure(int count, wchar_t **words)
{
    bool keep = false;
    const wchar_t *log = L"Application";
    unsigned long size = wcstoul(words[1], NULL, 0);
    for (int i = 2; i < count; i++) {
        if (wcscmp(words[i], L"--keep") == 0)
            keep = true;
        else
            log = words[i];
    }
    unsigned slot = lab_log_slot(log);
    if (slot == LAB_LOGS || size < 4096 || size > LAB_LOG_CAPACITY)
        return lab_fail("log size", ERROR_INVALID_PARAMETER);
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return lab_fail("lab_lock", error);
    lab_log_configure(slot, (uint32_t)size, keep);
    lab_unlock();
    error = write_key(slot, size, keep);
    return error == ERROR_SUCCESS ? 0 : lab_fail("log size: the registry", error);
}

int lab_change_log(int count, wchar_t **words)
{
    if (wcscmp(words[0], L"clear") == 0) {
        unsigned slot = lab_log_slot(count > 1 ? words[1] : L"Application");
        DWORD error = slot == LAB_LOGS ? ERROR_FILE_NOT_FOUND : lab_lock();
        if (error != ERROR_SUCCESS)
            return lab_fail("log clear", error);
        lab_log_clear(slot);
        lab_unlock();
        return 0;
    }
    if (wcscmp(words[0], L"size") == 0 && count >= 2)
        return configure(count, words);
    if (wcscmp(words[0], L"report") == 0 && count >= 4)
        return report(count, words);
    return lab_fail("log: the verb", ERROR_INVALID_PARAMETER);
}
