#include "lab_faults.h"
#include "lab_users.h"

#include <wchar.h>

enum { SLICE = 50 /* ms between two looks whether a fault is over */ };

_Static_assert((int)LAB_FAULT_COUNT <= (int)LAB_FAULTS, "the store has room for every fault");

static const wchar_t *const names[LAB_FAULT_COUNT] = {
    [LAB_FAULT_DC] = L"dc",
    [LAB_FAULT_DC2] = L"dc2",
    [LAB_FAULT_DC_LAG] = L"dc_lag",
    [LAB_FAULT_NET_GET_ERROR] = L"net_get_error",
    [LAB_FAULT_NET_SET_ERROR] = L"net_set_error",
    [LAB_FAULT_NET_IGNORE_SET] = L"net_ignore_set",
    [LAB_FAULT_NET_GROUP_ERROR] = L"net_group_error",
    [LAB_FAULT_NET_DELAY_MS] = L"net_delay_ms",
    [LAB_FAULT_PASSWORD_MIN] = L"password_min",
    [LAB_FAULT_FIND_DC_ERROR] = L"find_dc_error",
    [LAB_FAULT_LOOKUP_ERROR] = L"lookup_error",
    [LAB_FAULT_LOOKUP_DELAY_MS] = L"lookup_delay_ms",
    [LAB_FAULT_SUBSCRIBE_ERROR] = L"subscribe_error",
    [LAB_FAULT_QUERY_ERROR] = L"query_error",
    [LAB_FAULT_EVTNEXT_ERROR] = L"evtnext_error",
    [LAB_FAULT_EVTNEXT_MAX] = L"evtnext_max",
    [LAB_FAULT_RENDER_ERROR] = L"render_error",
    [LAB_FAULT_EVENT_DATA] = L"event_data",
    [LAB_FAULT_OPEN_ERROR] = L"open_error",
    [LAB_FAULT_READ_ERROR] = L"read_error",
    [LAB_FAULT_NOTIFY_ERROR] = L"notify_error",
    [LAB_FAULT_REPORT_ERROR] = L"report_error",
    [LAB_FAULT_WRAP_SKIPS] = L"wrap_skips",
    [LAB_FAULT_CLEAR_CONTINUES] = L"clear_continues",
    [LAB_FAULT_STOP_WAKES] = L"stop_wakes",
    [LAB_FAULT_TIME_OFFSET_MS] = L"time_offset_ms",
    [LAB_FAULT_IMPORTS] = L"imports",
    [LAB_FAULT_KILL_AT] = L"kill_at",
    [LAB_FAULT_TICK_AHEAD_MS] = L"tick_ahead_ms",
};

/* Words for values. */
static const struct {
    enum lab_fault fault;
    const wchar_t *word;
    LONG value;
} words[] = {
    {LAB_FAULT_DC, L"gone", 1},
    {LAB_FAULT_DC, L"here", 0},
    {LAB_FAULT_EVENT_DATA, L"array", 0},
    {LAB_FAULT_EVENT_DATA, L"list", 1},
};

LONG lab_fault(enum lab_fault fault)
{
    return lab_open() == ERROR_SUCCESS ? lab_store->faults[fault] : 0;
}

bool lab_has_dc2(void)
{
    return lab_fault(LAB_FAULT_DC2) || lab_fault(LAB_FAULT_DC_LAG);
}

void lab_fault_wait(enum lab_fault fault)
{
    DWORD start = GetTickCount();
    for (;;) {
        DWORD delay = (DWORD)lab_fault(fault);
        DWORD waited = GetTickCount() - start;
        if (waited >= delay)
            return;
        Sleep(delay - waited < SLICE ? delay - waited : SLICE);
    }
}

static bool value_of(enum lab_fault fault, const wchar_t *text, LONG *value)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].fault == fault && _wcsicmp(words[i].word, text) == 0) {
            *value = words[i].value;
            return true;
        }
    wchar_t *end;
    *value = wcstol(text, &end, 0);
    return end != text && *end == 0;
}

/* What the second domain controller has changes with its beginning to lag and its end. */
static bool set(enum lab_fault fault, LONG value)
{
    bool lags = value != 0, lagged = lab_store->faults[fault] != 0;
    if (fault == LAB_FAULT_DC_LAG && lags != lagged) {
        if (lab_lock() != ERROR_SUCCESS)
            return false;
        if (lags)
            lab_users_lag();
        else
            lab_users_replicate();
        InterlockedExchange(&lab_store->faults[fault], value);
        lab_unlock();
    }
    InterlockedExchange(&lab_store->faults[fault], value);
    return true;
}

bool lab_fault_set(const wchar_t *name, const wchar_t *value)
{
    if (lab_open() != ERROR_SUCCESS)
        return false;
    if (_wcsicmp(name, L"clear") == 0) {
        bool cleared = true;
        for (int i = 0; i < LAB_FAULT_COUNT; i++)
            cleared = set((enum lab_fault)i, 0) && cleared;
        return cleared;
    }
    for (int i = 0; i < LAB_FAULT_COUNT; i++) {
        LONG number;
        if (_wcsicmp(names[i], name) != 0)
            continue;
        if (!value_of((enum lab_fault)i, value, &number))
            return false;
        return set((enum lab_fault)i, number);
    }
    return false;
}

const wchar_t *lab_fault_name(unsigned fault)
{
    return fault < LAB_FAULT_COUNT ? names[fault] : NULL;
}
