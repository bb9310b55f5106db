/* advapi32_import.c: relaylock.exe killed before any of its calls, and its clock put ahead.
 *
 * When the lab's advapi32.dll comes into relaylock.exe while the fault imports is on, it puts
 * itself between the program and what that calls: every function of advapi32 and netapi32 (which it
 * asks for by name), and of kernel32 those on files, handles, waits and the clock. The exe is the
 * one that ships; only the addresses in its table of imports are other ones, as a debugger's would
 * be.
 *
 * Each such call counts. While the fault kill_at is over 0 it is lowered by one a call, whatever
 * process makes it, and at 0 the process is ended before the call is made. The fault tick_ahead_ms
 * puts GetTickCount ahead, and waits are over so much earlier.
 */
#include <windows.h>
#include <stdbool.h>
#include <string.h>

#include "lab_faults.h"

enum { IMPORTS_MAX = 256, STUB_SIZE = 24, SLICE = 20 /* ms between two looks at the clock */ };

struct import {
    const char *name;
    void *function; /* of the real DLL */
};

static struct import imports[IMPORTS_MAX];
static size_t import_count;
static uint8_t *stubs;              /* STUB_SIZE bytes for each */
static SRWLOCK lock = SRWLOCK_INIT; /* of both: several threads may ask for a function */

/* ---- points --------------------------------------------------------------------------------- */

/* Counts a call; does not come back when it is the one. */
static void point(const char *name)
{
    DWORD error = GetLastError();
    LONG left = lab_fault(LAB_FAULT_KILL_AT);
    while (left > 0) {
        LONG found =
            InterlockedCompareExchange(&lab_store->faults[LAB_FAULT_KILL_AT], left - 1, left);
        if (found == left && left == 1) {
            strncpy(lab_store->killed_before, name, sizeof lab_store->killed_before - 1);
            TerminateProcess(GetCurrentProcess(), LAB_KILLED);
        }
        if (found == left)
            break;
        left = found;
    }
    SetLastError(error);
}

__attribute__((used)) void *advapi32_import_called(unsigned index)
{
    point(imports[index].name);
    return imports[index].function;
}

/* A stub comes here with its index in r11. What the call was given in registers goes on as it is;
 * none of these functions takes floating-point numbers. */
void advapi32_import_pass(void);
__asm__(".text\n"
        ".globl advapi32_import_pass\n"
        "advapi32_import_pass:\n"
        "    push %rcx\n"
        "    push %rdx\n"
        "    push %r8\n"
        "    push %r9\n"
        "    sub $40, %rsp\n"
        "    mov %r11d, %ecx\n"
        "    call advapi32_import_called\n"
        "    add $40, %rsp\n"
        "    pop %r9\n"
        "    pop %r8\n"
        "    pop %rdx\n"
        "    pop %rcx\n"
        "    jmp *%rax\n");

/* mov r11d, index; mov r10, advapi32_import_pass; jmp r10 */
static void write_stub(uint8_t *stub, uint32_t index)
{
    void (*pass)(void) = advapi32_import_pass;
    const uint8_t code[STUB_SIZE] = {0x41, 0xbb, [6] = 0x49, 0xba, [16] = 0x41, 0xff, 0xe2};
    memcpy(stub, code, sizeof code);
    memcpy(stub + 2, &index, sizeof index);
    memcpy(stub + 8, &pass, sizeof pass);
}

/* ---- the clock ------------------------------------------------------------------------------ */

static DWORD WINAPI tick_count(void)
{
    return GetTickCount() + (DWORD)lab_fault(LAB_FAULT_TICK_AHEAD_MS);
}

static DWORD WINAPI wait_for_many(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    DWORD start = tick_count();
    point("WaitForMultipleObjects");
    for (;;) {
        DWORD passed = tick_count() - start;
        DWORD left = ms == INFINITE ? INFINITE : passed < ms ? ms - passed : 0;
        DWORD waited = WaitForMultipleObjects(count, handles, all, left < SLICE ? left : SLICE);
        if (waited != WAIT_TIMEOUT || left <= SLICE)
            return waited;
    }
}

static DWORD WINAPI wait_for_one(HANDLE handle, DWORD ms)
{
    return wait_for_many(1, &handle, FALSE, ms);
}

/* ---- the table of imports ------------------------------------------------------------------- */

