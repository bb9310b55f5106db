#include "host.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "../core/text.h"
#include "registry_gone.h"

struct host_calls host_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegCloseKey = RegCloseKey,
};

static bool is_gone(DWORD error)
{
    return registry_gone((LSTATUS)error) || error == ERROR_PATH_NOT_FOUND;
}

/* A text, terminated whatever the registry has; "" when there is none of a fitting size. */
static void read_text(HKEY key, const wchar_t *name, wchar_t *text, DWORD room)
{
    DWORD type, size = (room - 1) * sizeof *text;
    LSTATUS status = host_calls.RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &size);
    bool good = status == ERROR_SUCCESS && (type == REG_SZ || type == REG_EXPAND_SZ);
    text[good ? size / sizeof *text : 0] = 0;
}

static bool read_number(HKEY key, const wchar_t *name, DWORD *number)
{
    DWORD type, value, size = sizeof value;
    LSTATUS status = host_calls.RegQueryValueExW(key, name, NULL, &type, (BYTE *)&value, &size);
    if (status != ERROR_SUCCESS || type != REG_DWORD || size != sizeof value)
        return false;
    *number = value;
    return true;
}

static DWORD open_key(const wchar_t *path, REGSAM rights, HKEY *key, const char **failed_call)
{
    *failed_call = "RegOpenKeyEx";
    return (DWORD)host_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, rights, key);
}

static void put_version(struct host_windows *windows, DWORD major, DWORD minor)
{
    char version[ARRAYSIZE(windows->version)];
    snprintf(version, sizeof version, "%lu.%lu", major, minor);
    text_from_utf8(windows->version, ARRAYSIZE(windows->version), version, NULL);
}

DWORD host_find_windows(struct host_windows *windows, const char **failed_call)
{
    HKEY key;
    DWORD major, minor;
    DWORD error = open_key(L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", KEY_QUERY_VALUE,
                           &key, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    read_text(key, L"ProductName", windows->product, ARRAYSIZE(windows->product));
    read_text(key, L"CurrentVersion", windows->version, ARRAYSIZE(windows->version));
    read_text(key, L"CurrentBuildNumber", windows->build, ARRAYSIZE(windows->build));
    read_text(key, L"CSDVersion", windows->service_pack, ARRAYSIZE(windows->service_pack));
    /* Since Windows 10 CurrentVersion says 6.3 for ever. */
    if (read_number(key, L"CurrentMajorVersionNumber", &major) &&
        read_number(key, L"CurrentMinorVersionNumber", &minor))
        put_version(windows, major, minor);
    host_calls.RegCloseKey(key);
    return ERROR_SUCCESS;
}

/* A key of Exchange's Setup; *found only when it tells that it is installed. */
static DWORD look_for_exchange(const wchar_t *path, enum host_exchange_kind kind,
                               struct host_exchange *exchange, const char **failed_call)
{
    struct host_exchange found = {.kind = kind};
    wchar_t services[HOST_TEXT_MAX];
    HKEY key;
    DWORD error = open_key(path, KEY_QUERY_VALUE, &key, failed_call);
    if (error != ERROR_SUCCESS)
        return is_gone(error) ? ERROR_SUCCESS : error;
    if (kind == HOST_EXCHANGE_2003) {
        read_text(key, L"Services", services, ARRAYSIZE(services));
        read_number(key, L"Services Version", &found.major);
        read_number(key, L"NewestBuild", &found.build);
        if (services[0] != 0)
            *exchange = found;
    } else if (read_number(key, L"MsiProductMajor", &found.major)) {
        read_number(key, L"MsiProductMinor", &found.minor);
        read_number(key, L"MsiBuildMajor", &found.build);
        *exchange = found;
    }
    host_calls.RegCloseKey(key);
    return ERROR_SUCCESS;
}

DWORD host_find_exchange(struct host_exchange *exchange, const char **failed_call)
{
    static const struct {
        const wchar_t *path;
        enum host_exchange_kind kind;
    } keys[] = {
        {L"SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup", HOST_EXCHANGE_LATER},
        {L"SOFTWARE\\Microsoft\\ExchangeServer\\v14\\Setup", HOST_EXCHANGE_LATER},
        {L"SOFTWARE\\Microsoft\\Exchange\\Setup", HOST_EXCHANGE_LATER}, /* 2007 */
        {L"SOFTWARE\\Microsoft\\Exchange\\Setup", HOST_EXCHANGE_2003},
    };
    struct host_exchange found = {.kind = HOST_NO_EXCHANGE};
    for (size_t i = 0; i < ARRAYSIZE(keys) && found.kind == HOST_NO_EXCHANGE; i++) {
        DWORD error = look_for_exchange(keys[i].path, keys[i].kind, &found, failed_call);
        if (error != ERROR_SUCCESS)
            return error;
    }
    *exchange = found;
    return ERROR_SUCCESS;
}

/* The key exists: *there. A key that may not be read does. */
static DWORD has_key(const wchar_t *path, wchar_t message_file[HOST_TEXT_MAX], bool *there,
                     const char **failed_call)
{
    HKEY key;
    DWORD error = open_key(path, KEY_QUERY_VALUE, &key, failed_call);
    *there = !is_gone(error);
    if (error != ERROR_SUCCESS)
        return is_gone(error) || error == ERROR_ACCESS_DENIED ? ERROR_SUCCESS : error;
    read_text(key, L"EventMessageFile", message_file, HOST_TEXT_MAX);
    host_calls.RegCloseKey(key);
    return ERROR_SUCCESS;
}

DWORD host_find_source(const wchar_t *log, const wchar_t *source, struct host_source *found,
                       const char **failed_call)
{
    enum { ROOM = 2 * 256 + 64 };
    const struct text logs = TEXT_OF(u"SYSTEM\\CurrentControlSet\\Services\\EventLog\\");
    struct host_source seen = {0};
    wchar_t path[ROOM];
    size_t used = text_copy(path, ROOM, logs);
    used += text_copy(path + used, ROOM - used, text_of(log));
    DWORD error = has_key(path, seen.message_file, &seen.log_is_classic, failed_call);
    seen.message_file[0] = 0;
    if (error == ERROR_SUCCESS && seen.log_is_classic) {
        used += text_copy(path + used, ROOM - used, TEXT_OF(u"\\"));
        text_copy(path + used, ROOM - used, text_of(source));
        error = has_key(path, seen.message_file, &seen.registered, failed_call);
    }
    if (error == ERROR_SUCCESS)
        *found = seen;
    return error;
}

DWORD host_may_write_key(const wchar_t *path)
{
    const char *ignored;
    HKEY key;
    DWORD error = open_key(path, KEY_SET_VALUE, &key, &ignored);
    if (error == ERROR_SUCCESS)
        host_calls.RegCloseKey(key);
    return is_gone(error) ? ERROR_FILE_NOT_FOUND : error;
}
