#include "acceptance_state.h"

#include <shlobj.h>
#include <wchar.h>

typedef HRESULT(WINAPI *get_folder_path)(HWND, int, HANDLE, DWORD, LPWSTR);

DWORD state_path(wchar_t path[MAX_PATH])
{
    static const wchar_t name[] = L"\\RelayLock";
    union {
        FARPROC any;
        get_folder_path typed;
    } function = {NULL};
    HMODULE shell = LoadLibraryW(L"shell32.dll");
    if (!shell)
        return GetLastError();
    DWORD error = ERROR_PROC_NOT_FOUND;
    function.any = GetProcAddress(shell, "SHGetFolderPathW");
    if (function.any)
        error = function.typed(NULL, CSIDL_COMMON_APPDATA, NULL, 0, path) == S_OK
                    ? ERROR_SUCCESS
                    : ERROR_PATH_NOT_FOUND;
    FreeLibrary(shell);
    if (error == ERROR_SUCCESS && wcslen(path) + ARRAYSIZE(name) > MAX_PATH)
        error = ERROR_BUFFER_OVERFLOW;
    if (error == ERROR_SUCCESS)
        wcscat(path, name);
    return error;
}

bool state_exists(void)
{
    wchar_t path[MAX_PATH];
    return state_path(path) == ERROR_SUCCESS && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

bool state_has(const wchar_t *name)
{
    wchar_t directory[MAX_PATH], path[2 * MAX_PATH];
    if (state_path(directory) != ERROR_SUCCESS)
        return false;
    int used = _snwprintf(path, ARRAYSIZE(path), L"%ls\\%ls", directory, name);
    return used > 0 && (size_t)used < ARRAYSIZE(path) &&
           GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static DWORD remove_files(const wchar_t *directory)
{
    wchar_t path[2 * MAX_PATH];
    WIN32_FIND_DATAW found;
    DWORD error = ERROR_SUCCESS;
    _snwprintf(path, ARRAYSIZE(path), L"%ls\\*", directory);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return GetLastError() == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : GetLastError();
    do {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        _snwprintf(path, ARRAYSIZE(path), L"%ls\\%ls", directory, found.cFileName);
        if (!DeleteFileW(path))
            error = GetLastError();
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return error;
}

DWORD state_remove(void)
{
    wchar_t path[MAX_PATH];
    DWORD error = state_path(path);
    if (error != ERROR_SUCCESS || !state_exists())
        return error;
    error = remove_files(path);
    if (error == ERROR_SUCCESS && !RemoveDirectoryW(path))
        error = GetLastError();
    return error;
}

DWORD state_block(void)
{
    wchar_t path[MAX_PATH];
    DWORD error = state_path(path);
    if (error != ERROR_SUCCESS)
        return error;
    HANDLE file =
        CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    CloseHandle(file);
    return ERROR_SUCCESS;
}

DWORD state_unblock(void)
{
    wchar_t path[MAX_PATH];
    DWORD error = state_path(path);
    if (error == ERROR_SUCCESS && !DeleteFileW(path))
        error = GetLastError();
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}
