#include "lab_wake.h"

#include <stdio.h>

enum { STOP, WAKE };

struct lab_waiter {
    unsigned slot;
    DWORD pause;
    void (*woken)(void *context);
    void *context;
    HANDLE handles[2];
    HANDLE thread;
};

static HANDLE signals[LAB_WAITERS]; /* to slots of any process, opened on first use */

static HANDLE slot_signal(unsigned slot)
{
    wchar_t name[64];
    _snwprintf(name, 64, L"Global\\relaylock-lab-wake-%u", slot);
    return CreateEventW(NULL, FALSE, FALSE, name);
}

void lab_wake(unsigned log)
{
    for (unsigned i = 0; i < LAB_WAITERS; i++) {
        struct lab_waiter_slot *slot = &lab_store->waiters[i];
        if (slot->process == 0 || slot->log != log || !InterlockedExchange(&slot->armed, 0))
            continue;
        if (signals[i] == NULL)
            signals[i] = slot_signal(i);
        if (signals[i] != NULL)
            SetEvent(signals[i]);
    }
}

static DWORD CALLBACK wait_and_tell(void *parameter)
{
    struct lab_waiter *waiter = parameter;
    struct lab_waiter_slot *slot = &lab_store->waiters[waiter->slot];
    while (WaitForMultipleObjects(2, waiter->handles, FALSE, INFINITE) == WAIT_OBJECT_0 + WAKE) {
        /* Armed before the owner is told: what is written from here on wakes it again. */
        InterlockedExchange(&slot->armed, 1);
        waiter->woken(waiter->context);
        if (waiter->pause > 0 &&
            WaitForSingleObject(waiter->handles[STOP], waiter->pause) == WAIT_OBJECT_0)
            break;
    }
    return 0;
}

/* Whether the process that holds a slot has ended. */
static bool is_orphaned(const struct lab_waiter_slot *slot)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, slot->process);
    if (process == NULL)
        return true;
    bool ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
    CloseHandle(process);
    return ended;
}

static DWORD take_slot(unsigned log, unsigned *taken)
{
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return error;
    error = ERROR_NO_SYSTEM_RESOURCES;
    for (unsigned i = 0; i < LAB_WAITERS; i++) {
        struct lab_waiter_slot *slot = &lab_store->waiters[i];
        if (slot->process != 0 && !is_orphaned(slot))
            continue;
        *slot = (struct lab_waiter_slot){GetCurrentProcessId(), log, 1};
        *taken = i;
        error = ERROR_SUCCESS;
        break;
    }
    lab_unlock();
    return error;
}

static void release_slot(unsigned slot)
{
    if (lab_lock() != ERROR_SUCCESS)
        return;
    lab_store->waiters[slot] = (struct lab_waiter_slot){0};
    lab_unlock();
}

static void free_waiter(struct lab_waiter *waiter)
{
    for (int i = 0; i < 2; i++)
        if (waiter->handles[i] != NULL)
            CloseHandle(waiter->handles[i]);
    HeapFree(GetProcessHeap(), 0, waiter);
}

DWORD lab_waiter_start(unsigned log, DWORD pause, void (*woken)(void *context), void *context,
                       struct lab_waiter **started)
{
    struct lab_waiter *waiter = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *waiter);
    if (waiter == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = take_slot(log, &waiter->slot);
    if (error != ERROR_SUCCESS) {
        free_waiter(waiter);
        return error;
    }
    waiter->pause = pause;
    waiter->woken = woken;
    waiter->context = context;
    waiter->handles[STOP] = CreateEventW(NULL, TRUE, FALSE, NULL);
    waiter->handles[WAKE] = slot_signal(waiter->slot);
    if (waiter->handles[STOP] != NULL && waiter->handles[WAKE] != NULL)
        waiter->thread = CreateThread(NULL, 0, wait_and_tell, waiter, 0, NULL);
    if (waiter->thread == NULL) {
        error = GetLastError();
        release_slot(waiter->slot);
        free_waiter(waiter);
        return error;
    }
    *started = waiter;
    return ERROR_SUCCESS;
}

void lab_waiter_stop(struct lab_waiter *waiter)
{
    if (waiter == NULL)
        return;
    SetEvent(waiter->handles[STOP]);
    WaitForSingleObject(waiter->thread, INFINITE);
    CloseHandle(waiter->thread);
    release_slot(waiter->slot);
    free_waiter(waiter);
}
