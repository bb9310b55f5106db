#include "fake_queue.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>
#include "app/queue_watch.h"
#include "windows/message_files.h"
#include "windows/queue_change.h"

enum { SEARCHES_MAX = 16, FILES_MAX = 16, WATCHES_MAX = 64, SLICE = 2 /* ms */ };

struct search {
    bool open;
    LONG next, count;
};

struct file {
    bool open, read;
    const char *message;
};

struct watch {
    HANDLE signal; /* null: closed */
    unsigned folder, incarnation;
    bool again;   /* something changed since it was set */
    bool deleted; /* its folder is */
};

static struct {
    CRITICAL_SECTION lock;
    bool ready;
    struct fake_queue_folder folders[FAKE_QUEUE_FOLDERS];
    unsigned incarnations[FAKE_QUEUE_FOLDERS];
    struct search searches[SEARCHES_MAX];
    struct file files[FILES_MAX];
    struct watch watches[WATCHES_MAX];
    LONG looks, made, tick, idle;
    const char *failing;
    unsigned fail_at;
    bool waits_fail;
} fake;

static void enter(void)
{
    EnterCriticalSection(&fake.lock);
}

static void leave(void)
{
    LeaveCriticalSection(&fake.lock);
}

/* Whether this call is the one to fail; under the lock. */
static bool fails(const char *call)
{
    return fake.failing && strcmp(fake.failing, call) == 0 && --fake.fail_at == 0;
}

/* The folder of a path, or of a path in it: FAKE_QUEUE_FOLDERS when there is none. */
static unsigned folder_of(const wchar_t *path)
{
    for (unsigned i = 0; i < FAKE_QUEUE_FOLDERS; i++) {
        size_t count = fake.folders[i].path ? wcslen(fake.folders[i].path) : 0;
        if (count > 0 && _wcsnicmp(path, fake.folders[i].path, count) == 0 &&
            (path[count] == 0 || path[count] == L'\\'))
            return i;
    }
    return FAKE_QUEUE_FOLDERS;
}

/* ---- searches and files ---------------------------------------------------------------------- */

/* hangs_watch: it is the watch's own thread that hangs, not the one that finds out why. */
static void wait_while(const bool *hangs, bool hangs_watch)
{
    for (;;) {
        enter();
        bool wait = *hangs;
        if (wait && hangs_watch)
            fake.idle++;
        leave();
        if (!wait)
            return;
        Sleep(SLICE);
    }
}

static void name_file(WIN32_FIND_DATAW *found, LONG number)
{
    const uint64_t written = (1262401500 + UINT64_C(11644473600)) * 10000000; /* in 2010 */
    memset(found, 0, sizeof *found);
    found->nFileSizeLow = 100;
    found->ftLastWriteTime = (FILETIME){(DWORD)written, (DWORD)(written >> 32)};
    swprintf(found->cFileName, MAX_PATH, L"NTFS_%08lx.EML", (unsigned long)number);
}

static HANDLE WINAPI find_first(LPCWSTR pattern, LPWIN32_FIND_DATAW found)
{
    HANDLE handle = INVALID_HANDLE_VALUE;
    enter();
    fake.looks++;
    unsigned index = folder_of(pattern);
    leave();
    if (index < FAKE_QUEUE_FOLDERS)
        wait_while(&fake.folders[index].hangs, true);
    enter();
    index = folder_of(pattern);
    DWORD error = index == FAKE_QUEUE_FOLDERS ? ERROR_PATH_NOT_FOUND : fake.folders[index].error;
    for (unsigned i = 0; !error && handle == INVALID_HANDLE_VALUE && i < SEARCHES_MAX; i++) {
        if (fake.searches[i].open)
            continue;
        fake.searches[i] = (struct search){.open = true, .count = fake.folders[index].files};
        memset(found, 0, sizeof *found);
        found->dwFileAttributes = FILE_ATTRIBUTE_DIRECTORY;
        wcscpy(found->cFileName, L".");
        handle = (HANDLE)&fake.searches[i];
    }
    leave();
    SetLastError(error);
    return handle;
}

static BOOL WINAPI find_next(HANDLE handle, LPWIN32_FIND_DATAW found)
{
    struct search *search = handle;
    enter();
    bool more = search->next < search->count;
    if (more)
        name_file(found, search->next++);
    leave();
    SetLastError(more ? ERROR_SUCCESS : ERROR_NO_MORE_FILES);
    return more;
}

static BOOL WINAPI find_close(HANDLE handle)
{
    enter();
    ((struct search *)handle)->open = false;
    leave();
    return TRUE;
}

