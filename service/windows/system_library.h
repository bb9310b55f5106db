/* system_library.h: loads a DLL of Windows and finds its functions.
 *
 * Always by full path below the system directory, never by bare name: a name alone is looked for
 * beside the exe first, where somebody else may have put a DLL of that name.
 */
#ifndef RELAYLOCK_WINDOWS_SYSTEM_LIBRARY_H
#define RELAYLOCK_WINDOWS_SYSTEM_LIBRARY_H

#include <stddef.h>
#include <windows.h>

/* The OS calls; tests put others here. */
struct system_library_calls {
    UINT(WINAPI *GetSystemDirectoryW)(LPWSTR, UINT);
    HMODULE(WINAPI *LoadLibraryExW)(LPCWSTR, HANDLE, DWORD);
    FARPROC(WINAPI *GetProcAddress)(HMODULE, LPCSTR);
    BOOL(WINAPI *FreeLibrary)(HMODULE);
};
extern struct system_library_calls system_library_calls;

/* Where in a table of function pointers the function of a name goes. */
struct system_library_function {
    const char *name;
    size_t offset; /* bytes into the table */
};

/* Loads a library (name: file name with extension) and fills in the function pointers of a table,
 * all of them or none. The library then stays loaded. ERROR_SUCCESS, or the error of the call that
 * failed (ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND, ...) whose name goes to *failed_call. */
DWORD system_library_load(const wchar_t *name, const struct system_library_function *functions,
                          size_t count, void *table, const char **failed_call);

#endif
