#include "lab_log.h"

#include <stdio.h>
#include <string.h>

#include "lab_faults.h"
#include "lab_wake.h"

enum {
    RESERVED = 0x654c664c, /* "LfLe" */
    EXTENT = 0x10000,      /* bytes by which a log's file grows */
    PAD = 8                /* bytes; a record of this size is the mark that the ring starts over */
};

static uint8_t *rings[LAB_LOGS]; /* mapped on first use, for good */

const EVENTLOGRECORD *lab_record_classic(const struct lab_record *record)
{
    return (const EVENTLOGRECORD *)(const void *)(record + 1);
}

static uint8_t *ring(unsigned slot)
{
    if (rings[slot] != NULL)
        return rings[slot];
    wchar_t path[32];
    _snwprintf(path, 32, L"C:\\lab\\log%u", slot);
    HANDLE file =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, LAB_LOG_CAPACITY, NULL);
    if (mapping != NULL) {
        rings[slot] = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, LAB_LOG_CAPACITY);
        CloseHandle(mapping);
    }
    CloseHandle(file);
    return rings[slot];
}

void lab_log_file(unsigned slot, wchar_t path[LAB_LOG_FILE])
{
    _snwprintf(path, LAB_LOG_FILE, L"C:\\lab\\%ls.evt", lab_store->logs[slot].name);
}

/* Makes the log's file as large as it would be with so many bytes in use: it never shrinks but when
 * the log is cleared. Its contents are nobody's concern. */
static void set_extent(unsigned slot, uint32_t used, bool cleared)
{
    struct lab_log *log = &lab_store->logs[slot];
    wchar_t path[LAB_LOG_FILE];
    uint32_t extent = (used + EXTENT - 1) / EXTENT * EXTENT;
    extent = extent < EXTENT ? EXTENT : extent;
    extent = extent > log->size ? log->size : extent;
    if (extent <= log->extent && !cleared)
        return;
    log->extent = extent;
    lab_log_file(slot, path);
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return;
    SetFilePointer(file, (LONG)extent, NULL, FILE_BEGIN);
    SetEndOfFile(file);
    CloseHandle(file);
}