static HANDLE WINAPI open_file(LPCWSTR path, DWORD access, DWORD share,
                               LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                               HANDLE template)
{
    HANDLE handle = INVALID_HANDLE_VALUE;
    (void)access, (void)share, (void)security, (void)disposition, (void)flags, (void)template;
    enter();
    unsigned index = folder_of(path);
    leave();
    if (index == FAKE_QUEUE_FOLDERS) {
        SetLastError(ERROR_PATH_NOT_FOUND);
        return handle;
    }
    wait_while(&fake.folders[index].files_hang, false);
    enter();
    for (unsigned i = 0; handle == INVALID_HANDLE_VALUE && i < FILES_MAX; i++) {
        if (fake.files[i].open)
            continue;
        fake.files[i] = (struct file){.open = true, .message = fake.folders[index].message};
        handle = (HANDLE)&fake.files[i];
    }
    leave();
    return handle;
}

static BOOL WINAPI read_file(HANDLE handle, LPVOID bytes, DWORD size, LPDWORD got,
                             LPOVERLAPPED overlapped)
{
    struct file *file = handle;
    (void)overlapped;
    size_t count = file->message && !file->read ? strlen(file->message) : 0;
    if (count > size)
        count = size;
    memcpy(bytes, file->message ? file->message : "", count);
    file->read = true;
    *got = (DWORD)count;
    return TRUE;
}

static BOOL WINAPI close_file(HANDLE handle)
{
    enter();
    ((struct file *)handle)->open = false;
    leave();
    return TRUE;
}

static DWORD WINAPI type_of(HANDLE handle)
{
    (void)handle;
    return FILE_TYPE_DISK;
}

/* ---- signals --------------------------------------------------------------------------------- */

static HANDLE WINAPI watch_first(LPCWSTR path, BOOL whole, DWORD filter)
{
    HANDLE signal = INVALID_HANDLE_VALUE;
    enter();
    unsigned index = folder_of(path);
    DWORD error =
        index == FAKE_QUEUE_FOLDERS ? ERROR_FILE_NOT_FOUND : fake.folders[index].watch_error;
    if (whole || filter != FILE_NOTIFY_CHANGE_FILE_NAME)
        error = ERROR_INVALID_PARAMETER;
    for (unsigned i = 0; !error && signal == INVALID_HANDLE_VALUE && i < WATCHES_MAX; i++) {
        if (fake.watches[i].signal)
            continue;
        signal = CreateEventW(NULL, TRUE, FALSE, NULL);
        fake.watches[i] = (struct watch){
            .signal = signal, .folder = index, .incarnation = fake.incarnations[index]};
    }
    leave();
    SetLastError(error);
    return signal;
}

static struct watch *watch_of(HANDLE signal)
{
    for (unsigned i = 0; i < WATCHES_MAX; i++)
        if (fake.watches[i].signal == signal)
            return &fake.watches[i];
    return NULL;
}

static BOOL WINAPI watch_next(HANDLE signal)
{
    enter();
    struct watch *watch = watch_of(signal);
    bool done = watch && !watch->deleted && !fails("FindNextChangeNotification");
    if (done) {
        if (!watch->again)
            ResetEvent(signal);
        watch->again = false;
    }
    leave();
    SetLastError(done ? ERROR_SUCCESS : ERROR_ACCESS_DENIED);
    return done;
}

static BOOL WINAPI watch_close(HANDLE signal)
{
    enter();
    struct watch *watch = watch_of(signal);
    if (watch) {
        CloseHandle(signal);
        watch->signal = NULL;
    }
    leave();
    return watch != NULL;
}

/* Under the lock. */
static void set_signals(unsigned index)
{
    for (unsigned i = 0; i < WATCHES_MAX; i++) {
        struct watch *watch = &fake.watches[i];
        if (!watch->signal || watch->folder != index ||
            watch->incarnation != fake.incarnations[index])
            continue;
        watch->again = WaitForSingleObject(watch->signal, 0) == WAIT_OBJECT_0;
        SetEvent(watch->signal);
    }
}

/* ---- the watch's own ------------------------------------------------------------------------- */

/* What this thread was told last: it reckons how long to wait from then. */
static _Thread_local DWORD told_tick;

static DWORD WINAPI get_tick(void)
{
    enter();
    told_tick = (DWORD)fake.tick;
    leave();
    return told_tick;
}

static HANDLE WINAPI create_event(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set,
                                  LPCWSTR name)
{
    enter();
    HANDLE event = fails("CreateEvent") ? NULL : CreateEventW(security, manual, set, name);
    fake.made += event != NULL;
    leave();
    SetLastError(event ? ERROR_SUCCESS : ERROR_NO_SYSTEM_RESOURCES);
    return event;
}

