#include "system_library.h"

#include <string.h>

#include "last_error.h"

enum { FUNCTIONS_MAX = 32 };

struct system_library_calls system_library_calls = {
    .GetSystemDirectoryW = GetSystemDirectoryW,
    .LoadLibraryExW = LoadLibraryExW,
    .GetProcAddress = GetProcAddress,
    .FreeLibrary = FreeLibrary,
};

/* What GetProcAddress gives, as the bytes that go into a typed pointer: all function pointers look
 * alike on Windows, but C has no cast between their types that compilers let pass. */
union function_pointer {
    FARPROC found;
    unsigned char bytes[sizeof(FARPROC)];
};

static DWORD full_path(const wchar_t *name, wchar_t path[MAX_PATH])
{
    UINT count = system_library_calls.GetSystemDirectoryW(path, MAX_PATH);
    if (count == 0)
        return last_error();
    /* The longest result leaves no room: then count is the size needed, terminator included. */
    size_t name_count = wcslen(name);
    if (count >= MAX_PATH || name_count >= MAX_PATH - 1 - (size_t)count)
        return ERROR_BUFFER_OVERFLOW;
    path[count] = L'\\';
    memcpy(path + count + 1, name, (name_count + 1) * sizeof *name);
    return ERROR_SUCCESS;
}

DWORD system_library_load(const wchar_t *name, const struct system_library_function *functions,
                          size_t count, void *table, const char **failed_call)
{
    union function_pointer found[FUNCTIONS_MAX];
    if (count > FUNCTIONS_MAX) {
        *failed_call = "GetProcAddress";
        return ERROR_INVALID_PARAMETER;
    }

    wchar_t path[MAX_PATH];
    DWORD error = full_path(name, path);
    if (error != ERROR_SUCCESS) {
        *failed_call = "GetSystemDirectoryW";
        return error;
    }
    /* The altered search path makes the library's own imports come from its directory, too. */
    HMODULE library =
        system_library_calls.LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (library == NULL) {
        error = last_error();
        *failed_call = "LoadLibraryExW";
        return error;
    }

    for (size_t i = 0; i < count; i++) {
        found[i].found = system_library_calls.GetProcAddress(library, functions[i].name);
        if (found[i].found == NULL) {
            error = last_error();
            *failed_call = functions[i].name;
            system_library_calls.FreeLibrary(library);
            return error;
        }
    }
    for (size_t i = 0; i < count; i++)
        memcpy((unsigned char *)table + functions[i].offset, found[i].bytes, sizeof found[i].bytes);
    return ERROR_SUCCESS;
}