static bool in_registry(const wchar_t *name)
{
    wchar_t path[128 + LAB_LOG_NAME];
    HKEY key;
    _snwprintf(path, sizeof path / sizeof *path,
               L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\%ls", name);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return false;
    RegCloseKey(key);
    return true;
}

static unsigned find_slot(const wchar_t *name)
{
    unsigned slot = 0;
    while (slot < LAB_LOGS && _wcsicmp(lab_store->logs[slot].name, name) != 0)
        slot++;
    return slot;
}

unsigned lab_log_slot(const wchar_t *name)
{
    size_t count = wcsnlen(name, LAB_LOG_NAME);
    if (count == 0 || count == LAB_LOG_NAME || wcschr(name, L'\\') != NULL || lab_open() != 0)
        return LAB_LOGS;
    unsigned slot = find_slot(name);
    if (slot < LAB_LOGS || !in_registry(name) || lab_lock() != ERROR_SUCCESS)
        return slot;
    slot = find_slot(name);
    if (slot == LAB_LOGS)
        slot = find_slot(L"");
    if (slot < LAB_LOGS && lab_store->logs[slot].name[0] == 0) {
        memcpy(lab_store->logs[slot].name, name, count * sizeof *name);
    }
    lab_unlock();
    return slot;
}

const struct lab_log_state *lab_log_state(unsigned slot)
{
    const struct lab_log *log = &lab_store->logs[slot];
    return &log->state[log->current & 1];
}

static void commit(struct lab_log *log, const struct lab_log_state *state)
{
    LONG other = 1 - (log->current & 1);
    log->state[other] = *state;
    MemoryBarrier();
    log->current = other;
}

static struct lab_record *record_at(uint8_t *bytes, uint32_t offset)
{
    return (struct lab_record *)(void *)(bytes + offset);
}

/* Where the record behind the one at offset starts. */
static uint32_t offset_behind(const struct lab_log *log, uint8_t *bytes, uint32_t offset)
{
    uint32_t next = offset + record_at(bytes, offset)->size;
    if (log->size - next < sizeof(struct lab_record) || record_at(bytes, next)->size == PAD)
        return 0;
    return next;
}

/* Room for needed bytes, at the cost of the oldest records. False: the log is full. */
static bool make_room(const struct lab_log *log, uint8_t *bytes, uint32_t needed,
                      struct lab_log_state *state, uint32_t *offset)
{
    for (;;) {
        if (state->oldest == state->next) {
            *offset = 0;
            return true;
        }
        if (state->tail > state->head) {
            *offset = log->size - state->tail >= needed ? state->tail : 0;
            if (*offset != 0 || state->head >= needed)
                return true;
        } else if (state->head - state->tail >= needed) {
            *offset = state->tail;
            return true;
        }
        if (log->keep)
            return false;
        state->head = state->head == state->last ? 0 : offset_behind(log, bytes, state->head);
        state->oldest++;
    }
}

static size_t string_size(const wchar_t *string)
{
    return (wcslen(string) + 1) * sizeof *string;
}

static DWORD sid_size(const uint8_t *sid)
{
    return sid == NULL ? 0 : 8u + 4u * sid[1];
}

static const wchar_t *computer_of(const struct lab_report *report)
{
    return report->computer != NULL ? report->computer : lab_store->computer;
}

/* Bytes of the EVENTLOGRECORD; 0 when too large. */
static DWORD classic_size(const struct lab_report *report)
{
    size_t size = sizeof(EVENTLOGRECORD) + string_size(report->source) +
                  string_size(computer_of(report)) + 3 + sid_size(report->sid);
    for (WORD i = 0; i < report->string_count; i++)
        size += string_size(report->strings[i]);
    size += report->data_size;
    size = ((size + 3) & ~(size_t)3) + sizeof(DWORD);
    return size > 0x7ffff ? 0 : (DWORD)size;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(at, bytes, size);
    return at + size;
}

static void write_classic(uint8_t *bytes, DWORD size, const struct lab_report *report,
                          uint64_t number, uint64_t time)
{
    EVENTLOGRECORD *record = (EVENTLOGRECORD *)(void *)bytes;
    DWORD seconds = (DWORD)((time - 116444736000000000u) / 10000000u);
    memset(bytes, 0, size);
    *record = (EVENTLOGRECORD){.Length = size,
                               .Reserved = RESERVED,
                               .RecordNumber = (DWORD)number,
                               .TimeGenerated = seconds,
                               .TimeWritten = seconds,
                               .EventID = report->event,
                               .EventType = report->type,
                               .NumStrings = report->string_count,
                               .EventCategory = report->category,
                               .UserSidLength = sid_size(report->sid),
                               .DataLength = report->data_size};
    uint8_t *at = put(bytes + sizeof *record, report->source, string_size(report->source));
    at = put(at, computer_of(report), string_size(computer_of(report)));
    at = bytes + (((size_t)(at - bytes) + 3) & ~(size_t)3);
    record->UserSidOffset = (DWORD)(at - bytes);
    at = put(at, report->sid, record->UserSidLength);
    record->StringOffset = (DWORD)(at - bytes);
    for (WORD i = 0; i < report->string_count; i++)
        at = put(at, report->strings[i], string_size(report->strings[i]));
    record->DataOffset = (DWORD)(at - bytes);
    put(at, report->data, report->data_size);
    memcpy(bytes + size - sizeof size, &size, sizeof size);
}

static uint64_t time_of_report(void)
{
    int64_t offset = lab_fault(LAB_FAULT_TIME_OFFSET_MS);
    return (uint64_t)((int64_t)lab_now() + offset * 10000);
}

DWORD lab_log_append(unsigned slot, const struct lab_report *report)
{
    struct lab_log *log = &lab_store->logs[slot];
    struct lab_log_state state = *lab_log_state(slot);
    uint8_t *bytes = ring(slot);
    DWORD size = classic_size(report);
    uint32_t needed = (uint32_t)(sizeof(struct lab_record) + size + 7) & ~7u;
    uint64_t oldest = state.oldest;
    uint32_t offset;
    if (bytes == NULL)
        return ERROR_EVENTLOG_CANT_START;
    if (size == 0 || needed > log->size)
        return ERROR_INVALID_PARAMETER;
    if (!make_room(log, bytes, needed, &state, &offset)) {
        log->refused = true;
        return ERROR_LOG_FILE_FULL;
    }
    if (state.oldest != oldest)
        commit(log, &state);

    if (offset == 0 && state.oldest != state.next &&
        log->size - state.tail >= sizeof(struct lab_record))
        record_at(bytes, state.tail)->size = PAD;
    struct lab_record *record = record_at(bytes, offset);
    *record = (struct lab_record){.size = needed,
                                  .previous = state.last,
                                  .number = state.next,
                                  .time = report->time != 0 ? report->time : time_of_report(),
                                  .process = GetCurrentProcessId(),
                                  .thread = GetCurrentThreadId()};
    write_classic((uint8_t *)(record + 1), size, report, record->number, record->time);
    if (record->number % LAB_LOG_STRIDE == 0) {
        size_t entry = (size_t)(record->number / LAB_LOG_STRIDE % LAB_LOG_INDEX);
        log->index[entry].record = record->number;
        log->index[entry].offset = offset;
    }
    if (state.oldest == state.next)
        state.head = offset;
    state.last = offset;
    state.tail = offset + needed;
    state.next++;
    commit(log, &state);
    set_extent(slot, state.tail, false);
    lab_wake(slot);
    return ERROR_SUCCESS;
}

const struct lab_record *lab_log_next(unsigned slot, const struct lab_record *record)
{
    const struct lab_log *log = &lab_store->logs[slot];
    uint8_t *bytes = ring(slot);
    if (bytes == NULL || record->number + 1 >= lab_log_state(slot)->next)
        return NULL;
    uint32_t offset = (uint32_t)((const uint8_t *)record - bytes);
    return record_at(bytes, offset_behind(log, bytes, offset));
}

const struct lab_record *lab_log_previous(unsigned slot, const struct lab_record *record)
{
    uint8_t *bytes = ring(slot);
    if (bytes == NULL || record->number <= lab_log_state(slot)->oldest)
        return NULL;
    return record_at(bytes, record->previous);
}

const struct lab_record *lab_log_find(unsigned slot, uint64_t number)
{
    const struct lab_log *log = &lab_store->logs[slot];
    const struct lab_log_state *state = lab_log_state(slot);
    uint8_t *bytes = ring(slot);
    if (bytes == NULL || number < state->oldest || number >= state->next)
        return NULL;
    if (number + 1 == state->next)
        return record_at(bytes, state->last);
    uint64_t indexed = number - number % LAB_LOG_STRIDE;
    size_t entry = (size_t)(number / LAB_LOG_STRIDE % LAB_LOG_INDEX);
    const struct lab_record *record = record_at(bytes, state->head);
    if (indexed >= state->oldest && log->index[entry].record == indexed)
        record = record_at(bytes, log->index[entry].offset);
    while (record != NULL && record->number < number)
        record = lab_log_next(slot, record);
    return record;
}

void lab_log_clear(unsigned slot)
{
    struct lab_log *log = &lab_store->logs[slot];
    struct lab_log_state state = {.oldest = 1, .next = 1, .epoch = lab_log_state(slot)->epoch + 1};
    if (lab_fault(LAB_FAULT_CLEAR_CONTINUES))
        state.oldest = state.next = lab_log_state(slot)->next;
    /* Entries of the old numbering must not be taken for those of the new one. */
    for (size_t i = 0; i < LAB_LOG_INDEX; i++)
        log->index[i].record = 0;
    log->refused = false;
    commit(log, &state);
    set_extent(slot, 0, true);
    lab_wake(slot);
}

void lab_log_configure(unsigned slot, uint32_t size, bool keep)
{
    lab_store->logs[slot].size = size & ~7u;
    lab_store->logs[slot].keep = keep;
    lab_log_clear(slot);
}