static HANDLE WINAPI create_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                                   LPTHREAD_START_ROUTINE start, LPVOID context, DWORD flags,
                                   LPDWORD id)
{
    enter();
    HANDLE thread =
        fails("CreateThread") ? NULL : CreateThread(security, stack, start, context, flags, id);
    fake.made += thread != NULL;
    leave();
    SetLastError(thread ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY);
    return thread;
}

static BOOL WINAPI close_handle(HANDLE handle)
{
    enter();
    fake.made--;
    leave();
    return CloseHandle(handle);
}

static DWORD WINAPI wait_many(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    DWORD begun = told_tick;
    for (;;) {
        enter();
        bool fail = false;
        for (DWORD i = 0; i < count && fake.waits_fail; i++)
            fail = fail || watch_of(handles[i]);
        leave();
        if (fail)
            return WAIT_FAILED;
        DWORD result = WaitForMultipleObjects(count, handles, all, ms == 0 ? 0 : SLICE);
        if (result != WAIT_TIMEOUT || (ms != INFINITE && get_tick() - begun >= ms))
            return result;
        enter();
        fake.idle++;
        leave();
    }
}

/* ---- for the test ---------------------------------------------------------------------------- */

void fake_queue_reset(void)
{
    if (!fake.ready)
        InitializeCriticalSection(&fake.lock);
    CRITICAL_SECTION lock = fake.lock;
    memset(&fake, 0, sizeof fake);
    fake.lock = lock;
    fake.ready = true;
    message_files_calls = (struct message_files_calls){
        find_first, find_next, find_close, open_file, read_file, close_file, type_of, Sleep};
    queue_change_calls = (struct queue_change_calls){watch_first, watch_next, watch_close};
    queue_watch_calls =
        (struct queue_watch_calls){get_tick, create_event, create_thread, close_handle, wait_many};
}

void fake_queue_set(unsigned index, const struct fake_queue_folder *folder)
{
    enter();
    fake.folders[index] = *folder;
    leave();
}

void fake_queue_fill(unsigned index, LONG files)
{
    enter();
    fake.folders[index].files = files;
    set_signals(index);
    leave();
}

void fake_queue_replace(unsigned index, LONG files)
{
    enter();
    fake.incarnations[index]++;
    fake.folders[index].files = files;
    leave();
}

void fake_queue_delete(unsigned index)
{
    enter();
    fake.folders[index].path = NULL;
    for (unsigned i = 0; i < WATCHES_MAX; i++) {
        struct watch *watch = &fake.watches[i];
        if (!watch->signal || watch->folder != index ||
            watch->incarnation != fake.incarnations[index])
            continue;
        watch->deleted = true;
        SetEvent(watch->signal);
    }
    fake.incarnations[index]++;
    leave();
}

bool fake_queue_is_pending(unsigned index)
{
    bool pending = false;
    enter();
    for (unsigned i = 0; i < WATCHES_MAX; i++) {
        const struct watch *watch = &fake.watches[i];
        pending = pending || (watch->signal && watch->folder == index && watch->deleted);
    }
    leave();
    return pending;
}

void fake_queue_let_go(unsigned index)
{
    enter();
    fake.folders[index].hangs = fake.folders[index].files_hang = false;
    leave();
}

void fake_queue_forward(DWORD ms)
{
    enter();
    fake.tick += (LONG)ms;
    leave();
}

bool fake_queue_settle(DWORD ms)
{
    LONG idle = 0, begun = -1;
    for (DWORD start = GetTickCount(); GetTickCount() - start < ms; Sleep(1)) {
        enter();
        idle = fake.idle;
        leave();
        begun = begun < 0 ? idle : begun;
        if (idle - begun >= 2) /* the first may be of before */
            return true;
    }
    return false;
}

LONG fake_queue_looks(void)
{
    enter();
    LONG looks = fake.looks;
    leave();
    return looks;
}

LONG fake_queue_open(void)
{
    enter();
    LONG open = fake.made;
    for (unsigned i = 0; i < SEARCHES_MAX; i++)
        open += fake.searches[i].open;
    for (unsigned i = 0; i < FILES_MAX; i++)
        open += fake.files[i].open;
    for (unsigned i = 0; i < WATCHES_MAX; i++)
        open += fake.watches[i].signal != NULL;
    leave();
    return open;
}

void fake_queue_fail(const char *call, unsigned n)
{
    enter();
    fake.failing = n > 0 ? call : NULL;
    fake.fail_at = n;
    leave();
}

void fake_queue_fail_waits(bool fail)
{
    enter();
    fake.waits_fail = fail;
    leave();
}
