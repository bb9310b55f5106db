#include "lab_store.h"

#include <string.h>

#include "lab_users.h"

enum { MAGIC = 0x2e42414c, VERSION = 4 };

#define STORE_FILE  L"C:\\lab\\store"
#define STORE_MUTEX L"Global\\relaylock-lab-store"

struct lab_store *lab_store;

static CRITICAL_SECTION process_lock;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HANDLE mutex;
static HANDLE service;       /* the service's process ... */
static LONG service_session; /* ... of this session */

uint64_t lab_now(void)
{
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static DWORD map_store(void)
{
    DWORD error = ERROR_SUCCESS;
    CreateDirectoryW(L"C:\\lab", NULL);
    HANDLE file =
        CreateFileW(STORE_FILE, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    HANDLE mapping =
        CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, sizeof(struct lab_store), NULL);
    if (mapping == NULL) {
        error = GetLastError();
    } else {
        lab_store = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(struct lab_store));
        if (lab_store == NULL)
            error = GetLastError();
        CloseHandle(mapping);
    }
    CloseHandle(file);
    return error;
}

static DWORD wait_for_mutex(void)
{
    DWORD waited = WaitForSingleObject(mutex, INFINITE);
    /* Abandoned: its owner was killed. The state in force is whole all the same. */
    return waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED ? ERROR_SUCCESS : GetLastError();
}

/* The three logs every Windows has. Handles to logs of before must not take them for theirs. */
static void create_logs(void)
{
    static const wchar_t *const names[] = {L"Application", L"System", L"Security"};
    for (size_t i = 0; i < LAB_LOGS; i++) {
        struct lab_log *log = &lab_store->logs[i];
        uint64_t epoch = log->state[log->current & 1].epoch + 1;
        memset(log, 0, sizeof *log);
        log->size = LAB_LOG_SIZE_DEFAULT;
        log->state[0] = (struct lab_log_state){.oldest = 1, .next = 1, .epoch = epoch};
        if (i < sizeof names / sizeof *names)
            wcscpy(log->name, names[i]);
    }
}

/* All but who waits for a log and the event log service, which may be running. */
static void initialise(void)
{
    bool known = lab_store->magic == MAGIC && lab_store->version == VERSION;
    lab_store->magic = 0;
    if (!known)
        memset(lab_store, 0, sizeof *lab_store);
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    if (!GetComputerNameW(lab_store->computer, &count))
        wcscpy(lab_store->computer, L"HOST");
    lab_store->dc_found = 0;
    for (int i = 0; i < LAB_FAULTS; i++)
        lab_store->faults[i] = 0;
    create_logs();
    lab_users_create();
    lab_store->version = VERSION;
    MemoryBarrier();
    lab_store->magic = MAGIC;
}

static BOOL CALLBACK open_once(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init;
    (void)context;
    DWORD *error = parameter;
    mutex = CreateMutexW(NULL, FALSE, STORE_MUTEX);
    if (mutex == NULL) {
        *error = GetLastError();
        return FALSE;
    }
    *error = wait_for_mutex();
    if (*error == ERROR_SUCCESS) {
        *error = map_store();
        if (*error == ERROR_SUCCESS && (lab_store->magic != MAGIC || lab_store->version != VERSION))
            initialise();
        ReleaseMutex(mutex);
    }
    if (*error != ERROR_SUCCESS) {
        CloseHandle(mutex);
        return FALSE;
    }
    InitializeCriticalSection(&process_lock);
    return TRUE;
}

DWORD lab_open(void)
{
    DWORD error = ERROR_SUCCESS;
    if (InitOnceExecuteOnce(&once, open_once, &error, NULL))
        return ERROR_SUCCESS;
    return error != ERROR_SUCCESS ? error : ERROR_GEN_FAILURE;
}

DWORD lab_lock(void)
{
    DWORD error = lab_open();
    if (error != ERROR_SUCCESS)
        return error;
    EnterCriticalSection(&process_lock);
    error = wait_for_mutex();
    if (error != ERROR_SUCCESS)
        LeaveCriticalSection(&process_lock);
    return error;
}

void lab_unlock(void)
{
    ReleaseMutex(mutex);
    LeaveCriticalSection(&process_lock);
}

DWORD lab_create(void)
{
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return error;
    initialise();
    lab_unlock();
    return ERROR_SUCCESS;
}

/* A handle to the process of the service that runs now. */
static DWORD find_service(void)
{
    LONG session = lab_store->service_session;
    LONG process = lab_store->service_process;
    if (process == 0)
        return RPC_S_SERVER_UNAVAILABLE;
    if (service != NULL && service_session == session)
        return ERROR_SUCCESS;
    HANDLE found = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)process);
    if (found == NULL)
        return RPC_S_SERVER_UNAVAILABLE;
    if (service != NULL)
        CloseHandle(service);
    service = found;
    service_session = session;
    return ERROR_SUCCESS;
}

DWORD lab_lock_log(void)
{
    DWORD error = lab_open();
    if (error != ERROR_SUCCESS)
        return error;
    EnterCriticalSection(&process_lock);
    error = find_service();
    if (error == ERROR_SUCCESS) {
        /* The process first: when it has ended that is what the wait reports, and a service that
         * was killed is as good as stopped. */
        HANDLE handles[] = {service, mutex};
        DWORD waited = WaitForMultipleObjects(2, handles, FALSE, INFINITE);
        if (waited != WAIT_OBJECT_0 + 1 && waited != WAIT_ABANDONED_0 + 1)
            error = RPC_S_SERVER_UNAVAILABLE;
        else if (lab_store->service_process == 0) {
            ReleaseMutex(mutex);
            error = RPC_S_SERVER_UNAVAILABLE;
        }
    }
    if (error != ERROR_SUCCESS)
        LeaveCriticalSection(&process_lock);
    return error;
}

DWORD lab_lock_log_session(LONG session)
{
    DWORD error = lab_lock_log();
    if (error == ERROR_SUCCESS && lab_store->service_session != session) {
        lab_unlock();
        error = ERROR_INVALID_HANDLE;
    }
    return error;
}
