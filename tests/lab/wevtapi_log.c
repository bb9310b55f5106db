/* wevtapi_log.c: how a channel is set up and how full it is.
 *
 * Source: learn.microsoft.com nf-winevt-evtopenlog, -evtgetloginfo, -evtopenchannelconfig,
 * -evtgetchannelconfigproperty and the enumerations of their properties. Properties that nobody
 * asks for are ERROR_NOT_SUPPORTED.
 */
#include "wevtapi.h"

#include <string.h>

#include "lab_handles.h"

struct channel {
    unsigned slot;
    LONG session;
};

static EVT_HANDLE open_channel(EVT_HANDLE session, LPCWSTR path, unsigned kind)
{
    DWORD error = session != NULL ? ERROR_NOT_SUPPORTED : lab_open();
    if (error == ERROR_SUCCESS && path == NULL)
        error = ERROR_INVALID_PARAMETER;
    unsigned slot = error == ERROR_SUCCESS ? lab_log_slot(path) : LAB_LOGS;
    if (error == ERROR_SUCCESS && slot == LAB_LOGS)
        error = ERROR_EVT_CHANNEL_NOT_FOUND;
    if (error == ERROR_SUCCESS)
        error = lab_lock_log();
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    struct channel *channel = HeapAlloc(GetProcessHeap(), 0, sizeof *channel);
    EVT_HANDLE handle = NULL;
    if (channel != NULL) {
        *channel = (struct channel){slot, lab_store->service_session};
        handle = lab_handle_new(kind, channel);
    }
    lab_unlock();
    if (handle == NULL) {
        HeapFree(GetProcessHeap(), 0, channel);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    }
    return handle;
}

EVT_HANDLE WINAPI EvtOpenLog(EVT_HANDLE session, LPCWSTR path, DWORD flags)
{
    if (flags != EvtOpenChannelPath) {
        SetLastError(flags == EvtOpenFilePath ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return open_channel(session, path, WEVTAPI_LOG);
}

EVT_HANDLE WINAPI EvtOpenChannelConfig(EVT_HANDLE session, LPCWSTR path, DWORD flags)
{
    if (flags != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return open_channel(session, path, WEVTAPI_CONFIG);
}

static EVT_VARIANT number(uint64_t value)
{
    return (EVT_VARIANT){.UInt64Val = value, .Type = EvtVarTypeUInt64};
}

static EVT_VARIANT truth(bool value)
{
    return (EVT_VARIANT){.BooleanVal = value, .Type = EvtVarTypeBoolean};
}

static DWORD log_property(unsigned slot, DWORD id, EVT_VARIANT *value)
{
    const struct lab_log *log = &lab_store->logs[slot];
    const struct lab_log_state *state = lab_log_state(slot);
    switch (id) {
    case EvtLogFileSize:
        *value = number(log->extent);
        return ERROR_SUCCESS;
    case EvtLogNumberOfLogRecords:
        *value = number(state->next - state->oldest);
        return ERROR_SUCCESS;
    case EvtLogOldestRecordNumber:
        *value = number(state->next == state->oldest ? 0 : state->oldest);
        return ERROR_SUCCESS;
    case EvtLogFull:
        *value = truth(log->refused);
        return ERROR_SUCCESS;
    default:
        return ERROR_NOT_SUPPORTED;
    }
}

static DWORD config_property(unsigned slot, DWORD id, EVT_VARIANT *value)
{
    const struct lab_log *log = &lab_store->logs[slot];
    switch (id) {
    case EvtChannelConfigEnabled:
        *value = truth(true);
        return ERROR_SUCCESS;
    case EvtChannelLoggingConfigRetention:
        *value = truth(log->keep);
        return ERROR_SUCCESS;
    case EvtChannelLoggingConfigAutoBackup:
        *value = truth(false);
        return ERROR_SUCCESS;
    case EvtChannelLoggingConfigMaxSize:
        *value = number(log->size);
        return ERROR_SUCCESS;
    default:
        return ERROR_NOT_SUPPORTED;
    }
}

static BOOL get(EVT_HANDLE handle, unsigned kind, DWORD id,
                DWORD (*property)(unsigned, DWORD, EVT_VARIANT *), DWORD size, PEVT_VARIANT buffer,
                PDWORD used)
{
    const struct channel *channel = lab_handle_object(handle, kind);
    EVT_VARIANT value;
    if (channel == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    if (used == NULL || (buffer == NULL && size > 0))
        return wevtapi_result(ERROR_INVALID_PARAMETER);
    *used = sizeof value;
    if (size < sizeof value)
        return wevtapi_result(ERROR_INSUFFICIENT_BUFFER);
    DWORD error = lab_lock_log_session(channel->session);
    if (error != ERROR_SUCCESS)
        return wevtapi_result(error);
    error = property(channel->slot, id, &value);
    lab_unlock();
    if (error == ERROR_SUCCESS)
        memcpy(buffer, &value, sizeof value);
    return wevtapi_result(error);
}

BOOL WINAPI EvtGetLogInfo(EVT_HANDLE log, EVT_LOG_PROPERTY_ID id, DWORD size, PEVT_VARIANT buffer,
                          PDWORD used)
{
    return get(log, WEVTAPI_LOG, (DWORD)id, log_property, size, buffer, used);
}

BOOL WINAPI EvtGetChannelConfigProperty(EVT_HANDLE config, EVT_CHANNEL_CONFIG_PROPERTY_ID id,
                                        DWORD flags, DWORD size, PEVT_VARIANT buffer, PDWORD used)
{
    if (flags != 0)
        return wevtapi_result(ERROR_INVALID_PARAMETER);
    return get(config, WEVTAPI_CONFIG, (DWORD)id, config_property, size, buffer, used);
}