static bool is_counted(const char *dll, const char *name)
{
    static const char *const files[] = {"CreateFileW",
                                        "ReadFile",
                                        "WriteFile",
                                        "SetFilePointerEx",
                                        "SetEndOfFile",
                                        "FlushFileBuffers",
                                        "GetFileSizeEx",
                                        "MoveFileExW",
                                        "DeleteFileW",
                                        "GetFileAttributesExW",
                                        "GetFileInformationByHandle",
                                        "CreateDirectoryW",
                                        "RemoveDirectoryW",
                                        "CloseHandle"};
    if (_stricmp(dll, "advapi32.dll") == 0 || _stricmp(dll, "netapi32.dll") == 0)
        return true;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(name, files[i]) == 0)
            return true;
    return false;
}

static FARPROC WINAPI find_function(HMODULE module, LPCSTR name);

/* What is to be called in its place; null: the function itself. */
static void *instead(const char *dll, const char *name, void *function)
{
    union {
        DWORD(WINAPI *tick)(void);
        FARPROC(WINAPI *find)(HMODULE, LPCSTR);
        DWORD(WINAPI *one)(HANDLE, DWORD);
        DWORD(WINAPI *many)(DWORD, const HANDLE *, BOOL, DWORD);
        void *any;
    } ours = {.any = NULL};
    if (strcmp(name, "GetTickCount") == 0)
        ours.tick = tick_count;
    else if (strcmp(name, "WaitForSingleObject") == 0)
        ours.one = wait_for_one;
    else if (strcmp(name, "WaitForMultipleObjects") == 0)
        ours.many = wait_for_many;
    else if (strcmp(name, "GetProcAddress") == 0)
        ours.find = find_function;
    if (ours.any || !is_counted(dll, name) || import_count == IMPORTS_MAX)
        return ours.any;
    uint8_t *stub = stubs + STUB_SIZE * import_count;
    imports[import_count] = (struct import){name, function};
    write_stub(stub, (uint32_t)import_count++);
    return stub;
}

static FARPROC WINAPI find_function(HMODULE module, LPCSTR name)
{
    union {
        FARPROC found;
        void *any;
    } function = {.found = GetProcAddress(module, name)};
    if (function.found == NULL || module != GetModuleHandleW(L"netapi32.dll"))
        return function.found;
    DWORD error = GetLastError();
    AcquireSRWLockExclusive(&lock);
    void *ours = instead("netapi32.dll", name, function.any);
    ReleaseSRWLockExclusive(&lock);
    SetLastError(error);
    if (ours != NULL)
        function.any = ours;
    return function.found;
}

static void replace(uint8_t *exe, const IMAGE_IMPORT_DESCRIPTOR *from)
{
    const char *dll = (const char *)exe + from->Name;
    const IMAGE_THUNK_DATA *named = (const void *)(exe + from->OriginalFirstThunk);
    IMAGE_THUNK_DATA *bound = (void *)(exe + from->FirstThunk);
    for (; named->u1.AddressOfData != 0; named++, bound++) {
        if (IMAGE_SNAP_BY_ORDINAL(named->u1.Ordinal))
            continue;
        const IMAGE_IMPORT_BY_NAME *import = (const void *)(exe + named->u1.AddressOfData);
        void *ours = instead(dll, (const char *)import->Name, (void *)bound->u1.Function);
        DWORD protection;
        if (ours == NULL || !VirtualProtect(bound, sizeof *bound, PAGE_READWRITE, &protection))
            continue;
        bound->u1.Function = (ULONGLONG)(uintptr_t)ours;
        VirtualProtect(bound, sizeof *bound, protection, &protection);
    }
}

static bool is_relaylock(HMODULE exe)
{
    wchar_t path[MAX_PATH];
    DWORD count = GetModuleFileNameW(exe, path, MAX_PATH);
    const wchar_t *slash = count > 0 && count < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    return slash != NULL && _wcsicmp(slash + 1, L"relaylock.exe") == 0;
}

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    HMODULE module = GetModuleHandleW(NULL);
    (void)dll;
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH || !is_relaylock(module) || !lab_fault(LAB_FAULT_IMPORTS))
        return TRUE;
    uint8_t *exe = (uint8_t *)module;
    const IMAGE_DOS_HEADER *dos = (const void *)exe;
    const IMAGE_NT_HEADERS *nt = (const void *)(exe + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *table =
        &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    stubs = VirtualAlloc(NULL, STUB_SIZE * IMPORTS_MAX, MEM_COMMIT | MEM_RESERVE,
                         PAGE_EXECUTE_READWRITE);
    if (stubs == NULL)
        return FALSE;
    for (const IMAGE_IMPORT_DESCRIPTOR *from = (const void *)(exe + table->VirtualAddress);
         from->Name != 0; from++)
        replace(exe, from);
    return TRUE;
}
